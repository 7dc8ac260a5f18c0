//! How findings, the rollout, the window, freshness and the deadline become a verdict.

use std::time::Duration;

use super::{
    FindingLine, FindingState, Gate, GateEvent, Progress, ReasonCode, Verdict,
    findings::Record,
    kind::{Hold, Unmet},
    symptom::Key,
};
use crate::{
    model::{Elapsed, Workload},
    observation::{FailureKind, ReadFailure, Resource, Snapshot},
    phrases::{self, Account},
};

/// Before the first answers of a rollout that has just begun.
pub(super) const QUICK: Duration = Duration::from_millis(200);

impl Gate {
    pub(super) fn tolerate(&mut self, key: &Key) {
        if self.findings.tolerate(key) {
            self.tell_finding(key, |at, finding| GateEvent::FindingTolerated { at, finding });
        }
    }

    pub(super) fn tell_finding(
        &mut self,
        key: &Key,
        event: impl FnOnce(Elapsed, FindingLine) -> GateEvent,
    ) {
        let until = self.findings.get(key).and_then(|record| self.grace_until(key, record));
        let Some(line) = self.findings.line(key, until) else { return };
        self.tell(event(self.now, line));
        self.findings.set_told_until(key, until);
    }

    /// Until when a finding is borne, as far as can be told now: a later sight, the autoscaler or a pod more may move it.
    /// After the deadline nothing is.
    pub(super) fn grace_until(&self, key: &Key, record: &Record) -> Option<Elapsed> {
        match record.state {
            FindingState::Suspected if self.decision.is_none() => {
                let until = self.findings.fails_at(key, &self.policy, self.counts.spared());
                until.filter(|until| self.window.is_some() || *until <= self.deadline.at())
            }
            FindingState::Suspected | FindingState::Confirmed => {
                record.grace_until().filter(|until| *until <= self.judged_until())
            }
            FindingState::Resolved | FindingState::Tolerated => None,
        }
    }

    /// Tells of suspicions that are borne longer, or less long, than was told.
    pub(super) fn tell_moved_graces(&mut self) {
        let moved = self.findings.moved(|key, record| self.grace_until(key, record));
        for key in moved {
            self.tell_finding(&key, |at, finding| GateEvent::GraceMoved { at, finding });
        }
    }

    /// Confirms what is beyond its grace or limit, and fails if it is more than may be spared.
    pub(super) fn judge_findings(&mut self) {
        for key in self.findings.resolve() {
            self.tell_finding(&key, |at, finding| GateEvent::FindingResolved { at, finding });
        }
        let beyond = self.findings.judge(self.now, self.reads.last_good(), &self.policy);
        if beyond.wants_read {
            self.reads.want(self.now);
        }
        if beyond.keys.is_empty() {
            return;
        }
        if !beyond.is_of_target && !self.findings.are_too_many(self.counts.spared()) {
            return beyond.keys.iter().for_each(|key| self.tolerate(key));
        }
        beyond.keys.iter().for_each(|key| self.confirm(key));
        self.decide_failed();
    }

    pub(super) fn confirm(&mut self, key: &Key) {
        self.findings.confirm(key);
        self.tell_finding(key, |at, finding| GateEvent::FindingConfirmed { at, finding });
    }

    fn decide_failed(&mut self) {
        if let Some(account) = self.confirmed() {
            self.decide(Verdict::Failed, None, account);
        }
    }

    /// What the most telling confirmed finding says, and what to do about it.
    pub(super) fn confirmed(&self) -> Option<Account> {
        let (key, record) = self.findings.in_state(FindingState::Confirmed).next()?;
        let next_step = self.finding(key, record).hint;
        Some(Account { reason: record.reason(key), next_step })
    }

    /// The rollout and the window, right after a consistent read.
    pub(super) fn observe_rollout(&mut self, workload: &Workload, snapshot: &Snapshot) {
        let (counts, unmet) = self.unmet(&self.ledger, workload, snapshot);
        self.counts = counts;
        if self.revision_judged().is_some() {
            let old =
                snapshot.pods.iter().filter(|pod| self.old_pods.include(pod) && !pod.has_ended());
            self.old_pods.count(old.count() as u64);
        }
        self.tell_progress(&unmet);
        // what this very read shows of ended runs comes before what it shows of the rollout
        self.judge_ended_runs();
        self.judge_stalled();
        self.judge_findings();
        if self.decision.is_some() {
            return;
        }
        self.hold_window(unmet.is_empty(), snapshot);
        if !unmet.is_empty() && self.deadline.awaits_last_read() {
            self.judge_last_read(&unmet, workload, snapshot);
        }
    }

    /// The rollout waits for someone, right after a consistent read.
    pub(super) fn judge_held(&mut self, hold: Hold, workload: &Workload, snapshot: &Snapshot) {
        let (counts, unmet) = self.unmet(&self.ledger, workload, snapshot);
        self.counts = counts;
        self.tell_progress(&unmet);
        self.judge_ended_runs();
        self.judge_findings();
        self.decide_held(hold);
    }

    fn decide_held(&mut self, hold: Hold) {
        let account = match hold {
            Hold::Step { number, all } => {
                phrases::rollout::paused_at_step(&self.target, number, all)
            }
            Hold::Switch => phrases::rollout::paused_before_switch(&self.target),
            Hold::Spec => phrases::rollout::paused(&self.target),
            Hold::Inconclusive => phrases::rollout::paused_undecided(&self.target),
        };
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Paused), account);
    }

    fn tell_progress(&mut self, unmet: &[Unmet]) {
        self.waiting_for = self.waits(unmet);
        let progress = Progress {
            desired: self.counts.desired,
            updated: self.counts.active,
            ready: self.counts.ready,
            old: self.counts.old,
            waiting_for: self.waiting_for.clone(),
        };
        if progress != self.told.progress {
            self.told.progress = progress.clone();
            let at = self.now;
            self.tell(GateEvent::Progress { at, progress });
        }
    }

    /// Reads that fail for too long, or are refused.
    pub(super) fn judge_reads(&mut self) {
        let stale = self.reads.are_stale(self.now);
        if stale != self.told.stale {
            self.told.stale = stale;
            let at = self.now;
            let event = match self.reads.failure() {
                Some(failure) => GateEvent::ReadsStale {
                    at,
                    since: self.reads.last_good().unwrap_or(Elapsed::ZERO),
                    why: failure.message.to_clean_line(300),
                },
                None => GateEvent::ReadsFresh { at },
            };
            self.tell(event);
        }
        let is_unserved = |failure: &&ReadFailure| {
            failure.resource == Resource::Workload && failure.kind == FailureKind::NotFound
        };
        if let Some(failure) = self.reads.failure().filter(is_unserved) {
            let account = phrases::verdict::not_served(&self.target, failure);
            return self.decide(Verdict::Inconclusive, Some(ReasonCode::Unsupported), account);
        }
        if let Some(failure) = self.reads.refusal() {
            let account = phrases::verdict::refused(&self.target, failure);
            self.decide(Verdict::Inconclusive, Some(ReasonCode::Forbidden), account);
        }
    }

    /// Nothing came after the last good read, and a recording had no more to tell: time did not pass in it.
    fn decide_recording_ends(&mut self, ended: Elapsed) {
        self.now = ended;
        let waits = phrases::joined(&self.waiting_for, "; ");
        let account = phrases::verdict::recording_ends(ended, &waits);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::RecordingEnds), account);
    }

    pub(super) fn decide_stale(&mut self) {
        if let (Some(ended), None) = (self.recording_ended, self.reads.failure()) {
            return self.decide_recording_ends(ended);
        }
        let was_read = self.reads.last_good().is_some();
        let code = if was_read { ReasonCode::Stale } else { ReasonCode::ApiUnavailable };
        let age = self.reads.age(self.now);
        let account = phrases::verdict::stale(age, was_read, self.reads.failure());
        self.decide(Verdict::Inconclusive, Some(code), account);
    }
}
