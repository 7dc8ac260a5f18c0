//! Whether a rollout is complete, and what it still waits for.

use crate::{
    clean,
    model::{Deployment, ReplicaSet},
    text::Clean,
};

/// Own counts of pods, independent of what controllers say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Pods that should run.
    pub(super) desired: u64,
    /// Pods that must be ready.
    pub(super) needed: u64,
    /// Pods of the new revision that exist and are not being deleted.
    pub(super) active: u64,
    /// Those that are ready.
    pub(super) ready: u64,
    /// Those that were ready for `minReadySeconds`.
    pub(super) available: u64,
    /// Pods of old revisions that still exist, those being deleted included.
    pub(super) old: u64,
}

/// How strictly the controllers' numbers are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Strictness {
    /// All pods must be ready and the controller must say so. Not with `--min-ready` below 100 % or with
    /// `--ignore-container`, where the controller waits for more than the gate does.
    pub(super) controller: bool,
    /// Old pods must be gone. Not past the deadline, if nothing else is missing.
    pub(super) old_pods: bool,
}

/// A condition of completeness that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unmet {
    Generation,
    NoReplicaSet { old: u64 },
    Revision,
    ReplicaSet,
    Counts { updated: i64, total: i64, available: i64, desired: u64 },
    Pods { ready: u64, needed: u64, active: u64, desired: u64 },
    MinReadySeconds { available: u64, needed: u64, seconds: i64 },
    ReplicaFailure,
    OldPods { old: u64 },
}

/// The conditions of completeness that do not hold, in the order in which a rollout meets them; none if it is complete.
///
/// The controller calls a Deployment complete by three equal counts (Kubernetes 1.36
/// `pkg/controller/deployment/util/deployment_util.go`, `DeploymentComplete`). Alone they can be of the generation
/// before, or written while no new ReplicaSet was there (`sync.go`, `isScalingEvent`).
pub(super) fn unmet(
    deployment: &Deployment,
    new: Option<&ReplicaSet>,
    counts: &Counts,
    strictness: Strictness,
) -> Vec<Unmet> {
    let Counts { desired, needed, active, ready, available, old } = *counts;
    let status = &deployment.status;
    let mut unmet = Vec::new();
    if status.observed_generation < deployment.metadata.generation {
        unmet.push(Unmet::Generation);
    }
    let Some(new) = new else {
        unmet.push(Unmet::NoReplicaSet { old });
        return unmet;
    };
    if new.metadata.revision() != deployment.metadata.revision() {
        unmet.push(Unmet::Revision);
    }
    let is_scaled = u64::try_from(new.spec.replicas.unwrap_or(1)) == Ok(desired);
    let is_observed = new.status.observed_generation >= new.metadata.generation;
    if strictness.controller && !(is_scaled && is_observed) {
        unmet.push(Unmet::ReplicaSet);
    }
    let (updated, total) = (status.updated_replicas, status.replicas);
    let all = |count: i64| u64::try_from(count) == Ok(desired);
    if strictness.controller && !(all(updated) && all(total) && all(status.available_replicas)) {
        let available = status.available_replicas;
        unmet.push(Unmet::Counts { updated, total, available, desired });
    }
    if ready < needed || (strictness.controller && active != desired) {
        unmet.push(Unmet::Pods { ready, needed, active, desired });
    } else if available < needed {
        let seconds = deployment.spec.min_ready_seconds;
        unmet.push(Unmet::MinReadySeconds { available, needed, seconds });
    }
    if strictness.controller && has_replica_failure(deployment, new) {
        unmet.push(Unmet::ReplicaFailure);
    }
    if strictness.old_pods && old > 0 {
        unmet.push(Unmet::OldPods { old });
    }
    unmet
}

/// The new ReplicaSet's own condition: the Deployment's may be promoted from an old ReplicaSet
/// (Kubernetes 1.36 `pkg/controller/deployment/progress.go`, `getReplicaFailures`).
fn has_replica_failure(deployment: &Deployment, new: &ReplicaSet) -> bool {
    let fails = |conditions: &[crate::model::Condition]| {
        conditions.iter().any(|c| c.kind.as_ref() == "ReplicaFailure" && c.is_true())
    };
    fails(&new.status.conditions) && fails(&deployment.status.conditions)
}

impl Unmet {
    /// Its place among others: what keeps the rest comes first.
    pub(super) const fn rank(self) -> u8 {
        match self {
            Self::Generation => 0,
            Self::NoReplicaSet { .. } => 1,
            Self::ReplicaFailure => 2,
            Self::Pods { .. } => 3,
            Self::MinReadySeconds { .. } => 4,
            Self::OldPods { .. } => 5,
            Self::ReplicaSet => 6,
            Self::Revision => 7,
            Self::Counts { .. } => 8,
        }
    }

    /// What is waited for, in words.
    pub(super) fn to_clean(self) -> Clean {
        match self {
            Self::Generation => Clean::from_static("the Deployment controller to see the change"),
            Self::NoReplicaSet { old: 0 } => Clean::from_static("the new ReplicaSet"),
            Self::NoReplicaSet { old: 1 } => {
                Clean::from_static("the new ReplicaSet (1 old pod is still there)")
            }
            Self::NoReplicaSet { old } => {
                clean!("the new ReplicaSet ({} old pods are still there)", old)
            }
            Self::Revision => Clean::from_static("the revision number of the new ReplicaSet"),
            Self::ReplicaSet => {
                Clean::from_static("the new ReplicaSet to be scaled to its full size")
            }
            Self::Counts { updated, total, available, desired } => clean!(
                "the Deployment's status: {} updated, {} in all, {} available, {} wanted",
                updated,
                total,
                available,
                desired
            ),
            Self::Pods { ready, needed, active, desired } if active != desired => {
                clean!("new pods: {} of {} ready, {} of {} exist", ready, needed, active, desired)
            }
            Self::Pods { ready, needed, .. } => {
                clean!("new pods to be ready: {} of {}", ready, needed)
            }
            Self::MinReadySeconds { available, needed, seconds } => clean!(
                "new pods to be ready for minReadySeconds={}: {} of {}",
                seconds,
                available,
                needed
            ),
            Self::ReplicaFailure => Clean::from_static("the new ReplicaSet to create its pods"),
            Self::OldPods { old: 1 } => Clean::from_static("1 old pod to end"),
            Self::OldPods { old } => clean!("{} old pods to end", old),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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

    fn first(deployment: &Deployment, set: &ReplicaSet, counts: Counts) -> Option<Unmet> {
        unmet(deployment, Some(set), &counts, STRICT).first().copied()
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
            unmet(&d, None, &Counts { old: 2, ..COUNTS }, STRICT),
            [Unmet::NoReplicaSet { old: 2 }]
        );
        let renumbered =
            set(|v| v["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = json!("3"));
        assert_eq!(first(&d, &renumbered, COUNTS), Some(Unmet::Revision));
        assert_eq!(
            first(&d, &set(|v| v["spec"]["replicas"] = json!(2)), COUNTS),
            Some(Unmet::ReplicaSet)
        );
        assert_eq!(
            first(&d, &set(|v| v["status"]["observedGeneration"] = json!(0)), COUNTS),
            Some(Unmet::ReplicaSet)
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
        assert_eq!(unmet(&behind, Some(&set(|_| {})), &counts, relaxed), []);
        let one = Counts { ready: 1, available: 1, ..counts };
        assert!(!unmet(&behind, Some(&set(|_| {})), &one, relaxed).is_empty());
    }
}
