//! Whether the nodes of the judged pods still report: a node whose kubelet is frozen shows ready pods for up to 50 s.
//!
//! A kubelet renews the Lease of its node every 10 s (Kubernetes 1.37 `pkg/kubelet/kubelet.go`,
//! `nodeLeaseRenewIntervalFraction` of 40 s). Only that `renewTime` changes counts, by the times of deploygate's own
//! reads: the clocks of nodes may be wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{Gate, ReasonCode, Verdict};
use crate::{
    evidence::CoverageGap,
    model::Elapsed,
    observation::{FailureKind, NodeLease, ReadFailure},
    phrases::{self, coverage},
    text::Clean,
};

/// Between two reads of Leases.
const INTERVAL: Duration = Duration::from_secs(3);
/// How long before the end of the window the reads begin.
const BEFORE: Duration = Duration::from_secs(13);
/// How long before the end of the window a renewal may at most be, to speak for its end. It is dated by the last read
/// that did not show it yet, so the read that does is at least an [`INTERVAL`] later.
const VALID: Duration = Duration::from_secs(15);
/// After so long without a renewal a node is silent: the duration of a Lease.
const SILENT: Duration = Duration::from_secs(40);

/// What is known of Leases of nodes.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    /// They may be read; not asked for unless that is known.
    permitted: bool,
    leases: BTreeMap<Clean, Lease>,
    under_way: Option<Elapsed>,
    next: Elapsed,
    failure: Option<ReadFailure>,
}

/// What is known of the Lease of one node.
#[derive(Debug)]
struct Lease {
    /// Its `renewTime`; `None` before the first answer.
    renewed: Option<Box<str>>,
    /// When that was seen first.
    since: Elapsed,
    /// When the last read that showed it was begun: a later renewal is no older.
    last_begun: Elapsed,
    /// The renewal that was seen last is no older than this.
    proven: Option<Elapsed>,
    /// There is no Lease of this node.
    missing: bool,
}

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

impl Nodes {
    pub(super) fn permit(&mut self) {
        self.permitted = true;
    }

    /// When Leases are to be read for a window that ends then.
    pub(super) fn due(&self, window_ends: Elapsed) -> Option<Elapsed> {
        // the first read as soon as may be: silence is counted from it
        let begin = match self.leases.is_empty() {
            true => Elapsed::ZERO,
            false => Elapsed::ZERO + window_ends.since(Elapsed::ZERO).saturating_sub(BEFORE),
        };
        (self.permitted && self.under_way.is_none()).then(|| begin.max(self.next))
    }

    /// A read of these nodes' Leases is begun.
    fn start(&mut self, now: Elapsed, nodes: &BTreeSet<Clean>) {
        self.under_way = Some(now);
        for node in nodes {
            self.leases.entry(node.clone()).or_insert_with(|| Lease {
                renewed: None,
                since: now,
                last_begun: now,
                proven: None,
                missing: false,
            });
        }
    }

    /// No node has to be asked at the moment.
    fn put_off(&mut self, now: Elapsed) {
        self.next = now + INTERVAL;
    }

    /// Takes an answer in; what can't be checked from now on is returned.
    fn take(
        &mut self,
        now: Elapsed,
        answer: Result<Vec<NodeLease>, ReadFailure>,
    ) -> Vec<CoverageGap> {
        let begun = self.under_way.take().unwrap_or(now);
        self.next = begun.max(now) + INTERVAL;
        let found = match answer {
            Ok(found) => found,
            Err(failure) => {
                let is_final =
                    matches!(failure.kind, FailureKind::Forbidden | FailureKind::NotFound);
                self.permitted &= !is_final;
                let why = failure.message.to_clean_line(200);
                self.failure = Some(failure);
                let what = coverage::leases();
                return if is_final { vec![CoverageGap { what, why }] } else { Vec::new() };
            }
        };
        self.failure = None;
        let mut gaps = Vec::new();
        for NodeLease { node, renewed } in found {
            let node = node.to_clean_line(253);
            let Some(lease) = self.leases.get_mut(&node) else { continue };
            match renewed {
                None if !lease.missing => {
                    lease.missing = true;
                    gaps.push(coverage::no_lease(&node));
                }
                None => {}
                Some(renewed) => {
                    lease.missing = false;
                    if lease.renewed.as_ref() != Some(&renewed) {
                        if lease.renewed.is_some() {
                            lease.proven = Some(lease.last_begun);
                        }
                        lease.renewed = Some(renewed);
                        lease.since = now;
                    }
                    lease.last_begun = begun;
                }
            }
        }
        gaps
    }

    /// Whether a node speaks for its pods at that time, or can't be asked.
    fn is_alive(&self, node: &Clean, at: Elapsed) -> bool {
        let from = Elapsed::ZERO + at.since(Elapsed::ZERO).saturating_sub(VALID);
        let is_proven = |lease: &Lease| lease.proven.is_some_and(|proven| proven >= from);
        !self.permitted
            || self.leases.get(node).is_some_and(|lease| lease.missing || is_proven(lease))
    }

    /// How long a node has been silent, if that is longer than a Lease lasts.
    fn silence(&self, node: &Clean, now: Elapsed) -> Option<Duration> {
        let lease = self.leases.get(node)?;
        Some(now.since(lease.since)).filter(|silence| *silence >= SILENT)
    }

    /// Nodes whose Leases were seen renewed.
    pub(super) fn checked(&self) -> u64 {
        self.leases.values().filter(|lease| lease.proven.is_some()).count() as u64
    }
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

    /// Has Leases read when they are due.
    pub(super) fn read_leases(&mut self) {
        let Some(window) = &self.window else { return };
        let ends = window.ends().max(self.now);
        if self.nodes.due(ends).is_none_or(|due| due > self.now) {
            return;
        }
        let nodes: BTreeSet<Clean> = self
            .nodes_of_ready_pods()
            .into_keys()
            .filter(|node| !self.nodes.is_alive(node, ends))
            .collect();
        if nodes.is_empty() {
            self.nodes.put_off(self.now);
            return;
        }
        self.nodes.start(self.now, &nodes);
        self.outputs.push_back(super::Output::ReadLeases(nodes.into_iter().collect()));
    }

    /// When Leases are to be read next.
    pub(super) fn nodes_due(&self) -> Option<Elapsed> {
        self.nodes.due(self.window.as_ref()?.ends().max(self.now))
    }

    /// The answer to a read of Leases.
    pub(super) fn take_leases(&mut self, answer: Result<Vec<NodeLease>, ReadFailure>) {
        let gaps = self.nodes.take(self.now, answer);
        gaps.into_iter().for_each(|gap| self.missing.add(gap));
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
    fn decide_silent(&mut self, nodes: &[Clean], silence: Duration) {
        let failure = self.nodes.failure.as_ref();
        let account = phrases::unread::silent_nodes(nodes, silence, failure);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Nodes), account);
    }
}
