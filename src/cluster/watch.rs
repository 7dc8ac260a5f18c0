//! Watches: they wake the gate. The truth is what is read, see `read`.
//!
//! No change is lost without a word: whenever one may have been, the receiver is told to read.

use std::{sync::Arc, time::Duration};

use http::{HeaderValue, StatusCode, header::ACCEPT_ENCODING};
use kube::core::{
    Request, WatchEvent,
    params::{ListParams, WatchParams},
};
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::{
    sync::mpsc,
    task::AbortHandle,
    time::{sleep, timeout},
};

use super::{Cluster, call::Call, failure::Failure, lines::Lines, list::ListCall, path};
use crate::{
    model::{
        Custom, DaemonSet, Deployment, Job, Kind, Meta, Namespace, Pod, ReplicaSet, ResourceName,
        Rollout, StatefulSet, TargetRef, Uid, Workload,
    },
    observation::{Observation, Resource, ScopeId},
};

/// The pause after a watch was forbidden: permissions come late, if at all.
const PAUSE_WHEN_REFUSED: Duration = Duration::from_secs(30);

/// Bytes of one event: etcd takes objects of up to 1.5 MiB, which are somewhat larger as JSON.
const LINE_MAX: usize = 4 << 20;

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
            resource_name: from.target.as_ref().and_then(|one| one.kind.resource().cloned()),
            owner: from.owner.clone(),
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

/// Something that is watched.
trait Watched: Clone + DeserializeOwned + Send + 'static {
    fn metadata(&self) -> &Meta;
    fn changed(self) -> WatchMessage;
    /// Whether the watch is for it; completes it by what the watch knows.
    fn is_watched(&mut self, _watch: &Watch) -> bool {
        true
    }
    fn deleted(self) -> WatchMessage;
}

/// A workload that is watched for itself.
macro_rules! watched_workload {
    ($($kind:ident),+) => {
        $(impl Watched for $kind {
            fn metadata(&self) -> &Meta {
                &self.metadata
            }

            fn changed(self) -> WatchMessage {
                let workload = Arc::new(Workload::$kind(self));
                WatchMessage::Saw(Observation::WorkloadChanged(workload))
            }

            fn deleted(self) -> WatchMessage {
                WatchMessage::Saw(Observation::WorkloadDeleted(self.metadata.uid.clone()))
            }
        })+
    };
}

watched_workload!(Deployment, StatefulSet, DaemonSet, Job, Rollout);

impl Watched for Custom {
    fn metadata(&self) -> &Meta {
        &self.metadata
    }

    fn changed(self) -> WatchMessage {
        WatchMessage::Saw(Observation::WorkloadChanged(Arc::new(Workload::Custom(self))))
    }

    fn deleted(self) -> WatchMessage {
        WatchMessage::Saw(Observation::WorkloadDeleted(self.metadata.uid.clone()))
    }

    fn is_watched(&mut self, watch: &Watch) -> bool {
        self.resource.clone_from(&watch.resource_name);
        true
    }
}

impl Watched for ReplicaSet {
    fn metadata(&self) -> &Meta {
        &self.metadata
    }

    fn changed(self) -> WatchMessage {
        WatchMessage::Saw(Observation::ReplicaSetChanged(self))
    }

    fn deleted(self) -> WatchMessage {
        // an old revision was cleaned up, or someone deleted the one under watch: a read tells which
        WatchMessage::Gap
    }
}

impl Watched for Pod {
    fn metadata(&self) -> &Meta {
        &self.metadata
    }

    fn changed(self) -> WatchMessage {
        WatchMessage::Saw(Observation::PodChanged(self))
    }

    fn deleted(self) -> WatchMessage {
        WatchMessage::Saw(Observation::PodDeleted(self))
    }

    fn is_watched(&mut self, watch: &Watch) -> bool {
        let owners = &watch.cluster.connection.owners;
        !watch.owner.as_ref().is_some_and(|owner| owners.know_to_be_foreign(self, owner))
    }
}

#[derive(Clone)]
struct Watch {
    cluster: Cluster,
    resource: Resource,
    /// As the target names it, where it is a custom resource.
    resource_name: Option<ResourceName>,
    /// The resource that pods must lead to.
    owner: Option<Uid>,
    path: String,
    params: WatchParams,
    /// Where to go on; without it the server begins with the objects as they are.
    version: Option<String>,
    /// Objects that are no newer than this were read already.
    newer_than: u64,
    scope: ScopeId,
    sender: mpsc::Sender<(ScopeId, WatchMessage)>,
}

/// Why a stream ended.
enum End {
    /// The server ended it in good order.
    Finished,
    /// It broke, or fell silent.
    Broken,
    /// The server no longer has what came after our version.
    Expired,
    /// The server refuses.
    Refused,
    /// Nobody listens.
    NotWanted,
}

impl Watch {
    async fn run<T: Watched>(mut self) {
        let (first, longest) = self.cluster.connection.limits().backoff;
        let mut pause = first;
        // a streak of failures is told once, at its start; what it hid comes with the version it goes on from
        let mut told = false;
        loop {
            let mut lived = false;
            let end = self.stream::<T>(&mut lived).await;
            if lived {
                (pause, told) = (first, false);
            }
            let mut wait = Some(pause);
            match end {
                End::NotWanted => return,
                End::Finished if lived => wait = None,
                End::Finished => {}
                End::Broken => {
                    if !std::mem::replace(&mut told, true) && !self.tell(WatchMessage::Gap).await {
                        return;
                    }
                }
                End::Expired => {
                    while !self.start_again().await {
                        sleep(pause).await;
                        pause = (pause * 2).min(longest);
                    }
                    wait = (!lived).then_some(pause);
                    // told after the new version is known, so that a read that follows closes the gap
                    if !self.tell(WatchMessage::Gap).await {
                        return;
                    }
                }
                End::Refused => {
                    if !std::mem::replace(&mut told, true) && !self.tell(WatchMessage::Gap).await {
                        return;
                    }
                    wait = Some(PAUSE_WHEN_REFUSED);
                }
            }
            if let Some(wait) = wait {
                sleep(wait).await;
                pause = (pause * 2).min(longest);
            }
        }
    }

    /// Follows one stream to its end. It lived if it said something, or stayed open for a while.
    async fn stream<T: Watched>(&mut self, lived: &mut bool) -> End {
        let connection = &self.cluster.connection;
        let limits = *connection.limits();
        let params = self.params.clone().timeout(limits.watch_seconds);
        let version = self.version.as_deref().unwrap_or("");
        let Ok(mut request) = Request::new(&self.path).watch(&params, version) else {
            return End::Refused;
        };
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let what = format!("watch {}", self.resource.as_str());
        let call = Call { resource: self.resource, what, request };
        let mut lines = match timeout(limits.request, connection.open(&call)).await {
            Err(_) => return End::Broken,
            Ok(Err(failure)) => return End::of(&failure),
            Ok(Ok(answer)) => Lines::new(answer.into_body(), LINE_MAX),
        };
        // without a version it begins with the object as it is
        let begins_with_object = self.version.is_none();
        let mut is_young = true;
        loop {
            let limit = if is_young { limits.watch_settle } else { limits.watch_idle };
            let line = match timeout(limit, lines.next()).await {
                Err(_) if std::mem::take(&mut is_young) => {
                    *lived = true;
                    // an object that does not come was deleted between the read and the watch
                    if begins_with_object && !self.tell(WatchMessage::Gap).await {
                        return End::NotWanted;
                    }
                    continue;
                }
                Err(_) => return End::Broken,
                Ok(Err(failure)) => return End::of(&failure),
                Ok(Ok(None)) => return End::Finished,
                Ok(Ok(Some(line))) => line,
            };
            is_young = false;
            let event = serde_json::from_slice::<WatchEvent<T>>(&line);
            *lived |= matches!(
                event,
                Ok(WatchEvent::Added(_)
                    | WatchEvent::Modified(_)
                    | WatchEvent::Deleted(_)
                    | WatchEvent::Bookmark(_))
            );
            let message = match event {
                Ok(WatchEvent::Added(mut object) | WatchEvent::Modified(mut object)) => {
                    let is_known = object.metadata().version <= self.newer_than;
                    self.advance(object.metadata());
                    let is_old = is_known && object.metadata().version != 0;
                    if is_old || !object.is_watched(self) {
                        continue;
                    }
                    object.changed()
                }
                Ok(WatchEvent::Deleted(mut object)) => {
                    self.advance(object.metadata());
                    if !object.is_watched(self) {
                        continue;
                    }
                    object.deleted()
                }
                Ok(WatchEvent::Bookmark(bookmark)) => {
                    self.version = Some(bookmark.metadata.resource_version);
                    continue;
                }
                Ok(WatchEvent::Error(status)) if status.code == StatusCode::GONE.as_u16() => {
                    return End::Expired;
                }
                Ok(WatchEvent::Error(_)) => return End::Broken,
                // a line that makes no sense says at least that something changed
                Err(_) => WatchMessage::Gap,
            };
            if !self.tell(message).await {
                return End::NotWanted;
            }
        }
    }

    fn advance(&mut self, metadata: &Meta) {
        if metadata.version != 0 {
            self.version = Some(metadata.version.to_string());
        }
    }

    /// Finds a version to go on from after the last one expired, and says whether there is one.
    async fn start_again(&mut self) -> bool {
        self.version = None;
        if self.params.field_selector.is_some() {
            // one object is sent again as it is
            return true;
        }
        let params = ListParams {
            label_selector: self.params.label_selector.clone(),
            limit: Some(1),
            ..ListParams::default()
        };
        let what = format!("list {}", self.resource.as_str());
        let list = ListCall {
            max_pages: 1,
            ..ListCall::whole(self.resource, what, self.path.clone(), params)
        };
        let listed = self.cluster.connection.list::<IgnoredAny>(&list).await;
        self.version = listed
            .ok()
            .map(|list| list.version.into())
            .filter(|version: &String| !version.is_empty());
        self.version.is_some()
    }

    /// Whether anybody listens still.
    async fn tell(&self, message: WatchMessage) -> bool {
        self.sender.send((self.scope, message)).await.is_ok()
    }
}

impl End {
    fn of(failure: &Failure) -> Self {
        match failure.status {
            Some(StatusCode::GONE) => Self::Expired,
            Some(StatusCode::TOO_MANY_REQUESTS) | None => Self::Broken,
            Some(code) if code.is_client_error() => Self::Refused,
            Some(_) => Self::Broken,
        }
    }
}
