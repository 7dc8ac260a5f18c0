//! Nodes that are not Ready, unreachable or deleted, of a workload that runs on each node: their pods are not required
//! while that lasts. Kubernetes asks for them all the same, since daemon pods tolerate such nodes (Kubernetes 1.36
//! `pkg/controller/daemon/util/daemonset_util.go`, `AddOrUpdateDaemonPodTolerations`).

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    gate::{Gate, ReasonCode, Verdict, kind::Unmet, names},
    model::{Pod, Uid, Workload},
    observation::Snapshot,
    phrases,
    text::Clean,
};

/// Of this many nodes one may be lost; more are too many to say that the workload runs.
const ONE_IN: u64 = 10;

/// What the last read showed of lost nodes.
#[derive(Debug, Default)]
pub(in crate::gate) struct LostNodes {
    /// Those for which the workload still counts a pod.
    required: BTreeSet<Clean>,
    /// Pods on any of them, and on nodes that are deleted.
    pods: BTreeSet<Uid>,
    /// Nodes for which the workload wants a pod, lost ones included.
    wanted: u64,
}

impl LostNodes {
    /// How many pods less are required.
    pub(in crate::gate) fn count(&self) -> u64 {
        self.required.len() as u64
    }

    /// Their names.
    pub(in crate::gate) fn names(&self) -> Vec<Clean> {
        self.required.iter().cloned().collect()
    }

    /// Whether they are more than may be left out.
    pub(in crate::gate) fn are_too_many(&self) -> bool {
        self.count() * ONE_IN > self.wanted
    }

    /// What keeps the rollout from being complete.
    pub(in crate::gate) fn unmet(&self) -> Option<Unmet> {
        let (lost, wanted) = (self.count(), self.wanted);
        self.are_too_many().then_some(Unmet::LostNodes { lost, wanted })
    }

    /// Whether a pod is on one of them.
    pub(in crate::gate) fn hold(&self, pod: &Pod) -> bool {
        self.pods.contains(&pod.metadata.uid)
    }
}

impl Gate {
    /// Takes in which nodes are lost, before pods are looked at.
    pub(in crate::gate) fn observe_lost_nodes(&mut self, workload: &Workload, snapshot: &Snapshot) {
        if !self.target.kind.kind().is_on_each_node() {
            return;
        }
        let uid = &workload.metadata().uid;
        let nodes = snapshot.nodes.as_ref().map(|nodes| {
            let readiness = nodes.iter().map(|node| (&*node.metadata.name, node.is_ready()));
            readiness.collect::<BTreeMap<_, _>>()
        });
        let mut lost = LostNodes { wanted: self.lost_nodes.wanted, ..LostNodes::default() };
        for pod in snapshot.pods().filter(|pod| pod.metadata.controller() == Some(uid)) {
            let Some(name) = pod.spec.node_name.as_deref() else { continue };
            let (is_there, is_ready) = match &nodes {
                Some(nodes) => {
                    let is_ready = nodes.get(name).copied();
                    (is_ready.is_some(), is_ready.unwrap_or(false))
                }
                // nodes may not be read: it is told of by the pod that its node controller calls not ready
                None => (true, !pod.is_cut_off()),
            };
            if !is_ready {
                lost.pods.insert(pod.metadata.uid.clone());
                lost.required.extend(is_there.then(|| names::container(name)));
            }
        }
        for uid in lost.pods.difference(&self.lost_nodes.pods) {
            self.ledger.set_aside(uid);
            self.findings.leave(uid);
        }
        self.lost_nodes = lost;
        self.want_pods(self.lost_nodes.wanted);
    }

    /// So many pods are asked for; those of lost nodes are not required.
    pub(in crate::gate) fn want_pods(&mut self, asked: u64) {
        self.lost_nodes.wanted = asked;
        let desired = asked.saturating_sub(self.lost_nodes.count());
        self.counts.desired = desired;
        self.ledger.want(desired);
        self.counts.needed = self.policy.min_ready.of(desired);
    }

    /// At the deadline too many nodes are still lost.
    pub(in crate::gate) fn decide_nodes_lost(&mut self) {
        let names = self.lost_nodes.names();
        let account = phrases::unread::lost_nodes(&names, self.lost_nodes.wanted);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Nodes), account);
    }
}
