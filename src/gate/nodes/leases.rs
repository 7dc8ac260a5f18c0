//! When the Leases of nodes were seen renewed.
//!
//! A kubelet renews the Lease of its node every 10 s (Kubernetes 1.37 `pkg/kubelet/kubelet.go`,
//! `nodeLeaseRenewIntervalFraction` of 40 s). Only that `renewTime` changes proves that a node reports, by the times of
//! deploygate's own reads: the clocks of nodes may be wrong. How the present state is judged, where nothing is waited for,
//! is in `present.rs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{
    evidence::CoverageGap,
    model::Elapsed,
    observation::{FailureKind, NodeLease, ReadFailure},
    phrases::coverage,
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
pub(super) const SILENT: Duration = Duration::from_secs(40);

/// What is known of Leases of nodes.
#[derive(Debug, Default)]
pub(in crate::gate) struct Nodes {
    /// They may be read; not asked for unless that is known.
    pub(super) permitted: bool,
    pub(super) leases: BTreeMap<Clean, Lease>,
    under_way: Option<Elapsed>,
    next: Elapsed,
    failure: Option<ReadFailure>,
}

/// What is known of the Lease of one node.
#[derive(Debug)]
pub(super) struct Lease {
    /// Its `renewTime`; `None` before the first answer.
    pub(super) renewed: Option<Box<str>>,
    /// When that was seen first.
    pub(super) since: Elapsed,
    /// When the last read that showed it was begun: a later renewal is no older.
    pub(super) last_begun: Elapsed,
    /// The renewal that was seen last is no older than this.
    pub(super) proven: Option<Elapsed>,
    /// There is no Lease of this node.
    pub(super) missing: bool,
}

impl Nodes {
    /// They may be read.
    pub(in crate::gate) fn permit(&mut self) {
        self.permitted = true;
    }

    /// When Leases are to be read for a window that ends then.
    pub(in crate::gate) fn due(&self, window_ends: Elapsed) -> Option<Elapsed> {
        // the first read as soon as may be: silence is counted from it
        let begin = match self.leases.is_empty() {
            true => Elapsed::ZERO,
            false => Elapsed::ZERO + window_ends.since(Elapsed::ZERO).saturating_sub(BEFORE),
        };
        (self.permitted && self.under_way.is_none()).then(|| begin.max(self.next))
    }

    /// A read of these nodes' Leases is begun.
    pub(super) fn start(&mut self, now: Elapsed, nodes: &BTreeSet<Clean>) {
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
    pub(super) fn put_off(&mut self, now: Elapsed) {
        self.next = now + INTERVAL;
    }

    /// Takes an answer in; what can't be checked from now on is returned.
    pub(super) fn take(
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
    pub(super) fn is_alive(&self, node: &Clean, at: Elapsed) -> bool {
        let from = Elapsed::ZERO + at.since(Elapsed::ZERO).saturating_sub(VALID);
        let is_proven = |lease: &Lease| lease.proven.is_some_and(|proven| proven >= from);
        !self.permitted
            || self.leases.get(node).is_some_and(|lease| lease.missing || is_proven(lease))
    }

    /// How long a node has been silent, if that is longer than a Lease lasts.
    pub(super) fn silence(&self, node: &Clean, now: Elapsed) -> Option<Duration> {
        let lease = self.leases.get(node)?;
        Some(now.since(lease.since)).filter(|silence| *silence >= SILENT)
    }

    /// Why the last read failed; `None` if it did not.
    pub(super) fn failure(&self) -> Option<&ReadFailure> {
        self.failure.as_ref()
    }

    /// Nodes whose Leases were seen renewed.
    pub(in crate::gate) fn checked(&self) -> u64 {
        self.leases.values().filter(|lease| lease.proven.is_some()).count() as u64
    }
}
