//! DaemonSets (`apps/v1`).

use serde::{Deserialize, Serialize};

use super::super::{LabelSelector, PodTemplate, WorkloadMeta, null_default};
use super::deployment::RollingUpdate;

/// A DaemonSet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaemonSet {
    /// Name, UID, generation, and who deploys it.
    pub metadata: WorkloadMeta,
    /// What should run.
    pub spec: DaemonSetSpec,
    /// What the controller saw.
    #[serde(default, deserialize_with = "null_default")]
    pub status: DaemonSetStatus,
}

/// What a DaemonSet should run on each node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DaemonSetSpec {
    /// Seconds a pod must be ready before it counts as available.
    #[serde(default, deserialize_with = "null_default")]
    pub min_ready_seconds: i64,
    /// How pods are replaced.
    #[serde(default, deserialize_with = "null_default")]
    pub update_strategy: DaemonSetStrategy,
    /// Which pods are its own.
    pub selector: LabelSelector,
    /// What its pods are made from.
    pub template: PodTemplate,
}

/// How a DaemonSet replaces its pods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DaemonSetStrategy {
    /// `RollingUpdate` or `OnDelete`; absent means the first.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Box<str>>,
    /// The limits of a rolling update: without a surge, a pod goes before the new one of its node comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolling_update: Option<RollingUpdate>,
}

/// What the DaemonSet controller saw. Absent counts are 0; only the oldest pod of each node is counted (Kubernetes 1.36
/// `pkg/controller/daemon/daemon_controller.go`, `updateDaemonSetStatus`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DaemonSetStatus {
    /// The generation that the rest of the status speaks of.
    #[serde(deserialize_with = "null_default")]
    pub observed_generation: i64,
    /// Nodes that should run a pod, those that are NotReady or cordoned included.
    #[serde(deserialize_with = "null_default")]
    pub desired_number_scheduled: i64,
    /// Nodes whose pod is of the new revision.
    #[serde(deserialize_with = "null_default")]
    pub updated_number_scheduled: i64,
    /// Nodes whose pod has been ready for `minReadySeconds`.
    #[serde(deserialize_with = "null_default")]
    pub number_available: i64,
}

impl DaemonSet {
    /// Whether a new pod comes before the old one of its node goes.
    pub fn surges(&self) -> bool {
        let update = self.spec.update_strategy.rolling_update.as_ref();
        update.is_some_and(RollingUpdate::asks_for_surge)
    }

    /// Whether pods are replaced only when someone deletes them.
    pub fn is_on_delete(&self) -> bool {
        self.spec.update_strategy.kind.as_deref() == Some("OnDelete")
    }
}
