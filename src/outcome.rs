//! The one document that every report is made from.

use serde::{Deserialize, Serialize};

use crate::{
    evidence::CoverageGap,
    exit::ExitCode,
    gate::{Check, CheckResult, Finding, FindingState, Policy, ReasonCode, Verdict},
    model::{Elapsed, Kind},
    text::Clean,
};

/// What a run decided on all its targets, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The version of this document's schema; fields may be added within one.
    pub schema_version: u32,
    /// The version of the program.
    pub tool_version: String,
    /// The worst verdict of all targets.
    pub verdict: Verdict,
    /// What the program ends with.
    pub exit_code: ExitCode,
    /// When the watch began, by the clock of the machine that ran the gate.
    pub started_at: jiff::Timestamp,
    /// How long it took.
    pub duration_seconds: f64,
    /// Each target.
    pub targets: Vec<TargetOutcome>,
}

/// What was decided on one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetOutcome {
    /// Its kind, e.g. `deployment`.
    pub kind: Kind,
    /// Its namespace.
    pub namespace: Clean,
    /// Its name.
    pub name: Clean,
    /// The decision.
    pub verdict: Verdict,
    /// Why, in one line.
    pub reason: Clean,
    /// Why it could not be judged; `None` where it was.
    pub reason_code: Option<ReasonCode>,
    /// What to do, in one line; empty where nothing is to be done.
    pub next_step: Clean,
    /// The revision that was judged; `None` where none was found.
    pub revision: Option<RevisionFacts>,
    /// The numbers of the rollout, as last seen.
    pub rollout: RolloutFacts,
    /// The window; `None` where it did not begin.
    pub window: Option<WindowFacts>,
    /// The fixed checks, in their order.
    pub checks: Vec<CheckOutcome>,
    /// What was found, the most telling first.
    pub findings: Vec<Finding>,
    /// What weakens or explains the verdict.
    pub notes: Vec<Clean>,
    /// What was read, and what could not be.
    pub coverage: Coverage,
    /// What happened when.
    pub timeline: Vec<TimelineEntry>,
    /// The limits that were applied.
    pub policy: Policy,
}

impl TargetOutcome {
    /// The findings that decided.
    pub fn confirmed(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.state == FindingState::Confirmed)
    }
}

/// The revision that was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RevisionFacts {
    /// Its ReplicaSet.
    pub name: Clean,
    /// Its number, as `kubectl rollout history` has it.
    pub number: Option<u64>,
    /// The images of its template, by container.
    pub images: Vec<ContainerImage>,
    /// Whether it was complete when the gate came.
    pub complete_at_start: bool,
}

/// The image that a template names for a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContainerImage {
    /// The container.
    pub container: Clean,
    /// The image.
    pub image: Clean,
}

/// The numbers of a rollout.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RolloutFacts {
    /// Pods that should run.
    pub desired: u64,
    /// Pods of the new revision that existed.
    pub updated: u64,
    /// Those that were ready.
    pub ready: u64,
    /// Pods of old revisions that still existed.
    pub old: u64,
    /// When the rollout was complete.
    pub completed_at: Option<Elapsed>,
    /// What was still waited for.
    pub waiting_for: Vec<Clean>,
}

/// The window, as it last stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowFacts {
    /// When it began; later than the rollout's end if it had to begin again.
    pub opened_at: Elapsed,
    /// How long it had to hold.
    pub required_seconds: f64,
    /// How long it held.
    pub held_seconds: f64,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckOutcome {
    /// Which.
    pub name: Check,
    /// How it ended.
    pub result: CheckResult,
    /// Why, in one line; empty where it passed.
    pub message: Clean,
}

/// What the verdict rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Consistent reads that succeeded.
    pub reads: u64,
    /// Those that failed.
    pub failed_reads: u64,
    /// The longest time without a consistent read, in seconds.
    pub longest_gap_seconds: f64,
    /// Pods of the new revision that were seen.
    pub pods: u64,
    /// What could not be read.
    pub missing: Vec<CoverageGap>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// When.
    pub at: Elapsed,
    /// What.
    pub what: Clean,
}
