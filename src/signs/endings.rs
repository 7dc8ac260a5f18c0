//! What the end of a run says by itself.

use super::{
    Certainty,
    Figure::MemoryLimit,
    row::{Row, UNCLEAR, rows},
};
use crate::evidence::Attribution::{Application, Configuration, Unknown};

/// What exit codes and signals have in common: they are a guess.
const ENDING: Row = Row { certainty: Certainty::Guess, attribution: Application, ..UNCLEAR };

/// What exit codes mean: POSIX, "Exit Status for Commands"; BSD `sysexits.h`.
const CODES: &[(i32, Row)] = rows! {
    0 => ENDING { sign: "exit-0", attribution: Unknown,
        cause: "the main process exited without an error: it is not a long-running server, or it forked into the background",
        next_step: "keep the process in the foreground. If it is meant to end, make it a Job" }
    64 => ENDING { sign: "exit-64", attribution: Configuration,
        cause: "the program was called with wrong arguments (exit code 64, EX_USAGE)",
        next_step: "correct `args`" }
    78 => ENDING { sign: "exit-78", attribution: Configuration,
        cause: "the program rejected its configuration (exit code 78, EX_CONFIG)",
        next_step: "correct the program's configuration" }
    126 => ENDING { sign: "exit-126", attribution: Configuration,
        cause: "a shell found a command but could not execute it",
        next_step: "check that the command in `command`, `args` or the script is executable and built for this platform" }
    127 => ENDING { sign: "exit-127", attribution: Configuration, cause: "a shell did not find a command",
        next_step: "correct `command`, `args` or the script that calls it. If they are right, add the command to the image" }
};

/// What signals mean: signal(7) of Linux.
const SIGNALS: &[(i32, Row)] = rows! {
    4 => ENDING { sign: "signal-sigill", attribution: Configuration,
        cause: "the program used an instruction that the node's processor does not have",
        next_step: "build it for an older processor (e.g. x86-64-v2), or choose nodes with a newer one" }
    6 => ENDING { sign: "signal-sigabrt",
        cause: "the program aborted (SIGABRT): a failed assertion, an uncaught exception, or no memory",
        next_step: "check its log and its core dump" }
    7 => ENDING { sign: "signal-sigbus",
        cause: "the program read memory that is not there (SIGBUS): a truncated file, or a full `/dev/shm`",
        next_step: "mount a larger `/dev/shm` (emptyDir with `medium: Memory`). If it is not full, check the core dump" }
    8 => ENDING { sign: "signal-sigfpe", cause: "the program divided by zero or the like (SIGFPE)",
        next_step: "fix the calculation in the program" }
    9 => ENDING { sign: "signal-sigkill", figure: Some(MemoryLimit), attribution: Unknown,
        cause: "the process was killed from outside (SIGKILL), by the node for memory or by another process",
        next_step: "check the node's events and memory for what killed it" }
    11 => ENDING { sign: "signal-sigsegv",
        cause: "the program crashed in native code: it touched memory that is not its own (SIGSEGV)",
        next_step: "compare the versions of native libraries and of the base image with the last good ones. If they are the same, check the core dump" }
};

/// The rows of all codes and signals.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    CODES.iter().chain(SIGNALS).map(|(_, row)| row)
}

/// What an exit code and a signal are taken for where nothing else tells.
pub(super) fn of(code: i32, signal: Option<i32>) -> Option<&'static Row> {
    // shells and runtimes write a signal as 128 and its number
    let signal = signal.unwrap_or(code.saturating_sub(128));
    let of = |table: &'static [(i32, Row)], number| {
        table.iter().find(|(known, _)| *known == number).map(|(_, row)| row)
    };
    of(SIGNALS, signal).or_else(|| of(CODES, code))
}
