//! StatefulSets: their revisions are ControllerRevisions, and their pods are replaced from the last ordinal down.

use super::{
    Counts, KnownRevision, RevisionId, Standing, Strictness, Unmet, controller_revisions::held,
};
use crate::{
    model::{Phase, Pod, StatefulSet},
    observation::Snapshot,
};

/// Whether it asks for pods, and updates any of them by itself. With `OnDelete` those count that someone has replaced.
pub(super) fn standing(set: &StatefulSet) -> Standing {
    let updated = match (set.is_on_delete(), is_observed(set)) {
        // all pods are of the one revision that there is, those below the partition too
        (_, true) if is_at_one_revision(set) => set.replicas(),
        (false, _) => set.updated_ordinals(),
        (true, true) => set.status.updated_replicas,
        (true, false) => 1,
    };
    match u64::try_from(updated) {
        _ if set.replicas() <= 0 => Standing::NoReplicas,
        Ok(desired) if desired > 0 => Standing::Runs { desired },
        Ok(_) | Err(_) if set.is_on_delete() => Standing::OnDelete,
        Ok(_) | Err(_) => Standing::Partitioned,
    }
}

/// Whether the controller has seen the spec as it is.
pub(super) fn is_observed(set: &StatefulSet) -> bool {
    set.status.observed_generation >= set.metadata.generation
        && !set.status.update_revision.is_empty()
}

/// Its revisions, oldest first. Pods carry the name of the ControllerRevision as their hash.
pub(super) fn revisions(set: &StatefulSet, snapshot: &Snapshot) -> Vec<KnownRevision> {
    let uid = &set.metadata.uid;
    let mut known = held(uid, snapshot, |revision| revision.metadata.name.clone());
    for one in &mut known {
        one.is_wanted = one.object.name == set.status.update_revision;
        one.is_current = one.object.name == set.status.current_revision;
    }
    known
}

/// Whether no update is under way or left unfinished.
fn is_at_one_revision(set: &StatefulSet) -> bool {
    set.status.current_revision == set.status.update_revision
}

/// Whether every pod once was of the update revision and ready: it is the current revision from then on.
pub(super) fn was_complete(set: &StatefulSet, revision: &KnownRevision) -> bool {
    set.status.current_revision == revision.object.name
}

/// Whether a pod is one that the update leaves as it is.
pub(super) fn is_spared(set: &StatefulSet, pod: &Pod) -> bool {
    let is_below = |ordinal| ordinal < set.first_updated();
    let is_left = set.is_on_delete() || set.ordinal_of(&pod.metadata.name).is_some_and(is_below);
    is_left && !is_at_one_revision(set)
}

/// The conditions of completeness that are not met (Kubernetes 1.36
/// `pkg/controller/statefulset/stateful_set_utils.go`, `completeRollingUpdate`, and its availability beside it).
pub(super) fn unmet(
    set: &StatefulSet,
    new: &RevisionId,
    counts: &Counts,
    strictness: Strictness,
) -> Vec<Unmet> {
    let desired = counts.desired;
    let status = &set.status;
    let mut unmet = Vec::new();
    if new.hash.as_ref() != Some(&status.update_revision) {
        unmet.push(Unmet::Revision);
    }
    let is_whole = u64::try_from(set.replicas()) == Ok(desired);
    let all = |count: i64| u64::try_from(count) == Ok(desired);
    let is_counted = if is_whole {
        all(status.updated_replicas)
            && all(status.replicas)
            && all(status.ready_replicas)
            && all(status.available_replicas)
            && (set.is_on_delete() || is_at_one_revision(set))
    } else {
        u64::try_from(status.updated_replicas).is_ok_and(|updated| updated >= desired)
    };
    if strictness.controller && !is_counted {
        unmet.push(Unmet::Counts {
            updated: status.updated_replicas,
            total: status.replicas,
            available: status.available_replicas,
            desired,
        });
    }
    // pods below the partition may be of the update revision too
    let of_pods = Strictness { controller: strictness.controller && is_whole, ..strictness };
    unmet.extend(counts.unmet(of_pods, set.spec.min_ready_seconds));
    unmet
}

/// The pod of another revision that blocks an ordered update: the controller waits for the first pod that is not ready
/// before it updates any, whatever revision that is of and also below the partition (kubernetes#67250; Kubernetes 1.36
/// `pkg/controller/statefulset/stateful_set_control.go`, `processReplica`).
pub(super) fn blocking<'a>(
    set: &StatefulSet,
    new: &RevisionId,
    snapshot: &'a Snapshot,
) -> Option<&'a Pod> {
    if !set.is_ordered() || set.is_on_delete() {
        return None;
    }
    let own = || {
        let own = snapshot.pods().filter(|pod| pod.metadata.controller() == Some(&new.owner));
        own.filter_map(|pod| Some((set.ordinal_of(&pod.metadata.name)?, pod)))
    };
    let waits = |pod: &Pod| !(pod.is_ready() && pod.status.phase == Phase::Running);
    let (_, first) = own().filter(|(_, pod)| waits(pod)).min_by_key(|(ordinal, _)| *ordinal)?;
    let is_old = !new.owns(first) && !first.metadata.is_terminating();
    let has_more = || own().any(|(ordinal, pod)| ordinal >= set.first_updated() && !new.owns(pod));
    (is_old && has_more()).then_some(first)
}
