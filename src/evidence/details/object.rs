//! The objects that a pod refers to: whether each is there, has the keys that are wanted, and when it was written.

use serde::{Deserialize, Serialize};

use crate::{
    clean,
    model::ServerTime,
    text::{Clean, words},
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
}
