//! How far the kubelet came with a container, as the events of its pod tell.

use crate::model::{Container, KubeEvent, ServerTime};

/// How far the kubelet came with a container, by its latest event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gate) struct Step {
    pub(super) container: Box<str>,
    pub(super) stage: Stage,
    pub(super) at: Option<ServerTime>,
}

/// In the order in which the kubelet takes them: events have whole seconds
/// (Kubernetes 1.37 `pkg/kubelet/kuberuntime/kuberuntime_container.go`, `startContainer`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Pulling,
    Failed,
    Pulled,
    Created,
    Started,
}

/// The latest step of each container that the events of a pod tell.
pub(in crate::gate) fn steps(events: &[KubeEvent]) -> Box<[Step]> {
    let mut steps: Vec<Step> = Vec::new();
    for event in events {
        let stage = match event.reason.as_raw() {
            "Pulling" => Stage::Pulling,
            "Failed" | "BackOff" => Stage::Failed,
            "Pulled" => Stage::Pulled,
            "Created" => Stage::Created,
            "Started" => Stage::Started,
            _ => continue,
        };
        let Some(container) = event.container() else { continue };
        let step = Step { container: container.into(), stage, at: event.last };
        match steps.iter_mut().find(|known| known.container == step.container) {
            Some(known) if (known.at, known.stage) < (step.at, step.stage) => *known = step,
            Some(_) => {}
            None => steps.push(step),
        }
    }
    steps.into()
}

pub(super) fn step_of<'s>(container: &Container, steps: &'s [Step]) -> Option<&'s Step> {
    steps.iter().find(|step| *step.container == *container.name)
}
