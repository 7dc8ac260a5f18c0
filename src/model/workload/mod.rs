//! Workloads: what a gate is asked to judge.

mod analysis_run;
mod controller_revision;
mod daemon_set;
mod deployment;
mod job;
mod replica_set;
mod rollout;
mod stateful_set;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use analysis_run::{AnalysisRun, MetricResult};
pub use controller_revision::ControllerRevision;
pub use daemon_set::DaemonSet;
pub use deployment::{Deployment, DeploymentSpec, DeploymentStatus};
pub use job::{Job, JobEnding};
pub use replica_set::{ReplicaSet, ReplicaSetStatus};
pub use rollout::{AnalysisStatus, Rollout, WorkloadRef};
pub use stateful_set::StatefulSet;

use super::{LabelSelector, Namespace, ObjectName, PodTemplate, WorkloadMeta};
use crate::text::words;

words! {
    /// A kind of workload, with the words that kubectl knows it by.
    pub enum Kind {
        /// `apps/v1` Deployment.
        Deployment = "deployment",
        /// `apps/v1` StatefulSet.
        StatefulSet = "statefulset",
        /// `apps/v1` DaemonSet.
        DaemonSet = "daemonset",
        /// `batch/v1` Job.
        Job = "job",
        /// `argoproj.io/v1alpha1` Rollout.
        Rollout = "rollout",
    }
}

impl Kind {
    /// The group of its API, and the resource in it, as RBAC names them.
    pub const fn resource(self) -> (&'static str, &'static str) {
        match self {
            Self::Deployment => ("apps", "deployments"),
            Self::StatefulSet => ("apps", "statefulsets"),
            Self::DaemonSet => ("apps", "daemonsets"),
            Self::Job => ("batch", "jobs"),
            Self::Rollout => ("argoproj.io", "rollouts"),
        }
    }

    /// The version of its API.
    pub const fn version(self) -> &'static str {
        match self {
            Self::Deployment | Self::StatefulSet | Self::DaemonSet | Self::Job => "v1",
            Self::Rollout => "v1alpha1",
        }
    }

    /// The kind as its API writes it, e.g. for a field selector.
    pub const fn api_name(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::Job => "Job",
            Self::Rollout => "Rollout",
        }
    }

    /// What holds the revisions of a workload; `None` where it has only one.
    pub const fn revisions(self) -> Option<RevisionKind> {
        match self {
            Self::Deployment | Self::Rollout => Some(RevisionKind::ReplicaSet),
            Self::StatefulSet | Self::DaemonSet => Some(RevisionKind::ControllerRevision),
            Self::Job => None,
        }
    }

    /// Whether it runs a pod on each node that it chooses.
    pub const fn is_on_each_node(self) -> bool {
        matches!(self, Self::DaemonSet)
    }
}

impl FromStr for Kind {
    type Err = ();

    /// Takes the names, plurals, short names and groups that kubectl takes.
    fn from_str(text: &str) -> Result<Self, ()> {
        let lower = text.to_ascii_lowercase();
        let (name, group) = lower.split_once('.').unwrap_or((&lower, ""));
        let kind = match name {
            "deployment" | "deployments" | "deploy" => Self::Deployment,
            "statefulset" | "statefulsets" | "sts" => Self::StatefulSet,
            "daemonset" | "daemonsets" | "ds" => Self::DaemonSet,
            "job" | "jobs" => Self::Job,
            "rollout" | "rollouts" | "ro" => Self::Rollout,
            _ => return Err(()),
        };
        let (own, _) = kind.resource();
        let versioned = format!("{}.{own}", kind.version());
        let fits = matches!(group, "") || group == own || group == versioned;
        if fits { Ok(kind) } else { Err(()) }
    }
}

/// The objects that hold the revisions of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RevisionKind {
    /// `apps/v1` ReplicaSets, which own the pods.
    ReplicaSet,
    /// `apps/v1` ControllerRevisions, which are named by a label of the pods.
    ControllerRevision,
}

/// What the user asked to be judged.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TargetRef {
    /// Its kind.
    pub kind: Kind,
    /// The namespace that it is looked for in.
    pub namespace: Namespace,
    /// Its name.
    pub name: ObjectName,
}

impl fmt::Display for TargetRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

// its parts are words of ours and names that were checked where they came from
impl crate::text::Shown for TargetRef {}

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
        }
    }

    /// What its pods are made from.
    pub fn template(&self) -> &PodTemplate {
        match self {
            Self::Deployment(deployment) => &deployment.spec.template,
            Self::StatefulSet(set) => &set.spec.template,
            Self::DaemonSet(set) => &set.spec.template,
            Self::Job(job) => &job.spec.template,
            Self::Rollout(rollout) => &rollout.spec.template,
        }
    }

    /// Seconds a pod must be ready before it counts as available; 0 where it need not.
    pub fn min_ready_seconds(&self) -> i64 {
        match self {
            Self::Deployment(deployment) => deployment.spec.min_ready_seconds,
            Self::StatefulSet(set) => set.spec.min_ready_seconds,
            Self::DaemonSet(set) => set.spec.min_ready_seconds,
            Self::Job(_) => 0,
            Self::Rollout(rollout) => rollout.spec.min_ready_seconds,
        }
    }

    /// How many pods should run; `None` where its status alone tells.
    pub fn pods_wanted(&self) -> Option<u64> {
        let wanted = match self {
            Self::Deployment(deployment) => deployment.replicas(),
            Self::StatefulSet(set) => set.replicas(),
            Self::Rollout(rollout) => rollout.replicas(),
            Self::DaemonSet(_) | Self::Job(_) => return None,
        };
        Some(u64::try_from(wanted).unwrap_or(0))
    }

    /// Which pods are its own, with those of other workloads that carry the same labels.
    pub fn selector(&self) -> &LabelSelector {
        match self {
            Self::Deployment(deployment) => &deployment.spec.selector,
            Self::StatefulSet(set) => &set.spec.selector,
            Self::DaemonSet(set) => &set.spec.selector,
            Self::Job(job) => &job.spec.selector,
            Self::Rollout(rollout) => &rollout.spec.selector,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_written_as_kubectl_takes_them() {
        for text in ["deploy", "Deployment", "deployments.apps", "deployment.v1.apps"] {
            assert_eq!(text.parse(), Ok(Kind::Deployment), "{text}");
        }
        assert_eq!("sts".parse(), Ok(Kind::StatefulSet));
        assert_eq!("jobs.batch".parse(), Ok(Kind::Job));
        for text in
            ["rollout", "rollouts", "ro", "rollouts.argoproj.io", "rollout.v1alpha1.argoproj.io"]
        {
            assert_eq!(text.parse(), Ok(Kind::Rollout), "{text}");
        }
        for text in ["", "pod", "deploy.batch", "deployment.extensions", "rollouts.v1.argoproj.io"]
        {
            assert_eq!(text.parse::<Kind>(), Err(()), "{text}");
        }
    }
}
