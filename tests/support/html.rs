//! What a browser takes from an HTML report, by a parser that notes every fault.

use std::collections::BTreeSet;

use scraper::{Html, Node};

/// The parts of a document that cluster text must not make or reach.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Each element with its attributes, in order: `a href="#target-1"`.
    pub(crate) elements: Vec<String>,
    /// Text outside of the style sheet.
    pub(crate) text: String,
}

/// Reads a document, which must be without fault.
pub(crate) fn read(document: &str) -> Seen {
    let html = Html::parse_document(document);
    assert!(html.errors.is_empty(), "{:?}", html.errors);
    let mut seen = Seen::default();
    for node in html.tree.nodes() {
        let is_in = |name: &str| {
            let parent = node.parent().and_then(|parent| parent.value().as_element().cloned());
            parent.is_some_and(|element| element.name() == name)
        };
        match node.value() {
            Node::Element(element) => {
                let attributes: BTreeSet<_> =
                    element.attrs().map(|(name, value)| format!(" {name}={value:?}")).collect();
                let attributes: String = attributes.into_iter().collect();
                seen.elements.push(format!("{}{attributes}", element.name()));
            }
            Node::Text(text) if !is_in("style") => {
                seen.text.push_str(text);
                seen.text.push(' ');
            }
            Node::Text(_) | Node::Document | Node::Doctype(_) | Node::Fragment => {}
            Node::Comment(_) | Node::ProcessingInstruction(_) => panic!("{:?}", node.value()),
        }
    }
    seen.text = seen.text.split_whitespace().collect::<Vec<_>>().join(" ");
    seen
}

/// The document without its style sheet, a line for each element: what a person reviews.
pub(crate) fn reviewed(document: &str) -> String {
    let (before, rest) = document.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    let hash = regex::Regex::new("sha256-[^']+").unwrap();
    let document = hash.replace(before, "sha256-…").into_owned() + "<style>…</style>" + after;
    let lines = regex::Regex::new(r"(</[a-z0-9]+>)(<[a-z])").unwrap();
    lines.replace_all(&document, "$1\n$2").into_owned()
}
