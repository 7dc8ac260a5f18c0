//! What a run sees: the inputs of a fleet. A recording is a list of them, so a replay is the same run.

mod absence;
mod failure;
mod objects;
mod read;
mod redact;
mod world;

pub use absence::{Absence, Instead};
pub use failure::{FailureKind, ReadFailure, Resource};
pub use objects::Named;
pub use read::{Read, Snapshot, Unread};
pub use world::{Kept, World};

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    evidence::{
        Change, ChangeRequest, DetailsRequest, EventsRequest, EvidenceRequest, LogEvidence,
        LogRequest, PodDetails,
    },
    model::{Context, Elapsed, KubeEvent, Pod, ReplicaSet, Service, TargetRef, Uid, Workload},
    text::Untrusted,
};

/// One observation, when it was made and whom it concerns: a line of a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// When it reached the fleet.
    #[serde(rename = "t")]
    pub elapsed: Elapsed,
    /// Where it was made; the first scope where a line names none. It tells nothing where a target is named.
    #[serde(default, skip_serializing_if = "ScopeId::is_first")]
    pub scope: ScopeId,
    /// The target that asked for it; `None` if it concerns all targets of the scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetId>,
    /// What was observed.
    #[serde(rename = "saw")]
    pub observation: Observation,
}

impl Observed {
    /// What concerns all targets of the first scope.
    pub fn new(elapsed: Elapsed, observation: Observation) -> Self {
        Self::of_scope(ScopeId::default(), elapsed, observation)
    }

    /// What concerns all targets of a scope.
    pub fn of_scope(scope: ScopeId, elapsed: Elapsed, observation: Observation) -> Self {
        Self { elapsed, scope, target: None, observation }
    }

    /// The answer to what a target asked for.
    pub fn of_target(target: TargetId, elapsed: Elapsed, observation: Observation) -> Self {
        Self { target: Some(target), ..Self::new(elapsed, observation) }
    }
}

/// A namespace of a cluster in which targets are watched together: its place among those of the run, in the order in
/// which targets name them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ScopeId(pub u32);

impl ScopeId {
    /// Its place in a list of all scopes.
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_first(&self) -> bool {
        self.0 == 0
    }
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

/// Something that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Observation {
    /// What may be read, asked for before the watch.
    Access(Vec<AccessReview>),
    /// One consistent read of a scope, less what was known.
    Read(Read),
    /// What a consistent read says of one target. Recordings of format 1 hold these, since they have one target.
    Snapshot(Snapshot),
    /// A watch showed the workload.
    WorkloadChanged(Arc<Workload>),
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
    /// There is no way to the cluster: its kubeconfig cannot be used, or its credential plugin failed.
    NotConnected {
        /// Why, in one line.
        why: Untrusted,
        /// What to do; empty where the reason says it all.
        hint: Untrusted,
    },
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
    /// The Services of a scope were read, or could not be.
    Services(Result<Arc<[Service]>, ReadFailure>),
    /// What was selected was looked for again: what is there that was not known.
    Selected(Vec<Appeared>),
    /// The operating system asked the program to stop.
    Interrupted(Signal),
}

impl Observation {
    /// The answer to a request for evidence that came to nothing; `why` is told of the resource that was asked for.
    pub fn unanswered(request: EvidenceRequest, why: ReadFailure) -> Self {
        let failure = |resource| ReadFailure { resource, ..why };
        match request {
            EvidenceRequest::Events(request) => {
                Self::Events { request, result: Err(failure(Resource::Events)) }
            }
            EvidenceRequest::Log(request) => {
                Self::Log { request, result: Err(failure(Resource::Logs)) }
            }
            EvidenceRequest::Change(request) => {
                Self::Change { request, result: Err(failure(Resource::ReplicaSets)) }
            }
            EvidenceRequest::Details(request) => {
                Self::Details { request, result: Err(failure(Resource::Pods)) }
            }
        }
    }
}

/// A target that was not there when the run began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeared {
    /// The context of its cluster; `None` where none is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// The workload.
    #[serde(flatten)]
    pub target: TargetRef,
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
