//! A pass needs nodes that report, as far as their Leases may be read.

use super::*;
use crate::observation::{AccessReview, Resource};

/// A complete rollout whose nodes' Leases may be read.
fn watched(pods: u64, policy: Policy) -> Script {
    let mut script = complete(pods, policy);
    let review = AccessReview { resource: Resource::NodeLeases, verb: "get".into(), allowed: true };
    script.feed(Observation::Access(vec![review]));
    script
}

/// Moves a pod to another node before anyone has seen it elsewhere.
fn on(node: &'static str) -> impl FnOnce(&mut serde_json::Value) {
    move |pod| pod["spec"]["nodeName"] = json!(node)
}

fn opened(script: &Script) -> Elapsed {
    script.gate.rollout().completed_at.unwrap()
}

#[test]
fn a_node_that_reports_delays_nothing() {
    let mut script = watched(3, policy());
    script.secs(62);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    let took = script.decided_at().unwrap().since(opened(&script));
    assert_eq!(took, Duration::from_secs(60));
    assert_eq!(script.gate.coverage().nodes, Some(1));
    assert!(script.gate.coverage().missing.is_empty());
}

#[test]
fn a_short_window_waits_for_one_renewal() {
    let mut policy = policy();
    policy.window = Duration::from_secs(5);
    let mut script = watched(1, policy);
    script.secs(30);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    let took = script.decided_at().unwrap().since(opened(&script));
    assert!(took > Duration::from_secs(5) && took < Duration::from_secs(16), "{took:?}");
}

#[test]
fn a_node_that_stopped_reporting_is_never_green() {
    let mut script = watched(2, policy());
    script.frozen.insert("node-1", Some(script.now));
    script.secs(58);
    assert_eq!(script.verdict(), None);
    script.secs(4);
    assert_eq!(script.verdict(), Some(Verdict::Inconclusive));
    assert_eq!(script.code(), Some(ReasonCode::Nodes));
    let reason = script.gate.decision().unwrap().reason.to_string();
    assert!(reason.contains("node node-1 has not reported for "), "{reason}");
}

#[test]
fn a_node_that_stops_just_before_the_end_is_noticed() {
    let mut script = watched(2, policy());
    // the renewal before is too old to speak for the end of the window
    let freeze = opened(&script) + Duration::from_secs(44);
    script.advance(freeze.since(script.now));
    script.frozen.insert("node-1", Some(script.now));
    script.secs(120);
    assert_eq!(script.code(), Some(ReasonCode::Nodes));
}

#[test]
fn a_node_that_comes_back_lets_it_pass() {
    let mut script = watched(2, policy());
    script.secs(30);
    script.frozen.insert("node-1", Some(script.now));
    script.secs(35);
    assert_eq!(script.verdict(), None);
    script.frozen.clear();
    script.secs(5);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn pods_on_a_silent_node_count_as_pods_that_may_not_be_ready() {
    let mut policy = policy();
    policy.min_ready = MinReady::Pods(1);
    for (spared, verdict) in [(true, Verdict::Passed), (false, Verdict::Inconclusive)] {
        let policy = if spared { policy.clone() } else { Policy::default() };
        let mut script = Script::new(2, policy);
        script.put("app-0", |_| {}).put("app-1", on("node-2")).settle_status();
        let review =
            AccessReview { resource: Resource::NodeLeases, verb: "get".into(), allowed: true };
        script.feed(Observation::Access(vec![review]));
        script.frozen.insert("node-2", Some(script.now));
        script.secs(130);
        assert_eq!(script.verdict(), Some(verdict));
    }
}

#[test]
fn leases_that_can_not_be_read_are_said_to_be_unchecked() {
    let mut refused = complete(1, policy());
    let review =
        AccessReview { resource: Resource::NodeLeases, verb: "get".into(), allowed: false };
    refused.feed(Observation::Access(vec![review])).secs(62);
    assert_eq!(refused.verdict(), Some(Verdict::Passed));
    assert_eq!(refused.gate.coverage().nodes, None);
    assert_eq!(&*refused.gate.coverage().missing[0].what, "get leases");

    let mut missing = watched(1, policy());
    missing.frozen.insert("node-1", None);
    missing.secs(62);
    assert_eq!(missing.verdict(), Some(Verdict::Passed));
    assert_eq!(&*missing.gate.coverage().missing[0].what, "Lease of node node-1");
    assert_eq!(missing.gate.coverage().missing.len(), 1);
}
