//! Which pods belong to a custom resource: those whose owners, read upward, lead to it.
//!
//! Nothing tells by which state of the resource a pod was made. One that is older than the resource's last change may be
//! about to be replaced, so it is judged only once the resource calls itself complete and has kept it.

use std::collections::BTreeSet;

use super::ledger::Purpose;
use crate::model::{Lineage, OwnedJob, Pod, ServerTime, Uid};

/// The pods of a custom resource.
#[derive(Clone, Debug)]
pub(super) struct Family {
    /// The resource, and the objects that lead to it or did so once.
    owners: BTreeSet<Uid>,
    /// Those of them that are Jobs.
    jobs: BTreeSet<Uid>,
    /// Jobs that had failed before anything could be expected of them.
    failed_before: BTreeSet<Uid>,
    /// When the resource was changed last.
    changed: Option<ServerTime>,
    /// Older pods are judged too.
    takes_older: bool,
}

impl Family {
    /// The pods of a resource that was last changed then.
    pub(super) fn new(resource: Uid, changed: Option<ServerTime>) -> Self {
        Self {
            owners: BTreeSet::from([resource]),
            jobs: BTreeSet::new(),
            failed_before: BTreeSet::new(),
            changed,
            takes_older: false,
        }
    }

    /// Takes in what a read found between pods and the resource.
    pub(super) fn learn(&mut self, lineage: &Lineage) {
        self.owners.extend(lineage.owners.iter().cloned());
        for job in &lineage.jobs {
            let is_first = self.jobs.insert(job.uid.clone());
            if is_first && job.failed.is_some() && !self.is_since_the_change(job) {
                self.failed_before.insert(job.uid.clone());
            }
        }
    }

    fn is_since_the_change(&self, job: &OwnedJob) -> bool {
        job.created.zip(self.changed).is_some_and(|(created, changed)| created >= changed)
    }

    /// The first Job that failed for good and is judged.
    pub(super) fn failed_job<'a>(&self, lineage: &'a Lineage) -> Option<&'a OwnedJob> {
        let is_judged = |job: &&OwnedJob| {
            let is_expected = self.takes_older || self.is_since_the_change(job);
            job.failed.is_some() && is_expected && !self.failed_before.contains(&job.uid)
        };
        lineage.jobs.iter().find(is_judged)
    }

    /// What one of its pods is there for.
    pub(super) fn purpose(&self, pod: &Pod) -> Purpose {
        match pod.metadata.controller().filter(|uid| self.jobs.contains(uid)) {
            Some(job) => Purpose::Attempt(job.clone()),
            None => Purpose::Works,
        }
    }

    /// The resource was changed, then if that is known.
    pub(super) fn begin_again(&mut self, changed: Option<ServerTime>) {
        self.changed = changed.or(self.changed);
        self.takes_older = false;
    }

    /// Older pods are judged from now on: the resource is complete with them, or they explain why it is not.
    pub(super) fn take_older(&mut self) {
        self.takes_older = true;
    }

    /// Whether a pod belongs to it.
    pub(super) fn has(&self, pod: &Pod) -> bool {
        pod.metadata.parents().any(|parent| self.owners.contains(&parent.uid))
    }

    /// Whether a pod is older than the last change.
    pub(super) fn is_older(&self, pod: &Pod) -> bool {
        pod.metadata.created.is_some_and(|created| self.changed.is_some_and(|it| created < it))
    }

    /// Whether a pod is judged.
    pub(super) fn judges(&self, pod: &Pod) -> bool {
        self.has(pod) && (self.takes_older || !self.is_older(pod))
    }
}
