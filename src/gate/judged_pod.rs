//! What the gate answers about one pod, for whoever draws a picture of it.

use super::Gate;
use crate::model::{Pod, Uid};

/// What is known of a pod of the revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JudgedPod {
    /// It does not exist any more.
    pub is_gone: bool,
    /// A run of one of its containers ended, whether that counts or not.
    pub has_ended_runs: bool,
    /// Its latest reading shows a finding.
    pub shows_finding: bool,
}

impl Gate {
    /// What is known of a pod of the revision; `None` if none of this UID was seen.
    pub fn judged_pod(&self, uid: &Uid) -> Option<JudgedPod> {
        let record = self.ledger.get(uid)?;
        Some(JudgedPod {
            is_gone: record.gone,
            has_ended_runs: !record.containers.is_empty(),
            shows_finding: self.findings.are_shown_by(uid),
        })
    }

    /// Whether this is a reading of a pod of the revision, and the latest that was taken in of it. The gate takes in none
    /// after its verdict.
    pub fn took_in(&self, pod: &Pod) -> bool {
        let record = self.ledger.get(&pod.metadata.uid);
        self.is_of_revision(pod) && record.is_some_and(|record| record.is_at(pod))
    }

    /// How telling a pod is: 0 if it showed what decided, `u8::MAX` if it never showed anything.
    pub fn rank(&self, uid: &Uid) -> u8 {
        let shown = self.findings.iter().filter(|(_, record)| record.concerns(uid));
        shown.map(|(_, record)| super::facts::order(record.state)).min().unwrap_or(u8::MAX)
    }
}
