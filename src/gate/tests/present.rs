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
fn a_pod_that_was_never_ready_is_starting_and_broken_once_a_rollout_would_be() {
    let starting = |since: &'static str, deadline: u64| {
        present(move |script| {
            script.deployment["spec"]["progressDeadlineSeconds"] = json!(deadline);
            script.deployment["status"]["conditions"] = json!([]);
            script.put("app-0", |pod| {
                not_ready_since(pod, since);
                pod["metadata"]["creationTimestamp"] = json!(since);
                pod["spec"]["containers"][0]["readinessProbe"] =
                    json!({"httpGet": {"path": "/", "port": 80}});
            });
        })
    };
    // of a rollout that was complete, as when pods are added
    let script = present(|script| {
        script.put("app-0", |pod| not_ready_since(pod, "2026-01-02T00:00:01Z"));
    });
    assert_eq!((script.verdict(), script.code()), (Some(Verdict::Inconclusive), ROLLING_OUT));
    let script = starting("2026-01-01T23:52:00Z", 600);
    assert_eq!((script.verdict(), script.code()), (Some(Verdict::Inconclusive), ROLLING_OUT));
    let script = starting("2026-01-01T23:50:00Z", 600);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::NotReady])));
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

#[test]
fn a_pod_that_is_named_paused_is_judged_before_its_pause() {
    let script = present(|script| {
        script.deployment["spec"]["paused"] = json!(true);
        crashed(script, running(50), 20, 11, 7);
    });
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn without_the_servers_time_nothing_is_proven() {
    let script = present(|script| script.tells_no_time = true);
    assert_eq!((script.verdict(), script.code()), (Some(Verdict::Inconclusive), ROLLING_OUT));
    let reason = script.gate.decision().unwrap().reason.to_string();
    assert!(
        reason.starts_with("not proven yet: the API server's responses have no Date"),
        "{reason}"
    );
}

#[test]
fn readiness_counts_for_the_window_as_a_run_does() {
    let script = present(|script| {
        script.put("app-0", |pod| {
            pod["status"]["conditions"][0]["lastTransitionTime"] = json!("2026-01-02T00:00:50Z");
        });
    });
    assert_eq!((script.verdict(), script.code()), (Some(Verdict::Inconclusive), ROLLING_OUT));
    let reason = script.gate.decision().unwrap().reason.to_string();
    assert_eq!(reason, "not proven yet: pod app-0 has been ready for 15s of 30s");
}

/// A pod that was there for 2 s and ended at that second, in this way.
fn ended(script: &mut Script, name: &str, second: u32, reason: &str, message: &str) {
    script.put(name, |pod| {
        pod["metadata"]["creationTimestamp"] = json!(format!("2026-01-02T00:00:{:02}Z", second - 2));
        pod["status"] = json!({"phase": "Failed", "reason": reason, "message": message, "conditions": [
            {"type": "Ready", "status": "False", "lastTransitionTime": format!("2026-01-02T00:00:{second:02}Z")}]});
    });
}

#[test]
fn pods_that_ended_long_ago_break_nothing_and_those_of_a_moment_ago_do() {
    let own = "Usage of EmptyDir volume \"s\" exceeds the limit \"10Mi\". ";
    for (reason, message) in [("Evicted", own), ("OutOfcpu", "Pod was rejected")] {
        let after = |second: u32| {
            present(|script| {
                for number in 2..9 {
                    ended(script, &format!("app-{number}"), second, reason, message);
                }
            })
        };
        assert_eq!(after(20).decided(), Some((Verdict::Passed, vec![])), "{reason}");
        assert_eq!(after(50).verdict(), Some(Verdict::Failed), "{reason}");
    }
}

#[test]
fn a_loop_is_as_old_as_the_kubelet_puts_restarts_off() {
    let script = present(|script| {
        let waiting =
            json!({"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 2m40s"}});
        crashed(script, waiting, 2, 5, 7);
        let text = "Back-off restarting failed container app in pod app-0_shop(1)";
        script.event("app-0", "BackOff", Some("spec.containers{app}"), text, 50);
        let event = script.events.get_mut("app-0").unwrap().last_mut().unwrap();
        event["firstTimestamp"] = json!("2026-01-02T00:00:20Z");
    });
    let since = script.gate.findings()[0].since.unwrap();
    assert_eq!((since.at.to_string(), since.seconds_ago), ("2026-01-02 00:00:20 UTC".into(), 45));
}

#[test]
fn a_kill_of_which_no_event_was_kept_is_one_like_those_before() {
    let killed = |rule: serde_json::Value, reason: &str, text: &str| {
        let script = present(|script| {
            crashed(script, running(57), 12, 5, 10);
            script.put("app-0", |pod| {
                let container = pod["spec"]["containers"][0].as_object_mut().unwrap();
                container.extend(rule.as_object().unwrap().clone());
                pod["status"]["containerStatuses"][0]["lastState"]["terminated"]["exitCode"] =
                    json!(0);
            });
            script.event("app-0", reason, Some("spec.containers{app}"), text, 30);
        });
        script.decided()
    };
    let probe = json!({"httpGet": {"path": "/", "port": 80}});
    let text = "Container app failed liveness probe, will be restarted";
    let decided = |cause| Some((Verdict::Failed, vec![cause]));
    assert_eq!(killed(json!({"livenessProbe": probe}), "Killing", text), decided(Cause::Liveness));
    assert_eq!(killed(json!({"readinessProbe": probe}), "Killing", text), decided(Cause::Exited));
    let hook = json!({"lifecycle": {"postStart": {"exec": {"command": ["/nope"]}}}});
    let text = "PostStartHook failed";
    assert_eq!(killed(hook, "FailedPostStartHook", text), decided(Cause::PostStart));
}

#[test]
fn a_sidecar_that_is_not_ready_explains_its_pod() {
    let script = present(|script| {
        script.put("app-0", |pod| {
            pod["spec"]["initContainers"] = json!([{"name": "proxy", "image": "proxy", "restartPolicy": "Always"}]);
            pod["status"]["initContainerStatuses"] = json!([{"name": "proxy", "ready": false, "restartCount": 3,
                "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 9,
                "reason": "Error", "containerID": "containerd://p", "startedAt": "2026-01-02T00:00:20Z",
                "finishedAt": "2026-01-02T00:00:21Z"}}}]);
            unready(pod);
            pod["status"]["conditions"][0]["lastTransitionTime"] = json!("2026-01-02T00:00:21Z");
        });
    });
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    assert_eq!(script.gate.findings().len(), 1, "{:?}", script.gate.findings());
}

/// The present of a Deployment whose nodes' Leases may be read.
fn with_leases(edit: impl FnOnce(&mut Script)) -> Script {
    let policy = Policy { present: true, window: Duration::from_secs(30), ..policy() };
    let mut script = Script::complete(2, policy);
    edit(&mut script);
    let allowed = crate::observation::AccessReview {
        resource: crate::observation::Resource::NodeLeases,
        verb: "get".into(),
        allowed: true,
    };
    script.feed(Observation::Access(vec![allowed]));
    script.secs(30);
    script
}

#[test]
fn a_node_that_reports_delays_no_answer_and_its_lease_is_read_once() {
    let script = with_leases(|_| {});
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    assert_eq!(script.decided_at(), Some(Elapsed::from_secs(5)));
    assert_eq!(script.gate.coverage().nodes, Some(1));
    let leases =
        script.fed.iter().filter(|of| matches!(of.observation, Observation::NodeLeases(_)));
    assert_eq!(leases.count(), 1);
}

#[test]
fn pods_on_a_node_that_does_not_report_are_not_healthy() {
    let script = with_leases(|script| {
        script.frozen.insert("node-1", Some(Elapsed::ZERO));
        script.skew.insert("node-1", -45);
    });
    assert_eq!(
        (script.verdict(), script.code()),
        (Some(Verdict::Inconclusive), Some(ReasonCode::Nodes))
    );
    let reason = script.gate.decision().unwrap().reason.to_string();
    assert!(reason.starts_with("node node-1 has not reported for 57s"), "{reason}");
    assert_eq!(script.decided_at(), Some(Elapsed::from_secs(12)));
}

#[test]
fn a_wrong_clock_of_a_node_says_nothing_and_a_renewal_does() {
    for skew in [-3600, 3600] {
        let script = with_leases(|script| {
            script.skew.insert("node-1", skew);
        });
        assert_eq!(script.verdict(), Some(Verdict::Passed), "{skew}");
        assert!(script.decided_at() < Some(Elapsed::from_secs(14)));
        // ahead, it seems to have reported a moment ago
        let script = with_leases(|script| {
            script.frozen.insert("node-1", Some(Elapsed::ZERO));
            script.skew.insert("node-1", skew);
        });
        assert_eq!(script.code(), Some(ReasonCode::Nodes), "{skew}");
    }
}

#[test]
fn leases_that_may_not_be_read_are_said_to_be_unchecked() {
    let mut script = present(|_| {});
    assert_eq!(script.gate.coverage().nodes, None);
    script =
        Script::complete(1, Policy { present: true, window: Duration::from_secs(30), ..policy() });
    script.frozen.insert("node-1", None);
    let allowed = crate::observation::AccessReview {
        resource: crate::observation::Resource::NodeLeases,
        verb: "get".into(),
        allowed: true,
    };
    script.feed(Observation::Access(vec![allowed])).secs(10);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    assert_eq!(&*script.gate.coverage().missing[0].what, "Lease of node node-1");
}

#[test]
fn a_condition_of_a_custom_resource_counts_for_the_window_and_an_old_failure_is_one() {
    use super::hostile::world::{Made, World};
    let condition = |kind: &str, since: &str| {
        json!({"type": kind, "status": "True", "reason": "Told", "message": "by a test",
        "lastTransitionTime": since})
    };
    let verdict = |conditions: serde_json::Value| {
        let policy = Policy { present: true, window: Duration::from_secs(30), ..policy() };
        let mut world = World::of(Made::Custom, policy);
        world.workload["status"]["conditions"] = conditions;
        world.advance(Duration::from_secs(10));
        world.verdict()
    };
    let long_ago = "2026-01-01T00:00:00Z";
    assert_eq!(verdict(json!([condition("Ready", long_ago)])), Some(Verdict::Passed));
    let failing = |kind| json!([condition("Ready", long_ago), condition(kind, long_ago)]);
    assert_eq!(verdict(failing("Degraded")), Some(Verdict::Failed));
    assert_eq!(verdict(failing("Stalled")), Some(Verdict::Failed));
    let just_now = json!([condition("Ready", "2026-01-02T00:00:59Z")]);
    assert_eq!(verdict(just_now), Some(Verdict::Inconclusive));
}
