//! A minimal Role, as YAML.

mod bound;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;

pub use bound::{node_lease_role, node_role};

use self::bound::{bound_role, rule, rules_by_group};
use super::{OwnerKind, TemplateHolder, path};
use crate::{
    model::{Kind, RevisionKind, TargetKind, TargetRef},
    observation::Resource,
};

/// Kinds that own pods, by their groups.
const OWNERS: [(&str, &[&str]); 2] = [
    ("apps", &["deployments", "replicasets", "statefulsets", "daemonsets"]),
    ("batch", &["jobs", "cronjobs"]),
];

/// What a Role is for.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// Where; `None` for all namespaces, which takes a ClusterRole.
    pub namespace: Option<&'a str>,
    /// The namespace of the account that it is bound to.
    pub account: &'a str,
    /// Workloads that are named. It names them too, so that it grants no more than is needed; lists of pods cannot be
    /// narrowed down.
    pub targets: &'a [TargetRef],
    /// Kinds that are searched, so that any workload of them may be a target.
    pub searched: &'a [Kind],
    /// What holds templates of Rollouts; `None` where that is not known.
    pub holders: Option<&'a [TemplateHolder]>,
    /// What owns pods besides custom resources, where these are targets; where none is known, the usual ones.
    pub owners: &'a [OwnerKind],
}

impl<'a> Grant<'a> {
    /// For targets of one namespace and an account in it.
    pub const fn of(namespace: &'a str, targets: &'a [TargetRef]) -> Self {
        Self {
            namespace: Some(namespace),
            account: namespace,
            targets,
            searched: &[],
            holders: Some(&[]),
            owners: &[],
        }
    }

    /// The Role and a binding to fill in, as `kubectl apply -f -` takes them.
    pub fn role(&self) -> String {
        let names = self.names();
        let kinds = || names.keys().map(|kind| kind.kind()).chain(self.searched.iter().copied());
        let has = |kind: Kind| kinds().any(|known| known == kind);
        let holds = |revisions| kinds().any(|kind| kind.revisions() == Some(revisions));
        let mut rules = self.searched_rules("get, list, watch", |_| true);
        for (kind, names) in &names {
            let resource = kind
                .resource()
                .map_or(kind.kind().resource(), |name| (name.group(), name.resource()));
            rules += &rule(resource, "get, watch", names);
        }
        if has(Kind::Rollout) {
            rules += &rule(path::resource(Resource::AnalysisRuns), "get", &[]);
            rules += &self.holder_rules();
        }
        if has(Kind::Custom) {
            rules += &owner_rules(self.owners);
        }
        if holds(RevisionKind::ReplicaSet) {
            rules += &rule(path::resource(Resource::ReplicaSets), "list, watch", &[]);
        }
        if holds(RevisionKind::ControllerRevision) {
            rules += &rule(path::resource(Resource::ControllerRevisions), "list", &[]);
        }
        rules += &rule(path::resource(Resource::Pods), "get, list, watch", &[]);
        rules += &rule(("", Resource::Logs.as_str()), "get", &[]);
        rules += &rule(path::resource(Resource::Events), "list", &[]);
        rules += "  # optional: with it, a Service that does not find the new pods is a warning\n";
        rules += &rule(path::resource(Resource::Services), "list", &[]);
        bound_role("", self.namespace, &rules, self.account)
    }

    /// The names of the targets that are there, but for those of kinds that are searched.
    fn names(&self) -> BTreeMap<&'a TargetKind, Vec<&'a str>> {
        let mut names: BTreeMap<&TargetKind, Vec<&str>> = BTreeMap::new();
        let is_here = |target: &&TargetRef| {
            self.namespace.is_some_and(|namespace| *target.namespace == *namespace)
                && !self.searched.contains(&target.kind.kind())
        };
        for target in self.targets.iter().filter(is_here) {
            let names = names.entry(&target.kind).or_default();
            if !names.contains(&target.name.as_ref()) {
                names.push(&target.name);
            }
        }
        names
    }

    /// What is granted on kinds that are searched.
    fn searched_rules(&self, verbs: &str, takes: impl Fn(Kind) -> bool) -> String {
        let kinds = self.searched.iter().filter(|kind| takes(**kind));
        rules_by_group(kinds.map(|kind| kind.resource()), verbs)
    }

    /// What holds templates of Rollouts.
    fn holder_rules(&self) -> String {
        let mut rules = String::new();
        let is_granted =
            |resource: (&str, &str)| self.searched.iter().any(|kind| kind.resource() == resource);
        let mut held: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for holder in self.holders.unwrap_or_default() {
            held.entry(holder.resource).or_default().push(&holder.name);
        }
        held.retain(|resource, _| !is_granted(*resource));
        for (resource, names) in held {
            rules += "  # it holds the template: a Rollout names it in its `workloadRef`\n";
            rules += &rule(resource, "get", &names);
        }
        let is_known = self.holders.is_some() && !self.searched.contains(&Kind::Rollout);
        if !is_known && !is_granted(Kind::Deployment.resource()) {
            rules += "  # only for a Rollout whose `workloadRef` names a Deployment\n";
            rules += &rule(Kind::Deployment.resource(), "get", &[]);
        }
        rules
    }
}

/// What tells which pods belong to a custom resource.
fn owner_rules(owners: &[OwnerKind]) -> String {
    if owners.is_empty() {
        let usual =
            OWNERS.iter().flat_map(|(group, plurals)| plurals.iter().map(|of| (*group, *of)));
        return "  # whose pods belong to the custom resource; add other kinds of owners that it has\n"
            .to_owned()
            + &rules_by_group(usual, "get");
    }
    "  # whose pods belong to the custom resource: what owns pods here now; add kinds that will\n"
        .to_owned()
        + &rules_by_group(owners.iter().map(OwnerKind::resource), "get")
}
