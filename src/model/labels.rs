//! Labels and annotations of objects, as far as they are used, and selectors of labels.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::null_default;

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
    pub(super) fn is_empty(&self) -> bool {
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
    pub(super) revision: Option<Box<str>>,
    #[serde(
        default,
        rename = "rollout.argoproj.io/revision",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) rollout_revision: Option<Box<str>>,
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
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
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
}
