//! What is known of a scope, and what a read adds to it.

use std::sync::Arc;

use super::{
    Absence, Observation, Read,
    objects::{Named, Objects},
};
use crate::model::{
    ControllerRevision, Node, Pod, ReplicaSet, ServerTime, TargetRef, Uid, Workload,
};

/// Everything that was last seen of a scope.
#[derive(Clone, Debug, Default)]
pub struct World {
    workloads: Objects<Workload>,
    replica_sets: Objects<ReplicaSet>,
    controller_revisions: Objects<ControllerRevision>,
    pods: Objects<Pod>,
    nodes: Option<Vec<Arc<Node>>>,
    server_time: Option<ServerTime>,
    namespace_deleted: Option<ServerTime>,
    absent: Vec<Absence>,
}

/// Kinds of objects that a [`World`] holds.
pub trait Kept: Named + Sized {
    /// The known object at this version; `None` if that was not seen.
    fn known_in(world: &World, uid: &Uid, version: u64) -> Option<Arc<Self>>;

    /// How many are known.
    fn count_in(world: &World) -> usize;
}

macro_rules! kept {
    ($($kind:ident: $field:ident),+) => {
        $(impl Kept for $kind {
            fn known_in(world: &World, uid: &Uid, version: u64) -> Option<Arc<Self>> {
                world.$field.known_at(uid, version)
            }

            fn count_in(world: &World) -> usize {
                world.$field.0.len()
            }
        })+
    };
}

kept!(Workload: workloads, ReplicaSet: replica_sets, ControllerRevision: controller_revisions, Pod: pods);

impl World {
    /// Whether the pod was seen before.
    pub fn has_pod(&self, uid: &Uid) -> bool {
        self.pods.0.contains_key(uid)
    }

    /// What is known of a target that was missing when it was last read.
    pub fn absence(&self, target: &TargetRef) -> Option<&Absence> {
        self.absent.iter().find(|absence| absence.target == *target)
    }

    /// What a whole read adds, and what it no longer has.
    pub fn news(&self, mut read: Read) -> Read {
        self.workloads.less_known(&mut read.workloads, &mut read.gone);
        self.replica_sets.less_known(&mut read.replica_sets, &mut read.gone);
        self.controller_revisions.less_known(&mut read.controller_revisions, &mut read.gone);
        self.pods.less_known(&mut read.pods, &mut read.gone);
        if read.nodes == self.nodes {
            read.nodes = None;
        }
        read.whole = false;
        read
    }

    /// All that is known with what a read adds.
    pub fn with(&self, news: &Read) -> Read {
        let mut world = self.clone();
        world.take(news);
        Read { unread: news.unread.clone(), ..world.whole() }
    }

    /// All that is known, as a read of it would say.
    pub fn whole(&self) -> Read {
        Read {
            whole: true,
            workloads: self.workloads.listed(),
            replica_sets: self.replica_sets.listed(),
            controller_revisions: self.controller_revisions.listed(),
            pods: self.pods.listed(),
            nodes: self.nodes.clone(),
            gone: Vec::new(),
            unread: Vec::new(),
            server_time: self.server_time,
            namespace_deleted: self.namespace_deleted,
            absent: self.absent.clone(),
        }
    }

    /// Takes a read in.
    pub fn take(&mut self, read: &Read) {
        if read.whole {
            *self = Self::default();
        }
        for uid in &read.gone {
            self.workloads.0.remove(uid);
            self.replica_sets.0.remove(uid);
            self.controller_revisions.0.remove(uid);
            self.pods.0.remove(uid);
        }
        self.workloads.take(&read.workloads);
        self.replica_sets.take(&read.replica_sets);
        self.controller_revisions.take(&read.controller_revisions);
        self.pods.take(&read.pods);
        if read.nodes.is_some() {
            self.nodes.clone_from(&read.nodes);
        }
        self.server_time = read.server_time;
        self.namespace_deleted = read.namespace_deleted;
        self.absent.clone_from(&read.absent);
    }

    /// Takes in what a watch tells. The next read holds as little as possible then; what counts is the read.
    pub fn see(&mut self, observation: &Observation) {
        match observation {
            Observation::WorkloadChanged(workload) => self.workloads.see(workload),
            Observation::ReplicaSetChanged(set) => self.replica_sets.see(set),
            Observation::PodChanged(pod) => self.pods.see(pod),
            Observation::PodDeleted(pod) => drop(self.pods.0.remove(&pod.metadata.uid)),
            Observation::WorkloadDeleted(uid) => drop(self.workloads.0.remove(uid)),
            _ => {}
        }
    }
}
