//! The inputs of the gate. A recording is a list of them, so a replay is the same run.

use serde::{Deserialize, Serialize};

use crate::{
    evidence::{
        Change, ChangeRequest, DetailsRequest, EventsRequest, LogEvidence, LogRequest, PodDetails,
    },
    model::{ControllerRevision, Elapsed, KubeEvent, Pod, ReplicaSet, ServerTime, Uid, Workload},
    text::{Redactor, Untrusted, words},
};

/// One observation and when it was made: a line of a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// When it reached the gate.
    #[serde(rename = "t")]
    pub elapsed: Elapsed,
    /// What was observed.
    #[serde(rename = "saw")]
    pub observation: Observation,
}

/// A target of the run: its place among those that were asked for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct TargetId(pub u32);

impl TargetId {
    /// Its place in a list of all targets.
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// Something that the gate is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Observation {
    /// What may be read, asked for before the watch.
    Access(Vec<AccessReview>),
    /// One consistent read of everything that the verdict rests on.
    Snapshot(Snapshot),
    /// A watch showed the workload.
    WorkloadChanged(Workload),
    /// A watch showed that the workload is gone.
    WorkloadDeleted(Uid),
    /// A watch showed a ReplicaSet.
    ReplicaSetChanged(ReplicaSet),
    /// A watch showed a pod.
    PodChanged(Pod),
    /// A watch showed the last state of a pod that is gone.
    PodDeleted(Pod),
    /// A consistent read failed.
    ReadFailed(ReadFailure),
    /// The events of an object were read, or could not be.
    Events {
        /// What was asked.
        request: EventsRequest,
        /// The answer.
        result: Result<Vec<KubeEvent>, ReadFailure>,
    },
    /// A log was read, or could not be.
    Log {
        /// What was asked.
        request: LogRequest,
        /// The answer.
        result: Result<LogEvidence, ReadFailure>,
    },
    /// Two revisions were compared, or could not be.
    Change {
        /// What was asked.
        request: ChangeRequest,
        /// The answer.
        result: Result<Vec<Change>, ReadFailure>,
    },
    /// The key details of a pod were read, or could not be.
    Details {
        /// What was asked.
        request: DetailsRequest,
        /// The answer.
        result: Result<Box<PodDetails>, ReadFailure>,
    },
    /// The Leases of nodes were read, or could not be.
    NodeLeases(Result<Vec<NodeLease>, ReadFailure>),
    /// The operating system asked the program to stop.
    Interrupted(Signal),
}

impl Observation {
    /// Hides secrets in all text of the cluster. It happens before the gate sees the text, so that a recording,
    /// which is redacted too, leads to the same verdict.
    pub fn redact(&mut self, redactor: &Redactor) {
        match self {
            Self::Snapshot(snapshot) => snapshot.redact(redactor),
            Self::WorkloadChanged(workload) => redact_workload(workload, redactor),
            Self::ReplicaSetChanged(replica_set) => redact_replica_set(replica_set, redactor),
            Self::PodChanged(pod) | Self::PodDeleted(pod) => redact_pod(pod, redactor),
            Self::ReadFailed(failure) => failure.message.redact(redactor),
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
            Self::NodeLeases(Err(failure)) => failure.message.redact(redactor),
            Self::NodeLeases(Ok(_))
            | Self::Access(_)
            | Self::WorkloadDeleted(_)
            | Self::Interrupted(_) => {}
        }
    }
}

/// One consistent read: the workload, its revisions and its pods, each no older than the request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The target; `None` if there is none of that name.
    pub workload: Option<Workload>,
    /// The ReplicaSets that its selector chooses, where they hold its revisions.
    pub replica_sets: Vec<ReplicaSet>,
    /// The ControllerRevisions that its selector chooses, where they hold its revisions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controller_revisions: Vec<ControllerRevision>,
    /// The pods that its selector chooses, old revisions' and foreign ones too.
    pub pods: Vec<Pod>,
    /// The API server's clock, from its `Date` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<ServerTime>,
    /// When the deletion of the namespace was requested: no pod can be created in it since, and no event says so. It is
    /// read only where the target or pods are missing, and as far as is permitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace_deleted: Option<ServerTime>,
}

impl Snapshot {
    fn redact(&mut self, redactor: &Redactor) {
        self.workload.iter_mut().for_each(|workload| redact_workload(workload, redactor));
        self.replica_sets.iter_mut().for_each(|set| redact_replica_set(set, redactor));
        self.pods.iter_mut().for_each(|pod| redact_pod(pod, redactor));
    }
}

/// How a node says that it lives: its kubelet renews the Lease of its name in `kube-node-lease` every 10 s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeLease {
    /// The node.
    pub node: Untrusted,
    /// `spec.renewTime` as the server wrote it, to be compared only; `None` if there is no such Lease.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed: Option<Box<str>>,
}

fn redact_workload(workload: &mut Workload, redactor: &Redactor) {
    match workload {
        Workload::Deployment(deployment) => {
            redact_conditions(&mut deployment.status.conditions, redactor);
        }
        Workload::Job(job) => redact_conditions(&mut job.status.conditions, redactor),
        // no text of theirs is read
        Workload::StatefulSet(_) | Workload::DaemonSet(_) => {}
    }
}

fn redact_replica_set(replica_set: &mut ReplicaSet, redactor: &Redactor) {
    redact_conditions(&mut replica_set.status.conditions, redactor);
}

fn redact_conditions(conditions: &mut [crate::model::Condition], redactor: &Redactor) {
    for condition in conditions {
        condition.reason.redact(redactor);
        condition.message.redact(redactor);
    }
}

fn redact_pod(pod: &mut Pod, redactor: &Redactor) {
    let status = &mut pod.status;
    status.reason.redact(redactor);
    status.message.redact(redactor);
    redact_conditions(&mut status.conditions, redactor);
    let containers = status.container_statuses.iter_mut();
    for container in containers.chain(status.init_container_statuses.iter_mut()) {
        for state in [&mut container.state, &mut container.last_state] {
            match state {
                crate::model::ContainerState::Waiting(waiting) => {
                    waiting.reason.redact(redactor);
                    waiting.message.redact(redactor);
                }
                crate::model::ContainerState::Terminated(termination) => {
                    termination.reason.redact(redactor);
                    termination.message.redact(redactor);
                }
                crate::model::ContainerState::Absent
                | crate::model::ContainerState::Running { .. } => {}
            }
        }
    }
}

/// Why a read failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadFailure {
    /// What was read.
    pub resource: Resource,
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// The server's or the client's text.
    pub message: Untrusted,
}

words! {
    /// What is read.
    pub enum Resource {
        /// The target itself.
        Workload = "workload" / "deployments",
        /// Its ReplicaSets.
        ReplicaSets = "replica_sets" / "replicasets",
        /// Its ControllerRevisions.
        ControllerRevisions = "controller_revisions" / "controllerrevisions",
        /// Its pods.
        Pods = "pods",
        /// Logs of its pods.
        Logs = "logs" / "pods/log",
        /// Events.
        Events = "events",
        /// Leases of nodes, in the namespace `kube-node-lease`.
        NodeLeases = "node_leases" / "leases",
    }
}

/// What kind of failure a read met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// No answer: refused, reset, timed out, cut off.
    Unreachable,
    /// The server does not know who asks (401).
    Unauthorized,
    /// The server knows and refuses (403).
    Forbidden,
    /// There is no such thing (404).
    NotFound,
    /// The server is overloaded or broken (429, 5xx).
    Unavailable,
    /// The answer makes no sense.
    Malformed,
    /// The server refuses the request for another reason, e.g. a log of a container that never ran (400).
    Refused,
}

/// The answer to one SelfSubjectAccessReview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessReview {
    /// The resource.
    pub resource: Resource,
    /// The verb, e.g. `list`.
    pub verb: Box<str>,
    /// Whether it is allowed.
    pub allowed: bool,
}

/// A signal that ends the watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// SIGINT, Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
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
