//! The tracks of one pod's containers.

use super::{
    lane::{Lane, Mark, MarkKind},
    track::{Track, state},
};
use crate::{
    clean,
    gate::Gate,
    model::{Elapsed, EventKind, KubeEvent, Pod, ServerClock, Uid},
    text::{Clean, Untrusted},
};

/// How much a pod has to show. One with more takes the place of one with less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Nothing.
    Quiet,
    /// It shows a finding at the moment.
    Suspect,
    /// A run ended.
    Broken,
}

impl Weight {
    pub(super) fn of(gate: &Gate, uid: &Uid) -> Self {
        match gate.judged_pod(uid) {
            Some(pod) if pod.has_ended_runs => Self::Broken,
            Some(pod) if pod.shows_finding => Self::Suspect,
            _ => Self::Quiet,
        }
    }
}

/// The containers of one pod over time.
#[derive(Debug)]
pub(super) struct PodTracks {
    /// Its place in the order of first sights.
    pub(super) number: usize,
    pub(super) weight: Weight,
    /// The version of the latest reading.
    pub(super) version: u64,
    name: Clean,
    is_gone: bool,
    is_terminating: bool,
    containers: Vec<Track>,
}

impl PodTracks {
    pub(super) fn new(number: usize, pod: &Pod, clock: ServerClock) -> Self {
        Self {
            number,
            weight: Weight::Quiet,
            version: 0,
            name: Untrusted::from(pod.metadata.name.as_ref()).to_clean_line(253),
            is_gone: false,
            is_terminating: false,
            containers: pod
                .containers()
                .map(|(role, container, status)| Track::new(role, &container.name, status, clock))
                .collect(),
        }
    }

    /// How many containers it has.
    pub(super) fn len(&self) -> usize {
        self.containers.len()
    }

    pub(super) fn lanes(&self, ended: Elapsed) -> impl Iterator<Item = Lane> {
        self.containers.iter().map(move |track| track.lane(&self.name, self.is_gone, ended))
    }

    /// Takes a reading in that is the latest one.
    pub(super) fn observe(&mut self, pod: &Pod, now: Elapsed, weight: Weight) {
        if self.is_gone {
            return;
        }
        self.version = pod.metadata.version;
        self.weight = if self.weight == Weight::Broken { Weight::Broken } else { weight };
        let deleted = pod.metadata.is_terminating() && !self.is_terminating;
        self.is_terminating |= deleted;
        let has_node = pod.spec.node_name.is_some();
        for (track, (role, container, status)) in self.containers.iter_mut().zip(pod.containers()) {
            if track.name != container.name {
                continue;
            }
            track.enter(state(role, status, has_node), now);
            if let Some(status) = status {
                track.observe_runs(status, now);
            }
            if deleted {
                let what = Clean::from_static("the deletion of the pod was asked for");
                track.mark(Mark { at: now, kind: MarkKind::Deleted, what });
            }
        }
    }

    /// The pod is gone.
    pub(super) fn leave(&mut self, now: Elapsed) {
        if !self.is_gone {
            self.is_gone = true;
            self.containers.iter_mut().for_each(|track| track.last_until(now));
        }
    }

    pub(super) fn lose_sight(&mut self, now: Elapsed) {
        if !self.is_gone {
            self.containers.iter_mut().for_each(|track| track.lose_sight(now));
        }
    }

    /// Marks the warnings among its events: on the container that they name, else on the first one.
    pub(super) fn mark_warnings(&mut self, events: &[KubeEvent], clock: ServerClock) {
        for event in events.iter().filter(|event| event.kind == EventKind::Warning) {
            let Some(at) = event.last.and_then(|last| clock.place(last)) else { continue };
            let named = event.container();
            let named = self.containers.iter().position(|track| Some(&*track.name) == named);
            if let Some(track) = self.containers.get_mut(named.unwrap_or(0)) {
                let (reason, message) = (event.reason.to_clean_line(80), &event.message);
                let what = clean!("{}: {}", reason, message.to_clean_line(160));
                track.mark(Mark { at, kind: MarkKind::Event, what });
            }
        }
    }
}
