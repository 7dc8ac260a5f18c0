//! The end of a container's run.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    model::{ServerTime, null_default},
    text::Untrusted,
};

/// The end of a container's run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Termination {
    /// The exit code; 128 + n for signal n.
    #[serde(default, deserialize_with = "null_default")]
    pub exit_code: i32,
    /// One word, e.g. `OOMKilled`.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "Untrusted::is_empty"
    )]
    pub reason: Untrusted,
    /// The termination message, or the runtime's text.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "Untrusted::is_empty"
    )]
    pub message: Untrusted,
    /// When the run began; `None` for a process that could not be started.
    #[serde(
        default,
        deserialize_with = "after_the_epoch",
        skip_serializing_if = "Option::is_none"
    )]
    pub started_at: Option<ServerTime>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<ServerTime>,
    /// The runtime's ID of the run, e.g. `containerd://…`.
    #[serde(
        default,
        rename = "containerID",
        deserialize_with = "null_default",
        skip_serializing_if = "str::is_empty"
    )]
    pub container_id: Box<str>,
}

/// A runtime tells zero where there was no start, and the kubelet hands it on as 1970
/// (containerd 1.6 to 2.1 `internal/cri/server/container_status.go`, Kubernetes 1.36 `convertContainerStatus`).
fn after_the_epoch<'de, D: Deserializer<'de>>(time: D) -> Result<Option<ServerTime>, D::Error> {
    let time = Option::<ServerTime>::deserialize(time)?;
    Ok(time.filter(|time| *time != ServerTime::EPOCH))
}

impl Termination {
    /// The signal that ended the process: on the CRI path only the exit code tells
    /// (Kubernetes 1.36 `pkg/kubelet/kubelet_pods.go`, `convertContainerStatus` sets no signal).
    pub fn signal(&self) -> Option<i32> {
        (129..=192).contains(&self.exit_code).then(|| self.exit_code - 128)
    }

    /// Whether the kernel killed a process in the container for its memory. The runtime says so of the whole container
    /// from then on, however it ends later (containerd 1.6 to 2.1 `internal/cri/server/events.go`): a program may outlive
    /// its child.
    pub fn ran_out_of_memory(&self) -> bool {
        self.reason.as_raw() == "OOMKilled"
    }

    /// How long the run was.
    pub fn lifetime(&self) -> Option<Duration> {
        Some(self.finished_at?.since(self.started_at?))
    }
}
