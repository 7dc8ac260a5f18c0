//! The volumes of a pod, and where they are mounted.

use serde::{Deserialize, Serialize};

use crate::text::Clean;

/// A volume with its mounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeDetails {
    /// Its name in the pod.
    pub name: Clean,
    /// What it holds, e.g. `ConfigMap app-config`, `emptyDir`.
    pub source: Clean,
    /// Where it is mounted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<MountDetails>,
}

/// A place where a volume is mounted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MountDetails {
    /// The container.
    pub container: Clean,
    /// The path in it.
    pub path: Clean,
    /// It cannot be written.
    #[serde(default)]
    pub read_only: bool,
}
