//! Which workloads of a cluster a selection chooses. A pure function of lists: whoever reads the cluster brings them.

mod choice;
mod jobs;
mod parse;
mod selector;
#[cfg(test)]
mod tests;
mod words;

pub use choice::{Chosen, There, Unmatched, choose};
pub use jobs::JobState;
pub use selector::{Labels, Selector, SelectorError};

use crate::{
    model::{Kind, Namespace, ObjectName, TargetRef},
    text::words as closed_words,
};

/// What is selected, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Kinds that were named; empty for the usual ones.
    pub kinds: Vec<Kind>,
    /// The namespace; `None` for all.
    pub namespace: Option<Namespace>,
    /// By what. Each must match something; what any of them matches is chosen.
    pub by: Vec<By>,
    /// Whether the present is looked at: Jobs too, those that matter now.
    pub present: bool,
}

/// By what workloads are selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Every one.
    Everything,
    /// By their labels.
    Labels(Selector),
    /// By the annotations of a Helm release.
    Helm {
        /// Its name.
        name: ObjectName,
        /// Its namespace; `None` for any.
        namespace: Option<Namespace>,
    },
}

/// A workload of the cluster, as far as a selection needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Which it is.
    pub target: TargetRef,
    /// Its labels.
    pub labels: Labels,
    /// The Helm release that it says it belongs to.
    pub helm: Option<HelmRelease>,
    /// Why a selection does not count it; `None` where it does.
    pub stopped: Option<Stopped>,
    /// How it ended, if it is a Job; `None` for other kinds.
    pub job: Option<JobState>,
}

/// A Helm release, as the annotations of its objects name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelmRelease {
    /// `meta.helm.sh/release-name`.
    pub name: Box<str>,
    /// `meta.helm.sh/release-namespace`; empty where that is missing.
    pub namespace: Box<str>,
}

closed_words! {
    /// Why a selection does not count a workload.
    pub enum Stopped {
        /// Its rollout is paused, or the Job suspended.
        Paused = "paused",
        /// It asks for no pods.
        NoReplicas = "0 replicas",
        /// Its deletion was requested.
        Deleted = "being deleted",
    }
}

/// The kinds that are selected where none is named. Argo Rollouts only where the cluster serves them.
pub const USUAL: [Kind; 4] = [Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::Rollout];

impl Selection {
    /// The kinds to list. A Helm release has Jobs too: those that are no hooks.
    pub fn kinds(&self) -> Vec<Kind> {
        if !self.kinds.is_empty() {
            return self.kinds.clone();
        }
        let has_jobs = self.present || self.by.iter().any(|by| matches!(by, By::Helm { .. }));
        USUAL.into_iter().chain(has_jobs.then_some(Kind::Job)).collect()
    }

    /// Whether it is of all that is there now.
    pub fn is_of_everything(&self) -> bool {
        self.present && self.kinds.is_empty() && self.by == [By::Everything]
    }

    /// The labels that the server may choose by; `None` where it cannot do the choosing.
    pub fn query(&self) -> Option<String> {
        match &*self.by {
            [By::Labels(selector)] => Some(selector.to_string()),
            _ => None,
        }
    }
}

impl By {
    /// Whether it chooses a workload. A Job of a Helm release that is selected by something else is not meant.
    fn has(&self, listed: &Listed, selection: &Selection) -> bool {
        let is_usual = !selection.kinds.is_empty()
            || selection.present
            || USUAL.contains(&listed.target.kind.kind());
        match self {
            Self::Everything => is_usual,
            Self::Labels(selector) => is_usual && selector.matches(&listed.labels),
            Self::Helm { name, namespace } => listed.helm.as_ref().is_some_and(|release| {
                *release.name == **name
                    && namespace.as_ref().is_none_or(|namespace| *release.namespace == **namespace)
            }),
        }
    }
}
