//! Old pods that keep the rollout from its end, and what else is said where the new pods explain nothing.

use super::*;
use crate::gate::timeline::BEGAN;

fn old(timeline: &mut Timeline, name: &str, edit: impl FnOnce(&mut serde_json::Value)) {
    timeline.put(name, |pod| {
        pod["metadata"]["ownerReferences"][0]["uid"] = json!("set-1");
        edit(pod);
    });
}

fn short(seconds: u64) -> Policy {
    Policy { timeout: Duration::from_secs(seconds), ..policy() }
}

/// A new pod that finds no room beside an old one.
fn crowded(strategy: serde_json::Value, memory: &str, message: &str) -> Finding {
    let mut timeline = Timeline::new(1, set_grace(Grace::Pending, 20));
    timeline.deployment["spec"]["strategy"] = strategy;
    timeline.sets[1]["spec"]["template"]["spec"]["containers"][0]["resources"] =
        json!({"requests": {"memory": memory}});
    timeline.deployment["spec"]["template"] = timeline.sets[1]["spec"]["template"].clone();
    timeline.sets[0]["spec"]["template"]["spec"]["containers"][0]["resources"] =
        json!({"requests": {"memory": "1Gi"}});
    old(&mut timeline, "old", |_| {});
    timeline.change("app-0", |pod| {
        pod["spec"]["nodeName"] = json!(null);
        pod["status"] = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled",
            "status": "False", "reason": "Unschedulable", "message": message}]});
    });
    timeline.secs(25);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::Pending])));
    timeline.gate.findings().remove(0)
}

const NO_ROOM: &str = "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are \
    available: 1 No preemption victims found for incoming pod.";

#[test]
fn an_old_pod_that_holds_the_room_of_the_new_one_is_named() {
    let rolling = |unavailable: &str| json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": unavailable}});
    for strategy in [rolling("25%"), json!(null)] {
        let found = crowded(strategy, "1Gi", NO_ROOM);
        assert!(found.message.starts_with("old pod old holds the room that the new pod needs"));
        assert!(found.message.contains("Insufficient cpu"));
        assert!(found.hint.what.starts_with("allow `maxUnavailable: 1`"), "{}", found.hint.what);
        assert_eq!(found.attribution, Attribution::Configuration);
    }
    // it may go, asks for more, or would fit nowhere
    let too_large = "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are \
        available: 1 Preemption is not helpful for scheduling.";
    let not_held = [
        crowded(rolling("100%"), "1Gi", NO_ROOM),
        crowded(rolling("25%"), "2Gi", NO_ROOM),
        crowded(rolling("25%"), "1Gi", too_large),
        crowded(rolling("25%"), "1Gi", "0/1 nodes are available: 1 node(s) were unschedulable."),
    ];
    for found in not_held {
        assert!(found.message.starts_with("Unschedulable: "), "{}", found.message);
    }
}

#[test]
fn an_old_pod_that_does_not_go_is_named_with_its_age_and_grace_period() {
    let stuck = |grace: u32, finalizers: serde_json::Value| {
        let mut timeline = Timeline::new(1, short(30));
        timeline.sets.remove(1);
        old(&mut timeline, "old", |pod| {
            // 5 s before deploygate started
            let ends = BEGAN - 5 + i64::from(grace);
            pod["metadata"]["deletionTimestamp"] =
                json!(crate::model::ServerTime::from_unix_seconds(ends));
            pod["metadata"]["deletionGracePeriodSeconds"] = json!(grace);
            pod["metadata"]["finalizers"] = finalizers;
        });
        timeline.secs(20);
        let waits = timeline.gate.waiting_for()[0].to_string();
        assert!(waits.contains("(old pod old has not ended: deletion requested, "), "{waits}");
        timeline.secs(11);
        assert_eq!(timeline.decided(), Some((Verdict::TimedOut, vec![Cause::Stalled])));
        timeline.gate.findings().remove(0)
    };
    let found = stuck(120, json!(null));
    assert_eq!(
        &*found.message,
        "old pod old has not ended: deletion requested 35s ago, grace period 2m"
    );
    assert_eq!(found.attribution, Attribution::Unknown);
    assert!(found.hint.what.starts_with("raise `--timeout` above the old pod's grace period (2m)"));
    let found = stuck(10, json!(null));
    assert_eq!(found.attribution, Attribution::Platform);
    assert!(found.hint.what.starts_with("check the kubelet of node node-1"), "{}", found.hint.what);
    let found = stuck(10, json!(["shop.example/drain"]));
    assert!(found.message.ends_with(", finalizers shop.example/drain"), "{}", found.message);
    assert!(
        found.hint.what.starts_with("check the controller that must remove"),
        "{}",
        found.hint.what
    );
}

#[test]
fn a_timeout_that_is_shorter_than_min_ready_seconds_is_known_at_the_start() {
    let warned = |seconds: u32| {
        let mut timeline = Timeline::new(1, short(30));
        timeline.deployment["spec"]["minReadySeconds"] = json!(seconds);
        timeline.change("app-0", |pod| ready(pod, 59)).secs(1);
        let warned = timeline.told.iter().any(|told| matches!(told, GateEvent::Warned { .. }));
        timeline.secs(31);
        (warned, timeline)
    };
    let (is_warned, timeline) = warned(60);
    assert!(is_warned);
    assert_eq!(timeline.decided(), Some((Verdict::TimedOut, vec![Cause::NotReady])));
    let found = timeline.gate.findings().remove(0);
    assert_eq!(
        &*found.message,
        "ready, but not yet for minReadySeconds (1m), which is not shorter than the timeout (30s)"
    );
    assert_eq!((found.attribution, found.pods.len()), (Attribution::Configuration, 1));
    assert!(timeline.gate.notes().iter().any(|note| note.contains("not shorter than the timeout")));
    let (is_warned, timeline) = warned(29);
    assert!(!is_warned);
    assert!(!timeline.gate.notes().iter().any(|note| note.contains("minReadySeconds")));
}

#[test]
fn a_controller_that_does_nothing_is_named() {
    let mut timeline = Timeline::new(1, short(30));
    timeline.deployment["status"]["observedGeneration"] = json!(1);
    timeline.sets.remove(1);
    timeline.secs(31);
    assert_eq!(timeline.decided(), Some((Verdict::TimedOut, vec![Cause::Stalled])));
    let found = timeline.gate.findings().remove(0);
    assert_eq!(&*found.message, "the Deployment controller has not taken up the change");
    let mut timeline = Timeline::new(2, short(30));
    timeline.change("app-0", |_| {}).secs(31);
    let found = timeline.gate.findings().remove(0);
    assert!(
        found.message.starts_with("1 of 2 new pods have not been created"),
        "{}",
        found.message
    );
}

#[test]
fn a_namespace_that_is_being_deleted_is_why_nothing_comes() {
    let mut timeline = Timeline::new(2, short(30));
    timeline.namespace_goes = true;
    timeline.change("app-0", unready_app).secs(11);
    let waits = timeline.gate.waiting_for()[0].to_string();
    assert!(waits.contains("(namespace shop is being deleted, "), "{waits}");
    timeline.secs(20);
    assert_eq!(timeline.verdict(), Some(Verdict::TimedOut));
    let findings = timeline.gate.findings();
    let found = findings.iter().find(|finding| finding.cause == Cause::Stalled).unwrap();
    assert!(found.message.starts_with("namespace shop is being deleted"), "{}", found.message);
    assert!(found.hint.what.starts_with("wait until the namespace is gone"), "{}", found.hint.what);

    let mut timeline = rolling(1, policy());
    timeline.secs(1);
    timeline.namespace_goes = true;
    timeline.deployment = json!(null);
    timeline.secs(11);
    assert_eq!(timeline.code(), Some(ReasonCode::Deleted));
    let reason = &timeline.gate.decision().unwrap().reason;
    assert!(reason.ends_with(": namespace shop is being deleted, so nothing can be created in it"));
}
