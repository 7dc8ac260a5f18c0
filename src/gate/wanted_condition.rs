//! The condition that makes a custom resource complete, where the user names one.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::model::is_word;

/// A condition with a status: `TYPE=STATUS`. Both are words that go into reports as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WantedCondition {
    /// Its type, as the resource writes it.
    pub kind: String,
    /// Its status; its case does not matter.
    pub status: String,
}

impl FromStr for WantedCondition {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((kind, status)) if is_word(kind) && is_word(status) => {
                Ok(Self { kind: kind.to_owned(), status: status.to_owned() })
            }
            _ => Err("expected TYPE=STATUS, e.g. Ready=True"),
        }
    }
}

impl TryFrom<String> for WantedCondition {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<WantedCondition> for String {
    fn from(wanted: WantedCondition) -> Self {
        wanted.to_string()
    }
}

impl fmt::Display for WantedCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.kind, self.status)
    }
}

// both parts are words
impl crate::text::Shown for WantedCondition {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_a_type_and_a_status() {
        let wanted: WantedCondition = "example.com/Synced=True".parse().unwrap();
        assert_eq!((&*wanted.kind, &*wanted.status), ("example.com/Synced", "True"));
        for text in ["", "Ready", "=True", "Ready=", "Ready=True=False", "a b=True", "Ready=\u{1b}"]
        {
            assert!(text.parse::<WantedCondition>().is_err(), "{text:?}");
        }
    }
}
