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

/// Where a read ended, so that watches go on from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchStart {
    /// The target that is watched by itself; `None` for all of the namespace.
    pub target: Option<TargetRef>,
    pub(super) namespace: Namespace,
    /// Which kinds of workloads, and from where.
    pub(super) workloads: Vec<(Kind, WorkloadStart)>,
    /// What chooses pods and revisions, as a `labelSelector` parameter; `None` for all.
    pub(super) selector: Option<String>,
    /// The collection of the target, where its kind does not tell.
    pub(super) path: Option<String>,
    /// The custom resource that pods must lead to.
    pub(super) owner: Option<Uid>,
    /// `None` where they hold no revisions.
    pub(super) replica_sets: Option<Box<str>>,
    pub(super) pods: Box<str>,
}

/// Where a watch of workloads begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WorkloadStart {
    /// With one object as it is; this version of it was read.
    After(u64),
    /// After a list of this version.
    Of(Box<str>),
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

/// Keeps watches going until it is dropped.
#[derive(Debug)]
#[must_use = "the watches end when it is dropped"]
pub struct WatchGuard {
    tasks: Vec<AbortHandle>,
}

impl Drop for WatchGuard {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

impl Cluster {
    /// Watches workloads, their pods and, where they hold revisions, their ReplicaSets from where a read ended, each on its
    /// own.
    ///
    /// What they see is of this scope. They try again by themselves, with growing pauses, until the guard is dropped or nobody receives.
    pub fn watch(
        &self,
        from: WatchStart,
        scope: ScopeId,
        sender: &mpsc::Sender<(ScopeId, WatchMessage)>,
    ) -> WatchGuard {
        let namespace = &from.namespace;
        let by_label =
            WatchParams { label_selector: from.selector.clone(), ..WatchParams::default() };
        let pods = Watch {
            cluster: self.clone(),
            resource: Resource::Pods,
            meant: Meant {
                resource: from.target.as_ref().and_then(|one| one.kind.resource().cloned()),
                owner: from.owner.clone(),
            },
            path: path::of(Resource::Pods, namespace),
            params: by_label.clone(),
            version: Some(from.pods.into()),
            newer_than: 0,
            scope,
            sender: sender.clone(),
        };
        let name = from.target.as_ref().map(|target| format!("metadata.name={}", target.name));
        let workloads = from.workloads.into_iter().map(|(kind, start)| {
            let (version, newer_than) = match start {
                WorkloadStart::After(read) => (None, read),
                WorkloadStart::Of(list) => (Some(list.into()), 0),
            };
            let watch = Watch {
                resource: Resource::Workload,
                path: from.path.clone().unwrap_or_else(|| path::workloads(kind, namespace)),
                params: WatchParams { field_selector: name.clone(), ..WatchParams::default() },
                version,
                newer_than,
                ..pods.clone()
            };
            match kind {
                Kind::Deployment => tokio::spawn(watch.run::<Deployment>()),
                Kind::StatefulSet => tokio::spawn(watch.run::<StatefulSet>()),
                Kind::DaemonSet => tokio::spawn(watch.run::<DaemonSet>()),
                Kind::Job => tokio::spawn(watch.run::<Job>()),
                Kind::Rollout => tokio::spawn(watch.run::<Rollout>()),
                Kind::Custom => tokio::spawn(watch.run::<Custom>()),
            }
        });
        let workloads: Vec<_> = workloads.collect();
        let replica_sets = from.replica_sets.map(|version| Watch {
            resource: Resource::ReplicaSets,
            path: path::of(Resource::ReplicaSets, namespace),
            params: by_label,
            version: Some(version.into()),
            newer_than: 0,
            ..pods.clone()
        });
        let replica_sets = replica_sets.map(|watch| tokio::spawn(watch.run::<ReplicaSet>()));
        let pods = tokio::spawn(pods.run::<Pod>());
        let tasks = workloads.into_iter().chain([pods]).chain(replica_sets);
        WatchGuard { tasks: tasks.map(|task| task.abort_handle()).collect() }
    }
}
