//! What to collect about a failure, and what was collected. How it is fetched is `cluster`'s concern; when, the gate's.

mod attribution;
mod change;
mod comparison;
mod details;
mod events;
mod runs;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    model::Uid,
    text::{Clean, Excerpt, telling_line, until_shutdown},
};

pub use attribution::Attribution;
pub use change::{Change, ChangeKind, ChangeRequest, Changes, RevisionName, is_only_restart};
pub use comparison::{Comparison, NodeCompared, OldPodsCompared};
pub use details::{
    ContainerDetails, DetailsRequest, IMAGE_SHOWN, ImageTag, MountDetails, NodeCondition,
    NodeDetails, NodeFacts, ObjectDetails, ObjectKind, PodDetails, PodName, Presence, ProbeDetails,
    ProbeKind, ResourceDetails, SOURCE_SHOWN, TokenMount, Use, VolumeDetails, shown,
};
pub use events::{EventLine, fold};
pub use runs::{EndedRun, Runs};

/// Something that the gate wants to be fetched; the answer comes back as an observation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceRequest {
    /// The events of an object.
    Events(EventsRequest),
    /// A log excerpt of a container.
    Log(LogRequest),
    /// What changed between two revisions.
    Change(ChangeRequest),
    /// The key details of a pod.
    Details(DetailsRequest),
}

/// The events of one object, chosen by UID since names are used again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EventsRequest {
    /// Its kind, e.g. `Pod`.
    pub kind: Box<str>,
    /// Its name, for people.
    pub name: Box<str>,
    /// Its UID.
    pub uid: Uid,
}

/// The log of one run of a container.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LogRequest {
    /// The pod's name.
    pub pod: Box<str>,
    /// The pod's UID: a log of another pod with that name is no answer.
    pub pod_uid: Uid,
    /// The container.
    pub container: Arc<str>,
    /// The run as seen from the reading that raised the suspicion.
    pub run: LogRun,
    /// The runtime's ID of the run that is wanted; empty where it is not known.
    pub container_id: Box<str>,
    /// How many lines to keep.
    pub lines: usize,
}

/// Which run of a container a log is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogRun {
    /// The run that the kubelet shows without `previous`.
    Current,
    /// The run before (`previous=true`).
    Previous,
    /// In an answer: the run after the one that was asked for, whose own log is gone.
    Next,
}

/// A log excerpt that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEvidence {
    /// The run that it was read from.
    pub run: LogRun,
    /// Its lines.
    pub excerpt: Excerpt,
}

/// What is known of one failure, shown on one pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The pod that is shown.
    pub pod: Clean,
    /// The node that it ran on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<Clean>,
    /// The image that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Clean>,
    /// What the container does, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Clean>,
    /// How its last run ended, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_state: Option<Clean>,
    /// Its runs that ended.
    #[serde(default, skip_serializing_if = "Runs::is_empty")]
    pub runs: Runs,
    /// What the process, or the runtime, left as termination message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub termination_message: Option<Clean>,
    /// The log of the run that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogEvidence>,
    /// The key details of the pod, as far as they concern the container; `None` if they were not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Box<PodDetails>>,
    /// Events of the pod, the ReplicaSet and the workload since the rollout began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventLine>,
}

impl Evidence {
    /// What the log says of the failure in one line of at most so many characters. The words of another run than the
    /// one that failed are not its own. `is_killed`: a probe ended it, and what it says after that explains nothing.
    pub fn telling_line(&self, max_chars: usize, is_killed: bool) -> Option<Clean> {
        let log = self.log.as_ref().filter(|log| log.run != LogRun::Next)?;
        let lines: Vec<&str> = log.excerpt.lines().map(AsRef::as_ref).collect();
        let number = telling_line(if is_killed { until_shutdown(&lines) } else { &lines })?;
        log.excerpt.lines().nth(number).map(|line| line.said(max_chars))
    }
}

/// A part of the evidence, or of the reading, that could not be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageGap {
    /// What was wanted, e.g. `log of container app in pod app-1`.
    pub what: Clean,
    /// Why it could not be had.
    pub why: Clean,
}
