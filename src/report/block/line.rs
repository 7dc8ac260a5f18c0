//! A line in parts, each as what it is: our words, the cluster's, or a mark that a format draws.

use std::borrow::Cow;

use crate::gate::{CheckResult, FindingState, Verdict};

/// The parts of a line.
pub(in crate::report) type Line<'a> = Vec<Part<'a>>;

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) enum Part<'a> {
    /// Ours.
    Words(Cow<'a, str>),
    /// A sentence that may hold the cluster's words, and code of ours in backticks.
    Prose(Cow<'a, str>),
    /// A name or a value of the cluster's, or a command.
    Code(Cow<'a, str>),
    /// A value as it was.
    Before(&'a str),
    /// A value as it is.
    After(&'a str),
    /// The name of a target, with its number in the report.
    Target(usize, String),
    /// A picture for the word after it.
    Mark(Mark),
}

/// A small picture. The words beside it say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Mark {
    Verdict(Verdict),
    Finding(FindingState),
    Check(CheckResult),
    /// Of something that is not as it should be, or could not be read.
    Trouble,
}

pub(in crate::report) fn words<'a>(text: impl Into<Cow<'a, str>>) -> Part<'a> {
    Part::Words(text.into())
}

pub(in crate::report) fn prose<'a>(text: impl Into<Cow<'a, str>>) -> Part<'a> {
    Part::Prose(text.into())
}

pub(in crate::report) fn code<'a>(text: impl Into<Cow<'a, str>>) -> Part<'a> {
    Part::Code(text.into())
}
