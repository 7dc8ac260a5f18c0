//! Pods and their containers.

mod container;
mod container_status;
mod sharing;
mod status;
mod termination;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::Arc, time::Duration};

use serde::{Deserialize, Deserializer, Serialize};

pub use container::{Container, Probe, RestartPolicy, Role};
pub use container_status::{ContainerState, ContainerStatus, Waiting};
pub use status::{Phase, PodStatus};
pub use termination::Termination;

use super::{Condition, Meta, ServerTime, condition::find, null_default};

/// The reason of `Ready` where only readiness gates keep the pod from it (Kubernetes 1.37 `pkg/kubelet/status/generate.go`).
pub const GATES_NOT_READY: &str = "ReadinessGatesNotReady";

/// A pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pod {
    /// Name, UID, owner.
    pub metadata: Meta,
    /// What it runs, and where.
    #[serde(default, deserialize_with = "null_default")]
    pub spec: PodSpec,
    /// What the kubelet saw.
    #[serde(default, deserialize_with = "null_default")]
    pub status: PodStatus,
}

impl Pod {
    /// The condition of this type.
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        find(&self.status.conditions, kind)
    }

    /// Whether it ended for good.
    pub fn has_ended(&self) -> bool {
        matches!(self.status.phase, Phase::Failed | Phase::Succeeded)
    }

    /// Whether its `Ready` condition is true.
    pub fn is_ready(&self) -> bool {
        self.condition("Ready").is_some_and(Condition::is_true)
    }

    /// Whether it is called not ready though its containers are: the node controller does so to the pods of a node that it
    /// no longer hears of (Kubernetes 1.36 `pkg/controller/util/node/controller_utils.go`, `MarkPodsNotReady`).
    pub fn is_cut_off(&self) -> bool {
        let ready = self.condition("Ready");
        let containers = &self.status.container_statuses;
        ready.is_some_and(|ready| !ready.is_true() && !ready.has_reason(GATES_NOT_READY))
            && !containers.is_empty()
            && containers.iter().all(|container| container.ready)
    }

    /// When its deletion was asked for. The server writes the end of the grace, so the grace is taken off; in the last
    /// state of a pod the grace is 0 and the time that of its removal, so the grace it had is taken off
    /// (Kubernetes 1.36 `apiserver/pkg/registry/rest/delete.go`, `BeforeDelete`; the kubelet deletes with grace 0).
    pub fn deletion_requested(&self) -> Option<ServerTime> {
        let grace = match self.metadata.deletion_grace_period_seconds {
            Some(0) | None => self.spec.termination_grace_period_seconds.unwrap_or(30),
            Some(seconds) => seconds,
        };
        let grace = Duration::from_secs(u64::try_from(grace).unwrap_or(0));
        Some(self.metadata.deleted?.minus(grace))
    }

    /// Whether it tells when its deletion was asked for: from its last state that can be guessed only.
    pub fn tells_its_deletion(&self) -> bool {
        let is_last = self.metadata.deletion_grace_period_seconds == Some(0);
        let has_no_grace = self.spec.termination_grace_period_seconds == Some(0);
        self.metadata.is_terminating() && (!is_last || has_no_grace)
    }

    /// Each container with its role and status, where it has one: init containers, sidecars, then the others.
    /// Ephemeral containers are left out, since they never restart and no one deploys them.
    pub fn containers(&self) -> impl Iterator<Item = (Role, &Container, Option<&ContainerStatus>)> {
        let init_statuses = Statuses::of(&self.status.init_container_statuses);
        let statuses = Statuses::of(&self.status.container_statuses);
        let inits = self.spec.init_containers.iter().map(move |container| {
            let sidecar = container.restart_policy == Some(RestartPolicy::Always);
            let role = if sidecar { Role::Sidecar } else { Role::Init };
            (role, container, init_statuses.get(container))
        });
        let apps = self.spec.containers.iter();
        let apps = apps.map(move |container| (Role::App, container, statuses.get(container)));
        inits.chain(apps)
    }

    /// When the container's restart policy applies: its own, else the pod's, else `Always`.
    pub fn restart_policy(&self, role: Role, container: &Container) -> RestartPolicy {
        match role {
            Role::Sidecar => RestartPolicy::Always,
            Role::Init | Role::App => container
                .restart_policy
                .or(self.spec.restart_policy)
                .unwrap_or(RestartPolicy::Always),
        }
    }
}

/// Statuses by the names of their containers.
enum Statuses<'a> {
    Few(&'a [ContainerStatus]),
    Many(HashMap<&'a str, &'a ContainerStatus>),
}

impl<'a> Statuses<'a> {
    fn of(statuses: &'a [ContainerStatus]) -> Self {
        /// Up to so many a search is quicker than a table; a hostile pod may have thousands.
        const FEW: usize = 8;
        if statuses.len() <= FEW {
            return Self::Few(statuses);
        }
        // the first of several with one name counts
        let by_name = statuses.iter().rev().map(|status| (&*status.name, status));
        Self::Many(by_name.collect())
    }

    fn get(&self, container: &Container) -> Option<&'a ContainerStatus> {
        match self {
            Self::Few(statuses) => statuses.iter().find(|status| status.name == container.name),
            Self::Many(by_name) => by_name.get(&*container.name).copied(),
        }
    }
}

/// What a pod runs, of a pod or of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PodSpec {
    /// The node it was bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node_name: Option<Box<str>>,
    /// The scheduler that is to bind it, where it is not `default-scheduler`.
    #[serde(
        default,
        deserialize_with = "unusual_scheduler",
        skip_serializing_if = "Option::is_none"
    )]
    pub scheduler_name: Option<Box<str>>,
    /// When containers without a policy of their own are started again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart_policy: Option<RestartPolicy>,
    /// Seconds between SIGTERM and SIGKILL; absent means 30.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub termination_grace_period_seconds: Option<i64>,
    /// Its regular containers.
    #[serde(default, deserialize_with = "null_default")]
    pub containers: Arc<[Container]>,
    /// Its init containers and native sidecars.
    #[serde(default, deserialize_with = "null_default", skip_serializing_if = "<[_]>::is_empty")]
    pub init_containers: Arc<[Container]>,
}

/// Drops the name that nearly all pods have.
fn unusual_scheduler<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Box<str>>, D::Error> {
    let name = Option::<Box<str>>::deserialize(d)?;
    Ok(name.filter(|name| name.as_ref() != "default-scheduler"))
}
