//! StatefulSets (`apps/v1`).

use serde::{Deserialize, Serialize};

use super::super::{LabelSelector, PodTemplate, WorkloadMeta, null_default};

/// A StatefulSet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatefulSet {
    /// Name, UID, generation, and who deploys it.
    pub metadata: WorkloadMeta,
    /// What should run.
    pub spec: StatefulSetSpec,
    /// What the controller saw.
    #[serde(default, deserialize_with = "null_default")]
    pub status: StatefulSetStatus,
}

/// What a StatefulSet should run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatefulSetSpec {
    /// How many pods; absent means 1.
    #[serde(default)]
    pub replicas: Option<i64>,
    /// Seconds a pod must be ready before it counts as available.
    #[serde(default, deserialize_with = "null_default")]
    pub min_ready_seconds: i64,
    /// `OrderedReady` or `Parallel`; absent means the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_management_policy: Option<Box<str>>,
    /// How pods are replaced.
    #[serde(default, deserialize_with = "null_default")]
    pub update_strategy: StatefulSetStrategy,
    /// Where ordinals start; absent means at 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordinals: Option<Ordinals>,
    /// Which pods are its own.
    pub selector: LabelSelector,
    /// What its pods are made from.
    pub template: PodTemplate,
}

/// How a StatefulSet replaces its pods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatefulSetStrategy {
    /// `RollingUpdate`, `OnDelete` or `Recreate`; absent means the first.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Box<str>>,
    /// The limits of a rolling update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolling_update: Option<OrdinalUpdate>,
}

/// The limits of a rolling update by ordinals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrdinalUpdate {
    /// Pods below this ordinal, counted from the first, keep their revision; absent means 0.
    #[serde(default, deserialize_with = "null_default")]
    pub partition: i64,
}

/// The numbers of a StatefulSet's pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ordinals {
    /// The number of the first pod.
    #[serde(default, deserialize_with = "null_default")]
    pub start: i64,
}

/// What the StatefulSet controller saw. Absent counts are 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatefulSetStatus {
    /// The generation that the rest of the status speaks of.
    #[serde(deserialize_with = "null_default")]
    pub observed_generation: i64,
    /// Pods of all revisions.
    #[serde(deserialize_with = "null_default")]
    pub replicas: i64,
    /// Pods that are ready, of all revisions; those being deleted count.
    #[serde(deserialize_with = "null_default")]
    pub ready_replicas: i64,
    /// Pods of the update revision.
    #[serde(deserialize_with = "null_default")]
    pub updated_replicas: i64,
    /// Pods that were ready for `minReadySeconds`, of all revisions.
    #[serde(deserialize_with = "null_default")]
    pub available_replicas: i64,
    /// The ControllerRevision that pods are at until they are updated; it becomes the update revision at the end.
    #[serde(deserialize_with = "null_default")]
    pub current_revision: Box<str>,
    /// The ControllerRevision that pods are updated to.
    #[serde(deserialize_with = "null_default")]
    pub update_revision: Box<str>,
}

impl StatefulSet {
    /// How many pods it should run.
    pub fn replicas(&self) -> i64 {
        self.spec.replicas.unwrap_or(1)
    }

    /// The number of its first pod.
    pub fn start(&self) -> i64 {
        self.spec.ordinals.as_ref().map_or(0, |ordinals| ordinals.start)
    }

    /// The first ordinal that is updated: those below it keep their revision.
    pub fn first_updated(&self) -> i64 {
        let update = self.spec.update_strategy.rolling_update.as_ref();
        self.start().saturating_add(update.map_or(0, |update| update.partition.max(0)))
    }

    /// How many pods are updated.
    pub fn updated_ordinals(&self) -> i64 {
        let end = self.start().saturating_add(self.replicas());
        end.saturating_sub(self.first_updated()).clamp(0, self.replicas().max(0))
    }

    /// Whether pods are replaced only when someone deletes them.
    pub fn is_on_delete(&self) -> bool {
        self.spec.update_strategy.kind.as_deref() == Some("OnDelete")
    }

    /// Whether a pod is made and updated only when the one before it is ready.
    pub fn is_ordered(&self) -> bool {
        self.spec.pod_management_policy.as_deref() != Some("Parallel")
    }

    /// The ordinal in the name of a pod of this set (Kubernetes 1.36
    /// `pkg/controller/statefulset/stateful_set_utils.go`, `getParentNameAndOrdinal`).
    pub fn ordinal_of(&self, pod: &str) -> Option<i64> {
        let rest = pod.strip_prefix(&*self.metadata.name)?.strip_prefix('-')?;
        rest.bytes().all(|byte| byte.is_ascii_digit()).then(|| rest.parse().ok())?
    }
}
