//! DaemonSets on nodes that are not ready, or gone.

use serde_json::{Value, json};

use super::*;
use crate::observation::Snapshot;

/// A DaemonSet that is rolled out on so many nodes, some of which are lost with their pods.
struct Daemons {
    gate: Gate,
    nodes: Vec<(String, bool)>,
    may_read_nodes: bool,
    wanted: usize,
    now: Elapsed,
}

impl Daemons {
    fn on(nodes: usize) -> Self {
        let target = TargetRef {
            kind: "ds".parse().unwrap(),
            namespace: "shop".parse().unwrap(),
            name: "agent".parse().unwrap(),
        };
        let policy = Policy {
            timeout: Duration::from_secs(120),
            window: Duration::from_secs(60),
            ..Policy::default()
        };
        Self {
            gate: Gate::new(target, policy),
            nodes: (0..nodes).map(|number| (format!("node-{number}"), true)).collect(),
            may_read_nodes: true,
            wanted: nodes,
            now: Elapsed::ZERO,
        }
    }

    fn lose(&mut self, nodes: usize) -> &mut Self {
        self.nodes[..nodes].iter_mut().for_each(|(_, ready)| *ready = false);
        self
    }

    fn snapshot(&self) -> Snapshot {
        let template = json!({"spec": {"containers": [{"name": "agent", "image": "agent:2"}]}});
        let owner = json!([{"uid": "ds", "controller": true}]);
        let ready = self.nodes.iter().filter(|(_, ready)| *ready).count();
        let pod = |(name, ready): &(String, bool)| -> Value {
            let status = if *ready { "True" } else { "False" };
            json!({"metadata": {"name": format!("agent-{name}"), "uid": format!("pod-{name}"),
                    "resourceVersion": if *ready { "5" } else { "6" }, "ownerReferences": owner,
                    "creationTimestamp": "2026-01-01T00:00:00Z", "labels": {"controller-revision-hash": "h2"}},
                "spec": {"nodeName": name, "containers": [{"name": "agent", "image": "agent:2"}]},
                "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": status}],
                    "containerStatuses": [{"name": "agent", "ready": true, "started": true, "restartCount": 0,
                        "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}]}})
        };
        let node = |(name, ready): &(String, bool)| {
            let status = if *ready { "True" } else { "Unknown" };
            json!({"metadata": {"name": name, "uid": name}, "status": {"conditions": [{"type": "Ready", "status": status}]}})
        };
        let nodes = self.nodes.iter().take(self.wanted).map(node).collect::<Vec<_>>();
        serde_json::from_value(json!({
            "workload": {"kind": "DaemonSet", "metadata": {"name": "agent", "uid": "ds", "generation": 2},
                "spec": {"selector": {"matchLabels": {"app": "agent"}}, "template": template},
                "status": {"observedGeneration": 2, "desiredNumberScheduled": self.wanted,
                    "updatedNumberScheduled": ready, "numberAvailable": ready}},
            "replica_sets": [],
            "controller_revisions": [{"metadata": {"name": "agent-h2", "uid": "rev", "ownerReferences": owner,
                "labels": {"controller-revision-hash": "h2"}, "creationTimestamp": "2026-01-01T00:00:00Z"}, "revision": 2}],
            "pods": self.nodes.iter().map(pod).collect::<Vec<_>>(),
            "nodes": if self.may_read_nodes { json!(nodes) } else { Value::Null },
        }))
        .unwrap()
    }

    /// Lets seconds pass, answering each read at once.
    fn secs(&mut self, seconds: u64) -> &mut Self {
        let until = self.now + Duration::from_secs(seconds);
        loop {
            while let Some(output) = self.gate.poll_output() {
                if output == Output::Read {
                    let snapshot = Observation::Snapshot(self.snapshot());
                    self.gate.handle(self.now, &snapshot);
                }
            }
            let Some(due) = self.gate.poll_timeout().filter(|due| *due <= until) else { break };
            self.now = due;
            self.gate.handle_timeout(due);
        }
        self.now = until;
        self
    }

    fn verdict(&self) -> Option<(Verdict, Option<ReasonCode>)> {
        self.gate.decision().map(|decision| (decision.verdict, decision.code))
    }

    fn notes(&self) -> String {
        self.gate.notes().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn one_node_in_ten_may_be_lost_and_is_named() {
    for may_read_nodes in [true, false] {
        let mut daemons = Daemons::on(10);
        daemons.may_read_nodes = may_read_nodes;
        daemons.lose(1).secs(90);
        assert_eq!(daemons.verdict(), Some((Verdict::Passed, None)), "{may_read_nodes}");
        assert!(daemons.notes().contains("node node-0 was not ready"), "{}", daemons.notes());
    }
}

#[test]
fn with_more_than_one_in_ten_too_little_is_seen() {
    let mut daemons = Daemons::on(10);
    daemons.lose(2).secs(119);
    assert_eq!(daemons.verdict(), None);
    daemons.secs(10);
    assert_eq!(daemons.verdict(), Some((Verdict::Inconclusive, Some(ReasonCode::Nodes))));
    let reason = &daemons.gate.decision().unwrap().reason;
    assert!(reason.contains("2 of the 10 nodes are not ready"), "{reason}");
}

#[test]
fn a_node_that_is_lost_in_the_window_does_not_break_it() {
    let mut daemons = Daemons::on(10);
    daemons.secs(30);
    daemons.lose(1).secs(60);
    assert_eq!(daemons.verdict(), Some((Verdict::Passed, None)));
}

#[test]
fn a_node_that_comes_back_is_judged_again() {
    let mut daemons = Daemons::on(10);
    daemons.lose(2).secs(40);
    daemons.nodes.iter_mut().for_each(|(_, ready)| *ready = true);
    daemons.secs(75);
    assert_eq!(daemons.verdict(), Some((Verdict::Passed, None)));
    assert_eq!(daemons.notes().matches("node-").count(), 0, "{}", daemons.notes());
}

#[test]
fn a_node_that_was_deleted_is_not_asked_for() {
    let mut daemons = Daemons::on(11);
    // its pod is there until it is collected
    daemons.wanted = 10;
    daemons.secs(90);
    assert_eq!(daemons.verdict(), Some((Verdict::Passed, None)));
}

#[test]
fn pods_on_nodes_that_are_ready_are_judged_as_ever() {
    let mut daemons = Daemons::on(10);
    daemons.secs(30);
    // its kubelet reports, so readiness was lost for another reason
    let mut pod = serde_json::to_value(&*daemons.snapshot().pods[0]).unwrap();
    pod["status"]["conditions"][0]["status"] = json!("False");
    pod["status"]["containerStatuses"][0]["ready"] = json!(false);
    pod["metadata"]["resourceVersion"] = json!("9");
    let lost = serde_json::from_value(pod).unwrap();
    daemons.gate.handle(daemons.now, &Observation::PodChanged(lost));
    let told = std::iter::from_fn(|| daemons.gate.poll_output());
    let broken = |output: &Output| {
        matches!(
            output,
            Output::Event(GateEvent::WindowBroken { .. } | GateEvent::FindingSuspected { .. })
        )
    };
    assert!(told.collect::<Vec<_>>().iter().any(broken));
}
