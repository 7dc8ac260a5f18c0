//! Workloads: what a gate is asked to judge.

mod analysis_run;
mod controller_revision;
mod custom;
mod daemon_set;
mod deployment;
mod job;
mod kind;
mod replica_set;
mod rollout;
mod stateful_set;
mod target;

use serde::{Deserialize, Serialize};

pub use analysis_run::{AnalysisRun, MetricResult};
pub use controller_revision::ControllerRevision;
pub use custom::{Custom, CustomStatus, Lineage, OwnedJob, ResourceCondition, UnreadableOwner};
pub use daemon_set::DaemonSet;
pub use deployment::{Deployment, DeploymentSpec, DeploymentStatus};
pub use job::{Job, JobEnding, JobStatus};
pub use kind::{Kind, RevisionKind};
pub use replica_set::{ReplicaSet, ReplicaSetStatus};
pub use rollout::{AnalysisStatus, Rollout, WorkloadRef};
pub use stateful_set::StatefulSet;
pub use target::{ResourceName, ResourceNameError, TargetKind, TargetName, TargetRef};

use super::{LabelSelector, PodTemplate, WorkloadMeta};

/// A workload as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one a target, behind an Arc, so a box would save nothing"
)]
pub enum Workload {
    /// `apps/v1` Deployment.
    Deployment(Deployment),
    /// `apps/v1` StatefulSet.
    StatefulSet(StatefulSet),
    /// `apps/v1` DaemonSet.
    DaemonSet(DaemonSet),
    /// `batch/v1` Job.
    Job(Job),
    /// `argoproj.io/v1alpha1` Rollout.
    Rollout(Rollout),
    /// Any other resource.
    Custom(Custom),
}

impl Workload {
    /// Of which kind it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Deployment(_) => Kind::Deployment,
            Self::StatefulSet(_) => Kind::StatefulSet,
            Self::DaemonSet(_) => Kind::DaemonSet,
            Self::Job(_) => Kind::Job,
            Self::Rollout(_) => Kind::Rollout,
            Self::Custom(_) => Kind::Custom,
        }
    }

    /// Its metadata.
    pub fn metadata(&self) -> &WorkloadMeta {
        match self {
            Self::Deployment(deployment) => &deployment.metadata,
            Self::StatefulSet(set) => &set.metadata,
            Self::DaemonSet(set) => &set.metadata,
            Self::Job(job) => &job.metadata,
            Self::Rollout(rollout) => &rollout.metadata,
            Self::Custom(custom) => &custom.metadata,
        }
    }

    /// Its metadata, to hide secrets in it.
    pub fn metadata_mut(&mut self) -> &mut WorkloadMeta {
        match self {
            Self::Deployment(deployment) => &mut deployment.metadata,
            Self::StatefulSet(set) => &mut set.metadata,
            Self::DaemonSet(set) => &mut set.metadata,
            Self::Job(job) => &mut job.metadata,
            Self::Rollout(rollout) => &mut rollout.metadata,
            Self::Custom(custom) => &mut custom.metadata,
        }
    }

    /// What its pods are made from; empty for a custom resource.
    pub fn template(&self) -> &PodTemplate {
        match self {
            Self::Deployment(deployment) => &deployment.spec.template,
            Self::StatefulSet(set) => &set.spec.template,
            Self::DaemonSet(set) => &set.spec.template,
            Self::Job(job) => &job.spec.template,
            Self::Rollout(rollout) => &rollout.spec.template,
            Self::Custom(_) => custom::no_template(),
        }
    }

    /// Seconds a pod must be ready before it counts as available; 0 where it need not.
    pub fn min_ready_seconds(&self) -> i64 {
        match self {
            Self::Deployment(deployment) => deployment.spec.min_ready_seconds,
            Self::StatefulSet(set) => set.spec.min_ready_seconds,
            Self::DaemonSet(set) => set.spec.min_ready_seconds,
            Self::Job(_) | Self::Custom(_) => 0,
            Self::Rollout(rollout) => rollout.spec.min_ready_seconds,
        }
    }

    /// How many pods should run; `None` where its status alone tells.
    pub fn pods_wanted(&self) -> Option<u64> {
        let wanted = match self {
            Self::Deployment(deployment) => deployment.replicas(),
            Self::StatefulSet(set) => set.replicas(),
            Self::Rollout(rollout) => rollout.replicas(),
            Self::DaemonSet(_) | Self::Job(_) | Self::Custom(_) => return None,
        };
        Some(u64::try_from(wanted).unwrap_or(0))
    }

    /// Which pods are its own, with those of other workloads that carry the same labels. Those of a custom resource are known
    /// by their owners alone.
    pub fn selector(&self) -> &LabelSelector {
        match self {
            Self::Deployment(deployment) => &deployment.spec.selector,
            Self::StatefulSet(set) => &set.spec.selector,
            Self::DaemonSet(set) => &set.spec.selector,
            Self::Job(job) => &job.spec.selector,
            Self::Rollout(rollout) => &rollout.spec.selector,
            Self::Custom(_) => custom::every_pod(),
        }
    }
}
