//! DaemonSets: their revisions are ControllerRevisions, and each node that is required runs a pod.

use super::{Counts, KnownRevision, Standing, Strictness, Unmet, controller_revisions::held};
use crate::{
    model::{ControllerRevision, DaemonSet},
    observation::Snapshot,
};

/// Whether nodes are chosen. With `OnDelete` those count whose pod someone has replaced.
pub(super) fn standing(set: &DaemonSet) -> Standing {
    let status = &set.status;
    let desired = match (is_observed(set), set.is_on_delete()) {
        // how many nodes there are is not known yet
        (false, _) => 1,
        (true, false) => status.desired_number_scheduled,
        (true, true) => status.updated_number_scheduled,
    };
    match u64::try_from(desired) {
        Ok(desired) if desired > 0 => Standing::Runs { desired },
        Ok(_) | Err(_) if status.desired_number_scheduled > 0 => Standing::OnDelete,
        Ok(_) | Err(_) => Standing::NoReplicas,
    }
}

/// Whether the controller has seen the spec as it is.
pub(super) fn is_observed(set: &DaemonSet) -> bool {
    set.status.observed_generation >= set.metadata.generation
}

/// Its revisions, oldest first. The one wanted has the greatest number (Kubernetes 1.36
/// `pkg/controller/daemon/update.go`, `constructHistory`, which numbers one that is used again anew).
pub(super) fn revisions(set: &DaemonSet, snapshot: &Snapshot) -> Vec<KnownRevision> {
    let uid = &set.metadata.uid;
    let hash = |revision: &ControllerRevision| {
        revision.metadata.labels.revision_hash.clone().unwrap_or_default()
    };
    let mut known = held(uid, snapshot, hash);
    if is_observed(set)
        && let Some(newest) = known.last_mut()
    {
        newest.is_wanted = true;
    }
    known
}

/// Whether the pods of every node have been replaced: what is not ready now broke later.
pub(super) fn was_complete(set: &DaemonSet) -> bool {
    let status = &set.status;
    is_observed(set) && status.updated_number_scheduled >= status.desired_number_scheduled
}

/// The conditions of completeness that are not met. The status counts only the oldest pod of each node, so it says
/// little of new ones that surge (Kubernetes 1.36 `pkg/controller/daemon/daemon_controller.go`,
/// `updateDaemonSetStatus`); they are counted here by themselves.
pub(super) fn unmet(set: &DaemonSet, counts: &Counts, strictness: Strictness) -> Vec<Unmet> {
    let desired = counts.desired;
    let status = &set.status;
    let enough = |count: i64| u64::try_from(count).is_ok_and(|count| count >= desired);
    let is_counted = enough(status.updated_number_scheduled)
        && (set.is_on_delete() || enough(status.number_available));
    let by_status = (strictness.controller && !is_counted).then_some(Unmet::Counts {
        updated: status.updated_number_scheduled,
        total: status.desired_number_scheduled,
        available: status.number_available,
        desired,
    });
    by_status.into_iter().chain(counts.unmet(strictness, set.spec.min_ready_seconds)).collect()
}
