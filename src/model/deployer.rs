//! Who deploys a workload: who wrote its pod template.

use std::ops::Deref;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, IgnoredAny, SeqAccess, Visitor},
    ser::SerializeSeq,
};
use serde_json::{Value, json};

use super::{Marks, Meta, Own};

/// The metadata of a workload: what all objects have, and by which tools know what they deploy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkloadMeta {
    #[serde(flatten)]
    meta: Meta,
    /// Who wrote the pod template.
    #[serde(rename = "managedFields", skip_serializing_if = "TemplateManagers::is_empty")]
    pub managers: TemplateManagers,
    /// Its labels and annotations.
    #[serde(skip_serializing_if = "Marks::is_empty")]
    pub marks: Marks,
    /// What it says to this program.
    #[serde(skip_serializing_if = "Own::is_empty")]
    pub own: Own,
}

impl<'de> Deserialize<'de> for WorkloadMeta {
    /// Labels are read twice: those that are used, and all of them as marks.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut metadata = Value::deserialize(deserializer)?;
        let (marks, own) = (Marks::of(&metadata), Own::of(&metadata));
        let managers = metadata.get_mut("managedFields").map(Value::take).unwrap_or_default();
        Ok(Self {
            managers: TemplateManagers::deserialize(managers).map_err(D::Error::custom)?,
            meta: Meta::deserialize(metadata).map_err(D::Error::custom)?,
            marks,
            own,
        })
    }
}

impl Deref for WorkloadMeta {
    type Target = Meta;

    fn deref(&self) -> &Meta {
        &self.meta
    }
}

/// The field managers that own a part of `spec.template`; nothing else of `managedFields` is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateManagers(Vec<Manager>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Manager {
    name: Box<str>,
    applies: bool,
}

impl TemplateManagers {
    /// Their names, as their programs chose them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|manager| &*manager.name)
    }

    /// Whether one of them applies on the server's side: it gets a conflict for a field that another wrote since.
    pub fn has_appliers(&self) -> bool {
        self.0.iter().any(|manager| manager.applies)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An entry of `managedFields` (Kubernetes 1.36 `staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go`,
/// `ManagedFieldsEntry`). What does not look like one is passed over: a verdict does not hang on it.
#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    manager: Option<Box<str>>,
    #[serde(default)]
    operation: Operation,
    #[serde(default, rename = "fieldsV1")]
    fields: Option<Fields>,
}

/// How an entry came about (`ManagedFieldsOperationType`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
enum Operation {
    Apply,
    #[default]
    #[serde(other)]
    Update,
}

#[derive(Deserialize)]
struct Fields {
    #[serde(default, rename = "f:spec")]
    spec: Option<Spec>,
}

#[derive(Deserialize)]
struct Spec {
    #[serde(default, rename = "f:template")]
    template: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Lenient {
    Entry(Entry),
    Other(IgnoredAny),
}

impl<'de> Deserialize<'de> for TemplateManagers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = TemplateManagers;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of managers")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(TemplateManagers::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut managers = Vec::new();
        while let Some(entry) = entries.next_element::<Lenient>()? {
            let Lenient::Entry(Entry { manager: Some(name), operation, fields: Some(fields) }) =
                entry
            else {
                continue;
            };
            let manager = Manager { name, applies: operation == Operation::Apply };
            let is_of_template = fields.spec.is_some_and(|spec| spec.template.is_some());
            if is_of_template && !managers.contains(&manager) {
                managers.push(manager);
            }
        }
        Ok(TemplateManagers(managers))
    }
}

/// Written as the API does, so that a recording is read as an answer is.
impl Serialize for TemplateManagers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = serializer.serialize_seq(Some(self.0.len()))?;
        for Manager { name, applies } in &self.0 {
            let mut entry = json!({"manager": name, "fieldsV1": {"f:spec": {"f:template": {}}}});
            if *applies {
                entry["operation"] = "Apply".into();
            }
            entries.serialize_element(&entry)?;
        }
        entries.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_owns_a_part_of_the_template_is_kept_and_nothing_else() {
        let raw = json!([
            {"manager": "argocd-controller", "operation": "Apply", "fieldsV1": {
                "f:metadata": {"f:labels": {}}, "f:spec": {"f:replicas": {}, "f:template": {"f:spec": {}}}}},
            {"manager": "kube-controller-manager", "subresource": "status", "fieldsV1": {"f:status": {"f:replicas": {}}}},
            {"manager": "keda", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
            {"manager": 7, "fieldsV1": "x"},
            {"x": 1},
            null,
        ]);
        let managers: TemplateManagers = serde_json::from_value(raw).unwrap();
        assert_eq!(managers.names().collect::<Vec<_>>(), ["argocd-controller"]);
        assert!(managers.has_appliers());
        let written = serde_json::to_string(&managers).unwrap();
        assert_eq!(serde_json::from_str::<TemplateManagers>(&written).unwrap(), managers);
        assert_eq!(
            serde_json::from_str::<TemplateManagers>("null").unwrap(),
            TemplateManagers::default()
        );
    }
}
