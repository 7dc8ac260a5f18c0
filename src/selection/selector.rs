//! Label selectors, as `kubectl -l` takes them
//! (Kubernetes 1.36 `apimachinery/pkg/labels/selector.go`).

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

/// Conditions on labels, all of which must hold. Their texts are checked: they can go into a URL or a report as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Selector {
    pub(super) requirements: Vec<Requirement>,
}

/// The labels of an object.
pub type Labels = BTreeMap<Box<str>, Box<str>>;

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    pub(super) key: Box<str>,
    pub(super) test: Test,
}

/// What is asked of the value of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Exists,
    Missing,
    /// It is one of these.
    In(Vec<Box<str>>),
    /// It is none of these, or there is no such label.
    NotIn(Vec<Box<str>>),
    /// It is a greater number.
    Above(i64),
    /// It is a smaller number.
    Below(i64),
}

/// What is wrong with a selector, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at character {place}")]
pub struct SelectorError {
    /// What is there, and what is expected.
    what: String,
    /// The character that it is about, from 1 on.
    place: usize,
}

impl SelectorError {
    pub(super) fn new(place: usize, what: impl Into<String>) -> Self {
        Self { what: what.into(), place }
    }
}

impl TryFrom<String> for Selector {
    type Error = SelectorError;

    fn try_from(text: String) -> Result<Self, SelectorError> {
        text.parse()
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> Self {
        selector.to_string()
    }
}

impl Selector {
    /// Whether labels fulfil every condition.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.requirements.iter().all(|one| one.test.holds(labels.get(&one.key).map(|text| &**text)))
    }

    /// The labels that it asks for, each once.
    pub fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = Vec::new();
        for one in &self.requirements {
            if !keys.contains(&&*one.key) {
                keys.push(&one.key);
            }
        }
        keys
    }
}

impl Test {
    fn holds(&self, value: Option<&str>) -> bool {
        let number = || value?.parse::<i64>().ok();
        match self {
            Self::Exists => value.is_some(),
            Self::Missing => value.is_none(),
            Self::In(all) => value.is_some_and(|value| all.iter().any(|one| **one == *value)),
            Self::NotIn(all) => value.is_none_or(|value| all.iter().all(|one| **one != *value)),
            Self::Above(limit) => number().is_some_and(|number| number > *limit),
            Self::Below(limit) => number().is_some_and(|number| number < *limit),
        }
    }
}

impl fmt::Display for Selector {
    /// As the API takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Requirement { key, test }) in self.requirements.iter().enumerate() {
            if number > 0 {
                f.write_str(",")?;
            }
            match test {
                Test::Exists => write!(f, "{key}")?,
                Test::Missing => write!(f, "!{key}")?,
                Test::In(values) if values.len() == 1 => write!(f, "{key}={}", values[0])?,
                Test::NotIn(values) if values.len() == 1 => write!(f, "{key}!={}", values[0])?,
                Test::In(values) => write!(f, "{key} in ({})", values.join(","))?,
                Test::NotIn(values) => write!(f, "{key} notin ({})", values.join(","))?,
                Test::Above(limit) => write!(f, "{key}>{limit}")?,
                Test::Below(limit) => write!(f, "{key}<{limit}")?,
            }
        }
        Ok(())
    }
}

// keys and values are checked where they are read
impl crate::text::Shown for Selector {}
