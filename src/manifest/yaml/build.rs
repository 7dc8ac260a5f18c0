//! Makes a document of the parser's events.

use std::{borrow::Cow, collections::BTreeMap, mem};

use granit_parser::{Event, ScalarStyle, Span};

use super::{
    super::error::{Failure, Problem},
    node::{Data, Document, Parsed},
    template::Templates,
};
use crate::text::Clean;

/// Nodes of a document, entries that merge keys make included. The largest that people apply, all CRDs of a cloud, have a
/// tenth of it.
const NODES_MAX: usize = 2_000_000;

/// Makes one document after another.
#[derive(Debug)]
pub(super) struct Builder<'t> {
    lines_before: u32,
    document: Document<'t>,
    /// Lists and mappings that did not end yet, the innermost last.
    open: Vec<Open<'t>>,
    /// Nodes by the parser's number of their anchor.
    anchors: BTreeMap<usize, usize>,
    /// Entries that were merged into mappings.
    merged: usize,
    templates: Templates<'t>,
}

#[derive(Debug)]
struct Open<'t> {
    at: usize,
    /// A key whose value comes next.
    key: Option<Key<'t>>,
    /// The mapping that it is merged into once it is whole.
    merges_into: Option<usize>,
}

#[derive(Debug)]
struct Key<'t> {
    text: Cow<'t, str>,
    line: u32,
    merges: bool,
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str, lines_before: u32) -> Self {
        Self {
            lines_before,
            document: Document::default(),
            open: Vec::new(),
            anchors: BTreeMap::new(),
            merged: 0,
            templates: Templates::new(text),
        }
    }

    /// The document that ended.
    pub(super) fn finish(&mut self) -> Document<'t> {
        self.open.clear();
        self.anchors.clear();
        mem::take(&mut self.document)
    }

    /// A line up to this one on which a template's braces stand outside of texts in quotes and blocks.
    pub(super) fn template_before(&self, line: u32) -> Option<u32> {
        Some(self.templates.before(line - self.lines_before)? + self.lines_before)
    }

    pub(super) fn take(&mut self, event: Event<'t>, span: &Span) -> Result<(), Failure> {
        let own_line = u32::try_from(span.start.line()).unwrap_or(u32::MAX).max(1);
        let line = own_line.saturating_add(self.lines_before);
        match event {
            Event::DocumentStart(..) => self.templates.start(own_line),
            Event::Scalar(text, style, anchor, _) => {
                let is_plain = style == ScalarStyle::Plain;
                if !is_plain {
                    self.templates.cover(own_line, span.end.line());
                }
                self.scalar(text, is_plain, anchor, line)?;
            }
            Event::SequenceStart(_, anchor, _) => {
                self.begin(Data::List(Vec::new()), anchor, line, span)?;
            }
            Event::MappingStart(_, anchor, _) => {
                self.begin(Data::Map(Vec::new()), anchor, line, span)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Open { at, merges_into, .. }) = self.open.pop() {
                    self.document.nodes[at].is_open = false;
                    if let Some(into) = merges_into {
                        self.merge(into, at, line)?;
                    }
                }
            }
            Event::Alias(anchor) => self.alias(anchor, line)?,
            _ => {}
        }
        Ok(())
    }

    /// Whether a key is what comes next.
    fn wants_key(&self) -> bool {
        self.open.last().is_some_and(|open| {
            open.key.is_none() && matches!(self.document.nodes[open.at].data, Data::Map(_))
        })
    }

    fn scalar(
        &mut self,
        text: Cow<'t, str>,
        is_plain: bool,
        anchor: usize,
        line: u32,
    ) -> Result<(), Failure> {
        if !self.wants_key() {
            let at = self.add(Data::Scalar { text, is_plain }, anchor, line)?;
            return self.put(at, true, line);
        }
        if anchor > 0 {
            let data = Data::Scalar { text: text.clone(), is_plain };
            self.add(data, anchor, line)?;
        }
        let merges = is_plain && text == "<<";
        self.key(Key { text, line, merges });
        Ok(())
    }

    fn key(&mut self, key: Key<'t>) {
        if let Some(open) = self.open.last_mut() {
            open.key = Some(key);
        }
    }

    fn begin(
        &mut self,
        data: Data<'t>,
        anchor: usize,
        line: u32,
        span: &Span,
    ) -> Result<(), Failure> {
        if self.wants_key() {
            let is_template = self.templates.opens_at(span.start.byte_offset());
            return Err((Some(line), if is_template { Problem::Template } else { no_key() }));
        }
        let at = self.add(data, anchor, line)?;
        let parent =
            self.open.last_mut().filter(|open| matches!(&open.key, Some(key) if key.merges));
        let merges_into = parent.map(|parent| {
            parent.key = None;
            parent.at
        });
        if merges_into.is_none() {
            self.put(at, true, line)?;
        }
        self.document.nodes[at].is_open = true;
        self.open.push(Open { at, key: None, merges_into });
        Ok(())
    }

    fn alias(&mut self, anchor: usize, line: u32) -> Result<(), Failure> {
        let not_yaml = |why| (Some(line), Problem::NotYaml(Clean::from_static(why)));
        let at = *self.anchors.get(&anchor).ok_or_else(|| not_yaml("unknown anchor"))?;
        let node = &self.document.nodes[at];
        if node.is_open {
            return Err(not_yaml("an anchor's value contains itself"));
        }
        match &node.data {
            Data::Scalar { text, .. } if self.wants_key() => {
                let text = text.clone();
                self.key(Key { text, line, merges: false });
                Ok(())
            }
            _ if self.wants_key() => Err((Some(line), no_key())),
            _ => self.put(at, false, line),
        }
    }

    fn add(&mut self, data: Data<'t>, anchor: usize, line: u32) -> Result<usize, Failure> {
        let at = self.document.nodes.len();
        self.document.nodes.push(Parsed { line, data, is_open: false });
        if anchor > 0 {
            self.anchors.insert(anchor, at);
        }
        self.check_size(line)?;
        Ok(at)
    }

    fn check_size(&self, line: u32) -> Result<(), Failure> {
        if self.document.nodes.len() + self.merged > NODES_MAX {
            let what = "values in one document, those of aliases included";
            return Err((Some(line), Problem::TooLarge { what, most: NODES_MAX }));
        }
        Ok(())
    }

    /// Puts a node where it belongs. `is_new`: it is written here, and does not come by an alias.
    fn put(&mut self, at: usize, is_new: bool, line: u32) -> Result<(), Failure> {
        let Some(open) = self.open.last_mut() else {
            self.document.root = Some(at);
            return Ok(());
        };
        let (parent, key) = (open.at, open.key.take());
        if let (true, Some(key)) = (is_new, &key) {
            self.document.nodes[at].line = key.line;
        }
        match (&mut self.document.nodes[parent].data, key) {
            (Data::Map(_), Some(Key { merges: true, .. })) => return self.merge(parent, at, line),
            (Data::Map(entries), Some(key)) => entries.push((key.text, at)),
            (Data::List(items), _) => items.push(at),
            (Data::Map(_) | Data::Scalar { .. }, _) => {}
        }
        Ok(())
    }

    /// Adds the entries of a mapping, or of a list of mappings whose first ones hold, to those that stand before.
    fn merge(&mut self, into: usize, from: usize, line: u32) -> Result<(), Failure> {
        let mut entries = Vec::new();
        let sources = match &self.document.nodes[from].data {
            Data::List(items) => items.clone(),
            Data::Map(_) | Data::Scalar { .. } => vec![from],
        };
        for source in sources.into_iter().rev() {
            let Data::Map(merged) = &self.document.nodes[source].data else {
                let why = "a merge key (`<<`) needs a mapping, or a list of mappings";
                return Err((Some(line), Problem::NotYaml(Clean::from_static(why))));
            };
            self.merged += merged.len();
            self.check_size(line)?;
            entries.extend(merged.iter().cloned());
        }
        if let Data::Map(all) = &mut self.document.nodes[into].data {
            all.append(&mut entries);
        }
        Ok(())
    }
}

fn no_key() -> Problem {
    Problem::NotYaml(Clean::from_static("a key must be a text, not a list or a mapping"))
}
