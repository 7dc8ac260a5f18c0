//! What `--on-failure` came to in all.

use serde::{Deserialize, Serialize};

use super::{Outcome, Rollback, TargetOutcome};
use crate::vocabulary::{OnFailure, RollbackWrite};

/// What `--on-failure` came to in all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rollbacks {
    /// What was asked for.
    pub on_failure: OnFailure,
    /// Targets that were rolled back.
    pub done: u64,
    /// Targets that were not, each for its reason.
    pub not_done: u64,
    /// Targets of which nobody knows.
    pub unknown: u64,
    /// Targets that a live run would have rolled back.
    pub planned: u64,
}

impl Outcome {
    /// Takes in how far the rollback of a target came. `place`: of the target.
    pub fn set_rollback(&mut self, place: usize, rollback: Rollback) {
        let Some(target) = self.targets.get_mut(place) else { return };
        target.set_rollback(rollback);
        let asked = self.rollback.as_ref().map_or(OnFailure::None, |all| all.on_failure);
        self.rollback = Some(Rollbacks::count(asked, &self.targets));
    }

    /// Takes in what a recorded run did, if this run would do the same: go back to the same revision.
    pub fn recall_rollback(&mut self, place: usize, rollback: Rollback) {
        let planned = self.targets.get(place).and_then(TargetOutcome::restore);
        let to = rollback.to.as_ref().map(|to| &to.revision);
        if planned.is_some() && planned.map(|restore| &restore.name) == to {
            self.set_rollback(place, rollback);
        }
    }
}

impl Rollbacks {
    /// Counts how far the rollbacks of these targets came.
    pub fn count(on_failure: OnFailure, targets: &[TargetOutcome]) -> Self {
        let count = |write: RollbackWrite| {
            let writes = targets.iter().filter_map(|target| target.rollback.as_ref());
            writes.filter(|rollback| rollback.write == write).count() as u64
        };
        Self {
            on_failure,
            done: count(RollbackWrite::Done),
            not_done: count(RollbackWrite::NotDone),
            unknown: count(RollbackWrite::Unknown),
            planned: count(RollbackWrite::Planned),
        }
    }
}
