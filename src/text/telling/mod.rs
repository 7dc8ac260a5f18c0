//! Which line of a log tells why its program ended: the last error, panic or innermost cause.
//!
//! A log is read once, from its start, and each line gets a [`Weight`]. Stack frames, farewells, information and pointers to
//! documentation tell nothing. The lines of a trace follow the format of their runtime (`trace.rs`, `frame.rs`), levels those of
//! logging libraries (`level.rs`, `structured.rs`); the rest is judged by its words (`words.rs`).

mod frame;
mod level;
mod structured;
mod trace;
mod words;

use std::borrow::Cow;

pub(super) use frame::{begins, is_frame};
use level::Level;
use structured::Record;
use trace::{Shape, Trace};

/// How much a line tells about why its program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing: a stack frame, information, a part of the line above, an empty line.
    Nothing,
    /// Only that the program failed or ends.
    Farewell,
    /// Anything else.
    Said,
    /// A warning, or a failure that may still be recovered from.
    Warned,
    /// A failure.
    Failed,
    /// What ended the program: an uncaught exception, a panic, a level above error.
    Fatal,
}

/// The index of the line that tells most about why its program ended; `None` if no line tells anything.
///
/// That is the last one that speaks of a failure, before the words of an orderly end: the message of a trace, the innermost of
/// a chain of causes. Without one, it is the last line that may be about anything.
pub fn telling_line(lines: &[&str]) -> Option<usize> {
    final_error(lines).or_else(|| {
        let weights = weigh(lines);
        let last = |least| weights.iter().rposition(|weight| *weight >= least);
        last(Weight::Said).or_else(|| last(Weight::Farewell))
    })
}

/// The index of the last line that speaks of a failure; not of one that adds nothing to those right above it, such as
/// `[ERROR] Aborting`.
pub fn final_error(lines: &[&str]) -> Option<usize> {
    /// How many lines above a line the one may be that it only repeats.
    const NEAR: usize = 12;
    let weights = weigh(lines);
    let before = |end: usize| weights[..end].iter().rposition(|weight| *weight >= Weight::Failed);
    let end = shutdown(lines).filter(|end| before(*end).is_some()).unwrap_or(lines.len());
    let mut last = before(end)?;
    while let Some(earlier) = before(last).filter(|earlier| last - earlier <= NEAR) {
        let (this, that) = (said(lines[last]), said(lines[earlier]));
        let (this, that) = (this.to_ascii_lowercase(), that.to_ascii_lowercase());
        if !words::adds_nothing(&this, &that) || words::adds_nothing(&that, &this) {
            break;
        }
        last = earlier;
    }
    Some(last)
}

/// The index of the first line in which the program says that it was asked to end: what follows is about the end.
pub fn shutdown(lines: &[&str]) -> Option<usize> {
    lines.iter().position(|line| {
        let text = said(line);
        let is_error = level(line).is_some_and(|level| level >= Level::Warning);
        !is_error && words::speaks_of_shutdown(&text.to_ascii_lowercase())
    })
}

/// The lines before the program says that it was asked to end.
pub fn until_shutdown<'l, 't>(lines: &'l [&'t str]) -> &'l [&'t str] {
    &lines[..shutdown(lines).unwrap_or(lines.len())]
}

/// What a line says: of a line of JSON its message and what went wrong, any other line as it is.
pub fn said(line: &str) -> Cow<'_, str> {
    match Record::of(line).map(|record| record.text()) {
        Some(text) if !text.is_empty() => Cow::Owned(text),
        _ => Cow::Borrowed(line),
    }
}

/// Whether the line says nothing beyond that the program failed or ends, and what a line above it says.
pub fn adds_nothing(line: &str, known: &str) -> bool {
    words::adds_nothing(&said(line).to_ascii_lowercase(), &said(known).to_ascii_lowercase())
}

/// The weight of each line.
pub fn weigh(lines: &[&str]) -> Vec<Weight> {
    let mut weights = Vec::with_capacity(lines.len());
    let mut trace = Trace::default();
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim_end();
        let weight = match trace.shape(line, &lines[at + 1..]) {
            Shape::Weighs(weight) => weight,
            Shape::Unknown => own_weight(line, &lines[at + 1..]),
        };
        trace.passed(line, weight);
        weights.push(weight);
    }
    weights
}

fn level(line: &str) -> Option<Level> {
    match Record::of(line) {
        Some(record) => record.level(),
        None => Level::of_line(line),
    }
}

/// Whether the program continues after a fault: it says more than that it ends.
fn goes_on(rest: &[&str]) -> bool {
    for line in rest {
        let text = line.trim_start();
        if text.is_empty() || text.len() < line.len() || frame::tells_nothing(text) {
            continue;
        }
        let lower = said(line).to_ascii_lowercase();
        if words::speaks_of_end(&lower) {
            return false;
        }
        if !words::adds_nothing(&lower, "") {
            return true;
        }
    }
    false
}

/// The weight of a line that does not belong to a trace, given those after it.
fn own_weight(line: &str, rest: &[&str]) -> Weight {
    let record = Record::of(line);
    let level = match &record {
        Some(record) => record.level(),
        None => Level::of_line(line),
    };
    let text = record.map_or(Cow::Borrowed(line), |record| Cow::Owned(record.text()));
    let lower = text.to_ascii_lowercase();
    if level == Some(Level::Low) || words::speaks_of_success(&lower) {
        return Weight::Nothing;
    }
    let is_failure = level >= Some(Level::Error) || words::speaks_of_failure(&lower);
    match level {
        _ if words::adds_nothing(&lower, "") && !words::gives_up(&lower) => Weight::Farewell,
        Some(Level::Warning) => Weight::Warned,
        _ if is_failure && words::speaks_of_more_to_come(&lower) => Weight::Warned,
        Some(Level::Fatal) => Weight::Fatal,
        // a program goes on without what watches it; one that ends there has been ended by it
        _ if is_failure && words::is_of_watcher(&lower) && goes_on(rest) => Weight::Warned,
        _ if is_failure => Weight::Failed,
        _ if words::speaks_of_shutdown(&lower) => Weight::Farewell,
        _ => Weight::Said,
    }
}

#[cfg(test)]
mod tests;
