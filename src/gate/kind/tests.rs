//! The rules of each kind, on objects as the API writes them.

use serde_json::{Value, json};

use super::*;

fn workload(kind: &str, spec: Value, status: Value) -> Workload {
    let mut workload = json!({"kind": kind, "metadata": {"name": "store", "uid": "w", "generation": 2},
        "spec": {"selector": {}, "template": {"spec": {"containers": [{"name": "app"}]}}}, "status": status});
    for (key, value) in spec.as_object().unwrap() {
        workload["spec"][key] = value.clone();
    }
    serde_json::from_value(workload).unwrap()
}

/// A StatefulSet of three pods whose controller saw its second revision.
fn stateful_set(spec: Value, status: Value) -> Workload {
    let mut all = json!({"observedGeneration": 2, "replicas": 3, "readyReplicas": 3, "updatedReplicas": 3,
        "availableReplicas": 3, "currentRevision": "store-1", "updateRevision": "store-2"});
    for (key, value) in status.as_object().unwrap() {
        all[key] = value.clone();
    }
    let mut with_size = json!({"replicas": 3});
    for (key, value) in spec.as_object().unwrap() {
        with_size[key] = value.clone();
    }
    workload("StatefulSet", with_size, all)
}

fn pod(name: &str, hash: &str, ready: &str) -> Value {
    json!({"metadata": {"name": name, "uid": format!("{name}-{hash}"), "labels": {"controller-revision-hash": hash},
            "ownerReferences": [{"uid": "w", "controller": true}]},
        "spec": {"containers": [{"name": "app"}]},
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": ready}]}})
}

fn snapshot(pods: &[Value], revisions: &[Value]) -> Snapshot {
    let snapshot = json!({"workload": null, "replica_sets": [], "pods": pods, "controller_revisions": revisions});
    serde_json::from_value(snapshot).unwrap()
}

fn revision(name: &str, hash: &str, number: u64) -> Value {
    json!({"metadata": {"name": name, "uid": name, "labels": {"controller-revision-hash": hash},
        "ownerReferences": [{"uid": "w", "controller": true}]}, "revision": number})
}

fn id(hash: &str) -> RevisionId {
    RevisionId { owner: crate::model::Uid::new("w"), hash: Some(hash.into()) }
}

fn partition(ordinal: i64) -> Value {
    json!({"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": ordinal}}})
}

const ALL_READY: Counts =
    Counts { desired: 3, needed: 3, active: 3, ready: 3, available: 3, old: 0 };
const STRICT: Strictness = Strictness { controller: true, old_pods: true };

#[test]
fn the_pods_at_and_above_the_partition_are_judged_and_all_if_there_is_one_revision() {
    let on_delete = || json!({"updateStrategy": {"type": "OnDelete"}});
    let one = || json!({"currentRevision": "store-2"});
    for (spec, status, expected) in [
        (json!({}), json!({}), Standing::Runs { desired: 3 }),
        (partition(2), json!({}), Standing::Runs { desired: 1 }),
        (partition(2), one(), Standing::Runs { desired: 3 }),
        (partition(5), json!({}), Standing::Partitioned),
        (on_delete(), json!({"updatedReplicas": 2}), Standing::Runs { desired: 2 }),
        (on_delete(), json!({"updatedReplicas": 0}), Standing::OnDelete),
        (json!({"replicas": 0}), json!({}), Standing::NoReplicas),
        (json!({"ordinals": {"start": 5}}), json!({}), Standing::Runs { desired: 3 }),
    ] {
        let set = stateful_set(spec.clone(), status.clone());
        assert_eq!(standing(&set), expected, "{spec} {status}");
    }
}

#[test]
fn a_stateful_set_is_complete_when_its_update_revision_has_become_the_current_one() {
    let unmet_of = |spec, status, counts: Counts| {
        unmet(
            &stateful_set(spec, status),
            Some(&id("store-2")),
            &snapshot(&[], &[]),
            &counts,
            STRICT,
        )
    };
    let done = || json!({"currentRevision": "store-2"});
    assert_eq!(unmet_of(json!({}), done(), ALL_READY), []);
    let not_yet = unmet_of(json!({}), json!({}), ALL_READY);
    assert!(matches!(not_yet[..], [Unmet::Counts { .. }]), "{not_yet:?}");
    let lagging = unmet_of(json!({}), json!({"observedGeneration": 1}), ALL_READY);
    assert!(lagging.contains(&Unmet::Generation), "{lagging:?}");
    let partly = Counts { desired: 1, needed: 1, active: 1, ready: 1, available: 1, old: 0 };
    assert_eq!(unmet_of(partition(2), json!({"updatedReplicas": 1}), partly), []);
    let missing = unmet_of(partition(2), json!({"updatedReplicas": 0}), partly);
    assert!(matches!(missing[..], [Unmet::Counts { .. }]), "{missing:?}");
    let newer = unmet_of(json!({}), json!({"updateRevision": "store-3"}), ALL_READY);
    assert!(newer.contains(&Unmet::Revision), "{newer:?}");
}

#[test]
fn the_first_pod_that_is_not_ready_blocks_an_ordered_update_if_it_is_of_another_revision() {
    let blocked = |spec: Value, pods: &[Value]| {
        let set = stateful_set(spec, json!({}));
        let snapshot = snapshot(pods, &[]);
        blocking(&set, &id("store-2"), &snapshot).map(|pod| pod.metadata.name.to_string())
    };
    let old = |ordinal: u32, ready| pod(&format!("store-{ordinal}"), "store-1", ready);
    let new = |ordinal: u32, ready| pod(&format!("store-{ordinal}"), "store-2", ready);
    let pods = [old(0, "True"), old(1, "True"), old(2, "False")];
    assert_eq!(blocked(json!({}), &pods).as_deref(), Some("store-2"));
    assert_eq!(blocked(json!({"podManagementPolicy": "Parallel"}), &pods), None);
    assert_eq!(blocked(json!({}), &[old(0, "True"), old(1, "True"), new(2, "False")]), None);
    // the update goes on from the top, and store-1 is no concern of it before store-2 is ready
    assert_eq!(blocked(json!({}), &[new(0, "False"), old(1, "False")]), None);
    // a pod below the partition is left as it is, but the update waits for it all the same
    assert_eq!(blocked(partition(2), &[old(1, "False"), new(2, "True")]), None);
    let pods = [old(1, "False"), old(2, "True")];
    assert_eq!(blocked(partition(2), &pods).as_deref(), Some("store-1"));
}

#[test]
fn a_daemon_sets_wanted_revision_has_the_greatest_number() {
    let status = json!({"observedGeneration": 2, "desiredNumberScheduled": 1});
    let set = workload("DaemonSet", json!({}), status);
    let revisions_of = |all: &[Value]| {
        let known = revisions(&set, set.template().digest, &snapshot(&[], all)).into_iter();
        known.filter(|one| one.is_wanted).map(|one| one.id.hash.unwrap()).collect::<Vec<_>>()
    };
    let all = [revision("agent-b", "b", 3), revision("agent-a", "a", 2)];
    assert_eq!(revisions_of(&all), ["b".into()]);
    assert_eq!(revisions_of(&[]), []);
}

#[test]
fn a_daemon_set_without_a_node_or_an_updated_pod_has_nothing_to_judge() {
    let standing_of = |strategy: &str, desired: u64, updated: u64, observed: u64| {
        let status = json!({"observedGeneration": observed, "desiredNumberScheduled": desired,
            "updatedNumberScheduled": updated});
        standing(&workload("DaemonSet", json!({"updateStrategy": {"type": strategy}}), status))
    };
    assert_eq!(standing_of("RollingUpdate", 0, 0, 2), Standing::NoReplicas);
    assert_eq!(standing_of("RollingUpdate", 4, 0, 2), Standing::Runs { desired: 4 });
    assert_eq!(standing_of("OnDelete", 4, 1, 2), Standing::Runs { desired: 1 });
    assert_eq!(standing_of("OnDelete", 4, 0, 2), Standing::OnDelete);
    // the status of the generation before tells nothing
    assert_eq!(standing_of("RollingUpdate", 0, 0, 1), Standing::Runs { desired: 1 });
}

#[test]
fn a_job_is_decided_before_its_pods_have_ended_and_a_failure_outweighs() {
    let ending_of = |conditions: &[(&str, &str)]| {
        let conditions: Vec<_> = conditions
            .iter()
            .map(|(kind, status)| json!({"type": kind, "status": status, "reason": "R", "message": "m"}))
            .collect();
        let status = json!({"conditions": conditions, "failedIndexes": "1,3-5"});
        ending(&workload("Job", json!({}), status))
    };
    assert_eq!(ending_of(&[("Complete", "False"), ("Suspended", "True")]), None);
    for decided in ["SuccessCriteriaMet", "Complete"] {
        assert!(
            matches!(ending_of(&[(decided, "True")]), Some(Ending::Complete { .. })),
            "{decided}"
        );
    }
    for decided in ["FailureTarget", "Failed"] {
        let both = [("SuccessCriteriaMet", "True"), (decided, "True")];
        let Some(Ending::Failed { why }) = ending_of(&both) else { panic!("{decided}") };
        assert_eq!(&*why, "R: m; failed indexes: 1,3-5");
    }
}

#[test]
fn a_suspended_job_is_paused_until_it_has_ended() {
    let standing_of = |conditions: Value| {
        standing(&workload("Job", json!({"suspend": true}), json!({"conditions": conditions})))
    };
    assert_eq!(standing_of(json!([])), Standing::Paused);
    let complete = json!([{"type": "Complete", "status": "True"}]);
    assert_eq!(standing_of(complete), Standing::Runs { desired: 1 });
}
