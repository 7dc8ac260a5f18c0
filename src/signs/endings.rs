//! What the end of a run says by itself.

use super::{
    Certainty,
    row::{Row, UNCLEAR, rows},
};
use crate::evidence::Attribution::{Application, Configuration, Unknown};

pub(super) const OUT_OF_MEMORY: &[Row] = rows! {
    // the runtime's reason `OOMKilled`: the kernel killed a process in the container's cgroup
    UNCLEAR { sign: "out-of-memory", shown_by: "out of memory",
        cause: "the container used more memory than it may (or, if it has no limit, than the node has), and the kernel killed it",
        next_step: "raise `resources.limits.memory`, or let the program use less (heap size, workers, caches)" }
};

pub(super) const EVICTION: &[Row] = rows! {
    // Kubernetes 1.36 `pkg/kubelet/eviction/eviction_manager.go`
    UNCLEAR { sign: "volume-size-limit", shown_by: "usage of emptydir volume …exceeds the limit",
        names: "usage of <line>",
        cause: "the program wrote [too much: usage of {}|more into an emptyDir than its `sizeLimit`]",
        next_step: "raise the volume's `sizeLimit`, or let the program write less" }
};

pub(super) const EVICTION_GENERAL: &[Row] = rows! {
    UNCLEAR { sign: "ephemeral-storage-limit",
        shown_by: "ephemeral local storage usage exceeds|exceeded its local ephemeral storage limit\
            |own use of local storage",
        cause: "the program wrote more to its local disk than it may",
        next_step: "raise `resources.limits.ephemeral-storage` or the emptyDir's `sizeLimit`, or let the program write less" }
};

/// What exit codes and signals have in common: they are a guess.
const ENDING: Row = Row { certainty: Certainty::Guess, attribution: Application, ..UNCLEAR };

/// What exit codes mean: POSIX, "Exit Status for Commands"; BSD `sysexits.h`.
const CODES: &[(i32, Row)] = rows! {
    0 => ENDING { sign: "exit-0", attribution: Unknown,
        cause: "the main process came to its end without an error: it is no server, or it went to the background",
        next_step: "let the process run in the foreground, or make it a Job if it is meant to end" }
    64 => ENDING { sign: "exit-64", attribution: Configuration,
        cause: "the program was called with wrong arguments (exit code 64, EX_USAGE)",
        next_step: "correct `args`" }
    78 => ENDING { sign: "exit-78", attribution: Configuration,
        cause: "the program holds its configuration for wrong (exit code 78, EX_CONFIG)",
        next_step: "correct the program's configuration" }
    126 => ENDING { sign: "exit-126", attribution: Configuration,
        cause: "a shell found a command and could not execute it",
        next_step: "see that the command in `command`, `args` or the script is executable and built for this platform" }
    127 => ENDING { sign: "exit-127", attribution: Configuration, cause: "a shell did not find a command",
        next_step: "correct `command`, `args` or the script that calls it, or add the command to the image" }
};

/// What signals mean: signal(7) of Linux.
const SIGNALS: &[(i32, Row)] = rows! {
    4 => ENDING { sign: "signal-sigill", attribution: Configuration,
        cause: "the program used an instruction that the node's processor does not have",
        next_step: "build it for an older processor (e.g. x86-64-v2 or below), or choose nodes with a newer one" }
    6 => ENDING { sign: "signal-sigabrt",
        cause: "the program gave up by itself (SIGABRT): a failed assertion, an exception that nobody caught, or no memory",
        next_step: "see its log and its core dump" }
    7 => ENDING { sign: "signal-sigbus",
        cause: "the program read memory that is not there (SIGBUS): a file that was cut, or a full `/dev/shm`",
        next_step: "mount a larger `/dev/shm` (emptyDir with `medium: Memory`), or see its core dump" }
    8 => ENDING { sign: "signal-sigfpe", cause: "the program divided by zero or the like (SIGFPE)",
        next_step: "fix the fault in the program" }
    9 => ENDING { sign: "signal-sigkill", attribution: Unknown,
        cause: "the process was killed from outside (SIGKILL), by the node for memory or by another process",
        next_step: "see the node's events and memory, and what else may kill the process" }
    11 => ENDING { sign: "signal-sigsegv",
        cause: "a fault in the program's native code: it touched memory that is not its own (SIGSEGV)",
        next_step: "see its core dump; compare the versions of native libraries and of the base image with the last good ones" }
};

/// What an exit code and a signal are taken for where nothing else tells.
pub(super) fn of(code: i32, signal: Option<i32>) -> Option<&'static Row> {
    // shells and runtimes write a signal as 128 and its number
    let signal = signal.unwrap_or(code.saturating_sub(128));
    let of = |table: &'static [(i32, Row)], number| {
        table.iter().find(|(known, _)| *known == number).map(|(_, row)| row)
    };
    of(SIGNALS, signal).or_else(|| of(CODES, code))
}
