//! Where the API serves what is read.

use crate::{model::Kind, observation::Resource};

/// The namespace of the nodes' Leases.
pub(super) const NODE_LEASE_NAMESPACE: &str = "kube-node-lease";

/// The collection of all nodes.
pub(super) const NODES: &str = "/api/v1/nodes";

/// The collection of all namespaces.
pub(super) const NAMESPACES: &str = "/api/v1/namespaces";

/// Whether a name can be part of a path. Names that the cluster refers to may be anything.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
}

/// The API group and the plural of a resource; the target is taken for a Deployment, see [`Kind::resource`].
pub(super) const fn resource(resource: Resource) -> (&'static str, &'static str) {
    match resource {
        Resource::Workload => Kind::Deployment.resource(),
        Resource::ControllerRevisions => ("apps", "controllerrevisions"),
        Resource::ReplicaSets => ("apps", "replicasets"),
        Resource::AnalysisRuns => ("argoproj.io", "analysisruns"),
        Resource::Pods | Resource::Logs => ("", "pods"),
        Resource::Events => ("", "events"),
        Resource::Services => ("", "services"),
        Resource::Nodes => ("", "nodes"),
        Resource::NodeLeases => ("coordination.k8s.io", "leases"),
    }
}

/// Where the versions of a group are served; the core group's name is empty.
pub(super) fn root(group: &str) -> String {
    if group.is_empty() { "/api".to_owned() } else { format!("/apis/{group}") }
}

/// The collection of the workloads of a kind.
pub(super) fn workloads(kind: Kind, namespace: &str) -> String {
    collection(kind.resource(), namespace)
}

/// A resource in all namespaces, by its group and plural.
pub(super) fn everywhere((group, plural): (&str, &str)) -> String {
    format!("{}/{}/{plural}", root(group), version(group))
}

/// The collection of a resource.
pub(super) fn of(of: Resource, namespace: &str) -> String {
    collection(resource(of), namespace)
}

/// A collection by its group, which is empty for the core group, and its plural.
pub(super) fn collection((group, plural): (&str, &str), namespace: &str) -> String {
    format!("{}/{}/namespaces/{namespace}/{plural}", root(group), version(group))
}

/// The version in which resources of a group are read.
fn version(group: &str) -> &'static str {
    if group == "argoproj.io" { Kind::Rollout.version() } else { "v1" }
}
