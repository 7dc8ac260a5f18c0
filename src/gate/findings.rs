//! Findings and their graces: a cause on one container, with the pods that show it.
//!
//! A grace is remembered across pods: one that is replaced before it healed hands its age on to the next.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{
    Attribution, Cause, FindingLine, FindingState, Grace, Policy,
    symptom::{Healing, Limit, Symptom},
};
use crate::{
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
    /// The age that a pod left behind which went before it healed.
    orphan: Option<Elapsed>,
    pub(super) exit_code: Option<i32>,
    pub(super) signal: Option<i32>,
    pub(super) restarts: Option<u32>,
}

/// A pod that shows a finding.
#[derive(Debug)]
pub(super) struct Subject {
    /// Its place in the order of first sights.
    number: usize,
    pub(super) name: Clean,
    /// Since when, the pods before it included.
    pub(super) since: Elapsed,
    /// When it becomes a failure; `None` before the deadline.
    pub(super) due: Option<Elapsed>,
    /// When a reading last showed it.
    last_seen: Elapsed,
    /// It shows it at the moment.
    pub(super) visible: bool,
    /// Its restarts are more than are allowed.
    pub(super) over: bool,
    /// Pulls that failed, and whether the last reading was of one that just did.
    failures: u32,
    was_attempt: bool,
}

/// What a due date depends on beside the symptom.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Circumstances {
    /// An autoscaler makes room, or said that it will not.
    pub(super) scale_up: Option<bool>,
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
        }
        record.last_seen = now;
        record.message = symptom.message.clone();
        record.attribution = symptom.attribution;
        let orphan = record.orphan;
        let orphan = orphan.map_or(now, |since| since.min(now));
        let number = record.subjects.len();
        if !record.subjects.contains_key(uid) {
            record.orphan = None;
        }
        let subject = record
            .subjects
            .entry(uid.clone())
            .or_insert_with(|| Subject::new(number, name, orphan));
        if !subject.visible {
            subject.since = orphan;
        }
        subject.visible = true;
        subject.last_seen = now;
        if symptom.is_attempt() && !subject.was_attempt {
            subject.failures += 1;
        }
        subject.was_attempt = symptom.is_attempt();
        subject.due = due(symptom.limit, subject, policy, circumstances);
        is_new
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
                && !record.subjects.values().any(|subject| subject.visible)
        });
        healed
            .map(|(key, record)| {
                record.state = FindingState::Resolved;
                key.clone()
            })
            .collect()
    }

    /// The next due date after `now` of anything that is shown at the moment.
    pub(super) fn next_due(&self, now: Elapsed) -> Option<Elapsed> {
        let suspected =
            self.records.values().filter(|record| record.state == FindingState::Suspected);
        let shown = suspected.flat_map(|record| record.subjects.values()).filter(|s| s.visible);
        shown.filter_map(|subject| subject.due).filter(|due| *due > now).min()
    }

    /// Whether something is suspected that may still explain why the rollout does not come to its end.
    pub(super) fn is_anything_suspected(&self) -> bool {
        self.records.values().any(|record| {
            record.state == FindingState::Suspected && record.subjects.values().any(|s| s.visible)
        })
    }

    /// The finding in a line.
    pub(super) fn line(&self, key: &Key) -> Option<FindingLine> {
        let record = self.records.get(key)?;
        Some(FindingLine {
            cause: key.0,
            attribution: record.attribution,
            container: key.1.as_deref().map(container_name),
            pods: record.subjects.len(),
            message: record.message.clone(),
            grace_until: record.grace_until(),
        })
    }
}

/// A container's name as it is shown.
pub(super) fn container_name(name: &str) -> Clean {
    crate::text::Untrusted::from(name).to_clean_line(63)
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
            orphan: None,
            exit_code: None,
            signal: None,
            restarts: None,
        }
    }

    /// The subjects that are beyond their grace and showed it since: to a reading of theirs, or to the last consistent
    /// read, which is news of all pods. What was seen before the grace ended may have healed unseen.
    pub(super) fn overdue(&self, now: Elapsed, last_read: Option<Elapsed>) -> Vec<Uid> {
        let is_fresh =
            |subject: &Subject, due| subject.last_seen.max(last_read.unwrap_or_default()) >= due;
        let overdue = |subject: &Subject| {
            subject.visible && subject.due.is_some_and(|due| due <= now && is_fresh(subject, due))
        };
        let subjects = self.subjects.iter().filter(|(_, subject)| overdue(subject));
        subjects.map(|(uid, _)| uid.clone()).collect()
    }

    /// Whether a subject is beyond its grace as far as is known.
    pub(super) fn is_due(&self, now: Elapsed) -> bool {
        self.subjects.values().any(|s| s.visible && s.due.is_some_and(|due| due <= now))
    }

    /// The pods, in the order of their first sight.
    pub(super) fn in_order(&self) -> Vec<(&Uid, &Subject)> {
        let mut subjects: Vec<_> = self.subjects.iter().collect();
        subjects.sort_by_key(|(_, subject)| subject.number);
        subjects
    }

    /// When it becomes a failure, of the pods that show it.
    pub(super) fn grace_until(&self) -> Option<Elapsed> {
        self.subjects.values().filter(|s| s.visible).filter_map(|subject| subject.due).min()
    }

    /// Adds a pod to those that show it.
    pub(super) fn add_subject(&mut self, uid: &Uid, name: &Clean, now: Elapsed) -> &mut Subject {
        let number = self.subjects.len();
        self.subjects.entry(uid.clone()).or_insert_with(|| Subject::new(number, name, now))
    }
}

impl Subject {
    fn new(number: usize, name: &Clean, since: Elapsed) -> Self {
        Self {
            number,
            name: name.clone(),
            since,
            due: None,
            last_seen: since,
            visible: true,
            over: false,
            failures: 0,
            was_attempt: false,
        }
    }
}

/// When a symptom becomes a failure. A grace that was set holds as set; the defaults bend (contract, "Grace, in words").
fn due(
    limit: Limit,
    subject: &Subject,
    policy: &Policy,
    circumstances: Circumstances,
) -> Option<Elapsed> {
    let (grace, healing) = match limit {
        Limit::AtOnce => return Some(subject.since),
        Limit::Deadline => return None,
        Limit::Grace(grace, healing) => (grace, healing),
    };
    if let Some(set) = policy.set_grace(grace) {
        return Some(subject.since + set);
    }
    let default = grace.default_length();
    let length = match (grace, healing, circumstances.scale_up) {
        (Grace::Image, Healing::Unlikely, _) if subject.failures >= 2 => Duration::ZERO,
        (Grace::Image, Healing::Unlikely, _) => default / 2,
        // an object that was not applied yet comes within a minute, or not at all
        (Grace::Mount, Healing::Unlikely, _) => Duration::from_secs(60),
        // cluster-autoscaler FAQ: `max-node-provision-time` is 15 minutes
        (Grace::Pending, _, Some(true)) => Duration::from_secs(15 * 60),
        (Grace::Pending, _, Some(false)) => Duration::from_secs(60),
        _ => default,
    };
    Some(subject.since + length)
}
