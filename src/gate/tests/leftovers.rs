//! Old pods that keep the rollout from its end, and what else is said where the new pods explain nothing.

use super::script::BEGAN;
use super::*;

fn old(script: &mut Script, name: &str, edit: impl FnOnce(&mut serde_json::Value)) {
    script.put(name, |pod| {
        pod["metadata"]["ownerReferences"][0]["uid"] = json!("set-1");
        edit(pod);
    });
}

fn short(seconds: u64) -> Policy {
    Policy { timeout: Duration::from_secs(seconds), ..policy() }
}

/// A new pod that finds no room beside an old one.
fn crowded(strategy: serde_json::Value, memory: &str, message: &str) -> Finding {
    let mut script = Script::new(1, set_grace(Grace::Pending, 20));
    script.deployment["spec"]["strategy"] = strategy;
    script.sets[1]["spec"]["template"]["spec"]["containers"][0]["resources"] =
        json!({"requests": {"memory": memory}});
    script.deployment["spec"]["template"] = script.sets[1]["spec"]["template"].clone();
    script.sets[0]["spec"]["template"]["spec"]["containers"][0]["resources"] =
        json!({"requests": {"memory": "1Gi"}});
    old(&mut script, "old", |_| {});
    script.change("app-0", |pod| {
        pod["spec"]["nodeName"] = json!(null);
        pod["status"] = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled",
            "status": "False", "reason": "Unschedulable", "message": message}]});
    });
    script.secs(25);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Pending])));
    script.gate.findings().remove(0)
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
        let mut script = Script::new(1, short(30));
        script.sets.remove(1);
        old(&mut script, "old", |pod| {
            // 5 s before deploygate started
            let ends = BEGAN - 5 + i64::from(grace);
            pod["metadata"]["deletionTimestamp"] =
                json!(crate::model::ServerTime::from_unix_seconds(ends));
            pod["metadata"]["deletionGracePeriodSeconds"] = json!(grace);
            pod["metadata"]["finalizers"] = finalizers;
        });
        script.secs(20);
        let waits = script.gate.rollout().waiting_for[0].to_string();
        assert!(waits.contains("(old pod old has not ended: deletion requested, "), "{waits}");
        script.secs(11);
        assert_eq!(script.decided(), Some((Verdict::TimedOut, vec![Cause::Stalled])));
        script.gate.findings().remove(0)
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
        let mut script = Script::new(1, short(30));
        script.deployment["spec"]["minReadySeconds"] = json!(seconds);
        script.change("app-0", |pod| ready(pod, 59)).secs(1);
        let warned = script.told.iter().any(|told| matches!(told, GateEvent::Warned { .. }));
        script.secs(31);
        (warned, script)
    };
    let (is_warned, script) = warned(60);
    assert!(is_warned);
    assert_eq!(script.decided(), Some((Verdict::TimedOut, vec![Cause::NotReady])));
    let found = script.gate.findings().remove(0);
    assert_eq!(
        &*found.message,
        "ready, but not yet for minReadySeconds (1m), which is not shorter than the timeout (30s)"
    );
    assert_eq!((found.attribution, found.pods.len()), (Attribution::Configuration, 1));
    assert!(script.gate.notes().iter().any(|note| note.contains("not shorter than the timeout")));
    let (is_warned, script) = warned(29);
    assert!(!is_warned);
    assert!(!script.gate.notes().iter().any(|note| note.contains("minReadySeconds")));
}

#[test]
fn a_controller_that_does_nothing_is_named() {
    let mut script = Script::new(1, short(30));
    script.deployment["status"]["observedGeneration"] = json!(1);
    script.sets.remove(1);
    script.secs(31);
    assert_eq!(script.decided(), Some((Verdict::TimedOut, vec![Cause::Stalled])));
    let found = script.gate.findings().remove(0);
    assert_eq!(&*found.message, "the Deployment controller has not taken up the change");
    let mut script = Script::new(2, short(30));
    script.change("app-0", |_| {}).secs(31);
    let found = script.gate.findings().remove(0);
    assert!(found.message.starts_with("1 of 2 new pods has not been created"), "{}", found.message);
}

#[test]
fn a_namespace_that_is_being_deleted_is_why_nothing_comes() {
    let mut script = Script::new(2, short(30));
    script.namespace_goes = true;
    script.change("app-0", unready_app).secs(11);
    let waits = script.gate.rollout().waiting_for[0].to_string();
    assert!(waits.contains("(namespace shop is being deleted, "), "{waits}");
    script.secs(20);
    assert_eq!(script.verdict(), Some(Verdict::TimedOut));
    let findings = script.gate.findings();
    let found = findings.iter().find(|finding| finding.cause == Cause::Stalled).unwrap();
    assert!(found.message.starts_with("namespace shop is being deleted"), "{}", found.message);
    assert!(found.hint.what.starts_with("wait until the namespace is gone"), "{}", found.hint.what);

    let mut script = rolling(1, policy());
    script.secs(1);
    script.namespace_goes = true;
    script.deployment = json!(null);
    script.secs(11);
    assert_eq!(script.code(), Some(ReasonCode::Deleted));
    let reason = &script.gate.decision().unwrap().reason;
    assert!(reason.ends_with(": namespace shop is being deleted, so nothing can be created in it"));
}
