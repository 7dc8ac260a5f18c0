//! Settings that a policy file has for some targets: which these are, and which of several entries holds.

use serde::{Deserialize, Serialize};

use super::{Origin, Policy, Value};
use crate::{
    model::{Context, Kind, Namespace, TargetName, TargetRef},
    selection::{Labels, Selector},
};

/// An entry of `targets` in a policy file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rule {
    /// Workloads by their names; with `selectors`, these too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<TargetName>,
    /// The kinds that it is about; empty for all, and for selectors for the usual ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
    /// Labels: a workload that one of them matches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub selectors: Vec<Selector>,
    /// Namespaces; empty for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<Namespace>,
    /// Contexts; empty for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<String>,
    /// The values, and who gave them.
    pub values: Vec<(Value, Origin)>,
}

/// Whether a rule is for a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Yes,
    No,
    /// Its labels decide.
    Labels,
}

impl Rule {
    /// Whether it is about what is in this context.
    pub fn is_in(&self, context: Option<&Context>) -> bool {
        self.contexts.is_empty()
            || context.is_some_and(|of| self.contexts.iter().any(|name| **name == *of.name))
    }

    fn fit(&self, context: Option<&Context>, target: &TargetRef) -> Fit {
        let is_there = self.namespaces.is_empty() || self.namespaces.contains(&target.namespace);
        if !is_there || !self.is_in(context) {
            return Fit::No;
        }
        let is_named = |one: &TargetName| one.kind == target.kind && one.name == target.name;
        if self.names.iter().any(is_named) {
            return Fit::Yes;
        }
        let is_kind = self.kinds.is_empty() || self.kinds.contains(&target.kind.kind());
        match (is_kind, self.selectors.is_empty()) {
            (false, _) => Fit::No,
            (true, false) => Fit::Labels,
            (true, true) if self.names.is_empty() => Fit::Yes,
            (true, true) => Fit::No,
        }
    }
}

impl Policy {
    /// Takes what the rules have for this target, and keeps those that its labels decide on. Of two that are for it the later
    /// holds: one that comes after such a rule is taken once more with it.
    pub fn settle_rules(&mut self, context: Option<&Context>, target: &TargetRef) {
        let mut open: Vec<Rule> = Vec::new();
        for mut rule in std::mem::take(&mut self.later.rules) {
            match rule.fit(context, target) {
                Fit::No => {}
                Fit::Labels => open.push(rule),
                Fit::Yes => {
                    self.take_values(rule.values.clone());
                    if !open.is_empty() {
                        rule.selectors.clear();
                        open.push(rule);
                    }
                }
            }
        }
        self.later.rules = open;
    }

    /// Takes the rules that are left for a workload with these labels.
    pub(in crate::gate) fn take_rules(&mut self, labels: &Labels) {
        for rule in std::mem::take(&mut self.later.rules) {
            let mut selectors = rule.selectors.iter();
            if rule.selectors.is_empty() || selectors.any(|one| one.matches(labels)) {
                self.take_values(rule.values);
            }
        }
    }

    fn take_values(&mut self, values: Vec<(Value, Origin)>) {
        values.into_iter().for_each(|(value, origin)| self.set(value, origin));
    }
}
