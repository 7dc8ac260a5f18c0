//! The objects that a pod refers to: whether each is there, has the keys that are wanted, and when it was written.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{items, time};
use crate::{
    clean,
    model::ServerTime,
    text::{Clean, Untrusted, words},
};

/// An object that a pod refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectDetails {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name.
    pub name: Clean,
    /// Whether it is there.
    pub presence: Presence,
    /// The pod starts without it as well.
    #[serde(default)]
    pub optional: bool,
    /// What needs it.
    pub uses: Vec<Use>,
    /// Keys that are wanted and that it does not have. Those of Secrets are not looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_keys: Vec<Clean>,
    /// When it was last written, as far as that can be told; its status apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<ServerTime>,
}

words! {
    /// A kind of object that pods refer to.
    pub enum ObjectKind {
        /// Settings.
        ConfigMap = "ConfigMap",
        /// Settings that nobody may see.
        Secret = "Secret",
        /// Storage.
        PersistentVolumeClaim = "PersistentVolumeClaim",
        /// Who the pod is for the API server.
        ServiceAccount = "ServiceAccount",
    }
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It is.
    Present,
    /// It is not.
    Missing,
    /// The gate may not read it, or had no answer.
    #[default]
    NotChecked,
}

/// One use of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// The container that needs it; `None` where the whole pod does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<Clean>,
    /// Where it is named, e.g. `env DB_HOST`, `volume config`.
    pub place: Clean,
    /// The keys that it must have; none where it may lack any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Clean>,
}

impl ObjectDetails {
    /// Whether its absence, or that of a key, keeps the pod from starting.
    pub fn is_lacking(&self) -> bool {
        !self.optional && (self.presence == Presence::Missing || !self.missing_keys.is_empty())
    }

    /// The keys that it must have.
    pub fn wanted_keys(&self) -> impl Iterator<Item = &Clean> {
        self.uses.iter().flat_map(|reference| &reference.keys)
    }

    /// `ConfigMap app-config`.
    pub fn title(&self) -> Clean {
        clean!("{} {}", self.kind, self.name)
    }

    /// Takes in that it is there, with its metadata and, of a ConfigMap, the names of its keys.
    pub fn found(&mut self, object: &Value) {
        self.presence = Presence::Present;
        self.written = written(&object["metadata"]);
        if self.kind != ObjectKind::ConfigMap || object["kind"] == "PartialObjectMetadata" {
            return;
        }
        let has = |key: &Clean| {
            ["data", "binaryData"].iter().any(|part| object[part].get(&**key).is_some())
        };
        let mut missing: Vec<Clean> = self.wanted_keys().filter(|key| !has(key)).cloned().collect();
        missing.sort();
        missing.dedup();
        self.missing_keys = missing;
    }
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

impl Use {
    /// A use by the whole pod.
    pub(super) fn of_pod(place: Clean) -> Self {
        Self { container: None, place, keys: Vec::new() }
    }
}
