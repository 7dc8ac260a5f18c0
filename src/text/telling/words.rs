//! What the words of a line say: that something went wrong, that it did not matter, or nothing new.

/// Words of lines that speak of a failure. In lower case, sorted.
#[rustfmt::skip]
const FAILING: &[&str] = &[
    "abort", "aborted", "bad", "broken", "cannot", "cant", "conflict", "conflicting", "corrupt", "corrupted",
    "couldn", "crash", "crashed", "denied", "disallowed", "duplicate", "err", "error", "errors", "exceeded",
    "exceeds", "exception", "exhausted", "expired", "fail", "failed", "failing", "fails", "failure", "fatal",
    "forbidden", "illegal", "improper", "incompatible", "insufficient", "invalid", "killed", "lacks", "malformed",
    "misconfigured", "mismatch", "missing", "must", "nil", "null", "panic", "panicked", "refused", "rejected",
    "required", "requires", "segfault", "sigkill", "sigsegv", "timeout", "unable", "unauthorized", "unavailable",
    "unbound", "uncaught", "undefined", "unexpected", "unhandled", "unknown", "unmet", "unreachable",
    "unreadable", "unrecognised", "unrecognized", "unresolved", "unset", "unspecified", "unsupported", "wrong",
];

/// Negations, which make a line speak of a failure: `is not set`, `does not exist`, `can't open`.
const NEGATIONS: [&str; 4] = ["no", "not", "t", "without"];

/// Words of lines that say that an error did not matter.
#[rustfmt::skip]
const WELL: [&str; 15] = [
    "recovered", "ignoring", "ignored", "skipping", "skipped", "falling back", "fallback", "using default",
    "harmless", "not an error", "no error", "without error", "errors: 0", "errors=0", "failed: 0",
];

/// Words of lines that say that the program tries again, or continues without.
#[rustfmt::skip]
const AGAIN: [&str; 15] = [
    "retrying", "will retry", "retry in", "reconnecting", "trying again", "try again in", "next attempt",
    "continuing", "will continue", "proceeding without", "running without", "is optional", "reporting is disabled",
    "is disabled, ", "reporting is off",
];

/// Parts of a program that observe it: it may continue if they fail.
#[rustfmt::skip]
const WATCHERS: [&str; 12] = [
    "otlp", "opentelemetry", "telemetry", "exporter", "exporting traces", "exporting metrics", "export spans",
    "export traces", "sentry", "datadog", "jaeger", "newrelic",
];

/// Words that only say that a program failed or ends. In lower case, sorted.
#[rustfmt::skip]
const EMPTY: &[&str] = &[
    "a", "abnormally", "abort", "aborted", "aborting", "above", "after", "all", "already", "an", "and", "any",
    "app", "application", "are", "at", "attempt", "attempts", "be", "because", "been", "boot", "booting", "bye",
    "can", "cannot", "check", "child", "clean", "cleanly", "code", "command", "complete", "completed", "config",
    "configuration", "container", "core", "could", "couldn", "crash", "crashed", "create", "crit", "critical",
    "details", "did", "does", "done", "down", "due", "dumped", "during", "elifecycle", "emerg", "end", "ended",
    "ending", "err", "error", "errors", "exception", "exceptions", "exit", "exited", "exiting", "fail", "failed",
    "failure", "failures", "fatal", "file", "finished", "for", "found", "from", "give", "giving", "goodbye", "got", "graceful",
    "gracefully", "had", "halting", "has", "have", "in", "info", "init", "initialise", "initialization",
    "initialize", "initialized", "initializing", "is", "it", "java", "last", "lifecycle", "limit", "load",
    "loaded", "loading", "log", "logs", "machine", "main", "max", "maximum", "message", "messages", "more", "non",
    "not", "now", "npm", "occurred", "of", "on", "option", "output", "per", "please", "previous", "problem",
    "process", "program", "quit", "quitting", "reached", "reason", "refer", "request", "result", "retries",
    "retry", "returned", "run", "running", "s", "script", "see", "server", "service", "shutdown", "shutting",
    "some", "start", "started", "starting", "startup", "status", "stop", "stopped", "stopping", "succeeded",
    "successfully", "system", "t", "task", "terminate", "terminated", "terminating", "the", "there", "this",
    "time", "times", "to", "too", "tried", "try", "trying", "unable", "unexpectedly", "unsuccessful", "up",
    "virtual", "waiting", "was", "were", "while", "will", "with", "worker", "workers", "wrong", "zero",
];

fn is_border(c: char) -> bool {
    !c.is_ascii_alphanumeric()
}

/// Whether something went wrong. The line is in lower case, here and below.
pub(super) fn speaks_of_failure(lower: &str) -> bool {
    let mut before = "";
    for word in lower.split(is_border).filter(|word| !word.is_empty()) {
        if FAILING.binary_search(&word).is_ok() && !matches!(before, "no" | "0" | "without") {
            return true;
        }
        // `not found`, `doesn't exist`, `no such file`
        if NEGATIONS.contains(&before) && !matches!(word, "error" | "errors" | "longer") {
            return true;
        }
        before = word;
    }
    ["too many", "out of", "timed out", "in use", "doesn't", "isn't"]
        .iter()
        .any(|p| lower.contains(p))
}

/// Whether nothing went wrong, or it did not matter.
pub(super) fn speaks_of_success(lower: &str) -> bool {
    let succeeded = ["succeeded", "success"].iter().any(|word| {
        lower.match_indices(word).any(|(at, _)| {
            let before = &lower[..at];
            !["un", "not ", "without "].iter().any(|no| before.ends_with(no))
        })
    });
    let none = ["0 error", "0 failed", "0 failure"].iter().any(|none| {
        lower.find(none).is_some_and(|at| !lower[..at].ends_with(|c: char| c.is_ascii_digit()))
    });
    succeeded || none || WELL.iter().any(|word| lower.contains(word))
}

/// Whether the program tries again or continues.
pub(super) fn speaks_of_more_to_come(lower: &str) -> bool {
    AGAIN.iter().any(|word| lower.contains(word))
}

/// Whether the line is about what only observes the program.
pub(super) fn is_of_watcher(lower: &str) -> bool {
    WATCHERS.iter().any(|word| lower.contains(word))
}

/// Whether the line says that the program gives up, which is more than that it ends.
pub(super) fn gives_up(lower: &str) -> bool {
    lower.contains("giving up") || lower.contains("gave up")
}

/// Whether the line says nothing beyond that the program failed or ends, and what is known already.
pub(super) fn adds_nothing(lower: &str, known: &str) -> bool {
    let is_specific =
        ["not found", "no such", "not set", "out of"].iter().any(|p| lower.contains(p));
    let mut words = lower.split(is_border).filter(|word| !word.is_empty());
    (!is_specific || !known.is_empty())
        && words.all(|word| {
            word.bytes().all(|b| b.is_ascii_digit())
                || EMPTY.binary_search(&word).is_ok()
                || known.split(is_border).any(|known| known == word)
        })
}

/// Whether the line says that the program was asked to end, or ends in order.
pub(super) fn speaks_of_shutdown(lower: &str) -> bool {
    #[rustfmt::skip]
    const ASKED: [&str; 12] = [
        "sigterm", "signal 15", "signal: terminated", "signal terminated", "received signal", "shutting down",
        "shutdown requested", "shutdown signal", "graceful shutdown", "gracefully", "shutdown initiated",
        "stopping server",
    ];
    ASKED.iter().any(|word| lower.contains(word))
}

/// Whether the line is about the end of the program, or of one of its processes: gunicorn's and Sentry's words too.
pub(super) fn speaks_of_end(lower: &str) -> bool {
    speaks_of_shutdown(lower)
        || ["worker exiting", "is attempting to send"].iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_for_their_search() {
        assert!(FAILING.is_sorted() && EMPTY.is_sorted());
    }

    #[test]
    fn a_line_speaks_of_a_failure_or_does_not() {
        for (line, expected) in [
            ("unknown region moon", true),
            ("the file does not exist", true),
            ("can't start", true),
            ("port 80 is already in use", true),
            ("0 errors", false),
            ("no errors", false),
            ("listening on 8080", false),
            ("terrific", false),
        ] {
            assert_eq!(speaks_of_failure(line), expected, "{line}");
        }
    }

    #[test]
    fn a_line_that_adds_nothing_has_only_empty_or_known_words() {
        for (line, known, expected) in [
            ("[error] aborting", "", true),
            ("error: a fatal exception has occurred. program will exit.", "", true),
            ("error: could not create the java virtual machine.", "", true),
            ("npm error code 1", "", true),
            ("exit status 2", "", true),
            ("fatal: unknown region moon", "", false),
            ("error: config file not found", "", false),
            ("fatal: no database db:5432", "dial db:5432: refused", false),
            ("fatal: db:5432 failed", "dial db:5432: refused", true),
        ] {
            assert_eq!(adds_nothing(line, known), expected, "{line}");
        }
    }
}
