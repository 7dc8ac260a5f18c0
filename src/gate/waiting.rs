//! What a rollout that is not complete waits for, and what is said when the deadline passes.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Attribution, Cause, FindingState, Gate, GateEvent, ReasonCode, Verdict,
    findings::{Circumstances, Record},
    kind::{self, Unmet},
    names,
    symptom::{Awaited, Explained, Key, Limit, Symptom},
    unready::{Unready, Why},
};
use crate::{
    clean,
    model::{Elapsed, Pod, Uid},
    phrases::{self, Account, NextStep, finding, waiting},
    signs::Diagnosis,
    text::Clean,
};

/// How long a pod waits for one thing before progress says so: a healthy start takes each step in less.
const LASTING: Duration = Duration::from_secs(15);

/// Reasons that are told in a line.
const TOLD: usize = 3;

impl Gate {
    /// What is waited for, the most telling first, with what keeps it where that lasts.
    pub(super) fn waits(&mut self, unmet: &[Unmet]) -> Vec<Clean> {
        self.unmet = unmet.to_vec();
        self.unmet.sort_by_key(|unmet| unmet.rank());
        self.warn();
        let lasting = phrases::first_few(&self.lasting(), TOLD);
        let leaving = phrases::first_few(&self.leaving_for(LASTING), TOLD);
        let namespace = self.goes_with_its_namespace();
        let kind = self.target.kind.kind();
        let because = |unmet: &Unmet, why| waiting::because(&unmet.words(kind), why);
        let words = |unmet: &Unmet| match (unmet, &namespace) {
            (Unmet::Pods { .. } | Unmet::NoRevision { .. }, Some(why)) => because(unmet, why),
            (Unmet::Pods { .. }, None) if !lasting.is_empty() => because(unmet, &lasting),
            (Unmet::NoRevision { .. }, None) if !leaving.is_empty() => {
                waiting::new_revision(kind, &leaving)
            }
            (Unmet::OldPods { .. }, _) if !leaving.is_empty() => because(unmet, &leaving),
            _ => self.words_of(*unmet),
        };
        self.unmet.iter().map(words).collect()
    }

    /// What is waited for, in words.
    fn words_of(&self, unmet: Unmet) -> Clean {
        match unmet {
            Unmet::Status => {
                let waits = self.conditions.waits().iter().map(|wait| wait.what.clone());
                phrases::joined(&waits.take(TOLD).collect::<Vec<_>>(), ", ")
            }
            _ => unmet.words(self.target.kind.kind()),
        }
    }

    /// Says at the start what cannot come to a pass, as far as is known.
    fn warn(&mut self) {
        let is_known = self.revision_judged().is_some() && !self.unmet.is_empty();
        if !is_known || !self.told.is_first_warning() {
            return;
        }
        if let Some(warning) = self.min_ready_is_too_long() {
            let at = self.now;
            self.tell(GateEvent::Warned { at, warning });
        }
    }

    /// That the timeout is too short for a pod to become available in it.
    pub(super) fn min_ready_is_too_long(&self) -> Option<Clean> {
        let pin = self.pin.as_ref()?;
        let is_over = pin.revision.as_ref().is_some_and(|set| set.complete_at_start);
        let needed = Duration::from_secs(u64::try_from(pin.min_ready_seconds).ok()?);
        let timeout = self.policy.timeout;
        (needed >= timeout && !is_over)
            .then(|| phrases::note::min_ready_is_too_long(needed, timeout))
    }

    /// That the namespace is being deleted: controllers create nothing in it, and say nothing of that
    /// (Kubernetes 1.37 `pkg/controller/controller_utils.go`, `NamespaceTerminatingCause`).
    pub(super) fn goes_with_its_namespace(&self) -> Option<Clean> {
        self.namespace_goes.then(|| phrases::unjudged::namespace_goes(&self.target.namespace))
    }

    /// Makes a finding of the first condition that the rollout missed, where its pods explain nothing.
    fn find_obstacle(&mut self) {
        let Some((pin, unmet)) = self.pin.as_ref().zip(self.unmet.first().copied()) else { return };
        let mut subjects = vec![(pin.workload.clone(), clean!("{}", self.target))];
        let leaving = self.longest_leaving();
        let age = leaving.and_then(|pod| self.age_of(pod));
        let kind = self.target.kind.kind();
        let mut cause = Cause::Stalled;
        let mut only_needs_time = false;
        let mut step_of_status = None;
        let namespace = self
            .goes_with_its_namespace()
            .map(|why| (why, Attribution::Unknown, phrases::unjudged::wait_for_namespace().what));
        let of_unmet = || match (unmet, leaving) {
            (Unmet::NoRevision { .. } | Unmet::OldPods { .. }, Some(pod)) => {
                (pod.words(age), pod.attribution(age), pod.next_step(age))
            }
            (Unmet::MinReadySeconds { seconds, .. }, _) => {
                cause = Cause::NotReady;
                let ready = self.ledger.ready();
                subjects = ready.map(|(uid, record)| (uid.clone(), record.name.clone())).collect();
                let min_ready = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
                let timeout = self.min_ready_is_too_long().map(|_| self.policy.timeout);
                let message = waiting::not_ready_for(min_ready, timeout);
                (message, Attribution::Configuration, waiting::allow_min_ready(min_ready))
            }
            (Unmet::Status, _) => {
                let wait = self.conditions.waits().first().cloned().unwrap_or_default();
                step_of_status =
                    Some(phrases::custom::check_controller(&self.target, wait.is_silent));
                only_needs_time = true;
                let attribution =
                    if wait.is_silent { Attribution::Platform } else { Attribution::Unknown };
                (wait.obstacle, attribution, Clean::default())
            }
            (unmet, _) => {
                let (attribution, step) = match unmet {
                    Unmet::Generation
                    | Unmet::NoRevision { .. }
                    | Unmet::Revision
                    | Unmet::Size
                    | Unmet::Counts { .. } => {
                        (Attribution::Platform, waiting::check_controller_manager())
                    }
                    Unmet::LostNodes { .. } => (Attribution::Platform, waiting::restore_nodes()),
                    Unmet::Pods { active, desired, .. } if active < desired => {
                        (Attribution::Platform, waiting::check_creator())
                    }
                    Unmet::Steps { .. } => (Attribution::Configuration, waiting::check_steps()),
                    Unmet::Promotion => (Attribution::Unknown, waiting::check_rollout()),
                    Unmet::Completions { .. } => (Attribution::Unknown, waiting::check_logs()),
                    Unmet::ReplicaFailure
                    | Unmet::Status
                    | Unmet::Pods { .. }
                    | Unmet::MinReadySeconds { .. }
                    | Unmet::OldPods { .. } => (Attribution::Unknown, waiting::check_pods()),
                };
                only_needs_time = attribution != Attribution::Platform && unmet != Unmet::Promotion;
                (unmet.obstacle(kind), attribution, step)
            }
        };
        let (message, attribution, step) = namespace.unwrap_or_else(of_unmet);
        let symptom = Symptom::new(cause, attribution, message, Limit::Deadline);
        let next_step = Some(step_of_status.unwrap_or_else(|| step.into()));
        let explained = Explained { next_step, scene: None, only_needs_time };
        let awaited = Awaited { symptom, explained };
        for (uid, name) in subjects {
            self.see_awaited(&awaited, &uid, &name, Circumstances::default());
        }
        self.confirm(&Key::of(cause));
    }

    /// What pods have waited for for a while: each reason once, without times, so that it is told once.
    fn lasting(&self) -> Vec<Clean> {
        let mut reasons: BTreeMap<Key, (Symptom, &Clean, usize)> = BTreeMap::new();
        for (_, record) in self.ledger.active() {
            if self.now.since(record.explained_since) < LASTING {
                continue;
            }
            for reason in
                record.unready.iter().filter(|r| !is_told_by_trouble(r, record.stuck.is_some()))
            {
                let symptom = reason.symptom(|_| None);
                let key = symptom.key();
                let (.., pods) = reasons.entry(key).or_insert((symptom, &record.name, 0));
                *pods += 1;
            }
        }
        let words = |(symptom, pod, pods): &(Symptom, &Clean, usize)| {
            let container = symptom.container.as_deref().map(names::container);
            let place = finding::place(container.as_ref(), symptom.role, pod, pods - 1);
            clean!("{}: {}", place, symptom.message)
        };
        reasons.values().map(words).collect()
    }

    /// Makes findings of what the pods wait for that are not ready and show no error.
    pub(super) fn find_unready_pods(&mut self, state: FindingState) {
        let mut unready: Vec<(Uid, Clean, Unready)> = Vec::new();
        for (uid, record) in self.ledger.active() {
            let reasons = record.unready.iter();
            let reasons = reasons.filter(|r| !is_told_by_trouble(r, record.stuck.is_some()));
            unready.extend(reasons.map(|r| (uid.clone(), record.name.clone(), r.clone())));
        }
        for (uid, name, reason) in unready {
            let awaited = reason.awaited(|time| self.server_clock.age(time, self.now));
            let key = awaited.symptom.key();
            if self.findings.is_error(&key) || !kind::fails(self.target.kind.kind(), key.cause) {
                continue;
            }
            self.see_awaited(&awaited, &uid, &name, Circumstances::default());
            if state == FindingState::Confirmed {
                self.confirm(&key);
            }
        }
    }

    /// What explains why the rollout did not come to its end, the most telling first.
    fn told(&self) -> impl Iterator<Item = (&Key, &Record)> {
        let confirmed = self.findings.in_state(FindingState::Confirmed);
        confirmed.chain(self.findings.in_state(FindingState::Suspected))
    }

    /// Keeps the states of the containers that keep a pod from being ready.
    pub(super) fn remember_unready(&mut self, pod: &Pod) {
        let Some(record) = self.ledger.get(&pod.metadata.uid) else { return };
        let containers: Vec<_> = record.unready.iter().map(|r| r.container.clone()).collect();
        for container in containers {
            self.remember_states(pod, container.as_ref());
        }
    }

    /// The deadline passed, and the last read did not show a complete rollout.
    pub(super) fn decide_timed_out(&mut self) {
        if self.lost_nodes.are_too_many() {
            return self.decide_nodes_lost();
        }
        self.find_unready_pods(FindingState::Confirmed);
        let namespace = self.goes_with_its_namespace();
        if namespace.is_some() || self.told().next().is_none() {
            self.find_obstacle();
        }
        let reasons: Vec<Clean> = self.told().map(|(key, r)| r.reason(key)).collect();
        let kind = self.target.kind.kind();
        let unmet: Vec<Clean> = self.unmet.iter().map(|unmet| self.words_of(*unmet)).collect();
        let after = self.now.since(Elapsed::ZERO);
        let reason = waiting::did_not_complete(kind, after, &unmet, &reasons);
        let next_step = self.step_at_deadline();
        let account = Account { reason, next_step };
        self.decide(Verdict::TimedOut, Some(ReasonCode::Deadline), account);
    }

    /// What to do at the deadline about what tells most, with more time where that may help.
    pub(super) fn step_at_deadline(&self) -> NextStep {
        let timeout = self.policy.timeout;
        let Some((key, record)) = self.told().next() else {
            return waiting::more_time(None, timeout);
        };
        let finding = self.finding(key, record);
        let is_sound = |diagnosis: &&Diagnosis| diagnosis.is_sound();
        let of_diagnosis = finding.diagnosis.as_ref().filter(is_sound).map(|d| d.attribution);
        let is_misconfigured = of_diagnosis == Some(Attribution::Configuration);
        let needs_time = match &record.explained {
            Some(explained) => explained.only_needs_time,
            // what ended by itself, and what is wrongly configured, stays so
            None => {
                !matches!(record.attribution, Attribution::Application | Attribution::Configuration)
            }
        };
        match needs_time && !is_misconfigured {
            true => waiting::more_time(Some(finding.hint), timeout),
            false => finding.hint,
        }
    }
}

/// Whether the events of a pod tell what keeps its node from creating its containers.
fn is_told_by_trouble(reason: &Unready, is_stuck: bool) -> bool {
    is_stuck && reason.why == Why::Preparing
}
