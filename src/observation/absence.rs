//! A target that a read did not show, and what was found out about that.

use serde::{Deserialize, Serialize};

use crate::model::{Namespace, ObjectName, TargetKind, TargetRef};

/// A target that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// The target.
    pub target: TargetRef,
    /// What there is instead; `None` where nothing is known, e.g. because it may not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Instead>,
}

/// What there is instead of a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instead {
    /// Not even its namespace exists; the nearest name of one that does.
    NoNamespace(Option<Namespace>),
    /// One of its kind has nearly its name.
    Name(ObjectName),
    /// One of another kind has its name.
    Kind(TargetKind),
}
