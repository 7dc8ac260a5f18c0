//! Leases of nodes, which targets of a scope ask for together.

use std::{collections::BTreeSet, mem};

use crate::{observation::TargetId, text::Clean};

/// Who waits for Leases of which nodes. One read is under way at a time.
#[derive(Debug, Default)]
pub(super) struct Leases {
    asked: Question,
    waiting: Question,
}

#[derive(Debug, Default)]
struct Question {
    by: BTreeSet<TargetId>,
    nodes: BTreeSet<Clean>,
}

impl Leases {
    /// A target wants those of these nodes.
    pub(super) fn want(&mut self, target: TargetId, nodes: Vec<Clean>) {
        self.waiting.by.insert(target);
        self.waiting.nodes.extend(nodes);
    }

    /// The nodes of the next read, if it may begin.
    pub(super) fn begin(&mut self) -> Option<Vec<Clean>> {
        if !self.asked.by.is_empty() || self.waiting.by.is_empty() {
            return None;
        }
        self.asked = mem::take(&mut self.waiting);
        Some(self.asked.nodes.iter().cloned().collect())
    }

    /// An answer came: for whom it is.
    pub(super) fn answered(&mut self) -> BTreeSet<TargetId> {
        mem::take(&mut self.asked).by
    }
}
