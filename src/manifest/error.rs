//! What can be wrong with manifests.

use std::fmt;

use crate::text::Clean;

/// What is wrong with a manifest, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ManifestError {
    /// The file or folder as it was named; `stdin`.
    pub file: Clean,
    /// The line, from 1 on; `None` where it is the file as a whole.
    pub line: Option<u32>,
    /// What is wrong.
    #[source]
    pub problem: Problem,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.problem),
            None => write!(f, "{}: {}", self.file, self.problem),
        }
    }
}

/// What is wrong. The texts quote names, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It cannot be opened or read.
    #[error("failed to read: {0}")]
    Unreadable(Clean),
    /// `-f` was given an address.
    #[error("URLs are not supported: download the file first, or pipe it to `-f -`")]
    Url,
    /// `-f -` was given more than once.
    #[error("stdin can be read only once")]
    StdinTwice,
    /// There are more bytes, files, objects or nodes than anyone writes.
    #[error("too large: {what} (at most {most})")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How many are read.
        most: usize,
    },
    /// The bytes are no text.
    #[error("not a text file in UTF-8: expected YAML or JSON")]
    NotText,
    /// It does not parse.
    #[error("not valid YAML: {0}")]
    NotYaml(Clean),
    /// `{{`, where a value must be.
    #[error(
        "unrendered template (`{{{{`): render it first, e.g. `helm template CHART | deploygate wait -f -`"
    )]
    Template,
    /// A document that is a text or a list.
    #[error("not a Kubernetes object: expected a mapping with apiVersion, kind and metadata")]
    NoObject,
    /// A field without which an object is none.
    #[error("missing {0}")]
    Missing(&'static str),
    /// A field that Kubernetes would not take.
    #[error("invalid {field}: {expected}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What it must be.
        expected: Clean,
    },
    /// A kustomization, which is no manifest yet.
    #[error(
        "a kustomization, not a manifest: render it first: `kubectl kustomize DIR | deploygate wait -f -`"
    )]
    Kustomization,
    /// Nothing in it can be judged.
    #[error(
        "no workload to judge found{0}: expected a Deployment, StatefulSet, DaemonSet, Job or Argo Rollout"
    )]
    NoWorkload(Clean),
}

/// A problem and its line, before the file is known.
pub(super) type Failure = (Option<u32>, Problem);
