//! How runs of containers end.

use super::{counted, length};
use crate::{
    clean,
    model::{ContainerState, Termination},
    text::Clean,
    vocabulary::Cause,
};

/// How a run ended, as far as is known, and how often the container was restarted.
pub fn restarts(cause: Cause, end: Option<&Termination>, restarts: u32, allowed: u32) -> Clean {
    let what = match end {
        Some(end) => ended(cause, end),
        None => Clean::from_static("it restarted between two reads"),
    };
    let restarts = clean!("{} ({} allowed)", counted(restarts, "restart"), allowed);
    // it ends with the words of a runtime
    let is_quote = cause == Cause::StartError;
    if is_quote { clean!("{}; {}", what, restarts) } else { clean!("{}, {}", what, restarts) }
}

/// A run that ended before deploygate started.
pub fn earlier(end: &Termination, restarts: u32) -> Clean {
    let what = ended(Cause::CrashLoop, end);
    clean!("before deploygate started: {}, {}", what, counted(restarts, "restart"))
}

/// A pod that ended with its container, and how many in a row did.
pub fn of_pod(cause: Cause, end: &Termination, in_a_row: u64) -> Clean {
    match (ended(cause, end), in_a_row) {
        (what, 0 | 1) => what,
        (what, more) => clean!("{}; {} pods in a row ended and were replaced", what, more),
    }
}

/// A Job that failed for good, and how the last of its containers ended.
pub fn last_attempt(why: &Clean, end: &Termination) -> Clean {
    clean!("{}; last attempt: {}", why, ended(Cause::CrashLoop, end))
}

/// How a run ended, in a sentence.
fn ended(cause: Cause, end: &Termination) -> Clean {
    let how = match how(end) {
        // a side remark: the program outlived it
        how if cause != Cause::OomKilled && end.ran_out_of_memory() => {
            clean!("{} (earlier, one of its processes was OOM-killed)", how)
        }
        how => how,
    };
    match cause {
        Cause::OomKilled => clean!("out of memory: {}", how),
        Cause::Liveness => clean!("killed by the kubelet after its liveness probe failed: {}", how),
        Cause::Startup => clean!("killed by the kubelet after its startup probe failed: {}", how),
        Cause::PostStart => clean!("its postStart hook failed: {}", how),
        Cause::StartError => match end.message.to_clean_line(super::kubernetes::MESSAGE) {
            text if text.is_empty() => clean!("the process could not be started: {}", how),
            text => clean!("the process could not be started: {}", text),
        },
        Cause::Evicted => Clean::from_static("evicted for its own use of local storage"),
        _ => how,
    }
}

fn how(end: &Termination) -> Clean {
    let code = exit_code(end);
    match end.lifetime() {
        Some(lifetime) if lifetime.as_secs() == 0 => clean!("{} after less than 1s", code),
        Some(lifetime) => clean!("{} after {}", code, length(lifetime)),
        None => code,
    }
}

fn exit_code(end: &Termination) -> Clean {
    match end.signal().and_then(signal_name) {
        Some(name) => clean!("exit code {} ({})", end.exit_code, Clean::from_static(name)),
        None => clean!("exit code {}", end.exit_code),
    }
}

/// The name of a signal of Linux on common machines.
pub const fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        10 => "SIGUSR1",
        11 => "SIGSEGV",
        12 => "SIGUSR2",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => return None,
    })
}

/// A container's state in a line.
pub fn state(state: &ContainerState) -> Clean {
    match state {
        ContainerState::Absent => Clean::from_static("unknown"),
        ContainerState::Running { started_at: None } => Clean::from_static("running"),
        ContainerState::Running { started_at: Some(since) } => clean!("running since {}", since),
        ContainerState::Waiting(waiting) => clean!("waiting: {}", waiting.reason.to_clean_line(80)),
        ContainerState::Terminated(end) => termination(end),
    }
}

/// The end of a run in a line, with Kubernetes' word for it and its times.
pub fn termination(end: &Termination) -> Clean {
    let what = match end.reason.to_clean_line(80) {
        reason if reason.is_empty() => clean!("terminated: {}", exit_code(end)),
        reason => clean!("terminated ({}): {}", reason, exit_code(end)),
    };
    match (end.started_at, end.finished_at) {
        (Some(started), Some(finished)) => clean!("{}, from {} to {}", what, started, finished),
        (None, Some(finished)) => clean!("{}, at {}", what, finished),
        _ => what,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn end(code: i32, reason: &str, seconds: Option<u32>) -> Termination {
        let mut end = json!({"exitCode": code, "reason": reason});
        if let Some(seconds) = seconds {
            end["startedAt"] = json!("2026-01-01T00:00:00Z");
            end["finishedAt"] =
                json!(format!("2026-01-01T00:{:02}:{:02}Z", seconds / 60, seconds % 60));
        }
        serde_json::from_value(end).unwrap()
    }

    #[test]
    fn an_end_is_told_in_a_sentence() {
        for (cause, end, expected) in [
            (
                Cause::CrashLoop,
                end(139, "Error", Some(1)),
                "exit code 139 (SIGSEGV) after 1s, 1 restart (0 allowed)",
            ),
            (
                Cause::CrashLoop,
                end(3, "Error", Some(119)),
                "exit code 3 after 1m59s, 1 restart (0 allowed)",
            ),
            (
                Cause::CrashLoop,
                end(3, "Error", Some(0)),
                "exit code 3 after less than 1s, 1 restart (0 allowed)",
            ),
            (
                Cause::OomKilled,
                end(137, "OOMKilled", None),
                "out of memory: exit code 137 (SIGKILL), 1 restart (0 allowed)",
            ),
            (
                Cause::CrashLoop,
                end(3, "OOMKilled", None),
                "exit code 3 (earlier, one of its processes was OOM-killed), 1 restart (0 allowed)",
            ),
        ] {
            assert_eq!(&*restarts(cause, Some(&end), 1, 0), expected);
        }
        let unseen = restarts(Cause::CrashLoop, None, 2, 1);
        assert_eq!(&*unseen, "it restarted between two reads, 2 restarts (1 allowed)");
    }

    #[test]
    fn signals_go_by_their_names_on_linux() {
        let names = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM";
        for (number, name) in (1..).zip(names.split(' ')) {
            assert_eq!(signal_name(number), Some(&*format!("SIG{name}")));
        }
        let rare = [24, 25, 31].map(signal_name);
        assert_eq!(rare, [Some("SIGXCPU"), Some("SIGXFSZ"), Some("SIGSYS")]);
        assert_eq!([0, 16, 64, -1].map(signal_name), [None; 4]);
    }

    #[test]
    fn a_state_is_told_in_a_line() {
        let line = |value: serde_json::Value| state(&serde_json::from_value(value).unwrap());
        let cases = [
            (json!({}), "unknown"),
            (json!({"running": {}}), "running"),
            (
                json!({"running": {"startedAt": "2026-01-02T00:00:02Z"}}),
                "running since 2026-01-02 00:00:02 UTC",
            ),
            (json!({"waiting": {"reason": "ErrImagePull"}}), "waiting: ErrImagePull"),
            (
                json!({"terminated": {"exitCode": 1, "reason": "Error"}}),
                "terminated (Error): exit code 1",
            ),
            (json!({"terminated": {"exitCode": 1}}), "terminated: exit code 1"),
        ];
        for (state, expected) in cases {
            assert_eq!(&*line(state), expected);
        }
    }
}
