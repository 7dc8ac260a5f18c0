//! A container as it is specified: its image, resources, probes, and the objects that its variables come from.

use serde_json::Value;

use super::{change::text, items, object::Objects};
use crate::{
    clean,
    evidence::{
        ContainerDetails, IMAGE_SHOWN, ImageTag, ObjectKind, ProbeDetails, ProbeKind,
        ResourceDetails, Use, shown,
    },
    text::{Clean, Redactor, Untrusted},
};

/// Characters of what a probe does that are shown.
const ACTION: usize = 120;

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
        image: shown(image, redactor, IMAGE_SHOWN),
        tag: tag_of(image),
        image_id: image_id.map(|id| shown(id, redactor, IMAGE_SHOWN)),
        image_id_before: None,
        resources: resources(&container["resources"]),
        probes: probes.map(|(kind, field)| probe(kind, &container[field], redactor)).collect(),
    }
}

/// How a reference to an image chooses it.
pub(super) fn tag_of(image: &str) -> ImageTag {
    if image.contains('@') {
        return ImageTag::Digest;
    }
    // a colon before the last slash is that of a port
    let name = image.rsplit('/').next().unwrap_or_default();
    match name.split_once(':') {
        None => ImageTag::Missing,
        Some((_, "latest")) => ImageTag::Latest,
        Some(_) => ImageTag::Named,
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
