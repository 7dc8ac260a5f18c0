//! Watches: they wake the gate. The truth is what is read, see `read`.
//!
//! No change is lost without a word: whenever one may have been, the receiver is told to read.

mod stream;
mod watched;

use kube::core::params::WatchParams;
use tokio::{sync::mpsc, task::AbortHandle};

use super::{Cluster, path};
use crate::{
    model::{
        Custom, DaemonSet, Deployment, Job, Kind, Namespace, Pod, ReplicaSet, Rollout, StatefulSet,
        TargetRef, Uid,
    },
    observation::{Observation, Resource, ScopeId},
};
use stream::Watch;
use watched::Meant;

/// Where a read ended, so that a watch goes on from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchStart {
    /// The target that is watched by itself; `None` for all of the namespace.
    pub target: Option<TargetRef>,
    /// What is watched of it.
    pub collection: Collection,
    /// Where the read ended.
    pub(super) version: Version,
    pub(super) namespace: Namespace,
    /// What chooses pods and revisions, as a `labelSelector` parameter; `None` for all.
    pub(super) selector: Option<String>,
    /// The collection of the target, where its kind does not tell.
    pub(super) path: Option<String>,
    /// The custom resource that pods must lead to.
    pub(super) owner: Option<Uid>,
}

/// What one watch is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// Workloads of a kind.
    Workloads(Kind),
    /// What holds revisions of Deployments and Argo Rollouts.
    ReplicaSets,
    /// Pods.
    Pods,
}

/// Where a watch begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// With one object as it is; this version of it was read.
    Newer(u64),
    /// After a list of this version.
    Of(Box<str>),
}

impl WatchStart {
    /// All pods of a namespace, from now on.
    pub(super) fn of(namespace: &Namespace) -> Self {
        Self {
            target: None,
            collection: Collection::Pods,
            version: Version::Newer(0),
            namespace: namespace.clone(),
            selector: None,
            path: None,
            owner: None,
        }
    }

    /// The same of workloads.
    pub(super) fn workloads(&self, kind: Kind, version: Version) -> Self {
        Self { collection: Collection::Workloads(kind), version, ..self.clone() }
    }

    /// The same of ReplicaSets; `None` where none were listed.
    pub(super) fn replica_sets(&self, version: Box<str>) -> Option<Self> {
        let version = Some(version).filter(|version| !version.is_empty()).map(Version::Of)?;
        Some(Self { collection: Collection::ReplicaSets, version, ..self.clone() })
    }

    /// The same of pods, after a list.
    pub(super) fn pods(&self, version: Box<str>) -> Self {
        Self { collection: Collection::Pods, version: Version::Of(version), ..self.clone() }
    }

    /// Whether it shows all that another one of the same namespace does.
    pub fn replaces(&self, other: &Self) -> bool {
        self.target.is_none()
            && other.target.is_some()
            && other.owner.is_none()
            && self.collection == other.collection
            && self.namespace == other.namespace
    }

    /// Whether both watch the same.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.target == other.target
            && self.collection == other.collection
            && self.namespace == other.namespace
    }
}

/// What a watch says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "gaps are rare, so a box would cost more than it saves"
)]
pub enum WatchMessage {
    /// Something changed.
    Saw(Observation),
    /// A change may have been missed: please read.
    Gap,
}

/// Keeps a watch going until it is dropped.
#[derive(Debug)]
#[must_use = "the watch ends when it is dropped"]
pub struct WatchGuard(AbortHandle);

impl Drop for WatchGuard {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Cluster {
    /// Watches what was read from where the read ended. What it sees is of this scope. It tries again by itself, with growing
    /// pauses, until the guard is dropped or nobody receives.
    pub fn watch(
        &self,
        from: WatchStart,
        scope: ScopeId,
        sender: &mpsc::Sender<(ScopeId, WatchMessage)>,
    ) -> WatchGuard {
        let WatchStart { target, collection, version, namespace, selector, path, owner } = from;
        let (version, newer_than) = match version {
            Version::Newer(read) => (None, read),
            Version::Of(list) => (Some(list.into()), 0),
        };
        let by_label = WatchParams { label_selector: selector, ..WatchParams::default() };
        let name = target.as_ref().map(|target| format!("metadata.name={}", target.name));
        let by_name = WatchParams { field_selector: name, ..WatchParams::default() };
        let (resource, path, params) = match collection {
            Collection::Workloads(kind) => {
                let path = path.unwrap_or_else(|| path::workloads(kind, &namespace));
                (Resource::Workload, path, by_name)
            }
            Collection::ReplicaSets => {
                (Resource::ReplicaSets, path::of(Resource::ReplicaSets, &namespace), by_label)
            }
            Collection::Pods => (Resource::Pods, path::of(Resource::Pods, &namespace), by_label),
        };
        let resource_name = target.as_ref().and_then(|one| one.kind.resource().cloned());
        let watch = Watch {
            cluster: self.clone(),
            resource,
            meant: Meant { resource: resource_name, owner },
            path,
            params,
            version,
            newer_than,
            scope,
            sender: sender.clone(),
        };
        let task = match collection {
            Collection::Workloads(Kind::Deployment) => tokio::spawn(watch.run::<Deployment>()),
            Collection::Workloads(Kind::StatefulSet) => tokio::spawn(watch.run::<StatefulSet>()),
            Collection::Workloads(Kind::DaemonSet) => tokio::spawn(watch.run::<DaemonSet>()),
            Collection::Workloads(Kind::Job) => tokio::spawn(watch.run::<Job>()),
            Collection::Workloads(Kind::Rollout) => tokio::spawn(watch.run::<Rollout>()),
            Collection::Workloads(Kind::Custom) => tokio::spawn(watch.run::<Custom>()),
            Collection::ReplicaSets => tokio::spawn(watch.run::<ReplicaSet>()),
            Collection::Pods => tokio::spawn(watch.run::<Pod>()),
        };
        WatchGuard(task.abort_handle())
    }
}
