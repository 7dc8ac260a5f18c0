//! Pods in a restart loop beside those that a target failed for: of paused workloads, of old revisions, of running Jobs, or
//! of no workload at all.

use serde::{Deserialize, Serialize};

use crate::{
    model::{Context, Namespace},
    text::Clean,
};

/// Pods of one owner in a restart loop, as a list before the run showed them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestartLoop {
    /// The context of their cluster; `None` where none is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// Their namespace.
    pub namespace: Namespace,
    /// Their names.
    pub pods: Vec<Clean>,
    /// What is to be said of them.
    pub note: Clean,
}
