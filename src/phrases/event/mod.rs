//! What happens in a run: facts that are told while it lasts, and again in every report.

mod words;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use words::{Sentence, ready, rollout, sentence};

use crate::{
    evidence::Attribution,
    model::{Elapsed, seconds},
    text::Clean,
    vocabulary::{Cause, ReasonCode, Verdict},
};

/// A fact for reporters. It holds no display settings. In JSON, `event` is its word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum GateEvent {
    /// The target is not judged yet; told again when something else is awaited.
    Awaiting {
        /// When.
        at: Elapsed,
        /// What is awaited.
        what: Clean,
        /// Until when.
        until: Elapsed,
    },
    /// The workload has settings of its own, by its annotations or its labels.
    SettingsTaken {
        /// When.
        at: Elapsed,
        /// Those that hold for it, and how long the run can last now, where that is longer than before.
        what: Clean,
    },
    /// The new revision was found.
    RevisionPinned {
        /// When.
        at: Elapsed,
        /// The object that holds it, e.g. its ReplicaSet.
        revision: Clean,
        /// Its number, as `kubectl rollout history` has it.
        number: Option<u64>,
        /// The images of its containers, in their order.
        images: Vec<Clean>,
        /// Whether it was complete when deploygate started.
        complete: bool,
    },
    /// How far the rollout is; told when it changes.
    Progress {
        /// When.
        at: Elapsed,
        /// The numbers, and what is waited for.
        progress: Progress,
    },
    /// The rollout is complete; the window begins, or begins again.
    WindowOpened {
        /// When.
        at: Elapsed,
        /// How long the pods have to stay healthy.
        #[serde(rename = "required_seconds", with = "seconds")]
        length: Duration,
    },
    /// A pod was not healthy in the window, which begins again once the rollout is complete.
    WindowBroken {
        /// When.
        at: Elapsed,
        /// What broke it.
        why: Clean,
    },
    /// The window is over: the target would pass, and waits for the others of its release.
    WindowHeld {
        /// When.
        at: Elapsed,
        /// How long the pods stayed healthy.
        #[serde(rename = "held_seconds", with = "seconds")]
        length: Duration,
    },
    /// Something is known from the start that weakens the verdict, or that will keep the run from a pass.
    Warned {
        /// When.
        at: Elapsed,
        /// What it is.
        warning: Clean,
    },
    /// A cause is seen for the first time, or again after it had recovered.
    FindingSuspected {
        /// When.
        at: Elapsed,
        /// What it is.
        #[serde(flatten)]
        finding: FindingLine,
    },
    /// The grace period of a suspected cause ends later, or sooner, than was told.
    GraceMoved {
        /// When.
        at: Elapsed,
        /// What it is, with the new end.
        #[serde(flatten)]
        finding: FindingLine,
    },
    /// A cause is beyond its grace period or limit.
    FindingConfirmed {
        /// When.
        at: Elapsed,
        /// What it is.
        #[serde(flatten)]
        finding: FindingLine,
    },
    /// A cause is reported and not judged.
    FindingTolerated {
        /// When.
        at: Elapsed,
        /// What it is.
        #[serde(flatten)]
        finding: FindingLine,
    },
    /// A cause recovered within its grace period.
    FindingResolved {
        /// When.
        at: Elapsed,
        /// What it is.
        #[serde(flatten)]
        finding: FindingLine,
    },
    /// Consistent reads fail.
    ReadsStale {
        /// When.
        at: Elapsed,
        /// The last one that succeeded.
        since: Elapsed,
        /// Why.
        why: Clean,
    },
    /// Consistent reads succeed again.
    ReadsFresh {
        /// When.
        at: Elapsed,
    },
    /// The verdict.
    Decided {
        /// When.
        at: Elapsed,
        /// What it is. Why is told at the end of the run, with evidence that comes in after it.
        verdict: Verdict,
        /// Why the target could not be judged; `None` where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_code: Option<ReasonCode>,
    },
}

impl GateEvent {
    /// When it happened.
    pub const fn at(&self) -> Elapsed {
        match self {
            Self::Awaiting { at, .. }
            | Self::SettingsTaken { at, .. }
            | Self::RevisionPinned { at, .. }
            | Self::Progress { at, .. }
            | Self::WindowOpened { at, .. }
            | Self::WindowBroken { at, .. }
            | Self::WindowHeld { at, .. }
            | Self::FindingSuspected { at, .. }
            | Self::GraceMoved { at, .. }
            | Self::FindingConfirmed { at, .. }
            | Self::FindingTolerated { at, .. }
            | Self::FindingResolved { at, .. }
            | Self::ReadsStale { at, .. }
            | Self::Warned { at, .. }
            | Self::ReadsFresh { at }
            | Self::Decided { at, .. } => *at,
        }
    }
}

/// How far a rollout is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Pods that should run.
    pub desired: u64,
    /// Pods of the new revision that exist.
    pub updated: u64,
    /// Those that are ready.
    pub ready: u64,
    /// Pods of old revisions that still exist.
    pub old: u64,
    /// What is waited for, the first thing first; empty when complete.
    pub waiting_for: Vec<Clean>,
}

/// A finding in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingLine {
    /// What is wrong.
    pub cause: Cause,
    /// Whose concern it is.
    pub attribution: Attribution,
    /// The container; `None` where the cause is of the pod or of the target.
    pub container: Option<Clean>,
    /// How many pods show it or showed it.
    pub pods: usize,
    /// What happened.
    pub message: Clean,
    /// When it becomes a failure unless it recovers; `None` where no grace period applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_until: Option<Elapsed>,
}

impl FindingLine {
    /// Whether both tell of one finding, however much of it was known when each was told.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.cause, &self.container) == (other.cause, &other.container)
    }
}
