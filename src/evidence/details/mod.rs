//! What a person looks at next when a pod fails: its image, node, resources, probes and mounts, and the objects that it
//! refers to. Data, not words; no value of a variable, ConfigMap or Secret is in it.

mod container;
mod node;
mod object;
mod volume;

use serde::{Deserialize, Serialize};

use crate::{
    model::{ServerTime, Uid},
    text::{Clean, Redactor, Untrusted},
};

pub use container::{ContainerDetails, ImageTag, ProbeDetails, ProbeKind, ResourceDetails};
pub use node::{NodeCondition, NodeDetails, NodeFacts};
pub use object::{ObjectDetails, ObjectKind, Presence, Use};
pub use volume::{MountDetails, VolumeDetails};

/// Characters of an image that are shown: a cut tag or digest tells nothing.
pub const IMAGE_SHOWN: usize = 300;

/// Characters of a volume's source that are shown.
pub const SOURCE_SHOWN: usize = 120;

/// A pod whose key details are wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DetailsRequest {
    /// The pod.
    pub pod: PodName,
    /// One of the revision before, whose images are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_pod: Option<PodName>,
}

/// A pod by its name, and by its UID since names are used again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PodName {
    /// Its name.
    pub name: Box<str>,
    /// Its UID.
    pub uid: Uid,
}

/// The key details of one pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodDetails {
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<ServerTime>,
    /// When its kubelet took it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<ServerTime>,
    /// The node that it was bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeDetails>,
    /// How its service account's token is mounted.
    #[serde(default)]
    pub token: TokenMount,
    /// The objects that it refers to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ObjectDetails>,
    /// Its volumes, but for that of the service account's token.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<VolumeDetails>,
    /// Its containers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<ContainerDetails>,
}

/// Whether the token of the service account is mounted where clients look for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenMount {
    /// It is not.
    #[default]
    Absent,
    /// It is, and is renewed.
    Mounted {
        /// Seconds for which each token is valid.
        expiration_seconds: Option<i64>,
    },
}

impl PodDetails {
    /// What of it concerns a container: its own part, and what is the whole pod's.
    #[must_use]
    pub fn about(&self, container: Option<&str>) -> Self {
        let Some(name) = container else { return self.clone() };
        let is_own = |own: &Clean| **own == *name;
        let mut details = self.clone();
        details.containers.retain(|container| is_own(&container.name));
        for volume in &mut details.volumes {
            volume.mounts.retain(|mount| is_own(&mount.container));
        }
        for object in &mut details.objects {
            object.uses.retain(|reference| reference.container.as_ref().is_none_or(is_own));
        }
        details.objects.retain(|object| !object.uses.is_empty());
        details
    }

    /// The object of this kind and name, if the pod refers to it.
    pub fn object(&self, kind: ObjectKind, name: &str) -> Option<&ObjectDetails> {
        self.objects.iter().find(|object| object.kind == kind && &*object.name == name)
    }

    /// Hides what another redactor knows than the one it was made with, e.g. on a replay.
    pub fn redact(&mut self, redactor: &Redactor) {
        for container in &mut self.containers {
            let probes = container.probes.iter_mut().map(|probe| &mut probe.action);
            let ids = [&mut container.image_id, &mut container.image_id_before];
            let images = ids.into_iter().flatten().chain([&mut container.image]);
            for text in images.chain(probes) {
                *text = shown(text, redactor, IMAGE_SHOWN);
            }
        }
        for volume in &mut self.volumes {
            volume.source = shown(&volume.source, redactor, SOURCE_SHOWN);
        }
    }
}

/// A text on one line, its secrets hidden.
pub fn shown(text: &str, redactor: &Redactor, max_chars: usize) -> Clean {
    let mut text = Untrusted::from(text);
    text.redact(redactor);
    text.to_clean_line(max_chars)
}
