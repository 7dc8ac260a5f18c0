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

const COUNTS: Counts = Counts { desired: 3, needed: 3, active: 3, ready: 3, available: 3, old: 0 };
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
    assert_eq!(first(&d, &set(|v| v["spec"]["replicas"] = json!(2)), COUNTS), Some(Unmet::Size));
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
    let failure = json!([{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate"}]);
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
