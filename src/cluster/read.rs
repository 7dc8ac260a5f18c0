//! The truth: one consistent read of workloads, their revisions and their pods.

use std::{future::Future, sync::Arc};

use futures_util::future::join_all;
use kube::core::{Request, params::GetParams};
use tokio::{sync::OnceCell, time::timeout};

use super::{
    Cluster,
    absence::NamespaceState,
    call::{Call, decode},
    failure::Failure,
    path,
    reading::Reading,
    rollout,
    watch::{Version, WatchStart},
};
use crate::{
    model::{Kind, Namespace, RevisionKind, ServerTime, TargetKind, TargetRef, Workload},
    observation::{FailureKind, ReadFailure, Resource, Unread, World},
};

/// Targets of a namespace that are each asked about by their names and read by their own selectors; of more the whole
/// namespace is read, and the first of a kind stands for all in questions about permissions.
pub const EACH_BY_ITSELF: usize = 4;

/// Whether who asks may not read workloads of the kind; each by its name may be permitted all the same.
fn is_refused(one: &Unread) -> bool {
    one.target.kind.kind() != Kind::Custom
        && one.failure.resource == Resource::Workload
        && one.failure.kind == FailureKind::Forbidden
}

/// What a namespace is like, asked for once a read.
type State = OnceCell<NamespaceState>;

impl Cluster {
    /// Reads targets of one namespace with their revisions and pods. No part of it is older than the call. Of pods that
    /// are `known` and have not changed, the known reading is given. A target that cannot be read keeps no other from it.
    ///
    /// # Errors
    /// Nothing could be read. A target that does not exist is no error.
    pub async fn read(&self, targets: &[TargetRef], known: &World) -> Result<Reading, ReadFailure> {
        Box::pin(self.read_all(targets, known)).await.or_failure(targets)
    }

    async fn read_all(&self, targets: &[TargetRef], known: &World) -> Reading {
        // what belongs to a custom resource only its owners tell
        let is_custom = |target: &TargetRef| target.kind.kind() == Kind::Custom;
        let (custom, others): (Vec<_>, Vec<_>) = targets.iter().cloned().partition(is_custom);
        if others.len() <= EACH_BY_ITSELF {
            return self.read_each(targets, known).await;
        }
        let others = self.read_together(&others, known);
        let (others, custom) = tokio::join!(others, self.read_each(&custom, known));
        let mut reading = others.and(custom);
        // who may read these workloads alone is served as well, with a request for each
        let refused = reading.take_unread(is_refused);
        if refused.is_empty() {
            return reading;
        }
        let each = self.read_each(&refused, known).await;
        reading.and(each)
    }

    async fn read_each(&self, targets: &[TargetRef], known: &World) -> Reading {
        let state = State::new();
        let parts = targets.iter().map(|target| {
            let part = self.read_target(target, known, &state);
            self.within_read(part, || target.to_string(), &target.namespace)
        });
        let needs_nodes = targets.iter().any(|target| target.kind.kind().is_on_each_node());
        let (parts, nodes) = tokio::join!(join_all(parts), self.nodes(needs_nodes));
        let mut reading = Reading::new();
        for (target, part) in targets.iter().zip(parts) {
            match (part, &nodes) {
                (Err(failure), _) => reading.miss(target, &failure),
                (Ok(_), Err(failure)) if target.kind.kind().is_on_each_node() => {
                    reading.miss(target, failure);
                }
                (Ok(part), _) => reading = reading.and(part),
            }
        }
        reading.read.nodes = nodes.ok().flatten();
        reading
    }

    /// The same, or a failure once it takes longer than a read may.
    pub(super) async fn within_read<T>(
        &self,
        reads: impl Future<Output = Result<T, ReadFailure>>,
        what: impl FnOnce() -> String,
        namespace: &Namespace,
    ) -> Result<T, ReadFailure> {
        let limit = self.connection.limits().read;
        timeout(limit, reads).await.unwrap_or_else(|_| {
            let what = format!("read {} in namespace {namespace} as a whole", what());
            Err(Failure::timed_out(limit).of(Resource::Workload, &what))
        })
    }

    async fn read_target(
        &self,
        target: &TargetRef,
        known: &World,
        state: &State,
    ) -> Result<Reading, ReadFailure> {
        let (workload, server_time) = self.read_workload(target).await?;
        let mut reading = Reading::new();
        reading.read.server_time = server_time;
        let Some(mut workload) = workload else {
            let namespace = self.state_of(&target.namespace, state).await;
            reading.read.namespace_deleted = namespace.deleted();
            reading.read.absent = self.absences(&[target], namespace, known).await;
            return Ok(reading);
        };
        match &mut workload {
            Workload::Rollout(rollout) => self.complete(rollout, &target.namespace).await?,
            Workload::Custom(custom) => custom.resource = target.kind.resource().cloned(),
            Workload::Deployment(_)
            | Workload::StatefulSet(_)
            | Workload::DaemonSet(_)
            | Workload::Job(_) => {}
        }
        let selector = workload.selector().to_query();
        let namespace = &target.namespace;
        let holds = |revisions| target.kind.kind().revisions() == Some(revisions);
        let (replica_sets, controller_revisions, mut pods) = tokio::try_join!(
            self.replica_sets(namespace, Some(&selector), known, holds(RevisionKind::ReplicaSet)),
            self.controller_revisions(
                namespace,
                Some(&selector),
                known,
                holds(RevisionKind::ControllerRevision)
            ),
            self.pods(namespace, Some(&selector), known),
        )?;
        let (mut path, mut owner) = (None, None);
        if let Workload::Custom(custom) = &mut workload {
            let root = custom.metadata.uid.clone();
            (custom.lineage, pods.items) = self.lineage(namespace, &root, pods.items).await?;
            path = Some(self.collection(&target.kind, namespace).await?);
            owner = Some(root);
        }
        let start = WatchStart {
            target: Some(target.clone()),
            selector: Some(selector),
            path,
            owner,
            ..WatchStart::of(namespace)
        };
        let read = workload.metadata().version;
        reading.watch_from.push(start.workloads(target.kind.kind(), Version::Newer(read)));
        reading.watch_from.push(start.pods(pods.version));
        reading.watch_from.extend(start.replica_sets(replica_sets.version));
        let stay = pods.items.iter().filter(|pod| !pod.metadata.is_terminating()).count();
        if workload.pods_wanted().is_none_or(|all| all > stay as u64) {
            reading.read.namespace_deleted = self.state_of(namespace, state).await.deleted();
        }
        reading.read.workloads = vec![Arc::new(workload)];
        reading.read.replica_sets = replica_sets.items;
        reading.read.controller_revisions = controller_revisions.items;
        reading.read.pods = pods.items;
        Ok(reading)
    }

    async fn state_of(&self, namespace: &Namespace, known: &State) -> NamespaceState {
        *known.get_or_init(|| self.namespace_state(namespace)).await
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
