//! How findings, the rollout, the window, freshness and the deadline become a verdict.

use super::{
    Decision, FindingState, Gate, GateEvent, ReasonCode, Verdict, findings::Record, symptom::Key,
    timers::TimerTable,
};
use crate::{
    model::Elapsed,
    observation::{FailureKind, ReadFailure, Resource, Signal},
    phrases::{self, Account},
    text::Untrusted,
};

impl Gate {
    pub(super) fn tolerate(&mut self, key: &Key) {
        if self.findings.tolerate(key) {
            self.tell_finding(key, |at, finding| GateEvent::FindingTolerated { at, finding });
        }
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

    /// Confirms what is beyond its grace or limit, and fails if it is more than may be spared.
    pub(super) fn judge_findings(&mut self) {
        for key in self.findings.resolve() {
            self.tell_finding(&key, |at, finding| GateEvent::FindingResolved { at, finding });
        }
        if self.policy.present && !self.present.is_settled() {
            // all pods, and what their events tell, are known by then
            return;
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

    /// Reads that fail for too long, or are refused.
    pub(super) fn judge_reads(&mut self) {
        self.tell_reads();
        let is_unserved = |failure: &&ReadFailure| {
            failure.resource == Resource::Workload && failure.kind == FailureKind::NotFound
        };
        if let Some(failure) = self.reads.failure().filter(is_unserved) {
            let account = phrases::unread::not_served(&self.target, failure);
            return self.decide(Verdict::Inconclusive, Some(ReasonCode::Unsupported), account);
        }
        if let Some(failure) = self.reads.refusal() {
            let account = phrases::unread::refused(&self.target, failure, self.policy.present);
            self.decide(Verdict::Inconclusive, Some(ReasonCode::Forbidden), account);
        }
    }

    /// There is no way to the cluster.
    pub(super) fn decide_not_connected(&mut self, why: &Untrusted, hint: &Untrusted) {
        let account = phrases::unread::not_connected(why, hint);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::ApiUnavailable), account);
    }

    /// Nothing came after the last good read, and a recording had no more to tell: time did not pass in it.
    fn decide_recording_ends(&mut self, ended: Elapsed) {
        self.now = ended;
        let waits = phrases::joined(&self.waiting_for, "; ");
        let account = phrases::verdict::recording_ends(ended, &waits);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::RecordingEnds), account);
    }

    pub(super) fn decide_stale(&mut self) {
        if let (Some(ended), None) = (self.reads.recording_ended(), self.reads.failure()) {
            return self.decide_recording_ends(ended);
        }
        let was_read = self.reads.last_good().is_some();
        let code = if was_read { ReasonCode::Stale } else { ReasonCode::ApiUnavailable };
        let age = self.reads.age(self.now);
        let account = phrases::unread::stale(age, was_read, self.reads.failure());
        self.decide(Verdict::Inconclusive, Some(code), account);
    }

    pub(super) fn decide(&mut self, verdict: Verdict, code: Option<ReasonCode>, account: Account) {
        if self.decision.is_some() {
            return;
        }
        let (verdict, code, account) = match (verdict, self.unverified()) {
            (Verdict::Passed, Some(account)) => {
                (Verdict::Inconclusive, Some(ReasonCode::Unverified), account)
            }
            _ => (verdict, code, account),
        };
        let at = self.now;
        self.timers = TimerTable::default();
        let Account { reason, next_step } = account;
        self.decision = Some(Decision { at, verdict, code, reason, next_step, signal: None });
        self.collect_context();
        self.tell(GateEvent::Decided { at, verdict, reason_code: code });
    }

    pub(super) fn interrupt(&mut self, signal: Signal) {
        let account = phrases::verdict::interrupted(signal);
        self.decide(Verdict::Interrupted, Some(ReasonCode::Interrupted), account);
        if let Some(decision) = &mut self.decision {
            decision.signal = Some(signal);
        }
    }
}
