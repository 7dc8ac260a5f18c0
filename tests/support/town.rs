//! A cluster with any number of workloads of one pod each, for a fake API server to answer from.

use serde_json::{Value, json};

use crate::api::{Answer, Ending, Request};

/// A workload of a town.
#[derive(Clone, Debug)]
pub(crate) struct House {
    /// The plural of its kind.
    pub(crate) plural: &'static str,
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// The value of its label `team`.
    pub(crate) team: &'static str,
    /// The version of it and of all that it has; a later one is a change.
    pub(crate) version: u64,
    /// Whether its container ended with code 1.
    pub(crate) has_crashed: bool,
    /// Whether its pod is not ready yet.
    pub(crate) is_starting: bool,
}

impl House {
    /// A healthy Deployment, or with `sts/` before its name a StatefulSet, in this namespace.
    pub(crate) fn new(namespace: &str, name: &str) -> Self {
        let (plural, name) = match name.strip_prefix("sts/") {
            Some(name) => ("statefulsets", name),
            None => ("deployments", name),
        };
        Self {
            plural,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            team: "shop",
            version: 50,
            has_crashed: false,
            is_starting: false,
        }
    }

    fn metadata(&self, name: &str, uid: &str, owner: &str) -> Value {
        let mut labels = json!({"app": self.name, "team": self.team});
        if self.plural == "statefulsets" {
            labels["controller-revision-hash"] = json!(format!("{}-1", self.name));
        }
        json!({"name": name, "namespace": self.namespace, "uid": uid, "generation": 1,
            "resourceVersion": self.version.to_string(), "creationTimestamp": "2026-11-24T08:00:00Z",
            "labels": labels,
            "annotations": {"deployment.kubernetes.io/revision": "1"},
            "ownerReferences": if owner.is_empty() { json!([]) } else { json!([{"uid": owner, "controller": true}]) }})
    }

    fn uid(&self) -> String {
        format!("{}-{}-{}", self.plural, self.namespace, self.name)
    }

    fn template() -> Value {
        json!({"spec": {"containers": [{"name": "app", "image": "app:1"}]}})
    }

    /// The workload itself.
    pub(crate) fn workload(&self) -> Value {
        let ready = u32::from(!self.has_crashed && !self.is_starting);
        let revision = format!("{}-1", self.name);
        json!({"metadata": self.metadata(&self.name, &self.uid(), ""),
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": self.name}}, "template": Self::template()},
            "status": {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": ready,
                "availableReplicas": ready, "currentReplicas": 1, "currentRevision": revision, "updateRevision": revision}})
    }

    /// Its pod.
    pub(crate) fn pod(&self) -> Value {
        let is_set = self.plural == "statefulsets";
        let owner = if is_set { self.uid() } else { format!("{}-1", self.uid()) };
        let name = format!("{}-{}", self.name, if is_set { "0" } else { "1-x" });
        let state = match (self.has_crashed, self.is_starting) {
            (true, _) => {
                json!({"terminated": {"exitCode": 1, "reason": "Error", "containerID": "containerd://1",
                    "startedAt": "2026-11-24T08:00:05Z", "finishedAt": "2026-11-24T08:00:15Z"}})
            }
            (false, true) => json!({"waiting": {"reason": "ContainerCreating"}}),
            (false, false) => json!({"running": {"startedAt": "2026-11-24T08:00:05Z"}}),
        };
        let ready = state.get("running").is_some();
        json!({"metadata": self.metadata(&name, &format!("{}-pod", self.uid()), &owner),
            "spec": {"nodeName": "node-1", "containers": [{"name": "app", "image": "app:1"}]},
            "status": {"phase": "Running",
                "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }}],
                "containerStatuses": [{"name": "app", "ready": ready, "restartCount": 0, "state": state}]}})
    }

    fn revision(&self) -> Value {
        let name = format!("{}-1", self.name);
        json!({"metadata": self.metadata(&name, &format!("{}-1", self.uid()), &self.uid()), "revision": 1,
            "data": {"spec": {"template": Self::template()}},
            "spec": {"replicas": 1, "template": Self::template()}, "status": {"observedGeneration": 1, "replicas": 1}})
    }
}

/// What a server with nothing wrong answers. Watches say nothing, but that one without a version begins with the objects.
pub(crate) fn answer(houses: &[House], request: &Request) -> Answer {
    if request.method == "POST" {
        return Answer::Json(json!({"status": {"allowed": true}}));
    }
    if request.path == "/apis" {
        return Answer::Json(json!({"groups": [{"name": "apps"}, {"name": "batch"}]}));
    }
    if request.is_for("/log") {
        return Answer::Bytes(Vec::new(), Ending::Whole);
    }
    let namespace =
        request.path.split("/namespaces/").nth(1).and_then(|rest| rest.split('/').next());
    let here = houses.iter().filter(|house| namespace.is_none_or(|one| one == house.namespace));
    let parts: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
    let place = parts.iter().position(|part| PLURALS.contains(part));
    let Some(place) = place else {
        let is_served = !request.path.contains("argoproj.io");
        return Answer::Refusal(404, if is_served { "not found" } else { "" }, None);
    };
    let objects = here.filter_map(|house| match parts[place] {
        "pods" => Some(house.pod()),
        "replicasets" if house.plural == "deployments" => Some(house.revision()),
        "controllerrevisions" if house.plural == "statefulsets" => Some(house.revision()),
        plural if plural == house.plural => Some(house.workload()),
        _ => None,
    });
    if let Some(name) = parts.get(place + 1) {
        let mut objects = objects;
        return match objects.find(|object| object["metadata"]["name"] == **name) {
            Some(object) => Answer::Json(object),
            None => Answer::Refusal(404, "not found", None),
        };
    }
    let items: Vec<Value> = objects.filter(|object| is_chosen(object, request)).collect();
    if request.is_watch() {
        let is_whole = request.parameter("resourceVersion").is_none_or(str::is_empty);
        let items = if is_whole { items } else { Vec::new() };
        let added: Vec<_> =
            items.iter().map(|object| json!({"type": "ADDED", "object": object})).collect();
        return Answer::watch(&added, Ending::Silent);
    }
    Answer::Json(json!({"metadata": {"resourceVersion": "100"}, "items": items}))
}

const PLURALS: [&str; 9] = [
    "pods",
    "replicasets",
    "controllerrevisions",
    "deployments",
    "statefulsets",
    "daemonsets",
    "jobs",
    "events",
    "services",
];

/// Whether the selectors of a request choose an object; of labels only `key=value` is known.
fn is_chosen(object: &Value, request: &Request) -> bool {
    let labels = request.parameter("labelSelector").unwrap_or_default();
    let labels = labels.replace("%3D", "=").replace("%2C", ",");
    let has = |pair: &str| {
        pair.split_once('=').is_none_or(|(key, value)| object["metadata"]["labels"][key] == value)
    };
    let name = request.parameter("fieldSelector").unwrap_or_default();
    let name = name.strip_prefix("metadata.name%3D");
    labels.split(',').all(has) && name.is_none_or(|name| object["metadata"]["name"] == name)
}
