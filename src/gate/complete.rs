//! How far the rollout is: counts of pods, and what it misses until it is complete.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Gate,
    kind::{self, Counts, Hold, Strictness, Unmet},
    ledger::{Ledger, PodRecord},
};
use crate::{
    model::{Pod, Uid, Workload},
    observation::Snapshot,
};

impl Gate {
    /// The rollout and the window, right after a consistent read.
    pub(super) fn observe_rollout(&mut self, workload: &Workload, snapshot: &Snapshot) {
        if let Some((hold, false)) = self.held {
            return self.judge_held(hold, workload, snapshot);
        }
        let (counts, unmet) = self.unmet(&self.ledger, workload, snapshot);
        self.counts = counts;
        if self.revision_judged().is_some() {
            let old =
                snapshot.pods.iter().filter(|pod| self.old_pods.include(pod) && !pod.has_ended());
            self.old_pods.count(old.count() as u64);
        }
        self.tell_progress(&unmet);
        self.see_present(unmet.is_empty());
        // what this very read shows of ended runs comes before what it shows of the rollout
        self.judge_ended_runs();
        self.judge_stalled();
        self.judge_findings();
        if self.decision.is_some() {
            return;
        }
        if self.policy.present {
            return self.judge_present(workload, snapshot);
        }
        self.hold_window(unmet.is_empty(), snapshot);
        if !unmet.is_empty() && self.deadline.awaits_last_read() {
            self.judge_last_read(&unmet, workload, snapshot);
        }
    }

    /// The rollout waits for someone.
    fn judge_held(&mut self, hold: Hold, workload: &Workload, snapshot: &Snapshot) {
        let (counts, unmet) = self.unmet(&self.ledger, workload, snapshot);
        self.counts = counts;
        self.tell_progress(&unmet);
        self.judge_ended_runs();
        if self.policy.present {
            return self.judge_present(workload, snapshot);
        }
        self.judge_findings();
        self.decide_held(hold);
    }

    /// Counts pods, and tells what the rollout waits for.
    pub(super) fn unmet(
        &self,
        ledger: &Ledger,
        workload: &Workload,
        snapshot: &Snapshot,
    ) -> (Counts, Vec<Unmet>) {
        let ready = || ledger.ready();
        let min_ready = u64::try_from(workload.min_ready_seconds()).unwrap_or(0);
        let available = match min_ready {
            0 => ready().count(),
            _ => {
                let pods: BTreeMap<&Uid, &Pod> =
                    snapshot.pods().map(|pod| (&pod.metadata.uid, pod)).collect();
                let ready_for = |uid: &Uid, record: &PodRecord| {
                    let own = record.ready_since.map(|since| self.now.since(since));
                    own.max(pods.get(uid).and_then(|pod| servers_ready_for(pod, snapshot)))
                };
                let is_available = |(uid, record): &(&Uid, &PodRecord)| {
                    ready_for(uid, record).is_some_and(|length| length.as_secs() >= min_ready)
                };
                ready().filter(is_available).count()
            }
        };
        let mut counts = Counts {
            active: ledger.active().count() as u64,
            ready: ready().count() as u64,
            available: available as u64,
            old: snapshot.pods().filter(|pod| self.is_leftover(workload, pod)).count() as u64,
            ..self.counts
        };
        if let Workload::Custom(_) = workload {
            // nothing tells how many there should be, so all that there are
            (counts.desired, counts.needed) = (counts.active, counts.active);
        }
        let strictness = Strictness {
            controller: counts.needed == counts.desired && self.policy.ignore_containers.is_empty(),
            old_pods: !self.deadline.spares_old_pods(),
        };
        let new = self.revision_judged().map(|revision| &revision.id);
        let mut unmet = kind::unmet(workload, new, snapshot, &counts, strictness);
        unmet.extend(self.lost_nodes.unmet());
        unmet.extend((!self.conditions.waits().is_empty()).then_some(Unmet::Status));
        (counts, unmet)
    }
}

/// How long a pod has been ready by the servers' clocks.
pub(super) fn servers_ready_for(pod: &Pod, snapshot: &Snapshot) -> Option<Duration> {
    let changed = pod.condition("Ready")?.last_transition_time?;
    Some(snapshot.server_time?.since(changed))
}
