//! What is remembered of each pod of the new revision, also when the pod is gone: readiness, and every ended run.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Policy,
    churn::{Generations, PodEnd},
    names,
    runs::{ContainerRecord, Counting, Sight},
    symptom::Symptom,
    unready::{self, Step, Unready},
};
use crate::{
    model::{Elapsed, Phase, Pod, Role, ServerTime, Uid},
    text::Clean,
};

/// All pods of the new revision that were ever seen, by UID: names are used again.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    // boxed, since a tree has up to twice the room that it uses
    pub(super) pods: BTreeMap<Uid, Box<PodRecord>>,
    /// How many of them ended one after the other.
    pub(super) generations: Generations,
}

/// What is remembered of one pod.
#[derive(Debug)]
pub(super) struct PodRecord {
    pub(super) name: Clean,
    pub(super) node: Option<Clean>,
    pub(super) first_seen: Elapsed,
    /// The version of the latest reading, so that a watch that lags takes nothing back.
    version: u64,
    /// The pod does not exist any more.
    pub(super) gone: bool,
    /// Its deletion was asked for.
    pub(super) terminating: bool,
    /// When its deletion was asked for, by the servers' clocks.
    deletion_requested: Option<ServerTime>,
    /// A reading told so, and not only its last state.
    deletion_was_seen: bool,
    /// How it ended for good; `None` while it has not, and if the platform ended it.
    pub(super) end: Option<PodEnd>,
    /// Its place in a row of pods that ended one after the other.
    pub(super) place: u64,
    /// It is counted among the pods that should run: neither gone, nor being deleted, nor ended.
    pub(super) active: bool,
    pub(super) ready_since: Option<Elapsed>,
    /// The servers' time of the last change of readiness: it tells of a gap between two readings.
    ready_changed: Option<ServerTime>,
    /// How often readiness was lost without a restart.
    pub(super) flaps: u32,
    /// It was ready in a window, and has not been restarted since.
    pub(super) steady: bool,
    /// Since when it has run without being ready although it should be.
    pub(super) unready_since: Option<Elapsed>,
    /// Restarts of all containers as the kubelet counts them, to compare two reads by.
    pub(super) restart_counts: u64,
    /// Containers of which an ended run is known.
    pub(super) containers: Vec<ContainerRecord>,
    /// Why it is not ready, where no error tells.
    pub(super) unready: Box<[Unready]>,
    /// Since when that has been why.
    pub(super) explained_since: Elapsed,
    /// How far the kubelet came with its containers, as its events tell.
    pub(super) steps: Box<[Step]>,
    /// What its events told about its not starting.
    pub(super) stuck: Option<Box<Symptom>>,
    /// What an autoscaler said: whether it makes room.
    pub(super) scale_up: Option<bool>,
}

impl Ledger {
    /// Takes a reading of a pod in, and tells what is news in it.
    pub(super) fn observe(
        &mut self,
        pod: &Pod,
        now: Elapsed,
        counting: Counting,
        policy: &Policy,
    ) -> News {
        let first = !self.pods.contains_key(&pod.metadata.uid);
        let record = self
            .pods
            .entry(pod.metadata.uid.clone())
            .or_insert_with(|| Box::new(PodRecord::new(&pod.metadata.name, now)));
        let counting = if first { counting } else { Counting::Since(None) };
        let requested = [record.deletion_requested, pod.deletion_requested()];
        record.deletion_requested = requested.into_iter().flatten().min();
        record.deletion_was_seen |= pod.tells_its_deletion();
        let outdated = record.gone || record.is_later_than(pod);
        let is_earlier = record.is_later_than(pod);
        let mut news = News { first, outdated, ..News::default() };
        for (role, container, status) in pod.containers() {
            let Some(status) = status else { continue };
            news.ended |= record.observe_container(&Sight {
                pod,
                role,
                container,
                status,
                now,
                counting,
                outdated: is_earlier,
                requested: record.deletion_requested,
                request_was_seen: record.deletion_was_seen,
            });
        }
        news.lost_readiness = record.observe_state(pod, now, policy);
        if first {
            record.place = self.generations.next(now);
        }
        if !outdated && record.end.is_none() && !record.terminating && counting.includes(pod) {
            record.end = PodEnd::of(pod);
            news.pod_ended = record.end.is_some();
        }
        if news.pod_ended {
            self.generations.end(record.place, now);
        }
        if news.ended {
            record.steady = false;
        }
        news
    }

    /// Whether it is the reading that was taken in last.
    pub(super) fn has_seen(&self, pod: &Pod) -> bool {
        let version = pod.metadata.version;
        self.pods.get(&pod.metadata.uid).is_some_and(|seen| version != 0 && seen.version == version)
    }

    /// Marks pods that a consistent read did not show as gone, and tells which ones. A pod that a watch showed first after
    /// the read was begun, in a version later than all in it, may be younger than the read.
    pub(super) fn forget_all_but(&mut self, pods: &[Pod], begun: Elapsed) -> Vec<Uid> {
        let present: BTreeSet<&Uid> = pods.iter().map(|pod| &pod.metadata.uid).collect();
        let latest = pods.iter().map(|pod| pod.metadata.version).max().unwrap_or(0);
        let mut gone = Vec::new();
        for (uid, record) in &mut self.pods {
            let is_younger = record.first_seen >= begun && record.version > latest;
            if !record.gone && !is_younger && !present.contains(uid) {
                record.leave();
                gone.push(uid.clone());
            }
        }
        gone
    }

    /// Pods that are counted among those that should run.
    pub(super) fn active(&self) -> impl Iterator<Item = (&Uid, &PodRecord)> {
        self.pods.iter().map(|(uid, record)| (uid, &**record)).filter(|(_, record)| record.active)
    }

    /// Each container record with its pod.
    pub(super) fn containers(&self) -> impl Iterator<Item = (&Uid, &PodRecord, &ContainerRecord)> {
        self.pods.iter().flat_map(|(uid, record)| {
            record.containers.iter().map(move |container| (uid, &**record, container))
        })
    }
}

/// What a reading of a pod brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    /// It is the first of this pod.
    pub(super) first: bool,
    /// A later one is known already, or the pod is gone: what it shows is over.
    pub(super) outdated: bool,
    /// A run ended that was not known.
    pub(super) ended: bool,
    /// The pod ended for good.
    pub(super) pod_ended: bool,
    /// The pod was ready before and is not, or was not for a while.
    pub(super) lost_readiness: bool,
}

impl PodRecord {
    fn new(name: &str, first_seen: Elapsed) -> Self {
        Self {
            name: names::object(name),
            first_seen,
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
    pub(super) fn is_at(&self, reading: &Pod) -> bool {
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

    fn stand_aside(&mut self) {
        self.active = false;
        self.ready_since = None;
        self.unready = Box::default();
        self.stuck = None;
    }

    /// Readiness and place in life. A reading older than the last one says nothing about them.
    fn observe_state(&mut self, pod: &Pod, now: Elapsed, policy: &Policy) -> bool {
        if self.gone || self.is_later_than(pod) {
            return false;
        }
        self.version = pod.metadata.version;
        if self.node.is_none() {
            let node = pod.spec.node_name.as_deref();
            self.node = node.map(names::object);
        }
        self.terminating = pod.metadata.is_terminating();
        let ended = matches!(pod.status.phase, Phase::Failed | Phase::Succeeded);
        self.active = !self.terminating && !ended;
        let statuses =
            pod.status.container_statuses.iter().chain(pod.status.init_container_statuses.iter());
        self.restart_counts = statuses.map(|status| u64::from(status.restart_count)).sum();

        let was_ready = self.ready_since.is_some();
        self.explain(pod, now, policy);
        if !self.active || !is_ready(pod, policy) {
            self.ready_since = None;
            self.flaps += u32::from(was_ready && self.active);
            return was_ready;
        }
        let changed = pod.condition("Ready").and_then(|ready| ready.last_transition_time);
        let gap = was_ready && changed != self.ready_changed && pod.is_ready();
        if gap || !was_ready {
            self.ready_since = Some(now);
        }
        self.ready_changed = changed;
        gap
    }

    /// Why it is not ready. A container that is not judged explains nothing, unless the others wait for it.
    fn explain(&mut self, pod: &Pod, now: Elapsed, policy: &Policy) {
        let mut reasons = Vec::new();
        if self.active && !is_ready(pod, policy) {
            reasons = unready::reasons(pod, &self.steps);
            reasons.retain(|reason| {
                let name = reason.container.as_deref();
                reason.role != Some(Role::App) || name.is_none_or(|name| !policy.ignores(name))
            });
        }
        let goes_on = |(new, old): (&Unready, &Unready)| new.goes_on(old);
        let lasts =
            reasons.len() == self.unready.len() && reasons.iter().zip(&self.unready).all(goes_on);
        if !lasts {
            self.explained_since = now;
        }
        self.unready = reasons.into();
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

/// Whether the pod is ready, containers that are not judged left aside.
fn is_ready(pod: &Pod, policy: &Policy) -> bool {
    if pod.is_ready() || policy.ignore_containers.is_empty() {
        return pod.is_ready();
    }
    let blamed = pod.condition("Ready").is_some_and(|c| c.has_reason("ContainersNotReady"));
    let mut judged = pod.status.container_statuses.iter().filter(|c| !policy.ignores(&c.name));
    blamed && judged.all(|status| status.ready)
}

/// Whether a container of the pod ended in a way that counts.
pub(super) fn has_gone_wrong(pod: &PodRecord) -> bool {
    pod.containers.iter().any(|container| container.restarts() > 0)
}
