//! A cause that was seen, with the containers and pods that show it.

use serde::{Deserialize, Serialize};

use super::{Attribution, Cause, FindingState};
use crate::{
    evidence::{Comparison, Evidence},
    manifest::Source,
    model::{Elapsed, Role, ServerTime},
    phrases::{self, NextStep},
    signs::Diagnosis,
    text::Clean,
};

/// A time by the servers' clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ago {
    /// When it was.
    pub at: ServerTime,
    /// How long before the verdict, in seconds.
    pub seconds_ago: u64,
}

/// A cause on one container, or on the target as a whole, over all pods that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What is wrong.
    pub cause: Cause,
    /// Whose concern it is.
    pub attribution: Attribution,
    /// How sure the gate is.
    pub state: FindingState,
    /// The container, where it is one's.
    pub container: Option<Clean>,
    /// Its part in the pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The pods that showed it, in the order of their first sight.
    pub pods: Vec<Clean>,
    /// What happened, in one line.
    pub message: Clean,
    /// What to do.
    #[serde(flatten, with = "phrases::hint_fields")]
    pub hint: NextStep,
    /// What most probably caused it; `None` if no sign of a cause is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<Diagnosis>,
    /// What else breaks in the same way, or does not; `None` if there is nothing to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// The exit code of the last run that failed.
    pub exit_code: Option<i32>,
    /// The signal that ended it, as a number.
    pub signal: Option<i32>,
    /// Restarts that count, of the pod with the most.
    pub restarts: Option<u32>,
    /// Since when it has been so, by the servers' clocks; only where the present state is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Ago>,
    /// When the last run of the container ended, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_ended: Option<Ago>,
    /// When it was first seen.
    pub first_seen: Elapsed,
    /// When it was last seen.
    pub last_seen: Elapsed,
    /// When it becomes a failure unless it heals; `None` where no grace applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_until: Option<Elapsed>,
    /// Where the manifest says what it is about; `None` without one, and before the outcome.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// What was collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}
