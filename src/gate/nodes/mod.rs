//! Whether the nodes of the judged pods still report: a node whose kubelet is frozen shows ready pods for up to 50 s.

mod leases;
mod lost;
mod present;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{Gate, ReasonCode, Verdict};
use crate::{
    model::Elapsed,
    observation::{NodeLease, ReadFailure},
    phrases,
    text::Clean,
};
pub(super) use leases::Nodes;
pub(super) use lost::LostNodes;

/// What Leases say of the nodes of judged pods.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// Enough pods are on nodes that report, or whose Leases can't be read.
    Alive,
    /// A renewal has yet to be seen.
    Awaited,
    /// These nodes have not renewed their Leases for longer than a Lease lasts.
    Silent(Vec<Clean>, Duration),
}

impl Gate {
    /// Nodes of pods that are ready, each with how many.
    fn nodes_of_ready_pods(&self) -> BTreeMap<Clean, u64> {
        let mut nodes = BTreeMap::new();
        for (_, record) in self.ledger.ready() {
            *nodes.entry(record.node.clone().unwrap_or_default()).or_default() += 1;
        }
        nodes
    }

    /// What the nodes of the ready pods say at the end of the window.
    pub(super) fn nodes_report(&self, at: Elapsed) -> Report {
        let nodes = self.nodes_of_ready_pods();
        let alive = nodes.iter().filter(|(node, _)| self.nodes.is_alive(node, at));
        if alive.map(|(_, pods)| pods).sum::<u64>() >= self.counts.needed {
            return Report::Alive;
        }
        let silent: Vec<_> = nodes
            .keys()
            .filter(|node| !self.nodes.is_alive(node, at))
            .filter_map(|node| Some((node.clone(), self.nodes.silence(node, self.now)?)))
            .collect();
        match silent.iter().map(|(_, silence)| *silence).max() {
            Some(longest) => {
                Report::Silent(silent.into_iter().map(|(node, _)| node).collect(), longest)
            }
            None => Report::Awaited,
        }
    }

    /// The time of which nodes are to speak: the end of the window, or now where the present state is judged. `None` before
    /// there is anything to pass.
    fn nodes_are_to_speak_of(&self) -> Option<Elapsed> {
        match &self.window {
            Some(window) => Some(window.ends().max(self.now)),
            None => (self.policy.present && self.present.is_complete()).then_some(self.now),
        }
    }

    /// Has Leases read when they are due.
    pub(super) fn read_leases(&mut self) {
        let Some(of) = self.nodes_are_to_speak_of() else { return };
        if self.nodes.due(of).is_none_or(|due| due > self.now) {
            return;
        }
        let nodes: BTreeSet<Clean> = match self.policy.present {
            true => self.doubtful_nodes(),
            false => {
                let nodes = self.nodes_of_ready_pods().into_keys();
                nodes.filter(|node| !self.nodes.is_alive(node, of)).collect()
            }
        };
        if nodes.is_empty() {
            self.nodes.put_off(self.now);
            return;
        }
        self.nodes.start(self.now, &nodes);
        self.outputs.push_back(super::Output::ReadLeases(nodes.into_iter().collect()));
    }

    /// When Leases are to be read next.
    pub(super) fn nodes_due(&self) -> Option<Elapsed> {
        self.nodes.due(self.nodes_are_to_speak_of()?)
    }

    /// The answer to a read of Leases.
    pub(super) fn take_leases(&mut self, answer: Result<Vec<NodeLease>, ReadFailure>) {
        let gaps = self.nodes.take(self.now, answer);
        gaps.into_iter().for_each(|gap| self.missing.add(gap));
        if self.present.is_settled() && self.nodes_at_present() != Report::Awaited {
            return self.reads.want(self.now);
        }
        let Some(window) = &self.window else { return };
        let ends = window.ends();
        if ends > self.now {
            return;
        }
        match self.nodes_report(self.now) {
            Report::Alive if self.held_pass().is_some() => {}
            Report::Alive => self.reads.want(self.now),
            Report::Awaited => {}
            Report::Silent(nodes, silence) => self.decide_silent(&nodes, silence),
        }
    }

    /// The pods are ready as far as can be told, and their node may have stopped telling.
    pub(super) fn decide_silent(&mut self, nodes: &[Clean], silence: Duration) {
        let failure = self.nodes.failure();
        let account = phrases::unread::silent_nodes(nodes, silence, failure);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Nodes), account);
    }
}
