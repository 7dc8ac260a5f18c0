//! How an observation is taken in: what it says about the target, its revision and its pods.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Cause, Gate, GateEvent, Grace, Pin, ReasonCode, Revision, Verdict,
    findings::{Circumstances, Sight, Who},
    kind::{self, Counts, Standing, Strictness, Unmet},
    ledger::{Ledger, Lost, PodRecord},
    names,
    revision::{self, KnownRevision},
    runs::Counting,
    stuck,
    symptom::{Awaited, Key, Symptom, symptoms},
    unready::Unready,
    window::Window,
};
use crate::{
    model::{Elapsed, Phase, Pod, ServerTime, Uid, Workload},
    observation::{AccessReview, Observation, Resource, Snapshot},
    phrases::{self, coverage},
    text::{Clean, Untrusted},
};

/// How long after a Job was deleted another may take its place.
const REPLACED: Duration = Duration::from_secs(2);

impl Gate {
    pub(super) fn observe(&mut self, observation: &Observation) {
        match observation {
            Observation::Events { request, result } => self.take_events(request, result),
            Observation::Log { request, result } => self.take_log(request, result.clone()),
            Observation::Change { request, result } => self.take_changes(request, result.clone()),
            Observation::Details { request, result } => self.take_details(request, result.clone()),
            // each target hears its part of it
            Observation::Read(_) => {}
            _ if self.decision.is_some() => {}
            Observation::Access(reviews) => self.observe_access(reviews),
            Observation::Snapshot(snapshot) => self.observe_snapshot(snapshot),
            Observation::WorkloadChanged(workload) => {
                // of a pause, the read tells what became of the pods before it
                let is_held = matches!(kind::standing(workload), Standing::Held { .. });
                if self.pin.is_some() && kind::is_whole(workload) && !is_held {
                    self.observe_workload(workload);
                    if self.decision.is_none() {
                        self.observe_given_up(workload, false);
                    }
                }
                if self.revision_judged().is_some() && self.decision.is_none() {
                    self.observe_ending(workload, false);
                }
                self.reads.want_soon(self.now);
            }
            Observation::WorkloadDeleted(uid) => {
                // a Job is replaced under its name: the next read tells
                let is_gone = self.pin.as_ref().is_some_and(|pin| pin.workload == *uid);
                if is_gone && kind::ends(self.target.kind) {
                    self.gone = Some(self.now);
                    self.reads.want(self.now + REPLACED);
                } else if is_gone {
                    self.decide_deleted();
                }
                self.reads.want_soon(self.now);
            }
            Observation::ReplicaSetChanged(set) => {
                self.observe_revision(&kind::known_revision(set));
                self.reads.want_soon(self.now);
            }
            Observation::PodChanged(pod) => {
                // a watch that is opened anew tells again what is known, which says nothing about this moment
                if !self.ledger.has_seen(pod) {
                    self.observe_pod(pod, false);
                }
                self.reads.want_soon(self.now);
            }
            Observation::PodDeleted(pod) => {
                self.observe_pod(pod, false);
                self.lose_pod(&pod.metadata.uid);
                self.reads.want_soon(self.now);
            }
            Observation::NodeLeases(answer) => self.take_leases(answer.clone()),
            Observation::ReadFailed(failure) => self.reads.fail(self.now, failure.clone()),
            Observation::Interrupted(signal) => self.interrupt(*signal),
        }
    }

    pub(super) fn is_of_revision(&self, pod: &Pod) -> bool {
        self.revision_judged().is_some_and(|revision| revision.id.owns(pod))
    }

    fn observe_access(&mut self, reviews: &[AccessReview]) {
        let mut refused = Vec::new();
        let may_read_leases =
            |review: &AccessReview| review.resource == Resource::NodeLeases && review.allowed;
        if reviews.iter().any(may_read_leases) {
            self.nodes.permit();
        }
        for review in reviews.iter().filter(|review| !review.allowed) {
            let verb = Untrusted::from(review.verb.as_ref()).to_clean_line(20);
            let resource = match review.resource {
                Resource::Workload => self.target.kind.resource().1,
                other => other.as_str(),
            };
            let what = coverage::permission(&verb, resource);
            let is_watch = review.verb.as_ref() == "watch";
            match review.resource {
                Resource::Workload | Resource::ReplicaSets | Resource::Pods if is_watch => {
                    self.reads.go_without_watch();
                    self.missing.add(coverage::not_watched(what));
                }
                Resource::Workload
                | Resource::ReplicaSets
                | Resource::ControllerRevisions
                | Resource::Pods => refused.push(what),
                Resource::Logs
                | Resource::Events
                | Resource::AnalysisRuns
                | Resource::Nodes
                | Resource::NodeLeases => {
                    self.missing.add(coverage::not_permitted(what));
                }
            }
        }
        if !refused.is_empty() {
            let account = phrases::verdict::not_permitted(&self.target, &refused);
            self.decide(Verdict::Inconclusive, Some(ReasonCode::Forbidden), account);
        }
    }

    fn observe_snapshot(&mut self, snapshot: &Snapshot) {
        let begun = self.reads.succeed(self.now, snapshot.begun);
        self.server_clock.set(snapshot.server_time, self.now);
        self.namespace_goes |= snapshot.namespace_deleted.is_some();
        let Some(workload) = &snapshot.workload else {
            return if self.gone.is_some_and(|gone| self.now < gone + REPLACED) {
                self.reads.want(self.now + REPLACED);
            } else if self.pin.is_some() {
                self.decide_deleted()
            } else {
                self.decide_not_found()
            };
        };
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
                was_there: known.iter().any(|one| one.is_wanted),
            });
            self.expect_images();
        }
        self.observe_workload(workload);
        if self.decision.is_some() {
            return;
        }
        self.observe_lost_nodes(workload, snapshot);
        let is_first_sight = self.revision_judged().is_none();
        if is_first_sight {
            self.pin_revision(workload, &known, snapshot.server_time);
            self.observe_progress(workload);
        }
        let new = self.revision_judged().map(|revision| revision.id.clone());
        let old = known.iter().map(|one| one.id.clone()).filter(|id| Some(id) != new.as_ref());
        let old = old.chain(kind::gone_revisions(workload, snapshot)).collect();
        self.old_pods.add_revisions(old, new.as_ref());
        self.history.observe(workload.metadata(), &known, new.as_ref(), snapshot);
        self.observe_room(snapshot);
        self.observe_leftovers(workload, snapshot);
        if let Some(new) = known.iter().find(|one| Some(&one.id) == new.as_ref()) {
            self.observe_refusal(new);
        }
        if is_first_sight && new.is_some() {
            self.decide_counting(workload, snapshot);
        }
        for uid in self.ledger.forget_all_but(snapshot, begun) {
            self.findings.leave(&uid);
        }
        for pod in snapshot.pods() {
            self.observe_pod(pod, is_first_sight);
        }
        self.observe_blocking(workload, snapshot);
        self.observe_given_up(workload, true);
        self.observe_ending(workload, is_first_sight);
        if let Some((hold, false)) = self.held {
            return self.judge_held(hold, workload, snapshot);
        }
        self.observe_rollout(workload, snapshot);
    }

    /// A watch tells of a revision.
    fn observe_revision(&mut self, known: &KnownRevision) {
        self.history.observe_revision(known);
        if self.revision_judged().is_some_and(|revision| revision.id == known.id) {
            self.observe_refusal(known);
        }
    }

    /// What the workload itself says. It may decide at once.
    fn observe_workload(&mut self, workload: &Workload) {
        let Some(pin) = &self.pin else { return };
        let meta = workload.metadata();
        if meta.uid != pin.workload && kind::ends(self.target.kind) {
            // its template cannot be changed, so a new one takes its place
            return self.decide_superseded();
        }
        // what has ended may be cleaned up, and says so all the same
        let has_gone = meta.is_terminating() && kind::ending(workload).is_none();
        if meta.uid != pin.workload || has_gone {
            return self.decide_deleted();
        }
        let revision = self.revision_judged().map(|revision| &*revision.object.name);
        if kind::is_replaced(workload, pin.template, revision) {
            return self.decide_superseded();
        }
        self.held = None;
        let desired = match kind::standing(workload) {
            Standing::Paused => return self.decide_paused(),
            Standing::Held { pods, hold } => {
                let is_accepted = self.policy.accept_pause && hold.is_meant() && pods > 0;
                self.held = Some((hold, is_accepted));
                pods.max(1)
            }
            Standing::NoReplicas => return self.decide_no_replicas(),
            Standing::OnDelete => {
                return self.decide_nothing_updated(
                    "its update strategy is OnDelete, and no pod has been deleted since the change",
                    "delete its pods one by one, then run deploygate again",
                );
            }
            Standing::Partitioned => return self.decide_nothing_updated(
                "its partition is above every ordinal, so no pod is updated",
                "lower `spec.updateStrategy.rollingUpdate.partition`, then run deploygate again",
            ),
            Standing::Runs { desired } => desired,
        };
        self.want_pods(desired);
        self.observe_progress(workload);
    }

    fn pin_revision(
        &mut self,
        workload: &Workload,
        known: &[KnownRevision],
        server_time: Option<ServerTime>,
    ) {
        // until the controller has seen the change, an equal template may be about to be counted anew
        if !kind::is_observed(workload) {
            // a controller that is slow for longer is asked less often
            let pause = super::judge::QUICK.max(self.now.since(Elapsed::ZERO) / 10);
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
            counts_from: revision::counts_from(was_complete, known, server_time, &self.policy),
            before: revision::before(new, known),
            complete_at_start: false,
        });
    }

    /// Whether the rollout is complete when the gate sees its ReplicaSet for the first time, and it is the first read
    /// at all: then what was before is not this gate's to judge.
    fn decide_counting(&mut self, workload: &Workload, snapshot: &Snapshot) {
        let mut ledger = Ledger::default();
        let is_judged = |pod: &&Pod| self.is_of_revision(pod) && !self.lost_nodes.hold(pod);
        for pod in snapshot.pods().filter(is_judged) {
            ledger.observe(pod, self.now, Counting::FromFirstSight, &self.policy);
        }
        let (_, unmet) = self.unmet(&ledger, workload, snapshot);
        let complete = unmet.is_empty();
        let at = self.now;
        let Some(Pin { spec, revision: Some(set), was_there, .. }) = &mut self.pin else {
            return;
        };
        let complete = complete && *was_there;
        set.complete_at_start = complete;
        let images = spec.containers.iter();
        let images = images.map(|c| Untrusted::from(c.image.as_ref()).to_clean_line(200)).collect();
        let (revision, number) = (set.name.clone(), set.number);
        self.tell(GateEvent::RevisionPinned { at, revision, number, images, complete });
    }

    /// A pod, which matters if it is or was of the new revision; `at_start` if the read that shows it is the first that
    /// shows the revision.
    fn observe_pod(&mut self, pod: &Pod, at_start: bool) {
        if self.lost_nodes.hold(pod) {
            return;
        }
        let Some(set) = self.pin.as_ref().and_then(|pin| pin.revision.as_ref()) else { return };
        if !set.id.owns(pod) {
            let before = set.before.as_ref().map(|before| &before.id);
            self.old_pods.observe(pod, before, set.counts_from, at_start);
            return self.release_pod(pod);
        }
        let counting = if set.complete_at_start && at_start {
            Counting::FromFirstSight
        } else {
            Counting::Since(set.counts_from)
        };
        let news = self.ledger.observe(pod, self.now, counting, &self.policy);
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

    fn observe_symptoms(&mut self, pod: &Pod) {
        let uid = &pod.metadata.uid;
        let Some(record) = self.ledger.get(uid) else { return };
        let starting = stuck::is_starting(pod);
        let mut found = symptoms(pod);
        found.extend(record.stuck.as_deref().cloned());
        let name = record.name.clone();
        let pending = found.iter().any(|symptom| symptom.cause == Cause::Pending);
        let circumstances = Circumstances { scale_up: record.scale_up, ..Circumstances::default() };
        let may_be_told = record.unready.iter().any(Unready::is_told_by_events);
        if starting || pending || may_be_told {
            self.poll_events(uid, super::collect::FIRST_POLL);
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

    /// A pod that its ReplicaSet gave up, since a label that it is chosen by was changed, as people do to look into one
    /// (Kubernetes 1.36 `pkg/controller/controller_ref_manager.go`, `ReleasePod`): the set makes another for it.
    fn release_pod(&mut self, pod: &Pod) {
        let uid = &pod.metadata.uid;
        if self.ledger.release(pod) {
            self.findings.leave(uid);
        }
    }

    fn lose_pod(&mut self, uid: &Uid) {
        self.ledger.leave(uid);
        self.old_pods.leave(uid);
        self.findings.leave(uid);
    }

    /// Counts pods, and tells what the rollout waits for.
    pub(super) fn unmet(
        &self,
        ledger: &Ledger,
        workload: &Workload,
        snapshot: &Snapshot,
    ) -> (Counts, Vec<Unmet>) {
        let ready = || ledger.ready();
        let min_ready = u64::try_from(workload.min_ready_seconds()).unwrap_or(0);
        let available = match min_ready {
            0 => ready().count(),
            _ => {
                let pods: BTreeMap<&Uid, &Pod> =
                    snapshot.pods().map(|pod| (&pod.metadata.uid, pod)).collect();
                let ready_for = |uid: &Uid, record: &PodRecord| {
                    let own = record.ready_since.map(|since| self.now.since(since));
                    own.max(pods.get(uid).and_then(|pod| servers_ready_for(pod, snapshot)))
                };
                let is_available = |(uid, record): &(&Uid, &PodRecord)| {
                    ready_for(uid, record).is_some_and(|length| length.as_secs() >= min_ready)
                };
                ready().filter(is_available).count()
            }
        };
        let counts = Counts {
            active: ledger.active().count() as u64,
            ready: ready().count() as u64,
            available: available as u64,
            old: snapshot.pods().filter(|pod| self.is_leftover(workload, pod)).count() as u64,
            ..self.counts
        };
        let strictness = Strictness {
            controller: counts.needed == counts.desired && self.policy.ignore_containers.is_empty(),
            old_pods: !self.deadline.spares_old_pods(),
        };
        let new = self.revision_judged().map(|revision| &revision.id);
        let mut unmet = kind::unmet(workload, new, snapshot, &counts, strictness);
        unmet.extend(self.lost_nodes.unmet());
        (counts, unmet)
    }

    pub(super) fn namespace(&self) -> Clean {
        names::container(&self.target.namespace)
    }

    fn decide_deleted(&mut self) {
        let account = phrases::verdict::deleted(&self.target, self.namespace_goes);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Deleted), account);
    }

    fn decide_not_found(&mut self) {
        let account = phrases::verdict::not_found(&self.target, self.namespace_goes);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::NotFound), account);
    }

    fn decide_superseded(&mut self) {
        let revision = self.revision_judged().map(|revision| &revision.name);
        let account = phrases::verdict::superseded(&self.target, revision);
        self.decide(Verdict::Superseded, Some(ReasonCode::Superseded), account);
    }

    fn decide_paused(&mut self) {
        let account = phrases::verdict::paused(&self.target);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Paused), account);
    }

    /// Nothing is there to be judged, since no pod is of the update revision.
    fn decide_nothing_updated(&mut self, why: &'static str, step: &'static str) {
        let account = phrases::verdict::nothing_updated(&self.target, why, step);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Unsupported), account);
    }

    fn decide_no_replicas(&mut self) {
        let account = phrases::verdict::no_replicas(&self.target);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::NoReplicas), account);
    }
}

/// How long a pod has been ready by the servers' clocks.
pub(super) fn servers_ready_for(pod: &Pod, snapshot: &Snapshot) -> Option<Duration> {
    let changed = pod.condition("Ready")?.last_transition_time?;
    Some(snapshot.server_time?.since(changed))
}
