//! The node of a pod: what runs there, and how it is. `view` does not permit to read it, so it is often not checked.

use serde::{Deserialize, Serialize};

use crate::text::Clean;

/// The node of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeDetails {
    /// Its name.
    pub name: Clean,
    /// What it says of itself; `None` if it was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<NodeFacts>,
}

/// What a node says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeFacts {
    /// The kubelet's version, e.g. `v1.36.2`.
    pub kubelet: Clean,
    /// The container runtime with its version, e.g. `containerd://2.1.4`.
    pub runtime: Clean,
    /// The operating system with its version.
    pub os: Clean,
    /// The machine's kind, e.g. `amd64`.
    pub architecture: Clean,
    /// New pods are kept away.
    #[serde(default)]
    pub cordoned: bool,
    /// Kubernetes no longer supports this runtime with this kubelet.
    #[serde(default)]
    pub runtime_too_old: bool,
    /// The conditions that are not as they should be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub troubles: Vec<NodeCondition>,
}

/// A condition of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCondition {
    /// Its type, e.g. `MemoryPressure`.
    pub kind: Clean,
    /// `True`, `False` or `Unknown`.
    pub status: Clean,
    /// Why, in one word.
    pub reason: Clean,
}
