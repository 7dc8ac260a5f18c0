//! What `--on-failure` came to in all.

use serde::{Deserialize, Serialize};

use super::TargetOutcome;
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
