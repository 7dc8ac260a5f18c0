//! What is asked of all findings at once: which are open, when the next is due, which decides.

use std::{collections::BTreeMap, sync::Arc};

use super::{Findings, bears, record::Record};
use crate::{
    gate::{Cause, FindingLine, FindingState, Policy, names, symptom::Key},
    model::{Elapsed, Role, Uid},
};

impl Findings {
    /// Each finding, the most telling first.
    pub(in crate::gate) fn iter(&self) -> impl Iterator<Item = (&Key, &Record)> {
        self.records.iter()
    }

    /// The findings in this state, the most telling first.
    pub(in crate::gate) fn in_state(
        &self,
        state: FindingState,
    ) -> impl Iterator<Item = (&Key, &Record)> {
        self.iter().filter(move |(_, record)| record.state == state)
    }

    /// Whether a finding is reported only, however long it lasts: its container is ignored, or its cause does not fail a
    /// target of this kind.
    pub(in crate::gate) fn bear(&self, key: &Key, policy: &Policy) -> bool {
        bears(self.kind, key, policy)
    }

    /// A finding.
    pub(in crate::gate) fn get(&self, key: &Key) -> Option<&Record> {
        self.records.get(key)
    }

    /// Containers of a pod whose image is not pulled, and of which no reading said why.
    pub(in crate::gate) fn unsaid_pulls(&self, uid: &Uid) -> Vec<(Arc<str>, Role)> {
        let pulls = self.records.iter().filter(|(key, record)| {
            key.cause == Cause::Image && !record.says_why() && record.is_shown_by(uid)
        });
        pulls.filter_map(|(key, record)| Some((key.container.clone()?, record.role?))).collect()
    }

    /// Whether an error is known under this key, which says more than what is waited for.
    pub(in crate::gate) fn is_error(&self, key: &Key) -> bool {
        self.get(key).is_some_and(|record| record.explained.is_none() && record.is_shown())
    }

    /// Whether a pod shows any of them at the moment.
    pub(in crate::gate) fn are_shown_by(&self, uid: &Uid) -> bool {
        self.records.values().any(|record| record.is_shown_by(uid))
    }

    /// The next due date after `now` of anything that is shown at the moment.
    pub(in crate::gate) fn next_due(&self, now: Elapsed) -> Option<Elapsed> {
        // of a tolerated one another pod may be more than may be spared
        let open = self.records.values().filter(|record| record.is_open());
        open.flat_map(Record::dues).map(|(_, due)| due).filter(|due| *due > now).min()
    }

    /// Whether something is suspected that may still explain why the rollout does not come to its end.
    pub(in crate::gate) fn is_anything_suspected(&self) -> bool {
        self.in_state(FindingState::Suspected).any(|(_, record)| record.is_shown())
    }

    /// Suspicions that are shown at the moment, those left out whose grace was set and is not over.
    pub(in crate::gate) fn shown_beyond_set_graces(
        &self,
        policy: &Policy,
        now: Elapsed,
    ) -> Vec<Key> {
        let suspected = self.in_state(FindingState::Suspected);
        let beyond = suspected.filter(|(_, record)| record.is_beyond_set_graces(policy, now));
        beyond.map(|(key, _)| key.clone()).collect()
    }

    /// Ended runs that were within their limit, of pods for which `is_broken` holds.
    pub(in crate::gate) fn tolerated_runs(
        &self,
        policy: &Policy,
        is_broken: impl Fn(&Uid) -> bool,
    ) -> Vec<Key> {
        let runs = self.in_state(FindingState::Tolerated).filter(|(key, record)| {
            let has_restarted = record.restarts.is_some_and(|restarts| restarts > 0);
            has_restarted && !self.bear(key, policy) && record.pods().any(&is_broken)
        });
        runs.map(|(key, _)| key.clone()).collect()
    }

    /// When a finding fails the target unless it heals: as soon as more pods are beyond a limit than may be spared.
    pub(in crate::gate) fn fails_at(
        &self,
        key: &Key,
        policy: &Policy,
        spared: u64,
    ) -> Option<Elapsed> {
        let own = self.get(key)?.grace_until().filter(|_| !self.bear(key, policy))?;
        if key.cause.is_of_target() || spared == 0 {
            return Some(own);
        }
        let mut pods: BTreeMap<&Uid, Elapsed> =
            self.bad.iter().map(|uid| (uid, Elapsed::ZERO)).collect();
        let judged = self.records.iter().filter(|(key, record)| {
            record.is_open() && !self.bear(key, policy) && !key.cause.is_of_target()
        });
        for (uid, due) in judged.flat_map(|(_, record)| record.dues()) {
            let first = pods.entry(uid).or_insert(due);
            *first = due.min(*first);
        }
        let mut dues: Vec<Elapsed> = pods.into_values().collect();
        dues.sort_unstable();
        let decides = dues.get(usize::try_from(spared).unwrap_or(usize::MAX))?;
        Some(own.max(*decides))
    }

    /// Suspicions that are borne longer, or less long, than was told.
    pub(in crate::gate) fn moved(
        &self,
        until: impl Fn(&Key, &Record) -> Option<Elapsed>,
    ) -> Vec<Key> {
        let shown = self.in_state(FindingState::Suspected).filter(|(_, record)| record.is_shown());
        let moved = shown.filter(|(key, record)| record.has_moved(until(key, record)));
        moved.map(|(key, _)| key.clone()).collect()
    }

    /// The finding in a line.
    pub(in crate::gate) fn line(
        &self,
        key: &Key,
        grace_until: Option<Elapsed>,
    ) -> Option<FindingLine> {
        let record = self.get(key)?;
        Some(FindingLine {
            cause: key.cause,
            attribution: record.attribution,
            container: key.container.as_deref().map(names::container),
            pods: record.pods().count(),
            message: record.message.clone(),
            grace_until,
        })
    }
}
