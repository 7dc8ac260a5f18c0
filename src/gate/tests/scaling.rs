//! Scaling, drains and annotations in the window.

use super::*;

/// Asks for so many pods. The controller has not seen it yet.
fn scale(script: &mut Script, replicas: u64) {
    script.deployment["spec"]["replicas"] = json!(replicas);
    annotate(script);
}

/// A new generation of the same template, which the controller has not seen yet.
fn annotate(script: &mut Script) {
    let generation = script.deployment["metadata"]["generation"].as_u64().unwrap();
    script.deployment["metadata"]["generation"] = json!(generation + 1);
    let workload = serde_json::from_value(script.deployment.clone()).unwrap();
    script.feed(Observation::WorkloadChanged(Arc::new(workload)));
}

/// The pod is asked to end, is unready as it does, and goes.
fn remove(script: &mut Script, name: &str) {
    script.change(name, |pod| {
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:01:30Z");
    });
    script.secs(1).change(name, unready_app).secs(1).delete(name);
}

/// A pod that runs and is not ready yet.
fn begin(script: &mut Script, name: &str) {
    script.change(name, unready_app);
}

fn get_ready(script: &mut Script, name: &str) -> Elapsed {
    script.change(name, |pod| ready_app(pod, 59));
    script.now
}

fn breaks(script: &Script) -> usize {
    let is_break = |event: &&GateEvent| matches!(event, GateEvent::WindowBroken { .. });
    script.told.iter().filter(is_break).count()
}

/// The end of the window that was opened first, and that no break moves.
fn window_end(script: &Script) -> Elapsed {
    script.gate.rollout().completed_at.unwrap() + Duration::from_secs(60)
}

fn pass_at(script: &mut Script, end: Elapsed) {
    script.advance(end.since(script.now) - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(script.decided(), Some((Verdict::Passed, vec![])));
    assert_eq!(breaks(script), 0);
}

#[test]
fn a_pod_that_is_scaled_away_moves_no_window() {
    let mut script = complete(3, policy());
    script.secs(20);
    scale(&mut script, 2);
    remove(&mut script, "app-2");
    script.settle_status().secs(1);
    let end = window_end(&script);
    pass_at(&mut script, end);
}

#[test]
fn a_pod_that_is_gone_between_two_reads_moves_no_window() {
    let mut script = complete(3, policy());
    script.secs(20);
    script.deployment["spec"]["replicas"] = json!(2);
    script.pods.remove("app-2");
    script.settle_status();
    let end = window_end(&script);
    pass_at(&mut script, end);
}

#[test]
fn a_pod_that_was_added_early_moves_no_window() {
    let mut script = complete(2, policy());
    script.secs(10);
    scale(&mut script, 3);
    begin(&mut script, "app-2");
    script.secs(20);
    get_ready(&mut script, "app-2");
    script.settle_status();
    let end = window_end(&script);
    pass_at(&mut script, end);
    let reason = &script.gate.decision().unwrap().reason;
    assert!(reason.contains("2 of 3 pods") && reason.contains("1 created in the"), "{reason}");
}

#[test]
fn a_pod_that_was_added_late_must_be_ready_for_15_seconds() {
    let mut script = complete(2, policy());
    script.secs(45);
    scale(&mut script, 3);
    begin(&mut script, "app-2");
    script.secs(10);
    let since = get_ready(&mut script, "app-2");
    script.settle_status();
    pass_at(&mut script, since + Duration::from_secs(15));
}

#[test]
fn a_drained_pod_is_replaced_and_the_window_goes_on() {
    let mut script = complete(2, policy());
    script.secs(20);
    begin(&mut script, "app-5");
    remove(&mut script, "app-0");
    script.secs(5);
    get_ready(&mut script, "app-5");
    let end = window_end(&script);
    pass_at(&mut script, end);
}

#[test]
fn a_pod_that_was_added_fails_if_it_is_not_ready_within_the_grace() {
    let mut script = complete(2, policy());
    script.secs(10);
    scale(&mut script, 3);
    begin(&mut script, "app-2");
    let since = script.now;
    script.secs(9);
    assert_eq!(script.gate.findings(), []);
    script.secs(3);
    let finding = script.gate.findings().remove(0);
    assert_eq!(finding.grace_until, Some(since + Duration::from_secs(30)));
    script.advance(Duration::from_secs(18) - MS);
    assert_eq!((script.verdict(), breaks(&script)), (None, 0));
    script.advance(MS);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::NotReady])));
    assert_eq!(script.decided_at(), Some(since + Duration::from_secs(30)));
}

#[test]
fn the_grace_of_a_pod_that_was_added_begins_when_it_runs_and_its_startup_probe_has_passed() {
    let mut script = complete(2, policy());
    script.secs(10);
    scale(&mut script, 3);
    script.wait("app-2", "ContainerCreating", "").secs(80);
    let starting = |pod: &mut serde_json::Value| {
        pod["status"]["phase"] = json!("Running");
        pod["spec"]["containers"][0]["startupProbe"] = json!({"exec": {"command": ["x"]}});
        pod["status"]["containerStatuses"][0]["state"] = json!({"running": {}});
    };
    script.change("app-2", starting).secs(80);
    assert_eq!((script.verdict(), script.gate.findings().len()), (None, 0));
    script.change("app-2", |pod| {
        pod["status"]["containerStatuses"][0]["started"] = json!(true);
    });
    script.secs(29);
    assert_eq!(script.verdict(), None);
    script.secs(2);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::NotReady])));
}

#[test]
fn a_pod_that_was_added_and_lost_its_readiness_breaks_the_window() {
    let mut script = complete(2, policy());
    script.secs(10);
    scale(&mut script, 3);
    get_ready(&mut script, "app-2");
    script.settle_status().secs(10).change("app-2", unready_app);
    assert_eq!(breaks(&script), 1);
}

#[test]
fn a_restart_of_a_pod_that_was_added_is_one() {
    let mut script = complete(2, policy());
    script.secs(10);
    scale(&mut script, 3);
    get_ready(&mut script, "app-2");
    script.settle_status().secs(5).crash("app-2", 1).secs(2);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn an_annotation_delays_the_pass_until_the_controller_has_seen_it_and_no_longer() {
    let mut script = complete(2, policy());
    script.secs(50);
    annotate(&mut script);
    script.secs(30);
    assert_eq!((script.verdict(), breaks(&script)), (None, 0));
    let seen = script.now;
    script.settle_status().secs(20);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    // the next read, and one more that agrees
    assert!(script.decided_at().unwrap().since(seen) <= Duration::from_secs(15));
}

#[test]
fn a_pod_that_never_comes_ends_at_the_deadline() {
    let timeout = Duration::from_secs(90);
    let mut script = complete(2, Policy { timeout, ..policy() });
    script.secs(50);
    scale(&mut script, 3);
    script.wait("app-2", "ContainerCreating", "").secs(80);
    assert_eq!((script.verdict(), breaks(&script)), (Some(Verdict::TimedOut), 0));
    // as long as after a window that broke
    let end = script.decided_at().unwrap().since(window_end(&script));
    assert!(end > Duration::from_secs(45), "{end:?}");
}
