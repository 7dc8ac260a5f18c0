//! Pods that used more than they may: killed by the kernel, or evicted by the kubelet.

use super::{
    Figure::MemoryLimitReached,
    row::{Row, UNCLEAR, rows},
};

rows! {
    /// The runtime's reason `OOMKilled`: the kernel killed a process in the container's cgroup.
    OUT_OF_MEMORY = UNCLEAR { sign: "out-of-memory", figure: Some(MemoryLimitReached),
        cause: "the container used more memory than its limit, or than the node has, and the kernel killed it",
        next_step: "raise `resources.limits.memory`, or let the program use less (heap size, workers, caches)" }

    /// What an eviction for a pod's own use of storage means, whatever its text.
    OWN_STORAGE = UNCLEAR { sign: "ephemeral-storage-limit",
        shown_by: "ephemeral local storage usage exceeds|exceeded its local ephemeral storage limit",
        cause: "the program wrote more to its local disk than its limit",
        next_step: "raise `resources.limits.ephemeral-storage` or the emptyDir's `sizeLimit`, or let the program write less" }
}

/// Kubernetes 1.36 `pkg/kubelet/eviction/helpers.go` and `eviction_manager.go`.
pub(super) const ROWS: &[Row] = rows! {
    UNCLEAR { sign: "volume-size-limit", shown_by: "usage of emptydir volume …exceeds the limit", names: "usage of <line>",
        cause: "the program wrote [too much: usage of {}|more into an emptyDir than its `sizeLimit`]",
        next_step: "raise the volume's `sizeLimit`, or let the program write less" }
    OWN_STORAGE {}
};
