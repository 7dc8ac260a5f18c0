//! What a gate decides, and the fixed checks that reports show it as.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Shown;

/// The decision on a target. A greater one is worse; of several targets the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Complete, and healthy for the whole window, seen without a gap.
    Passed,
    /// A newer rollout replaced the one under watch.
    Superseded,
    /// The gate could not judge.
    Inconclusive,
    /// The deadline passed; neither complete nor proven bad.
    TimedOut,
    /// The new revision is bad.
    Failed,
    /// A signal ended the watch.
    Interrupted,
}

impl Verdict {
    /// The identifier in JSON and in the outputs of CI: one word, for scripts.
    pub const fn id(self) -> &'static str {
        match self {
            Self::TimedOut => "timed_out",
            _ => self.as_str(),
        }
    }

    /// The words, for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Superseded => "superseded",
            Self::Inconclusive => "inconclusive",
            Self::TimedOut => "timed out",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Shown for Verdict {}

/// Why a target could not be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonCode {
    /// There is no such target.
    NotFound,
    /// The target was deleted, also if one of its name came back.
    Deleted,
    /// A selection chose nothing.
    NothingMatched,
    /// A permission is missing.
    Forbidden,
    /// The API server could not be reached.
    ApiUnavailable,
    /// Reads failed for longer than the grace.
    Stale,
    /// The rollout is paused.
    Paused,
    /// No pods are asked for.
    NoReplicas,
    /// This kind of target is not judged.
    Unsupported,
    /// A node does not report, so what it says of its pods may be outdated.
    Nodes,
    /// A newer rollout replaced the one under watch.
    Superseded,
    /// The deadline passed.
    Deadline,
    /// A signal ended the watch.
    Interrupted,
    /// The recording that is replayed ends without a verdict.
    RecordingEnds,
    /// A report could not be written.
    ReportUnwritable,
    /// A fault of this program.
    Internal,
}

impl ReasonCode {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Deleted => "deleted",
            Self::NothingMatched => "nothing-matched",
            Self::Forbidden => "forbidden",
            Self::ApiUnavailable => "api-unavailable",
            Self::Stale => "stale",
            Self::Paused => "paused",
            Self::NoReplicas => "no-replicas",
            Self::Unsupported => "unsupported",
            Self::Nodes => "nodes",
            Self::Superseded => "superseded",
            Self::Deadline => "deadline",
            Self::Interrupted => "interrupted",
            Self::RecordingEnds => "recording-ends",
            Self::ReportUnwritable => "report-unwritable",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Shown for ReasonCode {}

/// The checks of a report: the same ones in the same order on every run, so that a history can be kept of each.
///
/// In JSON each has its identifier, e.g. `containers_running`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Check {
    /// The target is there, may be read, and is judged to the end.
    #[serde(rename = "target_judged")]
    Judged,
    /// The new revision runs the image that was expected.
    #[serde(rename = "expected_image")]
    ExpectedImage,
    /// The controller creates the pods.
    #[serde(rename = "pods_created")]
    PodsCreated,
    /// The scheduler finds nodes for them.
    #[serde(rename = "pods_scheduled")]
    PodsScheduled,
    /// The images are there.
    #[serde(rename = "images_pulled")]
    ImagesPulled,
    /// Volumes, network and configuration are there.
    #[serde(rename = "containers_created")]
    ContainersCreated,
    /// The processes start and keep running.
    #[serde(rename = "containers_running")]
    ContainersRun,
    /// The pods are not lost to their nodes.
    #[serde(rename = "pods_stay")]
    PodsStay,
    /// The rollout comes to its end before the deadline.
    #[serde(rename = "rollout_complete")]
    RolloutCompletes,
    /// The pods become ready and stay so for the window.
    #[serde(rename = "pods_ready")]
    PodsReady,
}

impl Check {
    /// All checks, in the order of reports.
    pub const ALL: [Self; 10] = [
        Self::Judged,
        Self::ExpectedImage,
        Self::PodsCreated,
        Self::PodsScheduled,
        Self::ImagesPulled,
        Self::ContainersCreated,
        Self::ContainersRun,
        Self::PodsStay,
        Self::RolloutCompletes,
        Self::PodsReady,
    ];

    /// The name: it reads on its own, and holds no name, hash, tag or time.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Judged => "target can be judged",
            Self::ExpectedImage => "expected image is used",
            Self::PodsCreated => "pods are created",
            Self::PodsScheduled => "pods are scheduled",
            Self::ImagesPulled => "images are pulled",
            Self::ContainersCreated => "containers are created",
            Self::ContainersRun => "containers keep running",
            Self::PodsStay => "pods stay on their nodes",
            Self::RolloutCompletes => "rollout completes",
            Self::PodsReady => "pods stay ready",
        }
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckResult {
    /// It holds.
    Passed,
    /// The revision is bad.
    Failed,
    /// It could not be judged.
    Error,
    /// It was not evaluated, because something else ended the watch, or was not asked for.
    Skipped,
}
