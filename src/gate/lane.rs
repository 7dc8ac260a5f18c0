//! What a container did over time, as a picture shows it.

use serde::{Deserialize, Serialize};

use crate::{
    model::{Elapsed, Role},
    text::Clean,
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

/// What a container does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaneState {
    /// Its pod has no node.
    Pending,
    /// It waits for its start: images, volumes, the containers before it.
    Creating,
    /// It runs, and is not ready.
    NotReady,
    /// It runs and is ready.
    Ready,
    /// It came to its end, as init containers should.
    Completed,
    /// Its process ended.
    Terminated,
    /// It waits after something failed: `CrashLoopBackOff`, `ImagePullBackOff` and their kin.
    BackingOff,
    /// Nothing is known, since reads failed.
    Unseen,
}

impl LaneState {
    /// All of them, in the order of a container's life.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Creating,
        Self::NotReady,
        Self::Ready,
        Self::Completed,
        Self::Terminated,
        Self::BackingOff,
        Self::Unseen,
    ];

    /// The words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Creating => "creating",
            Self::NotReady => "running, not ready",
            Self::Ready => "ready",
            Self::Completed => "completed",
            Self::Terminated => "terminated",
            Self::BackingOff => "backing off",
            Self::Unseen => "not seen",
        }
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

/// Which kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    /// A run ended.
    Ended,
    /// The container was started again.
    Restarted,
    /// A warning event told something.
    Event,
    /// The deletion of the pod was asked for.
    Deleted,
}

impl MarkKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ended, Self::Restarted, Self::Event, Self::Deleted];

    /// The words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ended => "run ended",
            Self::Restarted => "restarted",
            Self::Event => "warning event",
            Self::Deleted => "deletion asked for",
        }
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}
