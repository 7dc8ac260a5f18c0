//! Whether nodes report at present, where no renewal is waited for: by how old the last one is on the server's clock.
//!
//! `renewTime` is by the clock of the node, which may be wrong. So a Lease that is too old, or from the future, is looked at
//! again for longer than a renewal takes: if it changes, the node reports, whatever its clock shows.

use std::{collections::BTreeSet, time::Duration};

use super::{
    Report,
    leases::{Lease, Nodes, SILENT},
};
use crate::{
    gate::Gate,
    model::{Elapsed, ServerClock, ServerTime},
    text::Clean,
};

/// How long a doubtful Lease is looked at: a renewal comes every 10 s.
const LOOKED_AT: Duration = Duration::from_secs(12);

/// How far the clock of a node may be ahead of the server's, which tells whole seconds.
const AHEAD: Duration = Duration::from_secs(2);

/// What the Lease of a node says of the present.
enum Word {
    /// The node reports, or cannot be asked.
    Reports,
    /// It is to be looked at, or for longer.
    Doubtful,
    /// No renewal for so long.
    Silent(Duration),
}

impl Lease {
    /// `looked_at`: how long it was seen not to change.
    fn word(&self, now: Elapsed, clock: ServerClock, looked_at: Duration) -> Word {
        if self.missing || self.proven.is_some() {
            return Word::Reports;
        }
        let renewed = self.renewed.as_deref().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        let age = renewed.map(ServerTime::from).and_then(|renewed| {
            let is_ahead = clock.time(now + AHEAD).is_some_and(|latest| renewed > latest);
            clock.age(renewed, now).filter(|_| !is_ahead)
        });
        match age {
            Some(age) if age <= SILENT => Word::Reports,
            _ if looked_at < LOOKED_AT => Word::Doubtful,
            age => Word::Silent(age.unwrap_or(looked_at)),
        }
    }
}

impl Nodes {
    fn word(&self, node: &Clean, now: Elapsed, clock: ServerClock) -> Word {
        match self.leases.get(node) {
            _ if !self.permitted => Word::Reports,
            None => Word::Doubtful,
            Some(lease) => {
                let looked_until = if self.failure().is_some() { now } else { lease.last_begun };
                lease.word(now, clock, looked_until.since(lease.since))
            }
        }
    }

    /// Nodes whose Leases say at that time that they report.
    fn reporting(&self, now: Elapsed, clock: ServerClock) -> u64 {
        let known = self.leases.iter().filter(|(_, lease)| !lease.missing);
        let reports = |node: &Clean| matches!(self.word(node, now, clock), Word::Reports);
        known.filter(|(node, _)| self.permitted && reports(node)).count() as u64
    }
}

impl Gate {
    /// Nodes that were seen to report, by their Leases.
    pub(in crate::gate) fn nodes_checked(&self) -> u64 {
        match self.policy.present {
            true => self.nodes.reporting(self.judged_until(), self.server_clock),
            false => self.nodes.checked(),
        }
    }

    /// What the nodes of the ready pods say at present.
    pub(in crate::gate) fn nodes_at_present(&self) -> Report {
        let mut alive = 0;
        let mut is_open = false;
        let mut silent: Vec<(Clean, Duration)> = Vec::new();
        for (node, pods) in self.nodes_of_ready_pods() {
            match self.nodes.word(&node, self.now, self.server_clock) {
                Word::Reports => alive += pods,
                Word::Doubtful => is_open = true,
                Word::Silent(silence) => silent.push((node, silence)),
            }
        }
        if alive >= self.counts.needed {
            return Report::Alive;
        }
        let longest = silent.iter().map(|(_, silence)| *silence).max();
        match longest.filter(|_| !is_open) {
            Some(longest) => {
                Report::Silent(silent.into_iter().map(|(node, _)| node).collect(), longest)
            }
            None => Report::Awaited,
        }
    }

    /// The nodes whose Leases are to be looked at, or again.
    pub(super) fn doubtful_nodes(&self) -> BTreeSet<Clean> {
        let is_doubtful = |node: &Clean| {
            matches!(self.nodes.word(node, self.now, self.server_clock), Word::Doubtful)
        };
        self.nodes_of_ready_pods().into_keys().filter(is_doubtful).collect()
    }
}
