//! How the gate is begun and driven: what it hears, what it is asked for in time, and what it answers.

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
    observation::Observation,
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

    /// Takes in what was observed at this time, and draws the conclusions. After the decision only evidence is taken in.
    pub fn handle(&mut self, now: Elapsed, observation: &Observation) {
        self.now = self.now.max(now);
        self.observe(observation);
        self.settle();
    }

    /// What happens with an observation.
    fn observe(&mut self, observation: &Observation) {
        match observation {
            Observation::Events { request, result } => self.take_events(request, result),
            Observation::Log { request, result } => self.take_log(request, result.clone()),
            Observation::Change { request, result } => self.take_changes(request, result.clone()),
            Observation::Details { request, result } => self.take_details(request, result.clone()),
            // each target hears its part of it; what is selected is for the release
            Observation::Read(_) | Observation::Selected(_) => {}
            Observation::Services(answer) => self.observe_services(answer),
            _ if self.decision.is_some() => {}
            Observation::Access(reviews) => self.observe_access(reviews),
            Observation::Snapshot(snapshot) => self.evaluate(snapshot),
            Observation::WorkloadChanged(workload) => self.observe_change(workload),
            Observation::WorkloadDeleted(uid) => self.observe_deletion(uid),
            Observation::ReplicaSetChanged(set) => self.observe_revision(set),
            Observation::PodChanged(pod) => self.observe_pod_change(pod),
            Observation::PodDeleted(pod) => self.observe_pod_deletion(pod),
            Observation::NodeLeases(answer) => self.take_leases(answer.clone()),
            Observation::ReadFailed(failure) => self.reads.fail(self.now, failure.clone()),
            Observation::NotConnected { why, hint } => self.decide_not_connected(why, hint),
            Observation::Interrupted(signal) => self.interrupt(*signal),
        }
    }

    /// Draws the conclusions from all that is known at this time, and acts on what is due by now.
    fn settle(&mut self) {
        self.conclude();
        self.handle_timeout(self.now);
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
