//! Pods and their containers.

use std::{collections::HashMap, sync::Arc, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};

use super::{Meta, ServerTime, null_default};
use crate::text::Untrusted;

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

impl Pod {
    /// Shares with another pod what both have. Pods of one revision have the same owner and the same containers, which
    /// are more than half of what a pod takes in memory.
    pub fn share_with(&mut self, other: &Self) {
        let owners = &mut self.metadata.owner_references;
        if *owners == other.metadata.owner_references {
            *owners = Arc::clone(&other.metadata.owner_references);
        }
        let (spec, others) = (&mut self.spec, &other.spec);
        for (own, other) in [
            (&mut spec.containers, &others.containers),
            (&mut spec.init_containers, &others.init_containers),
        ] {
            if own == other {
                *own = Arc::clone(other);
            }
        }
        let status = &mut self.status;
        let app = status.container_statuses.iter_mut().zip(spec.containers.iter());
        let init = status.init_container_statuses.iter_mut().zip(spec.init_containers.iter());
        for (status, container) in app.chain(init) {
            if status.name == container.name {
                status.name = Arc::clone(&container.name);
            }
        }
        for (own, other) in status.conditions.iter_mut().zip(&other.status.conditions) {
            if own.kind == other.kind {
                own.kind = Arc::clone(&other.kind);
            }
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

fn find<'a>(conditions: &'a [Condition], kind: &str) -> Option<&'a Condition> {
    conditions.iter().find(|condition| condition.kind.as_ref() == kind)
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

/// One condition of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// Its type, e.g. `Ready`.
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// Whether it holds.
    pub status: ConditionStatus,
    /// Why, in one word.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "Untrusted::is_empty"
    )]
    pub reason: Untrusted,
    /// Why, for people.
    #[serde(
        default,
        deserialize_with = "null_default",
        skip_serializing_if = "Untrusted::is_empty"
    )]
    pub message: Untrusted,
    /// When the status last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<ServerTime>,
    /// When the controller last wrote it (Deployments only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_update_time: Option<ServerTime>,
}

impl Condition {
    /// Whether it is known to hold.
    pub fn is_true(&self) -> bool {
        self.status == ConditionStatus::True
    }

    /// Whether its reason is this word.
    pub fn has_reason(&self, reason: &str) -> bool {
        self.reason.as_raw() == reason
    }
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ConditionStatus {
    /// It holds.
    True,
    /// It does not.
    False,
    /// The one who should know does not.
    #[serde(other)]
    Unknown,
}

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
    /// When the run began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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

#[cfg(test)]
mod tests {
    use super::*;

    const CRASHING: &str = r#"{
        "metadata": {"name": "app-1", "uid": "u1", "resourceVersion": "42", "labels": {"app": "a"},
            "ownerReferences": [{"uid": "r1", "controller": true}], "managedFields": [{"x": 1}]},
        "spec": {"nodeName": "n1", "restartPolicy": "Always", "volumes": null,
            "initContainers": [{"name": "proxy", "image": "p", "restartPolicy": "Always"}, {"name": "migrate", "image": "m"}],
            "containers": [{"name": "app", "image": "a", "lifecycle": {"postStart": {"exec": {"command": ["x"]}}}, "env": [{"name": "P", "value": "hunter2"}]}]},
        "status": {"phase": "Running", "conditions": [
                {"type": "Ready", "status": "False", "reason": "ContainersNotReady"}, {"type": "Initialized", "status": "True"},
                {"type": "PodScheduled", "status": "True"}, {"type": "PodReadyToStartContainers", "status": "True"}],
            "containerStatuses": [{"name": "app", "ready": false, "restartCount": 2, "image": "a", "imageID": "i",
                "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
                "lastState": {"terminated": {"exitCode": 139, "reason": "Error", "startedAt": "2026-01-01T00:00:00Z",
                    "finishedAt": "2026-01-01T00:00:07Z", "containerID": "containerd://c1"}}}],
            "initContainerStatuses": null, "fromTheFuture": {}}}"#;

    #[test]
    fn a_pod_of_the_api_is_read_and_survives_a_recording() {
        let pod: Pod = serde_json::from_str(CRASHING).unwrap();
        let line = serde_json::to_string(&pod).unwrap();
        assert_eq!(serde_json::from_str::<Pod>(&line).unwrap(), pod);
        assert!(!line.contains("hunter2") && !line.contains("managedFields"), "{line}");

        let roles: Vec<_> =
            pod.containers().map(|(role, c, _)| (role, c.name.to_string())).collect();
        assert_eq!(
            roles,
            [
                (Role::Sidecar, "proxy".into()),
                (Role::Init, "migrate".into()),
                (Role::App, "app".into())
            ]
        );
        let (_, app, status) = pod.containers().last().unwrap();
        let status = status.unwrap();
        assert!(app.can_be_killed_by_rule());
        assert!(status.waiting().unwrap().reason.as_raw() == "CrashLoopBackOff");
        let last = status.last_state.termination().unwrap();
        assert_eq!((last.signal(), last.lifetime().unwrap().as_secs()), (Some(11), 7));
        let kinds: Vec<_> = pod.status.conditions.iter().map(|c| c.kind.to_string()).collect();
        assert_eq!(kinds, ["Ready", "PodReadyToStartContainers"]);
    }

    #[test]
    fn deletion_was_requested_before_its_grace() {
        let requested = |grace: u32| {
            let pod = serde_json::json!({"metadata": {"name": "a", "uid": "u", "deletionTimestamp": "2026-01-01T00:00:40Z",
                "deletionGracePeriodSeconds": grace}, "spec": {"terminationGracePeriodSeconds": 10}});
            serde_json::from_value::<Pod>(pod).unwrap().deletion_requested().unwrap().to_string()
        };
        assert_eq!(requested(30), "2026-01-01 00:00:10 UTC");
        assert_eq!(requested(0), "2026-01-01 00:00:30 UTC");
    }

    #[test]
    fn pods_of_one_revision_share_their_containers_and_stay_the_same() {
        let (first, mut second): (Pod, Pod) = (pod_of(CRASHING), pod_of(CRASHING));
        second.share_with(&first);
        assert_eq!(second, first);
        assert!(Arc::ptr_eq(&second.spec.containers, &first.spec.containers));
        assert!(Arc::ptr_eq(&second.spec.init_containers, &first.spec.init_containers));
        let name = &second.status.container_statuses[0].name;
        assert!(Arc::ptr_eq(name, &first.spec.containers[0].name));
        let kinds = second.status.conditions.iter().zip(&first.status.conditions);
        assert!(kinds.into_iter().all(|(own, other)| Arc::ptr_eq(&own.kind, &other.kind)));
        let (owners, others) =
            (&second.metadata.owner_references, &first.metadata.owner_references);
        assert!(Arc::ptr_eq(owners, others));

        let mut other = pod_of(
            &CRASHING.replace("\"image\": \"a\", \"lifecycle\"", "\"image\": \"b\", \"lifecycle\""),
        );
        other.share_with(&first);
        assert_eq!(other.spec.containers[0].image.as_ref(), "b");
    }

    fn pod_of(json: &str) -> Pod {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn words_from_a_later_kubernetes_are_no_error() {
        let pod: Pod = serde_json::from_str(
            r#"{"metadata": {"name": "a", "uid": "u"}, "spec": {"restartPolicy": "Sometimes"},
                "status": {"phase": "Resting", "conditions": [{"type": "Ready", "status": "Perhaps"}],
                "containerStatuses": [{"name": "app", "state": {"hibernating": {}}}]}}"#,
        )
        .unwrap();
        assert_eq!((pod.status.phase, pod.is_ready()), (Phase::Unknown, false));
        assert_eq!(pod.status.container_statuses[0].state, ContainerState::Absent);
    }
}
