//! Programs that stumble over a fault of their own, or lack a right in the cluster.

use super::row::{CODE, Row, SETTING, rows};

pub(super) const ROWS: &[Row] = rows! {
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go`
    SETTING { sign: "rbac", shown_by: "is forbidden: user \"system:serviceaccount:",
        names: "is forbidden: user \"<> at the cluster scope|is forbidden: <rest>",
        cause: "the service account lacks a permission in the cluster[: {}]",
        next_step: "bind a Role with this permission to the service account" }
    // Go's runtime
    CODE { sign: "nil-pointer", shown_by: "nil pointer dereference",
        cause: "a bug in the program: it used a nil pointer",
        next_step: "fix the line that the trace names first. If it reads a setting, check that the setting is there" }
    // V8, OpenJDK, CPython, .NET
    CODE { sign: "null-value",
        shown_by: "cannot read properties of undefined|cannot read properties of null\
            |cannot read property '…of undefined|java.lang.nullpointerexception|attributeerror: 'nonetype' object\
            |undefined method …for nil|system.nullreferenceexception|object reference not set to an instance",
        cause: "a bug in the program: it used a value that is not there",
        next_step: "fix the line that the trace names first. If it reads a setting, check that the setting is there" }
    CODE { sign: "syntax", shown_by: "syntaxerror: |parse error: syntax error",
        unless: "json",
        names: "syntaxerror: <rest>",
        cause: "the program's source has a syntax error, or is newer than the runtime in the image[: {}]",
        next_step: "correct the source. If it is written for a newer version, use a base image with that version" }
};

/// That a program stumbled, and no more: after everything that says over what.
pub(super) const GENERAL: &[Row] = rows! {
    CODE { sign: "deadlock", shown_by: "all goroutines are asleep - deadlock!",
        cause: "a bug in the program: all its goroutines wait for each other",
        next_step: "fix the deadlock that the traces show" }
    // Go, Rust
    CODE { sign: "panic", shown_by: "panic: |panicked at ",
        names: "panic: <rest>|panicked at <rest>",
        cause: "the program panicked[: {}]",
        next_step: "fix this error, at the first line of the program's own code in the trace" }
    // .NET, Java, Node, PHP, C++
    CODE { sign: "exception",
        shown_by: "unhandled exception|uncaught exception|uncaughtexception|unhandledpromiserejection\
            |unhandled promise rejection|exception in thread |php fatal error: |terminate called after throwing\
            |caused by: ",
        names: "unhandled exception. <rest>|unhandled exception: <rest>|uncaught exception: <rest>\
            |exception in thread <rest>|php fatal error: <rest>|caused by: <rest>",
        cause: "an uncaught exception ended the program[: {}]",
        next_step: "fix this error, at the first line of the program's own code in the trace" }
    CODE { sign: "crash-report",
        shown_by: "segmentation fault|sigsegv|fatal python error: \
            |a fatal error has been detected by the java runtime",
        unless: "[signal sigsegv: ",
        names: "fatal python error: <rest>",
        cause: "the program crashed in native code: [{}|it touched memory that is not its own]",
        next_step: "compare the versions of native libraries and of the base image with the last good ones" }
    SETTING { sign: "illegal-instruction", shown_by: "illegal instruction",
        cause: "the program used an instruction that the node's processor does not have",
        next_step: "build it for an older processor (e.g. x86-64-v2), or choose nodes with a newer one" }
    CODE { sign: "assertion", shown_by: "assertion failed|assertionerror|assertion `…failed",
        names: "<text>",
        cause: "an assertion in the program failed[: {}]",
        next_step: "check what the assertion requires, and fix the program or its input" }
};
