//! What failures are compared with: pods of old revisions, and healthy pods on the same node and on others.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use super::{
    Cause, Gate,
    findings::{Key, Record},
    ledger::has_gone_wrong,
    runs::ended_by_itself,
};
use crate::{
    evidence::{Comparison, NodeCompared, OldPodsCompared, PodName},
    model::{ContainerStatus, Phase, Pod, ServerTime, Uid},
};

/// Old pods that are remembered for what they did.
const BROKEN: usize = 100;

/// How long a pod must have been ready at least to be called healthy.
const HEALTHY: Duration = Duration::from_secs(10);

/// What is remembered of the pods of old revisions: next to nothing, since they never fail the gate.
#[derive(Debug, Default)]
pub(super) struct OldPods {
    /// The ReplicaSets of the old revisions.
    sets: BTreeSet<Uid>,
    /// One that is ready, of the revision that is compared with.
    pub(super) sample: Option<PodName>,
    /// Those that had been restarted before the rollout began.
    restarted: BTreeSet<Uid>,
    broken: BTreeMap<Uid, BTreeSet<Break>>,
}

/// How a container of an old pod broke since the rollout began.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Break {
    container: Arc<str>,
    how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Ended { exit_code: i32 },
    Unready,
}

impl OldPods {
    /// The ReplicaSets of the old revisions, as last read.
    pub(super) fn set_revisions(&mut self, sets: Vec<Uid>) {
        self.sets = sets.into_iter().collect();
    }

    /// Whether a pod belongs to an old revision.
    pub(super) fn include(&self, pod: &Pod) -> bool {
        pod.metadata.controller().is_some_and(|owner| self.sets.contains(owner))
    }

    /// A pod that is not of the revision. `began` is when the rollout did.
    pub(super) fn observe(
        &mut self,
        pod: &Pod,
        before: Option<&Uid>,
        began: Option<ServerTime>,
        at_start: bool,
    ) {
        let Some(began) = began.filter(|_| self.include(pod)) else { return };
        let uid = &pod.metadata.uid;
        if pod.metadata.controller() == before && self.sample.is_none() && pod.is_ready() {
            self.sample = Some(PodName { name: pod.metadata.name.clone(), uid: uid.clone() });
        }
        let mut breaks = BTreeSet::new();
        for (_, container, status) in pod.containers() {
            let Some(status) = status else { continue };
            let ended = ends_since(status, pod, began);
            if at_start && u64::from(status.restart_count) > ended.len() as u64 {
                self.restarted.insert(uid.clone());
            }
            let container = &container.name;
            let ended = ended.into_iter().map(|exit_code| How::Ended { exit_code });
            let unready = (status.is_running() && !status.ready && lost_readiness(pod, began))
                .then_some(How::Unready);
            breaks.extend(
                ended.chain(unready).map(|how| Break { container: container.clone(), how }),
            );
        }
        self.remember(uid, breaks);
    }

    /// What ended stays seen; readiness may come back.
    fn remember(&mut self, uid: &Uid, breaks: BTreeSet<Break>) {
        let is_known = self.broken.contains_key(uid);
        if !is_known && (breaks.is_empty() || self.broken.len() >= BROKEN) {
            return;
        }
        let known = self.broken.entry(uid.clone()).or_default();
        known.retain(|broken| broken.how != How::Unready);
        known.extend(breaks);
    }

    /// The pods that broke like this, and whether some of them had trouble before.
    fn alike(&self, container: &str, how: How, of: u64) -> Option<OldPodsCompared> {
        let is_alike = |broken: &Break| &*broken.container == container && broken.how == how;
        let alike: Vec<&Uid> = self
            .broken
            .iter()
            .filter(|(_, breaks)| breaks.iter().any(is_alike))
            .map(|(uid, _)| uid)
            .collect();
        let same = alike.len() as u64;
        (same > 0).then(|| OldPodsCompared {
            same,
            of: of.max(same),
            before_rollout: alike.into_iter().any(|uid| self.restarted.contains(uid)),
        })
    }
}

/// The exit codes of the runs that ended badly since the rollout began and before the pod was to go.
fn ends_since(status: &ContainerStatus, pod: &Pod, began: ServerTime) -> Vec<i32> {
    let requested = pod.deletion_requested();
    [&status.last_state, &status.state]
        .into_iter()
        .filter_map(|state| state.termination())
        .filter(|end| end.finished_at.is_some_and(|finished| finished >= began))
        .filter(|end| ended_by_itself(end, requested))
        .map(|end| end.exit_code)
        .collect()
}

fn lost_readiness(pod: &Pod, began: ServerTime) -> bool {
    let ready = pod.condition("Ready");
    let is_recent = |time| time >= began;
    !pod.metadata.is_terminating()
        && pod.status.phase == Phase::Running
        && ready.is_some_and(|ready| {
            !ready.is_true() && ready.last_transition_time.is_some_and(is_recent)
        })
}

impl Gate {
    /// What a failure is like beside what else runs.
    pub(super) fn comparison(&self, key: &Key, record: &Record) -> Option<Comparison> {
        let comparison = Comparison {
            old_pods: self.compare_with_old_pods(key, record),
            node: self.compare_nodes(key, record),
        };
        (!comparison.is_empty()).then_some(comparison)
    }

    fn compare_with_old_pods(&self, key: &Key, record: &Record) -> Option<OldPodsCompared> {
        let container = key.1.as_deref()?;
        let how = match (key.0, record.exit_code) {
            (Cause::NotReady, _) => How::Unready,
            // a failed start has no exit code of the program's own
            (Cause::StartError | Cause::PostStart, _) | (_, None) => return None,
            (_, Some(exit_code)) => How::Ended { exit_code },
        };
        self.old_pods.alike(container, how, self.counts.old)
    }

    fn compare_nodes(&self, key: &Key, record: &Record) -> Option<NodeCompared> {
        let failing: BTreeSet<&Uid> = record.subjects.keys().collect();
        let pods = failing.iter().map(|uid| self.ledger.pods.get(uid));
        let nodes: Option<BTreeSet<_>> = pods.map(|pod| pod?.node.as_ref()).collect();
        let mut nodes = nodes?.into_iter();
        let (Some(node), None) = (nodes.next(), nodes.next()) else { return None };

        let runs = failing.iter().filter_map(|uid| self.ledger.pods.get(uid));
        let runs = runs.flat_map(|pod| &pod.containers).filter(|c| Some(&c.name) == key.1.as_ref());
        let longest = runs.flat_map(|c| &c.runs).filter_map(|run| run.termination.lifetime()).max();
        let needed = HEALTHY.max(longest.unwrap_or_default() * 2);
        let ended = self.judged_until();
        let healthy = self.ledger.active().filter(|(uid, pod)| {
            !failing.contains(uid)
                && !has_gone_wrong(pod)
                && pod.ready_since.is_some_and(|since| ended.since(since) >= needed)
        });
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            healthy.partition(|(_, pod)| pod.node.as_ref() == Some(node));
        let compared = NodeCompared {
            node: node.clone(),
            failing: failing.len() as u64,
            healthy_here: here.len() as u64,
            healthy_elsewhere: elsewhere.len() as u64,
        };
        (!here.is_empty() || !elsewhere.is_empty()).then_some(compared)
    }
}
