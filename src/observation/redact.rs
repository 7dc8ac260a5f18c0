//! Hides secrets in what was seen.

use std::sync::Arc;

use super::{Observation, Read, Snapshot};
use crate::{
    model::{Condition, ContainerState, Pod, ReplicaSet, Workload},
    text::Redactor,
};

impl Observation {
    /// Hides secrets in all text of the cluster. It happens before the gate sees the text, so that a recording,
    /// which is redacted too, leads to the same verdict.
    pub fn redact(&mut self, redactor: &Redactor) {
        match self {
            Self::Read(read) => read.redact(redactor),
            Self::Snapshot(snapshot) => snapshot.redact(redactor),
            Self::WorkloadChanged(workload) => Arc::make_mut(workload).redact(redactor),
            Self::ReplicaSetChanged(replica_set) => replica_set.redact(redactor),
            Self::PodChanged(pod) | Self::PodDeleted(pod) => pod.redact(redactor),
            Self::ReadFailed(failure) => failure.message.redact(redactor),
            Self::NotConnected { why, hint } => {
                why.redact(redactor);
                hint.redact(redactor);
            }
            Self::Events { result, .. } => match result {
                Ok(events) => events.iter_mut().for_each(|event| {
                    event.reason.redact(redactor);
                    event.message.redact(redactor);
                }),
                Err(failure) => failure.message.redact(redactor),
            },
            Self::Log { result, .. } => match result {
                Ok(log) => log.excerpt.redact(redactor),
                Err(failure) => failure.message.redact(redactor),
            },
            Self::Change { result, .. } => match result {
                Ok(changes) => changes.iter_mut().for_each(|change| change.redact(redactor)),
                Err(failure) => failure.message.redact(redactor),
            },
            Self::Details { result, .. } => match result {
                Ok(details) => details.redact(redactor),
                Err(failure) => failure.message.redact(redactor),
            },
            Self::NodeLeases(Err(failure)) | Self::Services(Err(failure)) => {
                failure.message.redact(redactor)
            }
            Self::NodeLeases(Ok(_))
            | Self::Services(Ok(_))
            | Self::Access(_)
            | Self::Selected(_)
            | Self::WorkloadDeleted(_)
            | Self::Interrupted(_) => {}
        }
    }
}

impl Read {
    fn redact(&mut self, redactor: &Redactor) {
        all(&mut self.workloads, redactor);
        all(&mut self.replica_sets, redactor);
        all(&mut self.pods, redactor);
        self.unread.iter_mut().for_each(|one| one.failure.message.redact(redactor));
    }
}

impl Snapshot {
    fn redact(&mut self, redactor: &Redactor) {
        all(self.workload.as_mut_slice(), redactor);
        all(&mut self.replica_sets, redactor);
        all(&mut self.pods, redactor);
    }
}

fn all<T: Redact + Clone>(objects: &mut [Arc<T>], redactor: &Redactor) {
    objects.iter_mut().for_each(|object| Arc::make_mut(object).redact(redactor));
}

/// An object of the cluster that holds text which may hold secrets.
pub(super) trait Redact {
    /// Hides secrets.
    fn redact(&mut self, redactor: &Redactor);
}

impl Redact for Workload {
    fn redact(&mut self, redactor: &Redactor) {
        self.metadata_mut().own.redact(redactor);
        match self {
            Self::Deployment(deployment) => {
                redact_conditions(&mut deployment.status.conditions, redactor);
            }
            Self::Job(job) => redact_conditions(&mut job.status.conditions, redactor),
            Self::Rollout(rollout) => {
                redact_conditions(&mut rollout.status.conditions, redactor);
                rollout.analyses_mut().for_each(|analysis| analysis.message.redact(redactor));
                rollout.analysis_runs.iter_mut().for_each(|run| run.redact(redactor));
            }
            Self::Custom(custom) => custom.redact(redactor),
            // no other text of theirs is read
            Self::StatefulSet(_) | Self::DaemonSet(_) => {}
        }
    }
}

impl Redact for ReplicaSet {
    fn redact(&mut self, redactor: &Redactor) {
        redact_conditions(&mut self.status.conditions, redactor);
    }
}

impl Redact for Pod {
    fn redact(&mut self, redactor: &Redactor) {
        let status = &mut self.status;
        status.reason.redact(redactor);
        status.message.redact(redactor);
        redact_conditions(&mut status.conditions, redactor);
        let containers = status.container_statuses.iter_mut();
        for container in containers.chain(status.init_container_statuses.iter_mut()) {
            redact_state(&mut container.state, redactor);
            redact_state(&mut container.last_state, redactor);
        }
    }
}

fn redact_state(state: &mut ContainerState, redactor: &Redactor) {
    match state {
        ContainerState::Waiting(waiting) => {
            waiting.reason.redact(redactor);
            waiting.message.redact(redactor);
        }
        ContainerState::Terminated(termination) => {
            termination.reason.redact(redactor);
            termination.message.redact(redactor);
        }
        ContainerState::Absent | ContainerState::Running { .. } => {}
    }
}

fn redact_conditions(conditions: &mut [Condition], redactor: &Redactor) {
    for condition in conditions {
        condition.reason.redact(redactor);
        condition.message.redact(redactor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_reasons_are_hidden_as_in_messages() {
        let said = "password=hunter2";
        let state = |name: &str| serde_json::json!({ name: {"reason": said, "message": said, "exitCode": 1} });
        let pod = serde_json::json!({
            "metadata": {"name": "app-1", "namespace": "shop", "uid": "u"},
            "status": {
                "reason": said, "message": said,
                "conditions": [{"type": "Ready", "status": "False", "reason": said, "message": said}],
                "containerStatuses": [
                    {"name": "app", "state": state("waiting"), "lastState": state("terminated")},
                ],
            },
        });
        let pod = serde_json::from_value(pod).unwrap();
        let mut observation = Observation::PodChanged(pod);
        observation.redact(&Redactor::built_in());
        let shown = serde_json::to_string(&observation).unwrap();
        assert_eq!(shown.matches("password=[redacted]").count(), 8, "{shown}");
        assert!(!shown.contains("hunter2"));
    }
}
