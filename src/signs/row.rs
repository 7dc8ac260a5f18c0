//! A row of the table, and the search for one in a text.

use std::ops::Range;

use super::{Certainty, Diagnosis, Healing, Place, detail::Detail, names};
use crate::{
    clean,
    evidence::Attribution,
    text::{Clean, Untrusted, around},
};

/// Bytes of a text that are searched. Messages that tell are shorter; lines of log may be very long.
const SEARCHED: usize = 16_384;

/// Characters of a detail that is named in a cause.
const DETAIL: usize = 120;

/// Characters of the text that is quoted.
const QUOTE: usize = 300;

/// A cause that texts show.
#[derive(Debug)]
pub(super) struct Row {
    /// Its word, which stays.
    pub(super) sign: &'static str,
    /// A text shows it that has all phrases of one of these, in their order. In lower case; in texts of Kubernetes, where
    /// names are hidden, `*` is a name.
    pub(super) phrases: &'static [&'static [&'static str]],
    /// A text with one of these does not. In lower case.
    pub(super) unless: &'static [&'static str],
    /// A line of the same trace must hold one of these, as written; without any it need not.
    pub(super) needs: &'static [&'static str],
    /// What can be named; the first that is there.
    pub(super) details: &'static [Detail],
    /// A text without a detail does not show it.
    pub(super) needs_detail: bool,
    /// The cause as a sentence without its full stop.
    pub(super) cause: &'static str,
    /// The same with the detail in the place of `{}`; empty where none is named.
    pub(super) named: &'static str,
    /// Whose concern it is.
    pub(super) attribution: Attribution,
    /// Whether it may go away without a change; only of texts of Kubernetes.
    pub(super) heals: Healing,
    /// What to do.
    pub(super) next_step: &'static str,
    /// How far it can be believed.
    pub(super) certainty: Certainty,
    /// It says what happened more than why: the program's own words are preferred.
    pub(super) yields: bool,
    /// Programs only warn of it, and it is meant all the same.
    pub(super) only_warns: bool,
    /// It passes, if the program says later that it is connected.
    pub(super) passes: bool,
}

/// What rows for texts of Kubernetes and the runtime have in common.
pub(super) const KUBERNETES: Row = Row {
    sign: "",
    phrases: &[],
    unless: &[],
    needs: &[],
    details: &[],
    needs_detail: false,
    cause: "",
    named: "",
    attribution: Attribution::Unknown,
    heals: Healing::Likely,
    next_step: "",
    certainty: Certainty::Certain,
    yields: false,
    only_warns: false,
    passes: false,
};

/// What texts have in common that only a change of the manifest, or of what it names, makes go away.
pub(super) const WRONG: Row =
    Row { attribution: Attribution::Configuration, heals: Healing::Unlikely, ..KUBERNETES };

/// What texts of nodes, registries, storage and the cluster have in common, which others bring back.
pub(super) const PLATFORM: Row = Row { attribution: Attribution::Platform, ..KUBERNETES };

/// What rows for texts of programs have in common.
pub(super) const PROGRAM: Row = Row { certainty: Certainty::Probable, ..KUBERNETES };

/// A row that a text shows.
#[derive(Debug)]
pub(super) struct Found<'t> {
    pub(super) row: &'static Row,
    pub(super) text: &'t str,
    pub(super) detail: Option<&'t str>,
}

/// The first row that a text of Kubernetes shows.
pub(super) fn find<'t>(tables: &[&'static [Row]], text: &'t str) -> Option<Found<'t>> {
    let text = start(text);
    let (lower, hidden) = (text.to_ascii_lowercase(), names::hide(text));
    tables.iter().copied().flatten().find_map(|row| row.shown_by(text, &lower, &hidden))
}

/// The part of a text that is searched.
pub(super) fn start(text: &str) -> &str {
    let mut end = text.len().min(SEARCHED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

impl Row {
    /// The row, if a text shows it whose names are [hidden](names::hide) in `hidden`.
    fn shown_by<'t>(&'static self, text: &'t str, lower: &str, hidden: &str) -> Option<Found<'t>> {
        let place = self.place_in(hidden)?;
        let detail = self.detail_in(text, lower, &place);
        (detail.is_some() || !self.needs_detail).then_some(Found { row: self, text, detail })
    }

    /// Where a text in lower case shows the row.
    pub(super) fn place_in(&self, lower: &str) -> Option<Range<usize>> {
        let place = self.phrases.iter().find_map(|phrases| in_order(lower, phrases))?;
        let is_other = self.unless.iter().any(|phrase| names::find(lower, 0, phrase).is_some());
        (!is_other).then_some(place)
    }

    /// What the text names.
    pub(super) fn detail_in<'t>(
        &self,
        text: &'t str,
        lower: &str,
        place: &Range<usize>,
    ) -> Option<&'t str> {
        self.details.iter().find_map(|detail| detail.find(text, lower, place))
    }

    /// What a line beside the sign names: no paths and variables, of which a trace has many.
    pub(super) fn detail_beside<'t>(&self, line: &'t str) -> Option<&'t str> {
        let lower = line.to_ascii_lowercase();
        let details = self.details.iter().filter(|detail| detail.can_stand_apart());
        details.into_iter().find_map(|detail| detail.find(line, &lower, &(0..0)))
    }

    /// The diagnosis without a text that shows it.
    pub(super) fn unseen(&'static self, place: Place) -> Diagnosis {
        Found { row: self, text: "", detail: None }.diagnosis(place)
    }
}

impl Found<'_> {
    /// The diagnosis.
    pub(super) fn diagnosis(&self, place: Place) -> Diagnosis {
        let row = self.row;
        let detail = self.detail.map(|detail| Untrusted::from(detail).to_clean_line(DETAIL));
        let cause = match (detail, row.named.split_once("{}")) {
            (Some(detail), Some((before, after))) => {
                clean!("{}{}{}", Clean::from_static(before), detail, Clean::from_static(after))
            }
            _ => Clean::from_static(row.cause),
        };
        Diagnosis {
            sign: Clean::from_static(row.sign),
            cause,
            attribution: row.attribution,
            next_step: Clean::from_static(row.next_step),
            certainty: row.certainty,
            place,
            quote: Untrusted::from(around(self.text, QUOTE).as_ref()).to_clean_line(QUOTE),
        }
    }
}

/// Where the phrases are, from the start of the first to the end of the last.
fn in_order(text: &str, phrases: &[&str]) -> Option<Range<usize>> {
    let mut place: Option<Range<usize>> = None;
    for phrase in phrases {
        let from = place.as_ref().map_or(0, |place| place.end);
        let (start, end) = names::find(text, from, phrase)?;
        place = Some(place.map_or(start, |place| place.start)..end);
    }
    place
}
