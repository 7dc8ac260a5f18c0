//! Containers as they are specified, their probes and hooks.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};

use crate::model::null_default;

/// Which part a container plays in its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Runs to its end before the app starts.
    Init,
    /// An init container that keeps running (`restartPolicy: Always`, Kubernetes 1.29).
    Sidecar,
    /// A regular container.
    App,
}

/// When a container that ended is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RestartPolicy {
    /// However it ended.
    Always,
    /// When it ended with a code other than 0.
    OnFailure,
    /// Not at all.
    Never,
    /// A policy that this program does not know.
    #[serde(other)]
    Unknown,
}

/// A container as it is specified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// Its name, unique in the pod.
    pub name: Arc<str>,
    /// The image asked for.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "str::is_empty")]
    pub image: Box<str>,
    /// Its own restart policy (sidecars; regular containers since Kubernetes 1.35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart_policy: Option<RestartPolicy>,
    /// Kills the container when it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub liveness_probe: Option<Box<Probe>>,
    /// Takes the pod out of service while it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readiness_probe: Option<Box<Probe>>,
    /// Holds the other probes back until it passed, and kills the container when it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub startup_probe: Option<Box<Probe>>,
    /// Hooks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Box<Lifecycle>>,
    /// The names of its ports, as far as they have one.
    #[serde(default, deserialize_with = "port_names", skip_serializing_if = "<[_]>::is_empty")]
    pub ports: Box<[Box<str>]>,
}

/// Names of ports as the API has them, each in an object, or as a recording has them.
fn port_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<[Box<str>]>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Port {
        Recorded(Box<str>),
        Declared {
            #[serde(default)]
            name: Option<Box<str>>,
        },
    }
    let ports = Option::<Vec<Port>>::deserialize(deserializer)?.unwrap_or_default();
    let names = ports.into_iter().filter_map(|port| match port {
        Port::Recorded(name) => Some(name),
        Port::Declared { name } => name,
    });
    Ok(names.filter(|name| !name.is_empty()).collect())
}

impl Container {
    /// Whether the kubelet may kill the container by a rule of its specification.
    pub fn can_be_killed_by_rule(&self) -> bool {
        self.liveness_probe.is_some() || self.startup_probe.is_some() || self.has_post_start()
    }

    /// Whether a hook runs right after its start, which the kubelet waits for.
    pub fn has_post_start(&self) -> bool {
        self.lifecycle.as_deref().is_some_and(|lifecycle| lifecycle.post_start.is_some())
    }
}

/// The timing of a probe. Absent values are Kubernetes' defaults (`pkg/apis/core/v1/defaults.go`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Probe {
    /// Seconds before the first probe; 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_delay_seconds: Option<i64>,
    /// Seconds between probes; 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_seconds: Option<i64>,
    /// Failures in a row that count; 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_threshold: Option<i64>,
    /// Replaces the pod's grace for this probe's kill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub termination_grace_period_seconds: Option<i64>,
}

/// The hooks of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lifecycle {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    post_start: Option<Present>,
}

/// A part of which only the presence matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Present {}

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self {})
    }
}
