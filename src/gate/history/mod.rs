//! The revisions of the workload: which of them are available, and which one to go back to.

mod deployer;
#[cfg(test)]
mod tests;
mod way_back;
mod well;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(super) use deployer::Deployer;
pub(super) use way_back::{NoWayBack, WayBack};
use well::is_well;

use super::{
    names,
    revision::{KnownRevision, RevisionId},
};
use crate::{
    evidence::RevisionName,
    model::{Pod, ServerTime, WorkloadMeta},
    observation::Snapshot,
    text::Clean,
};

/// Revisions of which pods can be had again. One whose ReplicaSet is gone is none of them.
#[derive(Debug, Default)]
pub(super) struct History {
    revisions: BTreeMap<RevisionId, Past>,
    /// The pods that there were when deploygate started have been looked at.
    knows_pods: bool,
    deployer: Deployer,
    /// Who deploys it applies the template on the server's side.
    is_applied: bool,
}

/// A revision beside what else there is of the workload.
#[derive(Clone, Debug)]
struct Past {
    object: RevisionName,
    name: Clean,
    number: Option<u64>,
    is_new: bool,
    /// Its controller would go back to it by itself, and once called all pods of it ready.
    is_current: bool,
    /// Pods that its ReplicaSet's last status calls available.
    available: u64,
    was_available: bool,
    /// Pods that were well when deploygate started, and that were not and would not have been without the rollout.
    well: usize,
    unwell: usize,
}

/// How far a revision is known to have worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    /// Its pods were available while the gate watched.
    Good,
    /// It had no pods by then.
    Unknown,
    /// Its pods were in trouble already.
    Bad,
}

/// Pods of a revision that serve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// Its ReplicaSet.
    pub revision: Clean,
    /// Its number, as `kubectl rollout history` has it.
    pub number: Option<u64>,
    /// Whether it is the one that was judged.
    pub is_new: bool,
    /// Pods that are ready, and have been for `minReadySeconds`.
    pub available: u64,
}

impl History {
    /// Whether the template is applied on the server's side, where a field that another wrote since is a conflict.
    pub(super) fn is_applied(&self) -> bool {
        self.is_applied
    }

    /// Who deploys the workload, as last read.
    pub(super) fn deployer(&self) -> &Deployer {
        &self.deployer
    }

    /// Takes a consistent read in. `new` is the revision that is judged.
    pub(super) fn observe(
        &mut self,
        workload: &WorkloadMeta,
        known: &[KnownRevision],
        new: Option<&RevisionId>,
        snapshot: &Snapshot,
    ) {
        self.deployer = Deployer::of(workload);
        self.is_applied = workload.managers.has_appliers();
        let before = std::mem::take(&mut self.revisions);
        for one in known {
            let mut revision = Past::of(one, Some(&one.id) == new);
            if let Some(known) = before.get(&one.id) {
                revision.was_available |= known.was_available;
                (revision.well, revision.unwell) = (known.well, known.unwell);
            }
            self.revisions.insert(one.id.clone(), revision);
        }
        if !std::mem::replace(&mut self.knows_pods, true) {
            for pod in snapshot.pods() {
                self.look_at(pod, snapshot.server_time);
            }
        }
    }

    /// A watch tells of a revision.
    pub(super) fn observe_revision(&mut self, known: &KnownRevision) {
        if let Some(revision) = self.revisions.get_mut(&known.id) {
            revision.available = known.available;
            revision.was_available |= revision.available > 0;
        }
    }

    fn look_at(&mut self, pod: &Pod, now: Option<ServerTime>) {
        let id = RevisionId::of(pod);
        let Some(revision) = id.and_then(|id| self.revisions.get_mut(&id)) else { return };
        match is_well(pod, now) {
            Some(true) => revision.well += 1,
            Some(false) => revision.unwell += 1,
            None => {}
        }
    }

    /// Whether a pod of any revision is available, as last read; `new_pods` of the one that is judged.
    pub(super) fn serves(&self, new_pods: u64) -> bool {
        self.revisions.values().any(|of| if of.is_new { new_pods > 0 } else { of.available > 0 })
    }

    /// The revisions of which pods are available, as last read; `new_pods` of the one that is judged.
    pub(super) fn serving(&self, new_pods: u64) -> Vec<Serving> {
        let mut serving: Vec<_> = self
            .revisions
            .values()
            .map(|revision| Serving {
                revision: revision.name.clone(),
                number: revision.number,
                is_new: revision.is_new,
                available: if revision.is_new { new_pods } else { revision.available },
            })
            .filter(|serving| serving.available > 0)
            .collect();
        serving.sort_by_key(|serving| serving.number);
        serving
    }

    /// Whether pods of a revision are available, as last read.
    pub(super) fn is_available(&self, id: &RevisionId) -> bool {
        self.revisions.get(id).is_some_and(|revision| revision.available > 0)
    }
}

impl Past {
    fn of(known: &KnownRevision, is_new: bool) -> Self {
        Self {
            object: known.object.clone(),
            name: names::object(&known.object.name),
            number: known.number,
            is_new,
            is_current: known.is_current,
            available: known.available,
            was_available: known.available > 0,
            well: 0,
            unwell: 0,
        }
    }

    fn health(&self) -> Health {
        match () {
            () if self.unwell > 0 && self.unwell >= self.well => Health::Bad,
            () if self.was_available || self.is_current || self.well > 0 => Health::Good,
            () => Health::Unknown,
        }
    }
}
