//! What a read of a scope shows.

use std::collections::BTreeSet;

use super::watch::WatchStart;
use crate::{
    model::Uid,
    observation::{Named, Read},
};

/// What a scope shows, and where to watch its targets from so that nothing after it is missed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// All of it.
    pub read: Read,
    /// For each target that is there, or for all at once.
    pub watch_from: Vec<WatchStart>,
}

impl Reading {
    /// Both, of one namespace.
    pub(super) fn and(mut self, other: Self) -> Self {
        let Read { workloads, replica_sets, controller_revisions, pods, nodes, .. } = other.read;
        let read = &mut self.read;
        read.workloads.extend(workloads);
        read.replica_sets.extend(replica_sets);
        read.controller_revisions.extend(controller_revisions);
        let known: BTreeSet<Uid> = read.pods.iter().map(|pod| pod.uid().clone()).collect();
        read.pods.extend(pods.into_iter().filter(|pod| !known.contains(pod.uid())));
        read.nodes = nodes.or(read.nodes.take());
        read.server_time = read.server_time.or(other.read.server_time);
        read.namespace_deleted = read.namespace_deleted.or(other.read.namespace_deleted);
        read.absent.extend(other.read.absent);
        self.watch_from.extend(other.watch_from);
        self
    }
}
