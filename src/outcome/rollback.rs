//! What became of the rollback of a target.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    gate::{NextStep, Restore, Verdict},
    model::TargetRef,
    phrases::{self, Account, rollback},
    text::Clean,
    vocabulary::{Refusal, RollbackWrite},
};

/// What became of the rollback of a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rollback {
    /// How far the write came.
    pub write: RollbackWrite,
    /// Why nothing was written; `None` where it was, or nobody knows.
    pub refusal: Option<Refusal>,
    /// The revision to go back to; `None` where it was refused before one was chosen.
    pub to: Option<RollbackTo>,
    /// What was done or not, and why, in one line.
    pub reason: Clean,
    /// What is left to do by hand; empty where nothing is.
    #[serde(flatten, with = "phrases::next_step_fields")]
    pub next_step: NextStep,
    /// How often others wrote to the workload at the very moment of the write, so that it was tried again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub conflicts: u32,
    /// Pods of the failed revision that were deleted, because an ordered update waits for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deleted_pods: Vec<Clean>,
    /// What the watch of the rollback came to; `None` where there was none.
    pub verdict: Option<Verdict>,
    /// How long that took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<f64>,
    /// What is to be written; not told in reports.
    #[serde(skip)]
    pub restore: Option<Restore>,
}

/// What was done so that a restored template takes effect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unblocked {
    /// Pods that were deleted, in this order.
    pub deleted: Vec<Clean>,
    /// The pod that may not be deleted and keeps it from taking effect.
    pub blocked_by: Option<Clean>,
}

/// A revision to go back to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RollbackTo {
    /// Its ReplicaSet or ControllerRevision.
    pub revision: Clean,
    /// Its number, as `kubectl rollout history` has it.
    pub number: u64,
    /// Its pods were available while the run lasted; else it is only not known to be bad.
    pub is_known_good: bool,
}

impl Rollback {
    /// What was decided: a live run then writes it, a replay leaves it at that.
    pub fn decided(
        decided: Result<Restore, Refusal>,
        target: &TargetRef,
        timeout: Duration,
    ) -> Self {
        match decided {
            Err(refusal) => Self::refused(None, refusal, target, timeout, None),
            Ok(restore) => {
                let reason =
                    rollback::planned(&restore.name, restore.number, restore.is_known_good);
                let account = Account { reason, next_step: NextStep::default() };
                Self::new(RollbackWrite::Planned, Some(restore), account)
            }
        }
    }

    /// It was not done. `told`: the API server's own words.
    pub fn refused(
        restore: Option<Restore>,
        refusal: Refusal,
        target: &TargetRef,
        timeout: Duration,
        told: Option<&Clean>,
    ) -> Self {
        let account = rollback::refused(refusal, target, timeout, told);
        let rollback = Self::new(RollbackWrite::NotDone, restore, account);
        Self { refusal: Some(refusal), ..rollback }
    }

    /// It is on its way, or nobody can tell whether it was done.
    pub fn unknown(restore: Restore, target: &TargetRef) -> Self {
        let account = rollback::unknown(&restore.name, restore.number, target);
        Self::new(RollbackWrite::Unknown, Some(restore), account)
    }

    /// The template is in place, and its watch has not come to an end.
    pub fn done(restore: Restore) -> Self {
        let done = rollback::done(&restore.name, restore.number, restore.is_known_good);
        let reason = rollback::unwatched(&done);
        let next_step = rollback::left(restore.helm.as_ref(), restore.is_applied);
        let account = Account { reason, next_step };
        Self::new(RollbackWrite::Done, Some(restore), account)
    }

    fn new(write: RollbackWrite, restore: Option<Restore>, account: Account) -> Self {
        let Account { reason, next_step } = account;
        let to = restore.as_ref().map(|restore| RollbackTo {
            revision: restore.name.clone(),
            number: restore.number,
            is_known_good: restore.is_known_good,
        });
        Self {
            write,
            refusal: None,
            to,
            reason,
            next_step,
            conflicts: 0,
            deleted_pods: Vec::new(),
            verdict: None,
            duration_seconds: None,
            restore,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}
