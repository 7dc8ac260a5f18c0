//! A target's part of what is known of its scope.

use std::collections::BTreeSet;

use crate::{
    model::{Meta, Pod, TargetRef, Uid, Workload},
    observation::{Named, Observation, Read, ReadFailure, Snapshot},
};

/// What of a scope belongs to one target, also what did so once: a pod that was released, or whose ReplicaSet is gone, is
/// told of to its end.
#[derive(Debug)]
pub(super) struct Share {
    target: TargetRef,
    /// Nothing else is asked for in its scope, so all of it is its own as far as its selector says.
    is_alone: bool,
    /// The workload and the ReplicaSets that it controls or controlled.
    owners: BTreeSet<Uid>,
    pods: BTreeSet<Uid>,
}

impl Share {
    pub(super) fn new(target: TargetRef, is_alone: bool) -> Self {
        Self { target, is_alone, owners: BTreeSet::new(), pods: BTreeSet::new() }
    }

    /// Something else is asked for in its scope from now on.
    pub(super) fn get_neighbour(&mut self) {
        self.is_alone = false;
    }

    /// Why it could not be read; `None` if it was.
    pub(super) fn failure<'r>(&self, all: &'r Read) -> Option<&'r ReadFailure> {
        all.unread.iter().find(|one| one.target == self.target).map(|one| &one.failure)
    }

    /// Its part of everything that was read.
    pub(super) fn of(&mut self, all: &Read) -> Snapshot {
        let workload = all.workloads.iter().find(|workload| self.is_target(workload));
        if let Some(workload) = workload {
            self.owners.insert(workload.uid().clone());
            if let Workload::Custom(custom) = &**workload {
                self.owners.extend(custom.lineage.owners.iter().cloned());
            }
        }
        let of_workload = |metadata: &Meta| {
            self.is_alone || workload.is_some_and(|one| metadata.controller() == Some(one.uid()))
        };
        let replica_sets = all.replica_sets.iter().filter(|set| of_workload(&set.metadata));
        let replica_sets: Vec<_> = replica_sets.cloned().collect();
        let revisions = all.controller_revisions.iter();
        let revisions = revisions.filter(|one| of_workload(&one.metadata)).cloned().collect();
        self.owners.extend(replica_sets.iter().map(|set| set.uid().clone()));
        let pods = all.pods.iter().filter(|pod| self.has_pod(pod)).cloned().collect::<Vec<_>>();
        if !self.is_alone {
            self.pods = pods.iter().map(|pod| pod.uid().clone()).collect();
        }
        Snapshot {
            workload: workload.cloned(),
            replica_sets,
            controller_revisions: revisions,
            pods,
            nodes: all.nodes.clone(),
            server_time: all.server_time,
            namespace_deleted: all.namespace_deleted,
            instead: all
                .absent
                .iter()
                .find(|absence| absence.target == self.target)
                .and_then(|absence| absence.instead.clone()),
            begun: None,
        }
    }

    /// Whether what a watch told of is its own.
    pub(super) fn has(&mut self, observation: &Observation) -> bool {
        match observation {
            Observation::WorkloadChanged(workload) => self.is_target(workload),
            Observation::WorkloadDeleted(uid) => self.is_alone || self.owners.contains(uid),
            Observation::ReplicaSetChanged(set) => {
                let owner = set.metadata.controller();
                let is_own = self.is_alone || owner.is_some_and(|uid| self.owners.contains(uid));
                if is_own {
                    self.owners.insert(set.uid().clone());
                }
                is_own
            }
            Observation::PodChanged(pod) | Observation::PodDeleted(pod) => self.has_pod(pod),
            _ => true,
        }
    }

    fn is_target(&self, workload: &Workload) -> bool {
        let is_resource = match workload {
            Workload::Custom(custom) => custom.resource.as_ref() == self.target.kind.resource(),
            _ => workload.kind() == self.target.kind.kind(),
        };
        is_resource && workload.name() == &*self.target.name
    }

    /// Whether it may be one of its pods. What is known by its name alone is for the gate to look at: its ReplicaSet may
    /// be gone, or be told of in a moment.
    fn has_pod(&self, pod: &Pod) -> bool {
        self.is_alone
            || self.pods.contains(pod.uid())
            || pod.metadata.parents().any(|owner| self.owners.contains(&owner.uid))
            || pod.name().starts_with(&*self.target.name)
    }
}
