//! Findings and their graces: a cause on one container, with the pods that show it.
//!
//! A grace is remembered across pods: one that is replaced before it healed hands its age on to the next.

mod questions;
mod record;
mod subject;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use record::Record;
pub(super) use subject::{Circumstances, Who};

use super::{
    Cause, FindingState, Policy, kind,
    restarts::EndedRun,
    symptom::{Explained, Key, Symptom},
};
use crate::model::{Elapsed, Kind, Termination, Uid};

/// All findings of a target.
#[derive(Debug)]
pub(super) struct Findings {
    /// The kind of the target.
    kind: Kind,
    records: BTreeMap<Key, Record>,
    /// Pods that crossed a limit, of which `--min-ready` may spare some.
    bad: BTreeSet<Uid>,
}

/// What a sight of a symptom is to its finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// There was none.
    First,
    /// It was told to have recovered.
    Again,
    /// It is known.
    Known,
}

/// What is beyond its grace or limit.
#[derive(Debug, Default)]
pub(super) struct Beyond {
    pub(super) keys: Vec<Key>,
    /// One of them is the target's as a whole.
    pub(super) is_of_target: bool,
    /// The end of a grace is judged by a fresh read.
    pub(super) wants_read: bool,
}

impl Findings {
    /// None yet, of a target of this kind.
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, records: BTreeMap::new(), bad: BTreeSet::new() }
    }

    /// Takes a symptom in.
    pub(super) fn see(
        &mut self,
        symptom: &Symptom,
        who: &Who<'_>,
        now: Elapsed,
        policy: &Policy,
        circumstances: Circumstances,
    ) -> Sight {
        let sight = self.sight(&symptom.key());
        self.record(symptom, now).see(symptom, who, now, policy, circumstances);
        sight
    }

    /// Takes ended runs of a container in.
    pub(super) fn see_ended_run(&mut self, run: &EndedRun, who: &Who<'_>, now: Elapsed) -> Sight {
        let sight = self.sight(&run.symptom.key());
        self.record(&run.symptom, now).see_ended_run(run, who, now);
        sight
    }

    fn sight(&self, key: &Key) -> Sight {
        match self.records.get(key).map(|record| record.state) {
            None => Sight::First,
            Some(FindingState::Resolved) => Sight::Again,
            Some(_) => Sight::Known,
        }
    }

    fn record(&mut self, symptom: &Symptom, now: Elapsed) -> &mut Record {
        self.records.entry(symptom.key()).or_insert_with(|| Record::new(symptom, now))
    }

    /// Takes in how a container ended its pod.
    pub(super) fn see_pod_end(&mut self, key: &Key, end: &Termination) {
        if let Some(record) = self.records.get_mut(key) {
            record.see_pod_end(end);
        }
    }

    /// A pod is beyond a limit that is none of time.
    pub(super) fn blame(&mut self, key: &Key, who: &Who<'_>, now: Elapsed) {
        if let Some(record) = self.records.get_mut(key) {
            record.blame(who, now);
            self.bad.insert(who.uid.clone());
        }
    }

    /// Counts a pod among those that crossed a limit.
    pub(super) fn count_as_bad(&mut self, uid: &Uid) {
        self.bad.insert(uid.clone());
    }

    /// Takes pods from those that crossed a limit whose places others have.
    pub(super) fn keep_as_bad(&mut self, keeps: impl Fn(&Uid) -> bool) {
        self.bad.retain(keeps);
    }

    /// Whether more pods crossed a limit than may be spared.
    pub(super) fn are_too_many(&self, spared: u64) -> bool {
        self.bad.len() as u64 > spared
    }

    /// What the limit of a pod's symptom depends on has changed.
    pub(super) fn reconsider(
        &mut self,
        uid: &Uid,
        cause: Cause,
        policy: &Policy,
        circumstances: Circumstances,
    ) {
        let records = self.records.iter_mut().filter(|(key, _)| key.cause == cause);
        records.for_each(|(_, record)| record.reconsider(uid, policy, circumstances));
    }

    /// There was progress on what shows the finding: its grace begins anew.
    pub(super) fn begin_again(&mut self, cause: Cause, now: Elapsed) {
        let records = self.records.iter_mut().filter(|(key, _)| key.cause == cause);
        records.for_each(|(_, record)| record.begin_again(now));
    }

    /// Remembers that a symptom is no error, but something that is waited for.
    pub(super) fn explain(&mut self, symptom: &Symptom, explained: Explained) {
        if let Some(record) = self.records.get_mut(&symptom.key()) {
            record.explained = Some(explained);
        }
    }

    /// Nothing shows the cause any more.
    pub(super) fn heal_all(&mut self, cause: Cause) {
        let records = self.records.iter_mut().filter(|(key, _)| key.cause == cause);
        for (_, record) in records {
            let pods: Vec<Uid> = record.pods().cloned().collect();
            pods.iter().for_each(|uid| record.heal(uid));
        }
    }

    /// Marks the findings that a reading of a pod did not show as healed on it.
    pub(super) fn heal(&mut self, uid: &Uid, shown: &[Key], covers: impl Fn(&Key) -> bool) {
        let not_shown = |key: &Key| covers(key) && !shown.contains(key);
        let records = self.records.iter_mut().filter(|(key, _)| not_shown(key));
        records.for_each(|(_, record)| record.heal(uid));
    }

    /// A pod went. What it showed ages on in the pod that replaces it.
    pub(super) fn leave(&mut self, uid: &Uid) {
        self.records.values_mut().for_each(|record| record.leave(uid));
    }

    /// Everything is ready: nothing is left that could age on.
    pub(super) fn forget_orphans(&mut self) {
        self.records.values_mut().for_each(Record::forget_orphan);
    }

    /// Notes a finding that is not judged; tells whether that is news.
    pub(super) fn tolerate(&mut self, key: &Key) -> bool {
        let record = self.records.get_mut(key);
        let is_news = |state| matches!(state, FindingState::Suspected | FindingState::Resolved);
        let Some(record) = record.filter(|record| is_news(record.state)) else { return false };
        record.state = FindingState::Tolerated;
        true
    }

    /// A finding decides.
    pub(super) fn confirm(&mut self, key: &Key) {
        if let Some(record) = self.records.get_mut(key) {
            record.state = FindingState::Confirmed;
        }
    }

    /// Findings that were suspected and healed.
    pub(super) fn resolve(&mut self) -> Vec<Key> {
        let suspected = |record: &Record| record.state == FindingState::Suspected;
        let healed = self.records.iter_mut().filter(|(_, r)| suspected(r) && r.is_healed());
        let resolved = healed.map(|(key, record)| {
            record.state = FindingState::Resolved;
            key.clone()
        });
        resolved.collect()
    }

    /// What is suspected did no harm.
    pub(super) fn resolve_all(&mut self) {
        let records = self.records.values_mut();
        records
            .filter(|record| record.state == FindingState::Suspected)
            .for_each(|record| record.state = FindingState::Resolved);
    }

    /// What is beyond its grace or limit by now; the pods that are beyond a grace crossed it.
    pub(super) fn judge(
        &mut self,
        now: Elapsed,
        last_read: Option<Elapsed>,
        policy: &Policy,
    ) -> Beyond {
        let mut beyond = Beyond::default();
        let kind = self.kind;
        let judged = |key: &Key, record: &Record| record.is_open() && !bears(kind, key, policy);
        for (key, record) in self.records.iter().filter(|(key, record)| judged(key, record)) {
            let overdue = record.overdue(now, last_read);
            beyond.wants_read |= record.is_due_unseen(now, last_read);
            if !overdue.is_empty() || record.is_over() {
                beyond.is_of_target |= key.cause.is_of_target();
                self.bad.extend(overdue);
                beyond.keys.push(key.clone());
            }
        }
        beyond
    }

    /// Remembers until when a finding was said to be borne.
    pub(super) fn set_told_until(&mut self, key: &Key, until: Option<Elapsed>) {
        if let Some(record) = self.records.get_mut(key) {
            record.told_until = until;
        }
    }
}

fn bears(kind: Kind, key: &Key, policy: &Policy) -> bool {
    key.is_ignored(policy) || !kind::fails(kind, key.cause)
}
