//! Why a read failed.

use serde::{Deserialize, Serialize};

use crate::text::{Untrusted, words};

/// Why a read failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadFailure {
    /// What was read.
    pub resource: Resource,
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// The server's or the client's text.
    pub message: Untrusted,
}

words! {
    /// What is read.
    pub enum Resource {
        /// The target itself.
        Workload = "workload" / "deployments",
        /// Its ReplicaSets.
        ReplicaSets = "replica_sets" / "replicasets",
        /// Its ControllerRevisions.
        ControllerRevisions = "controller_revisions" / "controllerrevisions",
        /// What measures it.
        AnalysisRuns = "analysis_runs" / "analysisruns",
        /// Its pods.
        Pods = "pods",
        /// Logs of its pods.
        Logs = "logs" / "pods/log",
        /// Events.
        Events = "events",
        /// What sends requests to its pods.
        Services = "services",
        /// Nodes, which belong to no namespace.
        Nodes = "nodes",
        /// Leases of nodes, in the namespace `kube-node-lease`.
        NodeLeases = "node_leases" / "leases",
    }
}

/// What kind of failure a read met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// No answer: refused, reset, timed out, cut off.
    Unreachable,
    /// The server does not know who asks (401).
    Unauthorized,
    /// The server knows and refuses (403).
    Forbidden,
    /// There is no such thing (404).
    NotFound,
    /// The server is overloaded or broken (429, 5xx).
    Unavailable,
    /// The answer makes no sense.
    Malformed,
    /// The server refuses the request for another reason, e.g. a log of a container that never ran (400).
    Refused,
}
