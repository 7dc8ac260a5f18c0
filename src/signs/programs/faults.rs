//! Programs that stumble over a fault of their own, or lack a right in the cluster.

use super::{
    Certainty,
    detail::Detail,
    row::{PROGRAM, Row},
};
use crate::evidence::Attribution;

pub(super) const ROWS: &[Row] = &[
    // Kubernetes `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go`
    Row {
        sign: "rbac",
        phrases: &[&["is forbidden: user \"system:serviceaccount:"]],
        details: &[
            Detail::Between("is forbidden: user \"", " at the cluster scope"),
            Detail::Rest("is forbidden: "),
        ],
        cause: "the service account lacks a right in the cluster",
        named: "the service account lacks a right in the cluster: {}",
        attribution: Attribution::Configuration,
        next_step: "bind a Role with this right to the service account",
        ..PROGRAM
    },
    // Go's runtime
    Row {
        sign: "nil-pointer",
        phrases: &[&["nil pointer dereference"]],
        cause: "a fault in the program: it used a pointer that is nil",
        attribution: Attribution::Application,
        next_step: "fix the line that the trace names first; a missing setting is often behind it",
        ..PROGRAM
    },
    // V8, OpenJDK, CPython, .NET
    Row {
        sign: "null-value",
        phrases: &[
            &["cannot read properties of undefined"],
            &["cannot read properties of null"],
            &["cannot read property '", "of undefined"],
            &["java.lang.nullpointerexception"],
            &["attributeerror: 'nonetype' object"],
            &["undefined method ", "for nil"],
            &["system.nullreferenceexception"],
            &["object reference not set to an instance"],
        ],
        cause: "a fault in the program: it used a value that is not there",
        attribution: Attribution::Application,
        next_step: "fix the line that the trace names first; a missing setting is often behind it",
        ..PROGRAM
    },
    Row {
        sign: "syntax",
        phrases: &[&["syntaxerror: "], &["parse error: syntax error"]],
        unless: &["json"],
        details: &[Detail::Rest("syntaxerror: ")],
        cause: "the program's source has a syntax error, or is newer than the runtime in the image",
        named: "the program's source has a syntax error, or is newer than the runtime in the image: {}",
        attribution: Attribution::Application,
        next_step: "correct the source, or use a base image with the version that it is written for",
        ..PROGRAM
    },
];

/// That a program stumbled, and no more: after everything that says over what.
pub(super) const GENERAL: &[Row] = &[
    Row {
        sign: "deadlock",
        phrases: &[&["all goroutines are asleep - deadlock!"]],
        cause: "a fault in the program: all its goroutines wait for each other",
        attribution: Attribution::Application,
        next_step: "fix what the traces show that they wait for",
        ..PROGRAM
    },
    // Go, Rust
    Row {
        sign: "panic",
        phrases: &[&["panic: "], &["panicked at "]],
        details: &[Detail::Rest("panic: "), Detail::Rest("panicked at ")],
        cause: "the program panicked",
        named: "the program panicked: {}",
        attribution: Attribution::Application,
        next_step: "fix what the panic and the first line of the program's own in the trace name",
        ..PROGRAM
    },
    // .NET, Java, Node, PHP, C++
    Row {
        sign: "exception",
        phrases: &[
            &["unhandled exception"],
            &["uncaught exception"],
            &["uncaughtexception"],
            &["unhandledpromiserejection"],
            &["unhandled promise rejection"],
            &["exception in thread "],
            &["php fatal error: "],
            &["terminate called after throwing"],
            &["caused by: "],
        ],
        details: &[
            Detail::Rest("unhandled exception. "),
            Detail::Rest("unhandled exception: "),
            Detail::Rest("uncaught exception: "),
            Detail::Rest("exception in thread "),
            Detail::Rest("php fatal error: "),
            Detail::Rest("caused by: "),
        ],
        cause: "an exception that nobody caught ended the program",
        named: "an exception that nobody caught ended the program: {}",
        attribution: Attribution::Application,
        next_step: "fix what the exception and the first line of the program's own in the trace name",
        ..PROGRAM
    },
    Row {
        sign: "crash-report",
        phrases: &[
            &["segmentation fault"],
            &["sigsegv"],
            &["fatal python error: "],
            &["a fatal error has been detected by the java runtime"],
        ],
        unless: &["[signal sigsegv: "],
        details: &[Detail::Rest("fatal python error: ")],
        cause: "a fault in the program's native code: it touched memory that is not its own",
        attribution: Attribution::Application,
        next_step: "compare the versions of native libraries and of the base image with the last good ones",
        ..PROGRAM
    },
    Row {
        sign: "illegal-instruction",
        phrases: &[&["illegal instruction"]],
        cause: "the program used an instruction that the node's processor does not have",
        attribution: Attribution::Configuration,
        next_step: "build it for an older processor (e.g. x86-64-v2 or below), or choose nodes with a newer one",
        ..PROGRAM
    },
    Row {
        sign: "assertion",
        phrases: &[&["assertion failed"], &["assertionerror"], &["assertion `", "failed"]],
        details: &[Detail::Whole],
        cause: "the program gave up at a failed assertion",
        named: "the program gave up at a failed assertion: {}",
        attribution: Attribution::Application,
        next_step: "see what the assertion checks, and fix it or the input",
        certainty: Certainty::Probable,
        ..PROGRAM
    },
];
