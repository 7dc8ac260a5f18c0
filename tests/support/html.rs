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

/// The parts of a document in their order: each element with a class or an id, and headings.
pub(crate) fn outline(seen: &Seen) -> String {
    let is_part = |element: &&String| {
        let is_picture = ["svg", "rect", "g ", "line", "text", "pattern", "circle", "path", "td"]
            .iter()
            .any(|name| element.starts_with(name));
        let is_named = element.contains(" class=") || element.contains(" id=");
        let is_heading = element.starts_with('h') && element.as_bytes()[1].is_ascii_digit();
        (is_named && !is_picture) || is_heading || element.starts_with("details")
    };
    seen.elements.iter().filter(is_part).map(|element| format!("{element}\n")).collect()
}
