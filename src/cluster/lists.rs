//! The lists of a namespace: pods, what holds revisions, and nodes beside them.

use std::sync::Arc;

use kube::core::params::ListParams;

use super::{
    Cluster,
    list::{List, ListCall},
    path,
};
use crate::{
    model::{ControllerRevision, Kind, Namespace, Node, Pod, ReplicaSet},
    observation::{FailureKind, ReadFailure, Resource, World},
};

impl Cluster {
    /// All nodes, if they are needed and may be read.
    pub(super) async fn nodes(&self, needed: bool) -> Result<Option<Vec<Arc<Node>>>, ReadFailure> {
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

    /// The pods of a namespace, or those that a selector chooses.
    pub(super) async fn pods(
        &self,
        namespace: &Namespace,
        selector: Option<&str>,
        known: &World,
    ) -> Result<List<Arc<Pod>>, ReadFailure> {
        let list = self.listing(namespace, Resource::Pods, selector);
        let keep = |mut pod: Pod, previous: Option<&Arc<Pod>>| {
            if let Some(previous) = previous {
                pod.share_with(previous);
            }
            Arc::new(pod)
        };
        self.list_known(&list, known, keep).await?.versioned(Resource::Pods, "list pods")
    }

    /// The ReplicaSets of a namespace, or those that a selector chooses; none if they are not `needed`.
    pub(super) async fn replica_sets(
        &self,
        namespace: &Namespace,
        selector: Option<&str>,
        known: &World,
        needed: bool,
    ) -> Result<List<Arc<ReplicaSet>>, ReadFailure> {
        if !needed {
            return Ok(List::default());
        }
        let list = self.listing(namespace, Resource::ReplicaSets, selector);
        let list = self.list_known(&list, known, |set, _| Arc::new(set)).await?;
        list.versioned(Resource::ReplicaSets, "list replicasets")
    }

    /// The ControllerRevisions of a namespace, or those that a selector chooses; none if they are not `needed`.
    pub(super) async fn controller_revisions(
        &self,
        namespace: &Namespace,
        selector: Option<&str>,
        known: &World,
        needed: bool,
    ) -> Result<List<Arc<ControllerRevision>>, ReadFailure> {
        if !needed {
            return Ok(List::default());
        }
        let list = self.listing(namespace, Resource::ControllerRevisions, selector);
        self.list_known(&list, known, |one, _| Arc::new(one)).await
    }

    /// All workloads of a kind in a namespace.
    pub(super) fn listing_of(&self, kind: Kind, namespace: &Namespace) -> ListCall {
        ListCall {
            path: path::workloads(kind, namespace),
            what: format!("list {} in namespace {namespace}", kind.resource().1),
            ..self.listing(namespace, Resource::Workload, None)
        }
    }

    pub(super) fn listing(
        &self,
        namespace: &Namespace,
        resource: Resource,
        selector: Option<&str>,
    ) -> ListCall {
        let mut params = ListParams::default().limit(self.connection.limits().page);
        params.label_selector = selector.map(str::to_owned);
        let what = format!("list {} in namespace {namespace}", resource.as_str());
        ListCall {
            // many targets share it, and what is kept of them takes more memory than a page
            grows: selector.is_none(),
            ..ListCall::whole(resource, what, path::of(resource, namespace), params)
        }
    }
}
