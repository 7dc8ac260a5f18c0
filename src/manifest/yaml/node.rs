//! A document, and its nodes as they are looked at.

use std::borrow::Cow;

use super::{
    super::error::{Failure, Problem},
    template::BRACES,
};
use crate::text::Clean;

/// A document as it was parsed. An alias is the node that it stands for, so that a document never grows larger than its text.
#[derive(Debug, Default)]
pub(in crate::manifest) struct Document<'t> {
    pub(super) nodes: Vec<Parsed<'t>>,
    /// The outermost node.
    pub(super) root: Option<usize>,
}

/// A node as it was parsed.
#[derive(Debug)]
pub(super) struct Parsed<'t> {
    /// The line where its value is written: that of its key, or where it begins.
    pub(super) line: u32,
    pub(super) data: Data<'t>,
    /// Not all of it was read yet.
    pub(super) is_open: bool,
}

#[derive(Debug)]
pub(super) enum Data<'t> {
    /// `is_plain`: without quotes, so that it may be a number, a boolean or null.
    Scalar {
        text: Cow<'t, str>,
        is_plain: bool,
    },
    List(Vec<usize>),
    /// In the order of the document; the last of equal keys holds.
    Map(Vec<(Cow<'t, str>, usize)>),
}

impl<'t> Document<'t> {
    /// The outermost node; `None` for a document that is empty or null.
    pub(super) fn root(&self) -> Option<Node<'_>> {
        Some(Node { document: self, at: self.root? }).filter(|node| !node.is_null())
    }
}

/// A node of a document. What is null counts as absent, as Kubernetes has it.
#[derive(Clone, Copy, Debug)]
pub(in crate::manifest) struct Node<'d> {
    document: &'d Document<'d>,
    at: usize,
}

impl<'d> Node<'d> {
    fn parsed(self) -> Option<&'d Parsed<'d>> {
        self.document.nodes.get(self.at)
    }

    /// The line where it is written, from 1 on: that of its key, of an item where it begins. What an alias or a merge
    /// stands for is where the anchor is, since that is the text to correct.
    pub(in crate::manifest) fn line(self) -> u32 {
        self.parsed().map_or(1, |parsed| parsed.line)
    }

    pub(in crate::manifest) fn is_map(self) -> bool {
        matches!(self.parsed(), Some(Parsed { data: Data::Map(_), .. }))
    }

    pub(in crate::manifest) fn is_list(self) -> bool {
        matches!(self.parsed(), Some(Parsed { data: Data::List(_), .. }))
    }

    /// The value of a key; `None` where it is absent or null.
    pub(in crate::manifest) fn get(self, key: &str) -> Option<Self> {
        let Some(Parsed { data: Data::Map(entries), .. }) = self.parsed() else { return None };
        let (_, at) = entries.iter().rev().find(|(name, _)| name == key)?;
        Some(Self { at: *at, ..self }).filter(|node| !node.is_null())
    }

    /// The items of a list; none where it is something else.
    pub(in crate::manifest) fn items(self) -> impl Iterator<Item = Self> {
        let items: &[usize] = match self.parsed() {
            Some(Parsed { data: Data::List(items), .. }) => items,
            _ => &[],
        };
        items.iter().map(move |at| Self { at: *at, ..self })
    }

    /// The text of a scalar as it is written: `1.10` stays so.
    pub(in crate::manifest) fn text(self) -> Option<&'d str> {
        self.scalar().map(|(text, _)| text)
    }

    /// A field that is read as a text, `None` where it is absent.
    ///
    /// # Errors
    ///
    /// If it is something else, or a template.
    pub(in crate::manifest) fn name(
        self,
        key: &str,
        field: &'static str,
    ) -> Result<Option<&'d str>, Failure> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let line = Some(value.line());
        match value.text() {
            Some(text) if text.contains(BRACES) => Err((line, Problem::Template)),
            Some(text) => Ok(Some(text)),
            None => {
                let expected = Clean::from_static("expected a text");
                Err((line, Problem::Invalid { field, expected }))
            }
        }
    }

    /// A number without a sign.
    pub(in crate::manifest) fn number(self) -> Option<u64> {
        self.scalar().filter(|(_, is_plain)| *is_plain)?.0.parse().ok()
    }

    /// Whether it is true as YAML 1.1 has it, which kubectl reads.
    pub(in crate::manifest) fn is_true(self) -> bool {
        const TRUE: [&str; 5] = ["true", "yes", "on", "y", "Y"];
        self.scalar().is_some_and(|(text, is_plain)| {
            is_plain && TRUE.iter().any(|word| text.eq_ignore_ascii_case(word))
        })
    }

    fn is_null(self) -> bool {
        const NULL: [&str; 5] = ["", "~", "null", "Null", "NULL"];
        self.scalar().is_some_and(|(text, is_plain)| is_plain && NULL.contains(&text))
    }

    fn scalar(self) -> Option<(&'d str, bool)> {
        match &self.parsed()?.data {
            Data::Scalar { text, is_plain } => Some((text, *is_plain)),
            Data::List(_) | Data::Map(_) => None,
        }
    }
}
