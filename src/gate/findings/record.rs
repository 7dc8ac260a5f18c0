//! One finding: the pods that show it, and when it becomes a failure.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    gate::{
        Attribution, FindingState, Grace, Policy, names,
        restarts::EndedRun,
        symptom::{Explained, Healing, Key, Limit, Symptom},
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

/// A pod that shows a finding.
#[derive(Debug)]
pub(in crate::gate) struct Subject {
    /// Its place in the order of first sights.
    number: usize,
    pub(in crate::gate) name: Clean,
    /// Since when, the pods before it included.
    since: Elapsed,
    /// How long it may last by what was seen last, and since when that was seen.
    limit: (Limit, Elapsed),
    /// When it becomes a failure; `None` before the deadline.
    due: Option<Elapsed>,
    /// When a reading last showed it.
    last_seen: Elapsed,
    /// It shows it at the moment.
    visible: bool,
    /// Its restarts are more than are allowed.
    over: bool,
    /// Pulls that failed for good, and whether the last reading was of one that just did.
    failures: u32,
    was_attempt: bool,
}

/// A pod, or the workload itself where no pod is concerned.
#[derive(Clone, Copy, Debug)]
pub(in crate::gate) struct Who<'a> {
    pub(in crate::gate) uid: &'a Uid,
    pub(in crate::gate) name: &'a Clean,
}

/// What a due date depends on beside the symptom.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::gate) struct Circumstances {
    /// An autoscaler makes room, or said that it will not.
    pub(in crate::gate) scale_up: Option<bool>,
    /// Since when it has been there, if that is longer than it was shown.
    pub(in crate::gate) since: Option<Elapsed>,
    /// Pods of the same workload that are ending still hold the room that a new one needs.
    pub(in crate::gate) room_is_held: bool,
    /// Whoever tries may not have had another chance by then.
    pub(in crate::gate) next_try: Option<Elapsed>,
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

    /// Whether it healed: no pod shows it, nor waits to show it again.
    pub(super) fn is_healed(&self) -> bool {
        self.orphan.is_none() && self.restarts.is_none() && !self.is_shown()
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
    pub(in crate::gate) fn in_order(&self) -> Vec<(&Uid, &Subject)> {
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
    pub(in crate::gate) fn grace_until(&self) -> Option<Elapsed> {
        self.dues().map(|(_, due)| due).min()
    }

    /// Whether some pod is beyond a limit that is none of time.
    pub(super) fn is_over(&self) -> bool {
        self.subjects.values().any(|subject| subject.over)
    }

    /// Whether a pod shows it at the moment.
    pub(super) fn is_shown_by(&self, uid: &Uid) -> bool {
        self.subjects.get(uid).is_some_and(|subject| subject.visible)
    }

    /// Whether a pod shows or showed it.
    pub(in crate::gate) fn concerns(&self, uid: &Uid) -> bool {
        self.subjects.contains_key(uid)
    }

    /// The pods that show or showed it.
    pub(in crate::gate) fn pods(&self) -> impl Iterator<Item = &Uid> {
        self.subjects.keys()
    }

    /// When it becomes a failure, of each pod that shows it.
    pub(super) fn dues(&self) -> impl Iterator<Item = (&Uid, Elapsed)> {
        let shown = self.subjects.iter().filter(|(_, subject)| subject.visible);
        shown.filter_map(|(uid, subject)| Some((uid, subject.due?)))
    }

    /// Whether a pod shows it that is not within a grace that was set.
    pub(super) fn is_beyond_set_graces(&self, policy: &Policy, now: Elapsed) -> bool {
        let is_borne = |subject: &Subject| match subject.limit.0 {
            Limit::Grace(grace, _) => {
                policy.set_grace(grace).is_some() && subject.due.is_some_and(|due| due > now)
            }
            Limit::AtOnce | Limit::After(_) | Limit::Deadline => false,
        };
        self.subjects.values().any(|subject| subject.visible && !is_borne(subject))
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

    /// It shows the finding since `begun`, those before it included.
    fn see(&mut self, symptom: &Symptom, limit: Limit, begun: Elapsed, now: Elapsed) {
        if !self.visible {
            self.since = begun;
            self.limit = (limit, begun);
        }
        if self.limit.0 != limit {
            self.limit = (limit, now);
        }
        self.visible = true;
        self.last_seen = now;
        if symptom.is_attempt && !self.was_attempt && limit.is_for_good() {
            self.failures += 1;
        }
        self.was_attempt = symptom.is_attempt;
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
        Limit::After(length) => return Some(limit_since + length),
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
