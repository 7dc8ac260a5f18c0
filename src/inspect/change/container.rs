//! The fields of a container, and the words for variables, mounts and volumes.

use serde_json::{Map, Value};

use super::{
    diff::{Diff, by_key, fields},
    value::text,
};
use crate::evidence::ChangeKind;

/// Compares two containers of one name.
pub(super) fn compare(diff: &mut Diff<'_>, before: &Value, after: &Value) {
    for field in fields(before, after) {
        let (old, new) = (&before[&field], &after[&field]);
        match field.as_str() {
            "image" => {
                diff.add(ChangeKind::Image, "image", text(old).as_deref(), text(new).as_deref());
            }
            "command" | "args" | "workingDir" => {
                diff.add(ChangeKind::Command, &field, text(old).as_deref(), text(new).as_deref());
            }
            "env" => variables(diff, old, new),
            "envFrom" => sources(diff, old, new),
            "resources" => diff.leaves(ChangeKind::Resources, "resources", old, new),
            "livenessProbe" | "readinessProbe" | "startupProbe" => {
                diff.described(ChangeKind::Probe, &field, (old, new), |_| None);
            }
            "lifecycle" => diff.leaves(ChangeKind::Probe, &field, old, new),
            "volumeMounts" => {
                for (path, old, new) in by_key(old, new, "mountPath") {
                    let what = format!("mount {path}");
                    diff.described(ChangeKind::Mount, &what, (&old, &new), |mount| {
                        text(&mount["name"]).map(|name| format!("volume {name}"))
                    });
                }
            }
            "volumeDevices" => diff.leaves(ChangeKind::Mount, &field, old, new),
            "securityContext" => diff.leaves(ChangeKind::Security, &field, old, new),
            _ => diff.leaves(ChangeKind::Other, &field, old, new),
        }
    }
}

/// Variables: a value is compared with a value, and a reference is told in words.
fn variables(diff: &mut Diff<'_>, before: &Value, after: &Value) {
    for (name, old, new) in by_key(before, after, "name") {
        let refers = |variable: &Value| !variable["valueFrom"].is_null();
        if refers(&old) || refers(&new) {
            let what = format!("env {name}");
            diff.described(ChangeKind::Reference, &what, (&old, &new), describe_variable);
            continue;
        }
        let value = |variable: &Value| {
            let mut map = Map::new();
            if !variable.is_null() {
                let value = text(&variable["value"]).map(|value| value.into_owned());
                map.insert(name.clone(), Value::String(value.unwrap_or_default()));
            }
            map
        };
        diff.named_values(ChangeKind::Environment, "env", &value(&old), &value(&new));
    }
}

/// Whole ConfigMaps and Secrets as variables. They have no names of their own, so each is compared as it is.
fn sources(diff: &mut Diff<'_>, before: &Value, after: &Value) {
    let items = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let (before, after) = (items(before), items(after));
    for gone in before.iter().filter(|source| !after.contains(source)) {
        diff.add(ChangeKind::Reference, "env from", Some(&describe_source(gone)), None);
    }
    for new in after.iter().filter(|source| !before.contains(source)) {
        diff.add(ChangeKind::Reference, "env from", None, Some(&describe_source(new)));
    }
}

/// `key url of Secret db`; a value of its own is not shown beside a reference.
fn describe_variable(variable: &Value) -> Option<String> {
    let from = &variable["valueFrom"];
    for (field, kind) in [("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")] {
        if let (Some(name), Some(key)) = (text(&from[field]["name"]), text(&from[field]["key"])) {
            return Some(format!("key {key} of {kind} {name}"));
        }
    }
    let field = text(&from["fieldRef"]["fieldPath"])
        .or_else(|| text(&from["resourceFieldRef"]["resource"]));
    match field {
        Some(field) => Some(format!("field {field}")),
        None if from.is_null() => Some("a value".to_owned()),
        None => text(from).map(|text| text.into_owned()),
    }
}

fn describe_source(source: &Value) -> String {
    let prefix = text(&source["prefix"]).map(|prefix| format!(", prefix {prefix}"));
    let name = |field: &str| text(&source[field]["name"]).map(|name| name.into_owned());
    let of = match (name("configMapRef"), name("secretRef")) {
        (Some(name), _) => format!("ConfigMap {name}"),
        (None, Some(name)) => format!("Secret {name}"),
        (None, None) => "an unknown source".to_owned(),
    };
    of + &prefix.unwrap_or_default()
}

/// `ConfigMap app-config`: the source of a volume in words; `None` for a kind that has no short ones.
pub(in crate::inspect) fn describe_volume(volume: &Value) -> Option<String> {
    let names = [
        ("configMap", "name", "ConfigMap"),
        ("secret", "secretName", "Secret"),
        ("persistentVolumeClaim", "claimName", "claim"),
        ("hostPath", "path", "path of the node"),
        ("csi", "driver", "CSI driver"),
    ];
    for (source, field, words) in names {
        if let Some(name) = text(&volume[source][field]) {
            return Some(format!("{words} {name}"));
        }
    }
    let source = volume.as_object()?.keys().find(|field| *field != "name")?;
    Some(source.clone())
}
