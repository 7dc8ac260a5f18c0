//! Which part of a pod's life failed.

/// Which part of a pod's life failed: it decides which texts can tell why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scene {
    /// The controller could not create pods.
    Creation,
    /// The scheduler found no node.
    Scheduling,
    /// The image could not be pulled.
    Image,
    /// A volume was not there.
    Volume,
    /// The pod's network or sandbox could not be made.
    Sandbox,
    /// The container could not be created or started.
    Container,
    /// The node rejected the pod, evicted it for its own sake, or was lost with it.
    Rejection,
    /// The container was killed for its memory.
    OutOfMemory,
    /// The pod was evicted for its own use of storage.
    Eviction,
    /// The process ended.
    Run,
    /// The liveness probe failed.
    Liveness,
    /// The startup probe failed.
    Startup,
    /// The container runs and is not ready.
    Readiness,
}

impl Scene {
    pub(super) const ALL: [Self; 13] = [
        Self::Creation,
        Self::Scheduling,
        Self::Image,
        Self::Volume,
        Self::Sandbox,
        Self::Container,
        Self::Rejection,
        Self::OutOfMemory,
        Self::Eviction,
        Self::Run,
        Self::Liveness,
        Self::Startup,
        Self::Readiness,
    ];
}
