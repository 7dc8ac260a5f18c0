//! What the cluster says: slim types that own their data, decoded from an API server's JSON and from recordings alike.
//!
//! They keep only what a verdict or its evidence needs, so that 5,000 pods fit into a few megabytes.
//! No judgement is made here.

mod condition;
mod context;
mod deployer;
mod event;
mod labels;
mod marks;
mod name;
mod node;
mod object;
mod own;
mod pod;
pub mod seconds;
mod service;
mod template;
mod time;
mod workload;

pub use condition::{Condition, ConditionStatus};
pub use context::{Context, Server};
pub use deployer::{TemplateManagers, WorkloadMeta};
pub use event::{EventKind, KubeEvent, ObjectReference};
pub use labels::{LabelSelector, Labels};
pub use marks::Marks;
pub(crate) use name::is_word;
pub use name::{NameError, Namespace, ObjectName};
pub use node::Node;
pub use object::{Meta, OwnerReference, Uid};
pub use own::{ANNOTATION_PREFIX, Own};
pub use pod::{
    Container, ContainerState, ContainerStatus, GATES_NOT_READY, Phase, Pod, PodSpec, PodStatus,
    Probe, RestartPolicy, Role, Termination, Waiting,
};
pub use service::{Exposure, Service, ServiceName, ServicePort, ServiceSpec};
pub use template::{PodTemplate, TemplateDigest};
pub use time::{Elapsed, ServerClock, ServerTime};
pub use workload::{
    AnalysisRun, AnalysisStatus, ControllerRevision, Custom, CustomStatus, DaemonSet, Deployment,
    DeploymentSpec, DeploymentStatus, Job, JobEnding, JobStatus, Kind, Lineage, MetricResult,
    OwnedJob, ReplicaSet, ReplicaSetStatus, ResourceCondition, ResourceName, ResourceNameError,
    RevisionKind, Rollout, StatefulSet, TargetKind, TargetName, TargetRef, UnreadableOwner,
    Workload, WorkloadRef,
};

use serde::{Deserialize, Deserializer};

/// Reads an explicit `null` as the default: API servers send it for empty lists, and `#[serde(default)]` alone refuses it.
fn null_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
