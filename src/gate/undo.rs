//! The way back to the revision before.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Cause, Finding, FindingState, Gate, Verdict};
use crate::{clean, text::Clean};

/// How to go back to a revision before.
///
/// In JSON it is `undo`, one line or null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The command, to be copied.
    pub how: Clean,
}

impl Gate {
    /// How to go back, where that would help.
    pub fn undo(&self, findings: &[Finding]) -> Option<Undo> {
        let decision = self.decision.as_ref()?;
        let is_confirmed = |finding: &&Finding| finding.state == FindingState::Confirmed;
        let decisive = findings.iter().find(is_confirmed)?;
        let is_crash =
            matches!(decisive.cause, Cause::CrashLoop | Cause::Exited | Cause::OomKilled);
        (decision.verdict == Verdict::Failed && is_crash).then(|| Undo {
            how: clean!("kubectl rollout undo {} -n {}", self.target, self.namespace()),
        })
    }
}

/// An [`Undo`] as it stands among the fields of a target.
#[derive(Serialize, Deserialize)]
struct UndoFields {
    undo: Option<Clean>,
}

/// For `#[serde(flatten, with)]`.
pub mod fields {
    use super::*;

    /// Writes the fields, null where there is no way back.
    pub fn serialize<S: Serializer>(undo: &Option<Undo>, serializer: S) -> Result<S::Ok, S::Error> {
        UndoFields { undo: undo.as_ref().map(|undo| undo.how.clone()) }.serialize(serializer)
    }

    /// Reads them back.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Undo>, D::Error> {
        UndoFields::deserialize(from).map(|fields| fields.undo.map(|how| Undo { how }))
    }
}
