//! What reports are made of: blocks without a format. `document` makes them, `markdown`, `html` and `text` write them.

mod line;
mod quote;

pub(super) use line::{Line, Mark, Part, code, prose, words};
pub(super) use quote::{Quote, Row};

use crate::{gate::Verdict, outcome::TargetOutcome};

/// A part of a report. All but a section is whole or left out.
#[derive(Clone, Debug)]
pub(super) enum Block<'a> {
    Headline(Headline<'a>),
    Facts(Look, Vec<Fact<'a>>),
    Table(Table<'a>),
    Quote(Quote<'a>),
    /// What containers did over time, of the target with this number. Writers that cannot draw leave it out.
    Picture(&'a TargetOutcome, usize),
    Section(Section<'a>),
}

/// The verdict on a target, or on a run of several, with what explains it.
#[derive(Clone, Debug)]
pub(super) struct Headline<'a> {
    pub(super) verdict: Verdict,
    /// Kind and name of the target; of several targets how many ended how, and where they are.
    pub(super) what: String,
    /// The namespace and the context of the target; empty of several.
    pub(super) place: String,
    /// The number of the target in its report, from 1 on; `None` above several.
    pub(super) number: Option<usize>,
    /// When the run was and what it ended with, where no headline above says that.
    pub(super) run: Vec<String>,
    pub(super) lead: Vec<Fact<'a>>,
}

/// How facts stand beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Each apart, for a person who asks one thing after the other.
    Answers,
    Row,
    List,
}

/// Something that is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Fact<'a> {
    /// Empty for one of a list.
    pub(super) name: &'static str,
    /// Its name in the few lines at the end of a run, of at most five letters; empty where it is not shown there.
    pub(super) label: &'static str,
    /// Empty where a command says it all.
    pub(super) line: Line<'a>,
    /// Words of our closed lists, e.g. ` [crash-loop, application]`; only at the end of a run.
    pub(super) tag: String,
    /// The same more closely, where there is room for it.
    pub(super) asides: Vec<Line<'a>>,
    /// To be copied.
    pub(super) command: Option<&'a str>,
    pub(super) items: Vec<Line<'a>>,
    /// It is not as it should be.
    pub(super) is_trouble: bool,
}

impl<'a> Fact<'a> {
    pub(super) fn new(name: &'static str, line: impl Into<Line<'a>>) -> Self {
        Self { name, line: line.into(), ..Self::default() }
    }

    /// One that is shown at the end of a run, too.
    pub(super) fn short(
        name: &'static str,
        label: &'static str,
        line: impl Into<Line<'a>>,
    ) -> Self {
        Self { label, ..Self::new(name, line) }
    }
}

/// Rows that have the same columns.
#[derive(Clone, Debug)]
pub(super) struct Table<'a> {
    /// Which it is: a writer may give its columns widths.
    pub(super) name: &'static str,
    /// Titles; of a column with numbers it ends in `#`.
    pub(super) columns: &'static [&'static str],
    pub(super) rows: Vec<Vec<Line<'a>>>,
    /// How many more there are than rows.
    pub(super) more: usize,
}

impl Table<'_> {
    /// The same with its first rows only.
    pub(super) fn cut(&self, rows: usize) -> Self {
        let more = self.more + self.rows.len().saturating_sub(rows);
        Self { rows: self.rows.iter().take(rows).cloned().collect(), more, ..self.clone() }
    }
}

/// What a section is about, and so how deep it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Target,
    Finding,
    /// Another part of a target.
    Part,
    /// A part of a finding.
    Evidence,
}

/// Whether a section is folded away where its format can do that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    None,
    Open,
    Closed,
}

/// Blocks under a title.
#[derive(Clone, Debug)]
pub(super) struct Section<'a> {
    pub(super) place: Place,
    /// What is named if a part of it is left out, e.g. `the log of finding 1`.
    pub(super) name: String,
    pub(super) mark: Option<Mark>,
    /// Empty for a target, whose headline it is.
    pub(super) title: Line<'a>,
    /// What is said beside the title; begins with what separates the two.
    pub(super) aside: Line<'a>,
    pub(super) fold: Fold,
    pub(super) blocks: Vec<Block<'a>>,
}

impl<'a> Section<'a> {
    pub(super) fn new(place: Place, name: String, title: impl Into<Line<'a>>) -> Self {
        let (title, fold) = (title.into(), Fold::None);
        Self { place, name, mark: None, title, aside: Line::new(), fold, blocks: Vec::new() }
    }

    pub(super) fn beside(self, aside: impl Into<Line<'a>>) -> Self {
        Self { aside: aside.into(), ..self }
    }

    pub(super) fn folded(self, fold: Fold) -> Self {
        Self { fold, ..self }
    }

    pub(super) fn marked(self, mark: Mark) -> Self {
        Self { mark: Some(mark), ..self }
    }

    pub(super) fn around(self, blocks: impl Into<Vec<Block<'a>>>) -> Block<'a> {
        Block::Section(Self { blocks: blocks.into(), ..self })
    }
}

/// A section of quotes, for tests of what puts blocks together.
#[cfg(test)]
pub(super) fn example<'a>(name: &str, texts: &[&'a str]) -> Block<'a> {
    let quotes: Vec<_> = texts.iter().map(|text| Block::Quote(Quote::Text(text))).collect();
    Section::new(Place::Part, name.to_owned(), []).around(quotes)
}
