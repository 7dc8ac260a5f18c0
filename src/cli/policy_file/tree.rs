//! The text of a policy file as a tree that knows its lines. Stricter than manifests: what could hide what holds is refused.

use granit_parser::{Event, Parser, ScalarStyle, Span};

use super::Fault;

/// Lists and mappings in each other; a policy needs four.
const DEPTH: usize = 8;

/// A value, with the line where it begins, or that of its key.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) line: u32,
    pub(super) data: Data,
}

#[derive(Debug)]
pub(super) enum Data {
    /// `is_plain`: without quotes, so that it may be null.
    Scalar {
        text: String,
        is_plain: bool,
    },
    List(Vec<Node>),
    /// In the order of the file; no key is there twice.
    Map(Vec<(String, Node)>),
}

impl Node {
    fn is_null(&self) -> bool {
        matches!(&self.data, Data::Scalar { text, is_plain: true }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The entries of a mapping that is the value of `key`.
    pub(super) fn entries(&self, key: &str) -> Result<&[(String, Node)], Fault> {
        match &self.data {
            Data::Map(entries) => Ok(entries),
            _ if self.is_null() => Ok(&[]),
            _ => Err(Fault::new(self.line, key, "expected a mapping of keys to values")),
        }
    }

    /// The items of a list that is the value of `key`.
    pub(super) fn items(&self, key: &str) -> Result<&[Node], Fault> {
        match &self.data {
            Data::List(items) => Ok(items),
            _ if self.is_null() => Ok(&[]),
            _ => Err(Fault::new(self.line, key, "expected a list")),
        }
    }

    /// A single text.
    pub(super) fn text(&self, key: &str) -> Result<&str, Fault> {
        match &self.data {
            Data::Scalar { text, .. } if !self.is_null() => Ok(text),
            Data::Scalar { .. } => Err(Fault::new(self.line, key, "expected a value")),
            _ => Err(Fault::new(self.line, key, "expected one value, not a list or a mapping")),
        }
    }

    /// The texts of a list, or a single one.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<(&str, u32)>, Fault> {
        match &self.data {
            Data::List(items) => {
                items.iter().map(|item| Ok((item.text(key)?, item.line))).collect()
            }
            _ => Ok(vec![(self.text(key)?, self.line)]),
        }
    }
}

/// A list or mapping that did not end yet.
enum Open {
    List(u32, Vec<Node>),
    /// With a key whose value comes next.
    Map(u32, Vec<(String, Node)>, Option<(String, u32)>),
}

/// Reads a text of one document; `None` for an empty one.
///
/// # Errors
/// If it is no YAML, has several documents, or uses anchors, aliases, tags, merge keys or a key twice.
pub(super) fn read(text: &str) -> Result<Option<Node>, Fault> {
    let (mut open, mut root, mut documents) = (Vec::new(), None, 0);
    for next in Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        let (event, span) = next.map_err(|error| {
            let line = u32::try_from(error.marker().line()).unwrap_or(u32::MAX).max(1);
            Fault::new(line, "", format!("not valid YAML: {}", error.kind()))
        })?;
        let line = line_of(&span);
        let node = match event {
            Event::DocumentStart(..) => {
                documents += 1;
                match documents {
                    1 => continue,
                    _ => return Err(Fault::new(line, "", "expected a single document")),
                }
            }
            Event::Alias(_) => return Err(no_anchors(line)),
            Event::Scalar(_, _, anchor, ref tag) => {
                check(line, anchor, tag.is_some())?;
                let Event::Scalar(text, style, ..) = event else { continue };
                let (text, is_plain) = (text.into_owned(), style == ScalarStyle::Plain);
                if let Some(Open::Map(_, entries, key @ None)) = open.last_mut() {
                    if let Some((_, earlier)) = entries.iter().find(|(known, _)| *known == text) {
                        let what = format!("given twice, first in line {}", earlier.line);
                        return Err(Fault::new(line, &text, what));
                    }
                    if is_plain && text == "<<" {
                        return Err(no_anchors(line));
                    }
                    *key = Some((text, line));
                    continue;
                }
                Node { line, data: Data::Scalar { text, is_plain } }
            }
            Event::SequenceStart(_, anchor, ref tag) => {
                check(line, anchor, tag.is_some())?;
                begin(&mut open, Open::List(line, Vec::new()), line)?;
                continue;
            }
            Event::MappingStart(_, anchor, ref tag) => {
                check(line, anchor, tag.is_some())?;
                begin(&mut open, Open::Map(line, Vec::new(), None), line)?;
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(line, items)) => Node { line, data: Data::List(items) },
                Some(Open::Map(line, entries, _)) => Node { line, data: Data::Map(entries) },
                None => continue,
            },
            _ => continue,
        };
        match open.last_mut() {
            None => root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, entries, key)) => {
                if let Some((key, line)) = key.take() {
                    entries.push((key, Node { line, ..node }));
                }
            }
        }
    }
    Ok(root.filter(|node| !node.is_null()))
}

fn line_of(span: &Span) -> u32 {
    u32::try_from(span.start.line()).unwrap_or(u32::MAX).max(1)
}

fn begin(open: &mut Vec<Open>, new: Open, line: u32) -> Result<(), Fault> {
    if let Some(Open::Map(_, _, None)) = open.last() {
        return Err(Fault::new(line, "", "a key must be a text, not a list or a mapping"));
    }
    if open.len() >= DEPTH {
        return Err(Fault::new(line, "", "lists and mappings are nested too deeply"));
    }
    open.push(new);
    Ok(())
}

fn check(line: u32, anchor: usize, has_tag: bool) -> Result<(), Fault> {
    match (anchor, has_tag) {
        (0, false) => Ok(()),
        (0, true) => Err(Fault::new(line, "", "tags (`!`) are not supported")),
        _ => Err(no_anchors(line)),
    }
}

fn no_anchors(line: u32) -> Fault {
    Fault::new(line, "", "anchors, aliases and merge keys are not supported: write the value out")
}
