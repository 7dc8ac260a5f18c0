//! `deploygate.yaml`: settings for all targets and for some, what to judge, and what may not be weakened.
//!
//! | question | file |
//! |---|---|
//! | how a text becomes a tree with lines, and what is refused | `tree.rs` |
//! | which keys there are, and what their values are | `read.rs` |
//! | which file is read, and what one that was only found may not set | `find.rs` |
//! | which targets a file has | `entry.rs` |
//! | for which targets its settings are | `gate/policy/rule.rs` |

mod entry;
mod find;
mod read;
#[cfg(test)]
mod tests;
mod tree;

use std::{fmt, path::PathBuf};

pub(super) use entry::Entry;
pub(super) use find::{FileArgs, find};

use super::{connect::ConnectArgs, output_args::OutputArgs, values::given};
use crate::{
    fleet::{Release, Target, add_notes},
    gate::{Annotations, Bounds, Origin, Policy, Value},
    text::{Clean, Untrusted},
    vocabulary::OnFailure,
};

/// The name of the file that is looked for in the working directory.
const NAME: &str = "deploygate.yaml";

/// What a policy file says.
#[derive(Debug, Default)]
pub(super) struct PolicyFile {
    /// For every target.
    pub(super) defaults: Vec<(Value, Origin)>,
    /// Whether to go on after the first failure.
    pub(super) keep_going: Option<(bool, Origin)>,
    /// Regular expressions of what to hide.
    pub(super) redact: Vec<String>,
    /// The targets.
    pub(super) targets: Vec<Entry>,
    /// Reports, `FORMAT=PATH`, with their lines.
    pub(super) reports: Vec<(String, u32)>,
    /// The kubeconfig, with its line.
    pub(super) kubeconfig: Option<(PathBuf, u32)>,
    /// What to do after a failure, with its line.
    pub(super) on_failure: Option<((OnFailure, Origin), u32)>,
    /// Which annotations are taken.
    pub(super) annotations: Annotations,
    /// What annotations and targets may not go beyond.
    pub(super) bounds: Bounds,
    /// What is in it and not taken.
    pub(super) notes: Vec<Clean>,
}

impl PolicyFile {
    /// Takes what the file has in place of options on output that were not given.
    pub(super) fn stand_in_for_output(&self, output: &mut OutputArgs) {
        if given(output.report.clone()).is_empty() {
            output.report = self.reports.iter().map(|(report, _)| report.clone()).collect();
        }
        if given(output.redact.clone()).is_empty() {
            output.redact.clone_from(&self.redact);
        }
    }

    /// The same of options on the connection.
    pub(super) fn stand_in_for_connection(&self, connect: &mut ConnectArgs) {
        if connect.kubeconfig.is_none() {
            connect.kubeconfig = self.kubeconfig.as_ref().map(|(path, _)| path.clone());
        }
    }

    /// What to do after a failure, if it says so.
    pub(super) fn on_failure(&self) -> Option<OnFailure> {
        self.on_failure.as_ref().map(|((what, _), _)| *what)
    }

    /// Gives a release its settings, and says what the file has that is not taken.
    pub(super) fn apply_to(&self, release: &mut Release) {
        if release.keep_going_by.is_none() {
            release.take(self.keep_going.clone());
        }
        if release.on_failure_by.is_none() {
            release.take_on_failure(self.on_failure.as_ref().map(|(given, _)| given.clone()));
        }
        release.notes.extend(self.notes.iter().cloned());
        if let Some(policy) = &mut release.newcomers {
            self.apply_to_all(policy);
        }
        for target in &mut release.targets {
            self.apply(target);
            add_notes(&mut release.notes, target.policy.keep_bounds());
        }
    }

    /// Gives a policy what the file has for all targets, and the rules for some.
    fn apply_to_all(&self, policy: &mut Policy) {
        for (value, origin) in &self.defaults {
            policy.set(value.clone(), origin.clone());
        }
        if policy.later.annotations == Annotations::All {
            policy.later.annotations = self.annotations.clone();
        }
        policy.later.bounds = self.bounds.clone();
        let entries = self.targets.iter().filter(|entry| !entry.0.values.is_empty());
        policy.later.rules = entries.map(|entry| entry.0.clone()).collect();
    }

    /// Gives a target the settings that the file has for it. Those for its labels are taken once it is read.
    fn apply(&self, target: &mut Target) {
        self.apply_to_all(&mut target.policy);
        target.policy.settle_rules(target.context.as_ref(), &target.workload);
    }
}

/// What is wrong with a policy file, before the file is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    line: u32,
    key: String,
    what: String,
}

impl Fault {
    fn new(line: u32, key: &str, what: impl Into<String>) -> Self {
        Self { line, key: key.to_owned(), what: what.into() }
    }

    /// With the name of the file, in one line.
    pub(super) fn in_file(&self, file: &Clean) -> Clean {
        Untrusted::from(format!("{file}:{self}")).to_clean_line(600)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.key {
            "" => write!(f, "{}: {}", self.line, self.what),
            key => write!(f, "{}: {key}: {}", self.line, self.what),
        }
    }
}
