//! Deployments: their revisions are ReplicaSets, which own the pods.

#[cfg(test)]
mod tests;

use super::{Counts, KnownRevision, OwnProgress, RevisionId, Standing, Strictness, Unmet};
use crate::{
    evidence::RevisionName,
    model::{Condition, Deployment, Meta, ReplicaSet, TemplateDigest, Uid},
    observation::Snapshot,
};

/// Whether it asks for pods.
pub(super) fn standing(deployment: &Deployment) -> Standing {
    match u64::try_from(deployment.replicas()) {
        _ if deployment.spec.paused => Standing::Paused,
        Ok(desired) if desired > 0 => Standing::Runs { desired },
        Ok(_) | Err(_) => Standing::NoReplicas,
    }
}

/// The ReplicaSets that the workload owns, oldest first. Labels alone choose foreign ones too.
pub(super) fn owned<'a>(workload: &Meta, snapshot: &'a Snapshot) -> Vec<&'a ReplicaSet> {
    let uid = &workload.uid;
    let is_own = |set: &&ReplicaSet| set.metadata.controller() == Some(uid);
    let mut owned: Vec<_> = snapshot.replica_sets().filter(is_own).collect();
    owned.sort_by(|a, b| {
        let order = |set: &ReplicaSet| (set.metadata.created, set.metadata.name.clone());
        order(a).cmp(&order(b))
    });
    owned
}

/// Its revisions, oldest first. The one wanted is that of the template: of several equal ones the oldest, as the
/// Deployment controller chooses (Kubernetes 1.36 `pkg/controller/deployment/util/deployment_util.go`,
/// `FindNewReplicaSet`).
pub(super) fn revisions(
    deployment: &Deployment,
    template: TemplateDigest,
    snapshot: &Snapshot,
) -> Vec<KnownRevision> {
    let mut is_found = false;
    let sets = owned(&deployment.metadata, snapshot).into_iter();
    sets.map(|set| {
        let is_wanted = !is_found && set.spec.template.digest == template;
        is_found |= is_wanted;
        KnownRevision { is_wanted, ..known(set) }
    })
    .collect()
}

/// What a ReplicaSet says of its revision.
pub(super) fn known(set: &ReplicaSet) -> KnownRevision {
    let Meta { name, uid, created, .. } = &set.metadata;
    let refused = set.status.conditions.iter().find(|condition| {
        condition.kind.as_ref() == "ReplicaFailure"
            && condition.is_true()
            && !condition.has_reason("FailedDelete")
    });
    KnownRevision {
        object: RevisionName { name: name.clone(), uid: uid.clone() },
        id: RevisionId { owner: uid.clone(), hash: None },
        number: set.metadata.revision(),
        created: *created,
        available: u64::try_from(set.status.available_replicas).unwrap_or(0),
        is_wanted: false,
        is_current: false,
        refused: refused.cloned(),
    }
}

/// The owners of pods that are ending and whose ReplicaSet is gone already, as an old one with `revisionHistoryLimit: 0`
/// is as soon as it is scaled to 0 (Kubernetes 1.36 `pkg/controller/deployment/sync.go`, `cleanupDeployment`). Their names
/// begin with the workload's.
pub(super) fn gone(workload: &Meta, snapshot: &Snapshot) -> Vec<RevisionId> {
    let stem = format!("{}-", workload.name);
    let is_there = |uid: &Uid| snapshot.replica_sets.iter().any(|set| set.metadata.uid == *uid);
    let pods = snapshot.pods().filter_map(|pod| {
        let is_ending = pod.metadata.is_terminating() && pod.metadata.name.starts_with(&stem);
        let owner = pod.metadata.controller().filter(|owner| is_ending && !is_there(owner))?;
        Some(RevisionId { owner: owner.clone(), hash: None })
    });
    pods.collect()
}

/// Whether the controller once said that this very ReplicaSet had come to its end. The message names it; the reason
/// alone may be left from the rollout before.
pub(super) fn was_complete(deployment: &Deployment, revision: &KnownRevision) -> bool {
    progressing(deployment).is_some_and(|condition| {
        condition.has_reason("NewReplicaSetAvailable") && names(condition, &revision.object.name)
    })
}

/// The controller's word on progress.
pub(super) fn progressing(deployment: &Deployment) -> Option<&Condition> {
    deployment.status.conditions.iter().find(|c| c.kind.as_ref() == "Progressing")
}

/// Its progress deadline (Kubernetes 1.36 `pkg/controller/deployment/util/deployment_util.go`, `DeploymentTimedOut`; the
/// greatest number means none).
pub(super) fn own_progress<'a>(deployment: &'a Deployment, set: &str) -> Option<OwnProgress<'a>> {
    let condition = progressing(deployment)?;
    let seconds = deployment.spec.progress_deadline_seconds.unwrap_or(600);
    Some(OwnProgress {
        condition,
        is_of_revision: names(condition, set),
        has_passed: condition.has_reason("ProgressDeadlineExceeded"),
        is_complete: condition.has_reason("NewReplicaSetAvailable"),
        seconds: u64::try_from(seconds).ok().filter(|_| seconds < i64::from(i32::MAX)),
    })
}

/// Whether a condition speaks of this ReplicaSet.
pub(super) fn names(condition: &Condition, set: &str) -> bool {
    condition.message.as_raw().contains(&format!("\"{set}\""))
}

/// The conditions of completeness that do not hold, in the order in which a rollout meets them; none if it is complete.
///
/// The controller calls a Deployment complete by three equal counts (Kubernetes 1.36
/// `pkg/controller/deployment/util/deployment_util.go`, `DeploymentComplete`). Alone they can be of the generation
/// before, or written while no new ReplicaSet was there (`sync.go`, `isScalingEvent`).
pub(super) fn unmet(
    deployment: &Deployment,
    new: &RevisionId,
    snapshot: &Snapshot,
    counts: &Counts,
    strictness: Strictness,
) -> Vec<Unmet> {
    let Some(new) = snapshot.replica_sets().find(|set| set.metadata.uid == new.owner) else {
        return vec![Unmet::NoRevision { old: counts.old }];
    };
    let desired = counts.desired;
    let status = &deployment.status;
    let mut unmet = Vec::new();
    if new.metadata.revision() != deployment.metadata.revision() {
        unmet.push(Unmet::Revision);
    }
    let is_scaled = u64::try_from(new.spec.replicas.unwrap_or(1)) == Ok(desired);
    let is_observed = new.status.observed_generation >= new.metadata.generation;
    if strictness.controller && !(is_scaled && is_observed) {
        unmet.push(Unmet::Size);
    }
    let (updated, total) = (status.updated_replicas, status.replicas);
    let all = |count: i64| u64::try_from(count) == Ok(desired);
    if strictness.controller && !(all(updated) && all(total) && all(status.available_replicas)) {
        let available = status.available_replicas;
        unmet.push(Unmet::Counts { updated, total, available, desired });
    }
    if strictness.controller && has_replica_failure(deployment, new) {
        unmet.push(Unmet::ReplicaFailure);
    }
    unmet.extend(counts.unmet(strictness, deployment.spec.min_ready_seconds));
    unmet
}

/// The new ReplicaSet's own condition: the Deployment's may be promoted from an old ReplicaSet
/// (Kubernetes 1.36 `pkg/controller/deployment/progress.go`, `getReplicaFailures`).
fn has_replica_failure(deployment: &Deployment, new: &ReplicaSet) -> bool {
    let fails = |conditions: &[Condition]| {
        conditions.iter().any(|c| c.kind.as_ref() == "ReplicaFailure" && c.is_true())
    };
    fails(&new.status.conditions) && fails(&deployment.status.conditions)
}
