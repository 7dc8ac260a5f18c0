//! What the workload says of itself: whether it is still there, still the one that is judged, and what it asks for.

use std::time::Duration;

use super::{
    Gate, ReasonCode, Verdict,
    kind::{self, Hold, Standing},
    names, rollback,
};
use crate::{
    model::{Elapsed, Uid, Workload},
    observation::Instead,
    phrases::{self, Account},
    text::Clean,
};

/// How long after a Job was deleted another may take its place.
const REPLACED: Duration = Duration::from_secs(2);

/// How the workload goes, or its namespace with it.
#[derive(Debug, Default)]
pub(super) struct Going {
    /// When it was deleted, until a read tells whether another took its place.
    pub(super) since: Option<Elapsed>,
    /// The namespace is being deleted.
    pub(super) with_namespace: bool,
    /// What there is instead, as last read.
    pub(super) instead: Option<Instead>,
}

impl Gate {
    /// A watch shows it.
    pub(super) fn observe_change(&mut self, workload: &Workload) {
        // of a pause, the read tells what became of the pods before it
        let is_held = matches!(kind::standing(workload), Standing::Held { .. });
        if self.pin.is_some() && kind::is_whole(workload) && !is_held {
            self.observe_workload(workload);
            if self.decision.is_none() {
                self.observe_given_up(workload, false);
            }
        }
        if self.revision_judged().is_some() && self.decision.is_none() {
            self.observe_ending(workload, false);
        }
        self.reads.want_soon(self.now);
    }

    /// A watch shows that it was deleted.
    pub(super) fn observe_deletion(&mut self, uid: &Uid) {
        // a Job is replaced under its name: the next read tells
        let is_gone = self.pin.as_ref().is_some_and(|pin| pin.workload == *uid);
        if is_gone && kind::ends(self.target.kind.kind()) {
            self.going.since = Some(self.now);
            self.reads.want(self.now + REPLACED);
        } else if is_gone {
            self.decide_deleted();
        }
        self.reads.want_soon(self.now);
    }

    /// A consistent read does not show it.
    pub(super) fn observe_absence(&mut self) {
        if self.going.since.is_some_and(|gone| self.now < gone + REPLACED) {
            self.reads.want(self.now + REPLACED);
        } else if self.pin.is_some() {
            self.decide_deleted();
        } else {
            self.decide_not_found();
        }
    }

    /// What the workload itself says. It may decide at once.
    pub(super) fn observe_workload(&mut self, workload: &Workload) {
        let Some(pin) = &self.pin else { return };
        let meta = workload.metadata();
        if meta.uid != pin.workload && kind::ends(self.target.kind.kind()) {
            // its template cannot be changed, so a new one takes its place
            return self.decide_superseded();
        }
        // what has ended may be cleaned up, and says so all the same
        let has_gone = meta.is_terminating() && kind::ending(workload).is_none();
        if meta.uid != pin.workload || has_gone {
            return self.decide_deleted();
        }
        let revision = self.revision_judged().map(|revision| &*revision.object.name);
        if kind::is_replaced(workload, pin.template, revision) {
            return self.decide_superseded();
        }
        self.held = None;
        self.obstacle = rollback::obstacle(workload);
        let desired = match kind::standing(workload) {
            Standing::Paused if self.policy.present => {
                // whether its pods are broken comes first
                self.present.pause();
                workload.pods_wanted().unwrap_or_default()
            }
            Standing::Paused => return self.decide_paused(),
            Standing::Held { pods, hold } => {
                let is_accepted = self.policy.accept_pause && hold.is_meant() && pods > 0;
                self.held = Some((hold, is_accepted));
                pods.max(1)
            }
            Standing::NoReplicas => return self.decide_no_replicas(),
            Standing::OnDelete => {
                return self
                    .decide_nothing_updated(phrases::unjudged::updated_on_delete(&self.target));
            }
            Standing::Partitioned => {
                return self
                    .decide_nothing_updated(phrases::unjudged::held_by_partition(&self.target));
            }
            Standing::Runs { desired } => desired,
        };
        self.want_pods(desired);
        self.observe_progress(workload);
    }

    pub(super) fn namespace(&self) -> Clean {
        names::container(&self.target.namespace)
    }

    fn decide_deleted(&mut self) {
        let account = phrases::unjudged::deleted(&self.target, self.going.with_namespace);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Deleted), account);
    }

    fn decide_not_found(&mut self) {
        let account = phrases::unjudged::not_found(
            &self.target,
            None,
            self.going.instead.as_ref(),
            self.going.with_namespace,
        );
        self.decide(Verdict::Inconclusive, Some(ReasonCode::NotFound), account);
    }

    fn decide_superseded(&mut self) {
        let revision = self.revision_judged().map(|revision| &revision.name);
        let account = phrases::verdict::superseded(&self.target, revision);
        self.decide(Verdict::Superseded, Some(ReasonCode::Superseded), account);
    }

    pub(super) fn decide_paused(&mut self) {
        let account = phrases::unjudged::paused(&self.target);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Paused), account);
    }

    pub(super) fn decide_held(&mut self, hold: Hold) {
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

    /// Nothing is there to be judged, since no pod is of the update revision.
    fn decide_nothing_updated(&mut self, account: Account) {
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Unsupported), account);
    }

    fn decide_no_replicas(&mut self) {
        let account = phrases::unjudged::no_replicas(&self.target);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::NoReplicas), account);
    }
}
