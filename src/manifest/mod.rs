//! What manifests declare: the workloads to judge, the images that they ask for, and where each of their parts is written.
//!
//! Manifests are read as kubectl reads them (checked against kubectl 1.37): documents of YAML or JSON, lists of objects, the
//! last of two equal keys holds, and merge keys take effect where they stand. Nothing is read here: whoever opens files
//! hands their bytes to a [`Collector`].
//!
//! Of an object only names, images and line numbers are kept. Values, those of Secrets above all, end with the document
//! that they stand in, and no error quotes one.
//!
//! | question | file |
//! |---|---|
//! | how text becomes documents, and documents a tree with lines | `yaml/` |
//! | which objects are targets, and what the others are | `object.rs` |
//! | which images a pod template asks for, and which lines its parts stand in | `template.rs` |
//! | what a part is, and where it is looked up | `sources.rs` |
//! | which object of several stands for a target | `collector.rs` |

mod collector;
mod error;
mod object;
mod sources;
mod template;
#[cfg(test)]
mod tests;
mod yaml;

use std::collections::BTreeMap;

pub use collector::{Collector, Input};
pub use error::{ManifestError, Problem};
pub use sources::{Part, Source, Sources};

use crate::{
    model::{Kind, Namespace, ObjectName},
    text::{Clean, words},
};

/// What a set of manifests declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifests {
    /// The workloads to judge, in the order of the manifests.
    pub targets: Vec<Declared>,
    /// Every other object.
    pub others: Vec<Other>,
}

/// A workload as its manifest declares it.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace; `None` where the manifest leaves it to the command.
    pub namespace: Option<Namespace>,
    /// Its name.
    pub name: ObjectName,
    /// The replicas that it asks for; `None` where the manifest does not say, as with an autoscaler.
    pub replicas: Option<u64>,
    /// A Job that is suspended, or another workload that is paused.
    pub is_paused: bool,
    /// The image of each container by its name, init containers and sidecars included. A container whose image is filled in
    /// elsewhere is not in it.
    pub images: BTreeMap<Box<str>, Box<str>>,
    /// Where its parts are written; empty if they come from stdin.
    pub sources: Sources,
}

/// An object that is not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its kind, e.g. `ConfigMap`.
    pub kind: Clean,
    /// The group of its API; empty for the core group.
    pub group: Clean,
    /// Its namespace; `None` where the manifest leaves it to the command, or the kind has none.
    pub namespace: Option<Namespace>,
    /// Its name; what a generated one begins with.
    pub name: Clean,
    /// Why it is not judged.
    pub why: NotJudged,
}

words! {
    /// Why an object of a manifest is not judged.
    pub enum NotJudged {
        /// It runs no pods: settings, services, accounts and so on.
        NoWorkload = "no_workload" / "runs no pods",
        /// Its kind is not one of Kubernetes' own.
        CustomResource = "custom_resource" / "custom resource",
        /// A Pod, a ReplicaSet or a CronJob: it has no rollout of its own.
        NoRollout = "no_rollout" / "has no rollout of its own",
        /// The server makes up its name, so that nothing tells which object it became.
        GeneratedName = "generated_name" / "its name is generated",
        /// A hook of Helm or Argo CD, which runs before or after the release.
        Hook = "hook" / "hook",
        /// A Deployment that a Rollout takes its template from, and scales down.
        WorkloadRef = "workload_ref" / "a Rollout runs its pods",
    }
}
