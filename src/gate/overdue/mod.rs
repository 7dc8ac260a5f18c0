//! What is said when a rollout is not complete by its deadline: what its pods wait for, else what the rollout misses.

mod obstacle;

use super::{
    Attribution, FindingState, Gate, ReasonCode, Verdict,
    findings::{Circumstances, Record},
    kind::{self, Unmet},
    symptom::Key,
    unready::Unready,
};
use crate::{
    clean,
    model::{Elapsed, Uid},
    phrases::{Account, NextStep, waiting},
    signs::Diagnosis,
    text::Clean,
};

impl Gate {
    /// The deadline passed, and the last read did not show a complete rollout.
    pub(super) fn decide_timed_out(&mut self) {
        if self.lost_nodes.are_too_many() {
            return self.decide_nodes_lost();
        }
        self.find_unready_pods(FindingState::Confirmed);
        let namespace = self.going_namespace();
        if namespace.is_some() || self.told().next().is_none() {
            self.find_obstacle();
        }
        let reasons: Vec<Clean> = self.told().map(|(key, r)| r.reason(key)).collect();
        let kind = self.target.kind.kind();
        let unmet: Vec<Clean> = self.unmet.iter().map(|unmet| self.words_of(*unmet)).collect();
        let after = self.now.since(Elapsed::ZERO);
        let reason = waiting::did_not_complete(kind, after, &unmet, &reasons);
        let next_step = self.step_at_deadline();
        let account = Account { reason, next_step };
        self.decide(Verdict::TimedOut, Some(ReasonCode::Deadline), account);
    }

    /// What to do at the deadline about what tells most, with more time where that may help.
    pub(super) fn step_at_deadline(&self) -> NextStep {
        let timeout = self.policy.timeout;
        let Some((key, record)) = self.told().next() else {
            return waiting::more_time(None, timeout);
        };
        let finding = self.finding(key, record);
        let is_sound = |diagnosis: &&Diagnosis| diagnosis.is_sound();
        let of_diagnosis = finding.diagnosis.as_ref().filter(is_sound).map(|d| d.attribution);
        let is_misconfigured = of_diagnosis == Some(Attribution::Configuration);
        let needs_time = match &record.explained {
            Some(explained) => explained.only_needs_time,
            // what ended by itself, and what is wrongly configured, stays so
            None => {
                !matches!(record.attribution, Attribution::Application | Attribution::Configuration)
            }
        };
        match needs_time && !is_misconfigured {
            true => waiting::more_time(Some(finding.hint), timeout),
            false => finding.hint,
        }
    }

    /// Makes findings of what the pods wait for that are not ready and show no error.
    pub(super) fn find_unready_pods(&mut self, state: FindingState) {
        let mut unready: Vec<(Uid, Clean, Unready)> = Vec::new();
        for (uid, record) in self.ledger.active() {
            let reasons = record.told_unready();
            unready.extend(reasons.map(|r| (uid.clone(), record.name.clone(), r.clone())));
        }
        for (uid, name, reason) in unready {
            let awaited = reason.awaited(|time| self.server_clock.age(time, self.now));
            let key = awaited.symptom.key();
            if self.findings.is_error(&key) || !kind::fails(self.target.kind.kind(), key.cause) {
                continue;
            }
            self.see_awaited(&awaited, &uid, &name, Circumstances::default());
            if state == FindingState::Confirmed {
                self.confirm(&key);
            }
        }
    }

    /// What explains why the rollout did not come to its end, the most telling first.
    fn told(&self) -> impl Iterator<Item = (&Key, &Record)> {
        let confirmed = self.findings.in_state(FindingState::Confirmed);
        confirmed.chain(self.findings.in_state(FindingState::Suspected))
    }

    /// Makes a finding of the first condition that the rollout missed, where its pods explain nothing.
    fn find_obstacle(&mut self) {
        let Some((pin, unmet)) = self.pin.as_ref().zip(self.unmet.first().copied()) else { return };
        let obstacle = self.obstacle(unmet);
        let subjects: Vec<(Uid, Clean)> = match unmet {
            Unmet::MinReadySeconds { .. } if self.going_namespace().is_none() => {
                let ready = self.ledger.ready();
                ready.map(|(uid, record)| (uid.clone(), record.name.clone())).collect()
            }
            _ => vec![(pin.workload.clone(), clean!("{}", self.target))],
        };
        let key = obstacle.symptom.key();
        for (uid, name) in subjects {
            self.see_awaited(&obstacle, &uid, &name, Circumstances::default());
        }
        self.confirm(&key);
    }
}
