//! Why a pod of the new revision is not ready, from the pod and its events alone.
//!
//! Errors have symptoms of their own (`symptom.rs`, `stuck.rs`), and so have ended runs (`termination.rs`). This is what
//! is left: a pod that shows no error and does not come on.

mod awaited;
mod step;

use std::sync::Arc;

pub(in crate::gate) use crate::phrases::unready::Why;
use step::{Stage, step_of};
pub(in crate::gate) use step::{Step, steps};

use crate::{
    gate::names,
    model::{
        Container, ContainerState, ContainerStatus, GATES_NOT_READY, Phase, Pod, RestartPolicy,
        Role, ServerTime,
    },
    phrases::{self, unready},
    signs::{ReadinessGate, readiness_gates},
    text::{Clean, Untrusted},
};

/// One reason why a pod is not ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gate) struct Unready {
    pub(in crate::gate) why: Why,
    pub(in crate::gate) container: Option<Arc<str>>,
    pub(in crate::gate) role: Option<Role>,
    /// Since when, where the servers say so.
    since: Option<ServerTime>,
}

/// Why the pod is not ready; nothing where an error or an ended run tells.
pub(in crate::gate) fn reasons(pod: &Pod, steps: &[Step]) -> Vec<Unready> {
    let of_pod = |why, since| Unready { why, container: None, role: None, since };
    let status = &pod.status;
    // a scheduler that found no node says so in this condition
    let was_looked_at = pod.condition("PodScheduled").is_some();
    if pod.spec.node_name.is_none() {
        let name = pod.spec.scheduler_name.as_deref();
        let name = name.map(names::object);
        let reason = of_pod(Why::NoScheduler(name), pod.metadata.created);
        return if was_looked_at { Vec::new() } else { vec![reason] };
    }
    if status.container_statuses.is_empty() {
        let is_new = status.phase == Phase::Pending && !was_looked_at;
        return is_new.then(|| of_pod(Why::NotTaken, None)).into_iter().collect();
    }
    if !has_begun(pod)
        && let Some(reasons) = of_init_containers(pod, steps)
    {
        return reasons;
    }
    let found = of_containers(pod, steps);
    // sidecars count for the readiness of the pod
    let mut serving = pod.containers().filter(|(role, ..)| *role != Role::Init);
    if !found.is_empty() || !serving.all(|(.., status)| status.is_some_and(|of| of.ready)) {
        return found;
    }
    let why = gates(pod).unwrap_or(Why::NodeSilent);
    vec![of_pod(why, None)]
}

/// Whether a regular container was started: init containers are over then, whatever is still known of them.
fn has_begun(pod: &Pod) -> bool {
    pod.status.container_statuses.iter().any(|status| {
        status.restart_count > 0
            || matches!(
                status.state,
                ContainerState::Running { .. } | ContainerState::Terminated(_)
            )
    })
}

/// Of the init container that the others wait for: the kubelet starts one after the other, and a sidecar counts once
/// its hook returned and its startup probe passed. `None` if all are over.
fn of_init_containers(pod: &Pod, steps: &[Step]) -> Option<Vec<Unready>> {
    for (role, container, status) in pod.containers().filter(|(role, ..)| *role != Role::App) {
        let state = status.map(|status| &status.state);
        let why = match (role, state) {
            (Role::Init, Some(ContainerState::Terminated(end))) if end.exit_code == 0 => continue,
            (Role::Init, Some(ContainerState::Running { .. })) => Why::InitRuns,
            (_, Some(ContainerState::Running { .. })) => {
                if status.is_none_or(|status| status.started != Some(false)) {
                    continue;
                }
                Why::Startup
            }
            (_, Some(_)) if status.is_some_and(is_starting) => {
                return Some(vec![starting(pod, role, container, steps)]);
            }
            _ => return Some(Vec::new()),
        };
        return Some(vec![Unready {
            why,
            container: Some(container.name.clone()),
            role: Some(role),
            since: status.and_then(running_since),
        }]);
    }
    None
}

/// Of the containers that should run by now.
fn of_containers(pod: &Pod, steps: &[Step]) -> Vec<Unready> {
    let mut found = Vec::new();
    let mut waiting = Vec::new();
    for (role, container, status) in pod.containers().filter(|(role, ..)| *role != Role::Init) {
        let Some(status) = status else { continue };
        let policy = pod.restart_policy(role, container);
        let why = match &status.state {
            _ if status.ready => continue,
            ContainerState::Running { .. } if has_not_started(container, status) => Why::Startup,
            ContainerState::Running { .. } if container.readiness_probe.is_some() => Why::Readiness,
            ContainerState::Running { .. } => Why::Unreported,
            ContainerState::Terminated(end)
                if end.exit_code == 0
                    && matches!(policy, RestartPolicy::Never | RestartPolicy::OnFailure) =>
            {
                Why::Completed(policy)
            }
            ContainerState::Waiting(_) if is_starting(status) => {
                waiting.push((role, container));
                continue;
            }
            ContainerState::Waiting(_) | ContainerState::Terminated(_) | ContainerState::Absent => {
                continue;
            }
        };
        let (name, since) = (container.name.clone(), running_since(status));
        found.push(Unready { why, container: Some(name), role: Some(role), since });
    }
    // the kubelet starts them in their order, and waits for each pull and hook
    let has_step = |container: &Container| step_of(container, steps).is_some();
    let front = waiting.iter().rev().find(|(_, container)| has_step(container));
    if let Some((role, container)) = front.or(waiting.first()) {
        found.push(starting(pod, *role, container, steps));
    }
    found
}

fn has_not_started(container: &Container, status: &ContainerStatus) -> bool {
    container.startup_probe.is_some() && status.started == Some(false)
}

fn running_since(status: &ContainerStatus) -> Option<ServerTime> {
    match &status.state {
        ContainerState::Running { started_at } => *started_at,
        ContainerState::Absent | ContainerState::Waiting(_) | ContainerState::Terminated(_) => None,
    }
}

/// Whether the container waits for its first start, with no error. The kubelet reports nothing else until pull and hook
/// returned.
pub(in crate::gate) fn is_starting(status: &ContainerStatus) -> bool {
    status.waiting().is_some_and(|waiting| {
        matches!(waiting.reason.as_raw(), "" | "ContainerCreating" | "PodInitializing")
    })
}

/// Of the container that the kubelet starts at the moment.
fn starting(pod: &Pod, role: Role, container: &Container, steps: &[Step]) -> Unready {
    let step = step_of(container, steps);
    let has_sandbox = pod.condition("PodReadyToStartContainers").is_some();
    let why = match step.map(|step| step.stage) {
        Some(Stage::Pulling) => {
            Why::Pulling(Untrusted::from(container.image.as_ref()).to_clean_line(300))
        }
        Some(Stage::Started) if container.has_post_start() => Why::PostStart,
        Some(_) => Why::Creating,
        None if has_sandbox => Why::Creating,
        None => Why::Preparing,
    };
    let is_of_pod = why == Why::Preparing;
    Unready {
        since: step.and_then(|step| step.at),
        container: (!is_of_pod).then(|| container.name.clone()),
        role: (!is_of_pod).then_some(role),
        why,
    }
}

/// The readiness gates that keep the pod from being ready.
fn gates(pod: &Pod) -> Option<Why> {
    let ready = pod.condition("Ready").filter(|ready| ready.has_reason(GATES_NOT_READY))?;
    let gates = readiness_gates(ready.message.as_raw());
    let is_set = |gate: &ReadinessGate<'_>| gate.is_set || pod.condition(gate.name).is_some();
    let of_gate = |gate: &ReadinessGate<'_>| {
        let shown = Untrusted::from(gate.name).to_clean_line(316);
        if !is_set(gate) {
            return unready::gate_unset(&shown);
        }
        let condition = pod.condition(gate.name);
        let said = condition.map(|is| [is.reason.to_clean_line(80), is.message.to_clean_line(300)]);
        unready::gate_not_true(&shown, said.into_iter().flatten())
    };
    let words: Vec<Clean> = gates.iter().map(of_gate).collect();
    let words = match words.as_slice() {
        [] => unready::some_gate_not_true(&ready.message.to_clean_line(300)),
        words => phrases::first_few(words, 3),
    };
    Some(Why::Gates { words, are_set: gates.is_empty() || gates.iter().any(is_set) })
}

impl Unready {
    /// Whether later events may tell more.
    pub(in crate::gate) fn is_told_by_events(&self) -> bool {
        matches!(
            self.why,
            Why::NotTaken | Why::Preparing | Why::Creating | Why::Pulling(_) | Why::PostStart
        )
    }

    /// Whether it is the same reason, however long it lasts by now, or what events told of it since.
    pub(in crate::gate) fn goes_on(&self, before: &Self) -> bool {
        (self.is_told_by_events() && before.is_told_by_events())
            || (&self.why, &self.container) == (&before.why, &before.container)
    }
}
