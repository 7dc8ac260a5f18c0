//! The machine in virtual time. The name of a test is the rule.

use std::time::Duration;

use serde_json::json;

use super::{
    timeline::{Timeline, ready, unready},
    *,
};
use crate::observation::{FailureKind, Observation};

fn policy() -> Policy {
    Policy::default()
}

fn set_grace(grace: Grace, seconds: u64) -> Policy {
    let mut policy = policy();
    policy.grace.insert(grace, Seconds(Duration::from_secs(seconds)));
    policy
}

fn rolling(replicas: u64, policy: Policy) -> Timeline {
    let mut timeline = Timeline::new(replicas, policy);
    timeline.secs(1);
    for number in 0..replicas {
        timeline.change(&format!("app-{number}"), |_| {});
    }
    timeline
}

/// A rollout that the gate saw begin and come to its end.
fn complete(replicas: u64, policy: Policy) -> Timeline {
    let mut timeline = rolling(replicas, policy);
    timeline.settle_status().secs(1);
    timeline
}

const MS: Duration = Duration::from_millis(1);

#[test]
fn a_healthy_rollout_passes_at_the_end_of_its_window() {
    let mut timeline = complete(3, policy());
    let opened = timeline.gate.completed_at().unwrap();
    timeline.secs(58);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(3);
    assert_eq!(timeline.decided(), Some((Verdict::Passed, vec![])));
    assert_eq!(timeline.decided_at().unwrap().since(opened), Duration::from_secs(60));
}

#[test]
fn the_first_termination_fails() {
    let mut timeline = rolling(2, policy());
    timeline.crash("app-1", 1);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    let finding = &timeline.gate.findings()[0];
    assert_eq!((finding.exit_code, finding.restarts, finding.pods.len()), (Some(1), Some(1), 1));
    let log = finding.evidence.as_ref().unwrap().log.as_ref().unwrap();
    assert_eq!(log.excerpt.last_line().map(|line| &**line), Some("the last words"));
}

#[test]
fn restarts_within_the_limit_are_tolerated_and_the_next_one_is_not() {
    let mut timeline = rolling(1, Policy { max_restarts: 1, ..policy() });
    timeline.crash("app-0", 3).restart("app-0", 6).settle_status().secs(5);
    assert_eq!(timeline.verdict(), None);
    let mut second = rolling(1, Policy { max_restarts: 1, ..policy() });
    second.crash("app-0", 3).crash("app-0", 3);
    assert_eq!(second.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    timeline.secs(70);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
    assert_eq!(timeline.gate.findings()[0].state, FindingState::Tolerated);
}

#[test]
fn a_restart_that_no_watch_saw_counts() {
    let mut timeline = complete(2, policy());
    timeline.put("app-1", |pod| pod["status"]["containerStatuses"][0]["restartCount"] = json!(1));
    timeline.secs(12);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_restart_count_at_its_end_is_no_fresh_start() {
    let mut timeline = rolling(2, policy());
    timeline.change("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(u32::MAX);
        status["state"] = json!({"terminated": {"exitCode": 1}});
    });
    assert_eq!(timeline.verdict(), Some(Verdict::Failed));
}

#[test]
fn a_crash_before_the_gate_came_counts_while_the_rollout_is_under_way() {
    let mut timeline = Timeline::new(2, policy());
    timeline.put("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(1);
        status["lastState"] =
            json!({"terminated": {"exitCode": 1, "finishedAt": "2026-01-02T00:00:04Z"}});
    });
    timeline.secs(1);
    assert_eq!(timeline.verdict(), Some(Verdict::Failed));
}

#[test]
fn an_earlier_restart_of_a_complete_rollout_is_outlived_and_noted() {
    let mut timeline = Timeline::new(1, policy());
    timeline.put("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(1);
        status["lastState"] = json!({"terminated": {"exitCode": 1, "startedAt": "2026-01-02T00:00:04Z", "finishedAt": "2026-01-02T00:02:04Z"}});
        // ready for a second at the first read
        pod["status"]["conditions"][0]["lastTransitionTime"] = json!("2026-01-02T00:00:59Z");
    });
    timeline.settle_status().secs(100);
    assert_eq!(timeline.verdict(), None, "twice the dead run of 120 s is longer than the window");
    timeline.secs(150);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
    let finding = &timeline.gate.findings()[0];
    assert_eq!((finding.cause, finding.state), (Cause::CrashLoop, FindingState::Tolerated));
}

#[test]
fn an_earlier_restart_that_comes_again_counts() {
    let mut timeline = Timeline::complete(1, policy());
    timeline.put("app-0", |pod| {
        pod["status"]["containerStatuses"][0]["restartCount"] = json!(4);
    });
    timeline.secs(20).crash("app-0", 1);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    assert_eq!(timeline.gate.findings()[0].restarts, Some(1));
}

#[test]
fn crash_loop_back_off_alone_is_proof_of_a_termination() {
    let mut timeline = rolling(1, policy());
    timeline.wait("app-0", "CrashLoopBackOff", "back-off 10s");
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_crash_in_the_window_fails() {
    let mut timeline = complete(2, policy());
    timeline.secs(40).crash("app-0", 2);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    let results: Vec<_> = timeline.gate.checks().into_iter().map(|(_, result, _)| result).collect();
    use CheckResult::{Failed as F, Passed as P, Skipped as S};
    assert_eq!(results, [P, S, P, P, P, P, F, S, P, S]);
}

#[test]
fn a_liveness_kill_is_told_by_its_event_whatever_the_code() {
    let mut timeline = rolling(1, policy());
    let killed = "Container app failed liveness probe, will be restarted";
    timeline.event("app-0", "Killing", Some("spec.containers{app}"), killed, 5).crash("app-0", 0);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::Liveness])));
}

#[test]
fn an_event_about_a_kill_is_waited_for_a_second() {
    let mut timeline = rolling(1, policy());
    let probe = json!({"exec": {"command": ["x"]}});
    timeline.change("app-0", |pod| pod["spec"]["containers"][0]["livenessProbe"] = probe.clone());
    timeline.crash("app-0", 143).advance(Duration::from_millis(600));
    assert_eq!(timeline.verdict(), None);
    let killed = "Container app failed liveness probe, will be restarted";
    timeline.event("app-0", "Killing", Some("spec.containers{app}"), killed, 5);
    timeline.advance(Duration::from_millis(200));
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::Liveness])));

    let mut silent = rolling(1, policy());
    silent.change("app-0", |pod| pod["spec"]["containers"][0]["livenessProbe"] = probe);
    silent.crash("app-0", 143).advance(Duration::from_millis(1100));
    assert_eq!(silent.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_lost_sandbox_is_noted_and_not_counted() {
    let mut timeline = rolling(1, policy());
    timeline.event("app-0", "SandboxChanged", None, "Pod sandbox changed", 6).crash("app-0", 137);
    assert_eq!(timeline.verdict(), None);
    timeline.restart("app-0", 8).settle_status().secs(70);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
    assert_eq!(timeline.gate.findings()[0].cause, Cause::Platform);
}

#[test]
fn a_crash_is_judged_even_if_events_never_come() {
    let mut timeline = rolling(1, policy());
    timeline.silent = true;
    timeline.crash("app-0", 1).secs(5);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_pod_that_is_deleted_ends_without_fault_and_one_that_crashed_before_does_not() {
    let mut timeline = rolling(2, policy());
    let delete = |pod: &mut serde_json::Value| {
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:00:34Z");
        pod["metadata"]["deletionGracePeriodSeconds"] = json!(30);
    };
    // its deletion was asked for at second 4; the run ends at second 5
    timeline.change("app-0", delete).crash("app-0", 143).secs(2);
    assert_eq!(timeline.verdict(), None);
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
    let mut timeline = complete(2, policy());
    timeline.secs(10);
    timeline.put("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["state"] = json!({"terminated": {"exitCode": 0, "containerID": "c", "finishedAt": "2026-01-02T00:00:31Z"}});
        // the kubelet removes it with grace 0; the deletion was asked for two seconds before
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:00:32Z");
        pod["metadata"]["deletionGracePeriodSeconds"] = json!(0);
        pod["spec"]["terminationGracePeriodSeconds"] = json!(2);
    });
    timeline.delete("app-0").change("app-3", |_| {}).secs(70);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_crash_stays_seen_when_its_pod_goes() {
    let mut timeline = rolling(2, Policy { max_restarts: 1, ..policy() });
    timeline.crash("app-0", 1).delete("app-0").change("app-2", |_| {}).settle_status().secs(70);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
    assert_eq!(timeline.gate.findings()[0].restarts, Some(1));
}

#[test]
fn a_grace_that_is_set_holds_to_the_millisecond() {
    let mut timeline = rolling(1, set_grace(Grace::Image, 5));
    timeline.wait("app-0", "ErrImagePull", "not found");
    timeline.advance(Duration::from_secs(5) - MS);
    assert_eq!(timeline.verdict(), None);
    timeline.advance(MS);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::Image])));
}

#[test]
fn a_grace_does_not_end_on_what_was_seen_before_it_ended() {
    let mut timeline = rolling(1, set_grace(Grace::Image, 25));
    timeline.wait("app-0", "ErrImagePull", "not found").secs(22);
    timeline.put("app-0", |pod| {
        pod["status"]["phase"] = json!("Running");
        pod["status"]["containerStatuses"][0]["state"] = json!({"running": {}});
        ready_app(pod, 55);
    });
    timeline.settle_status().secs(90);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_grace_that_ends_while_reads_fail_asks_for_one_a_second() {
    let mut timeline = rolling(1, set_grace(Grace::Image, 5));
    timeline.wait("app-0", "ErrImagePull", "not found").secs(1);
    timeline.broken = Some(FailureKind::Unavailable);
    timeline.secs(14);
    assert_eq!(timeline.verdict(), None);
    let is_failure = |fed: &&Observed| matches!(fed.observation, Observation::ReadFailed(_));
    assert_eq!(timeline.fed.iter().filter(is_failure).count(), 11, "from second 5 to second 15");
    timeline.broken = None;
    timeline.secs(1);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::Image])));
}

#[test]
fn a_grace_does_not_end_on_what_a_watch_repeats() {
    let mut timeline = rolling(1, set_grace(Grace::Image, 5));
    timeline.wait("app-0", "ErrImagePull", "not found").secs(4);
    let known = serde_json::from_value(timeline.pods["app-0"].clone()).unwrap();
    timeline.put("app-0", |pod| {
        pod["status"]["phase"] = json!("Running");
        pod["status"]["containerStatuses"][0]["state"] = json!({"running": {}});
        ready_app(pod, 55);
    });
    timeline.silent = true;
    timeline.settle_status().secs(2).feed(Observation::PodChanged(known));
    assert_eq!(timeline.verdict(), None);
    timeline.hear_again().secs(90);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_missing_image_fails_at_half_the_grace_or_the_second_pull() {
    let mut waiting = rolling(1, policy());
    waiting
        .wait("app-0", "ErrImagePull", "shop/app:2: not found")
        .advance(Duration::from_secs(30) - MS);
    assert_eq!(waiting.verdict(), None);
    waiting.advance(MS);
    assert_eq!(waiting.verdict(), Some(Verdict::Failed));

    let mut pulling = rolling(1, policy());
    pulling.wait("app-0", "ErrImagePull", "shop/app:2: not found").secs(2);
    pulling.wait("app-0", "ImagePullBackOff", "Back-off: shop/app:2: not found").secs(2);
    assert_eq!(pulling.verdict(), None);
    pulling.wait("app-0", "ErrImagePull", "shop/app:2: not found");
    assert_eq!(pulling.decided(), Some((Verdict::Failed, vec![Cause::Image])));
}

#[test]
fn a_grace_is_remembered_when_the_pod_is_replaced() {
    let mut timeline = rolling(1, policy());
    timeline.wait("app-0", "CreateContainerConfigError", "configmap \"x\" not found").secs(40);
    timeline.delete("app-0").secs(2);
    timeline.wait("app-9", "CreateContainerConfigError", "configmap \"x\" not found").secs(2);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(1);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::Config])));
    assert_eq!(timeline.decided_at(), Some(Elapsed::from_secs(46)));
}

#[test]
fn a_symptom_that_heals_in_time_is_resolved() {
    let mut timeline = rolling(1, policy());
    timeline.wait("app-0", "CreateContainerConfigError", "configmap \"x\" not found").secs(40);
    timeline.change("app-0", |pod| {
        pod["status"]["phase"] = json!("Running");
        pod["status"]["containerStatuses"][0]["state"] = json!({"running": {}});
        ready(pod, 41);
    });
    timeline.settle_status().secs(70);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
    assert_eq!(timeline.gate.findings()[0].state, FindingState::Resolved);
}

#[test]
fn readiness_lost_in_the_window_fails_after_its_grace() {
    let mut timeline = complete(2, policy());
    timeline.secs(10).change("app-0", unready_app);
    timeline.advance(Duration::from_secs(30) - MS);
    assert_eq!(timeline.verdict(), None);
    timeline.advance(MS);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::NotReady])));
}

fn unready_app(pod: &mut serde_json::Value) {
    pod["status"]["containerStatuses"][0]["ready"] = json!(false);
    unready(pod);
}

fn ready_app(pod: &mut serde_json::Value, at: u32) {
    pod["status"]["containerStatuses"][0]["ready"] = json!(true);
    ready(pod, at);
}

#[test]
fn a_window_that_broke_begins_again() {
    let mut timeline = complete(2, policy());
    timeline
        .secs(50)
        .change("app-0", unready_app)
        .secs(5)
        .change("app-0", |pod| ready_app(pod, 50));
    timeline.secs(55);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(10);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn readiness_lost_and_back_between_two_readings_breaks_the_window() {
    let mut timeline = complete(2, policy());
    timeline.secs(50).put("app-0", |pod| ready(pod, 59)).secs(30);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(40);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn readiness_lost_three_times_fails_however_short() {
    let mut timeline = complete(2, policy());
    for round in 0..3 {
        timeline.secs(5).change("app-0", unready_app);
        assert_eq!(timeline.verdict(), if round < 2 { None } else { Some(Verdict::Failed) });
        timeline.secs(1).change("app-0", |pod| ready_app(pod, 20 + round)).secs(1);
    }
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::NotReady])));
}

#[test]
fn a_pod_that_is_replaced_in_the_window_needs_a_full_window() {
    let mut timeline = complete(2, policy());
    timeline.secs(40).delete("app-0").change("app-5", |_| {}).secs(40);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(25);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_lagging_watch_takes_no_readiness_back() {
    let mut timeline = complete(1, policy());
    let mut old = timeline.pods["app-0"].clone();
    old["metadata"]["resourceVersion"] = json!("0");
    timeline.put("app-0", |_| {}).secs(10);
    old["metadata"]["resourceVersion"] = json!("1");
    unready_app(&mut old);
    timeline.feed(Observation::PodChanged(serde_json::from_value(old).unwrap())).secs(51);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_lagging_watch_counts_no_restart_twice() {
    let mut timeline = rolling(1, Policy { max_restarts: 1, ..policy() });
    let mut old = timeline.pods["app-0"].clone();
    timeline.crash("app-0", 3).restart("app-0", 6).settle_status().secs(10);
    old["status"]["conditions"][0]["lastTransitionTime"] = json!("2026-01-02T00:00:01Z");
    timeline.feed(Observation::PodChanged(serde_json::from_value(old).unwrap())).secs(90);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
    assert_eq!(timeline.gate.findings()[0].restarts, Some(1));
}

#[test]
fn a_lagging_watch_neither_heals_nor_begins_a_grace() {
    let mut timeline = rolling(1, set_grace(Grace::Image, 20));
    let mut old = timeline.pods["app-0"].clone();
    old["status"]["containerStatuses"][0]["state"] =
        json!({"waiting": {"reason": "ContainerCreating"}});
    let old: crate::model::Pod = serde_json::from_value(old).unwrap();
    timeline.wait("app-0", "ImagePullBackOff", "not found").secs(15);
    let first_seen = timeline.gate.findings()[0].first_seen;
    timeline.feed(Observation::PodChanged(old)).secs(15);
    assert_eq!(timeline.verdict(), Some(Verdict::Failed));
    assert_eq!(timeline.decided_at().unwrap().since(first_seen), Duration::from_secs(20));
}

#[test]
fn a_lagging_watch_shows_nothing_of_a_pod_that_is_gone() {
    let mut timeline = rolling(2, set_grace(Grace::Image, 20));
    let mut old = timeline.pods["app-1"].clone();
    old["status"]["containerStatuses"][0]["state"] =
        json!({"waiting": {"reason": "ImagePullBackOff", "message": "not found"}});
    let old: crate::model::Pod = serde_json::from_value(old).unwrap();
    timeline.pods.remove("app-1");
    timeline.put("app-2", |_| {}).settle_status().secs(12);
    timeline.feed(Observation::PodChanged(old)).secs(90);
    assert_eq!(timeline.decided(), Some((Verdict::Passed, vec![])));
}

#[test]
fn a_pod_that_its_replica_set_released_counts_no_more_and_is_replaced() {
    let release = |pod: &mut serde_json::Value| pod["metadata"]["ownerReferences"] = json!([]);
    for by_watch in [true, false] {
        let mut timeline = complete(2, policy());
        timeline.secs(20);
        if by_watch {
            timeline.change("app-0", release);
        } else {
            timeline.put("app-0", release);
        }
        timeline.secs(50);
        assert_eq!(timeline.gate.counts(), [2, 1, 1, 0]);
        timeline.change("app-0", unready_app).change("app-2", |_| {}).secs(58);
        assert_eq!(timeline.verdict(), None);
        timeline.secs(5);
        assert_eq!(timeline.decided(), Some((Verdict::Passed, vec![])));
    }
}

#[test]
fn never_ready_times_out_with_the_finding() {
    let mut timeline = Timeline::new(1, Policy { timeout: Duration::from_secs(15), ..policy() });
    timeline.change("app-0", unready_app).secs(14);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(2);
    assert_eq!(timeline.decided(), Some((Verdict::TimedOut, vec![Cause::NotReady])));
    assert_eq!(timeline.code(), Some(ReasonCode::Deadline));
}

#[test]
fn a_crash_that_only_the_last_read_shows_is_a_failure() {
    let mut timeline = rolling(2, Policy { timeout: Duration::from_secs(15), ..policy() });
    timeline.secs(13).put("app-0", |pod| {
        unready_app(pod);
        pod["status"]["containerStatuses"][0]["state"] =
            json!({"terminated": {"exitCode": 1, "containerID": "c"}});
    });
    timeline.secs(7);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_rollout_that_completes_at_the_last_read_is_no_time_out() {
    let mut timeline = rolling(1, Policy { timeout: Duration::from_secs(15), ..policy() });
    timeline.secs(13).settle_status().secs(3);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(60);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn an_old_pod_that_cannot_end_is_noted_at_the_deadline() {
    let mut timeline = Timeline::new(1, Policy { timeout: Duration::from_secs(30), ..policy() });
    timeline.put("old", |pod| {
        pod["metadata"]["ownerReferences"][0]["uid"] = json!("set-1");
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:00:30Z");
    });
    timeline.change("app-0", |_| {}).settle_status().secs(29);
    assert_eq!(timeline.gate.completed_at(), None);
    timeline.secs(65);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
    assert!(timeline.gate.notes().iter().any(|note| note.contains("old pods")));
}

#[test]
fn reads_that_fail_for_longer_than_the_grace_are_inconclusive() {
    let mut timeline = complete(1, policy());
    timeline.broken = Some(FailureKind::Unavailable);
    timeline.secs(25);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(20);
    assert_eq!(
        (timeline.verdict(), timeline.code()),
        (Some(Verdict::Inconclusive), Some(ReasonCode::Stale))
    );
}

#[test]
fn a_cluster_that_never_answers_is_unavailable() {
    let mut timeline = Timeline::new(1, policy());
    timeline.broken = Some(FailureKind::Unreachable);
    timeline.secs(31);
    assert_eq!(timeline.code(), Some(ReasonCode::ApiUnavailable));
}

#[test]
fn a_server_that_is_silent_at_the_deadline_is_no_time_out() {
    let mut timeline = Timeline::new(1, Policy { timeout: Duration::from_secs(10), ..policy() });
    timeline.broken = Some(FailureKind::Unreachable);
    timeline.secs(15);
    assert_eq!(timeline.verdict(), Some(Verdict::Inconclusive));
}

#[test]
fn the_window_stands_still_while_reads_fail() {
    let mut timeline = complete(1, policy());
    timeline.secs(20);
    timeline.broken = Some(FailureKind::Unavailable);
    timeline.secs(25);
    timeline.broken = None;
    timeline.secs(25);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(20);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_refusal_that_repeats_is_forbidden() {
    let mut timeline = complete(1, policy());
    timeline.broken = Some(FailureKind::Forbidden);
    timeline.secs(13);
    assert_eq!(timeline.code(), Some(ReasonCode::Forbidden));
}

#[test]
fn what_cannot_be_judged_is_told_apart() {
    let edited = |edit: &dyn Fn(&mut serde_json::Value)| {
        let mut timeline = complete(1, policy());
        edit(&mut timeline.deployment);
        timeline.secs(12);
        (timeline.verdict(), timeline.code())
    };
    let judged = |verdict, code| (Some(verdict), Some(code));
    use Verdict::{Inconclusive, Superseded};
    assert_eq!(edited(&|d| *d = json!(null)), judged(Inconclusive, ReasonCode::Deleted));
    assert_eq!(
        edited(&|d| d["metadata"]["uid"] = json!("d2")),
        judged(Inconclusive, ReasonCode::Deleted)
    );
    assert_eq!(
        edited(&|d| d["spec"]["paused"] = json!(true)),
        judged(Inconclusive, ReasonCode::Paused)
    );
    assert_eq!(
        edited(&|d| d["spec"]["replicas"] = json!(0)),
        judged(Inconclusive, ReasonCode::NoReplicas)
    );
    let newer = |d: &mut serde_json::Value| {
        d["spec"]["template"]["spec"]["containers"][0]["image"] = json!("shop/app:3")
    };
    assert_eq!(edited(&newer), judged(Superseded, ReasonCode::Superseded));
    let mut missing = Timeline::new(1, policy());
    missing.deployment = json!(null);
    missing.secs(1);
    assert_eq!(missing.code(), Some(ReasonCode::NotFound));
}

#[test]
fn scaling_and_annotating_are_no_supersession() {
    let mut timeline = complete(2, policy());
    timeline.deployment["metadata"]["generation"] = json!(7);
    timeline.deployment["spec"]["replicas"] = json!(3);
    timeline.secs(5).change("app-2", |_| {}).settle_status().secs(80);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn restarts_from_long_before_a_scaling_do_not_count() {
    let mut timeline = Timeline::new(3, policy());
    for name in ["app-0", "app-1"] {
        timeline.put(name, |pod| {
            let status = &mut pod["status"]["containerStatuses"][0];
            status["restartCount"] = json!(5);
            status["lastState"] =
                json!({"terminated": {"exitCode": 1, "finishedAt": "2026-01-02T00:00:04Z"}});
        });
    }
    timeline.deployment["status"]["conditions"] = json!([{"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable",
        "message": "ReplicaSet \"set-2\" has successfully progressed.", "lastUpdateTime": "2026-01-02T00:00:10Z"}]);
    // the servers' clock is weeks ahead of the restarts
    timeline.now = Elapsed::from_secs(1);
    for set in &mut timeline.sets {
        set["metadata"]["creationTimestamp"] = json!("2025-11-01T00:00:00Z");
    }
    for name in ["app-0", "app-1"] {
        timeline.put(name, |pod| {
            pod["metadata"]["creationTimestamp"] = json!("2025-11-01T00:00:00Z");
            pod["status"]["containerStatuses"][0]["lastState"]["terminated"]["finishedAt"] =
                json!("2025-12-01T00:00:00Z");
        });
    }
    timeline.secs(1);
    assert_eq!(timeline.verdict(), None);
    timeline.change("app-2", |_| {}).settle_status().secs(70);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_replica_set_that_may_not_create_pods_fails_after_its_grace() {
    let mut timeline = Timeline::new(2, policy());
    timeline.sets[1]["status"]["conditions"] = json!([{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
        "message": "pods \"x\" is forbidden: exceeded quota: pods"}]);
    timeline.secs(29);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(2);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::Create])));
}

#[test]
fn a_stale_progress_deadline_is_not_believed_and_a_fresh_one_is() {
    let exceeded = |set: &str| {
        json!([{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
        "message": format!("ReplicaSet \"{set}\" has timed out progressing."), "lastUpdateTime": "2026-01-02T00:05:00Z"}])
    };
    let mut stale = Timeline::new(1, policy());
    stale.deployment["status"]["conditions"] = exceeded("set-1");
    stale.change("app-0", unready_app).secs(60);
    assert_eq!(stale.verdict(), None);
    let mut fresh = Timeline::new(1, policy());
    fresh.deployment["status"]["conditions"] = exceeded("set-2");
    fresh.change("app-0", unready_app).secs(9);
    assert_eq!(fresh.verdict(), None);
    fresh.secs(3);
    assert_eq!(fresh.decided(), Some((Verdict::Failed, vec![Cause::Stalled])));
}

#[test]
fn the_wrong_image_fails_at_once() {
    let expecting = |image: &str| Policy { expect_images: vec![image.into()], ..policy() };
    let mut wrong = Timeline::new(1, expecting("shop/app:3"));
    wrong.secs(1);
    assert_eq!(wrong.decided(), Some((Verdict::Failed, vec![Cause::WrongImage])));
    let mut right = complete(1, expecting("docker.io/shop/app:2"));
    right.secs(61);
    assert_eq!(right.verdict(), Some(Verdict::Passed));
}

#[test]
fn min_ready_spares_as_many_pods_as_it_says() {
    let policy = Policy { min_ready: MinReady::Pods(2), ..policy() };
    let mut one = complete(3, policy.clone());
    one.crash("app-0", 1).secs(70);
    assert_eq!(one.verdict(), Some(Verdict::Passed));
    assert_eq!(one.gate.findings()[0].state, FindingState::Tolerated);
    let mut two = complete(3, policy);
    two.crash("app-0", 1).crash("app-1", 1);
    assert_eq!(two.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn an_ignored_container_is_noted_and_its_pod_counts_as_ready() {
    let mut timeline = rolling(1, Policy { ignore_containers: vec!["proxy".into()], ..policy() });
    timeline.change("app-0", |pod| {
        let containers = pod["spec"]["containers"].as_array_mut().unwrap();
        containers.push(json!({"name": "proxy", "image": "p"}));
        let statuses = pod["status"]["containerStatuses"].as_array_mut().unwrap();
        statuses.push(json!({"name": "proxy", "ready": false, "restartCount": 3,
            "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 1}}}));
        unready(pod);
    });
    timeline.settle_status().secs(70);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
    assert_eq!(timeline.gate.findings()[0].state, FindingState::Tolerated);
}

#[test]
fn an_evicted_pod_must_be_replaced_by_a_healthy_one() {
    let mut timeline = complete(2, policy());
    timeline.secs(20).change("app-0", |pod| {
        unready(pod);
        pod["status"] = json!({"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory.",
            "conditions": [{"type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet"}]});
    });
    timeline.secs(5).change("app-7", |_| {}).secs(50);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(20);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_missing_volume_is_found_through_events() {
    let mut timeline = rolling(1, set_grace(Grace::Mount, 10));
    timeline.event("app-0", "FailedMount", None, "secret \"app-tls\" not found", 5);
    timeline.wait("app-0", "ContainerCreating", "").secs(10);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(2);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::Mount])));
}

#[test]
fn an_autoscaler_stretches_and_cuts_the_grace_for_scheduling() {
    let unschedulable = |pod: &mut serde_json::Value| {
        pod["spec"]["nodeName"] = json!(null);
        pod["status"] = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
            "reason": "Unschedulable", "message": "0/1 nodes are available: 1 Insufficient cpu."}]});
    };
    let verdict_after = |reason: Option<&str>, seconds: u64| {
        let mut timeline = rolling(1, Policy { timeout: Duration::from_secs(3600), ..policy() });
        if let Some(reason) = reason {
            timeline.event("app-0", reason, None, "", 5);
        }
        timeline.change("app-0", unschedulable).secs(5);
        timeline.put("app-0", |_| {}).secs(seconds - 5);
        timeline.verdict()
    };
    assert_eq!(verdict_after(None, 299), None);
    assert_eq!(verdict_after(None, 312), Some(Verdict::Failed));
    assert_eq!(verdict_after(Some("NotTriggerScaleUp"), 75), Some(Verdict::Failed));
    assert_eq!(verdict_after(Some("TriggeredScaleUp"), 800), None);
}

#[test]
fn an_interrupt_decides_and_evidence_is_still_taken() {
    let mut timeline = rolling(1, policy());
    timeline.feed(Observation::Interrupted(Signal::Terminate));
    assert_eq!(timeline.verdict(), Some(Verdict::Interrupted));
    timeline.crash("app-0", 1);
    assert_eq!(timeline.decided(), Some((Verdict::Interrupted, vec![])));
}

#[test]
fn missing_permissions_are_known_before_the_watch() {
    use crate::observation::{AccessReview, Resource};
    let review =
        |resource, verb: &str| AccessReview { resource, verb: verb.into(), allowed: false };
    let mut pods = Timeline::complete(1, policy());
    pods.feed(Observation::Access(vec![review(Resource::Pods, "list")]));
    assert_eq!(pods.code(), Some(ReasonCode::Forbidden));
    let mut logs = complete(1, policy());
    logs.feed(Observation::Access(vec![
        review(Resource::Logs, "get"),
        review(Resource::Pods, "watch"),
    ]))
    .secs(61);
    assert_eq!(logs.verdict(), Some(Verdict::Passed));
    assert_eq!(logs.gate.missing().len(), 2);
}

#[test]
fn what_a_watch_comes_to_is_told_in_its_order() {
    let mut timeline = complete(1, policy());
    timeline.secs(70);
    let told = timeline.told.iter().filter(|event| !matches!(event, GateEvent::Progress { .. }));
    let told: Vec<_> = told.collect();
    assert!(
        matches!(
            told[..],
            [
                GateEvent::RevisionPinned { .. },
                GateEvent::WindowOpened { .. },
                GateEvent::Decided { verdict: Verdict::Passed, .. }
            ]
        ),
        "{told:?}"
    );
}

#[test]
fn a_red_verdict_asks_for_the_events_of_the_workload_and_a_green_one_does_not() {
    let kinds = |timeline: &Timeline| -> Vec<String> {
        let asked = timeline.asked.iter().filter_map(|request| match request {
            crate::evidence::EvidenceRequest::Events(request) => Some(request.kind.to_string()),
            crate::evidence::EvidenceRequest::Log(_) => None,
        });
        asked.filter(|kind| kind != "Pod").collect()
    };
    let mut red = rolling(1, policy());
    red.crash("app-0", 1).secs(5);
    assert_eq!(kinds(&red), ["Deployment", "ReplicaSet"]);
    let mut green = complete(1, policy());
    green.secs(70);
    assert_eq!((green.verdict(), kinds(&green)), (Some(Verdict::Passed), vec![]));
}
