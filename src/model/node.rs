//! Nodes.

use serde::{Deserialize, Serialize};

use super::{Uid, null_default};

/// A node, as far as it tells whether its pods are looked after. It has no version: what else changes says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Name and UID.
    pub metadata: NodeMeta,
    /// What its kubelet says, or the node controller in its place.
    #[serde(default, deserialize_with = "null_default")]
    pub status: NodeStatus,
}

/// What of a node's metadata is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeMeta {
    /// Its name; pods name it.
    pub name: Box<str>,
    /// Unique for ever.
    pub uid: Uid,
}

/// What a node says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeStatus {
    /// Those that tell whether it is ready.
    #[serde(default, deserialize_with = "ready_only")]
    pub conditions: Vec<NodeCondition>,
}

/// A condition of a node without its times, which change with each heartbeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCondition {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Box<str>,
    /// `True`, `False` or `Unknown`.
    pub status: Box<str>,
}

impl Node {
    /// Whether its kubelet calls it ready. `Unknown` means that it is not heard of (Kubernetes 1.36
    /// `pkg/controller/nodelifecycle/node_lifecycle_controller.go`, `tryUpdateNodeHealth`).
    pub fn is_ready(&self) -> bool {
        self.status.conditions.iter().any(|one| &*one.kind == "Ready" && &*one.status == "True")
    }
}

fn ready_only<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<NodeCondition>, D::Error> {
    let mut conditions: Vec<NodeCondition> = null_default(from)?;
    conditions.retain(|one| &*one.kind == "Ready");
    Ok(conditions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_ready_if_its_kubelet_says_so() {
        for (status, ready) in [("True", true), ("False", false), ("Unknown", false)] {
            let node: Node = serde_json::from_value(serde_json::json!({
                "metadata": {"name": "a", "uid": "a", "resourceVersion": "7"},
                "status": {"conditions": [
                    {"type": "MemoryPressure", "status": "True"},
                    {"type": "Ready", "status": status, "lastHeartbeatTime": "2026-01-01T00:00:00Z"}]},
            }))
            .unwrap();
            assert_eq!((node.is_ready(), node.status.conditions.len()), (ready, 1), "{status}");
        }
        let silent = serde_json::json!({"metadata": {"name": "a", "uid": "a"}, "status": null});
        assert!(!serde_json::from_value::<Node>(silent).unwrap().is_ready());
    }
}
