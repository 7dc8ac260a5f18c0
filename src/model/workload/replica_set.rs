//! ReplicaSets: the revisions of a Deployment.

use serde::{Deserialize, Serialize};

use super::super::{Condition, Meta, PodTemplate, null_default};

/// One revision of a Deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaSet {
    /// Name, UID, owner, revision number.
    pub metadata: Meta,
    /// What it should run.
    pub spec: ReplicaSetSpec,
    /// What its controller saw.
    #[serde(default, deserialize_with = "null_default")]
    pub status: ReplicaSetStatus,
}

/// What a ReplicaSet should run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaSetSpec {
    /// How many pods; absent means 1.
    pub replicas: Option<i64>,
    /// What they are made from.
    pub template: PodTemplate,
}

/// What the ReplicaSet controller saw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplicaSetStatus {
    /// The generation that the rest of the status speaks of.
    #[serde(default, deserialize_with = "null_default")]
    pub observed_generation: i64,
    /// Pods that exist.
    #[serde(default, deserialize_with = "null_default")]
    pub replicas: i64,
    /// Pods that are ready for long enough.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "is_zero")]
    pub available_replicas: i64,
    /// `ReplicaFailure` with the API server's refusal, while pods can't be created.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}

fn is_zero(count: &i64) -> bool {
    *count == 0
}
