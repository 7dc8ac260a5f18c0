//! Shows that the gate only reads: what it watched is as it was, and nothing bears its name as writer.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::kubectl::Namespace;

/// Whatever the gate might think of creating or changing.
const RESOURCES: &str = "deployments,replicasets,statefulsets,daemonsets,jobs,cronjobs,pods,events,\
     configmaps,secrets,serviceaccounts,services,persistentvolumeclaims,resourcequotas,leases,\
     controllerrevisions,roles,rolebindings";

/// The same of Argo Rollouts, where the cluster has them.
const OF_ARGO: &str = "rollouts,analysisruns,analysistemplates";

/// What controllers make.
const MADE: [&str; 5] =
    ["ReplicaSet", "ControllerRevision", "PersistentVolumeClaim", "Pod", "Event"];

/// The workload as its owner wrote it, and the names of the objects that no controller makes.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct State {
    workload: Value,
    names: BTreeSet<String>,
}

pub(crate) fn state(namespace: &Namespace, kind: &str) -> Result<State, String> {
    let objects = namespace.objects(RESOURCES)?;
    let workload = objects.iter().find(|object| object["kind"] == kind).map(|object| {
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
    Ok(State { workload: workload.unwrap_or_default(), names })
}

/// The writers of the namespace's objects that are neither Kubernetes nor kubectl, nor the controller of a Rollout, with
/// what they wrote.
pub(crate) fn strangers(namespace: &Namespace, kind: &str) -> Result<Vec<String>, String> {
    let mut objects = namespace.objects(RESOURCES)?;
    let is_of_argo = kind == "Rollout";
    if is_of_argo {
        objects.extend(namespace.objects(OF_ARGO)?);
    }
    let written = objects.iter().flat_map(|object| {
        let entries = object["metadata"]["managedFields"].as_array().into_iter().flatten();
        entries.map(move |entry| (entry["manager"].as_str().unwrap_or_default(), name(object)))
    });
    let is_known =
        |writer: &str| writer.starts_with("kube") || (is_of_argo && writer == "argo-rollouts");
    let unknown = written.filter(|(writer, _)| !is_known(writer));
    Ok(unknown.map(|(writer, object)| format!("{writer} wrote {object}")).collect())
}

fn name(object: &Value) -> String {
    let part = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!("{}/{}", part(&object["kind"]), part(&object["metadata"]["name"]))
}
