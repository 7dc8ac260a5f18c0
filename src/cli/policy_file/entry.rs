//! The targets of a policy file: which they are, and for which its settings are.

use super::super::{selected::Selected, target::TargetName};
use crate::{
    fleet::Target,
    gate::{Origin, Value},
    model::{Context, Kind, Namespace},
    selection::Selector,
};

/// An entry of `targets`.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Entry {
    /// Workloads by their names.
    pub(super) names: Vec<TargetName>,
    /// The kinds that the selectors choose from; empty for the usual ones.
    pub(super) kinds: Vec<Kind>,
    /// Labels, each selector by itself.
    pub(super) selectors: Vec<Selector>,
    /// Namespaces; empty for that of the command or context.
    pub(super) namespaces: Vec<Namespace>,
    /// Contexts; empty for all of the run.
    pub(super) contexts: Vec<String>,
    /// Settings for these targets.
    pub(super) values: Vec<(Value, Origin)>,
}

impl Entry {
    /// What is named by the command line.
    pub(in crate::cli) fn of_words(names: Vec<TargetName>) -> Self {
        Self { names, ..Self::default() }
    }

    /// Its names.
    pub(in crate::cli) fn names(&self) -> &[TargetName] {
        &self.names
    }

    /// Contexts that it names.
    pub(in crate::cli) fn contexts(&self) -> &[String] {
        &self.contexts
    }

    /// Whether it has targets by itself, and not only settings.
    pub(in crate::cli) fn has_targets(&self) -> bool {
        !self.names.is_empty() || !self.selectors.is_empty()
    }

    /// Its selections.
    pub(in crate::cli) fn selections(&self) -> impl Iterator<Item = Selected> {
        self.selectors.iter().map(|selector| Selected::by(self.kinds.clone(), selector.clone()))
    }

    /// The namespaces in which its targets are. `given`: the one that the command asks for, which leaves out the others;
    /// `default`: where none is named.
    pub(in crate::cli) fn places<'a>(
        &'a self,
        given: Option<&Namespace>,
        default: &'a Namespace,
    ) -> Vec<&'a Namespace> {
        match &*self.namespaces {
            [] => vec![default],
            some => some.iter().filter(|one| given.is_none_or(|given| given == *one)).collect(),
        }
    }

    /// Whether it is about what is in this context.
    pub(in crate::cli) fn is_in(&self, context: Option<&Context>) -> bool {
        self.contexts.is_empty()
            || context.is_some_and(|of| self.contexts.iter().any(|name| **name == *of.name))
    }

    /// Whether its settings may be for a target, as far as names, namespace and context tell.
    pub(super) fn may_mean(&self, target: &Target) -> bool {
        let workload = &target.workload;
        let is_there = self.namespaces.is_empty() || self.namespaces.contains(&workload.namespace);
        let is_kind = self.kinds.is_empty() || self.kinds.contains(&workload.kind.kind());
        let is_any = self.names.is_empty() && self.selectors.is_empty();
        let by_selector = !self.selectors.is_empty() && is_kind;
        is_there
            && self.is_in(target.context.as_ref())
            && (is_any && is_kind || by_selector || self.has_name_of(target))
    }

    /// Whether it names a target.
    pub(super) fn has_name_of(&self, target: &Target) -> bool {
        let workload = &target.workload;
        self.names
            .iter()
            .any(|TargetName { kind, name }| *kind == workload.kind && *name == workload.name)
    }
}
