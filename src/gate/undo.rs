//! The way back to a revision before, in the words of whoever deployed the workload.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    Cause, Finding, FindingState, Gate, Verdict,
    history::Deployer,
    history::{Serving, WayBack},
    revision::RevisionId,
};
use crate::{
    model::Context,
    phrases::{self, undo},
    text::Clean,
};

/// How to go back to a revision before.
///
/// In JSON it is `undo`, one line or null, and `undo_parts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The command, to be copied; in words what to do where no command would do, or last.
    pub how: Clean,
    /// Whether `how` is a command.
    pub is_command: bool,
    /// The ReplicaSet that serves again then.
    pub revision: Clean,
    /// Its number, as `kubectl rollout history` has it.
    pub number: u64,
    /// Its pods were available while the run lasted; else it is only not known to be bad.
    pub is_known_good: bool,
}

impl Undo {
    /// The same for a cluster that was asked for by its context.
    pub fn in_context(self, context: &Context) -> Self {
        let how = match self.is_command {
            true => phrases::context::command_in(&self.how, context),
            false => phrases::context::words_in(&self.how, context),
        };
        Self { how, ..self }
    }
}

impl Gate {
    /// How to go back, where that would help: the new revision is bad or does not come up, and there is one before that
    /// was not broken in the same way.
    pub fn undo(&self, findings: &[Finding]) -> Option<Undo> {
        let verdict = self.decision.as_ref()?.verdict;
        let is_shown = |finding: &&Finding| match finding.state {
            FindingState::Confirmed => true,
            FindingState::Suspected => verdict == Verdict::TimedOut,
            FindingState::Resolved | FindingState::Tolerated => false,
        };
        let shown: Vec<&Finding> = findings.iter().filter(is_shown).collect();
        // an image that was not pushed or applied is not in the revision before either
        let is_wrong_image = shown.iter().any(|finding| finding.cause == Cause::WrongImage);
        // a spec that the controller refuses is none of the template
        let is_refused = self.revision_judged().is_none()
            && shown.iter().any(|finding| finding.cause == Cause::Condition);
        // the controller would wait for the same pod again
        let is_blocked = self.leftovers.are_blocking();
        if !matches!(verdict, Verdict::Failed | Verdict::TimedOut)
            || is_wrong_image
            || is_refused
            || is_blocked
        {
            return None;
        }
        let back = self.history.way_back(|set| self.broke_alike(set, &shown)).ok()?;
        let (how, is_command) = self.how_to_undo(&back);
        let WayBack { name, number, is_known_good, .. } = back;
        Some(Undo { how, is_command, revision: name, number, is_known_good })
    }

    fn how_to_undo(&self, WayBack { number, is_next, .. }: &WayBack) -> (Clean, bool) {
        match self.history.deployer() {
            Deployer::GitOps => (undo::revert(), false),
            Deployer::Kubectl => {
                let number = (!is_next).then_some(*number);
                (undo::kubectl(&self.target, number), true)
            }
            Deployer::Helm { release, namespace: of_release } => {
                let namespace = of_release.as_ref().unwrap_or(&self.target.namespace);
                match *is_next {
                    true => (undo::helm(release, namespace), true),
                    false => (undo::helm_further(release, namespace), false),
                }
            }
        }
    }

    /// Whether pods of a revision before broke in the way that failed now.
    pub(super) fn broke_alike(&self, revision: &RevisionId, findings: &[&Finding]) -> bool {
        findings.iter().any(|finding| self.old_pods.broke_alike(revision, finding.cause))
    }

    /// What serves users, as last read, where that is in question.
    pub fn serving(&self) -> Vec<Serving> {
        let verdict = self.decision.as_ref().map(|decision| decision.verdict);
        match verdict {
            Some(Verdict::Failed | Verdict::TimedOut) => {
                let ready = self.ledger.ready();
                self.history.serving(ready.count() as u64)
            }
            _ => Vec::new(),
        }
    }
}

/// An [`Undo`] as it stands among the fields of a target.
#[derive(Serialize, Deserialize)]
struct UndoFields {
    undo: Option<Clean>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undo_parts: Option<UndoParts>,
}

#[derive(Serialize, Deserialize)]
struct UndoParts {
    is_command: bool,
    revision: Clean,
    number: u64,
    is_known_good: bool,
}

/// For `#[serde(flatten, with)]`.
pub mod fields {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Undo, UndoFields, UndoParts};

    /// Writes the fields, null where there is no way back.
    pub fn serialize<S: Serializer>(undo: &Option<Undo>, serializer: S) -> Result<S::Ok, S::Error> {
        let parts = undo.clone().map(|undo| {
            let Undo { how, is_command, revision, number, is_known_good } = undo;
            (how, UndoParts { is_command, revision, number, is_known_good })
        });
        let (undo, undo_parts) = parts.unzip();
        UndoFields { undo, undo_parts }.serialize(serializer)
    }

    /// Reads them back.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Undo>, D::Error> {
        let UndoFields { undo, undo_parts } = UndoFields::deserialize(from)?;
        Ok(undo.zip(undo_parts).map(|(how, parts)| {
            let UndoParts { is_command, revision, number, is_known_good } = parts;
            Undo { how, is_command, revision, number, is_known_good }
        }))
    }
}
