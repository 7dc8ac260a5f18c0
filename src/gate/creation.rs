//! Whether the controller may create pods, and for how long a refusal may last.

use std::time::Duration;

use super::{
    Attribution, Cause, Gate, Grace,
    findings::Circumstances,
    names,
    revision::KnownRevision,
    symptom::{Healing, Limit, Symptom},
    texts,
};
use crate::{
    evidence::RevisionName,
    model::{Condition, Elapsed, Pod, Uid},
    observation::Snapshot,
    phrases::kubernetes::told,
    signs::{Scene, is_quota_used_up},
    text::Clean,
};

/// Room in a quota that ending pods of the workload hold until they are gone.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// Such pods are there.
    is_held: bool,
    /// When the last of them holds nothing any more: at the latest while they are there, else when they were gone.
    until: Option<Elapsed>,
}

impl Gate {
    /// The ending pods of the workload, before the read tells of refusals.
    pub(super) fn observe_room(&mut self, snapshot: &Snapshot) {
        let own =
            snapshot.pods().filter(|pod| self.is_of_revision(pod) || self.old_pods.include(pod));
        let until = own.filter_map(|pod| self.holds_room_until(pod)).max();
        let until_now = self.room.is_held.then_some(self.now);
        self.room =
            Room { is_held: until.is_some(), until: until.or(until_now).or(self.room.until) };
    }

    /// Until when an ending pod holds room in a quota at the latest: for its grace period, and for as long again if it
    /// is stuck (Kubernetes 1.36 `pkg/quota/v1/evaluator/core/pods.go`, `QuotaV1Pod`).
    fn holds_room_until(&self, pod: &Pod) -> Option<Elapsed> {
        let killed = pod.metadata.deleted?;
        let grace = pod.metadata.deletion_grace_period_seconds.unwrap_or(0);
        let grace = Duration::from_secs(u64::try_from(grace).unwrap_or(0));
        let until = self.server_clock.place(killed).unwrap_or(self.now) + grace;
        let has_ended = pod.has_ended();
        (!has_ended && until >= self.now).then_some(until)
    }

    /// Whether the controller of the revision may create its pods.
    pub(super) fn observe_refusal(&mut self, known: &KnownRevision) {
        let RevisionName { name, uid } = &known.object;
        let name = names::object(name);
        self.observe_creation(known.refused.as_ref(), uid, &name);
    }

    /// Whether pods, or the revision itself, may be created.
    pub(super) fn observe_creation(
        &mut self,
        refused: Option<&Condition>,
        uid: &Uid,
        name: &Clean,
    ) {
        let Some(condition) = refused else {
            return self.findings.heal(uid, &[], |key| key.cause == Cause::Create);
        };
        let message = told(&condition.reason, &condition.message);
        let (attribution, healing) = texts::weigh(Scene::Creation, &message, Attribution::Unknown);
        let symptom =
            Symptom::new(Cause::Create, attribution, message, Limit::Grace(Grace::Create, healing));
        let since = condition.last_transition_time;
        let lasting = self.lasting_since(since);
        let circumstances = if is_quota_used_up(condition.message.as_raw()) {
            Circumstances {
                room_is_held: self.room.is_held,
                next_try: self.room.until.map(|free| self.next_try(condition, free)),
                ..lasting
            }
        } else {
            lasting
        };
        self.see(&symptom, uid, name, circumstances);
    }

    /// When a controller that was refused has tried again after `time`, whatever else happens: it waits twice as long
    /// each time, so no longer than it has been refused by then.
    fn next_try(&self, refused: &Condition, time: Elapsed) -> Elapsed {
        let now = self.now;
        let refused_for =
            refused.last_transition_time.and_then(|since| self.server_clock.age(since, now));
        let refused_then =
            (refused_for.unwrap_or_default() + time.since(now)).saturating_sub(now.since(time));
        time + refused_then.max(Grace::Create.length(Healing::Unlikely))
    }
}
