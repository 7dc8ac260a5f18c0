//! What a release consists of.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{gate::Policy, model::TargetRef};

/// A target of a release, with the limits that it is judged by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The context of the kubeconfig whose cluster it is in; `None` for the current one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The workload.
    #[serde(flatten)]
    pub workload: TargetRef,
    /// By which limits.
    pub policy: Policy,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.workload.fmt(f)
    }
}
