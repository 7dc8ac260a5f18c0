//! What a gate decides, and the fixed checks that reports show it as.

use serde::{Deserialize, Serialize};

use crate::text::words;

words! {
    /// The decision on a target. A greater one is worse; of several targets the worst counts.
    pub enum Verdict {
        /// Complete, and healthy for the whole window, seen without a gap.
        Passed = "passed",
        /// A newer rollout replaced the one under watch.
        Superseded = "superseded",
        /// The gate could not judge.
        Inconclusive = "inconclusive",
        /// The deadline passed; neither complete nor proven bad.
        TimedOut = "timed_out" / "timed out",
        /// The new revision is bad.
        Failed = "failed",
        /// A signal ended the watch.
        Interrupted = "interrupted",
    }
}

words! {
    /// Why a target could not be judged.
    pub enum ReasonCode {
        /// There is no such target.
        NotFound = "not-found",
        /// The target was deleted, also if one of its name came back.
        Deleted = "deleted",
        /// A selection chose nothing.
        NothingMatched = "nothing-matched",
        /// A permission is missing.
        Forbidden = "forbidden",
        /// The API server could not be reached.
        ApiUnavailable = "api-unavailable",
        /// Reads failed for longer than the grace.
        Stale = "stale",
        /// The rollout is paused.
        Paused = "paused",
        /// No pods are asked for.
        NoReplicas = "no-replicas",
        /// This kind of target is not judged.
        Unsupported = "unsupported",
        /// A node does not report, so what it says of its pods may be outdated.
        Nodes = "nodes",
        /// A newer rollout replaced the one under watch.
        Superseded = "superseded",
        /// The deadline passed.
        Deadline = "deadline",
        /// A signal ended the watch.
        Interrupted = "interrupted",
        /// The recording that is replayed ends without a verdict.
        RecordingEnds = "recording-ends",
        /// A report could not be written.
        ReportUnwritable = "report-unwritable",
        /// A fault of this program.
        Internal = "internal",
    }
}

words! {
    /// The checks of a report: the same ones in the same order on every run, so that a history can be kept of each.
    ///
    /// In JSON each has its identifier, e.g. `containers_running`.
    pub enum Check {
        /// The target is there, may be read, and is judged to the end.
        Judged = "target_judged" / "target can be judged",
        /// The new revision runs the image that was expected.
        ExpectedImage = "expected_image" / "expected image is used",
        /// The controller creates the pods.
        PodsCreated = "pods_created" / "pods are created",
        /// The scheduler finds nodes for them.
        PodsScheduled = "pods_scheduled" / "pods are scheduled",
        /// The images are there.
        ImagesPulled = "images_pulled" / "images are pulled",
        /// Volumes, network and configuration are there.
        ContainersCreated = "containers_created" / "containers are created",
        /// The processes start and keep running.
        ContainersRun = "containers_running" / "containers keep running",
        /// The pods are not lost to their nodes.
        PodsStay = "pods_stay" / "pods stay on their nodes",
        /// The rollout comes to its end before the deadline.
        RolloutCompletes = "rollout_complete" / "rollout completes",
        /// The pods become ready and stay so for the window.
        PodsReady = "pods_ready" / "pods stay ready",
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
