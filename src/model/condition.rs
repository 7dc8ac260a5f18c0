//! Conditions, by which objects tell what holds of them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ServerTime, null_default};
use crate::text::Untrusted;

/// One condition of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// Its type, e.g. `Ready`.
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// Whether it holds.
    pub status: ConditionStatus,
    /// Why, in one word.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "Untrusted::is_empty"
    )]
    pub reason: Untrusted,
    /// Why, for people.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "Untrusted::is_empty"
    )]
    pub message: Untrusted,
    /// When the status last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<ServerTime>,
    /// When the controller last wrote it (Deployments only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_update_time: Option<ServerTime>,
}

impl Condition {
    /// Whether it is known to hold.
    pub fn is_true(&self) -> bool {
        self.status == ConditionStatus::True
    }

    /// Whether its reason is this word.
    pub fn has_reason(&self, reason: &str) -> bool {
        self.reason.as_raw() == reason
    }
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ConditionStatus {
    /// It holds.
    True,
    /// It does not.
    False,
    /// The one who should know does not.
    #[serde(other)]
    Unknown,
}

/// The condition of this type.
pub(super) fn find<'a>(conditions: &'a [Condition], kind: &str) -> Option<&'a Condition> {
    conditions.iter().find(|condition| condition.kind.as_ref() == kind)
}
