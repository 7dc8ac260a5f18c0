//! What an Argo Rollout should run, and by which steps.

use serde::{Deserialize, Serialize};

use crate::model::{LabelSelector, PodTemplate, null_default};

/// What a Rollout should run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RolloutSpec {
    /// How many pods; absent means 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i64>,
    /// Whether it is held at whatever step it has reached.
    #[serde(default, deserialize_with = "null_default")]
    pub paused: bool,
    /// Seconds a pod must be ready before it counts as available.
    #[serde(default, deserialize_with = "null_default")]
    pub min_ready_seconds: i64,
    /// Seconds without progress after which the controller gives up; absent means 600.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress_deadline_seconds: Option<i64>,
    /// How pods are replaced.
    #[serde(default, deserialize_with = "null_default")]
    pub strategy: RolloutStrategy,
    /// Which pods are its own.
    #[serde(default, deserialize_with = "null_default")]
    pub selector: LabelSelector,
    /// What its pods are made from: its own template, or that of the workload that it refers to, once that was read.
    #[serde(default, deserialize_with = "null_default")]
    pub template: PodTemplate,
    /// The workload that holds the template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload_ref: Option<WorkloadRef>,
}

/// A workload whose template a Rollout takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadRef {
    /// `Deployment`, `ReplicaSet` or `PodTemplate`.
    pub kind: Box<str>,
    /// Its name.
    pub name: Box<str>,
}

/// How a Rollout replaces its pods: one of both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RolloutStrategy {
    /// Step by step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canary: Option<Canary>,
    /// All at once, beside the old pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blue_green: Option<BlueGreen>,
}

/// A strategy of steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Canary {
    /// What happens one after the other; without steps, pods are replaced as by a rolling update.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// A step, as far as it may hold the rollout; the other kinds of steps are over by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Step {
    /// A pause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
}

/// A pause between two steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pause {
    /// How long it lasts, in seconds or as `5m`; until someone ends it where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Length>,
}

/// A duration as Argo takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Length {
    /// So many seconds.
    Seconds(i64),
    /// As Go writes it, or seconds without a unit.
    Text(Box<str>),
}

/// A strategy of two sets of pods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BlueGreen {
    /// Whether traffic is switched as soon as the new pods are available; absent means that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_promotion_enabled: Option<bool>,
    /// Seconds after which it is switched all the same; absent or 0 means never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_promotion_seconds: Option<i64>,
}
