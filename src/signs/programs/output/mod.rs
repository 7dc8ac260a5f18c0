//! Which line of a program's output tells why it failed: the final error rules.
//!
//! A program outlives most faults that it writes about: an optional cache, a retry, a collector, a setting that is only
//! printed. What ended it is its last error, with the lines of the same trace. Where no row knows that one, it is
//! quoted: a sign above it would explain something else.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::{
    Certainty, Diagnosis, Place, TABLES,
    lines::{is_consequence, is_of_trace, says_connected, without_head},
    row::{self, Found, PROGRAM, Row, each, rows},
};
use crate::text::{Weight, adds_nothing, final_error, said, weigh};

/// Lines of weight after the sign before it is taken for something of the past.
const NEAR: usize = 15;

/// Lines beside the sign in which a name may stand that its own line lacks.
const BESIDE: usize = 2;

rows! {
    /// An error that ended the program and that no row knows.
    UNCAUGHT = PROGRAM { sign: "uncaught-error",
        cause: "an uncaught error ended the program[: {}]",
        next_step: "fix this error, at the first line of the program's own code in the trace" }

    /// The last error of a program that no row knows.
    LAST = PROGRAM { sign: "last-error", cause: "the program's last error[: {}| says why]",
        next_step: "fix this error and deploy again" }
}

/// The cause that the output shows. `has_ended` if the program ended by itself.
pub(in crate::signs) fn find(lines: &[&str], place: Place, has_ended: bool) -> Option<Diagnosis> {
    let output = Output { lines, weights: weigh(lines), place };
    let Some(last) = final_error(lines) else { return output.any_sign(0..lines.len()) };
    let block = output.block(last);
    let found = output.sign_of(last, block.clone());
    let has_passed = |found: &Diagnosis| passes(found) && output.says_connected_from(block.end);
    if found.as_ref().is_some_and(has_passed) {
        return None;
    }
    let found = found.or_else(|| {
        let tail = output.failing_tail(block.start);
        is_consequence(lines[last]).then(|| output.any_sign(tail)).flatten()
    });
    let is_trace = block.len() > 1 && output.weights[last] == Weight::Fatal;
    let unknown = if is_trace { &UNCAUGHT } else { &LAST };
    // the last error is no thing of the past, however much a program says while it ends; unless nothing else is known
    found.or_else(|| {
        let mut quoted = output.quote(last, unknown, has_ended)?;
        if output.said_after(block.end) >= NEAR {
            quoted.certainty = Certainty::Guess;
        }
        Some(quoted)
    })
}

/// The output of one run.
struct Output<'l> {
    lines: &'l [&'l str],
    weights: Vec<Weight>,
    place: Place,
}

impl Output<'_> {
    /// The lines that belong to the error in this one: the trace above it, and what it says of itself below.
    fn block(&self, at: usize) -> Range<usize> {
        let is_inside = |line: &str| line.starts_with([' ', '\t']) || line.trim().is_empty();
        let is_head = |line: &str| {
            [
                "Traceback",
                "Caused by: ",
                "goroutine ",
                "node:",
                "Stack trace:",
                "panic: ",
                "*** ",
                ">>> ",
                "Reading ",
            ]
            .iter()
            .any(|head| line.starts_with(head))
        };
        let mut start = at;
        while start > 0 {
            let above = self.lines[start - 1];
            if !is_inside(above) && !is_head(above) && self.weights[start - 1] != Weight::Nothing {
                // the head of a chain whose innermost cause this is
                let is_chain = self.lines[at].trim_start().starts_with("Caused by");
                start -= usize::from(is_chain && self.weights[start - 1] >= Weight::Failed);
                break;
            }
            // information is no part of an error, although it weighs as little as a frame
            if !is_inside(above) && !is_head(above) && !is_of_trace(above) {
                break;
            }
            start -= 1;
            if above.starts_with("Traceback") {
                break;
            }
        }
        let mut end = at + 1;
        while let Some(line) = self.lines.get(end) {
            // a list with a heading for each of its indented parts
            let is_heading = self.lines.get(end + 1).is_some_and(|next| next.starts_with("  "));
            if !is_inside(line) && self.weights[end] != Weight::Nothing && !is_heading {
                break;
            }
            end += 1;
        }
        start..end
    }

    /// The failures right above a line, which the program did not outlive.
    fn failing_tail(&self, end: usize) -> Range<usize> {
        let mut start = end;
        let is_failing = |at: usize| {
            let line = self.lines[at];
            self.weights[at] >= Weight::Warned
                || line.starts_with([' ', '\t'])
                || is_consequence(line)
        };
        while start > 0 && end - start < NEAR && is_failing(start - 1) {
            start -= 1;
        }
        start..end
    }

    /// The sign in the block of an error: its own line first, then what it says of itself, then its trace.
    fn sign_of(&self, at: usize, block: Range<usize>) -> Option<Diagnosis> {
        let below = at + 1..block.end;
        let above = (block.start..at).rev();
        let mut order = std::iter::once(at).chain(below).chain(above);
        order.find_map(|line| self.sign_in(line, block.clone()))
    }

    /// The sign nearest to the end; one that is sound is preferred.
    fn any_sign(&self, range: Range<usize>) -> Option<Diagnosis> {
        let mut guess = None;
        let mut is_connected_later = false;
        for at in range.clone().rev() {
            let line = said(self.lines[at]);
            let weight = self.weights[at];
            let found =
                (weight != Weight::Nothing).then(|| self.sign_in(at, range.clone())).flatten();
            if let Some(mut diagnosis) =
                found.filter(|found| !(is_connected_later && passes(found)))
            {
                let is_meant = rows().any(|row| row.only_warns && *row.sign == *diagnosis.sign);
                if (weight == Weight::Warned && !is_meant) || self.said_after(at + 1) >= NEAR {
                    diagnosis.certainty = Certainty::Guess;
                }
                if diagnosis.is_sound() {
                    return Some(diagnosis);
                }
                guess.get_or_insert(diagnosis);
            }
            is_connected_later |= says_connected(&line.to_ascii_lowercase());
        }
        guess
    }

    fn says_connected_from(&self, from: usize) -> bool {
        self.lines[from..].iter().any(|line| says_connected(&line.to_ascii_lowercase()))
    }

    fn sign_in(&self, at: usize, block: Range<usize>) -> Option<Diagnosis> {
        let line = said(self.lines[at]);
        let line = row::start(&line);
        let lower = line.to_ascii_lowercase();
        rows().find_map(|row| {
            let place = row.place_in(&lower)?;
            let has_context = row.needs.is_empty() || self.has_one_of(row.needs, block.clone());
            if !has_context {
                return None;
            }
            let name = row.name_in(line, &lower, &place).or_else(|| self.name_beside(row, at));
            if name.is_none() && row.needs_name {
                return None;
            }
            Some(Found { row, text: line, name }.diagnosis(self.place))
        })
    }

    fn has_one_of(&self, words: &'static str, block: Range<usize>) -> bool {
        self.lines[block].iter().any(|line| each(words).any(|word| line.contains(word)))
    }

    /// What the line of the sign does not name, and one beside it does.
    fn name_beside(&self, row: &Row, at: usize) -> Option<&str> {
        let beside = (1..=BESIDE).flat_map(|far| [at.checked_add(far), at.checked_sub(far)]);
        let mut lines = beside.flatten().filter_map(|at| self.lines.get(at).copied());
        lines.find_map(|line| row.name_beside(line))
    }

    /// The error in its own words.
    fn quote(&self, at: usize, row: &'static Row, has_ended: bool) -> Option<Diagnosis> {
        let text = said(self.lines[at]);
        let text = text.trim();
        if text.is_empty() || adds_nothing(text, "") {
            return None;
        }
        let found = Found { row, text, name: Some(without_head(text)) };
        let mut diagnosis = found.diagnosis(self.place);
        if !has_ended {
            diagnosis.certainty = Certainty::Guess;
        }
        Some(diagnosis)
    }

    /// Lines after this one that the program went on with.
    fn said_after(&self, from: usize) -> usize {
        let after = self.weights[from..].iter().zip(&self.lines[from..]);
        after
            .filter(|(weight, line)| **weight >= Weight::Said && !line.starts_with([' ', '\t']))
            .count()
    }
}

/// The first row that a line shows by itself.
#[cfg(test)]
pub(in crate::signs) fn first_row(line: &str) -> Option<&'static Row> {
    let lower = line.to_ascii_lowercase();
    rows().find(|row| {
        let place = row.place_in(&lower);
        place.is_some_and(|at| !row.needs_name || row.name_in(line, &lower, &at).is_some())
    })
}

/// All rows, in their order.
fn rows() -> impl Iterator<Item = &'static Row> {
    TABLES.iter().copied().flatten()
}

/// Whether it is over once the program says that it is connected.
fn passes(found: &Diagnosis) -> bool {
    rows().any(|row| row.passes && *row.sign == *found.sign)
}
