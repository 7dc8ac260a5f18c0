//! Objects that are known, by their UIDs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::model::{ControllerRevision, Pod, ReplicaSet, Uid, Workload};

/// Something with a name that may be used again, a UID that is not, and a version of its reading.
pub trait Named {
    /// Unique for ever.
    fn uid(&self) -> &Uid;
    /// Unique in its namespace at one time only.
    fn name(&self) -> &str;
    /// Two readings with one version are equal; 0 says nothing.
    fn version(&self) -> u64;
}

macro_rules! named {
    ($($kind:ident),+) => {
        $(impl Named for $kind {
            fn uid(&self) -> &Uid {
                &self.metadata.uid
            }

            fn name(&self) -> &str {
                &self.metadata.name
            }

            fn version(&self) -> u64 {
                self.metadata.version
            }
        })+
    };
}

named!(ReplicaSet, ControllerRevision, Pod);

impl Named for Workload {
    fn uid(&self) -> &Uid {
        &self.metadata().uid
    }

    fn name(&self) -> &str {
        &self.metadata().name
    }

    fn version(&self) -> u64 {
        match self {
            Self::Rollout(rollout) if rollout.is_more_than_itself() => 0,
            // whom its pods hang on changes without it
            Self::Custom(_) => 0,
            _ => self.metadata().version,
        }
    }
}

/// Objects of one kind, as last seen.
#[derive(Clone, Debug)]
pub(super) struct Objects<T>(pub(super) BTreeMap<Uid, Arc<T>>);

impl<T> Default for Objects<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Named> Objects<T> {
    /// The known object in place of one that was read again unchanged.
    fn known(&self, read: &T) -> Option<Arc<T>> {
        self.known_at(read.uid(), read.version())
    }

    /// The object as it was at this version, if that was seen.
    pub(super) fn known_at(&self, uid: &Uid, version: u64) -> Option<Arc<T>> {
        let known = self.0.get(uid)?;
        (version != 0 && known.version() == version).then(|| known.clone())
    }
}

impl<T: Named + Clone> Objects<T> {
    /// Leaves what is not known, and adds what is gone.
    pub(super) fn less_known(&self, read: &mut Vec<Arc<T>>, gone: &mut Vec<Uid>) {
        let is_there: BTreeSet<&Uid> = read.iter().map(|one| one.uid()).collect();
        gone.extend(self.0.keys().filter(|uid| !is_there.contains(uid)).cloned());
        read.retain(|one| self.known(one).is_none());
    }

    pub(super) fn take(&mut self, read: &[Arc<T>]) {
        self.0.extend(read.iter().map(|one| (one.uid().clone(), one.clone())));
    }

    /// A watch told of it; one that lags does not undo what was read.
    pub(super) fn see(&mut self, seen: &T) {
        let is_old = |known: &Arc<T>| seen.version() != 0 && known.version() > seen.version();
        if !self.0.get(seen.uid()).is_some_and(is_old) {
            self.0.insert(seen.uid().clone(), Arc::new(seen.clone()));
        }
    }

    /// In the order of their names, as API servers list them.
    pub(super) fn listed(&self) -> Vec<Arc<T>> {
        let mut all: Vec<_> = self.0.values().cloned().collect();
        all.sort_by(|a, b| a.name().cmp(b.name()).then_with(|| a.uid().cmp(b.uid())));
        all
    }
}
