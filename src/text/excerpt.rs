//! What is shown of a log: its first and last lines, and between them those that explain why the program failed.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::choose::choose_lines;
use super::neutralize::neutralize;
use super::{Clean, Cut, Redactor, Room};

/// Lines of a log; omitted lines are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The first lines.
    pub head: Vec<Clean>,
    /// Telling lines between head and tail; none in recordings of older versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Kept>,
    /// What is missing between these lines and the tail.
    pub cut: Cut,
    /// The last lines, which are nearest to the end of the process.
    pub tail: Vec<Clean>,
}

/// Lines from the middle of a log, one after another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What is missing before them.
    pub cut: Cut,
    /// The lines, at least one.
    pub lines: Vec<Clean>,
}

/// One row of an [`Excerpt`] in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExcerptRow<'e> {
    /// A line of the log.
    Line(&'e Clean),
    /// Lines are missing here.
    Cut(Cut),
}

impl Excerpt {
    /// An excerpt of stretches of lines and of what is missing after the last.
    pub(super) fn of(mut stretches: Vec<Kept>, rest: Cut) -> Self {
        let has_head = stretches.first().is_some_and(|first| first.cut.is_none());
        let head = if has_head { stretches.remove(0).lines } else { Vec::new() };
        let last = if rest.is_none() { stretches.pop() } else { None };
        let tail = last.unwrap_or(Kept { cut: rest, lines: Vec::new() });
        Self { head, kept: stretches, cut: tail.cut, tail: tail.lines }
    }

    /// What is missing at each place.
    pub(super) fn cuts_mut(&mut self) -> impl Iterator<Item = &mut Cut> {
        self.kept.iter_mut().map(|kept| &mut kept.cut).chain(std::iter::once(&mut self.cut))
    }

    /// The rows in reading order; a cut is a row only if something is missing.
    pub fn rows(&self) -> impl Iterator<Item = ExcerptRow<'_>> {
        let start = Cut::default();
        let stretches = std::iter::once((start, &self.head))
            .chain(self.kept.iter().map(|kept| (kept.cut, &kept.lines)))
            .chain(std::iter::once((self.cut, &self.tail)));
        stretches.flat_map(|(cut, lines)| {
            let cut = (!cut.is_none()).then_some(ExcerptRow::Cut(cut));
            cut.into_iter().chain(lines.iter().map(ExcerptRow::Line))
        })
    }

    /// The lines in reading order.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &Clean> {
        let kept = self.kept.iter().flat_map(|kept| &kept.lines);
        self.head.iter().chain(kept).chain(&self.tail)
    }

    /// What is missing in all.
    pub fn missing(&self) -> Cut {
        self.kept.iter().map(|kept| kept.cut).fold(self.cut, Cut::and)
    }

    /// The last line that is not blank.
    pub fn last_line(&self) -> Option<&Clean> {
        self.lines().rev().find(|line| !line.trim().is_empty())
    }

    /// Whether it fits as a whole.
    pub fn fits(&self, room: Room) -> bool {
        room.holds(self.lines().map(|line| line.len()))
    }

    /// As much of it as fits. `best`: the indices of lines that are kept in any case, most important first; without any, the
    /// most telling line is.
    pub fn shortened(&self, best: &[usize], room: Room) -> Self {
        if self.fits(room) {
            return self.clone();
        }
        let (mut lines, mut cuts, mut missing) = (Vec::new(), Vec::new(), Cut::default());
        for row in self.rows() {
            match row {
                ExcerptRow::Cut(cut) => missing = missing.and(cut),
                ExcerptRow::Line(line) => {
                    lines.push(line);
                    cuts.push(std::mem::take(&mut missing));
                }
            }
        }
        let texts: Vec<&str> = lines.iter().map(|line| &***line).collect();
        let taken = choose_lines(&texts, &cuts, best, room);
        let (mut stretches, rest) = (Vec::<Kept>::new(), std::mem::take(&mut missing));
        for ((line, cut), taken) in lines.into_iter().zip(cuts).zip(taken) {
            missing = missing.and(cut);
            if !taken {
                missing.lines += 1;
                continue;
            }
            match stretches.last_mut() {
                Some(stretch) if missing.is_none() => stretch.lines.push(line.clone()),
                None | Some(_) => stretches
                    .push(Kept { cut: std::mem::take(&mut missing), lines: vec![line.clone()] }),
            }
        }
        Self::of(stretches, missing.and(rest))
    }

    /// Hides what this redactor knows and the one it was made with did not, e.g. in a replay.
    pub fn redact(&mut self, redactor: &Redactor) {
        let kept = self.kept.iter_mut().flat_map(|kept| &mut kept.lines);
        for line in self.head.iter_mut().chain(kept).chain(&mut self.tail) {
            if let Cow::Owned(redacted) = redactor.redact(line) {
                *line = Clean::from_neutral(neutralize(&redacted));
            }
        }
    }

    /// Whether no line was kept.
    pub fn is_empty(&self) -> bool {
        self.lines().next().is_none()
    }
}
