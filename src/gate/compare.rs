//! What failures are compared with: pods of old revisions (`old_pods.rs`), and healthy pods on the same node and on others.

use std::{collections::BTreeSet, time::Duration};

use super::{Gate, findings::Record, symptom::Key};
use crate::{
    evidence::{Comparison, NodeCompared},
    model::Uid,
};

/// How long a pod must have been ready at least to be called healthy.
const HEALTHY: Duration = Duration::from_secs(10);

impl Gate {
    /// What a failure is like beside what else runs.
    pub(super) fn comparison(&self, key: &Key, record: &Record) -> Option<Comparison> {
        let comparison = Comparison {
            old_pods: self.old_pods.alike(key.cause),
            node: self.compare_nodes(key, record),
        };
        (!comparison.is_empty()).then_some(comparison)
    }

    fn compare_nodes(&self, key: &Key, record: &Record) -> Option<NodeCompared> {
        let failing: BTreeSet<&Uid> = record.pods().collect();
        let pods = failing.iter().map(|uid| self.ledger.get(uid));
        let nodes: Option<BTreeSet<_>> = pods.map(|pod| pod?.node.as_ref()).collect();
        let mut nodes = nodes?.into_iter();
        let (Some(node), None) = (nodes.next(), nodes.next()) else { return None };

        let runs = failing.iter().filter_map(|uid| self.ledger.get(uid));
        let runs = runs
            .flat_map(|pod| &pod.containers)
            .filter(|c| Some(&c.name) == key.container.as_ref());
        let longest = runs.flat_map(|c| &c.runs).filter_map(|run| run.termination.lifetime()).max();
        let needed = HEALTHY.max(longest.unwrap_or_default() * 2);
        let ended = self.judged_until();
        let healthy = self.ledger.active().filter(|(uid, pod)| {
            !failing.contains(uid)
                && !pod.has_gone_wrong()
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
