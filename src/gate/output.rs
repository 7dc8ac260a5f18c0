//! What the gate answers: facts for reporters, and requests to its driver.

use std::time::Duration;

use super::{Attribution, Cause, Verdict};
use crate::{evidence::EvidenceRequest, model::Elapsed, text::Clean};

/// One answer of the gate; drained after each input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Something to tell.
    Event(GateEvent),
    /// Make a consistent read; its answer is a `Snapshot` or a `ReadFailed`.
    Read,
    /// Read the Leases of these nodes; the answer is a `NodeLeases`.
    ReadLeases(Vec<Clean>),
    /// Fetch evidence; its answer is an `Events` or a `Log`.
    Collect(EvidenceRequest),
}

/// A fact for reporters. It holds no display settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GateEvent {
    /// The new revision was found.
    RevisionPinned {
        /// When.
        at: Elapsed,
        /// Its ReplicaSet.
        revision: Clean,
        /// Its number, as `kubectl rollout history` has it.
        number: Option<u64>,
        /// Its images.
        images: Vec<Clean>,
        /// Whether it was complete when the gate came.
        complete: bool,
    },
    /// How far the rollout is; told when it changes.
    Progress {
        /// When.
        at: Elapsed,
        /// The numbers and what is waited for.
        progress: Progress,
    },
    /// The rollout is complete; the window begins, or begins again.
    WindowOpened {
        /// When.
        at: Elapsed,
        /// How long it has to hold.
        length: Duration,
    },
    /// The window lost its ground.
    WindowBroken {
        /// When.
        at: Elapsed,
        /// What broke it.
        why: Clean,
    },
    /// Something is known from the start that will keep the run from its pass.
    Warned {
        /// When.
        at: Elapsed,
        /// What it is.
        what: Clean,
    },
    /// A cause was seen for the first time.
    FindingSuspected {
        /// When.
        at: Elapsed,
        /// What it is.
        finding: FindingLine,
    },
    /// A cause that is suspected is borne longer, or less long, than was told.
    GraceMoved {
        /// When.
        at: Elapsed,
        /// What it is, with the new end.
        finding: FindingLine,
    },
    /// A cause is beyond its grace or limit.
    FindingConfirmed {
        /// When.
        at: Elapsed,
        /// What it is.
        finding: FindingLine,
    },
    /// A cause is noted and not judged.
    FindingTolerated {
        /// When.
        at: Elapsed,
        /// What it is.
        finding: FindingLine,
    },
    /// A cause healed within its grace.
    FindingResolved {
        /// When.
        at: Elapsed,
        /// What it is.
        finding: FindingLine,
    },
    /// Consistent reads fail.
    ReadsStale {
        /// When.
        at: Elapsed,
        /// The last good one.
        since: Elapsed,
        /// Why.
        why: Clean,
    },
    /// Consistent reads work again.
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
    },
}

impl GateEvent {
    /// When it happened.
    pub const fn at(&self) -> Elapsed {
        match self {
            Self::RevisionPinned { at, .. }
            | Self::Progress { at, .. }
            | Self::WindowOpened { at, .. }
            | Self::WindowBroken { at, .. }
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingLine {
    /// What is wrong.
    pub cause: Cause,
    /// Whose concern it is.
    pub attribution: Attribution,
    /// The container.
    pub container: Option<Clean>,
    /// How many pods show it.
    pub pods: usize,
    /// What happened.
    pub message: Clean,
    /// When it becomes a failure unless it heals.
    pub grace_until: Option<Elapsed>,
}
