//! What a read of a scope shows.

use std::{collections::BTreeSet, sync::Arc};

use super::watch::WatchStart;
use crate::{
    model::{TargetRef, Uid},
    observation::{FailureKind, Named, Read, ReadFailure, Unread},
};

/// What a scope shows, and where to watch its targets from so that nothing after it is missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// All of it.
    pub read: Read,
    /// For each target that is there, or for all at once.
    pub watch_from: Vec<WatchStart>,
}

impl Reading {
    /// A read of no target.
    pub(super) fn new() -> Self {
        Self { read: Read { whole: true, ..Read::default() }, watch_from: Vec::new() }
    }

    /// Both, of one namespace.
    pub(super) fn and(mut self, other: Self) -> Self {
        let read = &mut self.read;
        read.workloads.extend(other.read.workloads);
        add_new(&mut read.replica_sets, other.read.replica_sets);
        add_new(&mut read.controller_revisions, other.read.controller_revisions);
        add_new(&mut read.pods, other.read.pods);
        read.nodes = other.read.nodes.or(read.nodes.take());
        read.unread.extend(other.read.unread);
        read.server_time = read.server_time.or(other.read.server_time);
        read.namespace_deleted = read.namespace_deleted.or(other.read.namespace_deleted);
        read.absent.extend(other.read.absent);
        self.watch_from.extend(other.watch_from);
        self
    }

    /// A target could not be read.
    pub(super) fn miss(&mut self, target: &TargetRef, failure: &ReadFailure) {
        let (target, failure) = (target.clone(), failure.clone());
        self.read.unread.push(Unread { target, failure });
    }

    /// Takes out targets that could not be read for a reason.
    pub(super) fn take_unread(&mut self, is_it: impl Fn(&Unread) -> bool) -> Vec<TargetRef> {
        self.read.unread.extract_if(.., |one| is_it(one)).map(|one| one.target).collect()
    }

    /// The failure of all of these targets, if the one reason is that the server cannot be read at all, or there is only one.
    pub(super) fn or_failure(self, targets: &[TargetRef]) -> Result<Self, ReadFailure> {
        let unread = &self.read.unread;
        let Some(first) = unread.first().filter(|_| unread.len() == targets.len()) else {
            return Ok(self);
        };
        let is_for_all = match first.failure.kind {
            FailureKind::Unreachable | FailureKind::Unauthorized | FailureKind::Unavailable => true,
            FailureKind::Forbidden
            | FailureKind::NotFound
            | FailureKind::Malformed
            | FailureKind::Refused => false,
        };
        let is_alike = |one: &Unread| one.failure == first.failure;
        let is_one = |one: &Unread| is_for_all && one.failure.kind == first.failure.kind;
        match unread.iter().all(|one| is_alike(one) || is_one(one)) {
            true => Err(first.failure.clone()),
            false => Ok(self),
        }
    }
}

/// Adds what another selector did not choose too.
fn add_new<T: Named>(all: &mut Vec<Arc<T>>, new: Vec<Arc<T>>) {
    if all.is_empty() {
        *all = new;
        return;
    }
    let known: BTreeSet<Uid> = all.iter().map(|one| one.uid().clone()).collect();
    all.extend(new.into_iter().filter(|one| !known.contains(one.uid())));
}
