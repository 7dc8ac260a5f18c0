//! How telling a line of a long log is: by a quick look for hints first, and only then by its words.

use std::{borrow::Cow, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Weight, cap::cut_chars_around, telling};

/// Parts of words, in lower case. A line without any of them does not speak of a failure, and shows no known sign.
#[rustfmt::skip]
const HINTS: &[&str] = &[
    "err", "fail", "fatal", "panic", "exception", "caused by", "traceback", "abort", "crash", "refused", "denied",
    "not ", "n't ", "no ", "cannot", "unable", "invalid", "missing", "requir", "unknown", "undefined", "unexpected",
    "unsupported", "unbound", "unreach", "unset", "unhandled", "uncaught", "unauth", "unavail", "illegal",
    "incompatible", "forbidden", "kill", "timed", "timeout", "deadline", "already ", "must ", "expect", "too ",
    "exceed", "overflow", "memory", "out of", "corrupt", "reject", "mismatch", "expired", "bad ", "wrong", "broken",
    "reset", "lost", "emerg", "crit", "severe", "segfault", "sig", "conflict", "duplicate", "exhaust", "insufficient",
    "null", "nil", "malformed", "lack", "shut", "terminat", "alloc", "enomem", "enoent", "enospc", "eacces", "eperm",
    "emfile", "eaddr", "eai_", "enotfound", "notfound", "ora-0", "hba.conf", "reserved", "maxclients", "system is ",
    "dirty", "inconsistent", "pending", "unapplied", "partialchain", "http response", "in use", "misbehav", "getaddr",
    "nodename", "hang up", "more recent", "autoload", "read-only", "limit", "watchers", "segmentation", "secret_key",
    "improperly", "unrecogn", "yaml: ", "json at ", "toml: ", "deadlock!", "tcp://", "[alert]", "waiting for",
    "found argument", "should be", "adapting config", "file, at line",
];

#[expect(clippy::expect_used, reason = "the hints are compiled in, and few enough")]
static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let mut finder = AhoCorasick::builder();
    finder
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostFirst)
        .build(HINTS)
        .expect("an automaton")
});

/// How much a line tells about why a program failed; 0 is nothing.
pub(super) fn of(line: &str) -> u8 {
    if !has_hint(line) {
        return 0;
    }
    match telling::weigh(&[line]).first() {
        // only the first of these matters, and which one that is shows at the end
        Some(Weight::Farewell) => 1,
        Some(weight) => among(line, *weight),
        None => 0,
    }
}

/// The same for a line whose weight among its neighbours is known.
pub(super) fn among(line: &str, weight: Weight) -> u8 {
    match weight {
        Weight::Nothing | Weight::Farewell => 0,
        Weight::Said => u8::from(has_hint(line)),
        Weight::Warned => 2,
        Weight::Failed => 3,
        Weight::Fatal => 4,
    }
}

/// Whether the line may speak of a failure. It is quick, since it is asked of every line of a long log.
pub fn has_hint(line: &str) -> bool {
    hint_from(line, 0).is_some()
}

/// The most telling byte of a line that is too long: its innermost cause, else its first hint after the start that all lines
/// have in common.
pub(super) fn place(line: &str) -> usize {
    const INNERMOST: [&str; 2] = ["Caused by:", "Traceback (most recent call last)"];
    const START: usize = 256;
    let cause = INNERMOST.iter().filter_map(|words| line.rfind(words)).max();
    cause.or_else(|| hint_from(line, START)).unwrap_or(0)
}

/// The line, cut around its telling words if it has more than `max_chars` characters.
pub fn around(line: &str, max_chars: usize) -> Cow<'_, str> {
    cut_chars_around(line, place(line), max_chars)
}

fn hint_from(line: &str, from: usize) -> Option<usize> {
    let rest = line.as_bytes().get(from..)?;
    FINDER.find(rest).map(|hint| from + hint.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_hint_is_told_in_any_case() {
        for line in ["FATAL: x", "KeyError: 'EUR'", "it does not exist", "Caused by: x", "npm ERR!"]
        {
            assert!(has_hint(line), "{line}");
        }
        for line in ["", "e", "er", "listening on 8080", "closing connection 12", "row imported"] {
            assert!(!has_hint(line), "{line}");
        }
    }

    #[test]
    fn a_hint_in_a_line_that_tells_nothing_is_worth_nothing() {
        assert_eq!(of("2026-11-25 07:52:53 INFO orders - no error"), 0);
        assert!(of("2026-11-25 07:52:53 ERROR orders - no price") > of("WARN no cache"));
    }

    #[test]
    fn a_long_line_tells_most_at_its_innermost_cause() {
        let line = format!(
            "{{\"level\":\"error\",{} Caused by: a {} Caused by: b",
            "x".repeat(600),
            "y".repeat(600)
        );
        assert_eq!(&line[place(&line)..], "Caused by: b");
        let line = format!("{{\"errors\":0,{} connection refused", "x".repeat(600));
        assert_eq!(&line[place(&line)..], "refused");
        assert_eq!(place("nothing"), 0);
    }
}
