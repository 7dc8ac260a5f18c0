//! The revisions of a workload, as its kind keeps them.

use super::{custom, daemon_set, deployment, rollout, stateful_set};
use crate::{
    evidence::RevisionName,
    gate::revision::{KnownRevision, RevisionId},
    model::{
        Condition, Kind, Meta, ReplicaSet, RevisionKind, ServerTime, TemplateDigest, Workload,
    },
    observation::Snapshot,
};

/// The kind of the objects that hold revisions and that events speak of.
pub(in crate::gate) const fn revision_api_name(kind: Kind) -> Option<&'static str> {
    match kind.revisions() {
        Some(RevisionKind::ReplicaSet) => Some("ReplicaSet"),
        // no event speaks of a ControllerRevision
        Some(RevisionKind::ControllerRevision) | None => None,
    }
}

/// The revisions of the workload, oldest first, of which at most one is that of the template.
pub(in crate::gate) fn revisions(
    workload: &Workload,
    template: TemplateDigest,
    snapshot: &Snapshot,
) -> Vec<KnownRevision> {
    match workload {
        Workload::Deployment(deployment) => deployment::revisions(deployment, template, snapshot),
        Workload::StatefulSet(set) => stateful_set::revisions(set, snapshot),
        Workload::DaemonSet(set) => daemon_set::revisions(set, snapshot),
        Workload::Job(job) => vec![itself(&job.metadata, job.metadata.created)],
        Workload::Custom(custom) => vec![itself(&custom.metadata, custom::changed(custom))],
        Workload::Rollout(rollout) => rollout::revisions(rollout, snapshot),
    }
}

/// A workload as its own revision, which began then.
fn itself(metadata: &Meta, began: Option<ServerTime>) -> KnownRevision {
    let (name, uid) = (metadata.name.clone(), metadata.uid.clone());
    KnownRevision {
        id: RevisionId { owner: uid.clone(), hash: None },
        object: RevisionName { name, uid },
        number: None,
        created: began,
        available: 0,
        is_wanted: true,
        is_current: false,
        refused: None,
    }
}

/// What a watch shows of the object that holds a revision.
pub(in crate::gate) fn known_revision(set: &ReplicaSet) -> KnownRevision {
    deployment::known(set)
}

/// Revisions that are gone and of which pods are still ending.
pub(in crate::gate) fn gone_revisions(workload: &Workload, snapshot: &Snapshot) -> Vec<RevisionId> {
    match workload {
        Workload::Deployment(_) | Workload::Rollout(_) => {
            deployment::gone(workload.metadata(), snapshot)
        }
        Workload::StatefulSet(_) | Workload::DaemonSet(_) => by_hash(workload, snapshot),
        Workload::Job(_) | Workload::Custom(_) => Vec::new(),
    }
}

/// Revisions that pods of the workload carry though no object holds them any more.
fn by_hash(workload: &Workload, snapshot: &Snapshot) -> Vec<RevisionId> {
    let uid = &workload.metadata().uid;
    let own = snapshot.pods().filter(|pod| pod.metadata.controller() == Some(uid));
    own.filter_map(RevisionId::of).collect()
}

/// Whether another revision is wanted than the one of this template, or of this object once that is known.
pub(in crate::gate) fn is_replaced(
    workload: &Workload,
    template: TemplateDigest,
    revision: Option<&str>,
) -> bool {
    match workload {
        Workload::Rollout(it) => {
            revision.is_some_and(|revision| rollout::is_replaced(it, revision))
        }
        // a new generation is judged in place of the one before
        Workload::Custom(_) => false,
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_) => workload.template().digest != template,
    }
}

/// Whether the controller once called this revision complete.
pub(in crate::gate) fn was_complete(workload: &Workload, revision: &KnownRevision) -> bool {
    match workload {
        Workload::Deployment(deployment) => deployment::was_complete(deployment, revision),
        Workload::StatefulSet(set) => stateful_set::was_complete(set, revision),
        Workload::DaemonSet(set) => daemon_set::was_complete(set),
        Workload::Rollout(rollout) => rollout::was_complete(rollout, revision),
        Workload::Job(_) | Workload::Custom(_) => false,
    }
}

/// The controller's refusal to make a new revision at all.
pub(in crate::gate) fn revision_refused(workload: &Workload) -> Option<&Condition> {
    match workload {
        Workload::Deployment(deployment) => deployment::progressing(deployment)
            .filter(|condition| condition.has_reason("ReplicaSetCreateError")),
        Workload::Rollout(rollout) => rollout::revision_refused(rollout),
        // events alone tell of a refusal
        Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_)
        | Workload::Custom(_) => None,
    }
}
