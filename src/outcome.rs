//! The one document that every report is made from.

use serde::{Deserialize, Serialize};

use crate::{
    evidence::{Changes, CoverageGap},
    exit::ExitCode,
    gate::{
        self, Check, CheckResult, Finding, FindingState, Gate, GateEvent, NextStep, Policy, Reason,
        ReasonCode, Serving, Undo, Verdict,
    },
    model::{Elapsed, Kind},
    phrases,
    text::{Clean, Untrusted},
    timeline::{Lane, LeftOut, PhaseFacts, Timeline},
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
    /// Nodes that were seen to report at the end of the window, by their Leases; `None` where none could be checked.
    #[serde(default)]
    pub nodes_checked: Option<u64>,
    /// Each target.
    pub targets: Vec<TargetOutcome>,
}

/// The version of the document's schema.
pub const SCHEMA_VERSION: u32 = 1;

impl Outcome {
    /// The outcome of targets that were judged side by side. Without a target it is inconclusive: nothing is not green.
    pub fn new(
        started_at: jiff::Timestamp,
        ended: Elapsed,
        targets: Vec<TargetOutcome>,
        exit_code: ExitCode,
    ) -> Self {
        let worst = targets.iter().map(|target| target.verdict).max();
        Self {
            schema_version: SCHEMA_VERSION,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            verdict: worst.unwrap_or(Verdict::Inconclusive),
            exit_code,
            started_at,
            duration_seconds: ended.as_secs_f64(),
            nodes_checked: targets.iter().filter_map(|target| target.coverage.nodes).max(),
            targets,
        }
    }
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
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
    /// Why it could not be judged; `None` where it was.
    pub reason_code: Option<ReasonCode>,
    /// What to do; empty where nothing is to be done.
    #[serde(flatten, with = "phrases::next_step_fields")]
    pub next_step: NextStep,
    /// How to go back to a revision before, where that would help.
    #[serde(flatten, with = "gate::undo_fields")]
    pub undo: Option<Undo>,
    /// What serves users, as last read; of targets that failed or timed out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serving: Vec<Serving>,
    /// The revision that was judged; `None` where none was found.
    pub revision: Option<RevisionFacts>,
    /// What changed since the revision before; `None` where nothing went wrong, or there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
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
    /// What was too much for it; `None` where it is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline_left_out: Option<LeftOut>,
    /// The parts of the run, in order. Between two that leave a gap, what was not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<PhaseFacts>,
    /// What containers did over time, those of failing pods first; not of all where there are many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lanes: Vec<Lane>,
    /// The limits that were applied.
    pub policy: Policy,
}

impl TargetOutcome {
    /// What a gate decided, and what happened until then.
    pub fn of(gate: &Gate, timeline: &Timeline) -> Self {
        let target = gate.target();
        let [desired, updated, ready, old] = gate.counts();
        let (reads, failed_reads, longest_gap_seconds) = gate.reads();
        let decision = gate.decision();
        let findings = gate.findings();
        let checks = gate.checks().into_iter();
        Self {
            kind: target.kind,
            namespace: Untrusted::from(target.namespace.as_ref()).to_clean_line(63),
            name: Untrusted::from(target.name.as_ref()).to_clean_line(253),
            verdict: decision.map_or(Verdict::Inconclusive, |decision| decision.verdict),
            reason: gate.reason(&findings),
            reason_code: decision.map_or(Some(ReasonCode::Internal), |decision| decision.code),
            next_step: gate.next_step(&findings),
            undo: gate.undo(&findings),
            serving: gate.serving(),
            revision: gate.revision().map(|(name, number, complete_at_start)| RevisionFacts {
                name,
                number,
                images: gate
                    .images()
                    .into_iter()
                    .map(|(container, image)| ContainerImage { container, image })
                    .collect(),
                complete_at_start,
            }),
            changes: gate.changes(),
            rollout: RolloutFacts {
                desired,
                updated,
                ready,
                old,
                completed_at: gate.completed_at(),
                waiting_for: gate.waiting_for().to_vec(),
            },
            window: gate.window().map(|window| WindowFacts {
                opened_at: window.opened,
                required_seconds: window.required_seconds,
                held_seconds: window.held_seconds,
            }),
            checks: checks
                .map(|(check, result, message)| CheckOutcome { check, result, message })
                .collect(),
            findings,
            notes: gate.notes(),
            coverage: Coverage {
                reads,
                failed_reads,
                longest_gap_seconds,
                pods: gate.pods_seen(),
                nodes: gate.nodes_checked(),
                missing: gate.missing().to_vec(),
            },
            timeline: timeline.events().iter().filter_map(TimelineEntry::of).collect(),
            timeline_left_out: timeline.left_out(),
            phases: timeline.phases(decision.map_or_else(|| gate.now(), |decision| decision.at)),
            lanes: timeline.lanes(gate),
            policy: gate.policy().clone(),
        }
    }

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
    /// Whether it was complete when deploygate started.
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

/// One check. In JSON it has an `id` for scripts and a `name` for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "CheckFields", from = "CheckFields")]
pub struct CheckOutcome {
    /// Which.
    pub check: Check,
    /// How it ended.
    pub result: CheckResult,
    /// Why, in one line; empty where it passed.
    pub message: Clean,
}

/// A [`CheckOutcome`] as it is written.
#[derive(Serialize, Deserialize)]
struct CheckFields {
    id: Check,
    name: Clean,
    result: CheckResult,
    message: Clean,
}

impl From<CheckOutcome> for CheckFields {
    fn from(CheckOutcome { check, result, message }: CheckOutcome) -> Self {
        Self { id: check, name: Clean::from_static(check.as_str()), result, message }
    }
}

impl From<CheckFields> for CheckOutcome {
    fn from(CheckFields { id, result, message, .. }: CheckFields) -> Self {
        Self { check: id, result, message }
    }
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
    /// Nodes whose Leases were seen renewed; `None` where none could be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<u64>,
    /// What could not be read.
    pub missing: Vec<CoverageGap>,
}

/// Something that happened, and the sentence that tells it. Progress and grace periods that moved are not told again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// What.
    #[serde(flatten)]
    pub event: GateEvent,
    /// The same in one line.
    pub what: Clean,
}

impl TimelineEntry {
    fn of(event: &GateEvent) -> Option<Self> {
        let what = phrases::event::sentence(event, false)?.whole();
        Some(Self { event: event.clone(), what })
    }
}
