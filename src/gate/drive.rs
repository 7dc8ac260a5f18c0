//! How the gate is begun and driven: what it is asked for in time, and what it answers.

use std::collections::VecDeque;

use super::{
    Gate, Grace, NextStep, Output, Policy, ReasonCode, Verdict,
    awaiting::Awaiting,
    collect::Collection,
    conditions::Conditions,
    creation::Room,
    deadline::{Deadline, OwnDeadline},
    findings::Findings,
    history::History,
    kind::Counts,
    ledger::Ledger,
    leftovers::Leftovers,
    missing::Missing,
    nodes::{LostNodes, Nodes},
    old_pods::OldPods,
    passing::Passing,
    present::Present,
    reads::Reads,
    services::Services,
    timers::{Timer, TimerTable},
    told::Told,
    workload::Going,
};
use crate::{
    model::{Elapsed, ServerClock, TargetRef},
    phrases::Account,
    text::Clean,
};

impl Gate {
    /// A gate that judges this target by this policy, from [`Elapsed::ZERO`] on.
    pub fn new(target: TargetRef, policy: Policy) -> Self {
        Self::joining(Elapsed::ZERO, target, policy)
    }

    /// The same of a target that is not known before this time. The deadline is the release's all the same.
    pub fn joining(now: Elapsed, target: TargetRef, policy: Policy) -> Self {
        let deadline = Deadline::new(Elapsed::ZERO, policy.timeout);
        let awaiting = Awaiting::new(policy.await_for);
        let reads = Reads::new(now, policy.grace(Grace::Stale));
        let mut gate = Self {
            findings: Findings::new(target.kind.kind()),
            target,
            policy,
            now,
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
            services: Services::default(),
            window: None,
            passing: Passing::default(),
            present: Present::default(),
            counts: Counts::default(),
            unmet: Vec::new(),
            waiting_for: Vec::new(),
            completed_at: None,
            warned: None,
            awaiting,
            deadline,
            own_deadline: OwnDeadline::default(),
            collection: Collection::default(),
            told: Told::default(),
            missing: Missing::default(),
            going: Going::default(),
            leftovers: Leftovers::default(),
            obstacle: None,
            held: None,
            conditions: Conditions::default(),
            notes_on_settings: Vec::new(),
            decision: None,
            outputs: VecDeque::new(),
        };
        gate.settle();
        gate
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
        self.reads.end_recording(self.now);
    }

    /// Gives up: whoever drives the gate cannot go on.
    pub fn abandon(&mut self, now: Elapsed, code: ReasonCode, reason: Clean, next_step: NextStep) {
        self.now = self.now.max(now);
        self.decide(Verdict::Inconclusive, Some(code), Account { reason, next_step });
    }

    /// Of what was acted on already, and now waits for an observation, no timer is left.
    pub(super) fn set_timers(&mut self) {
        for timer in Timer::ALL {
            let due = match timer {
                Timer::Answer => self.collection.next_answer(),
                Timer::OwnDeadline => self.stalled_at(),
                Timer::Grace => self.findings.next_due(self.now),
                Timer::Stale => Some(self.reads.stale_at(self.policy.grace(Grace::Stale))),
                Timer::Deadline => self.deadline_due(),
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
}
