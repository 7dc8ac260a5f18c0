//! What is remembered of one pod: its readiness, its ended runs, and why it is not ready.

mod readiness;

use super::News;
use crate::{
    gate::{
        Policy,
        churn::PodEnd,
        names,
        runs::{Answer, ContainerRecord},
        sight::{Counting, Sight},
        stuck,
        symptom::Symptom,
        unready::{self, Step, Unready},
    },
    model::{Elapsed, KubeEvent, Phase, Pod, ServerTime, Uid},
    text::Clean,
};
pub(in crate::gate) use readiness::Lost;

/// What a pod is there for, on which hangs what its end says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gate) enum Purpose {
    /// It is to run for ever.
    Serves,
    /// It may have an end: it is well if that is a success.
    Works,
    /// It is an attempt of this Job, which rules what its end says.
    Attempt(Uid),
}

/// What is remembered of one pod.
#[derive(Debug)]
pub(in crate::gate) struct PodRecord {
    pub(in crate::gate) name: Clean,
    pub(in crate::gate) node: Option<Clean>,
    pub(in crate::gate) first_seen: Elapsed,
    pub(in crate::gate) purpose: Purpose,
    /// The version of the latest reading, so that a watch that lags takes nothing back.
    pub(super) version: u64,
    /// The pod does not exist any more.
    pub(in crate::gate) gone: bool,
    /// Its deletion was asked for.
    pub(in crate::gate) terminating: bool,
    /// When its deletion was asked for, by the servers' clocks.
    deletion_requested: Option<ServerTime>,
    /// A reading told so, and not only its last state.
    deletion_was_seen: bool,
    /// How it ended for good; `None` while it has not, and if the platform ended it.
    pub(in crate::gate) end: Option<PodEnd>,
    /// Its place in a row of pods that ended one after the other.
    pub(in crate::gate) place: u64,
    /// It is counted among the pods that should run: neither gone, nor being deleted, nor ended.
    pub(in crate::gate) active: bool,
    pub(in crate::gate) ready_since: Option<Elapsed>,
    /// The servers' time of the last change of readiness: it tells of a gap between two readings.
    ready_changed: Option<ServerTime>,
    /// Since when it has not been ready, by the servers' clocks; `None` while it is.
    pub(in crate::gate) unready_at: Option<ServerTime>,
    /// How often readiness was lost without a restart.
    flaps: u32,
    /// It was ready in a window, and has not been restarted since.
    steady: bool,
    /// Since when it has run without being ready although it should be.
    unready_since: Option<Elapsed>,
    /// Restarts of all containers as the kubelet counts them, to compare two reads by.
    pub(in crate::gate) restart_counts: u64,
    /// Containers of which an ended run is known.
    pub(in crate::gate) containers: Vec<ContainerRecord>,
    /// Why it is not ready, where no error tells.
    pub(in crate::gate) unready: Box<[Unready]>,
    /// Since when that has been why.
    pub(in crate::gate) explained_since: Elapsed,
    /// How far the kubelet came with its containers, as its events tell.
    steps: Box<[Step]>,
    /// What its events told about its not starting.
    pub(in crate::gate) stuck: Option<Box<Symptom>>,
    /// What an autoscaler said: whether it makes room.
    pub(in crate::gate) scale_up: Option<bool>,
}

impl PodRecord {
    pub(super) fn new(name: &str, first_seen: Elapsed, purpose: Purpose) -> Self {
        Self {
            name: names::object(name),
            first_seen,
            purpose,
            node: None,
            version: 0,
            gone: false,
            terminating: false,
            deletion_requested: None,
            deletion_was_seen: false,
            end: None,
            place: 0,
            active: false,
            ready_since: None,
            ready_changed: None,
            unready_at: None,
            flaps: 0,
            steady: false,
            unready_since: None,
            restart_counts: 0,
            containers: Vec::new(),
            unready: Box::default(),
            explained_since: first_seen,
            steps: Box::default(),
            stuck: None,
            scale_up: None,
        }
    }

    /// Whether a later reading is known: a watch lags behind the reads.
    fn is_later_than(&self, reading: &Pod) -> bool {
        reading.metadata.version < self.version
    }

    /// Whether no later reading than this one was taken in.
    pub(in crate::gate) fn is_at(&self, reading: &Pod) -> bool {
        reading.metadata.version == self.version
    }

    /// Marks the pod as gone. What was seen of it stays.
    pub(super) fn leave(&mut self) {
        self.gone = true;
        self.stand_aside();
    }

    /// Takes in that the pod is not of the revision any more, unless a later reading is known; tells whether it did.
    pub(super) fn release(&mut self, pod: &Pod) -> bool {
        let is_news = !self.gone && !self.is_later_than(pod);
        if is_news {
            self.version = pod.metadata.version;
            self.stand_aside();
        }
        is_news
    }

    /// Counts the pod no more, until it is observed again.
    pub(super) fn stand_aside(&mut self) {
        self.active = false;
        self.ready_since = None;
        self.unready = Box::default();
        self.stuck = None;
    }

    /// Takes a reading in, all but its place in a row of pods.
    pub(super) fn observe(
        &mut self,
        pod: &Pod,
        now: Elapsed,
        counting: Counting,
        policy: &Policy,
    ) -> News {
        let requested = [self.deletion_requested, pod.deletion_requested()];
        self.deletion_requested = requested.into_iter().flatten().min();
        self.deletion_was_seen |= pod.tells_its_deletion();
        let is_earlier = self.is_later_than(pod);
        let mut news = News { outdated: self.gone || is_earlier, ..News::default() };
        for (role, container, status) in pod.containers() {
            let Some(status) = status else { continue };
            news.ended |= self.observe_container(&Sight {
                pod,
                role,
                container,
                status,
                now,
                counting,
                outdated: is_earlier,
                requested: self.deletion_requested,
                request_was_seen: self.deletion_was_seen,
            });
        }
        news.lost_readiness = self.observe_state(pod, now, policy);
        if !news.outdated && self.end.is_none() && !self.terminating && counting.includes(pod) {
            self.end = PodEnd::of(pod).filter(|_| !self.may_end_like(pod));
            news.pod_ended = self.end.is_some();
        }
        if news.ended {
            self.steady = false;
        }
        news
    }

    /// Decides why its runs ended, by its events; without any, by themselves.
    pub(super) fn decide_runs(&mut self, events: Option<&[KubeEvent]>, now: Elapsed) -> Answer {
        let answers = self.containers.iter_mut().map(|c| c.decide_runs(events, now));
        answers.fold(Answer::default(), Answer::and)
    }

    /// Takes in what events tell about its not starting; tells whether they could tell more.
    pub(super) fn learn(&mut self, events: &[KubeEvent]) -> bool {
        self.steps = unready::steps(events);
        let is_told = |reason: &Unready| !reason.is_told_by_events();
        let says_nothing = self.ready_since.is_some()
            || (!self.unready.is_empty() && self.unready.iter().all(is_told));
        self.scale_up = stuck::scale_up(events).or(self.scale_up);
        self.stuck = if says_nothing { None } else { stuck::trouble(events).map(Box::new) };
        !says_nothing
    }

    /// Whether it is an attempt of a Job.
    pub(in crate::gate) fn is_attempt(&self) -> bool {
        matches!(self.purpose, Purpose::Attempt(_))
    }

    /// Whether it is well that it ended as it did, or not for it to say.
    fn may_end_like(&self, pod: &Pod) -> bool {
        match self.purpose {
            Purpose::Serves => false,
            Purpose::Works => pod.status.phase == Phase::Succeeded,
            Purpose::Attempt(_) => true,
        }
    }

    /// Whether a container of it ended in a way that counts.
    pub(in crate::gate) fn has_gone_wrong(&self) -> bool {
        self.containers.iter().any(|container| container.restarts() > 0)
    }

    /// The ended runs of a container; tells whether one is news.
    fn observe_container(&mut self, sight: &Sight<'_>) -> bool {
        let name = &sight.container.name;
        let known = self.containers.iter().position(|record| record.name == *name);
        let index = match known {
            Some(index) => index,
            None => {
                let Some(record) = ContainerRecord::first(sight) else { return false };
                self.containers.push(record);
                self.containers.len() - 1
            }
        };
        self.containers[index].observe(sight, known.is_none())
    }
}
