//! Shows that the gate only reads: what it watched is as it was, and nothing bears its name as writer.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::kubectl::Namespace;
use super::scenario::Scenario;

/// Whatever the gate might think of creating or changing.
const RESOURCES: &str = "deployments,replicasets,statefulsets,daemonsets,jobs,cronjobs,pods,events,\
     configmaps,secrets,serviceaccounts,services,persistentvolumeclaims,resourcequotas,leases,\
     controllerrevisions,roles,rolebindings";

/// The same of Argo Rollouts, where the cluster has them.
const OF_ARGO: &str = "rollouts,analysisruns,analysistemplates";

/// What controllers make.
const MADE: [&str; 5] =
    ["ReplicaSet", "ControllerRevision", "PersistentVolumeClaim", "Pod", "Event"];

/// What may be a target of a release.
const WORKLOADS: [&str; 4] = ["Deployment", "StatefulSet", "DaemonSet", "Job"];

/// The workloads that are judged as their owner wrote them, and the names of the objects that no controller makes.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct State {
    workloads: Vec<Value>,
    names: BTreeSet<String>,
}

pub(crate) fn state(namespace: &Namespace, scenario: &Scenario) -> Result<State, String> {
    let objects = namespace.objects(RESOURCES)?;
    let kinds = if scenario.is_release() { &WORKLOADS[..] } else { &[&*scenario.kind] };
    let is_judged = |object: &&Value| kinds.iter().any(|kind| object["kind"] == *kind);
    let workloads = objects.iter().filter(is_judged).map(|object| {
        let metadata = &object["metadata"];
        let mut annotations = metadata["annotations"].clone();
        if let Some(annotations) = annotations.as_object_mut() {
            // The controller's own.
            annotations.remove("deployment.kubernetes.io/revision");
            annotations.remove("deprecated.daemonset.template.generation");
        }
        json!({
            "uid": metadata["uid"],
            "generation": metadata["generation"],
            "labels": metadata["labels"],
            "annotations": annotations,
            "spec": object["spec"],
        })
    });
    let is_made = |object: &&Value| {
        let is_owned = object["metadata"]["ownerReferences"].is_array();
        is_owned || MADE.iter().any(|kind| object["kind"] == *kind)
    };
    let names = objects.iter().filter(|object| !is_made(object)).map(name).collect();
    Ok(State { workloads: workloads.collect(), names })
}

/// The writers of the namespace's objects that are neither Kubernetes nor kubectl, nor what the scenario is deployed by,
/// with what they wrote.
pub(crate) fn strangers(namespace: &Namespace, scenario: &Scenario) -> Result<Vec<String>, String> {
    let mut objects = namespace.objects(RESOURCES)?;
    let is_of_argo = scenario.kind == "Rollout";
    let is_of_helm = scenario.release.helm.is_some();
    if is_of_argo {
        objects.extend(namespace.objects(OF_ARGO)?);
    }
    let written = objects.iter().flat_map(|object| {
        let entries = object["metadata"]["managedFields"].as_array().into_iter().flatten();
        entries.map(move |entry| (entry["manager"].as_str().unwrap_or_default(), name(object)))
    });
    let is_known = |writer: &str| {
        writer.starts_with("kube")
            || (is_of_argo && writer == "argo-rollouts")
            || (is_of_helm && writer.eq_ignore_ascii_case("helm"))
    };
    let unknown = written.filter(|(writer, _)| !is_known(writer));
    Ok(unknown.map(|(writer, object)| format!("{writer} wrote {object}")).collect())
}

fn name(object: &Value) -> String {
    let part = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!("{}/{}", part(&object["kind"]), part(&object["metadata"]["name"]))
}
