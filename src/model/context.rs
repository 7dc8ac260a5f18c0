//! By which name a cluster is known.

use serde::{Deserialize, Serialize};

use crate::text::{Clean, Untrusted};

/// A context of a kubeconfig.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// Its name: at most 253 characters.
    pub name: Clean,
    /// It was asked for by its name, and is not only the current one.
    pub is_given: bool,
}

impl Context {
    /// A context with this name.
    pub fn new(name: &str, is_given: bool) -> Self {
        Self { name: Untrusted::from(name).to_clean_line(253), is_given }
    }
}

/// The API server of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// The context that names it; `None` in a pod without a kubeconfig.
    pub context: Option<Clean>,
    /// Its address, without a user or password that a kubeconfig may have in it, e.g. `https://10.0.0.1:6443`.
    pub address: Clean,
}
