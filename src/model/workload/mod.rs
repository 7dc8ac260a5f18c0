//! Workloads: what a gate is asked to judge.

mod deployment;
mod replica_set;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use deployment::{Deployment, DeploymentSpec, DeploymentStatus};
pub use replica_set::{ReplicaSet, ReplicaSetStatus};

use super::{Namespace, ObjectName, PodTemplate, WorkloadMeta};
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
            _ => return Err(()),
        };
        let own = if kind == Self::Job { "batch" } else { "apps" };
        let fits = matches!(group, "") || group == own || group == format!("v1.{own}");
        if fits { Ok(kind) } else { Err(()) }
    }
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
pub enum Workload {
    /// `apps/v1` Deployment.
    Deployment(Deployment),
}

impl Workload {
    /// Its metadata.
    pub fn metadata(&self) -> &WorkloadMeta {
        match self {
            Self::Deployment(deployment) => &deployment.metadata,
        }
    }

    /// What its pods are made from.
    pub fn template(&self) -> &PodTemplate {
        match self {
            Self::Deployment(deployment) => &deployment.spec.template,
        }
    }

    /// Seconds a pod must be ready before it counts as available; 0 where it need not.
    pub fn min_ready_seconds(&self) -> i64 {
        match self {
            Self::Deployment(deployment) => deployment.spec.min_ready_seconds,
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
        for text in ["", "pod", "deploy.batch", "deployment.extensions"] {
            assert_eq!(text.parse::<Kind>(), Err(()), "{text}");
        }
    }
}
