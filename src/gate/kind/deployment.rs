//! Deployments: their revisions are ReplicaSets, which own the pods.

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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::{gate::kind, model::Workload};

    fn deployment(edit: impl FnOnce(&mut serde_json::Value)) -> Deployment {
        let mut value = json!({
            "metadata": {"name": "app", "uid": "d", "generation": 4, "annotations": {"deployment.kubernetes.io/revision": "2"}},
            "spec": {"replicas": 3, "selector": {}, "template": {"spec": {"containers": [{"name": "app"}]}}},
            "status": {"observedGeneration": 4, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3},
        });
        edit(&mut value);
        serde_json::from_value(value).unwrap()
    }

    fn set(edit: impl FnOnce(&mut serde_json::Value)) -> ReplicaSet {
        let mut value = json!({
            "metadata": {"name": "app-2", "uid": "r", "generation": 1, "annotations": {"deployment.kubernetes.io/revision": "2"}},
            "spec": {"replicas": 3, "template": {"spec": {"containers": [{"name": "app"}]}}},
            "status": {"observedGeneration": 1, "replicas": 3},
        });
        edit(&mut value);
        serde_json::from_value(value).unwrap()
    }

    const COUNTS: Counts =
        Counts { desired: 3, needed: 3, active: 3, ready: 3, available: 3, old: 0 };
    const STRICT: Strictness = Strictness { controller: true, old_pods: true };

    fn unmet_of(
        deployment: &Deployment,
        new: Option<&ReplicaSet>,
        counts: &Counts,
        strictness: Strictness,
    ) -> Vec<Unmet> {
        let replica_sets = new.cloned().map(Arc::new).into_iter().collect();
        let id = new.map(|set| known(set).id);
        let snapshot = Snapshot { replica_sets, ..Snapshot::default() };
        let workload = Workload::Deployment(deployment.clone());
        kind::unmet(&workload, id.as_ref(), &snapshot, counts, strictness)
    }

    fn first(deployment: &Deployment, set: &ReplicaSet, counts: Counts) -> Option<Unmet> {
        unmet_of(deployment, Some(set), &counts, STRICT).first().copied()
    }

    #[test]
    fn a_complete_rollout_waits_for_nothing() {
        assert_eq!(first(&deployment(|_| {}), &set(|_| {}), COUNTS), None);
    }

    #[test]
    fn each_condition_is_missed() {
        let (d, r) = (deployment(|_| {}), set(|_| {}));
        let lagging = deployment(|v| v["status"]["observedGeneration"] = json!(3));
        assert_eq!(first(&lagging, &r, COUNTS), Some(Unmet::Generation));
        assert_eq!(
            unmet_of(&d, None, &Counts { old: 2, ..COUNTS }, STRICT),
            [Unmet::NoRevision { old: 2 }]
        );
        let renumbered =
            set(|v| v["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = json!("3"));
        assert_eq!(first(&d, &renumbered, COUNTS), Some(Unmet::Revision));
        assert_eq!(
            first(&d, &set(|v| v["spec"]["replicas"] = json!(2)), COUNTS),
            Some(Unmet::Size)
        );
        assert_eq!(
            first(&d, &set(|v| v["status"]["observedGeneration"] = json!(0)), COUNTS),
            Some(Unmet::Size)
        );
        for count in ["replicas", "updatedReplicas", "availableReplicas"] {
            for number in [2, 4] {
                let counted = deployment(|v| v["status"][count] = json!(number));
                assert!(
                    matches!(first(&counted, &r, COUNTS), Some(Unmet::Counts { .. })),
                    "{count}={number}"
                );
            }
        }
        assert!(matches!(first(&d, &r, Counts { ready: 2, ..COUNTS }), Some(Unmet::Pods { .. })));
        assert!(matches!(first(&d, &r, Counts { active: 4, ..COUNTS }), Some(Unmet::Pods { .. })));
        assert!(matches!(
            first(&d, &r, Counts { available: 2, ..COUNTS }),
            Some(Unmet::MinReadySeconds { .. })
        ));
        assert_eq!(first(&d, &r, Counts { old: 1, ..COUNTS }), Some(Unmet::OldPods { old: 1 }));
    }

    #[test]
    fn a_failure_of_an_old_replica_set_is_not_the_new_ones() {
        let failure =
            json!([{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate"}]);
        let promoted = deployment(|v| v["status"]["conditions"] = failure.clone());
        assert_eq!(first(&promoted, &set(|_| {}), COUNTS), None);
        let own = set(|v| v["status"]["conditions"] = failure);
        assert_eq!(first(&promoted, &own, COUNTS), Some(Unmet::ReplicaFailure));
    }

    #[test]
    fn with_min_ready_the_controllers_counts_do_not_hold_it_up() {
        let behind = deployment(|v| v["status"]["availableReplicas"] = json!(2));
        let counts = Counts { needed: 2, ready: 2, available: 2, ..COUNTS };
        let relaxed = Strictness { controller: false, old_pods: true };
        assert_eq!(unmet_of(&behind, Some(&set(|_| {})), &counts, relaxed), []);
        let one = Counts { ready: 1, available: 1, ..counts };
        assert!(!unmet_of(&behind, Some(&set(|_| {})), &one, relaxed).is_empty());
    }
}
