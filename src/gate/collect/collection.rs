//! What evidence was asked for, and what came. All of it is bounded in number.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use super::states::ContainerWords;
use crate::{
    evidence::{Change, EventLine, LogEvidence, PodDetails},
    gate::Cause,
    model::{Elapsed, Uid},
};

/// After this an answer is not expected any more.
const ANSWER: Duration = Duration::from_secs(4);
/// Pods that stand for all that do not start, or whose container is told of in words.
const REPRESENTATIVES: usize = 3;
/// Requests for events under way at a time.
const AT_ONCE: usize = 8;
/// Logs of one container that are read.
const LOGS: u32 = 6;
/// Pods whose details are read.
const PODS: usize = 6;

/// What was asked for and what came.
#[derive(Debug, Default)]
pub(in crate::gate) struct Collection {
    /// Pods whose events are to be read, and when.
    polls: BTreeMap<Uid, Elapsed>,
    /// Objects whose events are being read, and until when an answer is waited for.
    under_way: BTreeMap<Uid, Elapsed>,
    events: BTreeMap<Uid, Vec<EventLine>>,
    /// Logs asked for, by container.
    logs_asked: BTreeMap<Arc<str>, u32>,
    logs: BTreeMap<(Uid, Arc<str>), LogEvidence>,
    /// The state of a container in a pod that shows a finding, in words.
    states: BTreeMap<(Uid, Option<Arc<str>>), ContainerWords>,
    asked_for_context: bool,
    asked_for_changes: bool,
    changes: Option<Vec<Change>>,
    /// Causes and containers for which the details of a pod were asked for.
    detailed_troubles: BTreeSet<(Option<Cause>, Option<Arc<str>>)>,
    detailed_pods: BTreeSet<Uid>,
    details: BTreeMap<Uid, Box<PodDetails>>,
}

/// Events.
impl Collection {
    /// Has the events of a pod read then.
    pub(super) fn poll(&mut self, uid: &Uid, at: Elapsed) {
        self.polls.insert(uid.clone(), at);
    }

    /// Has the events of a pod read then, unless it is known when.
    pub(super) fn poll_unless_known(&mut self, uid: &Uid, at: Elapsed) {
        self.polls.entry(uid.clone()).or_insert(at);
    }

    /// Has the events of a pod read then that does not start, unless they are being read, or enough others are to be.
    pub(super) fn poll_representative(&mut self, uid: &Uid, at: Elapsed) {
        let is_known = self.polls.contains_key(uid) || self.under_way.contains_key(uid);
        if !is_known && self.polls.len() < REPRESENTATIVES {
            self.polls.insert(uid.clone(), at);
        }
    }

    /// When events are to be read.
    pub(in crate::gate) fn next_poll(&self) -> Option<Elapsed> {
        let polls = self.polls.iter().filter(|_| self.under_way.len() < AT_ONCE);
        polls.filter(|(uid, _)| !self.under_way.contains_key(uid)).map(|(_, at)| *at).min()
    }

    /// The pods whose events are to be read now; they are not told again.
    pub(super) fn take_due_polls(&mut self, now: Elapsed) -> Vec<Uid> {
        let is_due =
            |(uid, at): &(&Uid, &Elapsed)| **at <= now && !self.under_way.contains_key(uid);
        let room = AT_ONCE.saturating_sub(self.under_way.len());
        let due = self.polls.iter().filter(is_due).take(room);
        let due: Vec<Uid> = due.map(|(uid, _)| uid.clone()).collect();
        self.polls.retain(|uid, _| !due.contains(uid));
        due
    }

    /// The events of an object were asked for.
    pub(super) fn await_events(&mut self, uid: &Uid, now: Elapsed) {
        self.under_way.insert(uid.clone(), now + ANSWER);
    }

    /// When a request for events is given up.
    pub(in crate::gate) fn next_answer(&self) -> Option<Elapsed> {
        self.under_way.values().min().copied()
    }

    /// The objects whose events were not answered in time; they are not told again.
    pub(super) fn take_unanswered(&mut self, now: Elapsed) -> Vec<Uid> {
        self.under_way.extract_if(.., |_, until| *until <= now).map(|(uid, _)| uid).collect()
    }

    /// A request for events was answered.
    pub(super) fn end_waiting(&mut self, uid: &Uid) {
        self.under_way.remove(uid);
    }

    pub(super) fn keep_events(&mut self, uid: &Uid, events: Vec<EventLine>) {
        self.events.insert(uid.clone(), events);
    }

    /// The events of an object, as last read; `None` if they were not.
    pub(in crate::gate) fn events(&self, uid: &Uid) -> Option<&[EventLine]> {
        self.events.get(uid).map(Vec::as_slice)
    }

    /// Whether the events of the workload and its revision are asked for now for the first time.
    pub(super) fn is_first_for_context(&mut self) -> bool {
        !std::mem::replace(&mut self.asked_for_context, true)
    }
}

/// Logs and states of containers.
impl Collection {
    /// Counts another log of a container; `false` if enough were read.
    pub(super) fn has_room_for_log(&mut self, container: &Arc<str>) -> bool {
        let asked = self.logs_asked.entry(container.clone()).or_default();
        let has_room = *asked < LOGS;
        *asked += u32::from(has_room);
        has_room
    }

    /// The log of a later run says more, unless the process had no time to say anything.
    pub(super) fn keep_log(&mut self, pod: &Uid, container: &Arc<str>, log: LogEvidence) {
        let key = (pod.clone(), container.clone());
        if log.excerpt.is_empty() {
            self.logs.entry(key).or_insert(log);
        } else {
            self.logs.insert(key, log);
        }
    }

    /// The log of a container; `None` if none was read.
    pub(in crate::gate) fn log(&self, pod: &Uid, container: &Arc<str>) -> Option<&LogEvidence> {
        self.logs.get(&(pod.clone(), container.clone()))
    }

    /// Keeps what a container does, unless enough pods stand for it. What it left when it ended stays.
    pub(super) fn keep_state(
        &mut self,
        pod: &Uid,
        container: Option<&Arc<str>>,
        words: impl FnOnce() -> ContainerWords,
    ) {
        let key = (pod.clone(), container.cloned());
        let kept = self.states.keys().filter(|(_, name)| *name == key.1).count();
        if kept < REPRESENTATIVES || self.states.contains_key(&key) {
            self.states.entry(key).or_default().become_later(words());
        }
    }

    /// What a container does and how it ended, in words; `None` where others stand for it.
    pub(in crate::gate) fn state(
        &self,
        pod: &Uid,
        container: Option<&Arc<str>>,
    ) -> Option<&ContainerWords> {
        self.states.get(&(pod.clone(), container.cloned()))
    }
}

/// What changed, and details of pods.
impl Collection {
    /// Whether what changed is asked for now for the first time.
    pub(super) fn is_first_for_changes(&mut self) -> bool {
        !std::mem::replace(&mut self.asked_for_changes, true)
    }

    pub(super) fn keep_changes(&mut self, changes: Vec<Change>) {
        self.changes = Some(changes);
    }

    /// What changed; `None` if that is not known.
    pub(in crate::gate) fn changes(&self) -> Option<&[Change]> {
        self.changes.as_deref()
    }

    /// Whether the details of a pod are of use: it has a trouble of which no other stands, and not too many are read.
    pub(super) fn wants_details(
        &mut self,
        uid: &Uid,
        cause: Option<Cause>,
        container: Option<&Arc<str>>,
    ) -> bool {
        self.detailed_troubles.insert((cause, container.cloned()))
            && self.detailed_pods.len() < PODS
            && !self.detailed_pods.contains(uid)
    }

    /// The details of a pod were asked for.
    pub(super) fn await_details(&mut self, uid: &Uid) {
        self.detailed_pods.insert(uid.clone());
    }

    pub(super) fn keep_details(&mut self, uid: &Uid, details: Box<PodDetails>) {
        self.details.insert(uid.clone(), details);
    }

    /// The details of a pod; `None` if they were not read.
    pub(in crate::gate) fn details(&self, uid: &Uid) -> Option<&PodDetails> {
        self.details.get(uid).map(|details| &**details)
    }

    /// The details of all pods that were read.
    pub(super) fn all_details(&self) -> impl Iterator<Item = &PodDetails> {
        self.details.values().map(|details| &**details)
    }
}
