//! Metadata that all objects share, and label selectors.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::labels::{Annotations, Labels};
use super::{ServerTime, null_default};

/// The UID of an object: unlike a name it is never used again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Uid(Arc<str>);

impl Uid {
    /// The UID with this text.
    pub fn new(uid: &str) -> Self {
        Self(uid.into())
    }

    /// The text, as it goes into a field selector.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The parts of `metadata` that a verdict needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// Name, unique in its namespace at one time only.
    pub name: Box<str>,
    /// Unique for ever.
    pub uid: Uid,
    /// The version of this reading as a number, 0 where the server's is none. Greater is later for one object
    /// (Kubernetes enhancement 5504).
    #[serde(
        default,
        rename = "resourceVersion",
        deserialize_with = "version_from_text",
        serialize_with = "version_to_text",
        skip_serializing_if = "is_zero"
    )]
    pub version: u64,
    /// Counts changes of the spec.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "is_zero_signed")]
    pub generation: i64,
    /// When the server made it.
    #[serde(default, rename = "creationTimestamp", skip_serializing_if = "Option::is_none")]
    pub created: Option<ServerTime>,
    /// When its deletion grace ends, once deletion was asked for.
    #[serde(default, rename = "deletionTimestamp", skip_serializing_if = "Option::is_none")]
    pub deleted: Option<ServerTime>,
    /// Seconds between the request to delete and `deleted`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_grace_period_seconds: Option<i64>,
    /// Who must agree before it goes, once its deletion was requested.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "<[_]>::is_empty")]
    pub finalizers: Box<[Box<str>]>,
    /// Its owners.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "<[_]>::is_empty")]
    pub owner_references: Arc<[OwnerReference]>,
    /// The labels that are used.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// The annotations that are used.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "Annotations::is_empty"
    )]
    pub annotations: Annotations,
}

impl Meta {
    /// The controller that owns the object.
    pub fn controller_reference(&self) -> Option<&OwnerReference> {
        self.owner_references.iter().find(|owner| owner.controller)
    }

    /// Its UID.
    pub fn controller(&self) -> Option<&Uid> {
        self.controller_reference().map(|owner| &owner.uid)
    }

    /// By whom it is managed: its controller, or each of its owners where none is.
    pub fn parents(&self) -> impl Iterator<Item = &OwnerReference> {
        let has_controller = self.controller().is_some();
        self.owner_references.iter().filter(move |owner| owner.controller || !has_controller)
    }

    /// Whether its deletion was asked for.
    pub fn is_terminating(&self) -> bool {
        self.deleted.is_some()
    }

    /// The number that the Deployment controller, or that of Argo Rollouts, gave the revision.
    pub fn revision(&self) -> Option<u64> {
        let Annotations { revision, rollout_revision, .. } = &self.annotations;
        revision.as_ref().or(rollout_revision.as_ref())?.parse().ok()
    }
}

/// A link from an object to one that owns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnerReference {
    /// The owner.
    pub uid: Uid,
    /// Whether it manages the object; at most one owner does.
    #[serde(default, deserialize_with = "null_default")]
    pub controller: bool,
    /// Where it can be read: `GROUP/VERSION`, kind and name. Empty in a recording, where nothing is read.
    #[serde(default, skip_serializing)]
    pub api_version: Box<str>,
    /// Its kind, as its API writes it.
    #[serde(default, skip_serializing)]
    pub kind: Box<str>,
    /// Its name.
    #[serde(default, skip_serializing)]
    pub name: Box<str>,
}

fn is_zero(version: &u64) -> bool {
    *version == 0
}

fn is_zero_signed(generation: &i64) -> bool {
    *generation == 0
}

fn version_from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text: Option<Box<str>> = Option::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn version_to_text<S: Serializer>(version: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explicit_nulls_are_empty() {
        let meta: Meta = serde_json::from_str(
            r#"{"name": "app", "uid": "u1", "ownerReferences": null, "annotations": null, "generation": null,
                "resourceVersion": "opaque", "creationTimestamp": null}"#,
        )
        .unwrap();
        assert_eq!((meta.version, meta.generation, meta.controller()), (0, 0, None));
    }
}
