//! The closed vocabulary of what can be wrong with a revision.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Check;

/// What is wrong: the `cause` of a finding, the `type` of a JUnit failure, the same word everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// `--expect-image` does not hold.
    WrongImage,
    /// The process could not be started.
    StartError,
    /// Terminated with `OOMKilled`.
    OomKilled,
    /// Killed by the kubelet after its liveness probe failed.
    Liveness,
    /// Killed by the kubelet after its startup probe failed.
    Startup,
    /// The postStart hook failed.
    PostStart,
    /// Keeps ending with a code other than 0 or by a signal.
    CrashLoop,
    /// Keeps ending with code 0, where it should run.
    Exited,
    /// `InvalidImageName`, `ErrImageNeverPull`.
    ImageName,
    /// The image can't be pulled.
    Image,
    /// `CreateContainerConfigError`.
    Config,
    /// `CreateContainerError` and its kin.
    Container,
    /// The controller may not create pods.
    Create,
    /// A volume is not there.
    Mount,
    /// The pod's network or sandbox can't be made.
    Sandbox,
    /// The pod can't be scheduled.
    Pending,
    /// Evicted for its own use of storage.
    Evicted,
    /// Node lost, pressure, preemption, rejected by the node.
    Platform,
    /// Runs, but is not ready.
    NotReady,
    /// The controller's progress deadline passed.
    Stalled,
    /// A Job failed for good.
    JobFailed,
}

impl Cause {
    /// All causes, the most telling first.
    pub const ALL: [Self; 21] = [
        Self::WrongImage,
        Self::StartError,
        Self::OomKilled,
        Self::Liveness,
        Self::Startup,
        Self::PostStart,
        Self::CrashLoop,
        Self::Exited,
        Self::ImageName,
        Self::Image,
        Self::Config,
        Self::Container,
        Self::Create,
        Self::Mount,
        Self::Sandbox,
        Self::Pending,
        Self::Evicted,
        Self::Platform,
        Self::NotReady,
        Self::Stalled,
        Self::JobFailed,
    ];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongImage => "wrong-image",
            Self::StartError => "start-error",
            Self::OomKilled => "oom-killed",
            Self::Liveness => "liveness",
            Self::Startup => "startup",
            Self::PostStart => "post-start",
            Self::CrashLoop => "crash-loop",
            Self::Exited => "exited",
            Self::ImageName => "image-name",
            Self::Image => "image",
            Self::Config => "config",
            Self::Container => "container",
            Self::Create => "create",
            Self::Mount => "mount",
            Self::Sandbox => "sandbox",
            Self::Pending => "pending",
            Self::Evicted => "evicted",
            Self::Platform => "platform",
            Self::NotReady => "not-ready",
            Self::Stalled => "stalled",
            Self::JobFailed => "job-failed",
        }
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
            Self::Stalled | Self::JobFailed => Check::RolloutCompletes,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl crate::text::Shown for Cause {}

impl FromStr for Cause {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == text).ok_or(())
    }
}
