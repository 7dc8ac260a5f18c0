//! What is known of a scope, and what a read adds to it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::Observation;
use crate::model::{ControllerRevision, Elapsed, Node, Pod, ReplicaSet, ServerTime, Uid, Workload};

/// One consistent read of a scope: its targets, their revisions and their pods, each no older than the request.
///
/// The cluster gives all of it. A recording has what was not [known](World::news) before, so that it does not grow with
/// each read, and from time to time all of it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// Everything is in it, and what is not is gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
    /// The targets that are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workloads: Vec<Arc<Workload>>,
    /// The ReplicaSets that their selectors choose, where they hold revisions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replica_sets: Vec<Arc<ReplicaSet>>,
    /// The ControllerRevisions that their selectors choose, where they hold revisions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controller_revisions: Vec<Arc<ControllerRevision>>,
    /// The pods that their selectors choose, old revisions' and foreign ones too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pods: Vec<Arc<Pod>>,
    /// All nodes; `None` where no target runs on each of them, where they may not be read, and where none has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Vec<Arc<Node>>>,
    /// What was known and is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Uid>,
    /// The API server's clock, from its `Date` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<ServerTime>,
    /// When the deletion of the namespace was requested: no pod can be created in it since, and no event says so. It is
    /// read only where a target or pods are missing, and as far as is permitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace_deleted: Option<ServerTime>,
}

/// What a consistent read says of one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The target; `None` if there is none of that name.
    pub workload: Option<Arc<Workload>>,
    /// The ReplicaSets that hold its revisions, and maybe others.
    pub replica_sets: Vec<Arc<ReplicaSet>>,
    /// The ControllerRevisions that hold its revisions, and maybe others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controller_revisions: Vec<Arc<ControllerRevision>>,
    /// Its pods, and maybe others.
    pub pods: Vec<Arc<Pod>>,
    /// All nodes; `None` where they do not matter, or may not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Vec<Arc<Node>>>,
    /// The API server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<ServerTime>,
    /// When the deletion of the namespace was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace_deleted: Option<ServerTime>,
    /// When the read was asked for; `None` for the time at which the gate asked.
    #[serde(skip)]
    pub begun: Option<Elapsed>,
}

impl Snapshot {
    /// Its pods, and maybe others.
    pub fn pods(&self) -> impl Iterator<Item = &Pod> {
        self.pods.iter().map(AsRef::as_ref)
    }

    /// The ReplicaSets that hold its revisions, and maybe others.
    pub fn replica_sets(&self) -> impl Iterator<Item = &ReplicaSet> {
        self.replica_sets.iter().map(AsRef::as_ref)
    }
}

/// Something with a name that may be used again, a UID that is not, and a version of its reading.
pub trait Named {
    /// Unique for ever.
    fn uid(&self) -> &Uid;
    /// Unique in its namespace at one time only.
    fn name(&self) -> &str;
    /// Two readings with one version are equal; 0 says nothing.
    fn version(&self) -> u64;
}

macro_rules! named {
    ($($kind:ident),+) => {
        $(impl Named for $kind {
            fn uid(&self) -> &Uid {
                &self.metadata.uid
            }

            fn name(&self) -> &str {
                &self.metadata.name
            }

            fn version(&self) -> u64 {
                self.metadata.version
            }
        })+
    };
}

named!(ReplicaSet, ControllerRevision, Pod);

impl Named for Workload {
    fn uid(&self) -> &Uid {
        &self.metadata().uid
    }

    fn name(&self) -> &str {
        &self.metadata().name
    }

    fn version(&self) -> u64 {
        match self {
            Self::Rollout(rollout) if rollout.is_more_than_itself() => 0,
            // whom its pods hang on changes without it
            Self::Custom(_) => 0,
            _ => self.metadata().version,
        }
    }
}

/// Objects of one kind, as last seen.
#[derive(Clone, Debug)]
struct Objects<T>(BTreeMap<Uid, Arc<T>>);

impl<T> Default for Objects<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Named> Objects<T> {
    /// The known object in place of one that was read again unchanged.
    fn known(&self, read: &T) -> Option<Arc<T>> {
        self.known_at(read.uid(), read.version())
    }

    /// The object as it was at this version, if that was seen.
    fn known_at(&self, uid: &Uid, version: u64) -> Option<Arc<T>> {
        let known = self.0.get(uid)?;
        (version != 0 && known.version() == version).then(|| known.clone())
    }
}

impl<T: Named + Clone> Objects<T> {
    /// Leaves what is not known, and adds what is gone.
    fn less_known(&self, read: &mut Vec<Arc<T>>, gone: &mut Vec<Uid>) {
        let is_there: BTreeSet<&Uid> = read.iter().map(|one| one.uid()).collect();
        gone.extend(self.0.keys().filter(|uid| !is_there.contains(uid)).cloned());
        read.retain(|one| self.known(one).is_none());
    }

    fn take(&mut self, read: &[Arc<T>]) {
        self.0.extend(read.iter().map(|one| (one.uid().clone(), one.clone())));
    }

    /// A watch told of it; one that lags does not undo what was read.
    fn see(&mut self, seen: &T) {
        let is_old = |known: &Arc<T>| seen.version() != 0 && known.version() > seen.version();
        if !self.0.get(seen.uid()).is_some_and(is_old) {
            self.0.insert(seen.uid().clone(), Arc::new(seen.clone()));
        }
    }

    /// In the order of their names, as API servers list them.
    fn listed(&self) -> Vec<Arc<T>> {
        let mut all: Vec<_> = self.0.values().cloned().collect();
        all.sort_by(|a, b| a.name().cmp(b.name()).then_with(|| a.uid().cmp(b.uid())));
        all
    }
}

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
        world.whole()
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
            server_time: self.server_time,
            namespace_deleted: self.namespace_deleted,
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
