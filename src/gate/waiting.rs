//! What a rollout that is not complete waits for.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Gate, GateEvent,
    kind::Unmet,
    names,
    symptom::{Key, Symptom},
};
use crate::{
    clean,
    model::Pod,
    phrases::{self, finding, waiting},
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
        let namespace = self.going_namespace();
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
    pub(super) fn words_of(&self, unmet: Unmet) -> Clean {
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
    pub(super) fn going_namespace(&self) -> Option<Clean> {
        self.going.with_namespace.then(|| phrases::unjudged::namespace_goes(&self.target.namespace))
    }

    /// What pods have waited for for a while: each reason once, without times, so that it is told once.
    fn lasting(&self) -> Vec<Clean> {
        let mut reasons: BTreeMap<Key, (Symptom, &Clean, usize)> = BTreeMap::new();
        for (_, record) in self.ledger.active() {
            if self.now.since(record.explained_since) < LASTING {
                continue;
            }
            for reason in record.told_unready() {
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

    /// Keeps the states of the containers that keep a pod from being ready.
    pub(super) fn remember_unready(&mut self, pod: &Pod) {
        let Some(record) = self.ledger.get(&pod.metadata.uid) else { return };
        let containers: Vec<_> = record.unready.iter().map(|r| r.container.clone()).collect();
        for container in containers {
            self.remember_states(pod, container.as_ref());
        }
    }
}
