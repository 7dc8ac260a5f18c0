//! The targets of a policy file, and of the command line: where they are looked for.

use super::super::selected::Selected;
use crate::{
    gate::Rule,
    model::{Context, Namespace, TargetName},
};

/// An entry of `targets`: what is to be judged, and settings for it.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Entry(pub(super) Rule);

impl Entry {
    /// What is named by the command line.
    pub(in crate::cli) fn of_words(names: Vec<TargetName>) -> Self {
        Self(Rule { names, ..Rule::default() })
    }

    /// Its names.
    pub(in crate::cli) fn names(&self) -> &[TargetName] {
        &self.0.names
    }

    /// Contexts that it names.
    pub(in crate::cli) fn contexts(&self) -> &[String] {
        &self.0.contexts
    }

    /// Whether it has targets by itself, and not only settings.
    pub(in crate::cli) fn has_targets(&self) -> bool {
        !self.0.names.is_empty() || !self.0.selectors.is_empty()
    }

    /// Its selections.
    pub(in crate::cli) fn selections(&self) -> impl Iterator<Item = Selected> {
        let Rule { kinds, selectors, .. } = &self.0;
        selectors.iter().map(|selector| Selected::by(kinds.clone(), selector.clone()))
    }

    /// The namespaces in which its targets are. `given`: the one that the command asks for, which leaves out the others;
    /// `default`: where none is named.
    pub(in crate::cli) fn places<'a>(
        &'a self,
        given: Option<&Namespace>,
        default: &'a Namespace,
    ) -> Vec<&'a Namespace> {
        match &*self.0.namespaces {
            [] => vec![default],
            some => some.iter().filter(|one| given.is_none_or(|given| given == *one)).collect(),
        }
    }

    /// Whether it is about what is in this context.
    pub(in crate::cli) fn is_in(&self, context: Option<&Context>) -> bool {
        self.0.is_in(context)
    }
}
