//! The decision core: observations and time go in, facts, requests and a verdict come out.
//!
//! No clock, no I/O, no async, no Kubernetes client: a live run and a replay drive the same code.
//! Where to find a rule:
//!
//! | question | file |
//! |---|---|
//! | which revision is new, when it is complete, what its controller says | `kind/`, a file per kind |
//! | since when do restarts count | `revision.rs` |
//! | what is wrong with a pod in one reading | `symptom.rs`, `stuck.rs`; what its message means: `signs`, weighed in `texts.rs` |
//! | what a pod waits for that shows no error | `unready/` |
//! | why did a run end, and does it count | `termination.rs`, `fate.rs`, `runs.rs`, `restarts.rs` |
//! | how ended runs and pods become findings | `ends.rs` |
//! | what is remembered of pods, also of those that are gone | `ledger.rs` |
//! | are its pods replaced again and again | `churn.rs` |
//! | may the controller create pods | `creation.rs` |
//! | how long may it last | `findings/`, `policy.rs` |
//! | when is something due | `timers.rs` |
//! | did the pods stay healthy for the window | `health.rs`, `window.rs` |
//! | is the image the one that is expected | `expected.rs` |
//! | did the controller give up by itself | `progress.rs`, `given_up.rs` |
//! | how a Job's own end decides | `ending.rs` |
//! | are the reads fresh, do the nodes still report, which are lost | `reads.rs`, `nodes.rs`, `lost_nodes.rs` |
//! | how an observation is taken in | `observe.rs` |
//! | how all that becomes a verdict | `judge.rs` |
//! | what old pods hold the rollout up, or block an ordered update | `leftovers.rs` |
//! | what is waited for, and what is said at the deadline | `waiting.rs` |
//! | which signs of a cause are searched, and with which figures it is told | `why.rs`, `sharpen.rs` |
//! | which evidence is asked for | `collect/` |
//! | the words of events, findings, reasons and hints | `phrases` |
//! | why a verdict fell and what to do, in parts | `reason.rs` |
//! | which revisions serve, which one to go back to, and by which command | `history.rs`, `undo.rs`, `deployer.rs` |
//! | what a failure is compared with | `compare.rs` |
//! | what reports are made from | `facts/`; about one pod: `judged_pod.rs` |

mod churn;
mod collect;
mod compare;
mod creation;
mod deadline;
mod deployer;
mod ending;
mod ends;
mod expected;
mod facts;
mod fate;
mod finding;
mod findings;
mod given_up;
mod health;
mod history;
mod judge;
mod judged_pod;
mod kind;
mod ledger;
mod leftovers;
mod lost_nodes;
mod missing;
mod names;
mod nodes;
mod observe;
mod output;
mod policy;
mod progress;
mod reads;
mod reason;
mod restarts;
mod revision;
mod runs;
mod sharpen;
mod stuck;
mod symptom;
mod termination;
#[cfg(test)]
pub(crate) mod tests;
mod texts;
mod timers;
mod undo;
mod unready;
mod waiting;
mod why;
mod window;

use std::collections::VecDeque;

pub use facts::{
    CheckOutcome, ContainerImage, Coverage, Decision, RevisionFacts, RolloutFacts, WindowFacts,
};
pub use finding::Finding;
pub use history::Serving;
pub use judged_pod::JudgedPod;
pub use output::{FindingLine, GateEvent, Output, Progress};
pub(crate) use policy::is_word;
pub use policy::{Grace, MinReady, Policy, Seconds};
pub use reason::{Reason, Said, SaidIn};
pub use undo::{Undo, fields as undo_fields};

pub use crate::{
    evidence::Attribution,
    phrases::{NextStep, ending::signal_name},
    vocabulary::{Cause, Check, CheckResult, FindingState, ReasonCode, Verdict},
};

use collect::Collection;
use compare::OldPods;
use creation::Room;
use deadline::{Deadline, OwnDeadline};
use findings::Findings;
use history::History;
use kind::{Counts, Hold, Unmet};
use ledger::Ledger;
use leftovers::Leftovers;
use lost_nodes::LostNodes;
use missing::Missing;
use nodes::Nodes;
use reads::Reads;
use revision::{Pin, Revision};
use timers::{Timer, TimerTable};
use window::Window;

use crate::{
    model::{Elapsed, ServerClock, TargetRef},
    observation::{Observed, Signal},
    phrases::{self, Account},
    text::Clean,
};

/// The state machine that judges one target.
///
/// Feed it with [`handle`](Self::handle) and [`handle_timeout`](Self::handle_timeout), and drain
/// [`poll_output`](Self::poll_output) after each.
#[derive(Debug)]
pub struct Gate {
    target: TargetRef,
    policy: Policy,
    now: Elapsed,
    timers: TimerTable,
    pin: Option<Pin>,
    ledger: Ledger,
    old_pods: OldPods,
    room: Room,
    server_clock: ServerClock,
    findings: Findings,
    history: History,
    reads: Reads,
    nodes: Nodes,
    lost_nodes: LostNodes,
    window: Option<Window>,
    counts: Counts,
    /// The conditions of completeness that the last read missed.
    unmet: Vec<Unmet>,
    waiting_for: Vec<Clean>,
    completed_at: Option<Elapsed>,
    /// What weakens a pass, and is told where nobody overlooks it.
    warned: Option<Clean>,
    deadline: Deadline,
    own_deadline: OwnDeadline,
    collection: Collection,
    told: Told,
    missing: Missing,
    /// When the recording ended that is replayed.
    recording_ended: Option<Elapsed>,
    /// When the workload was deleted, until a read tells whether another took its place.
    gone: Option<Elapsed>,
    leftovers: Leftovers,
    /// The namespace is being deleted.
    namespace_goes: bool,
    /// Where an Argo Rollout waits for someone, as last read, and whether that is taken for complete.
    held: Option<(Hold, bool)>,
    decision: Option<Decision>,
    outputs: VecDeque<Output>,
}

/// What reporters know already, so that only changes are told.
#[derive(Debug, Default)]
struct Told {
    warned: bool,
    progress: Progress,
    stale: bool,
}

impl Gate {
    /// A gate that judges this target by this policy, from [`Elapsed::ZERO`] on.
    pub fn new(target: TargetRef, policy: Policy) -> Self {
        let deadline = Elapsed::ZERO + policy.timeout;
        let reads = Reads::new(policy.grace(Grace::Stale));
        let mut gate = Self {
            findings: Findings::new(target.kind),
            target,
            policy,
            now: Elapsed::ZERO,
            timers: TimerTable::default(),
            pin: None,
            ledger: Ledger::default(),
            old_pods: OldPods::default(),
            room: Room::default(),
            server_clock: ServerClock::default(),
            history: History::default(),
            reads,
            nodes: Nodes::default(),
            lost_nodes: LostNodes::default(),
            window: None,
            counts: Counts::default(),
            unmet: Vec::new(),
            waiting_for: Vec::new(),
            completed_at: None,
            warned: None,
            deadline: Deadline::new(deadline),
            own_deadline: OwnDeadline::default(),
            collection: Collection::default(),
            told: Told::default(),
            missing: Missing::default(),
            recording_ended: None,
            gone: None,
            leftovers: Leftovers::default(),
            namespace_goes: false,
            held: None,
            decision: None,
            outputs: VecDeque::new(),
        };
        gate.settle();
        gate
    }

    /// Takes an observation in. After the decision only evidence is.
    pub fn handle(&mut self, observed: &Observed) {
        self.now = self.now.max(observed.elapsed);
        self.observe(&observed.observation);
        self.settle();
    }

    /// Lets time pass. Early or repeated calls do nothing.
    pub fn handle_timeout(&mut self, now: Elapsed) {
        self.now = self.now.max(now);
        while let Some(timer) = self.timers.expire(self.now) {
            match timer {
                Timer::Answer => self.give_up_on_answers(),
                // what is known is judged anew
                Timer::OwnDeadline | Timer::Grace => {}
                Timer::Stale => self.decide_stale(),
                Timer::Deadline => self.judge_deadline(),
                Timer::Events => self.read_events(),
                Timer::Leases => self.read_leases(),
                Timer::Read => self.read(),
            }
            self.conclude();
        }
    }

    /// When [`handle_timeout`](Self::handle_timeout) is to be called next; `None` once decided.
    pub fn poll_timeout(&self) -> Option<Elapsed> {
        self.timers.next()
    }

    /// Draws the conclusions from all that is known at this time, and acts on what is due by now.
    fn settle(&mut self) {
        self.conclude();
        self.handle_timeout(self.now);
    }

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

    /// Of what was acted on already, and now waits for an observation, no timer is left.
    fn set_timers(&mut self) {
        for timer in Timer::ALL {
            let due = match timer {
                Timer::Answer => self.collection.next_answer(),
                Timer::OwnDeadline => self.stalled_at(),
                Timer::Grace => self.findings.next_due(self.now),
                Timer::Stale => Some(self.reads.stale_at(self.policy.grace(Grace::Stale))),
                Timer::Deadline => Some(self.deadline_due()),
                Timer::Events => self.collection.next_poll(),
                Timer::Leases => self.nodes_due(),
                Timer::Read => self.reads.due(),
            };
            self.timers.set(timer, due);
        }
    }

    fn read(&mut self) {
        if self.reads.start(self.now) {
            self.outputs.push_back(Output::Read);
        }
    }

    /// The next answer; to be drained after each input.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Asks for a consistent read, because a watch may have lost something.
    pub fn want_read(&mut self) {
        self.reads.want(self.now);
        self.settle();
    }

    /// The recording that is replayed has no more to tell. Let time pass then: what the run itself concluded from the
    /// silence after it, the gate concludes as well.
    pub fn end_recording(&mut self) {
        self.recording_ended = Some(self.now);
    }

    /// Gives up: whoever drives the gate cannot go on.
    pub fn abandon(&mut self, now: Elapsed, code: ReasonCode, reason: Clean, next_step: NextStep) {
        self.now = self.now.max(now);
        self.decide(Verdict::Inconclusive, Some(code), Account { reason, next_step });
    }

    fn tell(&mut self, event: GateEvent) {
        self.outputs.push_back(Output::Event(event));
    }

    fn decide(&mut self, verdict: Verdict, code: Option<ReasonCode>, account: Account) {
        if self.decision.is_some() {
            return;
        }
        let at = self.now;
        self.timers = TimerTable::default();
        let Account { reason, next_step } = account;
        self.decision = Some(Decision { at, verdict, code, reason, next_step, signal: None });
        self.collect_context();
        self.tell(GateEvent::Decided { at, verdict });
    }

    fn interrupt(&mut self, signal: Signal) {
        let account = phrases::verdict::interrupted(signal);
        self.decide(Verdict::Interrupted, Some(ReasonCode::Interrupted), account);
        if let Some(decision) = &mut self.decision {
            decision.signal = Some(signal);
        }
    }

    fn revision_judged(&self) -> Option<&Revision> {
        self.pin.as_ref()?.revision.as_ref()
    }
}
