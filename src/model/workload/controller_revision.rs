//! ControllerRevisions: the revisions of a StatefulSet or DaemonSet.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::super::{Exposure, Meta, null_default, service::exposure_of_revision};

/// One revision of a StatefulSet or DaemonSet; what it holds is compared elsewhere, see `cluster::change`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControllerRevision {
    /// Name, UID, owner, and the label with the hash that its pods carry.
    pub metadata: Meta,
    /// Greater is later. One that is used again, by a rollback, gets a number of its own anew (Kubernetes 1.36
    /// `pkg/controller/history/controller_history.go`, `UpdateControllerRevision`).
    #[serde(default, deserialize_with = "null_default")]
    pub revision: u64,
    /// By what Services find its pods; `None` where its template is not known.
    #[serde(
        default,
        alias = "data",
        deserialize_with = "exposure",
        skip_serializing_if = "Option::is_none"
    )]
    pub exposure: Option<Exposure>,
}

/// Read from the template in `data`, or as a recording has it.
fn exposure<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Exposure>, D::Error> {
    let held = Value::deserialize(deserializer)?;
    Ok(exposure_of_revision(&held).or_else(|| {
        let is_recorded = held.get("marks").is_some() || held.get("ports").is_some();
        is_recorded.then(|| Exposure::deserialize(held).ok()).flatten()
    }))
}
