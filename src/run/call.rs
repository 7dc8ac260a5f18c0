//! One request to a cluster, and its answer.

use std::sync::Arc;

use crate::{
    cluster::{Cluster, ClusterError, Reading},
    evidence::EvidenceRequest,
    model::{Namespace, Service, TargetRef},
    observation::{AccessReview, NodeLease, Observation, ReadFailure, ScopeId, TargetId, World},
    text::{Clean, Redactor},
};

/// What came back from the cluster.
pub(super) enum Answer {
    Access(Vec<TargetId>, Vec<AccessReview>),
    Read(ScopeId, Result<Reading, ReadFailure>),
    NotConnected(ScopeId, Arc<ClusterError>),
    Services(ScopeId, Result<Arc<[Service]>, ReadFailure>),
    Leases(ScopeId, Result<Vec<NodeLease>, ReadFailure>),
    Evidence(TargetId, EvidenceRequest, Box<Observation>),
}

/// What is asked of a cluster.
pub(super) enum Call {
    Access(Vec<TargetId>, TargetRef),
    Read(ScopeId, Arc<[TargetRef]>, Arc<World>),
    Services(ScopeId, Namespace),
    Leases(ScopeId, Vec<Clean>),
    Collect(TargetId, Namespace, EvidenceRequest, Redactor),
}

/// One request as a future; all calls have one type, so that they stand in one set. The connection is made before the first
/// of a cluster, and whichever is the first, all others of that cluster wait for it.
pub(super) async fn call(cluster: &Cluster, call: Call) -> Answer {
    let connected = cluster.establish().await;
    match (call, connected) {
        (Call::Read(id, ..), Err(error)) => Answer::NotConnected(id, error),
        (Call::Access(ids, _), Err(_)) => Answer::Access(ids, Vec::new()),
        (Call::Access(ids, target), _) => Answer::Access(ids, cluster.access(&target).await),
        (Call::Read(id, targets, known), _) => {
            Answer::Read(id, cluster.read(&targets, &known).await)
        }
        (Call::Services(id, namespace), _) => {
            Answer::Services(id, cluster.services(&namespace).await)
        }
        (Call::Leases(id, nodes), _) => Answer::Leases(id, cluster.leases(&nodes).await),
        (Call::Collect(id, namespace, request, redactor), _) => {
            let answer = cluster.fetch(&namespace, &request, &redactor).await;
            Answer::Evidence(id, request, Box::new(answer))
        }
    }
}
