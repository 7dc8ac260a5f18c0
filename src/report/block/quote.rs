//! Text of the cluster's that is shown line by line: a log or a termination message.

use std::borrow::Cow;

use crate::{
    evidence::LogEvidence,
    signs::{Diagnosis, telling_lines},
    text::{Excerpt, ExcerptRow, Room},
};

/// A text of the cluster's.
#[derive(Clone, Debug)]
pub(in crate::report) enum Quote<'a> {
    /// A short text, all of it.
    Text(&'a str),
    /// A log, with what its probable cause rests on.
    Log(&'a LogEvidence, Option<&'a Diagnosis>),
}

/// A row of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) enum Row {
    /// A line.
    Line(String),
    /// The line that shows the cause, or else tells most. Marked only where all lines are shown.
    Telling(String),
    /// What is left out here, in words of ours.
    Cut(String),
}

impl Row {
    /// The row as text.
    pub(in crate::report) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Line(line) | Self::Telling(line) => line.into(),
            Self::Cut(cut) => format!("… {cut} …").into(),
        }
    }
}

impl Quote<'_> {
    /// Room for all of it.
    pub(in crate::report) const ALL: Room =
        Room { bytes: usize::MAX, lines: usize::MAX, head: 0, indent: 0 };

    /// The fewest bytes that all of it takes in any format.
    pub(in crate::report) fn least(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Log(log, _) => log.excerpt.lines().map(|line| line.len()).sum(),
        }
    }

    /// The rows in reading order. If not all of a log fit, these do: the line that shows the cause, the one that tells
    /// most, what stands beside them, and the end.
    pub(in crate::report) fn rows(&self, room: Room) -> Vec<Row> {
        match self {
            Self::Text(text) => text.lines().map(|line| Row::Line(line.to_owned())).collect(),
            Self::Log(log, diagnosis) => rows(&log.excerpt, &telling_lines(log, *diagnosis), room),
        }
    }
}

fn rows(excerpt: &Excerpt, telling: &[usize], room: Room) -> Vec<Row> {
    let is_whole = excerpt.fits(room);
    let shown = excerpt.shortened(telling, room);
    let marked = telling.first().copied().filter(|_| is_whole);
    let mut number = 0..;
    let row = |row: ExcerptRow<'_>| match row {
        ExcerptRow::Cut(cut) => Row::Cut(cut.to_string()),
        ExcerptRow::Line(line) if number.next() == marked => Row::Telling(line.to_string()),
        ExcerptRow::Line(line) => Row::Line(line.to_string()),
    };
    shown.rows().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Cut, Untrusted};

    fn excerpt(head: &[&str], cut: u64, tail: &[&str]) -> Excerpt {
        let clean = |lines: &[&str]| {
            lines.iter().map(|line| Untrusted::from(*line).to_clean()).collect::<Vec<_>>()
        };
        let cut = Cut { lines: cut, exact: true };
        Excerpt { head: clean(head), cut, tail: clean(tail), ..Excerpt::default() }
    }

    fn texts(excerpt: &Excerpt, telling: &[usize], room: Room) -> Vec<String> {
        rows(excerpt, telling, room).iter().map(|row| row.text().into_owned()).collect()
    }

    const AMPLE: Room = Room { bytes: 1000, lines: 100, indent: 0, head: 0 };

    #[test]
    fn all_is_shown_where_it_fits() {
        assert_eq!(texts(&excerpt(&["a"], 0, &["b", "c"]), &[], AMPLE), ["a", "b", "c"]);
        assert_eq!(texts(&excerpt(&["a"], 7, &["b"]), &[], AMPLE), ["a", "… 7 lines cut …", "b"]);
        let marked = rows(&excerpt(&["a"], 7, &["b"]), &[1, 0], AMPLE);
        assert_eq!(marked[2], Row::Telling("b".to_owned()));
    }

    #[test]
    fn the_end_is_kept_and_the_rest_is_counted() {
        let long = excerpt(&["a", "b"], 7, &["c", "d"]);
        let table: [(Room, &[&str]); 5] = [
            (Room { lines: 1, ..AMPLE }, &["… 10 lines cut …", "d"]),
            (Room { bytes: 4, ..AMPLE }, &["… 9 lines cut …", "c", "d"]),
            (Room { bytes: 4, indent: 2, ..AMPLE }, &["… 10 lines cut …", "d"]),
            (Room { lines: 3, ..AMPLE }, &["… 1 line cut …", "b", "… 7 lines cut …", "c", "d"]),
            (Room { bytes: 0, lines: 0, ..AMPLE }, &["… 11 lines cut …"]),
        ];
        for (room, expected) in table {
            assert_eq!(texts(&long, &[], room), expected);
        }
    }
}
