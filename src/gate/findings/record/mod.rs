//! One finding: the pods that show it, and when it becomes a failure.

mod shown;

use std::{collections::BTreeMap, time::Duration};

use super::subject::{Circumstances, Subject, Who, due};

use crate::{
    gate::{
        Attribution, FindingState, Policy, names,
        restarts::EndedRun,
        symptom::{Explained, Key, Limit, Symptom},
    },
    model::{Elapsed, Role, Termination, Uid},
    phrases::finding,
    text::Clean,
};

/// One finding.
#[derive(Debug)]
pub(in crate::gate) struct Record {
    pub(in crate::gate) attribution: Attribution,
    pub(in crate::gate) role: Option<Role>,
    pub(in crate::gate) message: Clean,
    pub(in crate::gate) state: FindingState,
    pub(in crate::gate) first_seen: Elapsed,
    pub(in crate::gate) last_seen: Elapsed,
    /// The pods that show or showed it; the workload itself where no pod is concerned.
    subjects: BTreeMap<Uid, Subject>,
    /// The limit of the last symptom that says why, for those that only echo it.
    told: Option<Limit>,
    /// Until when it was last said to be borne.
    pub(super) told_until: Option<Elapsed>,
    /// The age that a pod left behind which went before it healed.
    orphan: Option<Elapsed>,
    pub(in crate::gate) exit_code: Option<i32>,
    pub(in crate::gate) signal: Option<i32>,
    pub(in crate::gate) restarts: Option<u32>,
    /// It is no error, but something that is waited for.
    pub(in crate::gate) explained: Option<Explained>,
}

impl Record {
    pub(in crate::gate) fn new(symptom: &Symptom, now: Elapsed) -> Self {
        Self {
            attribution: symptom.attribution,
            role: symptom.role,
            message: symptom.message.clone(),
            state: FindingState::Suspected,
            first_seen: now,
            last_seen: now,
            subjects: BTreeMap::new(),
            told: None,
            told_until: None,
            orphan: None,
            exit_code: None,
            signal: None,
            restarts: None,
            explained: None,
        }
    }

    /// Takes a symptom of a pod in.
    pub(super) fn see(
        &mut self,
        symptom: &Symptom,
        who: &Who<'_>,
        now: Elapsed,
        policy: &Policy,
        circumstances: Circumstances,
    ) {
        self.reopen();
        self.last_seen = now;
        self.explained = None;
        let limit = match self.told {
            // what is said while a next try is waited for says less than what was said of the last
            Some(told) if symptom.is_echo => told,
            _ => {
                self.message = symptom.message.clone();
                self.attribution = symptom.attribution;
                symptom.limit
            }
        };
        self.told = (!symptom.is_echo).then_some(limit).or(self.told);
        let begun = circumstances.since.unwrap_or(now);
        let orphan = self.orphan.map_or(begun, |since| since.min(begun));
        let number = self.subjects.len();
        if !self.subjects.contains_key(who.uid) {
            self.orphan = None;
        }
        let subject = self
            .subjects
            .entry(who.uid.clone())
            .or_insert_with(|| Subject::new(number, who.name, orphan, limit));
        subject.see(symptom, limit, orphan, now);
        subject.head_start = circumstances.head_start.unwrap_or(subject.head_start);
        subject.due = due(subject, policy, circumstances);
    }

    /// It had recovered, and is seen again.
    fn reopen(&mut self) {
        if self.state == FindingState::Resolved {
            self.state = FindingState::Suspected;
            self.told = None;
        }
    }

    /// Takes in that runs of a container of a pod ended.
    pub(super) fn see_ended_run(&mut self, run: &EndedRun, who: &Who<'_>, now: Elapsed) {
        self.reopen();
        self.last_seen = now;
        self.message = run.symptom.message.clone();
        self.exit_code = run.exit_code;
        self.signal = run.signal;
        self.restarts = self.restarts.max(Some(run.restarts));
        self.add_subject(who, now).over |= run.is_over;
    }

    /// Takes in how a container ended its pod; that stays true however the next pod fares.
    pub(super) fn see_pod_end(&mut self, end: &Termination) {
        (self.exit_code, self.signal) = (Some(end.exit_code), end.signal());
        self.restarts.get_or_insert(0);
    }

    /// The pod is beyond a limit that is none of time.
    pub(super) fn blame(&mut self, who: &Who<'_>, now: Elapsed) {
        self.add_subject(who, now).over = true;
    }

    /// What the limit of a pod's symptom depends on has changed.
    pub(super) fn reconsider(&mut self, uid: &Uid, policy: &Policy, circumstances: Circumstances) {
        if let Some(subject) = self.subjects.get_mut(uid).filter(|subject| subject.visible) {
            subject.due = due(subject, policy, circumstances);
        }
    }

    /// There was progress on what shows it: its grace begins anew.
    pub(super) fn begin_again(&mut self, now: Elapsed) {
        for subject in self.subjects.values_mut() {
            subject.due = subject.due.map(|due| due + now.since(subject.since));
            subject.since = now;
            subject.limit.1 = now;
        }
    }

    /// A pod does not show it any more.
    pub(super) fn heal(&mut self, uid: &Uid) {
        if let Some(subject) = self.subjects.get_mut(uid) {
            subject.visible = false;
        }
    }

    /// A pod went. What it showed ages on in the pod that replaces it.
    pub(super) fn leave(&mut self, uid: &Uid) {
        if let Some(subject) = self.subjects.get_mut(uid).filter(|subject| subject.visible) {
            subject.visible = false;
            let orphan = self.orphan.unwrap_or(subject.since);
            self.orphan = Some(orphan.min(subject.since));
        }
    }

    /// No pod is left of which it could age on.
    pub(super) fn forget_orphan(&mut self) {
        self.orphan = None;
    }

    /// A finding as the reason of a verdict.
    pub(in crate::gate) fn reason(&self, key: &Key) -> Clean {
        let container = key.container.as_deref().map(names::container);
        let subjects = self.in_order();
        let first = subjects.first().filter(|_| !key.cause.is_of_target());
        let place = first.map(|(_, first)| {
            finding::place(container.as_ref(), self.role, &first.name, subjects.len() - 1)
        });
        finding::reason(key.cause, place.as_ref(), &self.message)
    }

    /// Whether it may still be confirmed.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, FindingState::Suspected | FindingState::Tolerated)
    }

    /// Whether it is borne longer, or less long, than was told.
    pub(super) fn has_moved(&self, until: Option<Elapsed>) -> bool {
        match (self.told_until, until) {
            (Some(told), Some(until)) => {
                told.since(until).max(until.since(told)) >= Duration::from_secs(1)
            }
            (told, until) => told.is_some() != until.is_some(),
        }
    }

    /// Whether a reading said why.
    pub(super) fn says_why(&self) -> bool {
        self.told.is_some()
    }

    fn add_subject(&mut self, who: &Who<'_>, now: Elapsed) -> &mut Subject {
        let number = self.subjects.len();
        let subject = || Subject::new(number, who.name, now, Limit::Deadline);
        self.subjects.entry(who.uid.clone()).or_insert_with(subject)
    }
}
