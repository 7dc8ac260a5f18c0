//! Compares two pod templates as raw JSON, so that a field newer than this program is seen too.

mod container;
mod diff;
#[cfg(test)]
mod tests;
mod value;

use serde_json::{Map, Value};

use crate::{
    evidence::{Change, ChangeKind},
    text::{Redactor, Untrusted},
};
use diff::{Diff, by_key, fields};

pub(super) use container::describe_volume;
pub(super) use value::text;

/// Changes that are kept; a template that changed in more places was replaced.
const CHANGES: usize = 100;

/// What differs from one pod template to another, the most suspicious first. Null, empty and absent are the same, as
/// for Kubernetes; the order of things that have names tells nothing.
pub fn changes(before: &Value, after: &Value, redactor: &Redactor) -> Vec<Change> {
    let (before, after) = (pruned(before), pruned(after));
    let mut found = Diff { redactor, changes: Vec::new(), container: None };
    for (noun, field) in [("label", "labels"), ("annotation", "annotations")] {
        let of = |template: &Value| named_values(&template["metadata"][field]);
        found.named_values(ChangeKind::Metadata, noun, &of(&before), &of(&after));
    }
    pod(&mut found, &before["spec"], &after["spec"]);
    found.changes.sort_by_key(|change| change.kind);
    found.changes.truncate(CHANGES);
    found.changes
}

fn pod(diff: &mut Diff<'_>, before: &Value, after: &Value) {
    for field in ["initContainers", "containers"] {
        for (name, old, new) in by_key(&before[field], &after[field], "name") {
            container(diff, &name, &old, &new);
        }
    }
    for (name, old, new) in by_key(&before["volumes"], &after["volumes"], "name") {
        let what = format!("volume {name}");
        diff.described(ChangeKind::Mount, &what, (&old, &new), describe_volume);
    }
    for (name, old, new) in by_key(&before["imagePullSecrets"], &after["imagePullSecrets"], "name")
    {
        let what = format!("image pull secret {name}");
        diff.described(ChangeKind::Reference, &what, (&old, &new), |_| None);
    }
    for field in fields(before, after) {
        let kind = match field.as_str() {
            // compared above, or the same as `serviceAccountName` for ever
            "initContainers" | "containers" | "volumes" | "imagePullSecrets" | "serviceAccount" => {
                continue;
            }
            "securityContext"
            | "serviceAccountName"
            | "automountServiceAccountToken"
            | "hostNetwork"
            | "hostPID"
            | "hostIPC"
            | "hostUsers" => ChangeKind::Security,
            "resources" => ChangeKind::Resources,
            _ => ChangeKind::Other,
        };
        diff.leaves(kind, &field, &before[&field], &after[&field]);
    }
}

fn container(diff: &mut Diff<'_>, name: &str, before: &Value, after: &Value) {
    if before.is_null() || after.is_null() {
        let image = |container: &Value| text(&container["image"]).map(|image| image.into_owned());
        let what = format!("container {name}");
        diff.add(ChangeKind::Container, &what, image(before).as_deref(), image(after).as_deref());
        return;
    }
    diff.container = Some(Untrusted::from(name).to_clean_line(63));
    container::compare(diff, before, after);
    diff.container = None;
}

/// Labels or annotations, without the hash that no one sets.
fn named_values(map: &Value) -> Map<String, Value> {
    let mut map = map.as_object().cloned().unwrap_or_default();
    map.remove("pod-template-hash");
    map.remove("rollouts-pod-template-hash");
    map
}

/// The value without fields that say no more than their absence.
fn pruned(value: &Value) -> Value {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let kept: Map<String, Value> = fields
                .iter()
                .map(|(name, field)| (name.clone(), pruned(field)))
                .filter(|(_, field)| !field.is_null())
                .collect();
            if kept.is_empty() { Value::Null } else { Value::Object(kept) }
        }
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::Array(items) => Value::Array(items.iter().map(pruned).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            value.clone()
        }
    }
}
