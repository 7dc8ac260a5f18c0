//! What the controller of Argo Rollouts says.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    model::{Condition, null_default},
    text::Untrusted,
};

/// What the Rollout controller saw. Absent counts are 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RolloutStatus {
    /// The generation that the rest speaks of; a number in a string.
    #[serde(deserialize_with = "text_or_number", skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<Box<str>>,
    /// The generation of the workload that it refers to.
    #[serde(deserialize_with = "text_or_number", skip_serializing_if = "Option::is_none")]
    pub workload_observed_generation: Option<Box<str>>,
    /// By which the pods of the new revision are labelled.
    #[serde(rename = "currentPodHash", deserialize_with = "null_default")]
    pub current_hash: Box<str>,
    /// The hash of the revision that serves; the first revision is called so before its pods are ready.
    #[serde(rename = "stableRS", deserialize_with = "null_default")]
    pub stable_hash: Box<str>,
    /// Steps that are over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_step_index: Option<i64>,
    /// `Healthy`, `Degraded`, `Paused` or `Progressing`.
    #[serde(deserialize_with = "null_default")]
    pub phase: Box<str>,
    /// Whether the update was given up; the stable revision is scaled up again then.
    #[serde(deserialize_with = "null_default")]
    pub abort: bool,
    /// Why it is paused; emptied by whoever ends the pause.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub pause_conditions: Vec<PauseCondition>,
    /// Pods of the new revision.
    #[serde(deserialize_with = "null_default")]
    pub updated_replicas: i64,
    /// Pods of all revisions, those that wait for their scale-down delay included.
    #[serde(deserialize_with = "null_default")]
    pub replicas: i64,
    /// Pods that were ready for `minReadySeconds`: of all revisions, of the active one with blue-green.
    #[serde(deserialize_with = "null_default")]
    pub available_replicas: i64,
    /// Analysis of a canary.
    #[serde(deserialize_with = "null_default")]
    pub canary: CanaryStatus,
    /// Analysis and traffic of a blue-green update.
    #[serde(deserialize_with = "null_default")]
    pub blue_green: BlueGreenStatus,
    /// `Progressing`, `Available`, `Healthy`, `Completed`, `Paused`, `InvalidSpec`, `ReplicaFailure`.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}

/// Why a Rollout is paused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseCondition {
    /// `CanaryPauseStep`, `BlueGreenPause`, `InconclusiveAnalysisRun` or `InconclusiveExperiment`.
    pub reason: Box<str>,
}

/// What a canary is analysed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CanaryStatus {
    /// The run of a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_step_analysis_run_status: Option<AnalysisStatus>,
    /// The run beside the steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_background_analysis_run_status: Option<AnalysisStatus>,
}

/// What a blue-green update is analysed by, and which revision serves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BlueGreenStatus {
    /// The hash of the revision that the active service leads to.
    #[serde(deserialize_with = "null_default")]
    pub active_selector: Box<str>,
    /// The run before the switch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_promotion_analysis_run_status: Option<AnalysisStatus>,
    /// The run after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_promotion_analysis_run_status: Option<AnalysisStatus>,
}

/// An AnalysisRun as the status of its Rollout tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnalysisStatus {
    /// The AnalysisRun.
    pub name: Box<str>,
    /// Its phase: `Pending`, `Running`, `Successful`, `Failed`, `Error` or `Inconclusive`.
    #[serde(default, rename = "status", deserialize_with = "null_default")]
    pub phase: Box<str>,
    /// Which metric decided, and why.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "Untrusted::is_empty"
    )]
    pub message: Untrusted,
}

impl AnalysisStatus {
    /// Whether it ended, and not well.
    pub fn has_failed(&self) -> bool {
        matches!(&*self.phase, "Failed" | "Error" | "Inconclusive")
    }
}

/// Argo writes generations as strings; versions before 0.10 wrote hashes.
fn text_or_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Box<str>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(Box<str>),
        Number(i64),
    }
    Ok(Option::deserialize(from)?.map(|either| match either {
        Either::Text(text) => text,
        Either::Number(number) => number.to_string().into(),
    }))
}
