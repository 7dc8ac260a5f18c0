//! What the present state is, by the servers' times: `check`.

use super::*;

/// The present state of a Deployment whose pods have run for 58 s, after what was edited.
fn present(edit: impl FnOnce(&mut Script)) -> Script {
    let policy = Policy { present: true, window: Duration::from_secs(30), ..policy() };
    let mut script = Script::complete(2, policy);
    script.deployment["status"]["conditions"] = json!([{"type": "Progressing", "status": "True",
        "reason": "NewReplicaSetAvailable", "message": format!("ReplicaSet \"{SET}\" has successfully progressed.")}]);
    edit(&mut script);
    script.secs(6);
    script
}

/// The container of a pod exited `ago` seconds before the start, having run for `lived` seconds, for the time that makes
/// this many restarts.
fn crashed(script: &mut Script, state: serde_json::Value, lived: u32, ago: u32, restarts: u32) {
    let at = |second: u32| format!("2026-01-02T00:{:02}:{:02}Z", second / 60, second % 60);
    script.put("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(restarts);
        status["state"] = state;
        status["lastState"] = json!({"terminated": {"exitCode": 1, "reason": "Error", "containerID": "containerd://old",
            "startedAt": at(60 - ago - lived), "finishedAt": at(60 - ago)}});
    });
}

fn running(second: u32) -> serde_json::Value {
    json!({"running": {"startedAt": format!("2026-01-02T00:00:{second:02}Z")}})
}

fn not_ready_since(pod: &mut serde_json::Value, time: &str) {
    unready(pod);
    pod["status"]["conditions"][0]["lastTransitionTime"] = json!(time);
    pod["status"]["containerStatuses"][0]["ready"] = json!(false);
}

const ROLLING_OUT: Option<ReasonCode> = Some(ReasonCode::RollingOut);

#[test]
fn pods_that_have_run_for_the_window_are_healthy_after_two_reads() {
    let script = present(|_| {});
    assert_eq!(script.decided(), Some((Verdict::Passed, vec![])));
    assert_eq!(script.good_reads.len(), 2);
    assert_eq!(script.decided_at(), Some(Elapsed::from_secs(5)));
}

#[test]
fn a_container_that_has_not_run_for_the_window_is_not_proven() {
    let script = present(|script| {
        script.put("app-0", |pod| pod["status"]["containerStatuses"][0]["state"] = running(50));
    });
    assert_eq!((script.verdict(), script.code()), (Some(Verdict::Inconclusive), ROLLING_OUT));
    let reason = script.gate.decision().unwrap().reason.to_string();
    assert_eq!(reason, "not proven yet: container app of pod app-0 has run for 15s of 30s");
}

#[test]
fn a_restart_loop_is_broken_whether_its_container_waits_or_runs() {
    let waiting = json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 2m40s"}});
    // the end of the run before that waits to be made good is one more
    for (state, ends) in [(waiting, 8), (running(50), 7)] {
        let script = present(|script| crashed(script, state, 20, 11, 7));
        assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
        assert_eq!(script.gate.findings()[0].restarts, Some(ends));
    }
}

#[test]
fn a_crash_that_was_outlived_is_told_and_breaks_nothing() {
    let script = present(|script| crashed(script, running(20), 10, 41, 3));
    assert_eq!(script.decided(), Some((Verdict::Passed, vec![])));
    assert_eq!(script.gate.findings()[0].state, FindingState::Tolerated);
}

#[test]
fn a_crash_is_outlived_by_twice_the_run_that_ended() {
    let script = present(|script| crashed(script, running(20), 19, 40, 1));
    assert_eq!(script.decided(), Some((Verdict::Passed, vec![])));
    let script = present(|script| crashed(script, running(21), 20, 40, 1));
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn restarts_that_are_allowed_are_not_proven_until_they_are_outlived() {
    let mut script = Script::complete(
        1,
        Policy { present: true, max_restarts: 2, window: Duration::from_secs(30), ..policy() },
    );
    crashed(&mut script, running(55), 10, 6, 2);
    script.secs(6);
    assert_eq!((script.verdict(), script.code()), (Some(Verdict::Inconclusive), ROLLING_OUT));
}

#[test]
fn a_restart_by_the_platform_breaks_nothing_however_many_were_before() {
    let script = present(|script| {
        crashed(script, running(20), 10, 41, 9);
        script.put("app-0", |pod| {
            let last = &mut pod["status"]["containerStatuses"][0]["lastState"]["terminated"];
            last["exitCode"] = json!(137);
            last["reason"] = json!("ContainerStatusUnknown");
        });
    });
    assert_eq!(script.decided(), Some((Verdict::Passed, vec![])));
}

#[test]
fn a_grace_runs_since_the_pod_is_not_ready() {
    let image = |since: &'static str| {
        present(move |script| {
            script.put("app-0", |pod| {
                not_ready_since(pod, since);
                pod["status"]["phase"] = json!("Pending");
                pod["status"]["containerStatuses"][0]["state"] = json!({"waiting": {"reason": "ImagePullBackOff",
                    "message": "Back-off pulling image \"shop/app:2\": ErrImagePull: not found"}});
            });
        })
    };
    assert_eq!(
        image("2026-01-02T00:00:10Z").decided(),
        Some((Verdict::Failed, vec![Cause::Image]))
    );
    let script = image("2026-01-02T00:00:50Z");
    assert_eq!((script.verdict(), script.code()), (Some(Verdict::Inconclusive), ROLLING_OUT));
}

#[test]
fn a_pod_that_lost_its_readiness_after_its_rollout_is_broken_after_the_grace() {
    let lost = |since: &'static str| {
        present(move |script| {
            script.put("app-0", |pod| not_ready_since(pod, since));
        })
    };
    assert_eq!(
        lost("2026-01-02T00:00:20Z").decided(),
        Some((Verdict::Failed, vec![Cause::NotReady]))
    );
    let script = lost("2026-01-02T00:00:45Z");
    assert_eq!((script.verdict(), script.code()), (Some(Verdict::Inconclusive), ROLLING_OUT));
}

#[test]
fn a_rollout_that_goes_on_is_neither_healthy_nor_broken() {
    let script = present(|script| {
        script.deployment["status"]["conditions"][0]["reason"] = json!("ReplicaSetUpdated");
        script.put("app-0", |pod| not_ready_since(pod, "2026-01-02T00:00:02Z"));
    });
    assert_eq!((script.verdict(), script.code()), (Some(Verdict::Inconclusive), ROLLING_OUT));
}

#[test]
fn a_rollout_that_its_controller_gave_up_is_broken() {
    let script = present(|script| {
        script.deployment["status"]["conditions"] = json!([{"type": "Progressing", "status": "False",
            "reason": "ProgressDeadlineExceeded", "message": format!("ReplicaSet \"{SET}\" has timed out progressing.")}]);
        script.put("app-0", |pod| not_ready_since(pod, "2026-01-02T00:00:02Z"));
    });
    assert_eq!(script.verdict(), Some(Verdict::Failed));
}

#[test]
fn an_init_container_that_succeeded_at_last_is_outlived() {
    let script = present(|script| {
        script.put("app-0", |pod| {
            pod["spec"]["initContainers"] = json!([{"name": "migrate", "image": "shop/app:2"}]);
            let end = |code: u32, second: u32| json!({"terminated": {"exitCode": code, "reason": if code == 0 { "Completed" } else { "Error" },
                "containerID": format!("containerd://{second}"), "startedAt": format!("2026-01-02T00:00:{second:02}Z"),
                "finishedAt": format!("2026-01-02T00:00:{:02}Z", second + 1)}});
            pod["status"]["initContainerStatuses"] = json!([{"name": "migrate", "ready": true, "restartCount": 1,
                "state": end(0, 5), "lastState": end(1, 3)}]);
        });
    });
    assert_eq!(script.decided(), Some((Verdict::Passed, vec![])));
}

#[test]
fn what_is_paused_or_has_no_pods_says_so() {
    let paused = present(|script| script.deployment["spec"]["paused"] = json!(true));
    assert_eq!(paused.code(), Some(ReasonCode::Paused));
}
