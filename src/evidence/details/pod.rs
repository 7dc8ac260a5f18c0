//! The details that the pod itself tells.

use serde_json::Value;

use super::{
    NodeDetails, PodDetails, container, items,
    object::{ObjectKind, Objects, Use},
    time, volume,
};
use crate::text::{Clean, Redactor};

pub(super) fn details(pod: &Value, redactor: &Redactor) -> PodDetails {
    let (spec, status) = (&pod["spec"], &pod["status"]);
    let mut objects = Objects::default();
    let (volumes, token) = volume::volumes(spec, &mut objects, redactor);
    for container in volume::containers(spec) {
        container::refer(container, &mut objects);
    }
    let of_pod = |place| Use::of_pod(Clean::from_static(place));
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
        node: spec["nodeName"].as_str().filter(|name| !name.is_empty()).map(NodeDetails::named),
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
