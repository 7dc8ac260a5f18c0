//! What to do, with the command that does it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    clean,
    text::{Clean, Shown},
};

/// What to do about a verdict or a finding.
///
/// In JSON it is `next_step`, one sentence, and `next_step_parts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "NextStepFields", from = "NextStepFields")]
pub struct NextStep {
    /// What to do, in one line, imperative; empty where nothing is to be done.
    pub what: Clean,
    /// The command that does it, to be copied.
    pub command: Option<Clean>,
}

impl NextStep {
    /// A step that no command does.
    pub const fn new(what: Clean) -> Self {
        Self { what, command: None }
    }

    /// The same in our own words.
    pub fn from_static(what: &'static str) -> Self {
        Self::new(Clean::from_static(what))
    }

    /// The step with the command that does it.
    pub fn with(self, command: Clean) -> Self {
        Self { command: Some(command), ..self }
    }

    /// The whole in one sentence.
    pub fn sentence(&self) -> Clean {
        clean!("{}", self)
    }

    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.what.is_empty() && self.command.is_none()
    }
}

impl From<Clean> for NextStep {
    fn from(what: Clean) -> Self {
        Self::new(what)
    }
}

impl fmt::Display for NextStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.command.as_ref().map_or(Ok(()), |command| write!(f, ": {command}"))
    }
}

impl Shown for NextStep {}

/// A [`NextStep`] as it stands among the fields of a target.
#[derive(Serialize, Deserialize)]
struct NextStepFields {
    next_step: Clean,
    next_step_parts: NextStepParts,
}

#[derive(Serialize, Deserialize)]
struct NextStepParts {
    what: Clean,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    command: Option<Clean>,
}

impl From<NextStep> for NextStepFields {
    fn from(step: NextStep) -> Self {
        let sentence = step.sentence();
        let NextStep { what, command } = step;
        Self { next_step: sentence, next_step_parts: NextStepParts { what, command } }
    }
}

impl From<NextStepFields> for NextStep {
    fn from(fields: NextStepFields) -> Self {
        let NextStepParts { what, command } = fields.next_step_parts;
        Self { what, command }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_stands_beside_its_parts() {
        let step = NextStep {
            what: Clean::from_static("resume the rollout"),
            command: Some(Clean::from_static("kubectl x")),
        };
        let written = serde_json::to_value(&step).unwrap();
        assert_eq!(written["next_step"], "resume the rollout: kubectl x");
        assert_eq!(serde_json::from_value::<NextStep>(written).unwrap(), step);
    }
}
