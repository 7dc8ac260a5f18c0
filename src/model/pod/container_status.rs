//! What the kubelet saw of a container.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Termination;
use crate::{
    model::{ServerTime, null_default},
    text::Untrusted,
};

/// A container as the kubelet saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerStatus {
    /// The container's name.
    pub name: Arc<str>,
    /// Whether its readiness probe passes, or it runs and has none.
    #[serde(default, deserialize_with = "null_default")]
    pub ready: bool,
    /// Whether its startup probe passed, or it runs and has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<bool>,
    /// How often it was created again. It grows when the next run is created, not when one ends
    /// (Kubernetes 1.36 `pkg/kubelet/kuberuntime/kuberuntime_container.go`, `startContainer`).
    #[serde(default, deserialize_with = "null_default")]
    pub restart_count: u32,
    /// What it does.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "is_absent")]
    pub state: ContainerState,
    /// How its last run ended.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "is_absent")]
    pub last_state: ContainerState,
}

impl ContainerStatus {
    /// The word and message that it waits with.
    pub fn waiting(&self) -> Option<&Waiting> {
        match &self.state {
            ContainerState::Waiting(waiting) => Some(waiting),
            ContainerState::Absent
            | ContainerState::Running { .. }
            | ContainerState::Terminated(_) => None,
        }
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        matches!(self.state, ContainerState::Running { .. })
    }
}

fn is_absent(state: &ContainerState) -> bool {
    *state == ContainerState::Absent
}

/// What a container does, or did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StateJson", into = "StateJson")]
pub enum ContainerState {
    /// Nothing is known.
    #[default]
    Absent,
    /// Not started, or between two runs.
    Waiting(Box<Waiting>),
    /// It runs.
    Running {
        /// Since when.
        started_at: Option<ServerTime>,
    },
    /// It ended.
    Terminated(Box<Termination>),
}

impl ContainerState {
    /// The end that it speaks of.
    pub fn termination(&self) -> Option<&Termination> {
        match self {
            Self::Terminated(termination) => Some(termination),
            Self::Absent | Self::Waiting(_) | Self::Running { .. } => None,
        }
    }
}

/// A container that waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// One word, e.g. `CrashLoopBackOff`.
    #[serde(default, deserialize_with = "null_default")]
    pub reason: Untrusted,
    /// The kubelet's or the runtime's text.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "Untrusted::is_empty"
    )]
    pub message: Untrusted,
}

/// The API's form of a state: one of three fields is set.
#[derive(Serialize, Deserialize)]
struct StateJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<Box<Waiting>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    running: Option<Running>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminated: Option<Box<Termination>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Running {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started_at: Option<ServerTime>,
}

impl From<StateJson> for ContainerState {
    fn from(json: StateJson) -> Self {
        match json {
            StateJson { terminated: Some(termination), .. } => Self::Terminated(termination),
            StateJson { running: Some(running), .. } => {
                Self::Running { started_at: running.started_at }
            }
            StateJson { waiting: Some(waiting), .. } => Self::Waiting(waiting),
            StateJson { .. } => Self::Absent,
        }
    }
}

impl From<ContainerState> for StateJson {
    fn from(state: ContainerState) -> Self {
        let mut json = Self { waiting: None, running: None, terminated: None };
        match state {
            ContainerState::Absent => {}
            ContainerState::Waiting(waiting) => json.waiting = Some(waiting),
            ContainerState::Running { started_at } => json.running = Some(Running { started_at }),
            ContainerState::Terminated(termination) => json.terminated = Some(termination),
        }
        json
    }
}
