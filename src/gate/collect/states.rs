//! What a container does and how it ended, in words.

use std::sync::Arc;

use crate::{
    gate::Gate,
    model::{Container, ContainerStatus, Pod},
    phrases,
    signs::back_off,
    text::{Clean, Untrusted},
};

/// A container's states in words.
#[derive(Clone, Debug, Default)]
pub(in crate::gate) struct ContainerWords {
    pub(in crate::gate) image: Option<Clean>,
    pub(in crate::gate) state: Option<Clean>,
    pub(in crate::gate) last_state: Option<Clean>,
    pub(in crate::gate) termination_message: Option<Clean>,
    pub(in crate::gate) back_off_seconds: Option<u64>,
}

impl ContainerWords {
    fn of(spec: &Container, status: Option<&ContainerStatus>) -> Self {
        let last = status.and_then(|status| status.last_state.termination());
        let ended = status.and_then(|status| status.state.termination()).or(last);
        let message = ended.map(|end| end.message.to_clean());
        let waiting = status.and_then(ContainerStatus::waiting);
        Self {
            image: Some(Untrusted::from(spec.image.as_ref()).to_clean_line(300)),
            state: status.map(|status| phrases::ending::state(&status.state)),
            last_state: last.map(phrases::ending::termination),
            termination_message: message.filter(|message| !message.trim().is_empty()),
            back_off_seconds: waiting.and_then(|waiting| back_off(waiting.message.as_raw())),
        }
    }

    /// Takes over what a later reading shows. The message that it left when it ended stays until there is another.
    pub(super) fn become_later(&mut self, later: Self) {
        let message = later.termination_message.or(self.termination_message.take());
        *self = Self { termination_message: message, ..later };
    }
}

impl Gate {
    /// A container that ended waits for its next run now, and says for how long.
    pub(in crate::gate) fn remember_back_off(&mut self, pod: &Pod) {
        let uid = &pod.metadata.uid;
        for (_, container, status) in pod.containers() {
            let waits = status.is_some_and(|status| status.waiting().is_some());
            if waits && self.collection.state(uid, Some(&container.name)).is_some() {
                self.remember_states(pod, Some(&container.name));
            }
        }
    }

    /// Keeps what a container does and how it ended, in words, for the pods that stand for a finding.
    pub(in crate::gate) fn remember_states(&mut self, pod: &Pod, container: Option<&Arc<str>>) {
        self.collection.keep_state(&pod.metadata.uid, container, || {
            let found = pod.containers().find(|(_, spec, _)| Some(&spec.name) == container);
            found.map(|(_, spec, status)| ContainerWords::of(spec, status)).unwrap_or_default()
        });
    }
}
