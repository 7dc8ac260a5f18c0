//! The decision core: observations and time go in, facts, requests and a verdict come out.
//!
//! No clock, no I/O, no async, no Kubernetes client: a live run and a replay drive the same code. In which order a read is
//! evaluated and conclusions are drawn is in this file; what happens with any other observation is in `drive.rs`. Where to
//! find a rule:
//!
//! | question | file |
//! |---|---|
//! | what differs from kind to kind: which revision is new, when it is complete, what its controller says | `kind/` |
//! | from when on is it judged, if it is to change or come first | `awaiting.rs` |
//! | what does the workload itself say of its limits | `annotated.rs` |
//! | which workload and revision are judged, since when restarts count | `pin.rs`, `revision.rs` |
//! | is the workload still there and the same, does it ask for pods; what is done with a pod | `workload.rs`; `pod.rs` |
//! | what is wrong with a pod, why its runs ended, whether they count; what a message means | `pods/`; `texts.rs`, by `signs` |
//! | what the status of a custom resource says; which pods belong to it | `conditions.rs`; `family.rs` |
//! | may the controller create pods; is the image the one that is expected | `creation.rs`; `expected/` |
//! | how long may it last | `findings/`, `policy/` |
//! | how many pods are missing; what is waited for; what is said at the deadline | `complete.rs`; `waiting.rs`; `overdue/` |
//! | do Services still find the pods | `services.rs` |
//! | what old pods hold the rollout up, or block an ordered update | `leftovers.rs` |
//! | did the pods stay healthy for the window; does a pass wait for other targets; are they healthy now | `health.rs`, `window.rs`; `passing.rs`; `present.rs` |
//! | by when must the rollout be complete, did the controller give up by itself | `deadline.rs`; `progress.rs`, `given_up.rs` |
//! | how ended runs and pods become findings, how a Job's own end decides | `ends.rs`, `ending.rs` |
//! | which target needs a person first | `urgency.rs` |
//! | are the reads fresh, what may not be read; do the nodes still report, which are lost | `reads/`; `nodes/` |
//! | how all that becomes a verdict | `judge.rs` |
//! | when is something due, how is the gate driven, what is told while it runs | `timers.rs`, `drive.rs`, `told.rs` |
//! | which evidence is asked for, and what could not be read | `collect/`, `missing.rs` |
//! | which signs of a cause are searched, with which figures it is told, and what it hangs on; what it is compared with | `why/`; `compare.rs`, `old_pods.rs` |
//! | why a verdict fell and what to do, in parts; the words of all that is told | `reason.rs`; `phrases` |
//! | which revisions serve, which one to go back to, by which command; may that be done | `history/`, `undo.rs`; `rollback.rs` |
//! | what reports are made from | `facts/`; about one pod: `judged_pod.rs` |

mod annotated;
mod awaiting;
mod collect;
mod compare;
mod complete;
mod conditions;
mod creation;
mod deadline;
mod drive;
mod ending;
mod ends;
mod expected;
mod facts;
mod family;
mod finding;
mod findings;
mod given_up;
mod health;
mod history;
mod judge;
mod judged_pod;
mod kind;
mod leftovers;
mod missing;
mod names;
mod nodes;
mod old_pods;
mod output;
mod overdue;
mod passing;
mod pin;
mod pod;
mod pods;
mod policy;
mod present;
mod progress;
mod reads;
mod reason;
mod revision;
mod rollback;
mod services;
mod stray;
#[cfg(test)]
pub(crate) mod tests;
mod texts;
mod timers;
mod told;
mod undo;
mod urgency;
mod waiting;
mod wanted_condition;
mod why;
mod window;
mod workload;

use std::collections::VecDeque;

pub use crate::{
    evidence::Attribution,
    phrases::{NextStep, ending::signal_name},
    vocabulary::{Cause, Check, CheckResult, FindingState, ReasonCode, Verdict},
};
pub use facts::{
    CheckOutcome, ContainerImage, Coverage, Decision, RevisionFacts, RolloutFacts, WindowFacts,
};
pub use finding::{Ago, Finding};
pub use history::Serving;
pub use judged_pod::JudgedPod;
pub use output::{FindingLine, GateEvent, Output, Progress};
pub use passing::HeldPass;
pub use policy::{
    Annotations, Bounds, Grace, Later, MinReady, Origin, Policy, Rule, Seconds, Section, Setting,
    SettingFact, Source, Value, duration,
};
pub use reason::{Reason, Said, SaidIn};
pub use rollback::{Restore, blocking_restore, obstacle};
pub use stray::{Loop, restart_loop};
pub use undo::{Undo, fields as undo_fields};
pub use urgency::{Trouble, Urgency};
pub use wanted_condition::WantedCondition;

use crate::{
    model::{Elapsed, ServerClock, TargetRef},
    observation::Snapshot,
    text::Clean,
};
use deadline::{Deadline, OwnDeadline};
use pods::{churn, ledger, reading, restarts, runs, sight, stuck, symptom, termination, unready};

/// The state machine that judges one target: to be fed by [`handle`](Self::handle) and
/// [`handle_timeout`](Self::handle_timeout), and drained by [`poll_output`](Self::poll_output) after each.
#[derive(Debug)]
pub struct Gate {
    target: TargetRef,
    policy: Policy,
    now: Elapsed,
    timers: timers::TimerTable,
    pin: Option<revision::Pin>,
    ledger: ledger::Ledger,
    old_pods: old_pods::OldPods,
    room: creation::Room,
    server_clock: ServerClock,
    findings: findings::Findings,
    history: history::History,
    reads: reads::Reads,
    nodes: nodes::Nodes,
    lost_nodes: nodes::LostNodes,
    services: services::Services,
    window: Option<window::Window>,
    passing: passing::Passing,
    present: present::Present,
    counts: kind::Counts,
    /// The conditions of completeness that the last read missed.
    unmet: Vec<kind::Unmet>,
    waiting_for: Vec<Clean>,
    completed_at: Option<Elapsed>,
    /// What weakens a pass, and is told where nobody overlooks it.
    warned: Option<Clean>,
    awaiting: awaiting::Awaiting,
    deadline: Deadline,
    own_deadline: OwnDeadline,
    collection: collect::Collection,
    told: told::Told,
    missing: missing::Missing,
    going: workload::Going,
    leftovers: leftovers::Leftovers,
    /// Why the workload must not be rolled back, as last read.
    obstacle: Option<crate::vocabulary::Refusal>,
    /// Where an Argo Rollout waits for someone, as last read, and whether that is taken for complete.
    held: Option<(kind::Hold, bool)>,
    /// What the status of a custom resource says.
    conditions: conditions::Conditions,
    /// What is to be said of the settings that the workload has for itself.
    notes_on_settings: Vec<Clean>,
    decision: Option<Decision>,
    outputs: VecDeque<Output>,
}

impl Gate {
    /// The order in which a consistent read is evaluated: the workload, its revisions, its pods, the rollout as a whole.
    fn evaluate(&mut self, snapshot: &Snapshot) {
        let begun = self.reads.succeed(self.now, snapshot.begun);
        self.server_clock.set(snapshot.server_time, self.now);
        self.going.with_namespace |= snapshot.namespace_deleted.is_some();
        self.going.instead.clone_from(&snapshot.instead);
        if self.is_awaited(snapshot, begun) {
            return;
        }
        let Some(workload) = &snapshot.workload else { return self.observe_absence() };
        let known = self.pin_workload(workload, snapshot);
        if self.decision.is_some() {
            return;
        }
        self.observe_workload(workload);
        if self.decision.is_some() {
            return;
        }
        self.observe_lost_nodes(workload, snapshot);
        let is_first_sight = self.revision_judged().is_none();
        if is_first_sight {
            self.pin_revision(workload, &known, snapshot);
            self.observe_progress(workload);
        }
        self.observe_family(workload, snapshot);
        if self.decision.is_some() {
            return;
        }
        self.observe_revisions(workload, &known, snapshot);
        self.observe_room(snapshot);
        self.observe_leftovers(workload, snapshot);
        self.observe_refusals(&known);
        if is_first_sight {
            self.decide_counting(workload, snapshot);
        }

        self.forget_all_but(snapshot, begun);
        for pod in snapshot.pods() {
            self.observe_pod(pod, is_first_sight);
        }
        self.observe_blocking(workload, snapshot);

        self.observe_given_up(workload, true);
        self.observe_ending(workload, is_first_sight);
        self.observe_rollout(workload, snapshot);
        self.look_at_services(workload, snapshot);
    }

    /// The order in which conclusions are drawn: what proves the revision bad comes first.
    fn conclude(&mut self) {
        if self.decision.is_some() {
            return;
        }
        self.judge_ended_runs();
        self.judge_stalled();
        self.judge_findings();
        self.judge_reads();
        if self.decision.is_none() {
            self.tell_moved_graces();
            self.set_timers();
        }
    }
}
