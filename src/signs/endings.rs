//! What the end of a run says by itself.

use super::{
    Certainty,
    detail::Detail,
    row::{KUBERNETES, Row},
};
use crate::evidence::Attribution;

pub(super) const OUT_OF_MEMORY: &[Row] = &[
    // the runtime's reason `OOMKilled`: the kernel killed a process in the container's cgroup
    Row {
        sign: "out-of-memory",
        phrases: &[&["out of memory"]],
        cause: "the container used more memory than it may (or, if it has no limit, than the node has), and the kernel killed it",
        attribution: Attribution::Unknown,
        next_step: "raise `resources.limits.memory`, or let the program use less (heap size, workers, caches)",
        ..KUBERNETES
    },
];

pub(super) const EVICTION: &[Row] = &[
    // Kubernetes 1.36 `pkg/kubelet/eviction/eviction_manager.go`
    Row {
        sign: "volume-size-limit",
        phrases: &[&["usage of emptydir volume ", "exceeds the limit"]],
        details: &[Detail::Between("usage of ", "\n")],
        cause: "the program wrote more into an emptyDir than its `sizeLimit`",
        named: "the program wrote too much: usage of {}",
        attribution: Attribution::Unknown,
        next_step: "raise the volume's `sizeLimit`, or let the program write less",
        ..KUBERNETES
    },
];

pub(super) const EVICTION_GENERAL: &[Row] = &[Row {
    sign: "ephemeral-storage-limit",
    phrases: &[
        &["ephemeral local storage usage exceeds"],
        &["exceeded its local ephemeral storage limit"],
        &["own use of local storage"],
    ],
    cause: "the program wrote more to its local disk than it may",
    attribution: Attribution::Unknown,
    next_step: "raise `resources.limits.ephemeral-storage` or the emptyDir's `sizeLimit`, or let the program write less",
    ..KUBERNETES
}];

/// What exit codes and signals have in common: they are a guess.
const ENDING: Row =
    Row { certainty: Certainty::Guess, attribution: Attribution::Application, ..KUBERNETES };

// POSIX, "Exit Status for Commands"
const NOT_EXECUTABLE: Row = Row {
    sign: "exit-126",
    cause: "a shell found a command and could not execute it",
    attribution: Attribution::Configuration,
    next_step: "see that the command in `command`, `args` or the script is executable and built for this platform",
    ..ENDING
};
const NOT_FOUND: Row = Row {
    sign: "exit-127",
    cause: "a shell did not find a command",
    attribution: Attribution::Configuration,
    next_step: "correct `command`, `args` or the script that calls it, or add the command to the image",
    ..ENDING
};
// BSD `sysexits.h`
const USAGE: Row = Row {
    sign: "exit-64",
    cause: "the program was called with wrong arguments (exit code 64, EX_USAGE)",
    attribution: Attribution::Configuration,
    next_step: "correct `args`",
    ..ENDING
};
const CONFIG: Row = Row {
    sign: "exit-78",
    cause: "the program holds its configuration for wrong (exit code 78, EX_CONFIG)",
    attribution: Attribution::Configuration,
    next_step: "correct the program's configuration",
    ..ENDING
};
const ENDED: Row = Row {
    sign: "exit-0",
    cause: "the main process came to its end without an error: it is no server, or it went to the background",
    attribution: Attribution::Unknown,
    next_step: "let the process run in the foreground, or make it a Job if it is meant to end",
    ..ENDING
};
// signal(7) of Linux
const ILLEGAL: Row = Row {
    sign: "signal-sigill",
    cause: "the program used an instruction that the node's processor does not have",
    attribution: Attribution::Configuration,
    next_step: "build it for an older processor (e.g. x86-64-v2 or below), or choose nodes with a newer one",
    ..ENDING
};
const ABORTED: Row = Row {
    sign: "signal-sigabrt",
    cause: "the program gave up by itself (SIGABRT): a failed assertion, an exception that nobody caught, or no memory",
    next_step: "see its log and its core dump",
    ..ENDING
};
const BUS: Row = Row {
    sign: "signal-sigbus",
    cause: "the program read memory that is not there (SIGBUS): a file that was cut, or a full `/dev/shm`",
    next_step: "mount a larger `/dev/shm` (emptyDir with `medium: Memory`), or see its core dump",
    ..ENDING
};
const ARITHMETIC: Row = Row {
    sign: "signal-sigfpe",
    cause: "the program divided by zero or the like (SIGFPE)",
    next_step: "fix the fault in the program",
    ..ENDING
};
const KILLED: Row = Row {
    sign: "signal-sigkill",
    cause: "the process was killed from outside (SIGKILL), by the node for memory or by another process",
    attribution: Attribution::Unknown,
    next_step: "see the node's events and memory, and what else may kill the process",
    ..ENDING
};
const SEGFAULT: Row = Row {
    sign: "signal-sigsegv",
    cause: "a fault in the program's native code: it touched memory that is not its own (SIGSEGV)",
    next_step: "see its core dump; compare the versions of native libraries and of the base image with the last good ones",
    ..ENDING
};

/// What an exit code and a signal are taken for where nothing else tells.
pub(super) fn of(code: i32, signal: Option<i32>) -> Option<&'static Row> {
    // shells and runtimes write a signal as 128 and its number
    match signal.unwrap_or(code.saturating_sub(128)) {
        4 => return Some(&ILLEGAL),
        6 => return Some(&ABORTED),
        7 => return Some(&BUS),
        8 => return Some(&ARITHMETIC),
        9 => return Some(&KILLED),
        11 => return Some(&SEGFAULT),
        _ => {}
    }
    match code {
        0 => Some(&ENDED),
        64 => Some(&USAGE),
        78 => Some(&CONFIG),
        126 => Some(&NOT_EXECUTABLE),
        127 => Some(&NOT_FOUND),
        _ => None,
    }
}
