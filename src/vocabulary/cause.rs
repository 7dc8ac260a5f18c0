//! The closed vocabulary of what can be wrong with a revision.

use super::Check;
use crate::text::words;

words! {
    /// What is wrong: the `cause` of a finding, the `type` of a JUnit failure, the same word everywhere.
    /// The most telling come first.
    pub enum Cause {
        /// The image is not the one that `--expect-image` or the manifest names.
        WrongImage = "wrong-image",
        /// The process could not be started.
        StartError = "start-error",
        /// Terminated with `OOMKilled`.
        OomKilled = "oom-killed",
        /// Killed by the kubelet after its liveness probe failed.
        Liveness = "liveness",
        /// Killed by the kubelet after its startup probe failed.
        Startup = "startup",
        /// The postStart hook failed.
        PostStart = "post-start",
        /// Keeps ending with a code other than 0 or by a signal.
        CrashLoop = "crash-loop",
        /// Keeps ending with code 0, where it should run.
        Exited = "exited",
        /// `InvalidImageName`, `ErrImageNeverPull`.
        ImageName = "image-name",
        /// The image cannot be pulled.
        Image = "image",
        /// `CreateContainerConfigError`.
        Config = "config",
        /// `CreateContainerError` and similar.
        Container = "container",
        /// The controller may not create pods.
        Create = "create",
        /// A volume is missing, or cannot be attached or mounted.
        Mount = "mount",
        /// The pod's network or sandbox cannot be created.
        Sandbox = "sandbox",
        /// The pod cannot be scheduled.
        Pending = "pending",
        /// Evicted for its own use of storage.
        Evicted = "evicted",
        /// Node lost, pressure, preemption, rejected by the node.
        Platform = "platform",
        /// Running, but not ready.
        NotReady = "not-ready",
        /// The controller's progress deadline passed.
        Stalled = "stalled",
        /// A controller gave the update up, and says so in the workload's conditions.
        Condition = "condition",
        /// A Job failed for good.
        JobFailed = "job-failed",
    }
}

impl Cause {
    /// Whether it is the target's as a whole, not one pod's.
    pub const fn is_of_target(self) -> bool {
        matches!(self, Self::Create | Self::Stalled | Self::WrongImage | Self::Condition)
    }

    /// The check that fails with it.
    pub const fn check(self) -> Check {
        match self {
            Self::WrongImage => Check::ExpectedImage,
            Self::Create => Check::PodsCreated,
            Self::Pending => Check::PodsScheduled,
            Self::Image | Self::ImageName => Check::ImagesPulled,
            Self::Config | Self::Container | Self::Mount | Self::Sandbox => {
                Check::ContainersCreated
            }
            Self::StartError
            | Self::OomKilled
            | Self::Liveness
            | Self::Startup
            | Self::PostStart
            | Self::CrashLoop
            | Self::Exited => Check::ContainersRun,
            Self::Evicted | Self::Platform => Check::PodsStay,
            Self::NotReady => Check::PodsReady,
            Self::Stalled | Self::Condition | Self::JobFailed => Check::RolloutCompletes,
        }
    }
}
