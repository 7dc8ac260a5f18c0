//! Compares two pod templates as raw JSON, so that a field newer than this program is seen too.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    CHANGES, Change, ChangeKind, VALUE,
    container::{self, describe_volume},
    value::{field_pair, named_pair, pair, text},
};
use crate::text::{Clean, Redactor, Untrusted};

/// What differs from one pod template to another, the most suspicious first. Null, empty and absent are the same, as
/// for Kubernetes; the order of things that have names tells nothing.
pub fn diff(before: &Value, after: &Value, redactor: &Redactor) -> Vec<Change> {
    let (before, after) = (pruned(before), pruned(after));
    let mut found = Diff { redactor, changes: Vec::new(), container: None };
    for (noun, field) in [("label", "labels"), ("annotation", "annotations")] {
        let of = |template: &Value| named_values(&template["metadata"][field]);
        found.named_values(ChangeKind::Metadata, noun, &of(&before), &of(&after));
    }
    found.pod(&before["spec"], &after["spec"]);
    found.changes.sort_by_key(|change| change.kind);
    found.changes.truncate(CHANGES);
    found.changes
}

/// The differences so far.
pub(super) struct Diff<'a> {
    redactor: &'a Redactor,
    changes: Vec<Change>,
    /// The container that is compared.
    pub(super) container: Option<Clean>,
}

impl Diff<'_> {
    fn pod(&mut self, before: &Value, after: &Value) {
        for field in ["initContainers", "containers"] {
            for (name, old, new) in by_key(&before[field], &after[field], "name") {
                self.container(&name, &old, &new);
            }
        }
        for (name, old, new) in by_key(&before["volumes"], &after["volumes"], "name") {
            let what = format!("volume {name}");
            self.described(ChangeKind::Mount, &what, (&old, &new), describe_volume);
        }
        for (name, old, new) in
            by_key(&before["imagePullSecrets"], &after["imagePullSecrets"], "name")
        {
            let what = format!("image pull secret {name}");
            self.described(ChangeKind::Reference, &what, (&old, &new), |_| None);
        }
        for field in fields(before, after) {
            let kind = match field.as_str() {
                // compared above, or the same as `serviceAccountName` for ever
                "initContainers" | "containers" | "volumes" | "imagePullSecrets"
                | "serviceAccount" => continue,
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
            self.leaves(kind, &field, &before[&field], &after[&field]);
        }
    }

    fn container(&mut self, name: &str, before: &Value, after: &Value) {
        if before.is_null() || after.is_null() {
            let image =
                |container: &Value| text(&container["image"]).map(|image| image.into_owned());
            let what = format!("container {name}");
            self.add(
                ChangeKind::Container,
                &what,
                image(before).as_deref(),
                image(after).as_deref(),
            );
            return;
        }
        self.container = Some(Untrusted::from(name).to_clean_line(63));
        container::compare(self, before, after);
        self.container = None;
    }

    /// Values by name, of which those that may be secret are hidden.
    pub(super) fn named_values(
        &mut self,
        kind: ChangeKind,
        noun: &str,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) {
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names.into_iter().filter(|name| before.get(*name) != after.get(*name)) {
            let value =
                |map: &Map<String, Value>| map.get(name).and_then(text).map(|t| t.into_owned());
            let (old, new) = (value(before), value(after));
            let values = named_pair(name, old.as_deref(), new.as_deref(), self.redactor);
            self.push(kind, &format!("{noun} {name}"), values);
        }
    }

    /// A thing with a name: in words where it came or went or the words differ, else by its fields.
    pub(super) fn described(
        &mut self,
        kind: ChangeKind,
        what: &str,
        (before, after): (&Value, &Value),
        describe: impl Fn(&Value) -> Option<String>,
    ) {
        let words = |value: &Value| {
            (!value.is_null()).then(|| describe(value).unwrap_or_else(|| "there".to_owned()))
        };
        let (old, new) = (words(before), words(after));
        if old != new {
            self.add(kind, what, old.as_deref(), new.as_deref());
        } else {
            self.leaves(kind, what, before, after);
        }
    }

    /// Fields that differ, each by its path.
    pub(super) fn leaves(&mut self, kind: ChangeKind, path: &str, before: &Value, after: &Value) {
        if before == after {
            return;
        }
        let is_open = |value: &Value| value.is_object() || value.is_null();
        if is_open(before) && is_open(after) {
            for field in fields(before, after) {
                let path = format!("{path}.{field}");
                self.leaves(kind, &path, &before[&field], &after[&field]);
            }
            // objects without fields, as `emptyDir: {}`
            if fields(before, after).is_empty() {
                self.add(kind, path, text(before).as_deref(), text(after).as_deref());
            }
            return;
        }
        let name = path.rsplit('.').next().unwrap_or_default();
        let (old, new) = (text(before), text(after));
        let values = match kind {
            ChangeKind::Other => named_pair(name, old.as_deref(), new.as_deref(), self.redactor),
            _ => field_pair(name, old.as_deref(), new.as_deref(), self.redactor),
        };
        self.push(kind, path, values);
    }

    /// A difference whose texts are redacted in place.
    pub(super) fn add(
        &mut self,
        kind: ChangeKind,
        what: &str,
        before: Option<&str>,
        after: Option<&str>,
    ) {
        if before != after {
            let max = match kind {
                ChangeKind::Image | ChangeKind::Container => super::value::IMAGE,
                _ => VALUE,
            };
            self.push(kind, what, pair(before, after, max, self.redactor));
        }
    }

    fn push(
        &mut self,
        kind: ChangeKind,
        what: &str,
        (before, after): (Option<Clean>, Option<Clean>),
    ) {
        let container = self.container.clone();
        let what = Untrusted::from(what).to_clean_line(200);
        self.changes.push(Change { kind, container, what, before, after });
    }
}

/// The items of two lists side by side by the value of a field, in the order of their names.
pub(super) fn by_key(before: &Value, after: &Value, key: &str) -> Vec<(String, Value, Value)> {
    let items = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let name = |item: &Value| text(&item[key]).map(|name| name.into_owned()).unwrap_or_default();
    let (before, after) = (items(before), items(after));
    let names: BTreeSet<String> = before.iter().chain(&after).map(name).collect();
    let find = |list: &[Value], wanted: &str| {
        list.iter().find(|item| name(item) == wanted).cloned().unwrap_or_default()
    };
    names
        .into_iter()
        .map(|wanted| {
            let (old, new) = (find(&before, &wanted), find(&after, &wanted));
            (wanted, old, new)
        })
        .filter(|(_, old, new)| old != new)
        .collect()
}

/// The names of the fields in which two objects differ.
pub(super) fn fields(before: &Value, after: &Value) -> BTreeSet<String> {
    let names = |value: &Value| -> Vec<String> {
        value.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
    };
    let all = names(before).into_iter().chain(names(after));
    all.filter(|field| before[field.as_str()] != after[field.as_str()]).collect()
}

/// Labels or annotations, without the hash that no one sets.
fn named_values(map: &Value) -> Map<String, Value> {
    let mut map = map.as_object().cloned().unwrap_or_default();
    map.remove("pod-template-hash");
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
