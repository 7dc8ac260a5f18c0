//! What to do, with the command that does it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    clean,
    text::{Clean, Shown},
};

/// What to do about a verdict or a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// What to do, in one line, imperative; empty where nothing is to be done.
    pub what: Clean,
    /// The command that does it, to be copied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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

/// A step as it stands among other fields: one sentence, and beside it its parts.
macro_rules! fields {
    ($name:ident, $sentence:ident, $parts:ident) => {
        #[doc = concat!("For `#[serde(flatten, with)]`: the fields `", stringify!($sentence), "` and `", stringify!($parts), "`.")]
        pub mod $name {
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            use super::{Clean, NextStep};

            #[derive(Serialize, Deserialize)]
            struct Fields {
                $sentence: Clean,
                $parts: NextStep,
            }

            /// Writes the fields.
            pub fn serialize<S: Serializer>(step: &NextStep, to: S) -> Result<S::Ok, S::Error> {
                Fields { $sentence: step.sentence(), $parts: step.clone() }.serialize(to)
            }

            /// Reads the step back from its parts.
            pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NextStep, D::Error> {
                Ok(Fields::deserialize(from)?.$parts)
            }
        }
    };
}

fields!(next_step_fields, next_step, next_step_parts);
fields!(hint_fields, hint, hint_parts);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Target(#[serde(with = "next_step_fields")] NextStep);

    #[test]
    fn a_sentence_stands_beside_its_parts() {
        let step =
            NextStep::from_static("resume the rollout").with(Clean::from_static("kubectl x"));
        let written = serde_json::to_value(Target(step.clone())).unwrap();
        let parts = json!({"what": "resume the rollout", "command": "kubectl x"});
        let expected =
            json!({"next_step": "resume the rollout: kubectl x", "next_step_parts": parts});
        assert_eq!(written, expected);
        assert_eq!(serde_json::from_value::<Target>(written).unwrap().0, step);
    }
}
