//! Which pods show a finding, and by when it becomes a failure.

use std::time::Duration;

use super::Record;
use crate::{
    gate::{Policy, findings::subject::Subject, symptom::Limit},
    model::{Elapsed, Uid},
};

impl Record {
    /// Whether it healed: no pod shows it, nor waits to show it again.
    pub(in crate::gate::findings) fn is_healed(&self) -> bool {
        self.orphan.is_none() && self.restarts.is_none() && !self.is_shown()
    }

    /// The subjects that are beyond their grace and showed it since: to a reading of theirs, or to the last consistent
    /// read, which is news of all pods. What was seen before the grace ended may have healed unseen.
    pub(in crate::gate::findings) fn overdue(
        &self,
        now: Elapsed,
        last_read: Option<Elapsed>,
    ) -> Vec<Uid> {
        let overdue = self.due(now).filter(|(_, subject)| subject.is_seen_due(last_read));
        overdue.map(|(uid, _)| uid.clone()).collect()
    }

    /// Whether a subject is beyond its grace as far as is known, and a fresh read must tell.
    pub(in crate::gate::findings) fn is_due_unseen(
        &self,
        now: Elapsed,
        last_read: Option<Elapsed>,
    ) -> bool {
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

    /// Whether a pod shows it at the moment.
    pub(in crate::gate::findings) fn is_shown(&self) -> bool {
        self.subjects.values().any(|subject| subject.visible)
    }

    /// When it becomes a failure, of the pods that show it.
    pub(in crate::gate) fn grace_until(&self) -> Option<Elapsed> {
        self.dues().map(|(_, due)| due).min()
    }

    /// How long it had been there when the run began, of what showed it longest; `None` where that is not known.
    pub(in crate::gate) fn head_start(&self) -> Option<Duration> {
        let known = self.subjects.values().map(|subject| subject.head_start);
        known.max().filter(|length| !length.is_zero())
    }

    /// Whether some pod is beyond a limit that is none of time.
    pub(in crate::gate::findings) fn is_over(&self) -> bool {
        self.subjects.values().any(|subject| subject.over)
    }

    /// Whether a pod shows it at the moment.
    pub(in crate::gate::findings) fn is_shown_by(&self, uid: &Uid) -> bool {
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
    pub(in crate::gate::findings) fn dues(&self) -> impl Iterator<Item = (&Uid, Elapsed)> {
        let shown = self.subjects.iter().filter(|(_, subject)| subject.visible);
        shown.filter_map(|(uid, subject)| Some((uid, subject.due?)))
    }

    /// Whether a pod shows it that is not within a grace that was set.
    pub(in crate::gate::findings) fn is_beyond_set_graces(
        &self,
        policy: &Policy,
        now: Elapsed,
    ) -> bool {
        let is_borne = |subject: &Subject| match subject.limit.0 {
            Limit::Grace(grace, _) => {
                policy.set_grace(grace).is_some() && subject.due.is_some_and(|due| due > now)
            }
            Limit::AtOnce | Limit::After(_) | Limit::Deadline => false,
        };
        self.subjects.values().any(|subject| subject.visible && !is_borne(subject))
    }
}
