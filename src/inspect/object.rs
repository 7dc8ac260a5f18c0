//! The objects that a pod refers to, each once, and what is known of one that was read.

use serde_json::Value;

use super::{items, time};
use crate::{
    evidence::{ObjectDetails, ObjectKind, Presence, Use},
    model::ServerTime,
    text::{Clean, Untrusted},
};

/// Takes in that an object is there, with its metadata and, of a ConfigMap, the names of its keys.
pub fn found(details: &mut ObjectDetails, object: &Value) {
    details.presence = Presence::Present;
    details.written = written(&object["metadata"]);
    if details.kind != ObjectKind::ConfigMap || object["kind"] == "PartialObjectMetadata" {
        return;
    }
    let has =
        |key: &Clean| ["data", "binaryData"].iter().any(|part| object[part].get(&**key).is_some());
    let mut missing: Vec<Clean> = details.wanted_keys().filter(|key| !has(key)).cloned().collect();
    missing.sort();
    missing.dedup();
    details.missing_keys = missing;
}

/// When an object was last written: the latest time of those who own its fields, else that of its making.
fn written(metadata: &Value) -> Option<ServerTime> {
    let by_hand = items(&metadata["managedFields"])
        .iter()
        .filter(|entry| entry["subresource"].as_str().is_none_or(str::is_empty));
    let times = by_hand.filter_map(|entry| time(&entry["time"]));
    times.chain(time(&metadata["creationTimestamp"])).max()
}

/// The objects that were named so far, each once.
#[derive(Default)]
pub(super) struct Objects(pub(super) Vec<ObjectDetails>);

impl Objects {
    /// Takes a reference in. An object is optional if every use of it is.
    pub(super) fn refer(&mut self, kind: ObjectKind, source: &Value, name: &Value, of: Use) {
        let Some(name) = name.as_str().filter(|name| !name.is_empty()) else { return };
        let name = Untrusted::from(name).to_clean_line(253);
        let optional = source["optional"].as_bool().unwrap_or(false);
        let of = Use { keys: if optional { Vec::new() } else { of.keys }, ..of };
        match self.0.iter_mut().find(|known| known.kind == kind && known.name == name) {
            Some(known) => {
                known.optional &= optional;
                known.uses.push(of);
            }
            None => self.0.push(ObjectDetails {
                kind,
                name,
                presence: Presence::NotChecked,
                optional,
                uses: vec![of],
                missing_keys: Vec::new(),
                written: None,
            }),
        }
    }
}

/// A use by the whole pod.
pub(super) fn of_pod(place: Clean) -> Use {
    Use { container: None, place, keys: Vec::new() }
}
