//! What a container did over time, as a picture shows it.

use serde::{Deserialize, Serialize};

use crate::{
    model::{Elapsed, Role},
    text::{Clean, words},
};

/// One container of one pod over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// The pod.
    pub pod: Clean,
    /// The container.
    pub container: Clean,
    /// Its part in the pod.
    pub role: Role,
    /// What it did, in order. Between two spans, what was not kept; after the last one, the pod was gone.
    pub spans: Vec<Span>,
    /// What happened at one point, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Spans and marks that were too many to be kept.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u32,
}

/// A time in which a container did the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// What it did.
    pub state: LaneState,
    /// From when on it was seen.
    pub from: Elapsed,
    /// When something else was seen, or the watch ended.
    pub to: Elapsed,
}

words! {
    /// What a container does.
    pub enum LaneState {
        /// Its pod has no node.
        Pending = "pending",
        /// It waits for its start: images, volumes, the containers before it.
        Creating = "creating",
        /// It runs, and is not ready.
        NotReady = "not-ready" / "running, not ready",
        /// It runs and is ready.
        Ready = "ready",
        /// It came to its end, as init containers should.
        Completed = "completed",
        /// Its process ended.
        Terminated = "terminated",
        /// It waits after something failed: `CrashLoopBackOff`, `ImagePullBackOff` and their kin.
        BackingOff = "backing-off" / "backing off",
        /// Nothing is known, since reads failed.
        Unseen = "unseen" / "not seen",
    }
}

/// Something that happened at one point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: Elapsed,
    /// Which kind of thing.
    pub kind: MarkKind,
    /// What, in one line.
    pub what: Clean,
}

words! {
    /// Which kind of thing happened.
    pub enum MarkKind {
        /// A run ended.
        Ended = "ended" / "run ended",
        /// The container was started again.
        Restarted = "restarted",
        /// A warning event told something.
        Event = "event" / "warning event",
        /// The deletion of the pod was asked for.
        Deleted = "deleted" / "deletion asked for",
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}
