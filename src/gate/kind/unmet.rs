//! What a rollout that is not complete misses.

pub(in crate::gate) use crate::phrases::unmet::Unmet;

/// Own counts of pods, independent of what controllers say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::gate) struct Counts {
    /// Pods that should run.
    pub(in crate::gate) desired: u64,
    /// Pods that must be ready.
    pub(in crate::gate) needed: u64,
    /// Pods of the new revision that exist and are not being deleted.
    pub(in crate::gate) active: u64,
    /// Those that are ready.
    pub(in crate::gate) ready: u64,
    /// Those that were ready for `minReadySeconds`.
    pub(in crate::gate) available: u64,
    /// Pods of old revisions that still exist, those being deleted included.
    pub(in crate::gate) old: u64,
}

impl Counts {
    /// How many pods may be bad.
    pub(in crate::gate) const fn spared(&self) -> u64 {
        self.desired.saturating_sub(self.needed)
    }

    /// What is missing of the pods by our own count: of the new ones, then that old ones are still there.
    pub(super) fn unmet(
        &self,
        strictness: Strictness,
        min_ready_seconds: i64,
    ) -> impl Iterator<Item = Unmet> {
        let Self { desired, needed, active, ready, available, old } = *self;
        let of_new = if ready < needed || (strictness.controller && active != desired) {
            Some(Unmet::Pods { ready, needed, active, desired })
        } else if available < needed {
            Some(Unmet::MinReadySeconds { available, needed, seconds: min_ready_seconds })
        } else {
            None
        };
        let of_old = (strictness.old_pods && old > 0).then_some(Unmet::OldPods { old });
        of_new.into_iter().chain(of_old)
    }
}

/// How strictly the controllers' numbers are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) struct Strictness {
    /// All pods must be ready and the controller must say so. Not with `--min-ready` below 100 % or with
    /// `--ignore-container`, where the controller waits for more than the gate does.
    pub(in crate::gate) controller: bool,
    /// Old pods must be gone. Not past the deadline, if nothing else is missing.
    pub(in crate::gate) old_pods: bool,
}

impl Unmet {
    /// Its place among others: what keeps the rest comes first.
    pub(in crate::gate) const fn rank(self) -> u8 {
        match self {
            Self::Generation | Self::Status | Self::Completions { .. } => 0,
            Self::NoRevision { .. } | Self::LostNodes { .. } => 1,
            Self::ReplicaFailure => 2,
            Self::Pods { .. } => 3,
            Self::MinReadySeconds { .. } => 4,
            Self::OldPods { .. } => 5,
            Self::Steps { .. } => 6,
            Self::Promotion => 7,
            Self::Size => 8,
            Self::Revision => 9,
            Self::Counts { .. } => 10,
        }
    }
}
