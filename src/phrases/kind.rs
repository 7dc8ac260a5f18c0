//! What kinds of workloads and their revisions are called.

use crate::{
    model::{Kind, RevisionKind},
    text::Clean,
};

/// The words for a workload of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The kind as its API writes it, e.g. `Deployment`; `custom resource` where only the API server knows it.
    pub kind: Clean,
    /// The object that holds a revision: `ReplicaSet`, else `revision`.
    pub revision: Clean,
}

impl Words {
    /// Those of this kind.
    pub fn of(kind: Kind) -> Self {
        let revision = match kind.revisions() {
            Some(RevisionKind::ReplicaSet) => "ReplicaSet",
            Some(RevisionKind::ControllerRevision) | None => "revision",
        };
        Self { kind: Clean::from_static(kind.api_name()), revision: Clean::from_static(revision) }
    }
}
