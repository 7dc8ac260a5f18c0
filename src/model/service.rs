//! Services, and by what of a pod template they find its pods.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{Container, Marks, PodTemplate, RestartPolicy, null_default};

/// A Service, as far as it tells which pods it sends requests to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// What it is called.
    pub metadata: ServiceName,
    /// Which pods it selects, and where they listen.
    #[serde(default, deserialize_with = "null_default")]
    pub spec: ServiceSpec,
}

/// What a Service is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceName {
    /// Unique in its namespace.
    pub name: Box<str>,
}

/// Which pods a Service selects, and where they listen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceSpec {
    /// The labels that its pods carry; empty for one whose endpoints are not pods that it finds by itself.
    #[serde(default, deserialize_with = "null_default")]
    pub selector: BTreeMap<Box<str>, Box<str>>,
    /// Its ports.
    #[serde(default, deserialize_with = "null_default")]
    pub ports: Box<[ServicePort]>,
}

/// A port of a Service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePort {
    /// The name of the port of the pods; `None` where it is a number, which pods need not declare.
    #[serde(
        default,
        rename = "targetPort",
        deserialize_with = "port_name",
        skip_serializing_if = "Option::is_none"
    )]
    pub target: Option<Box<str>>,
}

fn port_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<str>>, D::Error> {
    let port = Value::deserialize(deserializer)?;
    Ok(port.as_str().map(Into::into))
}

/// By what Services find the pods of a template: its labels, and the names of its ports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// Its labels, and its annotations.
    #[serde(default, skip_serializing_if = "Marks::is_empty")]
    pub marks: Marks,
    /// The names of its ports.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub ports: Box<[Box<str>]>,
}

impl Exposure {
    /// That of a template.
    pub fn of(template: &PodTemplate) -> Self {
        let spec = &template.spec;
        let containers = spec.containers.iter().chain(sidecars(&spec.init_containers));
        let ports = containers.flat_map(|container| container.ports.iter().cloned());
        Self { marks: template.marks.clone(), ports: ports.collect() }
    }

    /// The labels of a selector that it does not have.
    pub fn lacks<'s>(
        &self,
        selector: impl Iterator<Item = (&'s str, &'s str)>,
    ) -> Vec<(&'s str, &'s str)> {
        selector.filter(|(key, value)| !self.marks.has(key, value)).collect()
    }

    /// Whether it has a port of this name.
    pub fn has_port(&self, name: &str) -> bool {
        self.ports.iter().any(|port| **port == *name)
    }
}

/// Init containers that go on running, whose ports count as well (Kubernetes 1.36 `pkg/api/v1/pod/util.go`, `FindPort`).
fn sidecars(containers: &[Container]) -> impl Iterator<Item = &Container> {
    containers.iter().filter(|one| one.restart_policy == Some(RestartPolicy::Always))
}

/// The template that a ControllerRevision holds, in its `data` (Kubernetes 1.36 `pkg/controller/statefulset`, `getPatch`).
pub(super) fn exposure_of_revision(data: &Value) -> Option<Exposure> {
    let template = data.pointer("/spec/template")?;
    let containers = |field: &str| -> Vec<Container> {
        let containers = template["spec"].get(field).cloned().unwrap_or_default();
        serde_json::from_value(containers).unwrap_or_default()
    };
    let (regular, init) = (containers("containers"), containers("initContainers"));
    let ports = regular.iter().chain(sidecars(&init)).flat_map(|one| one.ports.iter().cloned());
    Some(Exposure { marks: Marks::of(&template["metadata"]), ports: ports.collect() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_service_is_read_as_the_server_and_as_a_recording_write_it() {
        let service: Service = serde_json::from_value(json!({"metadata": {"name": "app", "uid": "u"},
            "spec": {"selector": {"app": "shop"}, "ports": [{"port": 80, "targetPort": "http"}, {"port": 81, "targetPort": 81}]}}))
        .unwrap();
        let targets: Vec<_> =
            service.spec.ports.iter().map(|port| port.target.as_deref()).collect();
        assert_eq!(targets, [Some("http"), None]);
        let recorded = serde_json::to_value(&service).unwrap();
        assert_eq!(serde_json::from_value::<Service>(recorded).unwrap(), service);
        let bare: Service =
            serde_json::from_value(json!({"metadata": {"name": "x"}, "spec": {"selector": null}}))
                .unwrap();
        assert!(bare.spec.selector.is_empty());
    }

    #[test]
    fn ports_of_containers_that_go_on_running_have_names() {
        let container = |name: &str, policy: Value| json!({"name": name, "restartPolicy": policy, "ports": [{"name": name, "containerPort": 80}, {"containerPort": 81}]});
        let template = json!({"metadata": {"labels": {"app": "shop"}}, "spec": {
            "containers": [container("http", Value::Null)],
            "initContainers": [container("proxy", json!("Always")), container("once", Value::Null)]}});
        let of_revision = exposure_of_revision(&json!({"spec": {"template": template}})).unwrap();
        let of_template = Exposure::of(&serde_json::from_value(template).unwrap());
        assert_eq!(of_template, of_revision);
        assert!(of_template.has_port("http") && of_template.has_port("proxy"));
        assert!(!of_template.has_port("once"));
        let selector = [("app", "shop"), ("track", "main")].into_iter();
        assert_eq!(of_template.lacks(selector), [("track", "main")]);
    }
}
