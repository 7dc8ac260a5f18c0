//! The pod template of a revision: its identity, and the parts of it that are judged.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;

use super::{Marks, PodSpec};

/// The identity of a pod template: equal for templates that Kubernetes holds to be the same.
///
/// It is made from the raw JSON, so that a field newer than this program still tells two templates apart; the label
/// `pod-template-hash` is left out, and null, empty and absent are the same (Kubernetes 1.36
/// `pkg/controller/deployment/util/deployment_util.go`, `EqualIgnoreHash`). Environment values are in it, but cannot
/// be read out of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TemplateDigest(u128);

impl TemplateDigest {
    fn of(template: &Value) -> Self {
        let mut digest = Fnv128::default();
        digest.template(template);
        Self(digest.0)
    }
}

impl fmt::Debug for TemplateDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl From<TemplateDigest> for String {
    fn from(digest: TemplateDigest) -> Self {
        format!("{digest:?}")
    }
}

impl TryFrom<String> for TemplateDigest {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u128::from_str_radix(&text, 16).map(Self)
    }
}

/// A pod template: what a Deployment or ReplicaSet makes its pods from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PodTemplate {
    /// Its identity.
    pub digest: TemplateDigest,
    /// What is judged of it.
    pub spec: PodSpec,
    /// Its labels and annotations.
    #[serde(skip_serializing_if = "Marks::is_empty")]
    pub marks: Marks,
}

impl Default for PodTemplate {
    /// The template of a workload that has none of its own.
    fn default() -> Self {
        Self {
            digest: TemplateDigest::of(&Value::Null),
            spec: PodSpec::default(),
            marks: Marks::default(),
        }
    }
}

impl<'de> Deserialize<'de> for PodTemplate {
    /// Reads a template of the API, whose digest is computed, or one of a recording, which carries it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut template = Value::deserialize(deserializer)?;
        let digest = match template.get("digest") {
            Some(recorded) => TemplateDigest::deserialize(recorded).map_err(D::Error::custom)?,
            None => TemplateDigest::of(&template),
        };
        let spec = match template.get_mut("spec").map(Value::take) {
            None | Some(Value::Null) => PodSpec::default(),
            Some(spec) => PodSpec::deserialize(spec).map_err(D::Error::custom)?,
        };
        let marks = match template.get("marks") {
            Some(_) => Marks::of(&template),
            None => Marks::of(&template["metadata"]),
        };
        Ok(Self { digest, spec, marks })
    }
}

/// FNV-1a over a canonical form of JSON. Both sides come from one server, so no one gains by a collision.
struct Fnv128(u128);

impl Default for Fnv128 {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Fnv128 {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
        }
    }

    fn text(&mut self, text: &str) {
        self.bytes(&(text.len() as u64).to_le_bytes());
        self.bytes(text.as_bytes());
    }

    fn template(&mut self, template: &Value) {
        let mut template = template.clone();
        if let Some(labels) =
            template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut)
        {
            labels.remove("pod-template-hash");
        }
        self.value(&template);
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                self.bytes(b"{");
                // serde_json's map is sorted by key, so the order is the same on both sides
                for (key, field) in fields.iter().filter(|(_, field)| !is_empty(field)) {
                    self.text(key);
                    self.value(field);
                }
                self.bytes(b"}");
            }
            Value::Array(items) => {
                self.bytes(b"[");
                for item in items {
                    self.value(item);
                }
                self.bytes(b"]");
            }
            Value::String(text) => {
                self.bytes(b"s");
                self.text(text);
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                self.bytes(b"v");
                self.text(&value.to_string());
            }
        }
    }
}

/// Whether a field says no more than its absence: null, an empty list, an object of nothing but such fields.
///
/// An empty object can be a choice (`emptyDir: {}`), so objects are empty only where every field in them is, and an
/// object without any field counts as present.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => !fields.is_empty() && fields.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn digest(template: &Value) -> TemplateDigest {
        serde_json::from_value::<PodTemplate>(template.clone()).unwrap().digest
    }

    #[test]
    fn the_hash_label_is_no_difference() {
        let deployment = json!({"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "app", "image": "a:1"}]}});
        let replica_set = json!({"metadata": {"labels": {"app": "a", "pod-template-hash": "5d"}}, "spec": {"containers": [{"name": "app", "image": "a:1"}]}});
        assert_eq!(digest(&deployment), digest(&replica_set));
    }

    #[test]
    fn null_and_empty_and_absent_are_the_same() {
        let absent = json!({"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "app", "image": "a:1"}]}});
        let empty = json!({"metadata": {"creationTimestamp": null, "labels": {"app": "a"}, "annotations": null},
            "spec": {"volumes": [], "containers": [{"image": "a:1", "name": "app", "env": null}]}});
        assert_eq!(digest(&absent), digest(&empty));
    }

    #[test]
    fn a_field_that_this_program_does_not_know_is_a_difference() {
        let known = json!({"spec": {"containers": [{"name": "app", "image": "a:1"}]}});
        let unknown =
            json!({"spec": {"containers": [{"name": "app", "image": "a:1", "fromTheFuture": 1}]}});
        assert_ne!(digest(&known), digest(&unknown));
    }

    #[test]
    fn an_empty_volume_source_is_a_difference() {
        let empty_dir =
            json!({"spec": {"containers": [], "volumes": [{"name": "v", "emptyDir": {}}]}});
        let none = json!({"spec": {"containers": [], "volumes": [{"name": "v"}]}});
        assert_ne!(digest(&empty_dir), digest(&none));
    }

    #[test]
    fn a_recorded_template_keeps_its_digest_and_loses_values() {
        let template = json!({"spec": {"containers": [{"name": "app", "image": "a:1", "env": [{"name": "P", "value": "hunter2"}]}]}});
        let read: PodTemplate = serde_json::from_value(template).unwrap();
        let line = serde_json::to_string(&read).unwrap();
        assert!(!line.contains("hunter2"), "{line}");
        assert_eq!(serde_json::from_str::<PodTemplate>(&line).unwrap(), read);
    }
}
