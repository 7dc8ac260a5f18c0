//! Scaling, drains and annotations in the window.

use super::*;

/// Asks for so many pods. The controller has not seen it yet.
fn scale(timeline: &mut Timeline, replicas: u64) {
    timeline.deployment["spec"]["replicas"] = json!(replicas);
    annotate(timeline);
}

/// A new generation of the same template, which the controller has not seen yet.
fn annotate(timeline: &mut Timeline) {
    let generation = timeline.deployment["metadata"]["generation"].as_u64().unwrap();
    timeline.deployment["metadata"]["generation"] = json!(generation + 1);
    let workload = serde_json::from_value(timeline.deployment.clone()).unwrap();
    timeline.feed(Observation::WorkloadChanged(workload));
}

/// The pod is asked to end, is unready as it does, and goes.
fn remove(timeline: &mut Timeline, name: &str) {
    timeline.change(name, |pod| {
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:01:30Z");
    });
    timeline.secs(1).change(name, unready_app).secs(1).delete(name);
}

/// A pod that runs and is not ready yet.
fn begin(timeline: &mut Timeline, name: &str) {
    timeline.change(name, unready_app);
}

fn get_ready(timeline: &mut Timeline, name: &str) -> Elapsed {
    timeline.change(name, |pod| ready_app(pod, 59));
    timeline.now
}

fn breaks(timeline: &Timeline) -> usize {
    let is_break = |event: &&GateEvent| matches!(event, GateEvent::WindowBroken { .. });
    timeline.told.iter().filter(is_break).count()
}

/// The end of the window that was opened first, and that no break moves.
fn window_end(timeline: &Timeline) -> Elapsed {
    timeline.gate.completed_at().unwrap() + Duration::from_secs(60)
}

fn pass_at(timeline: &mut Timeline, end: Elapsed) {
    timeline.advance(end.since(timeline.now) - MS);
    assert_eq!(timeline.verdict(), None);
    timeline.advance(MS);
    assert_eq!(timeline.decided(), Some((Verdict::Passed, vec![])));
    assert_eq!(breaks(timeline), 0);
}

#[test]
fn a_pod_that_is_scaled_away_moves_no_window() {
    let mut timeline = complete(3, policy());
    timeline.secs(20);
    scale(&mut timeline, 2);
    remove(&mut timeline, "app-2");
    timeline.settle_status().secs(1);
    let end = window_end(&timeline);
    pass_at(&mut timeline, end);
}

#[test]
fn a_pod_that_is_gone_between_two_reads_moves_no_window() {
    let mut timeline = complete(3, policy());
    timeline.secs(20);
    timeline.deployment["spec"]["replicas"] = json!(2);
    timeline.pods.remove("app-2");
    timeline.settle_status();
    let end = window_end(&timeline);
    pass_at(&mut timeline, end);
}

#[test]
fn a_pod_that_was_added_early_moves_no_window() {
    let mut timeline = complete(2, policy());
    timeline.secs(10);
    scale(&mut timeline, 3);
    begin(&mut timeline, "app-2");
    timeline.secs(20);
    get_ready(&mut timeline, "app-2");
    timeline.settle_status();
    let end = window_end(&timeline);
    pass_at(&mut timeline, end);
    let reason = &timeline.gate.decision().unwrap().reason;
    assert!(reason.contains("2 of 3 pods") && reason.contains("1 created in the"), "{reason}");
}

#[test]
fn a_pod_that_was_added_late_must_be_ready_for_15_seconds() {
    let mut timeline = complete(2, policy());
    timeline.secs(45);
    scale(&mut timeline, 3);
    begin(&mut timeline, "app-2");
    timeline.secs(10);
    let since = get_ready(&mut timeline, "app-2");
    timeline.settle_status();
    pass_at(&mut timeline, since + Duration::from_secs(15));
}

#[test]
fn a_drained_pod_is_replaced_and_the_window_goes_on() {
    let mut timeline = complete(2, policy());
    timeline.secs(20);
    begin(&mut timeline, "app-5");
    remove(&mut timeline, "app-0");
    timeline.secs(5);
    get_ready(&mut timeline, "app-5");
    let end = window_end(&timeline);
    pass_at(&mut timeline, end);
}

#[test]
fn a_pod_that_was_added_fails_if_it_is_not_ready_within_the_grace() {
    let mut timeline = complete(2, policy());
    timeline.secs(10);
    scale(&mut timeline, 3);
    begin(&mut timeline, "app-2");
    let since = timeline.now;
    timeline.secs(9);
    assert_eq!(timeline.gate.findings(), []);
    timeline.secs(3);
    let finding = timeline.gate.findings().remove(0);
    assert_eq!(finding.grace_until, Some(since + Duration::from_secs(30)));
    timeline.advance(Duration::from_secs(18) - MS);
    assert_eq!((timeline.verdict(), breaks(&timeline)), (None, 0));
    timeline.advance(MS);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::NotReady])));
    assert_eq!(timeline.decided_at(), Some(since + Duration::from_secs(30)));
}

#[test]
fn the_grace_of_a_pod_that_was_added_begins_when_it_runs_and_its_startup_probe_has_passed() {
    let mut timeline = complete(2, policy());
    timeline.secs(10);
    scale(&mut timeline, 3);
    timeline.wait("app-2", "ContainerCreating", "").secs(80);
    let starting = |pod: &mut serde_json::Value| {
        pod["status"]["phase"] = json!("Running");
        pod["spec"]["containers"][0]["startupProbe"] = json!({"exec": {"command": ["x"]}});
        pod["status"]["containerStatuses"][0]["state"] = json!({"running": {}});
    };
    timeline.change("app-2", starting).secs(80);
    assert_eq!((timeline.verdict(), timeline.gate.findings().len()), (None, 0));
    timeline.change("app-2", |pod| {
        pod["status"]["containerStatuses"][0]["started"] = json!(true);
    });
    timeline.secs(29);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(2);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::NotReady])));
}

#[test]
fn a_pod_that_was_added_and_lost_its_readiness_breaks_the_window() {
    let mut timeline = complete(2, policy());
    timeline.secs(10);
    scale(&mut timeline, 3);
    get_ready(&mut timeline, "app-2");
    timeline.settle_status().secs(10).change("app-2", unready_app);
    assert_eq!(breaks(&timeline), 1);
}

#[test]
fn a_restart_of_a_pod_that_was_added_is_one() {
    let mut timeline = complete(2, policy());
    timeline.secs(10);
    scale(&mut timeline, 3);
    get_ready(&mut timeline, "app-2");
    timeline.settle_status().secs(5).crash("app-2", 1).secs(2);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn an_annotation_delays_the_pass_until_the_controller_has_seen_it_and_no_longer() {
    let mut timeline = complete(2, policy());
    timeline.secs(50);
    annotate(&mut timeline);
    timeline.secs(30);
    assert_eq!((timeline.verdict(), breaks(&timeline)), (None, 0));
    let seen = timeline.now;
    timeline.settle_status().secs(20);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
    // the next read, and one more that agrees
    assert!(timeline.decided_at().unwrap().since(seen) <= Duration::from_secs(15));
}

#[test]
fn a_pod_that_never_comes_ends_at_the_deadline() {
    let timeout = Duration::from_secs(90);
    let mut timeline = complete(2, Policy { timeout, ..policy() });
    timeline.secs(50);
    scale(&mut timeline, 3);
    timeline.wait("app-2", "ContainerCreating", "").secs(80);
    assert_eq!((timeline.verdict(), breaks(&timeline)), (Some(Verdict::TimedOut), 0));
    // as long as after a window that broke
    let end = timeline.decided_at().unwrap().since(window_end(&timeline));
    assert!(end > Duration::from_secs(45), "{end:?}");
}
