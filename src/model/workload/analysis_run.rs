//! AnalysisRuns of Argo (`argoproj.io/v1alpha1`): what measures a Rollout.

use serde::{Deserialize, Serialize};

use super::super::{Meta, null_default};
use crate::text::{Redactor, Untrusted};

/// A run of measurements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnalysisRun {
    /// Name and UID.
    pub metadata: Meta,
    /// What was measured.
    #[serde(default, deserialize_with = "null_default")]
    pub status: AnalysisRunStatus,
}

/// What was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AnalysisRunStatus {
    /// By metric.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub metric_results: Vec<MetricResult>,
}

/// The measurements of one metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricResult {
    /// The metric.
    pub name: Untrusted,
    /// `Pending`, `Running`, `Successful`, `Failed`, `Error` or `Inconclusive`.
    #[serde(default, deserialize_with = "null_default")]
    pub phase: Box<str>,
    /// Whether its failure is noted only.
    #[serde(default, deserialize_with = "null_default")]
    pub dry_run: bool,
    /// The latest ones, oldest first.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub measurements: Vec<Measurement>,
}

/// One measurement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Measurement {
    /// As of its metric.
    #[serde(deserialize_with = "null_default")]
    pub phase: Box<str>,
    /// What was measured, as its provider writes it.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "Untrusted::is_empty")]
    pub value: Untrusted,
    /// What went wrong.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "Untrusted::is_empty")]
    pub message: Untrusted,
    /// Whence it comes.
    #[serde(deserialize_with = "null_default", skip_serializing_if = "MeasurementMeta::is_empty")]
    pub metadata: MeasurementMeta,
}

/// Whence a measurement comes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct MeasurementMeta {
    /// The Job that measured, where a Job does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_name: Option<Box<str>>,
}

impl MeasurementMeta {
    fn is_empty(&self) -> bool {
        self.job_name.is_none()
    }
}

impl AnalysisRun {
    /// Hides secrets in what was measured.
    pub fn redact(&mut self, redactor: &Redactor) {
        for result in &mut self.status.metric_results {
            for measurement in &mut result.measurements {
                measurement.value.redact(redactor);
                measurement.message.redact(redactor);
            }
        }
    }

    /// The metrics that made it end with this phase.
    pub fn decisive(&self, phase: &str) -> impl Iterator<Item = &MetricResult> {
        let results = self.status.metric_results.iter();
        results.filter(move |result| &*result.phase == phase && !result.dry_run)
    }
}
