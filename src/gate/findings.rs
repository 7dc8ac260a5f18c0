//! Findings and their graces: a cause on one container, with the pods that show it.
//!
//! A grace is remembered across pods: one that is replaced before it healed hands its age on to the next.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use super::{
    Attribution, Cause, FindingLine, FindingState, Grace, Policy, names,
    symptom::{Explained, Healing, Limit, Symptom},
    words,
};
use crate::{
    clean,
    model::{Elapsed, Role, Uid},
    text::Clean,
};

/// What a finding is about: a cause, on one container or on none.
pub(super) type Key = (Cause, Option<Arc<str>>);

/// All findings of a target.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) records: BTreeMap<Key, Record>,
}

/// One finding.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) attribution: Attribution,
    pub(super) role: Option<Role>,
    pub(super) message: Clean,
    pub(super) state: FindingState,
    pub(super) first_seen: Elapsed,
    pub(super) last_seen: Elapsed,
    /// The pods that show or showed it; the workload itself where no pod is concerned.
    pub(super) subjects: BTreeMap<Uid, Subject>,
    /// The limit of the last symptom that says why, for those that only echo it.
    told: Option<Limit>,
    /// Until when it was last said to be borne.
    pub(super) told_until: Option<Elapsed>,
    /// The age that a pod left behind which went before it healed.
    orphan: Option<Elapsed>,
    pub(super) exit_code: Option<i32>,
    pub(super) signal: Option<i32>,
    pub(super) restarts: Option<u32>,
    /// It is no error, but something that is waited for.
    pub(super) explained: Option<Explained>,
}

/// A pod that shows a finding.
#[derive(Debug)]
pub(super) struct Subject {
    /// Its place in the order of first sights.
    number: usize,
    pub(super) name: Clean,
    /// Since when, the pods before it included.
    pub(super) since: Elapsed,
    /// How long it may last by what was seen last, and since when that was seen.
    limit: (Limit, Elapsed),
    /// When it becomes a failure; `None` before the deadline.
    pub(super) due: Option<Elapsed>,
    /// When a reading last showed it.
    last_seen: Elapsed,
    /// It shows it at the moment.
    pub(super) visible: bool,
    /// Its restarts are more than are allowed.
    pub(super) over: bool,
    /// Pulls that failed for good, and whether the last reading was of one that just did.
    failures: u32,
    was_attempt: bool,
}

/// What a due date depends on beside the symptom.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Circumstances {
    /// An autoscaler makes room, or said that it will not.
    pub(super) scale_up: Option<bool>,
    /// Since when it has been there, if that is longer than it was shown.
    pub(super) since: Option<Elapsed>,
    /// Pods of the same workload that are ending still hold the room that a new one needs.
    pub(super) room_is_held: bool,
    /// Whoever tries may not have had another chance by then.
    pub(super) next_try: Option<Elapsed>,
}

impl Findings {
    /// Takes a symptom in; tells whether it is the first sight of this finding.
    pub(super) fn see(
        &mut self,
        symptom: &Symptom,
        (uid, name): (&Uid, &Clean),
        now: Elapsed,
        policy: &Policy,
        circumstances: Circumstances,
    ) -> bool {
        let key = (symptom.cause, symptom.container.clone());
        let is_new = !self.records.contains_key(&key);
        let record = self.records.entry(key).or_insert_with(|| Record::new(symptom, now));
        if record.state == FindingState::Resolved {
            record.state = FindingState::Suspected;
            record.told = None;
        }
        record.last_seen = now;
        record.explained = None;
        let limit = match record.told {
            // what is said while a next try is waited for says less than what was said of the last
            Some(told) if symptom.is_echo() => told,
            _ => {
                record.message = symptom.message.clone();
                record.attribution = symptom.attribution;
                symptom.limit
            }
        };
        record.told = (!symptom.is_echo()).then_some(limit).or(record.told);
        let begun = circumstances.since.unwrap_or(now);
        let orphan = record.orphan.map_or(begun, |since| since.min(begun));
        let number = record.subjects.len();
        if !record.subjects.contains_key(uid) {
            record.orphan = None;
        }
        let subject = record
            .subjects
            .entry(uid.clone())
            .or_insert_with(|| Subject::new(number, name, orphan, limit));
        if !subject.visible {
            subject.since = orphan;
            subject.limit = (limit, orphan);
        }
        if subject.limit.0 != limit {
            subject.limit = (limit, now);
        }
        subject.visible = true;
        subject.last_seen = now;
        if symptom.is_attempt() && !subject.was_attempt && limit.is_for_good() {
            subject.failures += 1;
        }
        subject.was_attempt = symptom.is_attempt();
        subject.due = due(subject, policy, circumstances);
        is_new
    }

    /// What the limit of a pod's symptom depends on has changed.
    pub(super) fn reconsider(
        &mut self,
        uid: &Uid,
        cause: Cause,
        policy: &Policy,
        circumstances: Circumstances,
    ) {
        for (_, record) in self.records.iter_mut().filter(|((known, _), _)| *known == cause) {
            if let Some(subject) = record.subjects.get_mut(uid).filter(|s| s.visible) {
                subject.due = due(subject, policy, circumstances);
            }
        }
    }

    /// Containers of a pod whose image is not pulled, and of which no reading said why.
    pub(super) fn unsaid_pulls(&self, uid: &Uid) -> Vec<(Arc<str>, Role)> {
        let pulls = self.records.iter().filter(|((cause, _), record)| {
            let is_shown = record.subjects.get(uid).is_some_and(|subject| subject.visible);
            *cause == Cause::Image && record.told.is_none() && is_shown
        });
        pulls.filter_map(|((_, name), record)| Some((name.clone()?, record.role?))).collect()
    }

    /// There was progress on what shows the finding: its grace begins anew.
    pub(super) fn begin_again(&mut self, cause: Cause, now: Elapsed) {
        let records = self.records.iter_mut().filter(|((known, _), _)| *known == cause);
        for subject in records.flat_map(|(_, record)| record.subjects.values_mut()) {
            subject.due = subject.due.map(|due| due + now.since(subject.since));
            subject.since = now;
            subject.limit.1 = now;
        }
    }

    /// Whether an error is known under this key, which says more than what is waited for.
    pub(super) fn is_error(&self, key: &Key) -> bool {
        self.records.get(key).is_some_and(|record| {
            record.explained.is_none() && record.subjects.values().any(|subject| subject.visible)
        })
    }

    /// Remembers that a symptom is no error, but something that is waited for.
    pub(super) fn explain(&mut self, symptom: &Symptom, explained: Explained) {
        let key = (symptom.cause, symptom.container.clone());
        if let Some(record) = self.records.get_mut(&key) {
            record.explained = Some(explained);
        }
    }

    /// Marks the findings that a reading of a pod did not show as healed on it.
    pub(super) fn heal(&mut self, uid: &Uid, shown: &[Key], covers: impl Fn(&Key) -> bool) {
        for (key, record) in &mut self.records {
            if shown.contains(key) || !covers(key) {
                continue;
            }
            if let Some(subject) = record.subjects.get_mut(uid) {
                subject.visible = false;
            }
        }
    }

    /// Whether a pod shows any of them at the moment.
    pub(super) fn are_shown_by(&self, uid: &Uid) -> bool {
        let shown = |record: &Record| record.subjects.get(uid).is_some_and(|s| s.visible);
        self.records.values().any(shown)
    }

    /// A pod went. What it showed ages on in the pod that replaces it.
    pub(super) fn leave(&mut self, uid: &Uid) {
        for record in self.records.values_mut() {
            if let Some(subject) = record.subjects.get_mut(uid).filter(|s| s.visible) {
                subject.visible = false;
                let orphan = record.orphan.unwrap_or(subject.since);
                record.orphan = Some(orphan.min(subject.since));
            }
        }
    }

    /// Everything is ready: nothing is left that could age on.
    pub(super) fn forget_orphans(&mut self) {
        self.records.values_mut().for_each(|record| record.orphan = None);
    }

    /// Findings that were suspected and that no pod shows, nor waits to show again.
    pub(super) fn resolve(&mut self) -> Vec<Key> {
        let healed = self.records.iter_mut().filter(|(_, record)| {
            record.state == FindingState::Suspected
                && record.orphan.is_none()
                && record.restarts.is_none()
                && !record.is_shown()
        });
        healed
            .map(|(key, record)| {
                record.state = FindingState::Resolved;
                key.clone()
            })
            .collect()
    }

    /// What is suspected did no harm.
    pub(super) fn resolve_all(&mut self) {
        let records = self.records.values_mut();
        records
            .filter(|record| record.state == FindingState::Suspected)
            .for_each(|record| record.state = FindingState::Resolved);
    }

    /// The next due date after `now` of anything that is shown at the moment.
    pub(super) fn next_due(&self, now: Elapsed) -> Option<Elapsed> {
        // of a tolerated one another pod may be more than may be spared
        let open = self.records.values().filter(|record| record.is_open());
        let shown = open.flat_map(|record| record.subjects.values()).filter(|s| s.visible);
        shown.filter_map(|subject| subject.due).filter(|due| *due > now).min()
    }

    /// Whether something is suspected that may still explain why the rollout does not come to its end.
    pub(super) fn is_anything_suspected(&self) -> bool {
        self.records
            .values()
            .any(|record| record.state == FindingState::Suspected && record.is_shown())
    }

    /// Suspicions that are shown at the moment, those left out whose grace was set and is not over.
    pub(super) fn shown_beyond_set_graces(&self, policy: &Policy, now: Elapsed) -> Vec<Key> {
        let is_borne = |subject: &Subject| match subject.limit.0 {
            Limit::Grace(grace, _) => {
                policy.set_grace(grace).is_some() && subject.due.is_some_and(|due| due > now)
            }
            Limit::AtOnce | Limit::Deadline => false,
        };
        let records = self.records.iter().filter(|(_, record)| {
            let mut shown = record.subjects.values().filter(|subject| subject.visible);
            record.state == FindingState::Suspected && shown.any(|subject| !is_borne(subject))
        });
        records.map(|(key, _)| key.clone()).collect()
    }

    /// Ended runs that were within their limit, of pods for which `is_broken` holds.
    pub(super) fn tolerated_runs(
        &self,
        policy: &Policy,
        is_broken: impl Fn(&Uid) -> bool,
    ) -> Vec<Key> {
        let records = self.records.iter().filter(|(key, record)| {
            let is_ignored = key.1.as_deref().is_some_and(|name| policy.ignores(name));
            let has_restarted = record.restarts.is_some_and(|restarts| restarts > 0);
            record.state == FindingState::Tolerated
                && has_restarted
                && !is_ignored
                && record.subjects.keys().any(&is_broken)
        });
        records.map(|(key, _)| key.clone()).collect()
    }

    /// When a finding fails the target unless it heals: as soon as more pods are beyond a limit than may be spared.
    pub(super) fn fails_at(
        &self,
        key: &Key,
        policy: &Policy,
        (bad, spared): (&BTreeSet<Uid>, u64),
    ) -> Option<Elapsed> {
        let is_judged = |key: &Key| !key.1.as_deref().is_some_and(|name| policy.ignores(name));
        let own = self.records.get(key)?.grace_until().filter(|_| is_judged(key))?;
        if key.0.is_of_target() || spared == 0 {
            return Some(own);
        }
        let mut pods: BTreeMap<&Uid, Elapsed> =
            bad.iter().map(|uid| (uid, Elapsed::ZERO)).collect();
        let judged = self
            .records
            .iter()
            .filter(|(key, record)| record.is_open() && is_judged(key) && !key.0.is_of_target());
        for (uid, subject) in judged.flat_map(|(_, record)| &record.subjects) {
            if let Some(due) = subject.due.filter(|_| subject.visible) {
                let first = pods.entry(uid).or_insert(due);
                *first = due.min(*first);
            }
        }
        let mut dues: Vec<Elapsed> = pods.into_values().collect();
        dues.sort_unstable();
        let decides = dues.get(usize::try_from(spared).unwrap_or(usize::MAX))?;
        Some(own.max(*decides))
    }

    /// The finding in a line.
    pub(super) fn line(&self, key: &Key) -> Option<FindingLine> {
        let record = self.records.get(key)?;
        Some(FindingLine {
            cause: key.0,
            attribution: record.attribution,
            container: key.1.as_deref().map(names::container),
            pods: record.subjects.len(),
            message: record.message.clone(),
            grace_until: record.grace_until(),
        })
    }
}

impl Record {
    pub(super) fn new(symptom: &Symptom, now: Elapsed) -> Self {
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

    /// A finding as the reason of a verdict.
    pub(super) fn reason(&self, key: &Key) -> Clean {
        let pods = match self.in_order().as_slice() {
            _ if key.0.is_of_target() => Clean::default(),
            [] => Clean::default(),
            [(_, one)] => words::place(key.1.as_deref(), self.role, &one.name, 0),
            [(_, one), others @ ..] => {
                words::place(key.1.as_deref(), self.role, &one.name, others.len())
            }
        };
        clean!("{}: {}{}", key.0, pods, self.message)
    }

    /// The subjects that are beyond their grace and showed it since: to a reading of theirs, or to the last consistent
    /// read, which is news of all pods. What was seen before the grace ended may have healed unseen.
    pub(super) fn overdue(&self, now: Elapsed, last_read: Option<Elapsed>) -> Vec<Uid> {
        let overdue = self.due(now).filter(|(_, subject)| subject.is_seen_due(last_read));
        overdue.map(|(uid, _)| uid.clone()).collect()
    }

    /// Whether a subject is beyond its grace as far as is known, and a fresh read must tell.
    pub(super) fn is_due_unseen(&self, now: Elapsed, last_read: Option<Elapsed>) -> bool {
        self.due(now).any(|(_, subject)| !subject.is_seen_due(last_read))
    }

    fn due(&self, now: Elapsed) -> impl Iterator<Item = (&Uid, &Subject)> {
        let is_due =
            move |subject: &Subject| subject.visible && subject.due.is_some_and(|due| due <= now);
        self.subjects.iter().filter(move |(_, subject)| is_due(subject))
    }

    /// The pods, in the order of their first sight.
    pub(super) fn in_order(&self) -> Vec<(&Uid, &Subject)> {
        let mut subjects: Vec<_> = self.subjects.iter().collect();
        subjects.sort_by_key(|(_, subject)| subject.number);
        subjects
    }

    /// Whether it may still be confirmed.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, FindingState::Suspected | FindingState::Tolerated)
    }

    /// Whether a pod shows it at the moment.
    pub(super) fn is_shown(&self) -> bool {
        self.subjects.values().any(|subject| subject.visible)
    }

    /// When it becomes a failure, of the pods that show it.
    pub(super) fn grace_until(&self) -> Option<Elapsed> {
        self.subjects.values().filter(|s| s.visible).filter_map(|subject| subject.due).min()
    }

    /// Adds a pod to those that show it.
    pub(super) fn add_subject(&mut self, uid: &Uid, name: &Clean, now: Elapsed) -> &mut Subject {
        let number = self.subjects.len();
        let limit = Limit::Deadline;
        self.subjects.entry(uid.clone()).or_insert_with(|| Subject::new(number, name, now, limit))
    }
}

impl Subject {
    fn new(number: usize, name: &Clean, since: Elapsed, limit: Limit) -> Self {
        Self {
            number,
            name: name.clone(),
            since,
            limit: (limit, since),
            due: None,
            last_seen: since,
            visible: true,
            over: false,
            failures: 0,
            was_attempt: false,
        }
    }

    fn is_seen_due(&self, last_read: Option<Elapsed>) -> bool {
        let seen = self.last_seen.max(last_read.unwrap_or_default());
        self.due.is_some_and(|due| seen >= due)
    }
}

/// When a symptom becomes a failure. A grace that was set holds as set; the defaults bend (contract, "Grace periods in
/// words").
fn due(subject: &Subject, policy: &Policy, circumstances: Circumstances) -> Option<Elapsed> {
    let (limit, limit_since) = subject.limit;
    let (grace, healing) = match limit {
        Limit::AtOnce => return Some(subject.since),
        Limit::Deadline => return None,
        Limit::Grace(grace, healing) => (grace, healing),
    };
    if let Some(set) = policy.set_grace(grace) {
        return Some(subject.since + set);
    }
    let longest = grace.length(Healing::Likely);
    let length = match (grace, healing) {
        (Grace::Image, Healing::Unlikely) if subject.failures >= 2 => Duration::ZERO,
        // cluster-autoscaler FAQ: `max-node-provision-time` is 15 minutes
        (Grace::Pending, _) if circumstances.scale_up == Some(true) => Duration::from_secs(15 * 60),
        (Grace::Pending, _) if circumstances.scale_up == Some(false) => Duration::from_secs(60),
        (Grace::Create, _) if circumstances.room_is_held => longest,
        (grace, healing) => grace.length(healing),
    };
    // a text that tells something worse shortens what is left, and makes nothing overdue at its first sight
    let due = (limit_since + length).min(subject.since + longest.max(length));
    Some(circumstances.next_try.map_or(due, |next| due.max(next)))
}
