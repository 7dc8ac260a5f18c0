//! What the kubelet saw of a pod as a whole.

use serde::{Deserialize, Deserializer, Serialize};

use super::{ContainerStatus, GATES_NOT_READY};
use crate::{
    model::{Condition, condition::find, null_default},
    text::Untrusted,
};

/// What the kubelet saw of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PodStatus {
    /// Where it stands in its life.
    #[serde(default, deserialize_with = "null_default")]
    pub phase: Phase,
    /// Why it is in this phase, e.g. `Evicted`.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "Untrusted::is_empty"
    )]
    pub reason: Untrusted,
    /// The same for people.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "Untrusted::is_empty"
    )]
    pub message: Untrusted,
    /// The conditions that are judged; those that tell nothing beside `Ready` are dropped.
    #[serde(default, deserialize_with = "judged_conditions")]
    pub conditions: Box<[Condition]>,
    /// Regular containers.
    #[serde(default, deserialize_with = "null_default")]
    pub container_statuses: Box<[ContainerStatus]>,
    /// Init containers and native sidecars.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "<[_]>::is_empty")]
    pub init_container_statuses: Box<[ContainerStatus]>,
}

/// Drops what a healthy pod's conditions repeat: five conditions a pod are most of its memory. Conditions of other
/// controllers stay where a readiness gate waits for them.
fn judged_conditions<'de, D>(deserializer: D) -> Result<Box<[Condition]>, D::Error>
where
    D: Deserializer<'de>,
{
    let mut conditions: Vec<Condition> = null_default(deserializer)?;
    let ready = find(&conditions, "Ready");
    let waits_for_gates = ready.is_some_and(|ready| ready.has_reason(GATES_NOT_READY));
    let ready = ready.is_some_and(Condition::is_true);
    conditions.retain(|condition| match condition.kind.as_ref() {
        "Ready" => true,
        "DisruptionTarget" => condition.is_true(),
        "PodScheduled" => !condition.is_true(),
        "PodReadyToStartContainers" => !ready && condition.is_true(),
        _ => waits_for_gates && !condition.is_true(),
    });
    Ok(conditions.into())
}

/// Where a pod stands in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// Not all containers were started.
    Pending,
    /// At least one container runs or restarts.
    Running,
    /// All containers ended with code 0 and won't restart.
    Succeeded,
    /// All containers ended, and one of them badly.
    Failed,
    /// The node can't be asked, or a phase that this program does not know.
    #[default]
    #[serde(other)]
    Unknown,
}
