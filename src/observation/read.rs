//! What a consistent read says, of a scope and of one target.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Absence, Instead, ReadFailure};
use crate::model::{
    ControllerRevision, Elapsed, Node, Pod, ReplicaSet, ServerTime, TargetRef, Uid, Workload,
};

/// One consistent read of a scope: its targets, their revisions and their pods, each no older than the request.
///
/// The cluster gives all of it. A recording has what was not known before, so that it does not grow with
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
    /// What was known and is not in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Uid>,
    /// Targets that could not be read: it says nothing of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
    /// The API server's clock, from its `Date` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<ServerTime>,
    /// When the deletion of the namespace was requested: no pod can be created in it since, and no event says so. It is
    /// read only where a target or pods are missing, and as far as is permitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace_deleted: Option<ServerTime>,
    /// The targets that are missing, as far as they were looked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<Absence>,
}

/// A target that could not be read, while others could.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// The target.
    #[serde(flatten)]
    pub target: TargetRef,
    /// Why.
    pub failure: ReadFailure,
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
    /// What there is instead, where the target is missing; `None` where nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Instead>,
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
