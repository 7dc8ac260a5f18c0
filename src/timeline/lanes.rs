//! The containers of some pods over time.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    lane::Lane,
    pod::{PodTracks, Weight},
};
use crate::{
    gate::{Gate, GateEvent},
    model::{Elapsed, Pod, ServerClock, Uid},
    observation::Observation,
};

/// Pods that are kept: any of them may turn out to be telling later.
pub(super) const PODS: usize = 200;

/// Lanes that are shown; a picture of more can't be read.
pub(super) const SHOWN: usize = 24;

/// What is known of them by now.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    pub(super) pods: BTreeMap<Uid, PodTracks>,
    /// How many pods were taken in.
    taken: usize,
}

impl Lanes {
    /// Takes in what the gate took in, right after it did, so before what the gate tells about it.
    pub(super) fn observe(&mut self, now: Elapsed, observation: &Observation, gate: &Gate) {
        match observation {
            Observation::Snapshot(snapshot) => {
                self.let_go(now, gate);
                for pod in snapshot.pods() {
                    self.observe_pod(pod, now, gate);
                }
            }
            // a watch that is opened anew tells again what is known, which says nothing about this moment
            Observation::PodChanged(pod) if self.has_seen(pod) => {}
            Observation::PodChanged(pod) => self.observe_pod(pod, now, gate),
            Observation::PodDeleted(pod) => {
                self.observe_pod(pod, now, gate);
                self.let_go(now, gate);
            }
            Observation::Events { request, result: Ok(events) } => {
                if let Some(tracks) = self.pods.get_mut(&request.uid) {
                    tracks.mark_warnings(events, gate.server_clock());
                }
            }
            _ => {}
        }
    }

    /// Takes in what the gate tells: where reads fail, nothing is known of any pod since its last reading.
    pub(super) fn hear(&mut self, event: &GateEvent) {
        if let GateEvent::ReadsStale { at, .. } = event {
            self.pods.values_mut().for_each(|tracks| tracks.lose_sight(*at));
        }
    }

    /// The lanes to show: pods with what decided first, then in the order of their first sight. All of a pod or none, but
    /// for the first.
    pub(super) fn chosen(&self, gate: &Gate) -> Vec<Lane> {
        let ended = gate.decision().map_or_else(|| gate.now(), |decision| decision.at);
        let mut pods: Vec<_> = self.pods.iter().collect();
        pods.sort_by_cached_key(|(uid, tracks)| (gate.rank(uid), tracks.number));
        let mut chosen = Vec::new();
        for (_, tracks) in pods {
            if !chosen.is_empty() && chosen.len() + tracks.len() > SHOWN {
                break;
            }
            chosen.extend(tracks.lanes(ended).take(SHOWN));
        }
        chosen
    }

    fn observe_pod(&mut self, pod: &Pod, now: Elapsed, gate: &Gate) {
        if gate.took_in(pod) {
            self.enter(pod, now, Weight::of(gate, &pod.metadata.uid), gate.server_clock());
        }
    }

    pub(super) fn enter(&mut self, pod: &Pod, now: Elapsed, weight: Weight, clock: ServerClock) {
        let uid = &pod.metadata.uid;
        if !self.pods.contains_key(uid) {
            if !self.make_room(weight) {
                return;
            }
            self.taken += 1;
            self.pods.insert(uid.clone(), PodTracks::new(self.taken, pod, clock));
        }
        if let Some(tracks) = self.pods.get_mut(uid) {
            tracks.observe(pod, now, weight);
        }
    }

    /// Whether there is room for one more pod; one that weighs less goes for it, the latest first.
    fn make_room(&mut self, weight: Weight) -> bool {
        if self.pods.len() < PODS {
            return true;
        }
        let lighter = self.pods.iter().filter(|(_, tracks)| tracks.weight < weight);
        let lightest = lighter.max_by_key(|(_, tracks)| (Reverse(tracks.weight), tracks.number));
        let Some(uid) = lightest.map(|(uid, _)| uid.clone()) else { return false };
        self.pods.remove(&uid);
        true
    }

    fn has_seen(&self, pod: &Pod) -> bool {
        let version = pod.metadata.version;
        let seen = self.pods.get(&pod.metadata.uid);
        seen.is_some_and(|tracks| version != 0 && tracks.version == version)
    }

    /// Ends the lanes of pods that are gone.
    fn let_go(&mut self, now: Elapsed, gate: &Gate) {
        for (uid, tracks) in &mut self.pods {
            if gate.judged_pod(uid).is_some_and(|pod| pod.is_gone) {
                tracks.leave(now);
            }
        }
    }
}
