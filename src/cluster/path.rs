//! Where the API keeps what is read.

use crate::{model::Kind, observation::Resource};

/// The namespace of the Leases of nodes.
pub(super) const NODE_LEASE_NAMESPACE: &str = "kube-node-lease";
const NODE_LEASES: &str = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

/// Whether it is a name that can stand in a path: what the cluster refers to need not be one.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
}

/// The collection of workloads of a kind.
pub(super) fn workloads(kind: Kind, namespace: &str) -> String {
    match kind {
        Kind::Deployment => apps(namespace, "deployments"),
        Kind::StatefulSet => apps(namespace, "statefulsets"),
        Kind::DaemonSet => apps(namespace, "daemonsets"),
        Kind::Job => format!("/apis/batch/v1/namespaces/{namespace}/jobs"),
    }
}

/// The collection of a resource. The target's own is taken for a Deployment, see [`workloads`].
pub(super) fn of(resource: Resource, namespace: &str) -> String {
    match resource {
        Resource::Workload => workloads(Kind::Deployment, namespace),
        Resource::ReplicaSets => apps(namespace, "replicasets"),
        Resource::Pods | Resource::Logs => core(namespace, "pods"),
        Resource::Events => core(namespace, "events"),
        Resource::NodeLeases => NODE_LEASES.to_owned(),
    }
}

fn apps(namespace: &str, plural: &str) -> String {
    format!("/apis/apps/v1/namespaces/{namespace}/{plural}")
}

/// The namespaces.
pub(super) const NAMESPACES: &str = "/api/v1/namespaces";

fn core(namespace: &str, plural: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/{plural}")
}
