//! What Markdown and HTML say, in parts: which words are ours, which the cluster's. The formats add their marks.

mod finding;
mod target;

pub(super) use finding::{
    EVENTS, also_seen, finding_facts, finding_title, log_heading, shown_change, shown_pods,
};
pub(super) use target::{
    CHANGES, TIMELINE, checks_summary, probable_cause, rests_on, target_facts, telling,
    timeline_length, worst_first,
};

use std::borrow::Cow;

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Our words and numbers.
    Words(Cow<'a, str>),
    /// A sentence that may hold the cluster's words, and code of ours in backticks.
    Prose(Cow<'a, str>),
    /// A name or a value of the cluster's.
    Code(&'a str),
}

impl<'a> Part<'a> {
    /// Our words.
    pub(super) fn words(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Words(text.into())
    }

    /// A sentence that may hold the cluster's words.
    pub(super) fn prose(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Prose(text.into())
    }
}

/// A line with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact<'a> {
    /// Its name, e.g. `Image`.
    pub(super) name: &'static str,
    /// What is said of it.
    pub(super) parts: Vec<Part<'a>>,
}

impl<'a> Fact<'a> {
    fn new(name: &'static str, parts: impl Into<Vec<Part<'a>>>) -> Self {
        Self { name, parts: parts.into() }
    }
}
