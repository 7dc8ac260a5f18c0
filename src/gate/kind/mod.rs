//! Every question whose answer hangs on the kind of the workload: a new kind is a file here and an arm of each match.

mod controller;
mod controller_revisions;
pub(super) mod custom;
mod daemon_set;
mod deployment;
mod job;
mod replacing;
mod revisions;
mod rollout;
#[cfg(test)]
mod rollout_tests;
mod standing;
mod stateful_set;
#[cfg(test)]
mod tests;
mod unmet;

use super::{
    Cause,
    ledger::{PodRecord, Purpose},
    revision::{KnownRevision, RevisionId},
};
use crate::{
    model::{Kind, TemplateDigest, Workload},
    observation::Snapshot,
};

pub(super) use controller::{GivenUp, OwnProgress};
pub(super) use replacing::{
    blocking, can_be_rolled_back, is_kept, is_on_delete, is_spared, keeps_all_available, surges,
};
pub(super) use revisions::{
    gone_revisions, is_replaced, known_revision, revision_api_name, revision_refused, revisions,
    was_complete,
};
pub(super) use standing::{Ending, Hold, Standing};
pub(super) use unmet::{Counts, Strictness, Unmet};

/// What is asked for.
pub(super) fn standing(workload: &Workload) -> Standing {
    match workload {
        Workload::Deployment(deployment) => deployment::standing(deployment),
        Workload::StatefulSet(set) => stateful_set::standing(set),
        Workload::DaemonSet(set) => daemon_set::standing(set),
        Workload::Job(job) => job::standing(job),
        Workload::Rollout(rollout) => rollout::standing(rollout),
        // how many pods it is to have, nothing tells
        Workload::Custom(_) => Standing::Runs { desired: 0 },
    }
}

/// What is wanted of a workload, to be compared: its template, or its generation where it has none.
pub(super) fn wanted(workload: &Workload) -> (TemplateDigest, Option<i64>) {
    let generation = match workload {
        Workload::Custom(_) => Some(workload.metadata().generation),
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_)
        | Workload::Rollout(_) => None,
    };
    (workload.template().digest, generation)
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
        // it is its own revision, whichever generation its conditions speak of
        Workload::Custom(_) => true,
    }
}

/// Whether it is whole: what a watch shows lacks a template that another workload holds.
pub(super) fn is_whole(workload: &Workload) -> bool {
    match workload {
        Workload::Rollout(rollout) => rollout.has_template(),
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_)
        | Workload::Custom(_) => true,
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
        Workload::Custom(_) => counts.unmet(strictness, 0).collect(),
    });
    unmet
}

/// The controller's own deadline, where it has one and tells of it; `revision` is the object that is judged.
pub(super) fn own_progress<'a>(workload: &'a Workload, revision: &str) -> Option<OwnProgress<'a>> {
    match workload {
        Workload::Deployment(deployment) => deployment::own_progress(deployment, revision),
        Workload::Rollout(rollout) => rollout::own_progress(rollout, revision),
        Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_)
        | Workload::Custom(_) => None,
    }
}

/// Why the controller gave the update up; `revision` is the object that is judged.
pub(super) fn given_up<'a>(workload: &'a Workload, revision: Option<&str>) -> Option<GivenUp<'a>> {
    match workload {
        Workload::Rollout(rollout) => rollout::given_up(rollout, revision),
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_)
        | Workload::Custom(_) => None,
    }
}

/// How a workload ended that ends by itself.
pub(super) fn ending(workload: &Workload) -> Option<Ending> {
    match workload {
        Workload::Job(job) => job::ending(job),
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Rollout(_)
        | Workload::Custom(_) => None,
    }
}

/// Whether a cause fails the target; else it is reported only.
pub(super) const fn fails(kind: Kind, cause: Cause) -> bool {
    match kind {
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Rollout | Kind::Custom => {
            true
        }
        Kind::Job => job::fails_early(cause),
    }
}

/// Whether a cause fails the target where this pod shows it: an attempt of a Job fails no more than a Job.
pub(super) const fn fails_with(pod: &PodRecord, cause: Cause) -> bool {
    match pod.purpose {
        Purpose::Serves | Purpose::Works => true,
        Purpose::Attempt(_) => job::fails_early(cause),
    }
}

/// Whether pods run to their end, so that an end of theirs is no failure by itself and no window follows.
pub(super) const fn ends(kind: Kind) -> bool {
    matches!(kind, Kind::Job)
}
