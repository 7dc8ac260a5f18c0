//! Where the API keeps what is read.

use crate::{model::Kind, observation::Resource};

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
    }
}

fn apps(namespace: &str, plural: &str) -> String {
    format!("/apis/apps/v1/namespaces/{namespace}/{plural}")
}

fn core(namespace: &str, plural: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/{plural}")
}
