//! Names and labels that a user gave, as a recording has them: what goes into reports as it is must be harmless.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error as _};

use crate::model::is_word;

pub(super) fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    match words.iter().all(|word| is_word(word)) {
        true => Ok(words),
        false => Err(D::Error::custom("a name that no container or image can have")),
    }
}

/// Whether it is a label or annotation, `KEY=VALUE`, that can go into reports as it is; the value may be empty.
pub(super) fn is_label(text: &str) -> bool {
    text.split_once('=').is_some_and(|(key, value)| {
        is_word(key) && (value.is_empty() || is_word(value)) && !text.contains("::")
    })
}

pub(super) fn labels<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let labels = Vec::<String>::deserialize(deserializer)?;
    match labels.iter().all(|label| is_label(label)) {
        true => Ok(labels),
        false => Err(D::Error::custom("no label or annotation: expected KEY=VALUE")),
    }
}

pub(super) fn pairs<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let pairs = BTreeMap::<String, String>::deserialize(deserializer)?;
    match pairs.iter().all(|(name, image)| is_word(name) && is_word(image)) {
        true => Ok(pairs),
        false => Err(D::Error::custom("a name that no container or image can have")),
    }
}

#[cfg(test)]
mod tests {
    use crate::gate::Policy;

    #[test]
    fn names_from_a_recording_are_checked_like_those_of_the_command_line() {
        for (word, is_fine) in [
            ("ghcr.io/acme/app:1@sha256:0a", true),
            ("::error::x", false),
            ("a\\u001b[2J", false),
            ("a b", false),
            ("", false),
        ] {
            let policy = format!(r#"{{"ignore_containers": ["{word}"]}}"#);
            assert_eq!(serde_json::from_str::<Policy>(&policy).is_ok(), is_fine, "{word}");
        }
    }
}
