//! What a failure is like beside what else runs.

use super::*;
use crate::evidence::{Comparison, NodeCompared, OldPodsCompared};

/// A rollout in which so many old pods are left, each ready.
fn with_old_pods(old: usize, edit: impl Fn(&mut serde_json::Value)) -> Script {
    let mut script = Script::new(2, Policy { max_restarts: 1, ..policy() });
    for number in 0..old {
        script.put(&format!("old-{number}"), |pod| {
            pod["metadata"]["ownerReferences"][0]["uid"] = json!("set-1");
            edit(pod);
        });
    }
    script.secs(1);
    script.change("app-0", |_| {});
    script
}

fn ended(second: u32, code: i32) -> serde_json::Value {
    json!({"terminated": {"exitCode": code, "reason": "Error", "containerID": format!("c{second}"),
        "startedAt": "2026-01-02T00:00:10Z", "finishedAt": format!("2026-01-02T00:00:{second:02}Z")}})
}

fn break_old(script: &mut Script, name: &str, code: i32) {
    script.change(name, |pod| {
        pod["status"]["containerStatuses"][0]["state"] = ended(50, code);
        unready_app(pod);
    });
}

fn compared(script: &mut Script) -> (Option<Comparison>, Attribution) {
    script.crash("app-0", 3);
    let finding = script.gate.findings().remove(0);
    (finding.comparison, finding.attribution)
}

#[test]
fn old_pods_that_end_in_the_same_way_at_the_same_time_are_counted() {
    let mut script = with_old_pods(2, |_| {});
    break_old(&mut script, "old-0", 3);
    let (comparison, attribution) = compared(&mut script);
    let old = OldPodsCompared { same: 1, of: 2, before_rollout: false };
    assert_eq!(comparison.unwrap().old_pods, Some(old));
    assert_eq!(attribution, Attribution::Platform);
}

#[test]
fn the_same_way_is_the_same_cause_whatever_the_code_and_the_container() {
    for (code, container, is_alike) in
        [(3, "app", true), (4, "app", true), (4, "proxy", true), (0, "app", false)]
    {
        let mut script = with_old_pods(2, |pod| {
            pod["spec"]["containers"][0]["name"] = json!(container);
            pod["status"]["containerStatuses"][0]["name"] = json!(container);
        });
        break_old(&mut script, "old-0", code);
        let compared = compared(&mut script);
        assert_eq!(compared.0.is_some(), is_alike, "{container} {code}");
        let attribution = if is_alike { Attribution::Platform } else { Attribution::Application };
        assert_eq!(compared.1, attribution, "{container} {code}");
    }
    let mut killed = with_old_pods(2, |_| {});
    killed.change("old-0", |pod| {
        pod["status"]["containerStatuses"][0]["state"] = ended(50, 137);
        pod["status"]["containerStatuses"][0]["state"]["terminated"]["reason"] = json!("OOMKilled");
        unready_app(pod);
    });
    assert_eq!(compared(&mut killed), (None, Attribution::Application));
}

#[test]
fn an_end_that_a_probe_can_have_caused_is_compared_with_a_kill_by_that_probe() {
    for (has_probe, code, is_alike) in [(true, 143, true), (true, 1, false), (false, 143, false)] {
        let mut script = with_old_pods(2, |pod| {
            if has_probe {
                pod["spec"]["containers"][0]["livenessProbe"] = json!({"exec": {"command": ["x"]}});
            }
        });
        break_old(&mut script, "old-0", code);
        let killed = "Container app failed liveness probe, will be restarted";
        script.event("app-0", "Killing", Some("spec.containers{app}"), killed, 5);
        assert_eq!(compared(&mut script).0.is_some(), is_alike, "{has_probe} {code}");
    }
}

#[test]
fn old_pods_that_cannot_start_for_the_same_cause_are_counted() {
    let image = |script: &mut Script, name: &str| {
        script.wait(name, "ErrImagePull", "dial tcp: connection refused");
    };
    let mut script = with_old_pods(2, |_| {});
    image(&mut script, "old-0");
    image(&mut script, "app-0");
    let finding = script.gate.findings().remove(0);
    let old = OldPodsCompared { same: 1, of: 2, before_rollout: false };
    assert_eq!(finding.comparison.unwrap().old_pods, Some(old));
    // one that starts all the same is not held against it
    script.change("old-0", |pod| ready_app(pod, 9)).restart("old-0", 9);
    assert_eq!(script.gate.findings().remove(0).comparison, None);
}

fn ask_to_delete(pod: &mut serde_json::Value, until: &str, grace: u32) {
    pod["metadata"]["deletionTimestamp"] = json!(until);
    pod["metadata"]["deletionGracePeriodSeconds"] = json!(grace);
}

#[test]
fn an_old_pod_that_is_stopped_did_not_break() {
    let mut script = with_old_pods(2, |_| {});
    script.change("old-0", |pod| {
        ask_to_delete(pod, "2026-01-02T00:01:10Z", 30);
        pod["status"]["containerStatuses"][0]["state"] = ended(50, 3);
    });
    assert_eq!(compared(&mut script).0, None);
}

#[test]
fn the_first_request_to_delete_counts_and_not_the_removal() {
    let mut script = with_old_pods(2, |pod| {
        pod["spec"]["terminationGracePeriodSeconds"] = json!(1);
    });
    // asked for at second 49, ended at 50, and removed at 55, with a grace of 0 then
    script.change("old-0", |pod| ask_to_delete(pod, "2026-01-02T00:00:50Z", 1));
    script.put("old-0", |pod| {
        ask_to_delete(pod, "2026-01-02T00:00:55Z", 0);
        pod["status"]["containerStatuses"][0]["state"] = ended(50, 3);
    });
    script.delete("old-0");
    // of this one only the last state is seen
    script.put("old-1", |pod| {
        ask_to_delete(pod, "2026-01-02T00:00:55Z", 0);
        pod["status"]["containerStatuses"][0]["state"] = ended(50, 3);
    });
    script.delete("old-1");
    assert_eq!(compared(&mut script), (None, Attribution::Application));
}

#[test]
fn an_old_pod_that_broke_and_was_stopped_then_did_break() {
    let mut script = with_old_pods(2, |_| {});
    break_old(&mut script, "old-0", 3);
    script.change("old-0", |pod| ask_to_delete(pod, "2026-01-02T00:01:30Z", 30));
    script.change("old-0", |pod| ask_to_delete(pod, "2026-01-02T00:01:02Z", 0)).delete("old-0");
    assert!(compared(&mut script).0.is_some());
}

#[test]
fn old_pods_are_counted_as_they_were_and_not_as_they_are_left() {
    let mut script = with_old_pods(4, |_| {});
    break_old(&mut script, "old-0", 3);
    for name in ["old-1", "old-2", "old-3"] {
        script.delete(name);
    }
    script.secs(12);
    let (comparison, attribution) = compared(&mut script);
    let old = OldPodsCompared { same: 1, of: 4, before_rollout: false };
    assert_eq!((comparison.unwrap().old_pods, attribution), (Some(old), Attribution::Application));
}

#[test]
fn an_old_pod_that_broke_before_the_rollout_is_no_comparison() {
    let mut script = with_old_pods(2, |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(1);
        status["lastState"] =
            json!({"terminated": {"exitCode": 3, "finishedAt": "2026-01-01T12:00:00Z"}});
    });
    assert_eq!(compared(&mut script).0, None);
}

#[test]
fn old_pods_that_broke_before_the_rollout_too_blame_nobody() {
    let mut script = with_old_pods(2, |pod| {
        pod["status"]["containerStatuses"][0]["restartCount"] = json!(7);
    });
    break_old(&mut script, "old-0", 3);
    break_old(&mut script, "old-1", 3);
    let (comparison, attribution) = compared(&mut script);
    let old = OldPodsCompared { same: 2, of: 2, before_rollout: true };
    assert_eq!(comparison.unwrap().old_pods, Some(old));
    assert_eq!(attribution, Attribution::Application);
}

#[test]
fn a_pod_of_somebody_else_is_no_old_pod() {
    let mut script = with_old_pods(1, |pod| {
        pod["metadata"]["ownerReferences"][0]["uid"] = json!("foreign");
    });
    break_old(&mut script, "old-0", 3);
    assert_eq!(compared(&mut script).0, None);
}

/// Pods of the revision on nodes, ready for a minute; those on `node-1` crash then.
fn on_nodes(nodes: &[&str], crashing: usize) -> (Option<NodeCompared>, Attribution) {
    let mut script = Script::new(nodes.len() as u64, Policy { max_restarts: 1, ..policy() });
    script.secs(1);
    for (number, node) in nodes.iter().enumerate() {
        script.change(&format!("app-{number}"), |pod| pod["spec"]["nodeName"] = json!(node));
    }
    script.secs(30);
    for number in 0..crashing {
        script.crash(&format!("app-{number}"), 3);
    }
    let finding = script.gate.findings().remove(0);
    (finding.comparison.and_then(|comparison| comparison.node), finding.attribution)
}

#[test]
fn pods_that_fail_on_one_node_only_are_told_and_blame_it_if_they_are_several() {
    let (node, attribution) = on_nodes(&["node-1", "node-1", "node-2", "node-3"], 2);
    let node = node.unwrap();
    assert_eq!((node.failing, node.healthy_here, node.healthy_elsewhere), (2, 0, 2));
    assert_eq!(attribution, Attribution::Platform);
    let (node, attribution) = on_nodes(&["node-1", "node-2", "node-3"], 1);
    assert_eq!((node.unwrap().healthy_elsewhere, attribution), (2, Attribution::Application));
}

#[test]
fn healthy_pods_on_the_same_node_are_told() {
    let (node, attribution) = on_nodes(&["node-1", "node-1", "node-2"], 1);
    let node = node.unwrap();
    assert_eq!((node.healthy_here, node.healthy_elsewhere), (1, 1));
    assert_eq!(attribution, Attribution::Application);
}

#[test]
fn failures_on_several_nodes_are_no_nodes_fault() {
    assert_eq!(on_nodes(&["node-1", "node-2", "node-3"], 2), (None, Attribution::Application));
}

#[test]
fn pods_that_have_just_begun_are_not_called_healthy() {
    let mut script = rolling(2, Policy { max_restarts: 1, ..policy() });
    assert_eq!(compared(&mut script).0, None);
}
