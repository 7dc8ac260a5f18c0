//! Programs that run out of memory by their own account.

use super::{
    Figure::MemoryLimit,
    row::{PROGRAM, Row, rows},
};

pub(super) const ROWS: &[Row] = rows! {
    // HotSpot: `java.lang.OutOfMemoryError: Java heap space`, Metaspace, unable to create native thread
    PROGRAM { sign: "java-threads", shown_by: "unable to create native thread|unable to create new native thread",
        cause: "the Java program could not start another thread",
        next_step: "check how many threads the program starts. If it needs them, raise the node's limit per pod (`podPidsLimit`)" }
    PROGRAM { sign: "java-memory", figure: Some(MemoryLimit),
        shown_by: "java.lang.outofmemoryerror|insufficient memory for the java runtime environment\
            |terminating due to java.lang.outofmemoryerror|could not reserve enough space for",
        names: "outofmemoryerror: <rest>",
        cause: "the Java program ran out of memory[: {}]",
        next_step: "raise the heap (`-XX:MaxRAMPercentage`, `-Xmx`) and `resources.limits.memory` with it" }
    // V8: google-gemini/gemini-cli#15479, vtex/toolbelt#1166
    PROGRAM { sign: "node-memory", figure: Some(MemoryLimit), shown_by: "javascript heap out of memory",
        cause: "the Node.js program ran out of heap memory",
        next_step: "raise `NODE_OPTIONS=--max-old-space-size` (MiB) and `resources.limits.memory` with it" }
    // PHP `zend_alloc.c`
    PROGRAM { sign: "php-memory", figure: Some(MemoryLimit), shown_by: "allowed memory size of ",
        names: "allowed memory size of <> exhausted",
        cause: "the PHP program used more memory than its `memory_limit`[ of {}]",
        next_step: "raise `memory_limit`, or let the program use less" }
    // gunicorn, uWSGI, Celery, Node's cluster, php-fpm: of a worker that the kernel kills they only warn
    PROGRAM { sign: "worker-killed", figure: Some(MemoryLimit), only_warns: true,
        shown_by: "was sent sigkill!|worker…terminated due to signal 9|worker…killed by signal 9\
            |worker…signal 9 (sigkill)|worker…died…sigkill|child …exited on signal 9",
        cause: "the program's workers are killed by signal 9 again and again, most likely because the container reaches its memory limit",
        next_step: "raise `resources.limits.memory`, or use fewer workers" }
    // Linux' ENOMEM, Go's runtime, Rust's `alloc`, C++, Python, .NET
    PROGRAM { sign: "memory", figure: Some(MemoryLimit),
        shown_by: "runtime: out of memory|cannot allocate memory|std::bad_alloc|memory allocation of …bytes failed\
            |system.outofmemoryexception|memoryerror|enomem|out of memory|oom-kill",
        cause: "the program ran out of memory",
        next_step: "raise `resources.limits.memory`, or let the program use less" }
};
