//! What has not been well for long enough to be called healthy.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    gate::{Gate, kind::custom, ledger::PodRecord, names, termination::Ending},
    model::{ContainerState, Pod, ServerTime, Workload},
    observation::Snapshot,
    phrases::{self, present::Young},
    text::Clean,
};

impl Gate {
    /// The condition of a custom resource that has held for the shortest time, if that is less than the window.
    pub(super) fn young_condition(&self, workload: &Workload) -> Option<Clean> {
        let Workload::Custom(custom) = workload else { return None };
        let now = self.server_clock.time(self.now)?;
        let judged = custom::judged(custom, self.policy.condition.as_ref());
        let held = judged.filter_map(|one| Some((one, now.since(one.last_transition_time?))));
        let (one, held) = held.min_by_key(|(_, held)| *held)?;
        let window = self.policy.window;
        (held < window).then(|| phrases::present::young_condition(one, held, window))
    }

    /// Of the pods and containers that have not been well for long enough the one that began last, if so few pods are left
    /// that too few are proven.
    pub(super) fn youngest_run(&self, snapshot: &Snapshot) -> Option<Young> {
        let now = self.server_clock.time(self.now)?;
        let pods: BTreeMap<_, _> = snapshot.pods().map(|pod| (&pod.metadata.uid, pod)).collect();
        let ready = self.ledger.ready();
        let ready = ready.filter_map(|(uid, record)| Some((*pods.get(uid)?, record)));
        let ready: Vec<_> = ready.map(|(pod, record)| self.young_run(pod, record, now)).collect();
        let proven = ready.iter().filter(|young| young.is_none()).count() as u64;
        let young = ready.into_iter().flatten().min_by_key(|young| young.lived);
        young.filter(|_| proven < self.counts.needed)
    }

    fn young_run(&self, pod: &Pod, record: &PodRecord, now: ServerTime) -> Option<Young> {
        let ready = pod.condition("Ready").and_then(|ready| ready.last_transition_time);
        let ready = ready.map_or(self.policy.window, |since| now.since(since));
        let is_young = ready < self.policy.window && pod.is_ready();
        let unproven = is_young.then(|| Young {
            container: None,
            pod: record.name.clone(),
            lived: ready,
            needed: self.policy.window,
        });
        let runs = pod.containers().filter_map(|(_, container, status)| {
            let ContainerState::Running { started_at } = status?.state else { return None };
            let lived = started_at.map_or(Duration::ZERO, |started| now.since(started));
            let known = record.containers.iter().find(|known| known.name == container.name);
            let last = known.and_then(|known| known.runs.last());
            let last = last.filter(|run| !matches!(run.ending, Ending::Excused(_)));
            let dead = last.and_then(|run| run.termination.lifetime()).unwrap_or_default();
            let needed = self.policy.window.max(dead.saturating_mul(2));
            let is_young = lived < needed && !self.policy.ignores(&container.name);
            let container = Some(names::container(&container.name));
            is_young.then(|| Young { container, pod: record.name.clone(), lived, needed })
        });
        // of a container that began as late as its pod was ready there is more to say
        runs.min_by_key(|young| young.lived).or(unproven)
    }
}
