//! Which line of a program's output tells why it failed: the last one that shows a known sign.
//!
//! Programs also write about faults that are none: what was tried again and went well, what was left out on purpose,
//! what is only information. Such lines tell nothing, and lines that warn or are long past make a guess.

use super::{
    Certainty, Diagnosis, Place, certificate, database, faults, files, memory, network, parts,
    row::{self, Row},
    settings,
};
use crate::text::final_error;

/// Lines of weight after the sign before it is taken for something of the past.
const NEAR: usize = 15;

/// Specific rows before general ones; all are tried on a line before the line above it.
pub(super) const TABLES: [&[Row]; 11] = [
    settings::VARIABLES,
    memory::ROWS,
    database::ROWS,
    certificate::ROWS,
    network::ROWS,
    parts::ROWS,
    faults::ROWS,
    files::ROWS,
    database::GENERAL,
    settings::ROWS,
    faults::GENERAL,
];

/// What a line is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Worth {
    Nothing,
    Guess,
    Sign,
}

/// The cause that the output shows nearest to its end; one that is sound is preferred.
pub(super) fn find(lines: &[&str], place: Place) -> Option<Diagnosis> {
    let mut guess = None;
    let mut lines_after = 0;
    let mut is_connected_later = false;
    let last_error = final_error(lines);
    for (number, line) in lines.iter().enumerate().rev() {
        let line = row::start(line);
        let lower = line.to_ascii_lowercase();
        let worth = worth(line, &lower);
        let shown = match worth {
            Worth::Nothing => None,
            Worth::Guess | Worth::Sign => TABLES
                .iter()
                .copied()
                .flatten()
                .filter(|row| !(row.passes && is_connected_later))
                .find_map(|row| row.in_text(line, &lower)),
        };
        if let Some(found) = shown {
            let mut diagnosis = found.diagnosis(place);
            // the last error is no thing of the past, however much a program says while it ends
            let is_past = lines_after >= NEAR && last_error != Some(number);
            if worth == Worth::Guess || is_past {
                diagnosis.certainty = Certainty::Guess;
            }
            if diagnosis.is_sound() {
                return Some(diagnosis);
            }
            guess.get_or_insert(diagnosis);
        }
        is_connected_later |= says_connected(&lower);
        // the frames of a trace are indented, and the sign is above them
        if !line.is_empty() && !line.starts_with([' ', '\t']) {
            lines_after += 1;
        }
    }
    guess
}

fn worth(line: &str, lower: &str) -> Worth {
    // nothing went wrong, or it did not matter
    const WELL: [&str; 15] = [
        "recovered",
        "ignoring",
        "ignored",
        "skipping",
        "skipped",
        "falling back",
        "fallback",
        "using default",
        "harmless",
        "not an error",
        "no error",
        "without error",
        "errors: 0",
        "errors=0",
        "failed: 0",
    ];
    // it may yet go well
    const AGAIN: [&str; 5] = ["retrying", "will retry", "retry in", "reconnecting", "trying again"];
    let succeeded = ["succeeded", "success"].iter().any(|word| {
        lower.match_indices(word).any(|(at, _)| {
            let before = &lower[..at];
            !before.ends_with("un") && !before.ends_with("not ") && !before.ends_with("without ")
        })
    });
    let none = ["0 error", "0 failed", "0 failure"]
        .iter()
        .any(|none| lower.find(none).is_some_and(|at| !ends_in_digit(&lower[..at])));
    let level = level(line, lower);
    if succeeded || none || level == Some(Level::Low) || WELL.iter().any(|w| lower.contains(w)) {
        Worth::Nothing
    } else if level == Some(Level::Warning) || AGAIN.iter().any(|word| lower.contains(word)) {
        Worth::Guess
    } else {
        Worth::Sign
    }
}

fn ends_in_digit(text: &str) -> bool {
    text.bytes().next_back().is_some_and(|b| b.is_ascii_digit())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Low,
    Warning,
}

/// The level that a line claims for itself, where it is below an error: logfmt, JSON with words or with pino's and
/// bunyan's numbers, brackets, klog's letter before the date, or a word in capitals near the start.
fn level(line: &str, lower: &str) -> Option<Level> {
    const LOW: [&str; 3] = ["info", "debug", "trace"];
    const WARNING: [&str; 2] = ["warn", "warning"];
    let names = |words: &[&str]| {
        words.iter().any(|word| {
            lower.contains(&format!("level={word}"))
                || lower.contains(&format!("level\":\"{word}\""))
                || lower.contains(&format!("level\": \"{word}\""))
                || lower.contains(&format!("[{word}]"))
                || lower.starts_with(&format!("{word}:"))
                || shouts(line, &word.to_ascii_uppercase())
        })
    };
    let number = |numbers: &[&str]| {
        numbers.iter().any(|number| lower.contains(&format!("\"level\":{number},")))
    };
    let klog = |letter: u8| {
        let bytes = line.as_bytes();
        bytes.len() > 5 && bytes[0] == letter && bytes[1..5].iter().all(u8::is_ascii_digit)
    };
    if names(&LOW) || number(&["10", "20", "30"]) || klog(b'I') {
        Some(Level::Low)
    } else if names(&WARNING) || number(&["40"]) || klog(b'W') {
        Some(Level::Warning)
    } else {
        None
    }
}

/// Whether the word stands in capitals among the first ones of the line.
fn shouts(line: &str, word: &str) -> bool {
    let mut words = line.split(|c: char| !c.is_ascii_alphanumeric()).take(12);
    words.any(|candidate| candidate == word)
}

fn says_connected(lower: &str) -> bool {
    ["connected", "connection established"].iter().any(|word| {
        lower.find(word).is_some_and(|at| {
            let before = &lower[..at];
            let is_start = !before.ends_with(|c: char| c.is_ascii_alphabetic());
            (is_start || before.ends_with("re")) && !before.ends_with("not ")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::has_hint;

    fn sign(log: &str) -> Option<(String, Certainty)> {
        let lines: Vec<&str> = log.lines().collect();
        let found = find(&lines, Place::Log)?;
        Some((found.sign.to_string(), found.certainty))
    }

    fn is(log: &str, name: &str, certainty: Certainty) {
        assert_eq!(sign(log), Some((name.to_owned(), certainty)), "{log}");
    }

    #[test]
    fn a_line_of_a_long_log_that_shows_a_sign_is_kept() {
        for row in TABLES.iter().copied().flatten() {
            for phrases in row.phrases {
                let line = phrases.join(" ");
                assert!(has_hint(&line), "{}: {line}: add a word of it to text/rank.rs", row.sign);
            }
        }
    }

    #[test]
    fn the_sign_nearest_to_the_end_tells() {
        is(
            "open /etc/a.yaml: no such file or directory\nfatal: connection refused (db:5432)\n",
            "connection-refused",
            Certainty::Probable,
        );
    }

    #[test]
    fn a_trace_between_the_sign_and_the_end_is_no_distance() {
        let frames = "    at x.y.Z.run(Z.java:12)\n".repeat(40);
        is(
            &format!("Caused by: java.net.ConnectException: Connection refused\n{frames}"),
            "connection-refused",
            Certainty::Probable,
        );
    }

    #[test]
    fn what_is_long_past_or_tried_again_is_a_guess() {
        let rest = "working\n".repeat(NEAR);
        let other = format!("connection refused\n{rest}fatal: unknown region moon");
        is(&other, "connection-refused", Certainty::Guess);
        is("connection refused (db:5432), retrying in 5s", "connection-refused", Certainty::Guess);
        is(
            "level=warning msg=\"open /etc/x: permission denied\"",
            "permission-denied",
            Certainty::Guess,
        );
    }

    #[test]
    fn the_last_error_is_not_past_however_much_is_said_after_it() {
        let rest = "closing connection\n".repeat(300);
        is(
            &format!("starting\nERROR listen :8080: address already in use\n{rest}bye"),
            "address-in-use",
            Certainty::Probable,
        );
    }

    #[test]
    fn a_sound_sign_is_preferred_to_a_guess_after_it() {
        is(
            "panic: open /etc/x: permission denied\nWARN connection refused",
            "permission-denied",
            Certainty::Probable,
        );
    }

    #[test]
    fn a_refusal_before_a_connection_tells_nothing() {
        assert_eq!(sign("connection refused (db:5432)\nconnected to db:5432\nbye"), None);
        assert_eq!(sign("connection refused (db:5432)\nreconnected\nbye"), None);
        is(
            "connection refused (db:5432)\ndisconnected\nnot connected",
            "connection-refused",
            Certainty::Probable,
        );
    }
}
