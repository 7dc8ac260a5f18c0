//! Programs that run out of memory by their own account.

use super::row::{PROGRAM, Row, rows};

pub(super) const ROWS: &[Row] = rows! {
    // HotSpot: `java.lang.OutOfMemoryError: Java heap space`, Metaspace, unable to create native thread
    PROGRAM { sign: "java-threads", shown_by: "unable to create native thread|unable to create new native thread",
        cause: "the Java program could not start another thread",
        next_step: "see the node's limit of processes per pod (`podPidsLimit`) and how many threads the program starts" }
    PROGRAM { sign: "java-memory",
        shown_by: "java.lang.outofmemoryerror|insufficient memory for the java runtime environment\
            |terminating due to java.lang.outofmemoryerror|could not reserve enough space for",
        names: "outofmemoryerror: <rest>",
        cause: "the Java program has no memory left[: {}]",
        next_step: "raise the heap (`-XX:MaxRAMPercentage`, `-Xmx`) and with it `resources.limits.memory`, or let the program use less" }
    // V8: google-gemini/gemini-cli#15479, vtex/toolbelt#1166
    PROGRAM { sign: "node-memory", shown_by: "javascript heap out of memory",
        cause: "the Node.js program has no heap left",
        next_step: "raise `NODE_OPTIONS=--max-old-space-size` (MiB) and with it `resources.limits.memory`, or let the program use less" }
    // PHP `zend_alloc.c`
    PROGRAM { sign: "php-memory", shown_by: "allowed memory size of ",
        names: "allowed memory size of <> exhausted",
        cause: "the PHP program used more memory than its `memory_limit`[ of {}]",
        next_step: "raise `memory_limit`, or let the program use less" }
    // gunicorn, uWSGI, Celery, Node's cluster, php-fpm: of a worker that the kernel kills they only warn
    PROGRAM { sign: "worker-killed", only_warns: true,
        shown_by: "was sent sigkill!|worker…terminated due to signal 9|worker…killed by signal 9\
            |worker…signal 9 (sigkill)|worker…died…sigkill|child …exited on signal 9",
        cause: "the workers of the program are killed by signal 9 again and again, most likely because the container reaches its memory limit",
        next_step: "raise `resources.limits.memory`, use fewer workers, or let them use less" }
    // Linux' ENOMEM, Go's runtime, Rust's `alloc`, C++, Python, .NET
    PROGRAM { sign: "memory",
        shown_by: "runtime: out of memory|cannot allocate memory|std::bad_alloc|memory allocation of …bytes failed\
            |system.outofmemoryexception|memoryerror|enomem|out of memory|oom-kill",
        cause: "the program has no memory left",
        next_step: "raise `resources.limits.memory`, or let the program use less" }
};
