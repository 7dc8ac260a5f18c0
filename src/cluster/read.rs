//! The truth: one consistent read of workloads, their revisions and their pods.

use std::sync::Arc;

use futures_util::future::try_join_all;
use kube::core::{Request, params::GetParams};
use tokio::time::timeout;

use super::{
    Cluster,
    call::{Call, decode},
    failure::Failure,
    lists::Revisions,
    path,
    reading::Reading,
    rollout,
    watch::{WatchStart, WorkloadStart},
};
use crate::{
    model::{Kind, Namespace, Pod, ServerTime, TargetKind, TargetRef, Workload},
    observation::{FailureKind, Read, ReadFailure, Resource, World},
};

/// Targets of a namespace that are each asked about by their names and read by their own selectors; of more the whole
/// namespace is read, and the first of a kind stands for all in questions about permissions.
pub const EACH_BY_ITSELF: usize = 4;

fn is_refused(failure: &ReadFailure) -> bool {
    failure.resource == Resource::Workload && failure.kind == FailureKind::Forbidden
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
        if targets.len() <= EACH_BY_ITSELF {
            return self.read_each(targets, known).await;
        }
        let is_custom = |target: &TargetRef| target.kind.kind() == Kind::Custom;
        if targets.iter().any(is_custom) {
            // what belongs to a custom resource only its owners tell
            let (custom, others): (Vec<_>, Vec<_>) = targets.iter().cloned().partition(is_custom);
            let others = Box::pin(self.read_all(&others, known));
            let (custom, others) = tokio::try_join!(self.read_each(&custom, known), others)?;
            return Ok(custom.and(others));
        }
        match Box::pin(self.read_together(targets, known)).await {
            // who may read these workloads alone is served as well, with a request for each
            Err(failure) if is_refused(&failure) => self.read_each(targets, known).await,
            reading => reading,
        }
    }

    async fn read_each(
        &self,
        targets: &[TargetRef],
        known: &World,
    ) -> Result<Reading, ReadFailure> {
        let parts = targets.iter().map(|target| self.read_target(target, known));
        let needs_nodes = targets.iter().any(|target| target.kind.kind().is_on_each_node());
        let (parts, nodes) = tokio::try_join!(try_join_all(parts), self.nodes(needs_nodes))?;
        let lacks = |part: &Part| part.found.as_ref().is_none_or(Found::lacks_pods);
        let mut read = Read { whole: true, nodes, ..Read::default() };
        if let Some(target) = targets.first().filter(|_| parts.iter().any(lacks)) {
            let namespace = self.namespace_state(target).await;
            read.namespace_deleted = namespace.deleted();
            let missing = targets.iter().zip(&parts).filter(|(_, part)| part.found.is_none());
            let missing: Vec<_> = missing.map(|(target, _)| target).collect();
            read.absent = self.absences(&missing, namespace, known).await;
        }
        let mut watch_from = Vec::new();
        for Part { found, server_time } in parts {
            read.server_time = read.server_time.or(server_time);
            watch_from.extend(found.map(|found| {
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
            Workload::Custom(custom) => custom.resource = target.kind.resource().cloned(),
            Workload::Deployment(_)
            | Workload::StatefulSet(_)
            | Workload::DaemonSet(_)
            | Workload::Job(_) => {}
        }
        let selector = workload.selector().to_query();

        let pods = self.pods(&target.namespace, Some(&selector), known);
        let kinds = [target.kind.kind()];
        let revisions = self.revisions(&kinds, &target.namespace, Some(&selector), known);
        let (revisions, pods) = tokio::try_join!(revisions, pods)?;
        let mut pods = pods;
        let (mut path, mut owner) = (None, None);
        if let Workload::Custom(custom) = &mut workload {
            let root = custom.metadata.uid.clone();
            (custom.lineage, pods.items) =
                self.lineage(&target.namespace, &root, pods.items).await?;
            path = Some(self.collection(&target.kind, &target.namespace).await?);
            owner = Some(root);
        }
        let start = WorkloadStart::After(workload.metadata().version);
        let watch_from = WatchStart {
            target: Some(target.clone()),
            namespace: target.namespace.clone(),
            workloads: vec![(target.kind.kind(), start)],
            selector: Some(selector),
            path,
            owner,
            replica_sets: revisions.replica_sets_version.clone(),
            pods: pods.version,
        };
        let found = Found { workload, revisions, pods: pods.items, watch_from };
        Ok(Part { found: Some(found), server_time })
    }

    async fn read_workload(
        &self,
        target: &TargetRef,
    ) -> Result<(Option<Workload>, Option<ServerTime>), ReadFailure> {
        let what = format!("get {target} in namespace {}", target.namespace);
        let decode_workload = match target.kind.kind() {
            Kind::Deployment => |body: &[u8]| decode(body).map(Workload::Deployment),
            Kind::StatefulSet => |body: &[u8]| decode(body).map(Workload::StatefulSet),
            Kind::DaemonSet => |body: &[u8]| decode(body).map(Workload::DaemonSet),
            Kind::Job => |body: &[u8]| decode(body).map(Workload::Job),
            Kind::Rollout => |body: &[u8]| decode(body).map(Workload::Rollout),
            Kind::Custom => |body: &[u8]| decode(body).map(Workload::Custom),
        };
        let path = self.collection(&target.kind, &target.namespace).await?;
        let request = Request::new(path).get(&target.name, &GetParams::default());
        let call = Call::new(Resource::Workload, what, request)?;

        let mut body = Vec::new();
        match self.connection.read(&call, &mut body).await {
            Ok(date) => {
                let workload = decode_workload(&body).map_err(|failure| call.failed(failure))?;
                Ok((Some(workload), date))
            }
            Err(Failure { kind: FailureKind::NotFound, .. }) => Ok((None, None)),
            Err(failure) if self.lacks_api(target.kind.kind(), &failure).await => {
                Err(rollout::not_served())
            }
            Err(failure) => Err(call.failed(failure)),
        }
    }

    /// The collection of a kind in a namespace.
    pub(super) async fn collection(
        &self,
        kind: &TargetKind,
        namespace: &Namespace,
    ) -> Result<String, ReadFailure> {
        match kind.resource() {
            Some(resource) => Ok(self.served(resource).await?.collection(namespace)),
            None => Ok(path::workloads(kind.kind(), namespace)),
        }
    }
}
