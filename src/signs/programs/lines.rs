//! What a single line of output is: a part of a trace, a consequence of an error above it, the word of a connection.

use crate::text::{adds_nothing, said};

/// Time and level that a line begins with say nothing about the error.
pub(super) fn without_head(line: &str) -> &str {
    const LEVELS: [&str; 12] = [
        "error", "fatal", "critical", "crit", "emerg", "alert", "panic", "severe", "err", "e", "f",
        "c",
    ];
    let mut rest = line;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t', '[', ']', '|', '-', ':', '(', ')', '*']);
        let end = trimmed.find(|c: char| c.is_whitespace() || matches!(c, ']' | '|' | ')'));
        let (word, after) = trimmed.split_at(end.unwrap_or(trimmed.len()));
        let bare = word.trim_matches([':', '[', ']', ',']).to_ascii_lowercase();
        let is_time = bare.bytes().filter(u8::is_ascii_digit).count() >= 4
            && bare.bytes().all(|b| b.is_ascii_digit() || b"-:.,+tz/".contains(&b));
        let is_level = LEVELS.contains(&&*bare) && (word.len() > 1 || !after.is_empty());
        let is_zone = matches!(&*bare, "utc" | "gmt" | "0");
        if after.trim().is_empty() || !(is_time || is_level || is_zone) || word.ends_with("Error:")
        {
            return trimmed;
        }
        rest = after;
    }
}

/// A line of a trace that is not indented: the source that Node and Python print.
pub(super) fn is_of_trace(line: &str) -> bool {
    let is_place = line.rsplit_once(':').is_some_and(|(file, number)| {
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && file.contains('/')
    });
    is_place || line.trim_start().starts_with('^') || line.starts_with("from ")
}

/// Whether an error only says that something above it ended the program.
pub fn is_consequence(line: &str) -> bool {
    const PHRASES: [&str; 22] = [
        "error found at",
        "error(s) found",
        "fatal errors found",
        "not connected",
        "disconnected",
        "max retries",
        "retries exceeded",
        "too many attempts",
        "giving up",
        "failed to start",
        "startup failed",
        "failed to initiali",
        "could not initiali",
        "initialization failed",
        "initialisation failed",
        "exiting",
        "aborting",
        "terminating",
        "shutting down",
        "command failed",
        "exited with",
        "application run failed",
    ];
    let lower = said(line).to_ascii_lowercase();
    adds_nothing(line, "") || PHRASES.iter().any(|phrase| lower.contains(phrase))
}

pub(super) fn says_connected(lower: &str) -> bool {
    ["connected", "connection established"].iter().any(|word| {
        lower.find(word).is_some_and(|at| {
            let before = &lower[..at];
            let is_start = !before.ends_with(|c: char| c.is_ascii_alphabetic());
            (is_start || before.ends_with("re")) && !before.ends_with("not ")
        })
    })
}
