//! What ended runs come to: which count, of whom, and why they ended.

use super::*;

#[test]
fn the_first_termination_fails() {
    let mut script = rolling(2, policy());
    script.crash("app-1", 1);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    let finding = &script.gate.findings()[0];
    assert_eq!((finding.exit_code, finding.restarts, finding.pods.len()), (Some(1), Some(1), 1));
    let log = finding.evidence.as_ref().unwrap().log.as_ref().unwrap();
    assert_eq!(log.excerpt.last_line().map(|line| &**line), Some("the last words"));
}

#[test]
fn restarts_within_the_limit_are_tolerated_and_the_next_one_is_not() {
    let mut script = rolling(1, Policy { max_restarts: 1, ..policy() });
    script.crash("app-0", 3).restart("app-0", 6).settle_status().secs(5);
    assert_eq!(script.verdict(), None);
    let mut second = rolling(1, Policy { max_restarts: 1, ..policy() });
    second.crash("app-0", 3).crash("app-0", 3);
    assert_eq!(second.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    script.secs(70);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    assert_eq!(script.gate.findings()[0].state, FindingState::Tolerated);
}

#[test]
fn a_restart_that_no_watch_saw_counts() {
    let mut script = complete(2, policy());
    script.put("app-1", |pod| pod["status"]["containerStatuses"][0]["restartCount"] = json!(1));
    script.secs(12);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_restart_count_at_its_end_is_no_fresh_start() {
    let mut script = rolling(2, policy());
    script.change("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(u32::MAX);
        status["state"] = json!({"terminated": {"exitCode": 1}});
    });
    assert_eq!(script.verdict(), Some(Verdict::Failed));
}

#[test]
fn a_crash_before_the_gate_came_counts_while_the_rollout_is_under_way() {
    let mut script = Script::new(2, policy());
    script.put("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(1);
        status["lastState"] =
            json!({"terminated": {"exitCode": 1, "finishedAt": "2026-01-02T00:00:04Z"}});
    });
    script.secs(1);
    assert_eq!(script.verdict(), Some(Verdict::Failed));
}

#[test]
fn an_earlier_restart_of_a_complete_rollout_is_outlived_and_noted() {
    let mut script = Script::new(1, policy());
    script.put("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(1);
        status["lastState"] = json!({"terminated": {"exitCode": 1, "startedAt": "2026-01-02T00:00:04Z", "finishedAt": "2026-01-02T00:02:04Z"}});
        // ready for a second at the first read
        pod["status"]["conditions"][0]["lastTransitionTime"] = json!("2026-01-02T00:00:59Z");
    });
    script.settle_status().secs(100);
    assert_eq!(script.verdict(), None, "twice the dead run of 120 s is longer than the window");
    script.secs(150);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    let finding = &script.gate.findings()[0];
    assert_eq!((finding.cause, finding.state), (Cause::CrashLoop, FindingState::Tolerated));
}

#[test]
fn an_earlier_restart_that_comes_again_counts() {
    let mut script = Script::complete(1, policy());
    script.put("app-0", |pod| {
        pod["status"]["containerStatuses"][0]["restartCount"] = json!(4);
    });
    script.secs(20).crash("app-0", 1);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    assert_eq!(script.gate.findings()[0].restarts, Some(1));
}

#[test]
fn crash_loop_back_off_alone_is_proof_of_a_termination() {
    let mut script = rolling(1, policy());
    script.wait("app-0", "CrashLoopBackOff", "back-off 10s");
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_crash_in_the_window_fails() {
    let mut script = complete(2, policy());
    script.secs(40).crash("app-0", 2);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    let results: Vec<_> = script.gate.checks().into_iter().map(|check| check.result).collect();
    use CheckResult::{Failed as F, Passed as P, Skipped as S};
    assert_eq!(results, [P, S, P, P, P, P, F, S, P, S]);
}

#[test]
fn a_liveness_kill_is_told_by_its_event_whatever_the_code() {
    let mut script = rolling(1, policy());
    let killed = "Container app failed liveness probe, will be restarted";
    script.event("app-0", "Killing", Some("spec.containers{app}"), killed, 5).crash("app-0", 0);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Liveness])));
}

#[test]
fn an_event_about_a_kill_is_waited_for_a_second() {
    let mut script = rolling(1, policy());
    let probe = json!({"exec": {"command": ["x"]}});
    script.change("app-0", |pod| pod["spec"]["containers"][0]["livenessProbe"] = probe.clone());
    script.crash("app-0", 143).advance(Duration::from_millis(600));
    assert_eq!(script.verdict(), None);
    let killed = "Container app failed liveness probe, will be restarted";
    script.event("app-0", "Killing", Some("spec.containers{app}"), killed, 5);
    script.advance(Duration::from_millis(200));
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Liveness])));

    let mut silent = rolling(1, policy());
    silent.change("app-0", |pod| pod["spec"]["containers"][0]["livenessProbe"] = probe);
    silent.crash("app-0", 143).advance(Duration::from_millis(1100));
    assert_eq!(silent.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_lost_sandbox_is_noted_and_not_counted() {
    let mut script = rolling(1, policy());
    script.event("app-0", "SandboxChanged", None, "Pod sandbox changed", 6).crash("app-0", 137);
    assert_eq!(script.verdict(), None);
    script.restart("app-0", 8).settle_status().secs(70);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    assert_eq!(script.gate.findings()[0].cause, Cause::Platform);
}

#[test]
fn a_crash_is_judged_even_if_events_never_come() {
    let mut script = rolling(1, policy());
    script.silent = true;
    script.crash("app-0", 1).secs(5);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_pod_that_is_deleted_ends_without_fault_and_one_that_crashed_before_does_not() {
    let mut script = rolling(2, policy());
    let delete = |pod: &mut serde_json::Value| {
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:00:34Z");
        pod["metadata"]["deletionGracePeriodSeconds"] = json!(30);
    };
    // its deletion was asked for at second 4; the run ends at second 5
    script.change("app-0", delete).crash("app-0", 143).secs(2);
    assert_eq!(script.verdict(), None);
    let mut crashed = rolling(2, policy());
    crashed.change("app-0", |pod| {
        delete(pod);
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:00:50Z");
    });
    crashed.crash("app-0", 1).secs(2);
    assert_eq!(crashed.verdict(), Some(Verdict::Failed));
}

#[test]
fn the_last_state_of_a_deleted_pod_is_no_fault() {
    let mut script = complete(2, policy());
    script.secs(10);
    script.put("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["state"] = json!({"terminated": {"exitCode": 0, "containerID": "c", "finishedAt": "2026-01-02T00:00:31Z"}});
        // the kubelet removes it with grace 0; the deletion was asked for two seconds before
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:00:32Z");
        pod["metadata"]["deletionGracePeriodSeconds"] = json!(0);
        pod["spec"]["terminationGracePeriodSeconds"] = json!(2);
    });
    script.delete("app-0").change("app-3", |_| {}).secs(70);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_crash_stays_seen_when_its_pod_goes() {
    let mut script = rolling(2, Policy { max_restarts: 1, ..policy() });
    script.crash("app-0", 1).delete("app-0").change("app-2", |_| {}).settle_status().secs(70);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    assert_eq!(script.gate.findings()[0].restarts, Some(1));
}

#[test]
fn a_lagging_watch_counts_no_restart_twice() {
    let mut script = rolling(1, Policy { max_restarts: 1, ..policy() });
    let mut old = script.pods["app-0"].clone();
    script.crash("app-0", 3).restart("app-0", 6).settle_status().secs(10);
    old["status"]["conditions"][0]["lastTransitionTime"] = json!("2026-01-02T00:00:01Z");
    script.feed(Observation::PodChanged(serde_json::from_value(old).unwrap())).secs(90);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    assert_eq!(script.gate.findings()[0].restarts, Some(1));
}

#[test]
fn restarts_from_long_before_a_scaling_do_not_count() {
    let mut script = Script::new(3, policy());
    for name in ["app-0", "app-1"] {
        script.put(name, |pod| {
            let status = &mut pod["status"]["containerStatuses"][0];
            status["restartCount"] = json!(5);
            status["lastState"] =
                json!({"terminated": {"exitCode": 1, "finishedAt": "2026-01-02T00:00:04Z"}});
        });
    }
    script.deployment["status"]["conditions"] = json!([{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable",
        "message": "ReplicaSet \"set-2\" has successfully progressed.", "lastUpdateTime": "2026-01-02T00:00:10Z"}]);
    // the servers' clock is weeks ahead of the restarts
    script.now = Elapsed::from_secs(1);
    for set in &mut script.sets {
        set["metadata"]["creationTimestamp"] = json!("2025-11-01T00:00:00Z");
    }
    for name in ["app-0", "app-1"] {
        script.put(name, |pod| {
            pod["metadata"]["creationTimestamp"] = json!("2025-11-01T00:00:00Z");
            pod["status"]["containerStatuses"][0]["lastState"]["terminated"]["finishedAt"] =
                json!("2025-12-01T00:00:00Z");
        });
    }
    script.secs(1);
    assert_eq!(script.verdict(), None);
    script.change("app-2", |_| {}).settle_status().secs(70);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn what_was_done_to_another_container_does_not_explain_an_end() {
    for (reason, message) in [
        ("Killing", "Container proxy failed liveness probe, will be restarted"),
        ("FailedPostStartHook", "PostStartHook failed"),
    ] {
        let mut script = rolling(1, policy());
        script.event("app-0", reason, Some("spec.containers{proxy}"), message, 4);
        script.crash("app-0", 1);
        assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])), "{reason}");
    }
}

#[test]
fn twelve_runs_are_kept_of_a_container_and_all_are_counted() {
    let mut script = rolling(1, Policy { max_restarts: 100, ..policy() });
    for _ in 0..15 {
        script.secs(1).crash("app-0", 1);
    }
    let (.., container) = script.gate.ledger.containers().next().unwrap();
    assert_eq!((container.runs.len(), container.restarts()), (12, 15));
}

/// The process was not started; the kubelet says so first in a waiting reason and then as the end of a run.
fn fail_to_start(script: &mut Script, text: &str, attempt: u32) {
    script.wait("app-0", "RunContainerError", text).advance(Duration::from_millis(300));
    script.change("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(attempt);
        status["state"] = json!({"terminated": {"exitCode": 128, "reason": "StartError", "message": text,
            "containerID": format!("containerd://{attempt}")}});
    });
    script.secs(3);
}

const RUNTIME: &str = "failed to create containerd task: failed to create shim task: context deadline exceeded: unknown";

#[test]
fn a_fault_of_the_runtime_fails_at_its_second_time_and_one_of_the_command_at_once() {
    let mut script = rolling(1, policy());
    fail_to_start(&mut script, RUNTIME, 0);
    assert_eq!(script.verdict(), None);
    fail_to_start(&mut script, RUNTIME, 1);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::StartError])));
    let mut missing = rolling(1, policy());
    fail_to_start(&mut missing, "exec: \"serve\": executable file not found in $PATH", 0);
    assert_eq!(missing.decided(), Some((Verdict::Failed, vec![Cause::StartError])));
}

#[test]
fn a_fault_of_the_runtime_that_is_over_at_the_next_try_is_tolerated() {
    let mut script = rolling(1, policy());
    fail_to_start(&mut script, RUNTIME, 0);
    script.change("app-0", |pod| pod["status"]["phase"] = json!("Running"));
    script.restart("app-0", 20).settle_status().secs(70);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    let finding = script.gate.findings().remove(0);
    assert_eq!((finding.cause, finding.state), (Cause::StartError, FindingState::Tolerated));
}

#[test]
fn a_crash_is_not_spared_by_a_fault_of_the_runtime_before_it() {
    let mut script = rolling(1, policy());
    fail_to_start(&mut script, RUNTIME, 0);
    script.change("app-0", |pod| pod["status"]["phase"] = json!("Running"));
    script.restart("app-0", 20).secs(2).crash("app-0", 1).secs(3);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

/// A container whose run the kubelet lost, as it shows it: no ID, no times, and a count that it added to by itself.
fn lose_run(pod: &mut serde_json::Value, count: u32) {
    let status = &mut pod["status"]["containerStatuses"][0];
    status["restartCount"] = json!(count);
    status["state"] = json!({"waiting": {"reason": "ContainerCreating"}});
    status["lastState"] = json!({"terminated": {"exitCode": 137, "reason": "ContainerStatusUnknown", "startedAt": null, "finishedAt": null,
        "message": "The container could not be located when the pod was deleted.  The container used to be Running"}});
    unready_app(pod);
}

#[test]
fn runs_that_the_kubelet_lost_do_not_count_however_often() {
    let mut script = rolling(1, policy());
    for count in [1, 2] {
        script.change("app-0", |pod| lose_run(pod, count)).secs(2);
        script.change("app-0", |pod| {
            let started = json!({"running": {"startedAt": "2026-01-02T00:00:09Z"}});
            pod["status"]["containerStatuses"][0]["state"] = started;
            ready_app(pod, 9);
        });
    }
    script.settle_status().secs(70);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    let mut crashed = rolling(1, policy());
    crashed.change("app-0", |pod| lose_run(pod, 1)).secs(2).restart("app-0", 9).secs(2);
    assert_eq!(crashed.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_pod_evicted_for_its_own_storage_whose_runs_the_kubelet_lost_is_evicted_and_nothing_else() {
    // kubernetes#122160; the kubelet of 1.37 leaves it waiting
    for is_told_twice in [true, false] {
        let mut script = rolling(2, policy());
        script.change("app-0", |pod| {
            lose_run(pod, 1);
            let status = &mut pod["status"]["containerStatuses"][0];
            if is_told_twice {
                status["state"] = status["lastState"].clone();
            }
            pod["status"]["phase"] = json!("Failed");
            pod["status"]["reason"] = json!("Evicted");
            pod["status"]["message"] =
                json!("Container app exceeded its local ephemeral storage limit \"2Gi\". ");
        });
        assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Evicted])));
        assert_eq!(script.gate.findings().len(), 1);
    }
}

/// A pod that the platform ends: its container first, then the phase and its reason.
fn end_pod(script: &mut Script, name: &str, code: i32, reason: &str) {
    script.crash(name, code).advance(Duration::from_millis(900));
    script.change(name, |pod| {
        pod["status"]["phase"] = json!("Failed");
        pod["status"]["reason"] = json!(reason);
    });
}

#[test]
fn a_pod_that_the_platform_ends_is_no_crash_without_any_event() {
    for reason in [
        "Evicted",
        "Preempting",
        "NodeShutdown",
        "Terminated",
        "NodeLost",
        "OutOfcpu",
        "NodeAffinity",
    ] {
        for code in [0, 1, 137, 143] {
            let mut script = rolling(2, policy());
            script.crash("app-0", code);
            let ended = script.pods.remove("app-0").unwrap();
            let mut script = rolling(2, policy());
            script.change("app-0", |pod| {
                *pod = ended;
                pod["status"]["phase"] = json!("Failed");
                pod["status"]["reason"] = json!(reason);
            });
            script.change("app-2", |_| {}).settle_status().secs(75);
            assert_eq!(script.verdict(), Some(Verdict::Passed), "{reason} {code}");
        }
    }
}

#[test]
fn a_pod_may_say_a_second_late_that_it_was_given_up_where_no_event_does() {
    for (can_read, code) in [(false, 143), (false, 0), (false, 1), (true, 143), (true, 137)] {
        let mut script = rolling(2, policy());
        script.refuses_events = !can_read;
        end_pod(&mut script, "app-0", code, "Terminated");
        script.change("app-2", |_| {}).settle_status().secs(75);
        assert_eq!(script.verdict(), Some(Verdict::Passed), "{can_read} {code}");
    }
    // a container that is run again was not given up
    let mut script = rolling(2, policy());
    script.crash("app-0", 143).advance(Duration::from_millis(500));
    assert_eq!(script.verdict(), None);
    script.restart("app-0", 6).advance(Duration::from_millis(300));
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    // the kubelet's event on the stop is enough
    let mut script = rolling(2, policy());
    script.event("app-0", "Killing", Some("spec.containers{app}"), "Stopping container app", 4);
    end_pod(&mut script, "app-0", 1, "Terminated");
    script.change("app-2", |_| {}).settle_status().secs(75);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_pod_that_had_crashed_before_it_was_given_up_did_crash() {
    let mut script = rolling(2, policy());
    script.change("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(1);
        status["lastState"] = json!({"terminated": {"exitCode": 1, "reason": "Error", "containerID": "c0", "finishedAt": "2026-01-02T00:00:03Z"}});
        status["state"] = json!({"terminated": {"exitCode": 143, "reason": "Error", "containerID": "c1", "finishedAt": "2026-01-02T00:00:20Z"}});
        pod["status"]["phase"] = json!("Failed");
        pod["status"]["reason"] = json!("Evicted");
        unready_app(pod);
    });
    script.secs(1);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    assert_eq!(script.gate.findings()[0].restarts, Some(1));
}

#[test]
fn the_last_state_of_a_pod_tells_too_little_of_a_run_that_a_stop_can_have_ended() {
    let gone = |code: i32| {
        let mut script = complete(2, policy());
        script.secs(10).put("app-0", |pod| {
            let status = &mut pod["status"]["containerStatuses"][0];
            status["state"] = json!({"terminated": {"exitCode": code, "containerID": "c", "finishedAt": "2026-01-02T00:00:31Z"}});
            // asked for at second 30, and removed late: its volumes were in the way
            pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:00:40Z");
            pod["metadata"]["deletionGracePeriodSeconds"] = json!(0);
            pod["spec"]["terminationGracePeriodSeconds"] = json!(2);
        });
        script.delete("app-0").change("app-3", |_| {}).secs(80);
        script.verdict()
    };
    assert_eq!(gone(143), Some(Verdict::Passed));
    assert_eq!(gone(1), Some(Verdict::Failed));
}

fn as_init(pod: &mut serde_json::Value, state: serde_json::Value, count: u32) {
    pod["spec"]["initContainers"] = json!([{"name": "migrate"}]);
    pod["status"]["initContainerStatuses"] =
        json!([{"name": "migrate", "restartCount": count, "state": state}]);
    pod["status"]["phase"] = json!("Pending");
    unready_app(pod);
    pod["status"]["containerStatuses"][0]["state"] =
        json!({"waiting": {"reason": "PodInitializing"}});
}

#[test]
fn an_init_container_that_ran_out_of_memory_failed_with_code_0_too() {
    for (reason, expected) in
        [("OOMKilled", Some((Verdict::Failed, vec![Cause::OomKilled]))), ("Completed", None)]
    {
        let mut script = rolling(1, policy());
        let end = json!({"terminated": {"exitCode": 0, "reason": reason, "containerID": "c0", "finishedAt": "2026-01-02T00:00:05Z"}});
        script.change("app-0", |pod| as_init(pod, end, 0)).secs(2);
        assert_eq!(script.decided(), expected, "{reason}");
    }
}

#[test]
fn a_program_that_outlives_the_kernel_s_kill_of_its_child_ends_for_its_own_reason() {
    let mut script = rolling(1, policy());
    script.change("app-0", |pod| {
        pod["status"]["containerStatuses"][0]["state"] = json!({"terminated": {"exitCode": 3, "reason": "OOMKilled", "containerID": "c0",
            "startedAt": "2026-01-02T00:00:02Z", "finishedAt": "2026-01-02T00:00:10Z"}});
        unready_app(pod);
    });
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    let finding = &script.gate.findings()[0];
    assert_eq!(finding.exit_code, Some(3));
    assert!(finding.message.contains("one of its processes was OOM-killed"), "{}", finding.message);
}
