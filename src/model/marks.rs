//! Labels and annotations of which it is enough to know whether an object carries one.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The labels and annotations of an object or a pod template, each as a digest of 32 bits: annotations may be large, and may
/// hold what nobody should read in a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct Marks(Box<[u32]>);

/// What changes by itself, or is too large to be looked for.
const NONE: [&str; 2] =
    ["kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision"];

impl Marks {
    /// Those of an object's metadata; of a recording, which carries them as `marks`.
    pub(super) fn of(metadata: &Value) -> Self {
        if let Some(recorded) = metadata["marks"].as_str() {
            return recorded.to_owned().into();
        }
        let fields = ["labels", "annotations"].map(|field| metadata[field].as_object());
        let pairs = fields.into_iter().flatten().flatten();
        let pairs = pairs.filter(|(key, _)| !NONE.contains(&key.as_str()));
        let marks = pairs.filter_map(|(key, value)| Some(digest(key, value.as_str()?)));
        Self(marks.collect())
    }

    /// Whether there is such a label or annotation. One in four billion others is taken for it.
    pub fn has(&self, key: &str, value: &str) -> bool {
        !NONE.contains(&key) && self.0.contains(&digest(key, value))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// FNV-1a, folded to 32 bits; the standard library's hash may change with its version, and recordings are kept.
fn digest(key: &str, value: &str) -> u32 {
    let bytes = key.bytes().chain([0]).chain(value.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let [high, low] = [hash >> 32, hash & u64::from(u32::MAX)].map(|half| half as u32);
    high ^ low
}

impl From<Marks> for String {
    fn from(marks: Marks) -> Self {
        marks.0.iter().map(|mark| format!("{mark:08x}")).collect()
    }
}

impl From<String> for Marks {
    /// What is no mark is left out: it marks nothing.
    fn from(text: String) -> Self {
        let parts = text.as_bytes().chunks(8).filter_map(|part| std::str::from_utf8(part).ok());
        Self(parts.filter_map(|part| u32::from_str_radix(part, 16).ok()).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_and_annotations_are_known_without_being_kept() {
        let marks =
            Marks::of(&json!({"labels": {"app": "shop", "n": 1}, "annotations": {"commit": "abc",
            "kubectl.kubernetes.io/last-applied-configuration": "{}"}}));
        assert!(marks.has("app", "shop") && marks.has("commit", "abc"));
        for (key, value) in [("app", "shop2"), ("appshop", ""), ("n", "1"), (NONE[0], "{}")] {
            assert!(!marks.has(key, value), "{key}");
        }
        let recorded = serde_json::to_value(&marks).unwrap();
        assert_eq!(recorded.as_str().unwrap().len(), 16);
        assert_eq!(Marks::of(&json!({"marks": recorded})), marks);
        assert_eq!(Marks::of(&Value::Null), Marks::default());
        assert_eq!(Marks::from("xyz\u{e9}\u{e9}\u{e9}1".to_owned()), Marks::default());
    }
}
