//! A pod that shows a finding, and when that becomes a failure.

use std::time::Duration;

use crate::{
    gate::{
        Grace, Policy,
        symptom::{Healing, Limit, Symptom},
    },
    model::{Elapsed, Uid},
    text::Clean,
};

/// A pod that shows a finding.
#[derive(Debug)]
pub(in crate::gate) struct Subject {
    /// Its place in the order of first sights.
    pub(super) number: usize,
    pub(in crate::gate) name: Clean,
    /// Since when, the pods before it included.
    pub(super) since: Elapsed,
    /// How long it may last by what was seen last, and since when that was seen.
    pub(super) limit: (Limit, Elapsed),
    /// When it becomes a failure; `None` before the deadline.
    pub(super) due: Option<Elapsed>,
    /// When a reading last showed it.
    pub(super) last_seen: Elapsed,
    /// It shows it at the moment.
    pub(super) visible: bool,
    /// Its restarts are more than are allowed.
    pub(super) over: bool,
    /// How long it had shown it already when it was first seen, where that counts.
    pub(super) head_start: Duration,
    /// Pulls that failed for good, and whether the last reading was of one that just did.
    pub(super) failures: u32,
    pub(super) was_attempt: bool,
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
    /// How long it had been there already when the run began, by the server's time, where that counts.
    pub(in crate::gate) head_start: Option<Duration>,
    /// Pods of the same workload that are ending still hold the room that a new one needs.
    pub(in crate::gate) room_is_held: bool,
    /// Whoever tries may not have had another chance by then.
    pub(in crate::gate) next_try: Option<Elapsed>,
}

impl Subject {
    pub(super) fn new(number: usize, name: &Clean, since: Elapsed, limit: Limit) -> Self {
        Self {
            number,
            name: name.clone(),
            since,
            limit: (limit, since),
            due: None,
            last_seen: since,
            visible: true,
            over: false,
            head_start: Duration::ZERO,
            failures: 0,
            was_attempt: false,
        }
    }

    /// It shows the finding since `begun`, those before it included.
    pub(super) fn see(&mut self, symptom: &Symptom, limit: Limit, begun: Elapsed, now: Elapsed) {
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

    pub(super) fn is_seen_due(&self, last_read: Option<Elapsed>) -> bool {
        let seen = self.last_seen.max(last_read.unwrap_or_default());
        self.due.is_some_and(|due| seen >= due)
    }
}

/// When a symptom becomes a failure.
pub(super) fn due(
    subject: &Subject,
    policy: &Policy,
    circumstances: Circumstances,
) -> Option<Elapsed> {
    let due = due_if_new(subject, policy, circumstances)?.since(Elapsed::ZERO);
    Some(Elapsed::ZERO + due.saturating_sub(subject.head_start))
}

/// The same of what was seen first. A grace that was set holds as set; the defaults bend (contract, "Grace periods in
/// words").
fn due_if_new(subject: &Subject, policy: &Policy, circumstances: Circumstances) -> Option<Elapsed> {
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
