//! ControllerRevisions: the revisions of a StatefulSet or DaemonSet.

use serde::{Deserialize, Serialize};

use super::super::{Meta, null_default};

/// One revision of a StatefulSet or DaemonSet; what it holds is compared elsewhere, see `cluster::change`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControllerRevision {
    /// Name, UID, owner, and the label with the hash that its pods carry.
    pub metadata: Meta,
    /// Greater is later. One that is used again, by a rollback, gets a number of its own anew (Kubernetes 1.36
    /// `pkg/controller/history/controller_history.go`, `UpdateControllerRevision`).
    #[serde(default, deserialize_with = "null_default")]
    pub revision: u64,
}
