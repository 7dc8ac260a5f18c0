//! The node of a pod as the API has it.

use serde_json::Value;

use super::items;
use crate::{
    evidence::{NodeCondition, NodeDetails, NodeFacts},
    text::Untrusted,
};

/// A node that was not read.
pub(super) fn named(name: &str) -> NodeDetails {
    NodeDetails { name: Untrusted::from(name).to_clean_line(253), facts: None }
}

/// What a node as the API has it says of itself.
pub fn node(node: &Value) -> NodeFacts {
    let line =
        |value: &Value| Untrusted::from(value.as_str().unwrap_or_default()).to_clean_line(120);
    let info = &node["status"]["nodeInfo"];
    let (kubelet, runtime) =
        (line(&info["kubeletVersion"]), line(&info["containerRuntimeVersion"]));
    let conditions = items(&node["status"]["conditions"]).iter();
    let troubles = conditions.filter(|condition| is_trouble(condition));
    NodeFacts {
        runtime_too_old: is_too_old(&runtime, &kubelet),
        kubelet,
        runtime,
        os: line(&info["osImage"]),
        architecture: line(&info["architecture"]),
        cordoned: node["spec"]["unschedulable"].as_bool().unwrap_or(false),
        troubles: troubles
            .map(|condition| NodeCondition {
                kind: line(&condition["type"]),
                status: line(&condition["status"]),
                reason: line(&condition["reason"]),
            })
            .collect(),
    }
}

/// `Ready` should be true. Of the others, which tell of troubles by their names, those that are true are told.
fn is_trouble(condition: &Value) -> bool {
    let is_true = condition["status"] == "True";
    if condition["type"] == "Ready" { !is_true } else { is_true }
}

/// Kubernetes 1.26 dropped the only interface that containerd before 1.6 has (kubernetes#110618), and 1.35 is the last
/// one that supports containerd 1.x (Kubernetes blog, "Kubernetes v1.35 Sneak Peek", 2025-11-26).
fn is_too_old(runtime: &str, kubelet: &str) -> bool {
    let Some(containerd) = runtime.strip_prefix("containerd://").and_then(version) else {
        return false;
    };
    let Some(kubelet) = kubelet.strip_prefix('v').and_then(version) else { return false };
    (kubelet >= (1, 26) && containerd < (1, 6)) || (kubelet >= (1, 36) && containerd < (2, 0))
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_that_the_kubelet_does_not_support_is_told() {
        for (runtime, kubelet, expected) in [
            ("containerd://1.7.28", "v1.35.4", false),
            ("containerd://1.7.28", "v1.36.2", true),
            ("containerd://2.0.0", "v1.37.2+k3s1", false),
            ("containerd://1.5.11", "v1.26.0", true),
            ("containerd://1.5.11", "v1.25.0", false),
            ("cri-o://1.30.0", "v1.37.0", false),
            ("containerd://Unknown", "v1.37.0", false),
            ("containerd://1.7.0", "", false),
        ] {
            assert_eq!(is_too_old(runtime, kubelet), expected, "{runtime} {kubelet}");
        }
    }

    #[test]
    fn only_troubles_of_a_node_are_kept() {
        let facts = node(&serde_json::json!({
            "spec": {"unschedulable": true},
            "status": {"nodeInfo": {"kubeletVersion": "v1.35.0"}, "conditions": [
                {"type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown"},
                {"type": "MemoryPressure", "status": "True", "reason": "KubeletHasInsufficientMemory"},
                {"type": "DiskPressure", "status": "False", "reason": "KubeletHasNoDiskPressure"}]}}));
        let kinds: Vec<_> = facts.troubles.iter().map(|trouble| &*trouble.kind).collect();
        assert_eq!((kinds, facts.cordoned), (vec!["Ready", "MemoryPressure"], true));
    }
}
