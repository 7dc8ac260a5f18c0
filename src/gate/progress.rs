//! The Deployment's own deadline: when it ends, and what it means that it did.

use std::time::Duration;

use super::{
    Attribution, Cause, FindingState, Gate, Verdict,
    findings::Circumstances,
    kind::{self, OwnProgress},
    ledger::PodRecord,
    names,
    symptom::{Limit, Symptom},
};
use crate::{
    clean,
    model::{Elapsed, Uid, Workload},
    phrases::{self, Account},
    text::Clean,
};

/// How long the condition must stand: it may be left from the rollout before.
const STALLED: Duration = Duration::from_secs(10);
/// How long after the gate's deadline the Deployment's may end and is waited for, so that no second decides between
/// failed and timed out (contract, exit code 4).
const WAITED_FOR: Duration = Duration::from_secs(60);
/// How long the controller may take to say that it ended: it looks a second later.
const REPORTED: Duration = Duration::from_secs(5);

/// The Deployment's own deadline, as its controller sees it.
#[derive(Debug, Default)]
pub(super) enum OwnDeadline {
    /// None is known.
    #[default]
    Unknown,
    /// It ends then, unless there is progress.
    Ends(Elapsed),
    /// It ended, and this gate knows of it since then.
    Passed(Elapsed),
}

impl Gate {
    /// The controller's own word on progress: a revision that can't be created, or a deadline that passed.
    pub(super) fn observe_progress(&mut self, workload: &Workload) {
        let meta = workload.metadata();
        let name = names::object(&meta.name);
        self.observe_creation(kind::revision_refused(workload), &meta.uid, &name);
        let revision = self.revision_judged().map(|revision| &*revision.object.name);
        let progress = revision.and_then(|revision| kind::own_progress(workload, revision));
        let progress = progress.filter(|progress| self.is_of_this_rollout(progress));
        let has_passed = progress.is_some_and(|progress| progress.has_passed);
        self.own_deadline = match (&self.own_deadline, has_passed) {
            (OwnDeadline::Passed(since), true) => OwnDeadline::Passed(*since),
            // a stale condition of the rollout before is cleared within seconds (kubernetes#49637)
            (_, true) => OwnDeadline::Passed(self.now),
            (_, false) => progress
                .and_then(|progress| self.own_deadline_ends(progress))
                .map_or(OwnDeadline::Unknown, OwnDeadline::Ends),
        };
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

    /// When the gate's deadline is judged: it waits for one of the Deployment that ends soon after it.
    pub(super) fn deadline_is_judged(&self) -> Elapsed {
        let at = self.deadline.at;
        let latest = at + WAITED_FOR;
        match self.own_deadline {
            OwnDeadline::Ends(ends) if ends <= latest => at.max(ends + REPORTED),
            OwnDeadline::Passed(since) if since <= latest + REPORTED => at.max(since + STALLED),
            OwnDeadline::Unknown | OwnDeadline::Ends(_) | OwnDeadline::Passed(_) => at,
        }
    }

    /// When the controller's deadline is taken for good.
    pub(super) fn stalled_at(&self) -> Option<Elapsed> {
        let OwnDeadline::Passed(since) = self.own_deadline else { return None };
        Some(since + STALLED).filter(|at| *at > self.now)
    }

    /// The controller gave the rollout up. The cause is what keeps its pods from being ready, where that is known.
    pub(super) fn judge_stalled(&mut self) {
        let OwnDeadline::Passed(since) = self.own_deadline else { return };
        let due = since + STALLED;
        if self.now < due || self.window.is_some() {
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
        let passed = clean!(
            "the Deployment's progress deadline passed: {} of {} new pods are ready",
            self.counts.ready,
            self.counts.desired
        );
        if explains.is_empty() {
            let waits = phrases::joined(&self.waiting_for, "; ");
            return self.find_stalled(clean!("{}, still waiting for {}", passed, waits));
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
