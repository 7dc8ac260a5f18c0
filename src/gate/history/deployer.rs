//! Who deploys a workload, by the marks that its tools leave.

use crate::model::{Namespace, ObjectName, WorkloadMeta};

/// Who deploys the workload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::gate) enum Deployer {
    /// Whoever calls kubectl, or the API.
    #[default]
    Kubectl,
    /// Helm, with the release and its namespace.
    Helm { release: ObjectName, namespace: Option<Namespace> },
    /// A controller that applies what a repository says, again and again.
    GitOps,
}

impl Deployer {
    /// By the marks that its tools leave.
    pub(in crate::gate) fn of(meta: &WorkloadMeta) -> Self {
        let (labels, annotations) = (&meta.labels, &meta.annotations);
        let is_marked = annotations.argo_cd.is_some()
            || labels.argo_cd.is_some()
            || labels.flux_kustomization.is_some()
            || labels.flux_helm_release.is_some();
        if is_marked || meta.managers.names().any(is_gitops) {
            return Self::GitOps;
        }
        // Helm 3 writes the annotations and this label; the label alone is in the output of `helm template` too
        // (Helm 3.18 `pkg/action/validate.go`)
        let is_labelled = labels.managed_by.as_deref().is_none_or(|tool| tool == "Helm");
        let release = annotations.helm_release.as_deref().filter(|_| is_labelled);
        match release.and_then(|release| release.parse().ok()) {
            Some(release) => Self::Helm {
                release,
                namespace: annotations.helm_namespace.as_deref().and_then(|ns| ns.parse().ok()),
            },
            None => Self::Kubectl,
        }
    }
}

/// The field managers of Argo CD (`argocd-controller` since 2.5) and of Flux.
fn is_gitops(manager: &str) -> bool {
    matches!(
        manager,
        "argocd-controller"
            | "argocd-application-controller"
            | "kustomize-controller"
            | "helm-controller"
    )
}
