//! What only Argo Rollouts need read: the workload that holds the template, what measures them, and whether the cluster
//! serves their API at all.

use std::fmt;

use http::StatusCode;
use kube::core::{Request, params::GetParams};
use serde::Deserialize;

use super::{
    Cluster,
    call::Call,
    discovery::{Groups, Resources},
    failure::Failure,
    path,
};
use crate::{
    model::{AnalysisRun, Kind, LabelSelector, Meta, PodTemplate, Rollout, TargetRef, WorkloadRef},
    observation::{FailureKind, ReadFailure, Resource},
};

/// A workload that holds a template: a Deployment, a ReplicaSet, or a PodTemplate, which has it outside of its spec.
#[derive(Deserialize)]
struct Referenced {
    metadata: Meta,
    #[serde(default)]
    spec: Option<ReferencedSpec>,
    #[serde(default)]
    template: Option<PodTemplate>,
}

#[derive(Deserialize)]
struct ReferencedSpec {
    #[serde(default)]
    selector: LabelSelector,
    template: PodTemplate,
}

/// The API failure of a cluster without Argo Rollouts.
pub(super) fn not_served() -> ReadFailure {
    let text =
        "Argo Rollouts is not installed: the cluster has no API argoproj.io/v1alpha1 with rollouts";
    ReadFailure { resource: Resource::Workload, kind: FailureKind::NotFound, message: text.into() }
}

/// The group and the resource of the workload that a Rollout refers to.
fn resource_of(reference: &WorkloadRef) -> (&'static str, &'static str) {
    match &*reference.kind {
        "ReplicaSet" => path::resource(Resource::ReplicaSets),
        "PodTemplate" => ("", "podtemplates"),
        _ => Kind::Deployment.resource(),
    }
}

/// A workload that holds the template of a Rollout, as a Role names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateHolder {
    /// Its group and its resource.
    pub(super) resource: (&'static str, &'static str),
    /// Its name.
    pub(super) name: Box<str>,
}

impl fmt::Display for TemplateHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.resource.1, self.name)
    }
}

impl Cluster {
    /// The workload that holds the template of a Rollout; none for one that holds its own, and for other kinds. `None` if
    /// the Rollout cannot be read, so that it is not known.
    pub async fn template_holder(&self, target: &TargetRef) -> Option<Option<TemplateHolder>> {
        if target.kind.kind() != Kind::Rollout {
            return Some(None);
        }
        let what = format!("get {target}");
        let request = Request::new(path::workloads(target.kind.kind(), &target.namespace));
        let request = request.get(&target.name, &GetParams::default());
        let call = Call::new(Resource::Workload, what, request).ok()?;
        let rollout = self.connection.get::<Rollout>(&call).await.ok()?;
        let Some(reference) = rollout.spec.workload_ref else { return Some(None) };
        let resource = resource_of(&reference);
        path::is_name(&reference.name)
            .then_some(Some(TemplateHolder { resource, name: reference.name }))
    }

    /// Puts into a Rollout what belongs to it: the template that it takes from elsewhere, and the AnalysisRuns that its
    /// status says did not go well, as far as they may be read.
    ///
    /// # Errors
    /// The template could not be read: without it nothing says whether the controller has seen the latest one.
    pub(super) async fn complete(
        &self,
        rollout: &mut Rollout,
        namespace: &str,
    ) -> Result<(), ReadFailure> {
        self.resolve(rollout, namespace).await?;
        let mut runs = Vec::new();
        for failed in rollout.failed_analyses().filter(|failed| path::is_name(&failed.name)) {
            let what = format!("get analysis run {}", failed.name);
            let path = path::of(Resource::AnalysisRuns, namespace);
            let request = Request::new(path).get(&failed.name, &GetParams::default());
            let call = Call::new(Resource::AnalysisRuns, what, request)?;
            runs.extend(self.connection.get::<AnalysisRun>(&call).await.ok());
        }
        rollout.analysis_runs = runs;
        Ok(())
    }

    async fn resolve(&self, rollout: &mut Rollout, namespace: &str) -> Result<(), ReadFailure> {
        let Some(reference) = &rollout.spec.workload_ref else { return Ok(()) };
        let name = &*reference.name;
        let what = format!("get {} {name}, which the Rollout's workloadRef names", reference.kind);
        let request = Request::new(path::collection(resource_of(reference), namespace));
        let call = Call::new(Resource::Workload, what, request.get(name, &GetParams::default()))?;
        let found: Referenced = match self.connection.get(&call).await {
            // the controller says so in the Rollout's conditions
            Err(Failure { kind: FailureKind::NotFound, .. }) => return Ok(()),
            found => found.map_err(|failure| call.failed(failure))?,
        };
        rollout.referenced_generation = Some(found.metadata.generation);
        if let Some(spec) = found.spec {
            // as the controller does, see `rollout/templateref.go` of Argo Rollouts
            if rollout.spec.selector == LabelSelector::default() {
                rollout.spec.selector = spec.selector;
            }
            rollout.spec.template = spec.template;
        } else if let Some(template) = found.template {
            rollout.spec.template = template;
        }
        Ok(())
    }

    /// Whether the read of a workload failed because the cluster does not serve its kind. A proxy answers alike, so the API
    /// server must say so itself.
    pub(super) async fn lacks_api(&self, kind: Kind, failure: &Failure) -> bool {
        if kind != Kind::Rollout || failure.status != Some(StatusCode::NOT_FOUND) {
            return false;
        }
        self.serves(kind).await == Some(false)
    }

    /// Whether the cluster serves a kind, as it says itself; `None` if it does not say.
    pub(super) async fn serves(&self, kind: Kind) -> Option<bool> {
        let (group, plural) = kind.resource();
        let served = self.discover::<Groups>("/apis").await.ok()?;
        if served.groups.iter().all(|one| *one.name != *group) {
            return Some(false);
        }
        let of_group = format!("{}/{}", path::root(group), kind.version());
        let served = self.discover::<Resources>(&of_group).await.ok()?;
        Some(served.resources.iter().any(|resource| *resource.name == *plural))
    }
}
