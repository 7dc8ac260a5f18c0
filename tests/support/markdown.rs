//! What a reader of GitHub flavoured Markdown takes from a report.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The parts of a document that cluster text must not make or reach.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) headings: Vec<String>,
    /// HTML, each piece without white space around it.
    pub(crate) html: Vec<String>,
    /// Links, images, footnotes and the like.
    pub(crate) others: Vec<String>,
    /// Text outside of code and headings.
    pub(crate) prose: String,
    /// Text in code.
    pub(crate) code: String,
    /// The last paragraph.
    pub(crate) last: String,
    pub(crate) columns: Vec<usize>,
}

/// Reads a document.
pub(crate) fn read(document: &str) -> Seen {
    let mut seen = Seen::default();
    let mut in_code = false;
    let mut in_heading = false;
    let mut cells = 0;
    for event in Parser::new_ext(document, Options::all()) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                in_heading = true;
                seen.headings.push(String::new());
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Paragraph) => seen.last.clear(),
            Event::Start(Tag::TableHead | Tag::TableRow) => cells = 0,
            Event::Start(Tag::TableCell) => cells += 1,
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => seen.columns.push(cells),
            Event::Start(
                Tag::List(_) | Tag::Item | Tag::Table(_) | Tag::Strong | Tag::HtmlBlock,
            )
            | Event::End(_)
            | Event::SoftBreak
            | Event::Rule => {}
            Event::Start(Tag::BlockQuote(_)) => {}
            Event::Start(other) => seen.others.push(format!("{other:?}")),
            Event::Text(text) if in_code => seen.code.push_str(&text),
            Event::Code(text) => {
                seen.code.push_str(&text);
                seen.code.push('\n');
            }
            Event::Text(text) if in_heading => seen.headings.last_mut().unwrap().push_str(&text),
            Event::Text(text) => {
                seen.last.push_str(&text);
                seen.prose.push_str(&text);
                seen.prose.push('\n');
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                seen.html.push(html.trim().to_owned());
            }
            other => seen.others.push(format!("{other:?}")),
        }
    }
    assert!(!in_code && !in_heading, "something is not closed");
    seen
}
