//! The kinds of workloads, and what holds their revisions.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
        /// Any other resource of a namespace, which its target names.
        Custom = "custom",
    }
}

impl Kind {
    /// The group of its API, and the resource in it, as RBAC names them; empty where the target names them.
    pub const fn resource(self) -> (&'static str, &'static str) {
        match self {
            Self::Deployment => ("apps", "deployments"),
            Self::StatefulSet => ("apps", "statefulsets"),
            Self::DaemonSet => ("apps", "daemonsets"),
            Self::Job => ("batch", "jobs"),
            Self::Rollout => ("argoproj.io", "rollouts"),
            Self::Custom => ("", ""),
        }
    }

    /// The version of its API; empty where the server tells it.
    pub const fn version(self) -> &'static str {
        match self {
            Self::Deployment | Self::StatefulSet | Self::DaemonSet | Self::Job => "v1",
            Self::Rollout => "v1alpha1",
            Self::Custom => "",
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
            Self::Custom => "custom resource",
        }
    }

    /// What holds the revisions of a workload; `None` where it has only one.
    pub const fn revisions(self) -> Option<RevisionKind> {
        match self {
            Self::Deployment | Self::Rollout => Some(RevisionKind::ReplicaSet),
            Self::StatefulSet | Self::DaemonSet => Some(RevisionKind::ControllerRevision),
            Self::Job | Self::Custom => None,
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
