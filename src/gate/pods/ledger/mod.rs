//! What is remembered of each pod of the new revision, also when the pod is gone: readiness, and every ended run.

mod pod;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

pub(in crate::gate) use pod::{Lost, PodRecord, Purpose};

use super::{churn::Generations, runs::ContainerRecord, sight::Counting};
use crate::{
    gate::Policy,
    model::{Elapsed, KubeEvent, Pod, Uid},
    observation::Snapshot,
};

/// All pods of the new revision that were ever seen, by UID: names are used again.
#[derive(Debug, Default)]
pub(in crate::gate) struct Ledger {
    // boxed, since a tree has up to twice the room that it uses
    pods: BTreeMap<Uid, Box<PodRecord>>,
    /// How many of them ended one after the other.
    generations: Generations,
    /// Those whose ended runs are to be judged.
    changed: BTreeSet<Uid>,
}

impl Ledger {
    /// Takes a reading of a pod in, and tells what is news in it.
    pub(in crate::gate) fn observe(
        &mut self,
        pod: &Pod,
        now: Elapsed,
        (counting, purpose): (Counting, Purpose),
        policy: &Policy,
    ) -> News {
        let uid = &pod.metadata.uid;
        let first = !self.pods.contains_key(uid);
        let record = self
            .pods
            .entry(uid.clone())
            .or_insert_with(|| Box::new(PodRecord::new(&pod.metadata.name, now, purpose)));
        let counting = if first { counting } else { Counting::Since(None) };
        let news = News { first, ..record.observe(pod, now, counting, policy) };
        if first {
            record.place = self.generations.next(now);
        }
        if news.pod_ended {
            self.generations.end(record.place, now);
        }
        if news.ended || news.first || news.pod_ended {
            self.changed.insert(uid.clone());
        }
        news
    }

    /// Pods whose ended runs are to be judged.
    pub(in crate::gate) fn take_changed(&mut self) -> BTreeSet<Uid> {
        std::mem::take(&mut self.changed)
    }

    /// Takes in how many pods are wanted.
    pub(in crate::gate) fn want(&mut self, pods: u64) {
        self.generations.want(pods);
    }

    /// Takes in that a pod is not of the revision any more; tells whether that is news.
    pub(in crate::gate) fn release(&mut self, pod: &Pod) -> bool {
        self.pods.get_mut(&pod.metadata.uid).is_some_and(|record| record.release(pod))
    }

    /// A pod is not required, until it is observed again.
    pub(in crate::gate) fn set_aside(&mut self, uid: &Uid) {
        if let Some(record) = self.pods.get_mut(uid) {
            record.stand_aside();
        }
    }

    /// A pod is gone.
    pub(in crate::gate) fn leave(&mut self, uid: &Uid) {
        if let Some(record) = self.pods.get_mut(uid) {
            record.leave();
        }
    }

    /// Decides why runs of a pod ended, by its events; without any, by themselves. Tells when to ask again.
    pub(in crate::gate) fn decide_runs(
        &mut self,
        uid: &Uid,
        events: Option<&[KubeEvent]>,
        now: Elapsed,
    ) -> Option<Elapsed> {
        let answer = self.pods.get_mut(uid)?.decide_runs(events, now);
        if answer.is_decided {
            self.changed.insert(uid.clone());
        }
        answer.again
    }

    /// Takes in what events tell about a pod that does not start; tells whether later ones could tell more.
    pub(in crate::gate) fn learn(&mut self, uid: &Uid, events: &[KubeEvent]) -> bool {
        self.pods.get_mut(uid).is_some_and(|record| record.learn(events))
    }

    /// What a pod shows of which a window holds that it is ready; one that joined a window that `opened` then is told of
    /// after a `quiet` while.
    pub(in crate::gate) fn lose_readiness(
        &mut self,
        pod: &Pod,
        opened: Option<Elapsed>,
        now: Elapsed,
        quiet: Duration,
    ) -> Lost {
        let record = self.pods.get_mut(&pod.metadata.uid);
        record.map_or(Lost::Nothing, |record| record.lose_readiness(pod, opened, now, quiet))
    }

    /// The pods that are ready now are ready in a window.
    pub(in crate::gate) fn stand_in_window(&mut self) {
        self.pods.values_mut().for_each(|record| record.stand_in_window());
    }

    /// Whether it is the reading that was taken in last.
    pub(in crate::gate) fn has_seen(&self, pod: &Pod) -> bool {
        let version = pod.metadata.version;
        self.pods.get(&pod.metadata.uid).is_some_and(|seen| version != 0 && seen.version == version)
    }

    /// Marks pods that a consistent read did not show as gone, and tells which ones. A pod that a watch showed first after
    /// the read was begun, in a version later than all in it, may be younger than the read.
    pub(in crate::gate) fn forget_all_but(&mut self, read: &Snapshot, begun: Elapsed) -> Vec<Uid> {
        let present: BTreeSet<&Uid> = read.pods().map(|pod| &pod.metadata.uid).collect();
        let latest = read.pods().map(|pod| pod.metadata.version).max().unwrap_or(0);
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

    /// A pod.
    pub(in crate::gate) fn get(&self, uid: &Uid) -> Option<&PodRecord> {
        self.pods.get(uid).map(|record| &**record)
    }

    /// How many were ever seen.
    pub(in crate::gate) fn len(&self) -> usize {
        self.pods.len()
    }

    /// How many ended one after the other, at least.
    pub(in crate::gate) fn in_a_row(&self) -> u64 {
        self.generations.longest()
    }

    /// Those of the active ones that are ready.
    pub(in crate::gate) fn ready(&self) -> impl Iterator<Item = (&Uid, &PodRecord)> {
        self.active().filter(|(_, record)| record.is_ready())
    }

    /// All pods.
    pub(in crate::gate) fn iter(&self) -> impl Iterator<Item = (&Uid, &PodRecord)> {
        self.pods.iter().map(|(uid, record)| (uid, &**record))
    }

    /// Pods that are counted among those that should run.
    pub(in crate::gate) fn active(&self) -> impl Iterator<Item = (&Uid, &PodRecord)> {
        self.iter().filter(|(_, record)| record.active)
    }

    /// Whether events must still tell why a run ended.
    pub(in crate::gate) fn is_undecided(&self) -> bool {
        self.containers().any(|(_, _, container)| container.is_undecided())
    }

    /// Each container of which an ended run is known, with its pod.
    pub(in crate::gate) fn containers(
        &self,
    ) -> impl Iterator<Item = (&Uid, &PodRecord, &ContainerRecord)> {
        self.iter().flat_map(|(uid, pod)| {
            pod.containers.iter().map(move |container| (uid, pod, container))
        })
    }
}

/// What a reading of a pod brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::gate) struct News {
    /// It is the first of this pod.
    pub(in crate::gate) first: bool,
    /// A later one is known already, or the pod is gone: what it shows is over.
    pub(in crate::gate) outdated: bool,
    /// A run ended that was not known.
    pub(in crate::gate) ended: bool,
    /// The pod ended for good.
    pub(in crate::gate) pod_ended: bool,
    /// The pod was ready before and is not, or was not for a while.
    pub(in crate::gate) lost_readiness: bool,
}
