//! Rollouts of Argo (`argoproj.io/v1alpha1`): what its controller writes was seen at v1.9.2.

mod spec;
mod status;

use serde::{Deserialize, Serialize};

use spec::RolloutSpec;
pub use spec::WorkloadRef;
pub use status::AnalysisStatus;
use status::RolloutStatus;

use super::analysis_run::AnalysisRun;
use crate::model::{WorkloadMeta, null_default};

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
