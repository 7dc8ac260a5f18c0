//! Rollouts of Argo (`argoproj.io/v1alpha1`): what its controller writes was seen at v1.9.2.

use serde::{Deserialize, Deserializer, Serialize};

use super::super::{Condition, LabelSelector, PodTemplate, WorkloadMeta, null_default};
use super::analysis_run::AnalysisRun;
use crate::text::Untrusted;

/// An Argo Rollout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollout {
    /// Name, UID, generation, and who deploys it.
    pub metadata: WorkloadMeta,
    /// What should run.
    pub spec: RolloutSpec,
    /// What the controller saw.
    #[serde(default, deserialize_with = "null_default")]
    pub status: RolloutStatus,
    /// The generation of the workload that holds its template; `None` without `workloadRef`, and in what a watch shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referenced_generation: Option<i64>,
    /// The AnalysisRuns that its status says did not go well, as far as they could be read; none in what a watch shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub analysis_runs: Vec<AnalysisRun>,
}

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

impl Rollout {
    /// How many pods it should run.
    pub fn replicas(&self) -> i64 {
        self.spec.replicas.unwrap_or(1)
    }

    /// Whether a read of it has what a watch does not show, so that its version does not tell all of it.
    pub fn is_more_than_itself(&self) -> bool {
        self.spec.workload_ref.is_some() || self.failed_analyses().next().is_some()
    }

    /// Whether its template is known: one that another workload holds is not in what a watch shows.
    pub fn has_template(&self) -> bool {
        self.spec.workload_ref.is_none() || self.referenced_generation.is_some()
    }

    /// The AnalysisRuns of the update that ended, and not well.
    pub fn failed_analyses(&self) -> impl Iterator<Item = &AnalysisStatus> {
        let RolloutStatus { canary, blue_green, .. } = &self.status;
        let runs = [
            &canary.current_step_analysis_run_status,
            &canary.current_background_analysis_run_status,
            &blue_green.pre_promotion_analysis_run_status,
            &blue_green.post_promotion_analysis_run_status,
        ];
        runs.into_iter().flatten().filter(|run| run.has_failed())
    }

    /// What its status tells of AnalysisRuns, so that their words can be redacted.
    pub fn analyses_mut(&mut self) -> impl Iterator<Item = &mut AnalysisStatus> {
        let RolloutStatus { canary, blue_green, .. } = &mut self.status;
        let runs = [
            &mut canary.current_step_analysis_run_status,
            &mut canary.current_background_analysis_run_status,
            &mut blue_green.pre_promotion_analysis_run_status,
            &mut blue_green.post_promotion_analysis_run_status,
        ];
        runs.into_iter().flatten()
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
