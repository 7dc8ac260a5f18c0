//! What a workload says to this program: annotations under its prefix, and the labels by which a policy file selects.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::text::{Redactor, Untrusted};

/// Stands before the name of a setting in an annotation of a workload.
pub const ANNOTATION_PREFIX: &str = "deploygate.dev/";

/// Annotations that are kept; there are fewer settings.
const KEPT: usize = 50;

/// Bytes of a value that are kept, and of a label's.
const LONGEST: usize = 1024;

/// Labels that are kept. Kubernetes bounds only the size of an object.
const LABELS: usize = 200;

/// The annotations of a workload under [`ANNOTATION_PREFIX`], and its labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Own {
    /// Annotations, by their keys without the prefix. A value that is too long is cut, and no valid value any more.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<Box<str>, Untrusted>,
    /// There are more of them than are kept.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_more: bool,
    /// Labels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<Box<str>, Box<str>>,
}

impl Own {
    /// Those of an object's metadata; of a recording, which carries them as `own`.
    pub(super) fn of(metadata: &Value) -> Self {
        if let Some(recorded) = metadata.get("own") {
            return Self::deserialize(recorded).unwrap_or_default();
        }
        let texts = |field: &str| {
            let all = metadata[field].as_object().into_iter().flatten();
            all.filter_map(|(key, value)| Some((key, value.as_str()?)))
        };
        let mut annotations: BTreeMap<Box<str>, Untrusted> = texts("annotations")
            .filter_map(|(key, value)| {
                Some((key.strip_prefix(ANNOTATION_PREFIX)?.into(), kept(value).into()))
            })
            .take(KEPT + 1)
            .collect();
        let has_more = annotations.len() > KEPT;
        if has_more {
            annotations.pop_last();
        }
        let labels = texts("labels").filter(|(_, value)| value.len() <= LONGEST).take(LABELS);
        let labels = labels.map(|(key, value)| (key.as_str().into(), value.into())).collect();
        Self { annotations, has_more, labels }
    }

    /// Whether there is nothing of that.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Hides secrets in the values of annotations.
    pub fn redact(&mut self, redactor: &Redactor) {
        self.annotations.values_mut().for_each(|value| value.redact(redactor));
    }
}

/// A value; of one that is too long the beginning, which ends in `…`.
fn kept(value: &str) -> String {
    match value.len() {
        0..=LONGEST => value.to_owned(),
        _ => format!("{}…", &value[..value.floor_char_boundary(LONGEST)]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_under_the_prefix_is_kept_and_comes_back_from_a_recording() {
        let metadata = json!({"labels": {"app": "shop", "n": 1}, "annotations": {
            "deploygate.dev/window": "2m", "other.dev/window": "9m", "deploygate.dev/min-ready": 3}});
        let own = Own::of(&metadata);
        assert_eq!(own.annotations.len(), 1);
        assert_eq!(own.annotations["window"].as_raw(), "2m");
        assert_eq!(own.labels.len(), 1);
        let recorded = json!({"own": serde_json::to_value(&own).unwrap()});
        assert_eq!(Own::of(&recorded), own);
        assert!(Own::of(&json!(null)).is_empty());
    }

    #[test]
    fn many_and_long_ones_are_bounded_and_that_shows() {
        let many = (0..60).map(|n| (format!("deploygate.dev/a{n}"), json!("1")));
        let own = Own::of(&json!({"annotations": many.collect::<serde_json::Map<_, _>>()}));
        assert_eq!((own.annotations.len(), own.has_more), (50, true));
        let own = Own::of(&json!({"annotations": {"deploygate.dev/window": "é".repeat(5000)}}));
        let value = own.annotations["window"].as_raw();
        assert!(value.len() < 1100 && value.ends_with('…'), "{}", value.len());
    }
}
