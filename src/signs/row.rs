//! A row of the table, and the search for one in a text.

use std::ops::Range;

use super::{Certainty, Diagnosis, Figure, Healing, Place, Subject, SubjectKind, detail, names};
use crate::{
    clean,
    evidence::Attribution,
    text::{Clean, Untrusted, around},
};

/// Bytes of a text that are searched. Messages that tell are shorter; lines of log may be very long.
const SEARCHED: usize = 16_384;

/// Characters of what is named in a cause.
const NAME: usize = 120;

/// Characters of the text that is quoted.
const QUOTE: usize = 300;

/// A cause that texts show: what it is, whose concern, whether it heals, and what to do stand here and nowhere else.
#[derive(Debug)]
pub(super) struct Row {
    /// Its word, which stays.
    pub(super) sign: &'static str,
    /// Texts in lower case that show it, apart by `|`; `…` stands for anything between two parts. In texts of Kubernetes,
    /// where names are hidden, `*` is a name.
    pub(super) shown_by: &'static str,
    /// A text with one of these does not show it. In lower case, apart by `|`.
    pub(super) unless: &'static str,
    /// A line of the same trace must hold one of these, as written, apart by `|`; without any it need not.
    pub(super) needs: &'static str,
    /// What the text names: patterns of [`detail`], apart by `|`; the first that is there.
    pub(super) names: &'static str,
    /// A text that names nothing does not show it.
    pub(super) needs_name: bool,
    /// What it is about, if that is outside of the pod: others may hang on the same.
    pub(super) about: Option<SubjectKind>,
    /// The patterns that name that, where they are not those of `names`.
    pub(super) about_names: &'static str,
    /// The cause as a sentence without its full stop. `[with {}|without]` is the first part, with the name in the place of
    /// `{}`, where the text has one, else the second, which may be left out.
    pub(super) cause: &'static str,
    /// Whose concern it is.
    pub(super) attribution: Attribution,
    /// Whether it may go away without a change; only of texts of Kubernetes.
    pub(super) heals: Healing,
    /// What to do: one action, then perhaps `If ..., ...`.
    pub(super) next_step: &'static str,
    /// What to do instead where the workload makes new pods before old ones go; empty where that changes nothing.
    pub(super) where_pods_surge: &'static str,
    /// The figure of the container that explains it.
    pub(super) figure: Option<Figure>,
    /// How far it can be believed.
    pub(super) certainty: Certainty,
    /// It says what happened more than why: the program's own words are preferred.
    pub(super) yields: bool,
    /// Programs only warn of it, and it is meant all the same.
    pub(super) only_warns: bool,
    /// It passes, if the program says later that it is connected.
    pub(super) passes: bool,
}

/// Texts that do not tell whose concern they are.
pub(super) const UNCLEAR: Row = Row {
    sign: "",
    shown_by: "",
    unless: "",
    needs: "",
    names: "",
    needs_name: false,
    about: None,
    about_names: "",
    cause: "",
    attribution: Attribution::Unknown,
    heals: Healing::Likely,
    next_step: "",
    where_pods_surge: "",
    figure: None,
    certainty: Certainty::Certain,
    yields: false,
    only_warns: false,
    passes: false,
};

/// Texts of what only a change of the manifest, or of what it names, makes go away.
pub(super) const WRONG: Row =
    Row { attribution: Attribution::Configuration, heals: Healing::Unlikely, ..UNCLEAR };

/// Texts of nodes, registries, storage and the cluster, which others bring back.
pub(super) const PLATFORM: Row = Row { attribution: Attribution::Platform, ..UNCLEAR };

/// Texts of programs that do not tell whose concern they are.
pub(super) const PROGRAM: Row = Row { certainty: Certainty::Probable, ..UNCLEAR };

/// Texts of programs about their settings, arguments, Secrets and rights.
pub(super) const SETTING: Row = Row { attribution: Attribution::Configuration, ..PROGRAM };

/// Texts of programs about themselves.
pub(super) const CODE: Row = Row { attribution: Attribution::Application, ..PROGRAM };

/// A list of rows, each its base with what is its own: `WRONG { sign: "quota", ... }`; rows by a number; or constants of rows.
macro_rules! rows {
    ($($base:ident { $($field:ident: $value:expr),* })*) => {
        &[$(Row { $($field: $value,)* ..$base }),*]
    };
    ($($number:literal => $base:ident { $($field:ident: $value:expr),* })*) => {
        &[$(($number, Row { $($field: $value,)* ..$base })),*]
    };
    ($($(#[$doc:meta])* $name:ident = $base:ident { $($field:ident: $value:expr),* })*) => {
        $($(#[$doc])* pub(in crate::signs) const $name: Row = Row { $($field: $value,)* ..$base };)*
    };
}
pub(super) use rows;

/// A row that a text shows.
#[derive(Debug)]
pub(super) struct Found<'t> {
    pub(super) row: &'static Row,
    pub(super) text: &'t str,
    pub(super) name: Option<&'t str>,
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
        let name = self.name_in(text, lower, &place);
        (name.is_some() || !self.needs_name).then_some(Found { row: self, text, name })
    }

    /// Where a text in lower case shows the row.
    pub(super) fn place_in(&self, lower: &str) -> Option<Range<usize>> {
        let place = each(self.shown_by).find_map(|phrases| in_order(lower, phrases))?;
        let is_other = each(self.unless).any(|phrase| names::find(lower, 0, phrase).is_some());
        (!is_other).then_some(place)
    }

    /// What the text names.
    pub(super) fn name_in<'t>(
        &self,
        text: &'t str,
        lower: &str,
        place: &Range<usize>,
    ) -> Option<&'t str> {
        each(self.names).find_map(|pattern| detail::find(pattern, text, lower, place))
    }

    /// What a line beside the sign names: no paths and variables, of which a trace has many.
    pub(super) fn name_beside<'t>(&self, line: &'t str) -> Option<&'t str> {
        let lower = line.to_ascii_lowercase();
        let mut patterns = each(self.names).filter(|pattern| detail::can_stand_apart(pattern));
        patterns.find_map(|pattern| detail::find(pattern, line, &lower, &(0..0)))
    }

    fn cause(&self, name: Option<Clean>) -> Clean {
        let Some((before, rest)) = self.cause.split_once('[') else {
            return Clean::from_static(self.cause);
        };
        let (part, after) = rest.split_once(']').unwrap_or((rest, ""));
        let (with, without) = part.split_once('|').unwrap_or((part, ""));
        let part = match (name, with.split_once("{}")) {
            (Some(name), Some((start, end))) => {
                clean!("{}{}{}", Clean::from_static(start), name, Clean::from_static(end))
            }
            _ => Clean::from_static(without),
        };
        clean!("{}{}{}", Clean::from_static(before), part, Clean::from_static(after))
    }

    /// The diagnosis without a text that shows it.
    pub(super) fn unseen(&'static self, place: Place) -> Diagnosis {
        Found { row: self, text: "", name: None }.diagnosis(place)
    }
}

impl Found<'_> {
    /// The diagnosis.
    pub(super) fn diagnosis(&self, place: Place) -> Diagnosis {
        let row = self.row;
        let name = self.name.map(|name| Untrusted::from(name).to_clean_line(NAME));
        Diagnosis {
            sign: Clean::from_static(row.sign),
            cause: row.cause(name),
            attribution: row.attribution,
            next_step: Clean::from_static(row.next_step),
            certainty: row.certainty,
            place,
            quote: Untrusted::from(around(self.text, QUOTE).as_ref()).to_clean_line(QUOTE),
            subject: self.subject(),
        }
    }

    fn subject(&self) -> Option<Subject> {
        let row = self.row;
        let lower = self.text.to_ascii_lowercase();
        let mut own = each(row.about_names)
            .filter_map(|pattern| detail::find(pattern, self.text, &lower, &(0..0)));
        let name = if row.about_names.is_empty() { self.name } else { own.next() };
        Subject::named(row.about?, name?, self.text)
    }
}

/// The parts of a list in a row.
pub(super) fn each(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split('|').filter(|part| !part.is_empty())
}

/// Where the phrases are, from the start of the first to the end of the last.
fn in_order(text: &str, phrases: &str) -> Option<Range<usize>> {
    let mut place: Option<Range<usize>> = None;
    for phrase in phrases.split('…') {
        let from = place.as_ref().map_or(0, |place| place.end);
        let (start, end) = names::find(text, from, phrase)?;
        place = Some(place.map_or(start, |place| place.start)..end);
    }
    place
}
