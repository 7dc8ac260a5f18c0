use serde_json::{Value, json};

use super::*;
use crate::{
    gate::kind,
    model::{Uid, Workload},
};

/// A ReplicaSet with this number, of which so many pods are available.
fn set(number: u64, available: u64) -> Value {
    json!({"metadata": {"name": format!("app-{number}"), "uid": format!("s{number}"),
            "creationTimestamp": format!("2026-01-0{number}T00:00:00Z"),
            "annotations": {"deployment.kubernetes.io/revision": number.to_string()},
            "ownerReferences": [{"uid": "d", "controller": true}]},
        "spec": {"replicas": 2, "template": {"spec": {"containers": [{"name": "app"}]}}},
        "status": {"availableReplicas": available}})
}

/// A pod of the ReplicaSet with this number, made at 10:00:00.
fn pod(number: u64, ready: &str, changed: &str, edit: impl FnOnce(&mut Value)) -> Value {
    let mut pod = json!({"metadata": {"name": format!("pod-{number}"), "uid": format!("p{number}"),
            "creationTimestamp": "2026-01-09T10:00:00Z",
            "ownerReferences": [{"uid": format!("s{number}"), "controller": true}]},
        "spec": {"containers": [{"name": "app"}]},
        "status": {"phase": "Running", "containerStatuses": [{"name": "app", "restartCount": 0}],
            "conditions": [{"type": "Ready", "status": ready, "lastTransitionTime": format!("2026-01-09T{changed}Z")}]}});
    edit(&mut pod);
    pod
}

fn ending(pod: &mut Value) {
    pod["metadata"]["deletionTimestamp"] = json!("2026-01-09T10:30:30Z");
    pod["metadata"]["deletionGracePeriodSeconds"] = json!(30);
}

fn crashed(pod: &mut Value) {
    pod["status"]["containerStatuses"][0]["lastState"] =
        json!({"terminated": {"exitCode": 1, "finishedAt": "2026-01-09T10:29:50Z"}});
}

fn id(number: u64) -> RevisionId {
    RevisionId { owner: Uid::new(&format!("s{number}")), hash: None }
}

fn read(history: &mut History, new: Option<u64>, sets: &[Value], pods: &[Value]) {
    let deployment = json!({"kind": "Deployment", "metadata": {"name": "app", "uid": "d"},
        "spec": {"selector": {}, "template": {"spec": {"containers": [{"name": "app"}]}}}});
    let snapshot = json!({"workload": null, "replica_sets": sets, "pods": pods,
        "server_time": "2026-01-09T10:30:00Z"});
    let snapshot = serde_json::from_value(snapshot).unwrap();
    let workload: Workload = serde_json::from_value(deployment).unwrap();
    let known = kind::revisions(&workload, workload.template().digest, &snapshot);
    history.observe(workload.metadata(), &known, new.map(id).as_ref(), &snapshot);
}

/// The number to go back to, whether it is known to be good, and whether kubectl goes there by itself.
fn back(history: &History, alike: &[u64]) -> Option<(u64, bool, bool)> {
    let alike: Vec<_> = alike.iter().copied().map(id).collect();
    let back = history.way_back(|set| alike.contains(set)).ok()?;
    Some((back.number, back.is_known_good, back.is_next))
}

/// What it is; the ReplicaSets, the pods, the revisions that broke alike; number, known good, next.
type Case<'a> = (&'a str, &'a [Value], &'a [Value], &'a [u64], Option<(u64, bool, bool)>);

#[test]
fn the_way_back_leads_to_what_worked_and_around_what_did_not() {
    let never_ready = |number| pod(number, "False", "10:00:01", ending);
    let stopped = |number| pod(number, "False", "10:30:01", ending);
    let stopped_young = |number| {
        pod(number, "False", "10:00:05", |pod| {
            pod["metadata"]["deletionTimestamp"] = json!("2026-01-09T10:00:34Z");
            pod["metadata"]["deletionGracePeriodSeconds"] = json!(30);
        })
    };
    let flapping = |number| pod(number, "True", "10:29:51", crashed);
    let recovered = |number| pod(number, "True", "10:20:00", crashed);
    let cases: [Case<'_>; 13] = [
        ("the first revision", &[set(3, 0)], &[], &[], None),
        ("one that serves", &[set(2, 2), set(3, 0)], &[], &[], Some((2, true, true))),
        (
            "the one before was bad and is scaled down",
            &[set(1, 2), set(2, 0), set(3, 0)],
            &[never_ready(2)],
            &[],
            Some((1, true, false)),
        ),
        ("nothing is known", &[set(1, 0), set(2, 0), set(3, 0)], &[], &[], Some((2, false, true))),
        (
            "Recreate after a healthy one",
            &[set(1, 0), set(2, 0), set(3, 0)],
            &[stopped(2)],
            &[],
            Some((2, false, true)),
        ),
        (
            "one of two ends seconds after it began, since the next rollout is there",
            &[set(1, 0), set(2, 1), set(3, 0)],
            &[stopped_young(2), pod(2, "True", "10:00:02", |_| {})],
            &[],
            Some((2, true, true)),
        ),
        (
            "Recreate after a bad one",
            &[set(1, 0), set(2, 0), set(3, 0)],
            &[never_ready(2)],
            &[],
            Some((1, false, false)),
        ),
        ("both broke alike", &[set(1, 0), set(2, 0), set(3, 0)], &[never_ready(2)], &[2], None),
        ("what serves broke alike", &[set(1, 0), set(2, 1), set(3, 0)], &[], &[2], None),
        (
            "two bad in a row broke alike, another one serves",
            &[set(1, 1), set(2, 0), set(3, 0)],
            &[never_ready(2)],
            &[2],
            Some((1, true, false)),
        ),
        (
            "without a probe a pod that crashes is ready now and then",
            &[set(1, 0), set(2, 1), set(3, 0)],
            &[flapping(2)],
            &[],
            Some((1, false, false)),
        ),
        (
            "a crash of the past",
            &[set(1, 0), set(2, 1), set(3, 0)],
            &[recovered(2)],
            &[],
            Some((2, true, true)),
        ),
        ("only bad ones", &[set(2, 0), set(3, 0)], &[never_ready(2)], &[], None),
    ];
    for (name, sets, pods, alike, expected) in cases {
        let mut history = History::default();
        read(&mut history, Some(3), sets, pods);
        assert_eq!(back(&history, alike), expected, "{name}");
    }
}

#[test]
fn without_a_new_replica_set_kubectl_must_be_told_the_number() {
    let mut history = History::default();
    read(&mut history, None, &[set(1, 0), set(2, 2)], &[]);
    assert_eq!(back(&history, &[]), Some((2, true, false)));
}

#[test]
fn a_revision_that_is_gone_is_no_way_back_and_one_that_was_available_stays_good() {
    let mut history = History::default();
    read(&mut history, Some(3), &[set(1, 0), set(2, 2), set(3, 0)], &[]);
    read(&mut history, Some(3), &[set(1, 0), set(2, 0), set(3, 2)], &[]);
    assert_eq!(back(&history, &[]), Some((2, true, true)));
    // `revisionHistoryLimit: 0`
    read(&mut history, Some(3), &[set(3, 2)], &[]);
    assert_eq!(back(&history, &[]), None);
}

#[test]
fn what_serves_is_what_is_available_at_last() {
    let mut history = History::default();
    read(&mut history, Some(3), &[set(1, 0), set(2, 2), set(3, 1)], &[]);
    let served = |history: &History, ready| -> Vec<_> {
        let serving = history.serving(ready).into_iter();
        serving.map(|one| (one.number.unwrap(), one.available, one.is_new)).collect()
    };
    assert_eq!(served(&history, 1), [(2, 2, false), (3, 1, true)]);
    // what the ReplicaSet says of new pods lags behind what is seen of them
    assert_eq!(served(&history, 0), [(2, 2, false)]);
    history.observe_revision(&kind::known_revision(&serde_json::from_value(set(2, 0)).unwrap()));
    assert_eq!(served(&history, 0), []);
}
