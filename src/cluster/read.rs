//! The truth: one consistent read of a workload, its revisions and its pods.

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
    path,
    watch::WatchStart,
};
use crate::{
    model::{
        ControllerRevision, Kind, Meta, Pod, ReplicaSet, RevisionKind, ServerTime, TargetRef,
        Workload,
    },
    observation::{FailureKind, ReadFailure, Resource, Snapshot},
};

/// The objects that hold the revisions of a workload.
#[derive(Default)]
struct Revisions {
    replica_sets: Vec<ReplicaSet>,
    replica_sets_version: Option<Box<str>>,
    controller_revisions: Vec<ControllerRevision>,
}

/// A snapshot, and where to watch from so that nothing after it is missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What was read.
    pub snapshot: Snapshot,
    /// `None` if there is no such workload.
    pub watch_from: Option<WatchStart>,
}

impl Cluster {
    /// Reads the target with its revisions and pods. No part of it is older than the call.
    ///
    /// # Errors
    /// The first part that could not be read. A target that does not exist is no error.
    pub async fn read(&self, target: &TargetRef) -> Result<Reading, ReadFailure> {
        let limit = self.connection.limits().read;
        match timeout(limit, Box::pin(self.read_parts(target))).await {
            Ok(reading) => reading,
            Err(_) => {
                let what = format!("read {target} in namespace {} as a whole", target.namespace);
                Err(Failure::timed_out(limit).of(Resource::Workload, &what))
            }
        }
    }

    async fn read_parts(&self, target: &TargetRef) -> Result<Reading, ReadFailure> {
        let (workload, server_time) = self.read_workload(target).await?;
        let Some(workload) = workload else {
            let snapshot = Snapshot {
                server_time,
                namespace_deleted: self.namespace_deleted(target).await,
                ..Snapshot::default()
            };
            return Ok(Reading { snapshot, watch_from: None });
        };
        let selector = workload.selector().to_query();
        let version = workload.metadata().version;

        let pods = self.selected(target, Resource::Pods, &selector);
        let revisions = self.read_revisions(target, &selector);
        let (revisions, pods) = tokio::try_join!(revisions, self.connection.list(&pods))?;
        let pods = pods.versioned(Resource::Pods, "list pods")?;

        let watch_from = Some(WatchStart {
            workload: version,
            selector,
            replica_sets: revisions.replica_sets_version,
            pods: pods.version,
        });
        let pods = pods.items;
        let stay = pods.iter().filter(|pod: &&Pod| !pod.metadata.is_terminating()).count();
        let are_missing = workload.pods_wanted().is_none_or(|all| all > stay as u64);
        let namespace_deleted =
            if are_missing { self.namespace_deleted(target).await } else { None };
        let snapshot = Snapshot {
            workload: Some(workload),
            replica_sets: revisions.replica_sets,
            controller_revisions: revisions.controller_revisions,
            pods,
            server_time,
            namespace_deleted,
        };
        Ok(Reading { snapshot, watch_from })
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
                let list = self.connection.list(&list).await?;
                let list = list.versioned(Resource::ReplicaSets, "list replicasets")?;
                revisions.replica_sets = list.items;
                revisions.replica_sets_version = Some(list.version);
            }
            Some(RevisionKind::ControllerRevision) => {
                let list = self.selected(target, Resource::ControllerRevisions, selector);
                revisions.controller_revisions = self.connection.list(&list).await?.items;
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
