//! The truth: one consistent read of workloads, their revisions and their pods.

use std::sync::Arc;

use futures_util::future::try_join_all;
use kube::core::{
    Request,
    params::{GetParams, ListParams},
};
use serde::Deserialize;
use tokio::time::timeout;

use super::{
    Cluster,
    call::{Call, decode},
    failure::Failure,
    list::ListCall,
    path, rollout,
    watch::WatchStart,
};
use crate::{
    model::{
        ControllerRevision, Kind, Meta, Node, Pod, ReplicaSet, RevisionKind, ServerTime, TargetRef,
        Workload,
    },
    observation::{FailureKind, Read, ReadFailure, Resource, World},
};

/// The objects that hold the revisions of a workload.
#[derive(Default)]
struct Revisions {
    replica_sets: Vec<Arc<ReplicaSet>>,
    replica_sets_version: Option<Box<str>>,
    controller_revisions: Vec<Arc<ControllerRevision>>,
}

/// What was read of a target.
struct Part {
    found: Option<Found>,
    server_time: Option<ServerTime>,
}

struct Found {
    workload: Workload,
    revisions: Revisions,
    pods: Vec<Arc<Pod>>,
    watch_from: WatchStart,
}

impl Found {
    /// Whether it has fewer pods than it wants, as far as is known.
    fn lacks_pods(&self) -> bool {
        let stay = self.pods.iter().filter(|pod| !pod.metadata.is_terminating()).count();
        self.workload.pods_wanted().is_none_or(|all| all > stay as u64)
    }
}

/// What a scope shows, and where to watch its targets from so that nothing after it is missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// All of it.
    pub read: Read,
    /// For each target, in the order in which they were asked for; `None` where there is no such workload.
    pub watch_from: Vec<Option<WatchStart>>,
}

impl Cluster {
    /// Reads targets of one namespace with their revisions and pods. No part of it is older than the call. Of pods that
    /// are `known` and have not changed, the known reading is given.
    ///
    /// # Errors
    /// The first part that could not be read. A target that does not exist is no error.
    pub async fn read(&self, targets: &[TargetRef], known: &World) -> Result<Reading, ReadFailure> {
        let limit = self.connection.limits().read;
        match timeout(limit, Box::pin(self.read_all(targets, known))).await {
            Ok(reading) => reading,
            Err(_) => {
                let names = targets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let namespace = targets.first().map(|target| target.namespace.to_string());
                let what = format!(
                    "read {names} in namespace {} as a whole",
                    namespace.unwrap_or_default()
                );
                Err(Failure::timed_out(limit).of(Resource::Workload, &what))
            }
        }
    }

    async fn read_all(&self, targets: &[TargetRef], known: &World) -> Result<Reading, ReadFailure> {
        let parts = targets.iter().map(|target| self.read_target(target, known));
        let needs_nodes = targets.iter().any(|target| target.kind.is_on_each_node());
        let (parts, nodes) = tokio::try_join!(try_join_all(parts), self.nodes(needs_nodes))?;
        let lacks = |part: &Part| part.found.as_ref().is_none_or(Found::lacks_pods);
        let mut read = Read { whole: true, nodes, ..Read::default() };
        if let Some(target) = targets.first().filter(|_| parts.iter().any(lacks)) {
            read.namespace_deleted = self.namespace_deleted(target).await;
        }
        let mut watch_from = Vec::new();
        for Part { found, server_time } in parts {
            read.server_time = read.server_time.or(server_time);
            watch_from.push(found.map(|found| {
                let Found { workload, revisions, pods, watch_from } = found;
                read.workloads.push(Arc::new(workload));
                read.replica_sets.extend(revisions.replica_sets);
                read.controller_revisions.extend(revisions.controller_revisions);
                read.pods.extend(pods);
                watch_from
            }));
        }
        Ok(Reading { read, watch_from })
    }

    async fn read_target(&self, target: &TargetRef, known: &World) -> Result<Part, ReadFailure> {
        let (workload, server_time) = self.read_workload(target).await?;
        let Some(mut workload) = workload else { return Ok(Part { found: None, server_time }) };
        match &mut workload {
            Workload::Rollout(rollout) => self.complete(rollout, &target.namespace).await?,
            Workload::Deployment(_)
            | Workload::StatefulSet(_)
            | Workload::DaemonSet(_)
            | Workload::Job(_) => {}
        }
        let selector = workload.selector().to_query();

        let pods = self.selected(target, Resource::Pods, &selector);
        let keep = |mut pod: Pod, previous: Option<&Arc<Pod>>| {
            known.known_pod(&pod).unwrap_or_else(|| {
                if let Some(previous) = previous {
                    pod.share_with(previous);
                }
                Arc::new(pod)
            })
        };
        let pods = self.connection.list_as(&pods, keep);
        let revisions = self.read_revisions(target, &selector);
        let (revisions, pods) = tokio::try_join!(revisions, pods)?;
        let pods = pods.versioned(Resource::Pods, "list pods")?;

        let watch_from = WatchStart {
            workload: workload.metadata().version,
            selector,
            replica_sets: revisions.replica_sets_version.clone(),
            pods: pods.version,
        };
        let found = Found { workload, revisions, pods: pods.items, watch_from };
        Ok(Part { found: Some(found), server_time })
    }

    /// All nodes, if they are needed and may be read.
    async fn nodes(&self, needed: bool) -> Result<Option<Vec<Arc<Node>>>, ReadFailure> {
        if !needed {
            return Ok(None);
        }
        let params = ListParams::default().limit(self.connection.limits().page);
        let list = ListCall::whole(
            Resource::Nodes,
            "list nodes".to_owned(),
            path::NODES.to_owned(),
            params,
        );
        match self.connection.list_as(&list, |node, _| Arc::new(node)).await {
            Ok(nodes) => Ok(Some(nodes.items)),
            Err(failure) if failure.kind == FailureKind::Forbidden => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The objects that hold the revisions of a workload.
    async fn read_revisions(
        &self,
        target: &TargetRef,
        selector: &str,
    ) -> Result<Revisions, ReadFailure> {
        let mut revisions = Revisions::default();
        match target.kind.revisions() {
            Some(RevisionKind::ReplicaSet) => {
                let list = self.selected(target, Resource::ReplicaSets, selector);
                let list = self.connection.list_as(&list, |set, _| Arc::new(set)).await?;
                let list = list.versioned(Resource::ReplicaSets, "list replicasets")?;
                revisions.replica_sets = list.items;
                revisions.replica_sets_version = Some(list.version);
            }
            Some(RevisionKind::ControllerRevision) => {
                let list = self.selected(target, Resource::ControllerRevisions, selector);
                let list = self.connection.list_as(&list, |one, _| Arc::new(one)).await?;
                revisions.controller_revisions = list.items;
            }
            None => {}
        }
        Ok(revisions)
    }

    async fn read_workload(
        &self,
        target: &TargetRef,
    ) -> Result<(Option<Workload>, Option<ServerTime>), ReadFailure> {
        let what = format!("get {target} in namespace {}", target.namespace);
        let decode_workload = match target.kind {
            Kind::Deployment => |body: &[u8]| decode(body).map(Workload::Deployment),
            Kind::StatefulSet => |body: &[u8]| decode(body).map(Workload::StatefulSet),
            Kind::DaemonSet => |body: &[u8]| decode(body).map(Workload::DaemonSet),
            Kind::Job => |body: &[u8]| decode(body).map(Workload::Job),
            Kind::Rollout => |body: &[u8]| decode(body).map(Workload::Rollout),
        };
        let path = path::workloads(target.kind, &target.namespace);
        let request = Request::new(path).get(&target.name, &GetParams::default());
        let call = Call::new(Resource::Workload, what, request)?;

        let mut body = Vec::new();
        match self.connection.read(&call, &mut body).await {
            Ok(date) => {
                let workload = decode_workload(&body).map_err(|failure| call.failed(failure))?;
                Ok((Some(workload), date))
            }
            Err(Failure { kind: FailureKind::NotFound, .. }) => Ok((None, None)),
            Err(failure) if self.lacks_api(target.kind, &failure).await => {
                Err(rollout::not_served())
            }
            Err(failure) => Err(call.failed(failure)),
        }
    }

    /// When the deletion of the target's namespace was requested; `None` too where it cannot be read.
    async fn namespace_deleted(&self, target: &TargetRef) -> Option<ServerTime> {
        #[derive(Deserialize)]
        struct Namespace {
            metadata: Meta,
        }
        let what = format!("get namespace {}", target.namespace);
        let request = Request::new(path::NAMESPACES).get(&target.namespace, &GetParams::default());
        let call = Call::new(Resource::Workload, what, request).ok()?;
        let mut body = Vec::new();
        self.connection.read(&call, &mut body).await.ok()?;
        decode::<Namespace>(&body).ok()?.metadata.deleted
    }

    fn selected(&self, target: &TargetRef, resource: Resource, selector: &str) -> ListCall {
        let namespace = &target.namespace;
        let params = ListParams::default().labels(selector).limit(self.connection.limits().page);
        let what = format!("list {} in namespace {namespace}", resource.as_str());
        ListCall::whole(resource, what, path::of(resource, namespace), params)
    }
}
