//! Jobs (`batch/v1`).

use serde::{Deserialize, Serialize};

use super::super::{Condition, LabelSelector, PodTemplate, ServerTime, WorkloadMeta, null_default};

/// A Job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Name, UID, generation, and who deploys it.
    pub metadata: WorkloadMeta,
    /// What should run.
    pub spec: JobSpec,
    /// What the controller saw.
    #[serde(default, deserialize_with = "null_default")]
    pub status: JobStatus,
}

/// What a Job should run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobSpec {
    /// Pods that run at a time; absent means 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<i64>,
    /// Pods that must succeed; absent means that any success will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completions: Option<i64>,
    /// Whether no pods are to run.
    #[serde(default, deserialize_with = "null_default")]
    pub suspend: bool,
    /// Which pods are its own; the server sets it to the Job's UID.
    #[serde(default, deserialize_with = "null_default")]
    pub selector: LabelSelector,
    /// What its pods are made from.
    pub template: PodTemplate,
}

/// What the Job controller saw. Absent counts are 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JobStatus {
    /// Pods that ended well.
    #[serde(deserialize_with = "null_default")]
    pub succeeded: i64,
    /// Pods that failed, those that were deleted when the Job failed included.
    #[serde(deserialize_with = "null_default")]
    pub failed: i64,
    /// Indexes that failed for good, e.g. `1,3-5`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_indexes: Option<Box<str>>,
    /// When it completed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_time: Option<ServerTime>,
    /// `SuccessCriteriaMet`, `Complete`, `FailureTarget`, `Failed`, `Suspended`.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}

impl Job {
    /// The condition that decides it: success and failure are decided before the pods have ended, by
    /// `SuccessCriteriaMet` and `FailureTarget` (Kubernetes 1.36 `pkg/controller/job/job_controller.go`,
    /// `delayTerminalCondition`).
    pub fn ending(&self) -> Option<JobEnding<'_>> {
        let complete = || self.status.either("Complete", "SuccessCriteriaMet");
        let failed = self.status.failed().map(JobEnding::Failed);
        failed.or_else(|| complete().map(JobEnding::Complete))
    }
}

impl JobStatus {
    /// The condition by which it failed for good.
    pub fn failed(&self) -> Option<&Condition> {
        self.either("Failed", "FailureTarget")
    }

    fn either(&self, first: &str, second: &str) -> Option<&Condition> {
        let holds = |kind: &str| {
            self.conditions.iter().find(|one| one.kind.as_ref() == kind && one.is_true())
        };
        holds(first).or_else(|| holds(second))
    }
}

/// How a Job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobEnding<'a> {
    /// By enough successes.
    Complete(&'a Condition),
    /// For good; the condition's reason says by which limit.
    Failed(&'a Condition),
}
