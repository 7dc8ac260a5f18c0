use super::*;
use crate::text::has_hint;

fn sign(log: &str) -> Option<(String, Certainty)> {
    let lines: Vec<&str> = log.lines().collect();
    let found = find(&lines, Place::Log, true)?;
    Some((found.sign.to_string(), found.certainty))
}

fn is(log: &str, name: &str, certainty: Certainty) {
    assert_eq!(sign(log), Some((name.to_owned(), certainty)), "{log}");
}

#[test]
fn a_line_of_a_long_log_that_shows_a_sign_is_kept() {
    for row in TABLES.iter().copied().flatten() {
        for phrases in each(row.shown_by) {
            let line = phrases.replace('…', " ");
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
    // the program outlived it, and its last error says something else
    let other = format!("connection refused\n{rest}fatal: unknown region moon");
    is(&other, "last-error", Certainty::Probable);
    let long_ago = format!("fatal: unknown region moon\n{rest}");
    is(&long_ago, "last-error", Certainty::Guess);
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
fn what_the_program_does_not_outlive_is_no_guess() {
    is(
        "starting\nError: failed to start opentelemetry: dial tcp 10.0.0.1:4317: connect: connection refused\nexit status 1",
        "connection-refused",
        Certainty::Probable,
    );
    is(
        "WARNING: no cache\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 'REGION'\n[2026-11-25 07:56:34 +0000] [7] [INFO] Worker exiting (pid: 7)",
        "uncaught-error",
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
