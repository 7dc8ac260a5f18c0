use super::*;

const CRASHING: &str = r#"{
    "metadata": {"name": "app-1", "uid": "u1", "resourceVersion": "42", "labels": {"app": "a"},
        "ownerReferences": [{"uid": "r1", "controller": true}], "managedFields": [{"x": 1}]},
    "spec": {"nodeName": "n1", "restartPolicy": "Always", "volumes": null,
        "initContainers": [{"name": "proxy", "image": "p", "restartPolicy": "Always"}, {"name": "migrate", "image": "m"}],
        "containers": [{"name": "app", "image": "a", "lifecycle": {"postStart": {"exec": {"command": ["x"]}}}, "env": [{"name": "P", "value": "hunter2"}]}]},
    "status": {"phase": "Running", "conditions": [
            {"type": "Ready", "status": "False", "reason": "ContainersNotReady"}, {"type": "Initialized", "status": "True"},
            {"type": "PodScheduled", "status": "True"}, {"type": "PodReadyToStartContainers", "status": "True"}],
        "containerStatuses": [{"name": "app", "ready": false, "restartCount": 2, "image": "a", "imageID": "i",
            "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
            "lastState": {"terminated": {"exitCode": 139, "reason": "Error", "startedAt": "2026-01-01T00:00:00Z",
                "finishedAt": "2026-01-01T00:00:07Z", "containerID": "containerd://c1"}}}],
        "initContainerStatuses": null, "fromTheFuture": {}}}"#;

#[test]
fn a_pod_of_the_api_is_read_and_survives_a_recording() {
    let pod: Pod = serde_json::from_str(CRASHING).unwrap();
    let line = serde_json::to_string(&pod).unwrap();
    assert_eq!(serde_json::from_str::<Pod>(&line).unwrap(), pod);
    assert!(!line.contains("hunter2") && !line.contains("managedFields"), "{line}");

    let roles: Vec<_> = pod.containers().map(|(role, c, _)| (role, c.name.to_string())).collect();
    assert_eq!(
        roles,
        [
            (Role::Sidecar, "proxy".into()),
            (Role::Init, "migrate".into()),
            (Role::App, "app".into())
        ]
    );
    let (_, app, status) = pod.containers().last().unwrap();
    let status = status.unwrap();
    assert!(app.can_be_killed_by_rule());
    assert!(status.waiting().unwrap().reason.as_raw() == "CrashLoopBackOff");
    let last = status.last_state.termination().unwrap();
    assert_eq!((last.signal(), last.lifetime().unwrap().as_secs()), (Some(11), 7));
    let kinds: Vec<_> = pod.status.conditions.iter().map(|c| c.kind.to_string()).collect();
    assert_eq!(kinds, ["Ready", "PodReadyToStartContainers"]);
}

#[test]
fn deletion_was_requested_before_its_grace() {
    let requested = |grace: u32| {
        let pod = serde_json::json!({"metadata": {"name": "a", "uid": "u", "deletionTimestamp": "2026-01-01T00:00:40Z",
            "deletionGracePeriodSeconds": grace}, "spec": {"terminationGracePeriodSeconds": 10}});
        serde_json::from_value::<Pod>(pod).unwrap().deletion_requested().unwrap().to_string()
    };
    assert_eq!(requested(30), "2026-01-01 00:00:10 UTC");
    assert_eq!(requested(0), "2026-01-01 00:00:30 UTC");
}

#[test]
fn pods_of_one_revision_share_their_containers_and_stay_the_same() {
    let (first, mut second): (Pod, Pod) = (pod_of(CRASHING), pod_of(CRASHING));
    second.share_with(&first);
    assert_eq!(second, first);
    assert!(Arc::ptr_eq(&second.spec.containers, &first.spec.containers));
    assert!(Arc::ptr_eq(&second.spec.init_containers, &first.spec.init_containers));
    let name = &second.status.container_statuses[0].name;
    assert!(Arc::ptr_eq(name, &first.spec.containers[0].name));
    let kinds = second.status.conditions.iter().zip(&first.status.conditions);
    assert!(kinds.into_iter().all(|(own, other)| Arc::ptr_eq(&own.kind, &other.kind)));
    let (owners, others) = (&second.metadata.owner_references, &first.metadata.owner_references);
    assert!(Arc::ptr_eq(owners, others));

    let mut other = pod_of(
        &CRASHING.replace("\"image\": \"a\", \"lifecycle\"", "\"image\": \"b\", \"lifecycle\""),
    );
    other.share_with(&first);
    assert_eq!(other.spec.containers[0].image.as_ref(), "b");
}

fn pod_of(json: &str) -> Pod {
    serde_json::from_str(json).unwrap()
}

#[test]
fn words_from_a_later_kubernetes_are_no_error() {
    let pod: Pod = serde_json::from_str(
        r#"{"metadata": {"name": "a", "uid": "u"}, "spec": {"restartPolicy": "Sometimes"},
            "status": {"phase": "Resting", "conditions": [{"type": "Ready", "status": "Perhaps"}],
            "containerStatuses": [{"name": "app", "state": {"hibernating": {}}}]}}"#,
    )
    .unwrap();
    assert_eq!((pod.status.phase, pod.is_ready()), (Phase::Unknown, false));
    assert_eq!(pod.status.container_statuses[0].state, ContainerState::Absent);
}
