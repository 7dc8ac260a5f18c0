//! The rules of Argo Rollouts, on objects as the controller of v1.9.2 writes them.

use serde_json::{Value, json};

use super::*;

/// A Rollout of three pods whose second revision is complete, with these fields in place of others.
fn rollout(edit: impl FnOnce(&mut Value)) -> Workload {
    let mut rollout = json!({"kind": "Rollout", "metadata": {"name": "app", "uid": "w", "generation": 4},
        "spec": {"replicas": 3, "selector": {}, "strategy": {"canary": {"steps": []}},
            "template": {"spec": {"containers": [{"name": "app"}]}}},
        "status": {"observedGeneration": "4", "currentPodHash": "b2", "stableRS": "b2", "phase": "Healthy",
            "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3, "conditions": [
                condition("Progressing", "True", "NewReplicaSetAvailable", "ReplicaSet \"app-b2\" has successfully progressed.")]}});
    edit(&mut rollout);
    serde_json::from_value(rollout).unwrap()
}

fn condition(kind: &str, status: &str, reason: &str, message: &str) -> Value {
    json!({"type": kind, "status": status, "reason": reason, "message": message})
}

/// A canary at its first of two steps, a pause of this length, with one pod of the new revision.
fn at_pause(pause: &Value, reason: &str) -> Workload {
    rollout(|it| {
        it["spec"]["strategy"]["canary"]["steps"] = json!([{"pause": pause}, {"setWeight": 80}]);
        it["status"]["stableRS"] = json!("a1");
        it["status"]["phase"] = json!("Paused");
        it["status"]["currentStepIndex"] = json!(0);
        it["status"]["updatedReplicas"] = json!(1);
        it["status"]["controllerPause"] = json!(true);
        it["status"]["pauseConditions"] =
            json!([{"reason": reason, "startTime": "2026-01-01T00:00:00Z"}]);
    })
}

fn set(hash: &str, replicas: u64) -> Value {
    json!({"metadata": {"name": format!("app-{hash}"), "uid": hash, "generation": 1,
            "labels": {"rollouts-pod-template-hash": hash}, "annotations": {"rollout.argoproj.io/revision": "7"},
            "ownerReferences": [{"uid": "w", "controller": true}]},
        "spec": {"replicas": replicas, "template": {"spec": {"containers": [{"name": "app"}]}}},
        "status": {"observedGeneration": 1}})
}

fn snapshot(sets: &[Value]) -> Snapshot {
    serde_json::from_value(json!({"workload": null, "replica_sets": sets, "pods": []})).unwrap()
}

fn wanted(workload: &Workload) -> Option<(String, Option<u64>)> {
    let snapshot = snapshot(&[set("a1", 0), set("b2", 3)]);
    let known = revisions(workload, workload.template().digest, &snapshot).into_iter();
    known.filter(|one| one.is_wanted).map(|one| (one.object.name.into(), one.number)).next()
}

fn unmet_of(workload: &Workload, pods: u64, size: u64) -> Vec<Unmet> {
    let desired = match standing(workload) {
        Standing::Runs { desired } => desired,
        Standing::Held { pods, .. } => pods,
        other => panic!("{other:?}"),
    };
    let counts =
        Counts { desired, needed: desired, active: pods, ready: pods, available: pods, old: 5 };
    let new = RevisionId { owner: crate::model::Uid::new("b2"), hash: None };
    let strict = Strictness { controller: true, old_pods: true };
    unmet(workload, Some(&new), &snapshot(&[set("a1", 3), set("b2", size)]), &counts, strict)
}

#[test]
fn the_hash_tells_the_revision_once_the_generation_is_observed() {
    let (seen, b2) = (rollout(|_| {}), Some(("app-b2".to_owned(), Some(7))));
    assert_eq!(wanted(&seen), b2);
    // a number in a string, a bare number, and the hash of a version before 0.10
    for (generation, expected) in
        [(json!("3"), &None), (json!(4), &b2), (json!("6d5f8b"), &b2), (json!(null), &None)]
    {
        let workload = rollout(|it| it["status"]["observedGeneration"] = generation.clone());
        assert_eq!(&wanted(&workload), expected, "{generation}");
    }
    // the hash stays that of the revision before while the spec is refused
    let refused = rollout(|it| {
        it["status"]["conditions"] =
            json!([condition("InvalidSpec", "True", "InvalidSpec", "no service")]);
    });
    assert_eq!(wanted(&refused), None);
    assert!(matches!(given_up(&refused, Some("app-b2")), Some(GivenUp::Invalid(_))));
}

#[test]
fn the_controller_rewrites_the_template_and_that_replaces_nothing() {
    let rewritten =
        rollout(|it| it["spec"]["template"]["spec"]["containers"][0]["resources"] = json!({}));
    assert!(!is_replaced(&rewritten, rollout(|_| {}).template().digest, Some("app-b2")));
    let newer = |generation: i64| {
        rollout(|it| {
            it["metadata"]["generation"] = json!(generation);
            it["status"]["currentPodHash"] = json!("c3");
        })
    };
    let digest = newer(4).template().digest;
    assert!(is_replaced(&newer(4), digest, Some("app-b2")));
    assert!(!is_replaced(&newer(5), digest, Some("app-b2")), "it may be about to turn back");
    assert!(
        !is_replaced(&newer(4), digest, Some("app-c3")) && !is_replaced(&newer(4), digest, None)
    );
}

#[test]
fn a_template_that_another_workload_holds_must_be_seen_by_the_controller() {
    let with = |referenced: Option<i64>, seen: &str| {
        rollout(|it| {
            it["spec"]["workloadRef"] = json!({"kind": "Deployment", "name": "web"});
            it["referenced_generation"] = json!(referenced);
            it["status"]["workloadObservedGeneration"] = json!(seen);
        })
    };
    assert!(is_observed(&with(Some(2), "2")) && is_whole(&with(Some(2), "2")));
    assert!(!is_observed(&with(Some(3), "2")));
    assert!(!is_observed(&with(None, "2")) && !is_whole(&with(None, "2")));
}

#[test]
fn a_pause_holds_it_unless_it_ends_by_itself() {
    let step = Hold::Step { number: 1, all: 2 };
    for (pause, reason, expected) in [
        (json!({}), "CanaryPauseStep", Standing::Held { pods: 1, hold: step }),
        (json!({"duration": "1h"}), "CanaryPauseStep", Standing::Runs { desired: 3 }),
        (json!({"duration": 30}), "CanaryPauseStep", Standing::Runs { desired: 3 }),
        (
            json!({"duration": "1h"}),
            "InconclusiveAnalysisRun",
            Standing::Held { pods: 1, hold: Hold::Inconclusive },
        ),
    ] {
        assert_eq!(standing(&at_pause(&pause, reason)), expected, "{pause} {reason}");
    }
    assert!(step.is_meant() && !Hold::Inconclusive.is_meant());
    let Workload::Rollout(mut stale) = at_pause(&json!({}), "CanaryPauseStep") else { panic!() };
    stale.status.observed_generation = Some("3".into());
    assert_eq!(standing(&Workload::Rollout(stale)), Standing::Runs { desired: 3 });
    let blue_green = |strategy: Value| {
        standing(&rollout(|it| {
            it["spec"]["strategy"] = json!({"blueGreen": strategy});
            it["status"]["pauseConditions"] = json!([{"reason": "BlueGreenPause"}]);
        }))
    };
    let held = Standing::Held { pods: 3, hold: Hold::Switch };
    assert_eq!(blue_green(json!({"autoPromotionEnabled": false})), held);
    assert_eq!(blue_green(json!({"autoPromotionSeconds": 30})), Standing::Runs { desired: 3 });
    assert_eq!(
        standing(&rollout(|it| it["spec"]["paused"] = json!(true))),
        Standing::Held { pods: 3, hold: Hold::Spec }
    );
    assert_eq!(standing(&rollout(|it| it["spec"]["replicas"] = json!(0))), Standing::NoReplicas);
}

#[test]
fn it_is_complete_when_its_steps_are_over_and_the_new_revision_serves() {
    assert_eq!(unmet_of(&rollout(|_| {}), 3, 3), []);
    let first = |edit: fn(&mut Value)| unmet_of(&rollout(edit), 3, 3).first().copied();
    assert_eq!(first(|it| it["status"]["stableRS"] = json!("a1")), Some(Unmet::Promotion));
    assert_eq!(
        first(|it| it["status"]["observedGeneration"] = json!("3")),
        Some(Unmet::Generation)
    );
    assert!(matches!(
        first(|it| it["status"]["phase"] = json!("Progressing")),
        Some(Unmet::Counts { .. })
    ));
    assert_eq!(unmet_of(&rollout(|_| {}), 3, 2), [Unmet::Size]);
    let switched = |active: &str| {
        let workload = rollout(|it| {
            it["spec"]["strategy"] = json!({"blueGreen": {}});
            it["status"]["blueGreen"] = json!({"activeSelector": active});
            // the old ones wait for their scale-down delay
            it["status"]["replicas"] = json!(6);
        });
        unmet_of(&workload, 3, 3)
    };
    assert_eq!(switched("b2"), []);
    assert_eq!(switched("a1"), [Unmet::Promotion]);
}

#[test]
fn a_step_decides_how_many_pods_there_are() {
    let steps = Unmet::Steps { done: 0, all: 2 };
    let timed = at_pause(&json!({"duration": "1h"}), "CanaryPauseStep");
    assert_eq!(unmet_of(&timed, 1, 1), [steps]);
    let starting = unmet_of(&timed, 0, 1);
    assert_eq!(starting, [steps, Unmet::Pods { ready: 0, needed: 1, active: 0, desired: 1 }]);
    // accepted: complete for the pods it has
    let held = at_pause(&json!({}), "CanaryPauseStep");
    assert_eq!(unmet_of(&held, 1, 1), []);
    assert!(matches!(unmet_of(&held, 0, 1)[..], [Unmet::Pods { .. }]));
}

#[test]
fn an_update_is_given_up_if_the_abort_is_of_the_revision_that_is_judged() {
    let aborted = |edit: fn(&mut Value)| {
        rollout(|it| {
            it["status"]["abort"] = json!(true);
            edit(it);
        })
    };
    assert!(matches!(given_up(&aborted(|_| {}), Some("app-b2")), Some(GivenUp::Aborted(Some(_)))));
    assert!(
        given_up(&aborted(|_| {}), Some("app-c3")).is_none()
            && given_up(&aborted(|_| {}), None).is_none()
    );
    let stale = aborted(|it| it["metadata"]["generation"] = json!(5));
    assert!(given_up(&stale, Some("app-b2")).is_none());
    let analysed = |phase: &str| {
        let run = json!({"currentStepAnalysisRunStatus": {"name": "app-b2-2-1", "status": phase}});
        let mut workload = serde_json::to_value(aborted(|_| {})).unwrap();
        workload["status"]["canary"] = run;
        let workload = serde_json::from_value(workload).unwrap();
        matches!(given_up(&workload, Some("app-b2")), Some(GivenUp::Analysis(..)))
    };
    assert!(analysed("Failed") && analysed("Error") && !analysed("Running"));
}

#[test]
fn the_first_revision_is_called_stable_before_it_is_complete() {
    let was = |reason: &str, message: &str| {
        let workload = rollout(|it| {
            it["status"]["conditions"] = json!([condition("Progressing", "True", reason, message)]);
        });
        let snapshot = snapshot(&[set("b2", 3)]);
        let known = revisions(&workload, workload.template().digest, &snapshot);
        was_complete(&workload, &known[0])
    };
    assert!(!was("ReplicaSetUpdated", "ReplicaSet \"app-b2\" is progressing."));
    assert!(was("NewReplicaSetAvailable", "ReplicaSet \"app-b2\" has successfully progressed."));
    assert!(!was("NewReplicaSetAvailable", "ReplicaSet \"app-a1\" has successfully progressed."));
    assert!(was("ReplicaSetNotAvailable", "Rollout does not have minimum availability"));
}
