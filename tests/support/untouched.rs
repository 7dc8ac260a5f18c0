//! Shows that the gate only reads: what it watched is as it was, and nothing bears its name as writer.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::kubectl::Namespace;

/// Whatever the gate might think of creating or changing.
const RESOURCES: &str = "deployments,replicasets,statefulsets,daemonsets,jobs,cronjobs,pods,events,\
     configmaps,secrets,serviceaccounts,services,persistentvolumeclaims,resourcequotas,leases,\
     controllerrevisions,roles,rolebindings";

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
    let names = objects
        .iter()
        .filter(|object| !MADE.iter().any(|kind| object["kind"] == *kind))
        .map(name)
        .collect();
    Ok(State { workload: workload.unwrap_or_default(), names })
}

/// The writers of the namespace's objects that are neither Kubernetes nor kubectl, with what they wrote.
pub(crate) fn strangers(namespace: &Namespace) -> Result<Vec<String>, String> {
    let objects = namespace.objects(RESOURCES)?;
    let written = objects.iter().flat_map(|object| {
        let entries = object["metadata"]["managedFields"].as_array().into_iter().flatten();
        entries.map(move |entry| (entry["manager"].as_str().unwrap_or_default(), name(object)))
    });
    let unknown = written.filter(|(writer, _)| !writer.starts_with("kube"));
    Ok(unknown.map(|(writer, object)| format!("{writer} wrote {object}")).collect())
}

fn name(object: &Value) -> String {
    let part = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!("{}/{}", part(&object["kind"]), part(&object["metadata"]["name"]))
}
