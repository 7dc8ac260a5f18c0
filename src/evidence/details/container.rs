//! A container as it is specified: its image, resources, probes, and the objects that its variables come from.

use serde::{Deserialize, Serialize};

use crate::text::Clean;

/// The details of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerDetails {
    /// Its name.
    pub name: Clean,
    /// The image that was asked for.
    pub image: Clean,
    /// How the image is chosen.
    pub tag: ImageTag,
    /// The image that runs, as the runtime names it; `None` before it was pulled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<Clean>,
    /// What ran under the same reference in the revision before, where that is another image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id_before: Option<Clean>,
    /// Its requests and limits, by resource.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<ResourceDetails>,
    /// Its probes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<ProbeDetails>,
}

/// How a reference chooses an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageTag {
    /// By its content.
    Digest,
    /// By a tag, which may be moved.
    Named,
    /// By the tag `latest`, which is meant to move.
    Latest,
    /// By none, which means `latest`.
    Missing,
}

/// How much of a resource a container asks for, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceDetails {
    /// E.g. `memory`.
    pub resource: Clean,
    /// What is set aside for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Clean>,
    /// The most that it may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Clean>,
}

/// A probe with its timing, Kubernetes' defaults filled in (`pkg/apis/core/v1/defaults.go`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeDetails {
    /// What it is for.
    pub kind: ProbeKind,
    /// What it does, e.g. `HTTP GET port 8080 path /healthz`.
    pub action: Clean,
    /// Seconds before the first one.
    pub initial_delay_seconds: u64,
    /// Seconds between two.
    pub period_seconds: u64,
    /// Seconds for an answer.
    pub timeout_seconds: u64,
    /// Failures in a row that count.
    pub failure_threshold: u64,
    /// Seconds of failing that it allows; of a startup probe, the seconds that a start may take.
    pub budget_seconds: u64,
}

/// What a probe is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeKind {
    /// Whether the container has started.
    Startup,
    /// Whether it may live on.
    Liveness,
    /// Whether it takes requests.
    Readiness,
}
