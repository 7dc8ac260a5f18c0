//! What holds the window, and what breaks it.

use super::*;

#[test]
fn a_healthy_rollout_passes_at_the_end_of_its_window() {
    let mut script = complete(3, policy());
    let opened = script.gate.rollout().completed_at.unwrap();
    script.secs(58);
    assert_eq!(script.verdict(), None);
    script.secs(3);
    assert_eq!(script.decided(), Some((Verdict::Passed, vec![])));
    assert_eq!(script.decided_at().unwrap().since(opened), Duration::from_secs(60));
}

#[test]
fn readiness_lost_in_the_window_fails_after_its_grace() {
    let mut script = complete(2, policy());
    script.secs(10).change("app-0", unready_app);
    script.advance(Duration::from_secs(30) - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::NotReady])));
}

#[test]
fn a_window_that_broke_begins_again() {
    let mut script = complete(2, policy());
    script.secs(50).change("app-0", unready_app).secs(5).change("app-0", |pod| ready_app(pod, 50));
    script.secs(55);
    assert_eq!(script.verdict(), None);
    script.secs(10);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn readiness_lost_and_back_between_two_readings_breaks_the_window() {
    let mut script = complete(2, policy());
    script.secs(50).put("app-0", |pod| ready(pod, 59)).secs(30);
    assert_eq!(script.verdict(), None);
    script.secs(40);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn readiness_lost_three_times_fails_however_short() {
    let mut script = complete(2, policy());
    for round in 0..3 {
        script.secs(5).change("app-0", unready_app);
        assert_eq!(script.verdict(), if round < 2 { None } else { Some(Verdict::Failed) });
        script.secs(1).change("app-0", |pod| ready_app(pod, 20 + round)).secs(1);
    }
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::NotReady])));
}

#[test]
fn a_lagging_watch_takes_no_readiness_back() {
    let mut script = complete(1, policy());
    let mut old = script.pods["app-0"].clone();
    old["metadata"]["resourceVersion"] = json!("0");
    script.put("app-0", |_| {}).secs(10);
    old["metadata"]["resourceVersion"] = json!("1");
    unready_app(&mut old);
    script.feed(Observation::PodChanged(serde_json::from_value(old).unwrap())).secs(51);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_pod_that_its_replica_set_released_counts_no_more_and_is_replaced() {
    let release = |pod: &mut serde_json::Value| pod["metadata"]["ownerReferences"] = json!([]);
    for by_watch in [true, false] {
        let mut script = complete(2, policy());
        script.secs(20);
        if by_watch {
            script.change("app-0", release);
        } else {
            script.put("app-0", release);
        }
        script.secs(50);
        assert_eq!(script.counts(), [2, 1, 1, 0]);
        script.change("app-0", unready_app).change("app-2", |_| {}).secs(14);
        assert_eq!(script.verdict(), None);
        script.secs(2);
        assert_eq!(script.decided(), Some((Verdict::Passed, vec![])));
    }
}

#[test]
fn the_window_stands_still_while_reads_fail() {
    let mut script = complete(1, policy());
    script.secs(20);
    script.broken = Some(FailureKind::Unavailable);
    script.secs(25);
    script.broken = None;
    script.secs(25);
    assert_eq!(script.verdict(), None);
    script.secs(20);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn an_evicted_pod_must_be_replaced_by_a_healthy_one() {
    let mut script = complete(2, policy());
    script.secs(20).change("app-0", |pod| {
        unready(pod);
        pod["status"] = json!({"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory.",
            "conditions": [{"type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet"}]});
    });
    script.secs(5).change("app-7", |_| {}).secs(50);
    assert_eq!(script.verdict(), None);
    script.secs(20);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn two_reads_that_differ_in_restarts_do_not_agree() {
    let policy = || Policy { max_restarts: 5, ..policy() };
    let mut calm = complete(1, policy());
    calm.secs(90);
    let mut restless = complete(1, policy());
    let before_the_last_read =
        calm.decided_at().unwrap().since(restless.now) - Duration::from_secs(1);
    // a counter that goes up while the pod stays ready
    restless.advance(before_the_last_read).put("app-0", |pod| {
        pod["status"]["containerStatuses"][0]["restartCount"] = json!(1);
    });
    restless.secs(90);
    assert_eq!(
        (calm.verdict(), restless.verdict()),
        (Some(Verdict::Passed), Some(Verdict::Passed))
    );
    let later = restless.decided_at().unwrap().since(calm.decided_at().unwrap());
    assert!(later >= Duration::from_secs(5), "{later:?}");
}

#[test]
fn a_pod_that_is_not_ready_breaks_the_window_at_once() {
    let mut script = complete(2, policy());
    script.secs(7).change("app-1", unready_app);
    let broken: Vec<_> = script
        .told
        .iter()
        .filter_map(|event| match event {
            GateEvent::WindowBroken { at, why } => Some((*at, why.to_string())),
            _ => None,
        })
        .collect();
    assert_eq!(broken, [(script.now, "pod app-1 was not ready".to_owned())]);
}

#[test]
fn a_pod_that_is_spared_does_not_break_the_window() {
    let mut script =
        complete(3, Policy { min_ready: MinReady::Pods(2), ..set_grace(Grace::NotReady, 900) });
    script.secs(7).change("app-1", unready_app).secs(60);
    assert!(!script.told.iter().any(|event| matches!(event, GateEvent::WindowBroken { .. })));
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}
