//! A container as it is specified: its image, resources, probes, and the objects that its variables come from.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    items,
    object::{ObjectKind, Objects, Use},
    shown,
};
use crate::{
    clean,
    evidence::change::text,
    text::{Clean, Redactor, Untrusted},
};

/// Characters of an image that are shown.
pub(super) const IMAGE: usize = 300;

/// Characters of what a probe does that are shown.
const ACTION: usize = 120;

/// The details of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerDetails {
    /// Its name.
    pub name: Clean,
    /// The image that was asked for.
    pub image: Clean,
    /// How the image is chosen.
    pub tag: ImageTag,
    /// The image that runs, as the runtime names it; `None` before it was pulled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<Clean>,
    /// What ran under the same reference in the revision before, where that is another image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id_before: Option<Clean>,
    /// Its requests and limits, by resource.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<ResourceDetails>,
    /// Its probes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<ProbeDetails>,
}

/// How a reference chooses an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageTag {
    /// By its content.
    Digest,
    /// By a tag, which may be moved.
    Named,
    /// By the tag `latest`, which is meant to move.
    Latest,
    /// By none, which means `latest`.
    Missing,
}

/// How much of a resource a container asks for, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceDetails {
    /// E.g. `memory`.
    pub resource: Clean,
    /// What is set aside for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Clean>,
    /// The most that it may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Clean>,
}

/// A probe with its timing, Kubernetes' defaults filled in (`pkg/apis/core/v1/defaults.go`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeDetails {
    /// What it is for.
    pub kind: ProbeKind,
    /// What it does, e.g. `HTTP GET port 8080 path /healthz`.
    pub action: Clean,
    /// Seconds before the first one.
    pub initial_delay_seconds: u64,
    /// Seconds between two.
    pub period_seconds: u64,
    /// Seconds for an answer.
    pub timeout_seconds: u64,
    /// Failures in a row that count.
    pub failure_threshold: u64,
    /// Seconds of failing that it allows; of a startup probe, the seconds that a start may take.
    pub budget_seconds: u64,
}

/// What a probe is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeKind {
    /// Whether the container has started.
    Startup,
    /// Whether it may live on.
    Liveness,
    /// Whether it takes requests.
    Readiness,
}

impl ImageTag {
    /// How this reference chooses.
    pub fn of(image: &str) -> Self {
        if image.contains('@') {
            return Self::Digest;
        }
        // a colon before the last slash is that of a port
        let name = image.rsplit('/').next().unwrap_or_default();
        match name.split_once(':') {
            None => Self::Missing,
            Some((_, "latest")) => Self::Latest,
            Some(_) => Self::Named,
        }
    }
}

/// The details of a container, with the status that the kubelet gave it.
pub(super) fn details(container: &Value, status: &Value, redactor: &Redactor) -> ContainerDetails {
    let image = container["image"].as_str().unwrap_or_default();
    let image_id = status["imageID"].as_str().filter(|id| !id.is_empty());
    let probes = [
        (ProbeKind::Startup, "startupProbe"),
        (ProbeKind::Liveness, "livenessProbe"),
        (ProbeKind::Readiness, "readinessProbe"),
    ];
    let probes = probes.into_iter().filter(|(_, field)| !container[field].is_null());
    ContainerDetails {
        name: name_of(container),
        image: shown(image, redactor, IMAGE),
        tag: ImageTag::of(image),
        image_id: image_id.map(|id| shown(id, redactor, IMAGE)),
        image_id_before: None,
        resources: resources(&container["resources"]),
        probes: probes.map(|(kind, field)| probe(kind, &container[field], redactor)).collect(),
    }
}

fn name_of(container: &Value) -> Clean {
    Untrusted::from(container["name"].as_str().unwrap_or_default()).to_clean_line(63)
}

fn resources(resources: &Value) -> Vec<ResourceDetails> {
    let amount = |part: &str, resource: &str| {
        text(&resources[part][resource]).map(|text| Untrusted::from(&*text).to_clean_line(40))
    };
    let mut names: Vec<&String> = ["requests", "limits"]
        .iter()
        .filter_map(|part| resources[part].as_object())
        .flat_map(serde_json::Map::keys)
        .collect();
    names.sort();
    names.dedup();
    let details = names.into_iter().map(|name| ResourceDetails {
        resource: Untrusted::from(name.as_str()).to_clean_line(120),
        request: amount("requests", name),
        limit: amount("limits", name),
    });
    details.collect()
}

fn probe(kind: ProbeKind, probe: &Value, redactor: &Redactor) -> ProbeDetails {
    let number = |field: &str, default| {
        probe[field].as_u64().filter(|number| *number > 0).unwrap_or(default)
    };
    let (delay, period) = (number("initialDelaySeconds", 0), number("periodSeconds", 10));
    let threshold = number("failureThreshold", 3);
    let failing = period.saturating_mul(threshold);
    ProbeDetails {
        kind,
        action: shown(&action(probe), redactor, ACTION),
        initial_delay_seconds: delay,
        period_seconds: period,
        timeout_seconds: number("timeoutSeconds", 1),
        failure_threshold: threshold,
        budget_seconds: match kind {
            ProbeKind::Startup => delay.saturating_add(failing),
            ProbeKind::Liveness | ProbeKind::Readiness => failing,
        },
    }
}

fn action(probe: &Value) -> String {
    let port = |of: &Value| text(&of["port"]).unwrap_or_default().into_owned();
    let (http, tcp, grpc) = (&probe["httpGet"], &probe["tcpSocket"], &probe["grpc"]);
    if !http.is_null() {
        let scheme = http["scheme"].as_str().unwrap_or("HTTP");
        let path = http["path"].as_str().unwrap_or("/");
        format!("{scheme} GET port {} path {path}", port(http))
    } else if !tcp.is_null() {
        format!("TCP port {}", port(tcp))
    } else if !grpc.is_null() {
        format!("gRPC port {}", port(grpc))
    } else {
        let command = text(&probe["exec"]["command"]).unwrap_or_default();
        format!("command {command}")
    }
}

/// Notes the objects that a container's variables come from.
pub(super) fn refer(container: &Value, objects: &mut Objects) {
    let name = name_of(container);
    let of = |place, keys| Use { container: Some(name.clone()), place, keys };
    for variable in items(&container["env"]) {
        let variable_name = variable["name"].as_str().unwrap_or_default();
        let place = clean!("env {}", Untrusted::from(variable_name).to_clean_line(253));
        for (field, kind) in
            [("configMapKeyRef", ObjectKind::ConfigMap), ("secretKeyRef", ObjectKind::Secret)]
        {
            let source = &variable["valueFrom"][field];
            let key = source["key"].as_str().map(|key| Untrusted::from(key).to_clean_line(253));
            let of = of(place.clone(), key.into_iter().collect());
            objects.refer(kind, source, &source["name"], of);
        }
    }
    for source in items(&container["envFrom"]) {
        for (field, kind) in
            [("configMapRef", ObjectKind::ConfigMap), ("secretRef", ObjectKind::Secret)]
        {
            let of = of(Clean::from_static("envFrom"), Vec::new());
            objects.refer(kind, &source[field], &source[field]["name"], of);
        }
    }
}
