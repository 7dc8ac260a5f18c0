//! A minimal Role, as YAML.

use std::{collections::BTreeMap, fmt::Write};

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

/// The Role that these targets need and a binding to fill in, as `kubectl apply -f -` takes them.
///
/// The workloads are named, so that it grants no more than is needed; lists of pods cannot be narrowed down. So are those
/// that hold templates of Rollouts; `None` where these are not known. `owners`: what owns pods besides custom resources, where
/// these are targets; where none is known, the usual ones.
pub fn role(
    namespace: &str,
    targets: &[TargetRef],
    holders: Option<&[TemplateHolder]>,
    owners: &[OwnerKind],
) -> String {
    let mut names: BTreeMap<&TargetKind, Vec<&str>> = BTreeMap::new();
    for target in targets.iter().filter(|target| *target.namespace == *namespace) {
        let names = names.entry(&target.kind).or_default();
        if !names.contains(&target.name.as_ref()) {
            names.push(&target.name);
        }
    }
    let has = |kind: Kind| names.keys().any(|known| known.kind() == kind);
    let holds = |revisions| names.keys().any(|kind| kind.kind().revisions() == Some(revisions));
    let has_replica_sets = holds(RevisionKind::ReplicaSet);
    let has_controller_revisions = holds(RevisionKind::ControllerRevision);
    let has_rollouts = has(Kind::Rollout);
    let has_custom_resources = has(Kind::Custom);
    let mut rules = String::new();
    for (kind, names) in names {
        let resource =
            kind.resource().map_or(kind.kind().resource(), |name| (name.group(), name.resource()));
        rules += &rule(resource, "get, watch", &names);
    }
    if has_rollouts {
        rules += &rule(path::resource(Resource::AnalysisRuns), "get", &[]);
    }
    let mut held: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for holder in holders.unwrap_or_default() {
        held.entry(holder.resource).or_default().push(&holder.name);
    }
    for (resource, names) in held {
        rules += "  # it holds the template: a Rollout names it in its `workloadRef`\n";
        rules += &rule(resource, "get", &names);
    }
    if has_rollouts && holders.is_none() {
        rules += "  # only for a Rollout whose `workloadRef` names a Deployment\n";
        rules += &rule(Kind::Deployment.resource(), "get", &[]);
    }
    if has_custom_resources {
        rules += &owner_rules(owners);
    }
    if has_replica_sets {
        rules += &rule(path::resource(Resource::ReplicaSets), "list, watch", &[]);
    }
    if has_controller_revisions {
        rules += &rule(path::resource(Resource::ControllerRevisions), "list", &[]);
    }
    rules += &rule(path::resource(Resource::Pods), "get, list, watch", &[]);
    rules += &rule(("", Resource::Logs.as_str()), "get", &[]);
    rules += &rule(path::resource(Resource::Events), "list", &[]);
    rules += "  # optional: with it, a Service that does not find the new pods is a warning\n";
    rules += &rule(path::resource(Resource::Services), "list", &[]);
    bound_role("deploygate", namespace, &rules, namespace)
}

/// What tells which pods belong to a custom resource.
fn owner_rules(owners: &[OwnerKind]) -> String {
    let mut by_group: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (group, plural) in owners.iter().map(OwnerKind::resource) {
        by_group.entry(group).or_default().push(plural);
    }
    let mut rules = match by_group.is_empty() {
        true => "  # whose pods belong to the custom resource; add other kinds of owners that it has\n",
        false => {
            "  # whose pods belong to the custom resource: what owns pods here now; add kinds that will\n"
        }
    }
    .to_owned();
    if by_group.is_empty() {
        by_group.extend(OWNERS.map(|(group, plurals)| (group, plurals.to_vec())));
    }
    for (group, plurals) in by_group {
        rules += &rule((group, &plurals.join("\", \"")), "get", &[]);
    }
    rules
}

/// The second, optional Role: with it, a pass also requires that the node of every pod has just reported. It is in the
/// namespace of the Leases, where not everyone may create one.
pub fn node_lease_role(namespace: &str) -> String {
    let rules = rule(path::resource(Resource::NodeLeases), "get, list", &[]);
    let role = bound_role("deploygate-nodes", path::NODE_LEASE_NAMESPACE, &rules, namespace);
    format!(
        "# optional: with it, a pass also requires that the node of every pod has just reported\n{role}"
    )
}

/// The optional role for DaemonSets: with it, nodes that are not ready are known by themselves. Nodes belong to no
/// namespace, so it is a ClusterRole; its name has the account's namespace in it, for there may be several.
pub fn node_role(namespace: &str) -> String {
    let rules = rule(path::resource(Resource::Nodes), "list", &[]);
    format!(
        "# optional, for DaemonSets: with it, nodes that are lost are known by themselves, not by their pods alone
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deploygate-{namespace}-nodes
rules:
{rules}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: deploygate-{namespace}-nodes
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: deploygate-{namespace}-nodes
subjects:
  # the identity that the pipeline uses
  - kind: ServiceAccount
    name: deploygate
    namespace: \"{namespace}\"
"
    )
}

/// Names are in quotes: a namespace may be called `null` or `10`.
pub(super) fn bound_role(
    name: &str,
    namespace: &str,
    rules: &str,
    account_namespace: &str,
) -> String {
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {name}
  namespace: \"{namespace}\"
rules:
{rules}---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {name}
  namespace: \"{namespace}\"
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {name}
subjects:
  # the identity that the pipeline uses
  - kind: ServiceAccount
    name: deploygate
    namespace: \"{account_namespace}\"
"
    )
}

pub(super) fn rule((group, resource): (&str, &str), verbs: &str, names: &[&str]) -> String {
    let mut rule = format!("  - apiGroups: [\"{group}\"]\n    resources: [\"{resource}\"]\n");
    if !names.is_empty() {
        // writing to a String does not fail
        let _ = writeln!(rule, "    resourceNames: [\"{}\"]", names.join("\", \""));
    }
    let _ = writeln!(rule, "    verbs: [{verbs}]");
    rule
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::cluster::{access::needs, discovery::Served};

    fn target(kind: Kind, namespace: &str, name: &str) -> TargetRef {
        TargetRef {
            kind: kind.into(),
            namespace: namespace.parse().unwrap(),
            name: name.parse().unwrap(),
        }
    }

    /// What is granted on Deployments.
    fn on_deployments(holders: Option<&[TemplateHolder]>) -> Vec<String> {
        let role = role("shop", &[target(Kind::Rollout, "shop", "app")], holders, &[]);
        let rules = role.split("  - apiGroups").filter(|rule| rule.contains("\"deployments\""));
        rules.map(|rule| rule.lines().skip(2).collect::<Vec<_>>().join("\n")).collect()
    }

    #[test]
    fn what_holds_the_template_of_a_rollout_is_named_once_it_is_known() {
        assert_eq!(on_deployments(Some(&[])), [""; 0]);
        let holder = |name: &str| TemplateHolder {
            resource: Kind::Deployment.resource(),
            name: name.into(),
        };
        let named = on_deployments(Some(&[holder("web"), holder("api")]));
        assert_eq!(named.len(), 1);
        assert!(
            named[0].contains("resourceNames: [\"web\", \"api\"]") && named[0].contains("[get]"),
            "{named:?}"
        );
        assert!(!on_deployments(None)[0].contains("resourceNames"));
    }

    #[test]
    fn what_owns_pods_here_is_named_and_else_the_usual_kinds() {
        let target = TargetRef {
            kind: "widgets.example.com".parse().unwrap(),
            namespace: "shop".parse().unwrap(),
            name: "app".parse().unwrap(),
        };
        let of = |owners: &[OwnerKind]| {
            let role = role("shop", std::slice::from_ref(&target), Some(&[]), owners);
            let rules = role.split("  - apiGroups: ").filter(|rule| rule.contains("[get]"));
            let named = rules.map(|rule| rule.lines().take(2).collect::<Vec<_>>().join(" "));
            named.filter(|rule| !rule.contains("pods/log")).collect::<Vec<_>>()
        };
        let kind = |group: &str, plural: &str| {
            let (group, version, plural) = (group.into(), "v1".into(), plural.into());
            OwnerKind(Arc::new(Served { group, version, plural, is_namespaced: true }))
        };
        assert_eq!(of(&[]).len(), 2);
        assert_eq!(
            of(&[
                kind("apps", "replicasets"),
                kind("example.com", "podsets"),
                kind("apps", "deployments")
            ]),
            [
                r#"["apps"]     resources: ["replicasets", "deployments"]"#,
                r#"["example.com"]     resources: ["podsets"]"#
            ]
        );
    }

    #[test]
    fn the_role_names_the_workloads_of_its_namespace_and_holds_every_need() {
        let targets = [
            target(Kind::Deployment, "shop", "web"),
            target(Kind::Deployment, "shop", "api"),
            target(Kind::Deployment, "shop", "web"),
            target(Kind::Job, "shop", "migrate"),
            target(Kind::Deployment, "other", "elsewhere"),
        ];
        let role = role("shop", &targets, Some(&[]), &[]);
        let rules: Vec<_> = role.lines().skip(6).take_while(|line| *line != "---").collect();
        assert_eq!(
            rules.join("\n"),
            r#"  - apiGroups: ["apps"]
    resources: ["deployments"]
    resourceNames: ["web", "api"]
    verbs: [get, watch]
  - apiGroups: ["batch"]
    resources: ["jobs"]
    resourceNames: ["migrate"]
    verbs: [get, watch]
  - apiGroups: ["apps"]
    resources: ["replicasets"]
    verbs: [list, watch]
  - apiGroups: [""]
    resources: ["pods"]
    verbs: [get, list, watch]
  - apiGroups: [""]
    resources: ["pods/log"]
    verbs: [get]
  - apiGroups: [""]
    resources: ["events"]
    verbs: [list]
  # optional: with it, a Service that does not find the new pods is a warning
  - apiGroups: [""]
    resources: ["services"]
    verbs: [list]"#
        );
        let role = role + &node_lease_role("shop");
        let rules: Vec<_> = role.lines().collect();
        for (resource, verb) in needs(Kind::Deployment) {
            let granted = |rule: &[&str]| {
                rule[0].contains(&format!("[\"{}\"]", resource.as_str())) && rule[1].contains(verb)
            };
            let lines: Vec<_> =
                rules.iter().copied().filter(|line| !line.contains("resourceNames")).collect();
            assert!(lines.windows(2).any(granted), "{verb} {resource:?}");
        }
    }
}
