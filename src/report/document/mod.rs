//! What a report says and in which order, before it has a format.
//!
//! Built once from the outcome. Order, limits, and what was said already are decided here and nowhere else; the writers
//! (`markdown`, `html`, `text`) put their marks and escapes around blocks and leave out what does not fit.

mod answers;
mod basis;
mod changes;
mod finding;
mod line;
mod naming;
mod overview;
mod quote;
mod target;
mod told;

pub(super) use answers::{Answer, Topic, in_short, log_to_read};
pub(super) use line::{Line, Mark, Part, code, prose, words};
pub(super) use naming::role;
pub(super) use overview::{page, run, total, worst_first};
pub(super) use quote::{Quote, Row};
pub(super) use target::{case, evidence};

use crate::{gate::Verdict, outcome::TargetOutcome};

/// A part of a report. All but a section is whole or left out.
#[derive(Clone, Debug)]
pub(super) enum Block<'a> {
    /// The verdict with what explains it; the first thing in a report or on a target.
    Headline(Headline<'a>),
    /// Answers to what a person asks next.
    Answers(Vec<Answer<'a>>),
    /// Short facts side by side.
    Facts(Vec<Fact<'a>>),
    /// Facts one below the other.
    Details(Vec<Fact<'a>>),
    /// Lines one below the other.
    Items(Vec<Line<'a>>),
    /// Rows that have the same columns.
    Table(Table<'a>),
    /// Text of the cluster's, line by line.
    Quote(Quote<'a>),
    /// What containers did over time. Only a writer that can draw shows it; the timeline says the same in words.
    Picture(&'a TargetOutcome, usize),
    /// Blocks under a title.
    Section(Section<'a>),
}

/// The verdict on a target, or on a run of several.
#[derive(Clone, Debug)]
pub(super) struct Headline<'a> {
    /// The verdict.
    pub(super) verdict: Verdict,
    /// Kind and name of the target, then its namespace; of several targets how many passed, and nothing.
    pub(super) of: (String, &'a str),
    /// The number of the target in its report, from 1 on; `None` above several.
    pub(super) number: Option<usize>,
    /// When the run was and what it ended with, where that is not said elsewhere.
    pub(super) run: Vec<String>,
    /// What is wrong and what shows it.
    pub(super) lead: Vec<Answer<'a>>,
}

/// A line with a name.
#[derive(Clone, Debug)]
pub(super) struct Fact<'a> {
    /// Its name, e.g. `Image`.
    pub(super) name: &'static str,
    /// What is said of it.
    pub(super) line: Line<'a>,
    /// It is not as it should be.
    pub(super) is_trouble: bool,
}

impl<'a> Fact<'a> {
    fn new(name: &'static str, line: impl Into<Line<'a>>) -> Self {
        Self { name, line: line.into(), is_trouble: false }
    }
}

/// Which table it is: a writer may give its columns widths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableKind {
    /// The targets of a run.
    Targets,
    /// The fixed checks.
    Checks,
    /// Events of Kubernetes.
    Events,
    /// What happened when.
    Timeline,
}

/// Rows that have the same columns.
#[derive(Clone, Debug)]
pub(super) struct Table<'a> {
    /// Which it is.
    pub(super) kind: TableKind,
    /// The titles of the columns. One that ends in `#` holds numbers.
    pub(super) columns: &'static [&'static str],
    /// The rows.
    pub(super) rows: Vec<Vec<Line<'a>>>,
    /// How much is not shown; empty where all is.
    pub(super) note: String,
}

/// Where a section stands in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A target of the report.
    Target,
    /// A finding of a target.
    Finding,
    /// Another part of a target.
    Part,
    /// A part of a finding.
    Evidence,
}

/// Whether a section is folded away where its format can do that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// It has no fold.
    None,
    /// It has one and is open.
    Open,
    /// It is closed until someone opens it.
    Closed,
}

/// Blocks under a title.
#[derive(Clone, Debug)]
pub(super) struct Section<'a> {
    /// Where it stands.
    pub(super) place: Place,
    /// What is named if a part of it is left out, e.g. `the log of finding 1`.
    pub(super) name: String,
    /// Its mark.
    pub(super) mark: Option<Mark>,
    /// Its title; empty for a target, whose headline it is.
    pub(super) title: Line<'a>,
    /// What is said beside the title; begins with what separates the two.
    pub(super) aside: Line<'a>,
    /// Whether it is folded away.
    pub(super) fold: Fold,
    /// What stands in it.
    pub(super) blocks: Vec<Block<'a>>,
}

impl<'a> Section<'a> {
    fn new(place: Place, name: String, title: impl Into<Line<'a>>) -> Self {
        let (title, fold) = (title.into(), Fold::None);
        Self { place, name, mark: None, title, aside: Line::new(), fold, blocks: Vec::new() }
    }

    /// The section around a block.
    fn around(self, block: Block<'a>) -> Block<'a> {
        Block::Section(Self { blocks: vec![block], ..self })
    }
}

/// How many of a list are not shown, in words; nothing where all are.
fn more(all: usize, shown: usize) -> String {
    match all.checked_sub(shown) {
        None | Some(0) => String::new(),
        Some(more) => format!("and {more} more"),
    }
}

/// A section of quotes, for tests of what puts blocks together.
#[cfg(test)]
pub(super) fn example<'a>(name: &str, texts: &[&'a str]) -> Block<'a> {
    let blocks = texts.iter().map(|text| Block::Quote(Quote::Text(text))).collect();
    Block::Section(Section { blocks, ..Section::new(Place::Part, name.to_owned(), []) })
}
