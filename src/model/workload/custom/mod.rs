//! Custom resources: any object of a namespace that tells of itself by conditions, whatever else is in it.

mod read;

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

use super::{
    super::{Condition, LabelSelector, PodTemplate, ServerTime, Uid, WorkloadMeta},
    target::ResourceName,
};
use crate::text::{Redactor, Untrusted};

/// A custom resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Custom {
    /// Name, UID, generation, and who deploys it.
    pub metadata: WorkloadMeta,
    /// As its target names it; `None` in what the API server wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceName>,
    /// When something beside its metadata and status was last written, by its managers; `None` where none tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<ServerTime>,
    /// What its controller saw; `None` if nothing was ever written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<CustomStatus>,
    /// Through which objects its pods hang on it; empty in what a watch shows.
    #[serde(skip_serializing_if = "Lineage::is_empty")]
    pub lineage: Lineage,
}

/// What the controller of a custom resource saw, as far as it follows Kubernetes' conventions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomStatus {
    /// The generation that the rest speaks of; `None` where the status does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Its conditions, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<ResourceCondition>,
}

/// A condition of a custom resource (`k8s.io/apimachinery/pkg/apis/meta/v1`, `Condition`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceCondition {
    /// Its type, e.g. `Ready`: any text.
    #[serde(rename = "type")]
    pub kind: Untrusted,
    /// `True`, `False` or `Unknown`, and maybe another text.
    pub status: Untrusted,
    /// Why, in a word.
    #[serde(skip_serializing_if = "Untrusted::is_empty")]
    pub reason: Untrusted,
    /// Why, for people.
    #[serde(skip_serializing_if = "Untrusted::is_empty")]
    pub message: Untrusted,
    /// The generation that it speaks of; `None` where it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// When its status last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<ServerTime>,
}

impl ResourceCondition {
    /// Whether it has this status, whatever its case, as `kubectl wait` compares.
    pub fn is(&self, status: &str) -> bool {
        self.status.as_raw().eq_ignore_ascii_case(status)
    }
}

/// What was found between pods and a custom resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lineage {
    /// The objects that lead to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Uid>,
    /// Those of them that are Jobs: a pod of theirs is an attempt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jobs: Vec<OwnedJob>,
    /// Owners of pods that may not be read, so that it is not known where they lead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<UnreadableOwner>,
}

impl Lineage {
    fn is_empty(&self) -> bool {
        self.owners.is_empty() && self.unreadable.is_empty()
    }
}

/// A Job that leads to a custom resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedJob {
    /// Its UID.
    pub uid: Uid,
    /// Its name.
    pub name: Untrusted,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<ServerTime>,
    /// The condition by which it failed for good; `None` while it has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Condition>,
}

/// An owner that may not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableOwner {
    /// Its resource, as RBAC names it, with its group: `podsets.example.com`.
    pub resource: Untrusted,
    /// Its name.
    pub name: Untrusted,
}

impl Custom {
    /// The condition of this type; the first of several.
    pub fn condition(&self, kind: &str) -> Option<&ResourceCondition> {
        self.conditions().find(|condition| condition.kind.as_raw() == kind)
    }

    /// Its conditions.
    pub fn conditions(&self) -> impl Iterator<Item = &ResourceCondition> {
        self.status.iter().flat_map(|status| &status.conditions)
    }

    /// Hides secrets in the words of its conditions, and in those of its Jobs.
    pub fn redact(&mut self, redactor: &Redactor) {
        for condition in self.status.iter_mut().flat_map(|status| &mut status.conditions) {
            for text in [
                &mut condition.kind,
                &mut condition.status,
                &mut condition.reason,
                &mut condition.message,
            ] {
                text.redact(redactor);
            }
        }
        for condition in self.lineage.jobs.iter_mut().filter_map(|job| job.failed.as_mut()) {
            condition.reason.redact(redactor);
            condition.message.redact(redactor);
        }
    }
}

/// The template of what has none.
pub(super) fn no_template() -> &'static PodTemplate {
    static NONE: LazyLock<PodTemplate> = LazyLock::new(PodTemplate::default);
    &NONE
}

/// The selector of what chooses no pods by their labels.
pub(super) fn every_pod() -> &'static LabelSelector {
    static EVERY: LabelSelector =
        LabelSelector { match_labels: BTreeMap::new(), match_expressions: Vec::new() };
    &EVERY
}
