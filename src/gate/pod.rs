//! A reading of a pod: whose it is, what is news in it, and what is wrong with it.

use super::{
    Cause, Gate, GateEvent, Grace,
    collect::FIRST_POLL,
    findings::{Circumstances, Sight, Who},
    kind,
    ledger::{Lost, Purpose},
    reading::symptoms,
    sight::Counting,
    stuck,
    symptom::{Awaited, Key, Symptom},
    unready::Unready,
    window::Window,
};
use crate::{
    model::{Elapsed, Phase, Pod, Uid},
    observation::Snapshot,
    text::Clean,
};

impl Gate {
    /// A watch shows it.
    pub(super) fn observe_pod_change(&mut self, pod: &Pod) {
        // a watch that is opened anew tells again what is known, which says nothing about this moment
        if !self.ledger.has_seen(pod) {
            self.observe_pod(pod, false);
        }
        self.reads.want_soon(self.now);
    }

    /// A watch shows that it was deleted, with its last state.
    pub(super) fn observe_pod_deletion(&mut self, pod: &Pod) {
        self.observe_pod(pod, false);
        let uid = &pod.metadata.uid;
        self.ledger.leave(uid);
        self.old_pods.leave(uid);
        self.findings.leave(uid);
        self.reads.want_soon(self.now);
    }

    /// A consistent read that was `begun` then shows no other pods.
    pub(super) fn forget_all_but(&mut self, snapshot: &Snapshot, begun: Elapsed) {
        for uid in self.ledger.forget_all_but(snapshot, begun) {
            self.findings.leave(&uid);
        }
    }

    /// A pod, which matters if it is or was of the new revision; `at_start` if the read that shows it is the first that
    /// shows the revision.
    pub(super) fn observe_pod(&mut self, pod: &Pod, at_start: bool) {
        if self.lost_nodes.hold(pod) {
            return;
        }
        let Some(set) = self.pin.as_ref().and_then(|pin| pin.revision.as_ref()) else { return };
        if !set.owns(pod) {
            let before = set.before.as_ref().map(|before| &before.id);
            self.old_pods.observe(pod, before, set.counts_from, at_start);
            return self.release_pod(pod);
        }
        let is_judged_from_now = set.is_younger_than(pod) || (set.complete_at_start && at_start);
        let purpose = set.purpose(pod);
        let is_attempt =
            kind::ends(self.target.kind.kind()) || matches!(purpose, Purpose::Attempt(_));
        if !is_attempt && self.is_outlived(pod) {
            return;
        }
        let counting = match (self.counting_now(), is_judged_from_now) {
            (Some(now), _) => now,
            (None, true) => Counting::FromFirstSight,
            (None, false) => Counting::Since(set.counts_from),
        };
        let news = self.ledger.observe(pod, self.now, (counting, purpose), &self.policy);
        if news.first {
            self.findings.begin_again(Cause::Create, self.now);
        }
        if news.ended {
            self.collect_ended_runs(pod);
        }
        if news.pod_ended {
            self.collect_pod_end(pod);
        }
        if !news.outdated {
            self.observe_symptoms(pod);
            self.remember_back_off(pod);
        }
        if news.lost_readiness {
            self.break_window(pod);
        }
    }

    /// A pod that its ReplicaSet gave up, since a label that it is chosen by was changed, as people do to look into one
    /// (Kubernetes 1.36 `pkg/controller/controller_ref_manager.go`, `ReleasePod`): the set makes another for it.
    fn release_pod(&mut self, pod: &Pod) {
        let uid = &pod.metadata.uid;
        if self.ledger.release(pod) {
            self.findings.leave(uid);
        }
    }

    fn observe_symptoms(&mut self, pod: &Pod) {
        let uid = &pod.metadata.uid;
        let Some(record) = self.ledger.get(uid) else { return };
        let starting = stuck::is_starting(pod);
        let mut found = symptoms(pod);
        found.extend(record.stuck.as_deref().cloned());
        found.retain(|symptom| kind::fails_with(record, symptom.cause));
        let name = record.name.clone();
        let pending = found.iter().any(|symptom| symptom.cause == Cause::Pending);
        let circumstances = Circumstances { scale_up: record.scale_up, ..Circumstances::default() };
        let may_be_told = record.unready.iter().any(Unready::is_told_by_events);
        if starting || pending || may_be_told {
            self.poll_events(uid, FIRST_POLL);
        }
        let (opened, quiet) =
            (self.window.as_ref().map(Window::opened), self.policy.grace(Grace::NotReady) / 3);
        let lost = self.ledger.lose_readiness(pod, opened, self.now, quiet);
        let reasons = match &lost {
            Lost::Shown { reasons, .. } => reasons.as_slice(),
            Lost::Nothing | Lost::ToldFrom(_) => &[],
        };
        let shown = found.iter().chain(reasons.iter().map(|lost| &lost.symptom));
        let shown: Vec<Key> = shown.map(Symptom::key).collect();
        // a pod that is going, or shows nothing yet, does not prove that anything healed
        let is_silent = pod.metadata.is_terminating() || (starting && shown.is_empty());
        if !is_silent {
            self.findings.heal(uid, &shown, |key| !key.cause.is_of_target());
        }
        for symptom in &found {
            self.see(symptom, uid, &name, circumstances);
            self.remember_states(pod, symptom.container.as_ref());
        }
        match lost {
            Lost::Nothing => {}
            Lost::ToldFrom(time) => self.reads.want(time),
            Lost::Shown { since, reasons } => {
                for lost in reasons {
                    let circumstances = Circumstances { since: Some(since), ..circumstances };
                    self.see_awaited(&lost, uid, &name, circumstances);
                    self.remember_states(pod, lost.symptom.container.as_ref());
                }
            }
        }
        if self.deadline.awaits_last_read() {
            self.remember_unready(pod);
        }
        if pod.metadata.is_terminating() {
            self.findings.leave(uid);
        } else if pod.is_ready() && pod.status.phase == Phase::Running {
            self.findings.forget_orphans();
        }
    }

    /// Takes in what is no error, but waited for.
    pub(super) fn see_awaited(
        &mut self,
        awaited: &Awaited,
        uid: &Uid,
        name: &Clean,
        circumstances: Circumstances,
    ) {
        self.see_error(&awaited.symptom, uid, name, circumstances);
        self.findings.explain(&awaited.symptom, awaited.explained.clone());
    }

    /// Takes a symptom in, tells about it and has evidence collected.
    pub(super) fn see(
        &mut self,
        symptom: &Symptom,
        uid: &Uid,
        name: &Clean,
        circumstances: Circumstances,
    ) {
        match self.in_held_room(symptom) {
            Some(held) => self.see_awaited(&held, uid, name, circumstances),
            None => self.see_error(symptom, uid, name, circumstances),
        }
    }

    fn see_error(
        &mut self,
        symptom: &Symptom,
        uid: &Uid,
        name: &Clean,
        circumstances: Circumstances,
    ) {
        let circumstances = Circumstances {
            head_start: circumstances.head_start.or_else(|| self.head_start(uid)),
            ..circumstances
        };
        let sight =
            self.findings.see(symptom, &Who { uid, name }, self.now, &self.policy, circumstances);
        let key = symptom.key();
        if sight != Sight::Known {
            if self.findings.bear(&key, &self.policy) {
                self.tolerate(&key);
            } else {
                self.tell_finding(&key, |at, finding| GateEvent::FindingSuspected { at, finding });
            }
        }
        if sight == Sight::First {
            self.collect_for_symptom(symptom, uid);
        }
    }
}
