//! Every question whose answer hangs on the kind of the workload: a new kind is a file here and an arm of each match.

mod daemon_set;
mod deployment;
mod job;
mod revisions;
mod rollout;
#[cfg(test)]
mod rollout_tests;
mod stateful_set;
#[cfg(test)]
mod tests;
mod unmet;

use super::{
    Cause,
    revision::{KnownRevision, RevisionId},
};
use crate::{
    model::{
        AnalysisRun, AnalysisStatus, Condition, Kind, Pod, ReplicaSet, RevisionKind, ServerTime,
        TemplateDigest, Workload,
    },
    observation::Snapshot,
    phrases,
    text::Clean,
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
    /// An Argo Rollout has come to a point where it waits for someone.
    Held {
        /// Pods of the new revision that there are.
        pods: u64,
        /// What it waits at.
        hold: Hold,
    },
    /// No pods are wanted.
    NoReplicas,
    /// Pods are replaced only when someone deletes them, and none has been.
    OnDelete,
    /// The partition keeps every pod at its revision.
    Partitioned,
}

/// Where an Argo Rollout waits until someone lets it go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hold {
    /// A pause without a length.
    Step {
        /// Its place among the steps, from 1 on.
        number: u64,
        /// All steps.
        all: u64,
    },
    /// Traffic is not switched to the new revision by itself.
    Switch,
    /// An analysis or an experiment could not decide.
    Inconclusive,
    /// The spec asks for it, at whatever point.
    Spec,
}

impl Hold {
    /// What a pass leaves open that was given here.
    pub(super) fn accepted(self) -> Clean {
        match self {
            Self::Step { number, all } => phrases::rollout::accepted_at_step(number, all),
            Self::Switch | Self::Inconclusive | Self::Spec => {
                phrases::rollout::accepted_before_switch()
            }
        }
    }

    /// Whether someone may have wanted it, so that `--accept-pause` speaks of it.
    pub(super) const fn is_meant(self) -> bool {
        matches!(self, Self::Step { .. } | Self::Switch)
    }
}

/// Why a controller gave an update up, or does not begin it.
#[derive(Clone, Copy, Debug)]
pub(super) enum GivenUp<'a> {
    /// The spec asks for what is not there, or cannot be.
    Invalid(&'a Condition),
    /// An analysis did not go well; with its run, where that could be read.
    Analysis(&'a AnalysisStatus, Option<&'a AnalysisRun>),
    /// Someone aborted it, or its progress deadline did; with what the controller says.
    Aborted(Option<&'a Condition>),
}

/// How a workload ended that comes to an end by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It did its work.
    Complete {
        /// In its controller's words.
        how: Clean,
        /// By the server's clock.
        at: Option<ServerTime>,
    },
    /// It failed for good.
    Failed {
        /// In its controller's words.
        why: Clean,
    },
}

/// The kind of the objects that hold revisions and that events speak of.
pub(super) const fn revision_api_name(kind: Kind) -> Option<&'static str> {
    match kind.revisions() {
        Some(RevisionKind::ReplicaSet) => Some("ReplicaSet"),
        // no event speaks of a ControllerRevision
        Some(RevisionKind::ControllerRevision) | None => None,
    }
}

/// What is asked for.
pub(super) fn standing(workload: &Workload) -> Standing {
    match workload {
        Workload::Deployment(deployment) => deployment::standing(deployment),
        Workload::StatefulSet(set) => stateful_set::standing(set),
        Workload::DaemonSet(set) => daemon_set::standing(set),
        Workload::Job(job) => job::standing(job),
        Workload::Rollout(rollout) => rollout::standing(rollout),
    }
}

/// Whether the controller has seen the spec as it is.
pub(super) fn is_observed(workload: &Workload) -> bool {
    match workload {
        Workload::Deployment(deployment) => {
            deployment.status.observed_generation >= deployment.metadata.generation
        }
        Workload::StatefulSet(set) => stateful_set::is_observed(set),
        Workload::DaemonSet(set) => daemon_set::is_observed(set),
        // its status tells no generation, and its template never changes
        Workload::Job(_) => true,
        Workload::Rollout(rollout) => rollout::is_observed(rollout),
    }
}

/// Whether it is whole: what a watch shows lacks a template that another workload holds.
pub(super) fn is_whole(workload: &Workload) -> bool {
    match workload {
        Workload::Rollout(rollout) => rollout.has_template(),
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_) => true,
    }
}

/// Whether another revision is wanted than the one of this template, or of this object once that is known.
pub(super) fn is_replaced(
    workload: &Workload,
    template: TemplateDigest,
    revision: Option<&str>,
) -> bool {
    match workload {
        Workload::Rollout(it) => {
            revision.is_some_and(|revision| rollout::is_replaced(it, revision))
        }
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_) => workload.template().digest != template,
    }
}

/// Whether new pods come before old ones go; not where that is not known.
pub(super) fn surges(workload: &Workload) -> bool {
    match workload {
        Workload::Deployment(deployment) => deployment.surges(),
        Workload::DaemonSet(set) => set.surges(),
        // beside the old ones, unless a canary's maxSurge is 0, which is rare
        Workload::Rollout(_) => true,
        Workload::StatefulSet(_) | Workload::Job(_) => false,
    }
}

/// Whether no pod may go before another is available; `None` where that is not known.
pub(super) fn keeps_all_available(workload: &Workload) -> Option<bool> {
    match workload {
        Workload::Deployment(deployment) => deployment.keeps_all_available(),
        Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_)
        | Workload::Rollout(_) => Some(false),
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
        Workload::StatefulSet(set) => stateful_set::revisions(set, snapshot),
        Workload::DaemonSet(set) => daemon_set::revisions(set, snapshot),
        Workload::Job(job) => vec![job::revision(job)],
        Workload::Rollout(rollout) => rollout::revisions(rollout, snapshot),
    }
}

/// What a watch shows of the object that holds a revision.
pub(super) fn known_revision(set: &ReplicaSet) -> KnownRevision {
    deployment::known(set)
}

/// Revisions that are gone and of which pods are still ending.
pub(super) fn gone_revisions(workload: &Workload, snapshot: &Snapshot) -> Vec<RevisionId> {
    match workload {
        Workload::Deployment(_) | Workload::Rollout(_) => {
            deployment::gone(workload.metadata(), snapshot)
        }
        Workload::StatefulSet(_) | Workload::DaemonSet(_) => by_hash(workload, snapshot),
        Workload::Job(_) => Vec::new(),
    }
}

/// Whether the controller once called this revision complete.
pub(super) fn was_complete(workload: &Workload, revision: &KnownRevision) -> bool {
    match workload {
        Workload::Deployment(deployment) => deployment::was_complete(deployment, revision),
        Workload::StatefulSet(set) => stateful_set::was_complete(set, revision),
        Workload::DaemonSet(set) => daemon_set::was_complete(set),
        Workload::Rollout(rollout) => rollout::was_complete(rollout, revision),
        Workload::Job(_) => false,
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
    let mut unmet = Vec::new();
    if !is_observed(workload) {
        unmet.push(Unmet::Generation);
    }
    let Some(new) = new else {
        unmet.push(Unmet::NoRevision { old: counts.old });
        return unmet;
    };
    unmet.extend(match workload {
        Workload::Deployment(deployment) => {
            deployment::unmet(deployment, new, snapshot, counts, strictness)
        }
        Workload::StatefulSet(set) => stateful_set::unmet(set, new, counts, strictness),
        Workload::DaemonSet(set) => daemon_set::unmet(set, counts, strictness),
        Workload::Job(job) => job::unmet(job, counts),
        Workload::Rollout(rollout) => rollout::unmet(rollout, new, snapshot, counts, strictness),
    });
    unmet
}

/// The controller's refusal to make a new revision at all.
pub(super) fn revision_refused(workload: &Workload) -> Option<&Condition> {
    match workload {
        Workload::Deployment(deployment) => deployment::progressing(deployment)
            .filter(|condition| condition.has_reason("ReplicaSetCreateError")),
        Workload::Rollout(rollout) => rollout::revision_refused(rollout),
        // events alone tell of a refusal
        Workload::StatefulSet(_) | Workload::DaemonSet(_) | Workload::Job(_) => None,
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
        Workload::Rollout(rollout) => rollout::own_progress(rollout, revision),
        Workload::StatefulSet(_) | Workload::DaemonSet(_) | Workload::Job(_) => None,
    }
}

/// Why the controller gave the update up; `revision` is the object that is judged.
pub(super) fn given_up<'a>(workload: &'a Workload, revision: Option<&str>) -> Option<GivenUp<'a>> {
    match workload {
        Workload::Rollout(rollout) => rollout::given_up(rollout, revision),
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_) => None,
    }
}

/// Revisions that pods of the workload carry though no object holds them any more.
fn by_hash(workload: &Workload, snapshot: &Snapshot) -> Vec<RevisionId> {
    let uid = &workload.metadata().uid;
    let own = snapshot.pods().filter(|pod| pod.metadata.controller() == Some(uid));
    own.filter_map(RevisionId::of).collect()
}

/// How a workload ended that ends by itself.
pub(super) fn ending(workload: &Workload) -> Option<Ending> {
    match workload {
        Workload::Job(job) => job::ending(job),
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Rollout(_) => None,
    }
}

/// Whether a cause fails the target; else it is reported only.
pub(super) const fn fails(kind: Kind, cause: Cause) -> bool {
    match kind {
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Rollout => true,
        Kind::Job => job::fails_early(cause),
    }
}

/// Whether pods run to their end, so that an end of theirs is no failure by itself and no window follows.
pub(super) const fn ends(kind: Kind) -> bool {
    matches!(kind, Kind::Job)
}

/// Whether a pod that is not of the new revision is not waited for.
pub(super) fn is_spared(workload: &Workload, pod: &Pod) -> bool {
    match workload {
        // old pods may wait for their scale-down delay
        Workload::Rollout(_) => true,
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_) => is_kept(workload, pod),
    }
}

/// Whether a pod that is not of the new revision is to stay as it is.
pub(super) fn is_kept(workload: &Workload, pod: &Pod) -> bool {
    match workload {
        Workload::StatefulSet(set) => stateful_set::is_spared(set, pod),
        Workload::DaemonSet(set) => set.is_on_delete(),
        Workload::Rollout(rollout) => {
            matches!(rollout::standing(rollout), Standing::Held { .. })
                && !pod.metadata.is_terminating()
        }
        Workload::Deployment(_) | Workload::Job(_) => false,
    }
}

/// The pod of another revision for which the controller waits before it updates any.
pub(super) fn blocking<'a>(
    workload: &Workload,
    new: &RevisionId,
    snapshot: &'a Snapshot,
) -> Option<&'a Pod> {
    match workload {
        Workload::StatefulSet(set) => stateful_set::blocking(set, new, snapshot),
        Workload::Deployment(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_)
        | Workload::Rollout(_) => None,
    }
}
