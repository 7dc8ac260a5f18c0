use serde_json::json;

use super::*;

fn ended(code: i32, reason: &str) -> Termination {
    serde_json::from_value(json!({"exitCode": code, "reason": reason,
        "startedAt": "2026-01-01T00:00:10Z", "finishedAt": "2026-01-01T00:00:20Z"}))
    .unwrap()
}

fn event(reason: &str, path: Option<&str>, message: &str, second: u32) -> KubeEvent {
    serde_json::from_value(json!({"type": "Normal", "reason": reason, "message": message,
        "lastTimestamp": format!("2026-01-01T00:{:02}:{:02}Z", second / 60, second % 60),
        "involvedObject": {"kind": "Pod", "name": "app-1", "fieldPath": path}}))
    .unwrap()
}

const APP: Option<&str> = Some("spec.containers{app}");

#[test]
fn start_errors_and_lost_runs_tell_by_themselves() {
    assert_eq!(by_itself(&ended(128, "StartError")), Ending::Counted(Cause::StartError));
    assert!(matches!(by_itself(&ended(255, "Unknown")), Ending::Excused(_)));
    assert!(matches!(by_itself(&ended(137, "ContainerStatusUnknown")), Ending::Excused(_)));
    assert_eq!(by_itself(&ended(1, "Error")), Ending::Undecided);
}

#[test]
fn a_probe_kill_is_told_whatever_the_exit_code() {
    for code in [0, 1, 137, 143] {
        let killed =
            event("Killing", APP, "Container app failed liveness probe, will be restarted", 19);
        let ending = by_events(&ended(code, "Completed"), "app", &[killed]);
        assert_eq!(ending, Some(Ending::Counted(Cause::Liveness)), "{code}");
    }
}

#[test]
fn an_event_of_another_container_or_an_earlier_run_tells_nothing() {
    let other = event(
        "Killing",
        Some("spec.containers{proxy}"),
        "Container proxy failed liveness probe",
        19,
    );
    let earlier = event("Killing", APP, "Container app failed startup probe, will be restarted", 5);
    assert_eq!(by_events(&ended(143, "Error"), "app", &[other, earlier]), None);
}

#[test]
fn what_the_kubelet_stopped_did_not_end_by_itself() {
    for text in
        ["Stopping container app", "Killing container with id docker://app:Need to kill Pod"]
    {
        let stop = event("Killing", APP, text, 19);
        for code in [0, 1, 143] {
            let ending = by_events(&ended(code, "Error"), "app", std::slice::from_ref(&stop));
            assert!(matches!(ending, Some(Ending::Excused(_))), "{code}: {text}");
        }
    }
    let of_the_next_run = event("Killing", APP, "Stopping container app", 25);
    assert_eq!(by_events(&ended(143, "Error"), "app", &[of_the_next_run]), None);
}

#[test]
fn a_stop_is_told_by_its_cause_in_whichever_order_they_come() {
    let own =
        event("Evicted", None, "Usage of EmptyDir volume \"data\" exceeds the limit \"1Mi\". ", 18);
    let stop = event("Killing", APP, "Stopping container app", 19);
    for events in [[own.clone(), stop.clone()], [stop, own]] {
        assert_eq!(
            by_events(&ended(0, "Completed"), "app", &events),
            Some(Ending::Counted(Cause::Evicted))
        );
    }
}

#[test]
fn the_kernel_s_kill_is_explained_by_nothing_that_came_after_it() {
    let oom = ended(137, "OOMKilled");
    let killed = |second| {
        event("Killing", APP, "Container app failed liveness probe, will be restarted", second)
    };
    assert_eq!(by_events(&oom, "app", &[killed(15)]), Some(Ending::Counted(Cause::Liveness)));
    assert_eq!(by_events(&oom, "app", &[killed(21)]), None);
    let pressure = event("Evicted", None, "The node was low on resource: memory.", 22);
    assert_eq!(by_events(&oom, "app", &[pressure]), None);
}

fn pod(status: serde_json::Value) -> Pod {
    let pod = json!({"metadata": {"name": "a", "uid": "u"}, "spec": {"containers": [{"name": "app"}]}, "status": status});
    serde_json::from_value(pod).unwrap()
}

#[test]
fn a_pod_that_is_given_up_excuses_its_last_run_and_no_other() {
    let evicted = pod(
        json!({"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory."}),
    );
    for code in [0, 1, 137, 143] {
        assert!(
            matches!(by_pod(&evicted, &ended(code, "Error"), true), Some(Ending::Excused(_))),
            "{code}"
        );
        assert_eq!(by_pod(&evicted, &ended(code, "Error"), false), None);
    }
    assert_eq!(by_pod(&evicted, &ended(137, "OOMKilled"), true), None);
    let own = pod(
        json!({"phase": "Failed", "reason": "Evicted", "message": "Usage of EmptyDir volume \"d\" exceeds the limit \"1Mi\". "}),
    );
    assert_eq!(by_pod(&own, &ended(143, "Error"), true), Some(Ending::Counted(Cause::Evicted)));
    let plain = pod(json!({"phase": "Failed"}));
    assert_eq!(by_pod(&plain, &ended(1, "Error"), true), None);
}

#[test]
fn a_disruption_excuses_what_ended_since_it_was_announced() {
    let announced = |second| {
        pod(
            json!({"phase": "Running", "conditions": [{"type": "DisruptionTarget", "status": "True",
        "reason": "EvictionByEvictionAPI", "lastTransitionTime": format!("2026-01-01T00:00:{second}Z")}]}),
        )
    };
    // it ended at 20
    for is_last in [true, false] {
        assert!(matches!(
            by_pod(&announced(19), &ended(143, "Error"), is_last),
            Some(Ending::Excused(_))
        ));
        assert_eq!(by_pod(&announced(25), &ended(1, "Error"), is_last), None);
    }
}

#[test]
fn a_lost_sandbox_excuses_what_ended_with_it() {
    let changed =
        |second| event("SandboxChanged", None, "Pod sandbox changed, it will be killed", second);
    assert!(matches!(
        by_events(&ended(0, "Completed"), "app", &[changed(22)]),
        Some(Ending::Excused(_))
    ));
    assert_eq!(by_events(&ended(1, "Error"), "app", &[changed(110)]), None);
}

#[test]
fn an_eviction_for_own_storage_counts_and_one_under_pressure_does_not() {
    let own =
        event("Evicted", None, "Usage of EmptyDir volume \"data\" exceeds the limit \"1Mi\". ", 19);
    assert_eq!(
        by_events(&ended(0, "Completed"), "app", &[own]),
        Some(Ending::Counted(Cause::Evicted))
    );
    let pressure = event("Evicted", None, "The node was low on resource: memory.", 19);
    assert!(matches!(
        by_events(&ended(137, "Error"), "app", &[pressure]),
        Some(Ending::Excused(_))
    ));
}

#[test]
fn code_0_is_wanted_of_what_should_end() {
    assert!(is_wanted(&ended(0, "Completed"), Role::Init, RestartPolicy::Always));
    assert!(!is_wanted(&ended(1, "Error"), Role::Init, RestartPolicy::Always));
    assert!(!is_wanted(&ended(0, "Completed"), Role::Sidecar, RestartPolicy::Always));
    assert!(!is_wanted(&ended(0, "Completed"), Role::App, RestartPolicy::Always));
    assert!(is_wanted(&ended(0, "Completed"), Role::App, RestartPolicy::OnFailure));
}

#[test]
fn without_events_the_exit_code_decides() {
    let taken = |code, reason, role| match without_events(&ended(code, reason), role) {
        Ending::Counted(cause) => cause,
        other => unreachable!("{other:?}"),
    };
    assert_eq!(taken(0, "Completed", Role::App), Cause::Exited);
    assert_eq!(taken(3, "Error", Role::App), Cause::CrashLoop);
    assert_eq!(taken(137, "Error", Role::App), Cause::CrashLoop);
}

#[test]
fn a_program_that_outlived_the_kernel_s_kill_ended_for_another_reason() {
    let oom = |code, role| without_events(&ended(code, "OOMKilled"), role);
    for role in [Role::App, Role::Init, Role::Sidecar] {
        assert_eq!(oom(137, role), Ending::Counted(Cause::OomKilled));
        assert_eq!(oom(3, role), Ending::Counted(Cause::CrashLoop));
        assert_eq!(oom(143, role), Ending::Counted(Cause::CrashLoop));
    }
    assert_eq!(oom(0, Role::App), Ending::Counted(Cause::Exited));
    // the kubelet calls it failed for that reason alone
    assert_eq!(oom(0, Role::Init), Ending::Counted(Cause::OomKilled));
    assert!(!is_wanted(&ended(0, "OOMKilled"), Role::Init, RestartPolicy::Always));
    assert!(is_wanted(&ended(0, "OOMKilled"), Role::App, RestartPolicy::OnFailure));
}
