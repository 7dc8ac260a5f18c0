//! What changed between two revisions of a workload, in words. Most failures of a rollout are in it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    clean,
    model::{RevisionKind, Uid},
    text::{Clean, Redactor, Untrusted},
};

/// The annotation that `kubectl rollout restart` sets (Kubernetes 1.36 `kubectl/pkg/polymorphichelpers/objectrestarter.go`).
const RESTARTED_AT: &str = "annotation kubectl.kubernetes.io/restartedAt";

/// Two revisions, whose templates are to be compared where they are read: values that are secret stay there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChangeRequest {
    /// What holds them; recordings made before there was a choice do not say it.
    #[serde(default = "replica_set", skip_serializing_if = "is_replica_set")]
    pub kind: RevisionKind,
    /// The earlier revision.
    pub before: RevisionName,
    /// The revision that is judged.
    pub after: RevisionName,
}

fn replica_set() -> RevisionKind {
    RevisionKind::ReplicaSet
}

fn is_replica_set(kind: &RevisionKind) -> bool {
    *kind == RevisionKind::ReplicaSet
}

/// The object that holds a revision, by its name, and by its UID since names are used again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RevisionName {
    /// Its name.
    pub name: Box<str>,
    /// Its UID.
    pub uid: Uid,
}

/// The differences between the revision that is judged and one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The ReplicaSet that it is compared with.
    pub since: Clean,
    /// Its number, as `kubectl rollout history` has it.
    pub since_number: Option<u64>,
    /// Whether pods of it are available, as last read.
    pub since_available: bool,
    /// Whether pods of it were available when deploygate started; else it is only the one with the next lower number.
    pub since_was_available: bool,
    /// What differs in the pod template, the most suspicious first.
    pub changes: Vec<Change>,
    /// The template differs in nothing but the mark of `kubectl rollout restart`.
    pub only_restarted: bool,
    /// ConfigMaps and Secrets that the pods use and that were written after the earlier revision was made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub written_since: Vec<Clean>,
}

/// One difference. A value that is or may be secret is `[redacted]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What kind of thing it is.
    pub kind: ChangeKind,
    /// The container; `None` for what concerns the pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<Clean>,
    /// What differs, e.g. `image`, `env LOG_LEVEL`.
    pub what: Clean,
    /// The earlier value; `None` where it was not there.
    pub before: Option<Clean>,
    /// The value of the revision that is judged; `None` where it is gone.
    pub after: Option<Clean>,
}

/// What differs, in the order of suspicion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The image of a container.
    Image,
    /// A container that came or went.
    Container,
    /// Command, arguments, working directory.
    Command,
    /// A variable with a value of its own.
    Environment,
    /// ConfigMaps and Secrets that variables or pulls refer to.
    Reference,
    /// Requests and limits.
    Resources,
    /// Probes and hooks.
    Probe,
    /// Volumes and mounts.
    Mount,
    /// Security contexts and the service account.
    Security,
    /// Anything else in the pod's specification.
    Other,
    /// Labels and annotations.
    Metadata,
}

impl Change {
    /// The difference in a line.
    pub fn line(&self) -> Clean {
        let what = match &self.container {
            Some(container) => clean!("container {}: {}", container, self.what),
            None => self.what.clone(),
        };
        match (&self.before, &self.after) {
            (Some(before), Some(after)) if before == after => clean!("{} changed: {}", what, after),
            (Some(before), Some(after)) => clean!("{}: {} → {}", what, before, after),
            (None, Some(after)) => clean!("{} added: {}", what, after),
            (Some(before), None) => clean!("{} removed, was: {}", what, before),
            (None, None) => clean!("{} changed", what),
        }
    }

    /// Hides what another redactor knows than the one it was made with, e.g. on a replay.
    pub fn redact(&mut self, redactor: &Redactor) {
        for value in [&mut self.before, &mut self.after].into_iter().flatten() {
            if let Cow::Owned(redacted) = redactor.redact(value) {
                *value = Untrusted::from(redacted).to_clean_line(super::IMAGE_SHOWN);
            }
        }
    }
}

/// Whether these differences are those of a restart alone.
pub fn is_only_restart(changes: &[Change]) -> bool {
    !changes.is_empty() && changes.iter().all(|change| &*change.what == RESTARTED_AT)
}
