//! Every question whose answer hangs on the kind of the workload: a new kind is a file here and an arm of each match.

mod deployment;
mod unmet;

use super::revision::{KnownRevision, RevisionId};
use crate::{
    model::{Condition, Kind, ReplicaSet, TemplateDigest, Workload},
    observation::Snapshot,
};

pub(super) use unmet::{Counts, Strictness, Unmet};

/// What the spec of a workload asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its pods are to run.
    Runs {
        /// How many; at least one.
        desired: u64,
    },
    /// Its rollout is held until someone resumes it.
    Paused,
    /// No pods are wanted.
    NoReplicas,
}

/// Whether workloads of a kind can be judged.
pub(super) const fn is_judged(kind: Kind) -> bool {
    match kind {
        Kind::Deployment => true,
        Kind::StatefulSet | Kind::DaemonSet | Kind::Job => false,
    }
}

/// The kind as its API writes it, e.g. for a field selector.
pub(super) const fn api_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Deployment => "Deployment",
        Kind::StatefulSet => "StatefulSet",
        Kind::DaemonSet => "DaemonSet",
        Kind::Job => "Job",
    }
}

/// The kind of the objects that hold revisions and that events speak of.
pub(super) const fn revision_api_name(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Deployment => Some("ReplicaSet"),
        Kind::StatefulSet | Kind::DaemonSet | Kind::Job => None,
    }
}

/// What is asked for.
pub(super) fn standing(workload: &Workload) -> Standing {
    match workload {
        Workload::Deployment(deployment) => deployment::standing(deployment),
    }
}

/// Whether the controller has seen the spec as it is.
pub(super) fn is_observed(workload: &Workload) -> bool {
    match workload {
        Workload::Deployment(deployment) => {
            deployment.status.observed_generation >= deployment.metadata.generation
        }
    }
}

/// Whether new pods come before old ones go; not where that is not known.
pub(super) fn surges(workload: &Workload) -> bool {
    match workload {
        Workload::Deployment(deployment) => deployment.surges(),
    }
}

/// Whether no pod may go before another is available; `None` where that is not known.
pub(super) fn keeps_all_available(workload: &Workload) -> Option<bool> {
    match workload {
        Workload::Deployment(deployment) => deployment.keeps_all_available(),
    }
}

/// The revisions of the workload, oldest first, of which at most one is that of the template.
pub(super) fn revisions(
    workload: &Workload,
    template: TemplateDigest,
    snapshot: &Snapshot,
) -> Vec<KnownRevision> {
    match workload {
        Workload::Deployment(deployment) => deployment::revisions(deployment, template, snapshot),
    }
}

/// What a watch shows of the object that holds a revision.
pub(super) fn known_revision(set: &ReplicaSet) -> KnownRevision {
    deployment::known(set)
}

/// Revisions that are gone and of which pods are still ending.
pub(super) fn gone_revisions(workload: &Workload, snapshot: &Snapshot) -> Vec<RevisionId> {
    match workload {
        Workload::Deployment(deployment) => deployment::gone(deployment, snapshot),
    }
}

/// Whether the controller once called this revision complete.
pub(super) fn was_complete(workload: &Workload, revision: &KnownRevision) -> bool {
    match workload {
        Workload::Deployment(deployment) => deployment::was_complete(deployment, revision),
    }
}

/// The conditions of completeness that are not met, in the order in which a rollout meets them; none if it is complete.
pub(super) fn unmet(
    workload: &Workload,
    new: Option<&RevisionId>,
    snapshot: &Snapshot,
    counts: &Counts,
    strictness: Strictness,
) -> Vec<Unmet> {
    match workload {
        Workload::Deployment(deployment) => {
            deployment::unmet(deployment, new, snapshot, counts, strictness)
        }
    }
}

/// The controller's refusal to make a new revision at all.
pub(super) fn revision_refused(workload: &Workload) -> Option<&Condition> {
    match workload {
        Workload::Deployment(deployment) => deployment::progressing(deployment)
            .filter(|condition| condition.has_reason("ReplicaSetCreateError")),
    }
}

/// What the controller's own deadline for progress says.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnProgress<'a> {
    /// The condition that tells of progress.
    pub(super) condition: &'a Condition,
    /// It speaks of the revision that was asked for.
    pub(super) is_of_revision: bool,
    /// The deadline passed.
    pub(super) has_passed: bool,
    /// The revision is complete, so no deadline runs.
    pub(super) is_complete: bool,
    /// Seconds without progress that are allowed; `None` for no deadline.
    pub(super) seconds: Option<u64>,
}

/// The controller's own deadline, where it has one and tells of it; `revision` is the object that is judged.
pub(super) fn own_progress<'a>(workload: &'a Workload, revision: &str) -> Option<OwnProgress<'a>> {
    match workload {
        Workload::Deployment(deployment) => deployment::own_progress(deployment, revision),
    }
}
