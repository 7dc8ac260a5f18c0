//! Which workload, template and revision are judged, and which other revisions there are.

use std::time::Duration;

use super::{
    Gate, GateEvent,
    family::Family,
    kind,
    ledger::{Ledger, Purpose},
    names,
    revision::{self, KnownRevision, Pin, Revision},
    sight::Counting,
};
use crate::{
    model::{Elapsed, Pod, ReplicaSet, Workload},
    observation::Snapshot,
    text::Untrusted,
};

/// Before the first answers of a rollout that has just begun.
const QUICK: Duration = Duration::from_millis(200);

impl Gate {
    /// The revision that is judged; `None` until it is there.
    pub(super) fn revision_judged(&self) -> Option<&Revision> {
        self.pin.as_ref()?.revision.as_ref()
    }

    /// Whether a pod is of the revision that is judged.
    pub(super) fn is_of_revision(&self, pod: &Pod) -> bool {
        self.revision_judged().is_some_and(|revision| revision.owns(pod))
    }

    /// Pins the workload by the first read that shows it; tells the revisions that there are.
    pub(super) fn pin_workload(
        &mut self,
        workload: &Workload,
        snapshot: &Snapshot,
    ) -> Vec<KnownRevision> {
        if self.pin.is_none() {
            self.take_settings_of(workload);
        }
        let template = self.pin.as_ref().map_or(workload.template().digest, |pin| pin.template);
        let known = kind::revisions(workload, template, snapshot);
        if self.pin.is_none() {
            self.pin = Some(Pin {
                workload: workload.metadata().uid.clone(),
                template,
                spec: workload.template().spec.clone(),
                min_ready_seconds: workload.min_ready_seconds(),
                surges: kind::surges(workload),
                revision: None,
                was_there: !self.awaiting.has_come() && known.iter().any(|one| one.is_wanted),
            });
            self.expect_labels(workload);
            self.expect_images();
        }
        known
    }

    /// Looks for the revision of the template, until it is there.
    pub(super) fn pin_revision(
        &mut self,
        workload: &Workload,
        known: &[KnownRevision],
        snapshot: &Snapshot,
    ) {
        let server_time = snapshot.server_time;
        // until the controller has seen the change, an equal template may be about to be counted anew
        if !kind::is_observed(workload) {
            // a controller that is slow for longer is asked less often
            let pause = QUICK.max(self.now.since(Elapsed::ZERO) / 10);
            return self.reads.want(self.now + pause);
        }
        let Some(pin) = &mut self.pin else { return };
        let Some(new) = known.iter().find(|one| one.is_wanted) else { return };
        let was_complete = kind::was_complete(workload, new);
        pin.revision = Some(Revision {
            id: new.id.clone(),
            object: new.object.clone(),
            name: names::object(&new.object.name),
            number: new.number,
            began: revision::began(was_complete, new, known, snapshot),
            counts_from: revision::counts_from(was_complete, known, server_time, &self.policy),
            before: revision::before(new, known),
            complete_at_start: false,
            family: matches!(workload, Workload::Custom(_))
                .then(|| Family::new(new.id.owner.clone(), new.created.or(server_time))),
        });
    }

    /// Whether the rollout is complete when the gate sees its ReplicaSet for the first time, and it is the first read
    /// at all: then what was before is not this gate's to judge.
    pub(super) fn decide_counting(&mut self, workload: &Workload, snapshot: &Snapshot) {
        if self.revision_judged().is_none() {
            return;
        }
        let mut ledger = Ledger::default();
        let is_judged = |pod: &&Pod| self.is_of_revision(pod) && !self.lost_nodes.hold(pod);
        for pod in snapshot.pods().filter(is_judged) {
            let purpose = self.revision_judged().map_or(Purpose::Serves, |set| set.purpose(pod));
            ledger.observe(pod, self.now, (Counting::FromFirstSight, purpose), &self.policy);
        }
        let (_, unmet) = self.unmet(&ledger, workload, snapshot);
        let complete = unmet.is_empty();
        let is_present = self.policy.present;
        let at = self.now;
        let Some(Pin { spec, revision: Some(set), was_there, .. }) = &mut self.pin else {
            return;
        };
        let complete = complete && *was_there && !is_present;
        set.complete_at_start = complete;
        let images = spec.containers.iter();
        let images = images.map(|c| Untrusted::from(c.image.as_ref()).to_clean_line(200)).collect();
        let (revision, number) = (set.name.clone(), set.number);
        self.tell(GateEvent::RevisionPinned { at, revision, number, images, complete });
    }

    /// The revisions beside the one that is judged, those that are gone included.
    pub(super) fn observe_revisions(
        &mut self,
        workload: &Workload,
        known: &[KnownRevision],
        snapshot: &Snapshot,
    ) {
        let new = self.revision_judged().map(|revision| revision.id.clone());
        let old = known.iter().map(|one| one.id.clone()).filter(|id| Some(id) != new.as_ref());
        let old = old.chain(kind::gone_revisions(workload, snapshot)).collect();
        self.old_pods.add_revisions(old, new.as_ref());
        self.history.observe(workload.metadata(), known, new.as_ref(), snapshot);
    }

    /// A watch shows the object that holds a revision.
    pub(super) fn observe_revision(&mut self, set: &ReplicaSet) {
        let known = [kind::known_revision(set)];
        self.history.observe_revision(&known[0]);
        self.observe_refusals(&known);
        self.reads.want_soon(self.now);
    }

    /// Whether the controller of the revision that is judged may create its pods.
    pub(super) fn observe_refusals(&mut self, known: &[KnownRevision]) {
        let Some(new) = self.revision_judged().map(|revision| revision.id.clone()) else { return };
        if let Some(new) = known.iter().find(|one| one.id == new) {
            self.observe_refusal(new);
        }
    }
}
