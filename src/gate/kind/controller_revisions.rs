//! Revisions that ControllerRevisions hold.

use super::{KnownRevision, RevisionId};
use crate::{
    evidence::RevisionName,
    model::{ControllerRevision, Uid},
    observation::Snapshot,
};

/// The revisions of a workload, oldest first, with the hash that their pods carry; which one is wanted its kind knows.
pub(super) fn held(
    workload: &Uid,
    snapshot: &Snapshot,
    hash: impl Fn(&ControllerRevision) -> Box<str>,
) -> Vec<KnownRevision> {
    let own = snapshot.controller_revisions.iter();
    let own = own.filter(|revision| revision.metadata.controller() == Some(workload));
    let mut known: Vec<_> = own
        .map(|revision| {
            let id = RevisionId { owner: workload.clone(), hash: Some(hash(revision)) };
            let ready = snapshot.pods().filter(|pod| id.owns(pod) && pod.is_ready());
            KnownRevision {
                object: RevisionName {
                    name: revision.metadata.name.clone(),
                    uid: revision.metadata.uid.clone(),
                },
                number: Some(revision.revision),
                created: revision.metadata.created,
                available: ready.count() as u64,
                is_wanted: false,
                is_current: false,
                refused: None,
                id,
            }
        })
        .collect();
    known.sort_by_key(|one| one.number);
    known
}
