//! What keeps a release from being judged that is no target's own.

use serde::{Deserialize, Serialize};

use crate::{
    gate::{NextStep, ReasonCode, Verdict},
    phrases::{self, Account},
    text::Clean,
};

/// Why a release could not be judged as a whole: nothing was selected, say, or no cluster was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// The context that was asked for by its name and that it is about; `None` where it is about the whole run.
    #[serde(default)]
    pub context: Option<Clean>,
    /// In a word.
    pub reason_code: ReasonCode,
    /// In a line.
    pub reason: Clean,
    /// What to do; empty where nothing is to be done.
    #[serde(flatten, with = "phrases::next_step_fields")]
    pub next_step: NextStep,
}

impl Problem {
    /// A problem in the words of an account.
    pub fn new(reason_code: ReasonCode, Account { reason, next_step }: Account) -> Self {
        Self { context: None, reason_code, reason, next_step }
    }

    /// What it makes of the release, whatever became of its targets.
    pub fn verdict(&self) -> Verdict {
        match self.reason_code {
            ReasonCode::Interrupted => Verdict::Interrupted,
            _ => Verdict::Inconclusive,
        }
    }
}
