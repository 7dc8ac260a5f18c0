//! What is read and written of a workload.

use crate::{
    model::{Kind, RevisionKind},
    observation::Resource,
};

/// Everything that is read of a workload. The minimal Role grants just this, see [`Grant`](super::Grant).
pub(super) fn needs(kind: Kind) -> Vec<(Resource, &'static str)> {
    let revisions: &[_] = match kind.revisions() {
        Some(RevisionKind::ReplicaSet) => {
            &[(Resource::ReplicaSets, "list"), (Resource::ReplicaSets, "watch")]
        }
        Some(RevisionKind::ControllerRevision) => &[(Resource::ControllerRevisions, "list")],
        None => &[],
    };
    let always = [
        (Resource::Pods, "get"),
        (Resource::Pods, "list"),
        (Resource::Pods, "watch"),
        (Resource::Logs, "get"),
        (Resource::Events, "list"),
        (Resource::Services, "list"),
        (Resource::NodeLeases, "get"),
    ];
    let of_kind: &[_] = match kind {
        Kind::Rollout => &[(Resource::AnalysisRuns, "get")],
        Kind::DaemonSet => &[(Resource::Nodes, "list")],
        Kind::Deployment | Kind::StatefulSet | Kind::Job | Kind::Custom => &[],
    };
    let revisions = revisions.iter().chain(of_kind);
    let workload = [(Resource::Workload, "get"), (Resource::Workload, "watch")];
    workload.into_iter().chain(revisions.copied()).chain(always).collect()
}

/// Everything that a rollback writes of a workload; nothing of kinds that are not rolled back.
pub(super) const fn writes(kind: Kind) -> &'static [(Resource, &'static str)] {
    match kind {
        Kind::Deployment | Kind::DaemonSet => &[(Resource::Workload, "patch")],
        // a pod that failed keeps an ordered update from going on
        Kind::StatefulSet => &[(Resource::Workload, "patch"), (Resource::Pods, "delete")],
        Kind::Job | Kind::Rollout | Kind::Custom => &[],
    }
}
