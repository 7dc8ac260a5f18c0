//! What is decided on a target, and why one could not be judged.

use crate::text::words;

words! {
    /// The decision on a target. A greater one is worse; of several targets the worst counts.
    pub enum Verdict {
        /// Complete, and healthy for the whole window, seen without a gap.
        Passed = "passed",
        /// A newer rollout replaced the one that was watched.
        Superseded = "superseded",
        /// The target could not be judged: a [`ReasonCode`] says why.
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
        /// The target was not found.
        NotFound = "not-found",
        /// The target was deleted, even if another of its name exists now.
        Deleted = "deleted",
        /// A selection chose nothing.
        NothingMatched = "nothing-matched",
        /// A permission is missing.
        Forbidden = "forbidden",
        /// The API server could not be reached.
        ApiUnavailable = "api-unavailable",
        /// Reads failed for longer than the grace period.
        Stale = "stale",
        /// The rollout is paused.
        Paused = "paused",
        /// The workload has 0 replicas.
        NoReplicas = "no-replicas",
        /// This kind of target is not judged.
        Unsupported = "unsupported",
        /// An annotation of the workload that sets a limit is not understood.
        Policy = "policy",
        /// It did not become what was awaited: it still is what it was at the start.
        NotUpdated = "not-updated",
        /// The image has a digest where a tag was expected, so that it cannot be told whether it is the one.
        Unverified = "unverified",
        /// Its rollout goes on, or it has not been healthy for long enough.
        RollingOut = "rolling-out",
        /// A node stopped reporting, so what it says of its pods may be outdated.
        Nodes = "nodes",
        /// Another target of the release failed before this one was decided.
        Stopped = "stopped",
        /// A newer rollout replaced the one that was watched.
        Superseded = "superseded",
        /// The deadline passed.
        Deadline = "deadline",
        /// A signal ended the watch.
        Interrupted = "interrupted",
        /// The recording that is replayed ends before a verdict.
        RecordingEnds = "recording-ends",
        /// A report could not be written.
        ReportUnwritable = "report-unwritable",
        /// A fault of this program.
        Internal = "internal",
    }
}
