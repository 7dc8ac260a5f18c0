//! The differences that were found so far, and how values of any shape are compared.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::value::{VALUE, field_pair, named_pair, pair, text};
use crate::{
    evidence::{Change, ChangeKind, IMAGE_SHOWN},
    text::{Clean, Redactor, Untrusted},
};

/// The differences so far.
pub(super) struct Diff<'a> {
    pub(super) redactor: &'a Redactor,
    pub(super) changes: Vec<Change>,
    /// The container that is compared.
    pub(super) container: Option<Clean>,
}

impl Diff<'_> {
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
                ChangeKind::Image | ChangeKind::Container => IMAGE_SHOWN,
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
