//! Programs that run out of memory by their own account.

use super::{
    detail::Detail,
    row::{PROGRAM, Row},
};
use crate::evidence::Attribution;

pub(super) const ROWS: &[Row] = &[
    // HotSpot: `java.lang.OutOfMemoryError: Java heap space`, Metaspace, unable to create native thread
    Row {
        sign: "java-threads",
        phrases: &[&["unable to create native thread"], &["unable to create new native thread"]],
        cause: "the Java program could not start another thread",
        attribution: Attribution::Unknown,
        next_step: "see the node's limit of processes per pod (`podPidsLimit`) and how many threads the program starts",
        ..PROGRAM
    },
    Row {
        sign: "java-memory",
        phrases: &[
            &["java.lang.outofmemoryerror"],
            &["insufficient memory for the java runtime environment"],
            &["terminating due to java.lang.outofmemoryerror"],
            &["could not reserve enough space for"],
        ],
        details: &[Detail::Rest("outofmemoryerror: ")],
        cause: "the Java program has no memory left",
        named: "the Java program has no memory left: {}",
        attribution: Attribution::Unknown,
        next_step: "raise the heap (`-XX:MaxRAMPercentage`, `-Xmx`) and with it `resources.limits.memory`, or let the program use less",
        ..PROGRAM
    },
    // V8: google-gemini/gemini-cli#15479, vtex/toolbelt#1166
    Row {
        sign: "node-memory",
        phrases: &[&["javascript heap out of memory"]],
        cause: "the Node.js program has no heap left",
        attribution: Attribution::Unknown,
        next_step: "raise `NODE_OPTIONS=--max-old-space-size` (MiB) and with it `resources.limits.memory`, or let the program use less",
        ..PROGRAM
    },
    // PHP `zend_alloc.c`
    Row {
        sign: "php-memory",
        phrases: &[&["allowed memory size of "]],
        details: &[Detail::Between("allowed memory size of ", " exhausted")],
        cause: "the PHP program used more memory than its `memory_limit`",
        named: "the PHP program used more memory than its `memory_limit` of {}",
        attribution: Attribution::Unknown,
        next_step: "raise `memory_limit`, or let the program use less",
        ..PROGRAM
    },
    // gunicorn, uWSGI, Celery, Node's cluster, php-fpm: of a worker that the kernel kills they only warn
    Row {
        sign: "worker-killed",
        phrases: &[
            &["was sent sigkill!"],
            &["worker", "terminated due to signal 9"],
            &["worker", "killed by signal 9"],
            &["worker", "signal 9 (sigkill)"],
            &["worker", "died", "sigkill"],
            &["child ", "exited on signal 9"],
        ],
        cause: "the workers of the program are killed by signal 9 again and again, most likely because the container reaches its memory limit",
        attribution: Attribution::Unknown,
        next_step: "raise `resources.limits.memory`, use fewer workers, or let them use less",
        only_warns: true,
        ..PROGRAM
    },
    // Linux' ENOMEM, Go's runtime, Rust's `alloc`, C++, Python, .NET
    Row {
        sign: "memory",
        phrases: &[
            &["runtime: out of memory"],
            &["cannot allocate memory"],
            &["std::bad_alloc"],
            &["memory allocation of ", "bytes failed"],
            &["system.outofmemoryexception"],
            &["memoryerror"],
            &["enomem"],
            &["out of memory"],
            &["oom-kill"],
        ],
        cause: "the program has no memory left",
        attribution: Attribution::Unknown,
        next_step: "raise `resources.limits.memory`, or let the program use less",
        ..PROGRAM
    },
];
