//! The Deployment's own deadline: when it ends, and what it means that it did.

use std::time::Duration;

use super::{
    Attribution, Cause, FindingState, Gate, Verdict,
    findings::Circumstances,
    kind::{self, Counts, OwnProgress},
    ledger::PodRecord,
    names,
    symptom::{Limit, Symptom},
};
use crate::{
    clean,
    model::{Elapsed, Uid, Workload},
    phrases::{Account, waiting},
    text::Clean,
};

impl Gate {
    /// The controller's own word on progress: a revision that can't be created, or a deadline that passed.
    pub(super) fn observe_progress(&mut self, workload: &Workload) {
        let meta = workload.metadata();
        let name = names::object(&meta.name);
        self.observe_creation(kind::revision_refused(workload), &meta.uid, &name);
        let revision = self.revision_judged().map(|revision| &*revision.object.name);
        if kind::given_up(workload, revision).is_some() {
            // the deadline may be why: it stays as it was known
            return;
        }
        let progress = revision.and_then(|revision| kind::own_progress(workload, revision));
        let progress = progress.filter(|progress| self.is_of_this_rollout(progress));
        match progress {
            Some(progress) if progress.has_passed => {
                // what is judged as it is now does not wait for a word that may be outdated
                self.own_deadline.passed(self.now, self.policy.present);
            }
            _ => {
                let ends = progress.and_then(|progress| self.own_deadline_ends(progress));
                self.own_deadline.ends(ends);
            }
        }
    }

    /// Whether it speaks of the revision that is judged, and was written since its rollout began.
    fn is_of_this_rollout(&self, progress: &OwnProgress<'_>) -> bool {
        let began = self.revision_judged().and_then(|revision| revision.counts_from);
        let is_recent = match (progress.condition.last_update_time, began) {
            (Some(updated), Some(began)) => updated >= began,
            (None, _) | (_, None) => true,
        };
        progress.is_of_revision && is_recent
    }

    /// When the deadline ends without further progress.
    fn own_deadline_ends(&self, progress: OwnProgress<'_>) -> Option<Elapsed> {
        let length = Duration::from_secs(progress.seconds.filter(|_| !progress.is_complete)?);
        let age = self.server_clock.age(progress.condition.last_update_time?, self.now)?;
        let since_zero = self.now.since(Elapsed::ZERO) + length;
        Some(Elapsed::ZERO + since_zero.saturating_sub(age))
    }

    /// When the controller's deadline is taken for good.
    pub(super) fn stalled_at(&self) -> Option<Elapsed> {
        self.own_deadline.holds_from().filter(|at| *at > self.now)
    }

    /// The controller gave the rollout up. The cause is what keeps its pods from being ready, where that is known.
    pub(super) fn judge_stalled(&mut self) {
        let Some(due) = self.own_deadline.holds_from() else { return };
        let is_early = self.policy.present && !self.present.is_settled();
        if self.now < due || self.window.is_some() || self.present.is_complete() || is_early {
            return;
        }
        // it may have been cleared since the last read
        if self.reads.last_good().is_none_or(|good| good < due) {
            return self.reads.want(self.now);
        }
        self.find_unready_pods(FindingState::Suspected);
        let mut explains = self.findings.shown_beyond_set_graces(&self.policy, self.now);
        if explains.is_empty() && self.findings.is_anything_suspected() {
            // a grace that was set is not over
            return;
        }
        if explains.is_empty() {
            let is_unready = |record: &PodRecord| record.active && !record.is_ready();
            let is_broken = |uid: &Uid| self.ledger.get(uid).is_some_and(is_unready);
            explains = self.findings.tolerated_runs(&self.policy, is_broken);
        }
        let Counts { ready, desired, .. } = self.counts;
        let passed = waiting::own_deadline_passed(self.target.kind.kind(), ready, desired);
        if explains.is_empty() {
            let message = waiting::own_deadline_passed_waiting(&passed, &self.waiting_for);
            return self.find_stalled(message);
        }
        for key in &explains {
            self.confirm(key);
        }
        let Some(Account { reason, next_step }) = self.confirmed() else { return };
        let reason = clean!("{}; {}", reason, passed);
        self.decide(Verdict::Failed, None, Account { reason, next_step });
    }

    fn find_stalled(&mut self, message: Clean) {
        let (Some(pin), Some(set)) = (&self.pin, self.revision_judged()) else { return };
        let (uid, name) = (pin.workload.clone(), set.name.clone());
        self.see(&stalled(message), &uid, &name, Circumstances::default());
    }
}

/// The controller's deadline passed.
fn stalled(message: Clean) -> Symptom {
    Symptom::new(Cause::Stalled, Attribution::Unknown, message, Limit::AtOnce)
}
