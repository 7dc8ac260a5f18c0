//! What is asked to be judged.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    super::{Namespace, ObjectName},
    kind::Kind,
};

/// A custom resource as kubectl takes it: `RESOURCE.GROUP` or `RESOURCE.VERSION.GROUP`, the resource by its plural, its
/// singular, its kind or a short name. It holds only lower-case letters, digits, `-` and `.`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResourceName(Arc<str>);

/// A text that names no resource of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected RESOURCE.GROUP, e.g. certificates.cert-manager.io")]
pub struct ResourceNameError;

impl ResourceName {
    /// The resource, as it was written.
    pub fn resource(&self) -> &str {
        self.0.split_once('.').map_or(&*self.0, |(resource, _)| resource)
    }

    /// What follows it: the group, maybe after a version.
    pub fn group(&self) -> &str {
        self.0.split_once('.').map_or("", |(_, group)| group)
    }
}

impl FromStr for ResourceName {
    type Err = ResourceNameError;

    fn from_str(text: &str) -> Result<Self, ResourceNameError> {
        let lower = text.to_ascii_lowercase();
        // each label is one of DNS, and an object's name is made of such
        let is_name = lower.parse::<ObjectName>().is_ok() && !lower.contains("..");
        if is_name && lower.contains('.') { Ok(Self(lower.into())) } else { Err(ResourceNameError) }
    }
}

impl TryFrom<String> for ResourceName {
    type Error = ResourceNameError;

    fn try_from(text: String) -> Result<Self, ResourceNameError> {
        text.parse()
    }
}

impl From<ResourceName> for String {
    fn from(name: ResourceName) -> Self {
        name.0.as_ref().into()
    }
}

impl fmt::Display for ResourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Of which kind a target is: one of those that are known, or a custom resource. It is written in one word, e.g.
/// `deployment` or `certificates.cert-manager.io`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TargetKind {
    kind: Kind,
    resource: Option<ResourceName>,
}

impl TargetKind {
    /// The kind whose rules hold for it.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What it is called, where it is a custom resource.
    pub const fn resource(&self) -> Option<&ResourceName> {
        self.resource.as_ref()
    }

    /// The resource in the words of an API server: its plural, as far as that is known before one is asked.
    pub fn plural(&self) -> &str {
        self.resource.as_ref().map_or(self.kind.resource().1, ResourceName::resource)
    }
}

impl From<Kind> for TargetKind {
    fn from(kind: Kind) -> Self {
        Self { kind, resource: None }
    }
}

impl From<ResourceName> for TargetKind {
    fn from(name: ResourceName) -> Self {
        Self { kind: Kind::Custom, resource: Some(name) }
    }
}

impl FromStr for TargetKind {
    type Err = ResourceNameError;

    /// Takes what kubectl takes; a resource of a known kind is that kind.
    fn from_str(text: &str) -> Result<Self, ResourceNameError> {
        match text.parse::<Kind>() {
            Ok(kind) => Ok(kind.into()),
            Err(()) => text.parse::<ResourceName>().map(Into::into),
        }
    }
}

impl TryFrom<String> for TargetKind {
    type Error = ResourceNameError;

    fn try_from(text: String) -> Result<Self, ResourceNameError> {
        // a name in full stays what it is: how a known kind is judged is another matter
        match Kind::ALL.into_iter().find(|kind| kind.as_str() == text && *kind != Kind::Custom) {
            Some(kind) => Ok(kind.into()),
            None => text.parse::<ResourceName>().map(Into::into),
        }
    }
}

impl From<TargetKind> for String {
    fn from(kind: TargetKind) -> Self {
        kind.to_string()
    }
}

impl fmt::Display for TargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.resource {
            Some(resource) => resource.fmt(f),
            None => self.kind.fmt(f),
        }
    }
}

// words of ours, and names that were checked where they came from
impl crate::text::Shown for TargetKind {}

/// What the user asked to be judged.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TargetRef {
    /// Its kind.
    pub kind: TargetKind,
    /// The namespace that it is looked for in.
    pub namespace: Namespace,
    /// Its name.
    pub name: ObjectName,
}

/// A workload whose namespace is said elsewhere, or is any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetName {
    /// Its kind.
    pub kind: TargetKind,
    /// Its name.
    pub name: ObjectName,
}

impl fmt::Display for TargetRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

// its parts are words of ours and names that were checked where they came from
impl crate::text::Shown for TargetRef {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_named_with_its_group_and_a_known_kind_stays_one() {
        for (text, expected, kind) in [
            ("deploy", "deployment", Kind::Deployment),
            ("rollouts.argoproj.io", "rollout", Kind::Rollout),
            ("Certificates.cert-manager.io", "certificates.cert-manager.io", Kind::Custom),
            ("widgets.v1.example.com", "widgets.v1.example.com", Kind::Custom),
        ] {
            let parsed: TargetKind = text.parse().unwrap();
            assert_eq!((parsed.to_string().as_str(), parsed.kind()), (expected, kind), "{text}");
            let json = serde_json::to_string(&parsed).unwrap();
            assert_eq!(serde_json::from_str::<TargetKind>(&json).unwrap(), parsed, "{json}");
        }
        for text in ["", "custom", "widgets", "widgets.", ".com", "a..b", "a/b.c", "a.b\u{1b}"] {
            assert!(text.parse::<TargetKind>().is_err(), "{text:?}");
        }
        let name: ResourceName = "widgets.v1.example.com".parse().unwrap();
        assert_eq!((name.resource(), name.group()), ("widgets", "v1.example.com"));
    }
}
