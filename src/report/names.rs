//! What the targets of a run are called beside each other: by no more than tells them apart.

use std::collections::BTreeSet;

use super::words::{first_few, placed};
use crate::{fleet::Target, model::TargetKind, outcome::TargetOutcome, phrases::counted};

/// What tells a target from every other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Called<'a> {
    kind: &'a TargetKind,
    name: &'a str,
    namespace: &'a str,
    context: Option<&'a str>,
}

impl<'a> From<&'a Target> for Called<'a> {
    fn from(Target { context, workload, .. }: &'a Target) -> Self {
        let context = context.as_ref().map(|context| &*context.name);
        Self { kind: &workload.kind, name: &workload.name, namespace: &workload.namespace, context }
    }
}

impl<'a> From<&'a TargetOutcome> for Called<'a> {
    fn from(TargetOutcome { kind, name, namespace, context, .. }: &'a TargetOutcome) -> Self {
        Self { kind, name, namespace, context: context.as_deref() }
    }
}

/// How targets of one run are named.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// They are in several namespaces.
    has_namespaces: bool,
    /// They are in several clusters.
    has_contexts: bool,
    /// Where all of them are: `shop @ prod`, `3 namespaces @ prod`, `shop @ 2 clusters`.
    pub(super) place: String,
}

impl Names {
    /// The names of all of them.
    pub(super) fn among<'a, T: Into<Called<'a>>>(targets: impl IntoIterator<Item = T>) -> Self {
        let all: Vec<Called<'a>> = targets.into_iter().map(Into::into).collect();
        let namespaces: BTreeSet<_> = all.iter().map(|of| of.namespace).collect();
        let contexts: BTreeSet<_> = all.iter().map(|of| of.context).collect();
        let counted = |count: usize, noun| counted(count as u64, noun).to_string();
        let one = |all: &BTreeSet<&'a str>| all.iter().next().map(|only| (*only).to_owned());
        let namespace = match namespaces.len() {
            0 | 1 => one(&namespaces).unwrap_or_default(),
            many => counted(many, "namespace"),
        };
        let context = match contexts.len() {
            0 | 1 => contexts.iter().next().copied().flatten().map(str::to_owned),
            many => Some(counted(many, "cluster")),
        };
        Self {
            has_namespaces: namespaces.len() > 1,
            has_contexts: contexts.len() > 1,
            place: placed(&namespace, context.as_deref()),
        }
    }

    /// `deployment/app`, with its place where others are elsewhere: `deployment/app (shop @ prod)`.
    pub(super) fn of<'a>(&self, target: impl Into<Called<'a>>) -> String {
        let Called { kind, name, namespace, context } = target.into();
        match (self.has_contexts, self.has_namespaces) {
            (true, _) => format!("{kind}/{name} ({})", placed(namespace, context)),
            (false, true) => format!("{kind}/{name} ({namespace})"),
            (false, false) => format!("{kind}/{name}"),
        }
    }

    /// The first of many, the others counted.
    pub(super) fn few(&self, targets: &[&TargetOutcome], most: usize) -> String {
        let (named, more) = first_few(targets, most);
        named.iter().map(|target| self.of(*target)).collect::<Vec<_>>().join(", ") + &more
    }
}
