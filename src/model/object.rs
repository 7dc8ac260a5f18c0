//! Metadata that all objects share, and label selectors.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    /// The UID of the controller that owns the object.
    pub fn controller(&self) -> Option<&Uid> {
        self.owner_references.iter().find(|owner| owner.controller).map(|owner| &owner.uid)
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

/// The labels that are used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// Of which revision a pod of a StatefulSet or DaemonSet is, or which one a ControllerRevision holds.
    #[serde(default, rename = "controller-revision-hash", skip_serializing_if = "Option::is_none")]
    pub revision_hash: Option<Box<str>>,
    /// Of which revision a pod or ReplicaSet of an Argo Rollout is.
    #[serde(
        default,
        rename = "rollouts-pod-template-hash",
        skip_serializing_if = "Option::is_none"
    )]
    pub rollout_hash: Option<Box<str>>,
    /// The tool that says it manages the object; `Helm` on what a release holds, and in the output of `helm template` too.
    #[serde(
        default,
        rename = "app.kubernetes.io/managed-by",
        skip_serializing_if = "Option::is_none"
    )]
    pub managed_by: Option<Box<str>>,
    /// Where Argo CD was told to know its objects by a label of its own.
    #[serde(
        default,
        rename = "argocd.argoproj.io/instance",
        skip_serializing_if = "Option::is_none"
    )]
    pub argo_cd: Option<Box<str>>,
    /// The Kustomization of Flux that applies the object.
    #[serde(
        default,
        rename = "kustomize.toolkit.fluxcd.io/name",
        skip_serializing_if = "Option::is_none"
    )]
    pub flux_kustomization: Option<Box<str>>,
    /// The HelmRelease of Flux that applies the object.
    #[serde(
        default,
        rename = "helm.toolkit.fluxcd.io/name",
        skip_serializing_if = "Option::is_none"
    )]
    pub flux_helm_release: Option<Box<str>>,
}

impl Labels {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The annotations that are used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotations {
    #[serde(
        default,
        rename = "deployment.kubernetes.io/revision",
        skip_serializing_if = "Option::is_none"
    )]
    revision: Option<Box<str>>,
    #[serde(
        default,
        rename = "rollout.argoproj.io/revision",
        skip_serializing_if = "Option::is_none"
    )]
    rollout_revision: Option<Box<str>>,
    /// The Helm release that the object belongs to.
    #[serde(
        default,
        rename = "meta.helm.sh/release-name",
        skip_serializing_if = "Option::is_none"
    )]
    pub helm_release: Option<Box<str>>,
    /// The namespace of that release.
    #[serde(
        default,
        rename = "meta.helm.sh/release-namespace",
        skip_serializing_if = "Option::is_none"
    )]
    pub helm_namespace: Option<Box<str>>,
    /// By which Argo CD knows the object for its own.
    #[serde(
        default,
        rename = "argocd.argoproj.io/tracking-id",
        skip_serializing_if = "Option::is_none"
    )]
    pub argo_cd: Option<Box<str>>,
}

impl Annotations {
    fn is_empty(&self) -> bool {
        *self == Self::default()
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

/// Which labels the objects of a workload carry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelSelector {
    /// Labels with their values.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub match_labels: BTreeMap<Box<str>, Box<str>>,
    /// Conditions on labels.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<LabelRequirement>,
}

/// One condition on a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelRequirement {
    key: Box<str>,
    operator: Box<str>,
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "Vec::is_empty")]
    values: Vec<Box<str>>,
}

impl LabelSelector {
    /// The selector as a `labelSelector` parameter.
    ///
    /// An operator that this program does not know is left out: the list is then longer, and owner UIDs still choose.
    pub fn to_query(&self) -> String {
        let labels = self.match_labels.iter().map(|(key, value)| format!("{key}={value}"));
        let expressions = self.match_expressions.iter().filter_map(|requirement| {
            let (key, values) = (&requirement.key, requirement.values.join(","));
            match requirement.operator.as_ref() {
                "In" => Some(format!("{key} in ({values})")),
                "NotIn" => Some(format!("{key} notin ({values})")),
                "Exists" => Some(key.to_string()),
                "DoesNotExist" => Some(format!("!{key}")),
                _ => None,
            }
        });
        labels.chain(expressions).collect::<Vec<_>>().join(",")
    }
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
    fn selectors_are_written_as_the_api_takes_them() {
        let selector: LabelSelector = serde_json::from_str(
            r#"{"matchLabels": {"app": "shop", "tier": "web"}, "matchExpressions": [
                {"key": "zone", "operator": "In", "values": ["a", "b"]},
                {"key": "canary", "operator": "DoesNotExist"},
                {"key": "team", "operator": "Exists", "values": null},
                {"key": "age", "operator": "Gt", "values": ["3"]}]}"#,
        )
        .unwrap();
        assert_eq!(selector.to_query(), "app=shop,tier=web,zone in (a,b),!canary,team");
    }

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
