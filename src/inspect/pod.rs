//! The details that the pod itself tells.

use serde_json::Value;

use super::{
    container, items, node,
    object::{Objects, of_pod},
    time, volume,
};
use crate::{
    evidence::{ContainerDetails, ObjectKind, PodDetails},
    text::{Clean, Redactor},
};

/// The details of a pod as the API has it; nothing else is checked yet.
pub fn pod(pod: &Value, redactor: &Redactor) -> PodDetails {
    let (spec, status) = (&pod["spec"], &pod["status"]);
    let mut objects = Objects::default();
    let (volumes, token) = volume::volumes(spec, &mut objects, redactor);
    for container in volume::containers(spec) {
        container::refer(container, &mut objects);
    }
    let of_pod = |place| of_pod(Clean::from_static(place));
    let account = &spec["serviceAccountName"];
    objects.refer(ObjectKind::ServiceAccount, &Value::Null, account, of_pod("service account"));
    for secret in items(&spec["imagePullSecrets"]) {
        objects.refer(
            ObjectKind::Secret,
            // a pull is tried without a secret that is missing
            &serde_json::json!({"optional": true}),
            &secret["name"],
            of_pod("image pull secret"),
        );
    }
    PodDetails {
        created: time(&pod["metadata"]["creationTimestamp"]),
        started: time(&status["startTime"]),
        node: spec["nodeName"].as_str().filter(|name| !name.is_empty()).map(node::named),
        token,
        objects: objects.0,
        volumes,
        containers: volume::containers(spec)
            .map(|container| container::details(container, status_of(status, container), redactor))
            .collect(),
    }
}

fn status_of<'v>(status: &'v Value, container: &Value) -> &'v Value {
    let statuses = ["containerStatuses", "initContainerStatuses"];
    let mut statuses = statuses.iter().flat_map(|field| items(&status[field]));
    statuses.find(|status| status["name"] == container["name"]).unwrap_or(&Value::Null)
}

/// Notes the images that an old pod runs under the same names, where they are others.
pub fn compare_images(details: &mut PodDetails, old_pod: &Value, redactor: &Redactor) {
    let old = pod(old_pod, redactor);
    for container in &mut details.containers {
        let is_same =
            |old: &&ContainerDetails| old.name == container.name && old.image == container.image;
        let before = old.containers.iter().find(is_same);
        let id_before = before.and_then(|before| before.image_id.clone());
        let is_another = container.image_id.is_some() && id_before != container.image_id;
        container.image_id_before = id_before.filter(|_| is_another);
    }
}
