//! How long a symptom may last, and what ends or heals it.

use super::*;

#[test]
fn a_grace_that_is_set_holds_to_the_millisecond() {
    let mut script = rolling(1, set_grace(Grace::Image, 5));
    script.wait("app-0", "ErrImagePull", "not found");
    script.advance(Duration::from_secs(5) - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Image])));
}

#[test]
fn a_grace_does_not_end_on_what_was_seen_before_it_ended() {
    let mut script = rolling(1, set_grace(Grace::Image, 25));
    script.wait("app-0", "ErrImagePull", "not found").secs(22);
    script.put("app-0", |pod| {
        pod["status"]["phase"] = json!("Running");
        pod["status"]["containerStatuses"][0]["state"] = json!({"running": {}});
        ready_app(pod, 55);
    });
    script.settle_status().secs(90);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_grace_that_ends_while_reads_fail_asks_for_one_a_second() {
    let mut script = rolling(1, set_grace(Grace::Image, 5));
    script.wait("app-0", "ErrImagePull", "not found").secs(1);
    script.broken = Some(FailureKind::Unavailable);
    script.secs(14);
    assert_eq!(script.verdict(), None);
    let is_failure = |fed: &&Observed| matches!(fed.observation, Observation::ReadFailed(_));
    assert_eq!(script.fed.iter().filter(is_failure).count(), 11, "from second 5 to second 15");
    script.broken = None;
    script.secs(1);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Image])));
}

#[test]
fn a_grace_does_not_end_on_what_a_watch_repeats() {
    let mut script = rolling(1, set_grace(Grace::Image, 5));
    script.wait("app-0", "ErrImagePull", "not found").secs(4);
    let known = serde_json::from_value(script.pods["app-0"].clone()).unwrap();
    script.put("app-0", |pod| {
        pod["status"]["phase"] = json!("Running");
        pod["status"]["containerStatuses"][0]["state"] = json!({"running": {}});
        ready_app(pod, 55);
    });
    script.silent = true;
    script.settle_status().secs(2).feed(Observation::PodChanged(known));
    assert_eq!(script.verdict(), None);
    script.hear_again().secs(90);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_missing_image_fails_after_30_seconds_or_at_the_second_pull() {
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
    let mut script = rolling(1, policy());
    script.wait("app-0", "CreateContainerConfigError", "configmap \"x\" not found").secs(40);
    script.delete("app-0").secs(2);
    script.wait("app-9", "CreateContainerConfigError", "configmap \"x\" not found").secs(2);
    assert_eq!(script.verdict(), None);
    script.secs(1);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Config])));
    assert_eq!(script.decided_at(), Some(Elapsed::from_secs(46)));
}

#[test]
fn a_symptom_that_heals_in_time_is_resolved() {
    let mut script = rolling(1, policy());
    script.wait("app-0", "CreateContainerConfigError", "configmap \"x\" not found").secs(40);
    script.change("app-0", |pod| {
        pod["status"]["phase"] = json!("Running");
        pod["status"]["containerStatuses"][0]["state"] = json!({"running": {}});
        ready(pod, 41);
    });
    script.settle_status().secs(70);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    assert_eq!(script.gate.findings()[0].state, FindingState::Resolved);
}

#[test]
fn a_lagging_watch_neither_heals_nor_begins_a_grace() {
    let mut script = rolling(1, set_grace(Grace::Image, 20));
    let mut old = script.pods["app-0"].clone();
    old["status"]["containerStatuses"][0]["state"] =
        json!({"waiting": {"reason": "ContainerCreating"}});
    let old: crate::model::Pod = serde_json::from_value(old).unwrap();
    script.wait("app-0", "ImagePullBackOff", "not found").secs(15);
    let first_seen = script.gate.findings()[0].first_seen;
    script.feed(Observation::PodChanged(old)).secs(15);
    assert_eq!(script.verdict(), Some(Verdict::Failed));
    assert_eq!(script.decided_at().unwrap().since(first_seen), Duration::from_secs(20));
}

#[test]
fn a_lagging_watch_shows_nothing_of_a_pod_that_is_gone() {
    let mut script = rolling(2, set_grace(Grace::Image, 20));
    let mut old = script.pods["app-1"].clone();
    old["status"]["containerStatuses"][0]["state"] =
        json!({"waiting": {"reason": "ImagePullBackOff", "message": "not found"}});
    let old: crate::model::Pod = serde_json::from_value(old).unwrap();
    script.pods.remove("app-1");
    script.put("app-2", |_| {}).settle_status().secs(12);
    script.feed(Observation::PodChanged(old)).secs(90);
    assert_eq!(script.decided(), Some((Verdict::Passed, vec![])));
}

#[test]
fn a_missing_volume_is_found_through_events() {
    let mut script = rolling(1, set_grace(Grace::Mount, 10));
    script.event("app-0", "FailedMount", None, "secret \"app-tls\" not found", 5);
    script.wait("app-0", "ContainerCreating", "").secs(10);
    assert_eq!(script.verdict(), None);
    script.secs(2);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Mount])));
}

#[test]
fn an_autoscaler_stretches_and_cuts_the_grace_for_scheduling() {
    let unschedulable = |pod: &mut serde_json::Value| {
        pod["spec"]["nodeName"] = json!(null);
        pod["status"] = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
            "reason": "Unschedulable", "message": "0/1 nodes are available: 1 Insufficient cpu."}]});
    };
    let verdict_after = |reason: Option<&str>, seconds: u64| {
        let mut script = rolling(1, Policy { timeout: Duration::from_secs(3600), ..policy() });
        if let Some(reason) = reason {
            script.event("app-0", reason, None, "", 5);
        }
        script.change("app-0", unschedulable).secs(5);
        script.put("app-0", |_| {}).secs(seconds - 5);
        script.verdict()
    };
    assert_eq!(verdict_after(None, 299), None);
    assert_eq!(verdict_after(None, 312), Some(Verdict::Failed));
    assert_eq!(verdict_after(Some("NotTriggerScaleUp"), 75), Some(Verdict::Failed));
    assert_eq!(verdict_after(Some("TriggeredScaleUp"), 800), None);
}

#[test]
fn a_pod_that_runs_and_is_not_ready_gives_what_its_predecessor_showed_no_new_start() {
    let mut script = rolling(1, policy());
    let seen = script.now;
    script.wait("app-0", "ErrImagePull", "dial tcp: i/o timeout").secs(30).delete("app-0");
    script.secs(1).change("app-1", unready_app);
    script.secs(1).wait("app-1", "ErrImagePull", "dial tcp: i/o timeout").secs(180);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Image])));
    assert_eq!(script.decided_at().unwrap().since(seen), Duration::from_secs(180));
}

#[test]
fn a_pull_that_fails_for_a_moment_is_none_of_the_two() {
    let mut script = rolling(1, policy());
    script.wait("app-0", "ErrImagePull", "502 Bad Gateway").secs(2);
    script.wait("app-0", "ImagePullBackOff", "Back-off pulling image \"shop/app:2\"").secs(8);
    script.wait("app-0", "ErrImagePull", "shop/app:2: not found").secs(2);
    assert_eq!(script.verdict(), None);
    script.wait("app-0", "ImagePullBackOff", "Back-off pulling image \"shop/app:2\"").secs(18);
    script.wait("app-0", "ErrImagePull", "shop/app:2: not found");
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Image])));
}

/// What is said of the image, whose concern it is, and until when it is borne.
fn image(script: &Script) -> (String, Attribution, Option<Elapsed>) {
    let finding = script.gate.findings().remove(0);
    (finding.message.to_string(), finding.attribution, finding.grace_until)
}

#[test]
fn the_wait_for_the_next_pull_takes_nothing_back_of_what_the_last_one_told() {
    let back_off = "Back-off pulling image \"shop/app:2\"";
    let mut script = rolling(1, policy());
    let seen = script.now;
    script.wait("app-0", "ErrImagePull", "shop/app:2: not found").secs(3);
    let told = image(&script);
    assert_eq!(told.1, Attribution::Configuration);
    assert_eq!(told.2, Some(seen + Duration::from_secs(30)));
    script.wait("app-0", "ImagePullBackOff", back_off).secs(3);
    assert_eq!(image(&script), told);
    script.delete("app-0").secs(1).wait("app-1", "ImagePullBackOff", back_off).secs(2);
    assert_eq!(image(&script), told);
}

#[test]
fn why_the_last_pull_failed_is_learnt_from_its_event_where_the_state_does_not_tell() {
    let mut script = rolling(1, policy());
    let seen = script.now;
    let container = Some("spec.containers{app}");
    script.event("app-0", "Failed", container, "Failed to pull image \"shop/app:2\": not found", 5);
    script.event("app-0", "Failed", container, "Error: ImagePullBackOff", 6);
    script.event("app-0", "BackOff", container, "Back-off pulling image \"shop/app:2\"", 9);
    script.wait("app-0", "ImagePullBackOff", "Back-off pulling image \"shop/app:2\"").secs(25);
    let (message, attribution, until) = image(&script);
    assert!(message.contains("not found"), "{message}");
    assert_eq!(attribution, Attribution::Configuration);
    assert_eq!(until, Some(seen + Duration::from_secs(30)));
    script.secs(5);
    assert_eq!(script.decided_at(), Some(seen + Duration::from_secs(30)));
}

#[test]
fn an_end_that_moves_is_told_again() {
    let mut script = rolling(1, policy());
    let seen = script.now;
    script.change("app-0", |pod| {
        pod["status"] = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]});
    });
    script.event("app-0", "NotTriggerScaleUp", None, "", 5).secs(8);
    let told = script.told.iter().filter_map(|event| match event {
        GateEvent::FindingSuspected { finding, .. } | GateEvent::GraceMoved { finding, .. } => {
            finding.grace_until.map(|until| until.since(seen).as_secs())
        }
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), [300, 60]);
}

#[test]
fn an_end_after_the_deadline_is_not_told() {
    let mut script = rolling(1, Policy { timeout: Duration::from_secs(60), ..policy() });
    script.wait("app-0", "ErrImagePull", "502 Bad Gateway").secs(3);
    assert_eq!(image(&script).2, None);
}

#[test]
fn a_pod_that_may_be_spared_is_borne_until_another_one_is_beyond_its_grace() {
    let min_ready = MinReady::Pods(2);
    let mut script = rolling(3, Policy { min_ready, ..policy() });
    script.wait("app-0", "CreateContainerConfigError", "configmap \"x\" not found").secs(5);
    let until = |script: &Script| script.gate.findings().remove(0).grace_until;
    assert_eq!(until(&script), None);
    let second = script.now;
    script.wait("app-1", "CreateContainerConfigError", "configmap \"x\" not found").secs(5);
    assert_eq!(until(&script), Some(second + Duration::from_secs(45)));
    script.secs(41);
    assert_eq!(script.decided_at(), Some(second + Duration::from_secs(45)));
}
