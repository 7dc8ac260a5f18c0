//! What a release consists of.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Problem, RestartLoop};
use crate::{
    gate::{Origin, Policy, Setting, SettingFact, Source},
    manifest::Sources,
    model::{Context, Server, TargetRef},
    text::Clean,
    vocabulary::OnFailure,
};

/// All targets of a run, and how it ends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// What is judged, in the order in which it was asked for.
    #[serde(default)]
    pub targets: Vec<Target>,
    /// After the first failure, go on until each target has a verdict of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep_going: bool,
    /// Who said so; `None` by default, and in a recording that does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_going_by: Option<Origin>,
    /// What was asked for after a failure; [`on_failure`](Self::on_failure) tells what is done.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub on_failure: OnFailure,
    /// Who said so; `None` by default, and in a recording that does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure_by: Option<Origin>,
    /// By which limits a target is judged that appears in the selection meanwhile; `None` where nothing is selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newcomers: Option<Policy>,
    /// What keeps it from being judged as a whole: it never passes then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// What reports say of it as a whole, e.g. what is not judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Clean>,
    /// Pods in a restart loop, the worst first, where everything that is there at present is looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loops: Vec<RestartLoop>,
    /// The API servers of its clusters; empty in a recording that does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<Server>,
}

impl Release {
    /// Takes whether it goes on after a failure, unless nobody says so.
    pub fn take(&mut self, keep_going: Option<(bool, Origin)>) {
        if let Some((value, origin)) = keep_going {
            (self.keep_going, self.keep_going_by) = (value, Some(origin));
        }
    }

    /// Takes what is done after a failure, unless nobody says so.
    pub fn take_on_failure(&mut self, on_failure: Option<(OnFailure, Origin)>) {
        if let Some((value, origin)) = on_failure {
            (self.on_failure, self.on_failure_by) = (value, Some(origin));
        }
    }

    /// Whether the present state is judged, without waiting for it to change.
    pub fn is_of_present(&self) -> bool {
        self.targets.iter().any(|target| target.policy.present)
    }

    /// What is done after a failure. Whoever looks at the present changes nothing.
    pub fn on_failure(&self) -> OnFailure {
        if self.is_of_present() { OnFailure::None } else { self.on_failure }
    }

    /// The settings of the run as a whole.
    pub fn settings(&self) -> Vec<SettingFact> {
        let fact = |name: Setting, by: Option<&Origin>, is_set: bool, value: &'static str| {
            let source = match (by, is_set) {
                (Some(origin), _) => origin.source(),
                (None, true) => Source::Recording,
                (None, false) => Source::Default,
            };
            let place = by.map(|origin| origin.place(name));
            SettingFact { name, value: Clean::from_static(value), source, place }
        };
        let (keep_going, on_failure) = (self.keep_going, self.on_failure());
        let goes_on = if keep_going { "true" } else { "false" };
        let by = self.keep_going_by.as_ref();
        let rolled_by = self.on_failure_by.as_ref().filter(|_| !self.is_of_present());
        vec![
            fact(Setting::KeepGoing, by, keep_going, goes_on),
            fact(Setting::OnFailure, rolled_by, on_failure.writes(), on_failure.as_str()),
        ]
    }
}

fn is_nothing(on_failure: &OnFailure) -> bool {
    !on_failure.writes()
}

impl From<Vec<Target>> for Release {
    fn from(targets: Vec<Target>) -> Self {
        Self { targets, ..Self::default() }
    }
}

/// A target of a release, with the limits that it is judged by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The context of the kubeconfig whose cluster it is in; `None` where no kubeconfig names one, as in a pod.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// The workload.
    #[serde(flatten)]
    pub workload: TargetRef,
    /// By which limits.
    pub policy: Policy,
    /// Where its manifest is written; empty where none was given.
    #[serde(default, skip_serializing_if = "Sources::is_empty")]
    pub sources: Sources,
    /// It was selected, not named: once it is deleted, it does not count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_selected: bool,
}

impl Target {
    /// A target of which no manifest is known.
    pub fn new(context: Option<Context>, workload: TargetRef, policy: Policy) -> Self {
        Self { context, workload, policy, sources: Sources::default(), is_selected: false }
    }
}

/// `deployment/app @ prod`: the context where it was asked for.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.workload.fmt(f)?;
        let given = self.context.iter().find(|context| context.is_given);
        given.map_or(Ok(()), |context| write!(f, " @ {}", context.name))
    }
}
