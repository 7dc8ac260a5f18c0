//! Argo Rollouts: their revisions are ReplicaSets, told apart by a hash, and pods are replaced step by step or at a switch.
//!
//! The controller rewrites the spec (`resources: {}` appears in a container), so neither the template nor its digest says
//! which revision is wanted: only the hash in the status does, once the generation is observed. What is said here of the
//! controller was seen at Argo Rollouts 1.9.2 (`utils/rollout/rolloututil.go`, `utils/conditions/conditions.go`).

use super::{
    Counts, GivenUp, Hold, KnownRevision, OwnProgress, RevisionId, Standing, Strictness, Unmet,
    deployment::{known, names, owned},
};
use crate::{
    model::{Condition, ReplicaSet, Rollout},
    observation::Snapshot,
};

/// Whether it asks for pods, and whether it is held until someone lets it go on.
pub(super) fn standing(rollout: &Rollout) -> Standing {
    let desired = u64::try_from(rollout.replicas()).unwrap_or(0);
    let pods = u64::try_from(rollout.status.updated_replicas).unwrap_or(0);
    match hold(rollout) {
        _ if rollout.spec.paused => Standing::Held { pods: desired, hold: Hold::Spec },
        _ if desired == 0 => Standing::NoReplicas,
        Some(hold) => Standing::Held { pods, hold },
        None => Standing::Runs { desired },
    }
}

/// What holds it until someone ends that. A pause of a given length ends by itself.
fn hold(rollout: &Rollout) -> Option<Hold> {
    if !is_observed(rollout) {
        // the pause may be of the revision before
        return None;
    }
    let holds = rollout.status.pause_conditions.iter().filter_map(|pause| match &*pause.reason {
        "CanaryPauseStep" => {
            let (done, all) = steps(rollout)?;
            let steps = &rollout.spec.strategy.canary.as_ref()?.steps;
            let step = usize::try_from(done).ok().and_then(|done| steps.get(done));
            let ends = step.and_then(|step| step.pause.as_ref()?.duration.as_ref()).is_some();
            (!ends).then_some(Hold::Step { number: done + 1, all })
        }
        "BlueGreenPause" => {
            let seconds = rollout.spec.strategy.blue_green.as_ref()?.auto_promotion_seconds;
            seconds.is_none_or(|seconds| seconds <= 0).then_some(Hold::Switch)
        }
        _ => Some(Hold::Inconclusive),
    });
    // what cannot be accepted comes first
    holds.max()
}

/// Steps that are over, and all; `None` without steps.
fn steps(rollout: &Rollout) -> Option<(u64, u64)> {
    let all = rollout.spec.strategy.canary.as_ref()?.steps.len() as u64;
    let done = u64::try_from(rollout.status.current_step_index.unwrap_or(0)).unwrap_or(0);
    (all > 0).then_some((done.min(all), all))
}

/// Whether the controller has seen the spec as it is, and the workload that holds its template.
pub(super) fn is_observed(rollout: &Rollout) -> bool {
    let seen = rollout.status.workload_observed_generation.as_deref();
    let referenced = rollout.referenced_generation;
    is_spec_observed(rollout)
        && rollout.has_template()
        && referenced.is_none_or(|generation| is_at(seen, generation))
}

fn is_spec_observed(rollout: &Rollout) -> bool {
    is_at(rollout.status.observed_generation.as_deref(), rollout.metadata.generation)
}

/// Whether a generation was seen. Versions before 0.10 wrote a hash instead, which tells none.
fn is_at(seen: Option<&str>, generation: i64) -> bool {
    let seen = seen.map(str::parse::<i64>);
    seen.is_some_and(|seen| seen.map_or(true, |seen| seen >= generation))
}

/// Its revisions, oldest first. While the spec is invalid the hash is that of the revision before.
pub(super) fn revisions(rollout: &Rollout, snapshot: &Snapshot) -> Vec<KnownRevision> {
    let hash = &rollout.status.current_hash;
    let is_known = is_observed(rollout) && invalid(rollout).is_none() && !hash.is_empty();
    let sets = owned(&rollout.metadata, snapshot).into_iter();
    sets.map(|set| KnownRevision { is_wanted: is_known && has_hash(set, hash), ..known(set) })
        .collect()
}

fn has_hash(set: &ReplicaSet, hash: &str) -> bool {
    set.metadata.labels.rollout_hash.as_deref() == Some(hash)
}

/// Whether the controller has turned to another revision than the one in this ReplicaSet, whose name ends with its hash.
pub(super) fn is_replaced(rollout: &Rollout, set: &str) -> bool {
    let hash = &rollout.status.current_hash;
    let is_current = set.strip_suffix(&**hash).is_some_and(|stem| stem.ends_with('-'));
    is_observed(rollout) && invalid(rollout).is_none() && !hash.is_empty() && !is_current
}

/// Whether its pods were once available and its steps over. The hash alone does not say so: the first revision is called
/// stable before its pods are ready.
pub(super) fn was_complete(rollout: &Rollout, revision: &KnownRevision) -> bool {
    let is_stable = rollout.status.stable_hash == rollout.status.current_hash;
    condition(rollout, "Progressing").is_some_and(|progressing| {
        let names_it = names(progressing, &revision.object.name);
        (progressing.has_reason("NewReplicaSetAvailable") && names_it)
            // a pod of a complete one is not available any more
            || (is_stable && progressing.has_reason("ReplicaSetNotAvailable"))
    })
}

/// The conditions of completeness that are not met: those by which the controller calls it healthy, and its pods. Old
/// pods that wait for their scale-down delay are no concern of it.
pub(super) fn unmet(
    rollout: &Rollout,
    new: &RevisionId,
    snapshot: &Snapshot,
    counts: &Counts,
    strictness: Strictness,
) -> Vec<Unmet> {
    let counts = Counts { old: 0, ..*counts };
    let status = &rollout.status;
    let mut sets = snapshot.replica_sets();
    let Some(new) = sets.find(|set| set.metadata.uid == new.owner) else {
        return vec![Unmet::NoRevision { old: counts.old }];
    };
    let mut unmet = Vec::new();
    if !has_hash(new, &status.current_hash) {
        unmet.push(Unmet::Revision);
    }
    let is_held = matches!(standing(rollout), Standing::Held { .. });
    let size = u64::try_from(new.spec.replicas.unwrap_or(1)).unwrap_or(0);
    let (done, all) = steps(rollout).unwrap_or_default();
    if !is_held && done < all {
        // a step decides how many pods there are
        let of_step = Counts { desired: size, needed: size, ..counts };
        unmet.push(Unmet::Steps { done, all });
        unmet.extend(of_step.unmet(strictness, rollout.spec.min_ready_seconds));
    } else {
        if !is_held && !is_promoted(rollout) {
            unmet.push(Unmet::Promotion);
        }
        if strictness.controller {
            unmet.extend(unmet_numbers(rollout, new, counts.desired, is_held));
        }
        unmet.extend(counts.unmet(strictness, rollout.spec.min_ready_seconds));
    }
    let is_refused = |c: &Condition| c.kind.as_ref() == "ReplicaFailure" && c.is_true();
    if strictness.controller && new.status.conditions.iter().any(is_refused) {
        unmet.push(Unmet::ReplicaFailure);
    }
    unmet
}

/// What the controllers' numbers miss. Pods of the whole may be more than are wanted: some wait for their scale-down delay.
fn unmet_numbers(rollout: &Rollout, new: &ReplicaSet, desired: u64, is_held: bool) -> Vec<Unmet> {
    let status = &rollout.status;
    let is_exactly = |count: i64| u64::try_from(count) == Ok(desired);
    let is_seen = new.status.observed_generation >= new.metadata.generation;
    let mut unmet = Vec::new();
    if !(is_exactly(new.spec.replicas.unwrap_or(1)) && is_seen) {
        unmet.push(Unmet::Size);
    }
    let (updated, total) = (status.updated_replicas, status.replicas);
    let available = status.available_replicas;
    let is_enough = u64::try_from(available).is_ok_and(|available| available >= desired);
    // versions before 1.0 wrote no phase
    let is_healthy = is_held || matches!(&*status.phase, "Healthy" | "");
    if !(is_healthy && is_exactly(updated) && is_enough) {
        unmet.push(Unmet::Counts { updated, total, available, desired });
    }
    unmet
}

/// Whether the new revision is the stable one, and serves.
fn is_promoted(rollout: &Rollout) -> bool {
    let status = &rollout.status;
    let is_active = rollout.spec.strategy.blue_green.is_none()
        || status.blue_green.active_selector == status.current_hash;
    status.stable_hash == status.current_hash && is_active
}

/// Its progress deadline, which does not run while it is paused or given up.
pub(super) fn own_progress<'a>(rollout: &'a Rollout, set: &str) -> Option<OwnProgress<'a>> {
    let condition = condition(rollout, "Progressing")?;
    let seconds = rollout.spec.progress_deadline_seconds.unwrap_or(600);
    let runs = !["RolloutPaused", "RolloutAborted"].iter().any(|one| condition.has_reason(one));
    Some(OwnProgress {
        condition,
        is_of_revision: names(condition, set),
        has_passed: condition.has_reason("ProgressDeadlineExceeded"),
        is_complete: condition.has_reason("NewReplicaSetAvailable"),
        seconds: u64::try_from(seconds).ok().filter(|_| runs),
    })
}

/// The controller's refusal to make a new revision at all.
pub(super) fn revision_refused(rollout: &Rollout) -> Option<&Condition> {
    condition(rollout, "Progressing").filter(|it| it.has_reason("ReplicaSetCreateError"))
}

fn condition<'a>(rollout: &'a Rollout, kind: &str) -> Option<&'a Condition> {
    rollout.status.conditions.iter().find(|condition| condition.kind.as_ref() == kind)
}

fn invalid(rollout: &Rollout) -> Option<&Condition> {
    condition(rollout, "InvalidSpec").filter(|condition| condition.is_true())
}

/// Why the update was given up, or cannot begin; `set` is the ReplicaSet that is judged.
pub(super) fn given_up<'a>(rollout: &'a Rollout, set: Option<&str>) -> Option<GivenUp<'a>> {
    if !is_spec_observed(rollout) {
        return None;
    }
    if let Some(invalid) = invalid(rollout) {
        return Some(GivenUp::Invalid(invalid));
    }
    if !rollout.status.abort || set.is_none_or(|set| is_replaced(rollout, set)) {
        return None;
    }
    let analysis = rollout.failed_analyses().next().map(|failed| {
        let run = rollout.analysis_runs.iter().find(|run| run.metadata.name == failed.name);
        GivenUp::Analysis(failed, run)
    });
    Some(analysis.unwrap_or_else(|| GivenUp::Aborted(condition(rollout, "Progressing"))))
}
