//! Roles with their bindings, and their rules.

use std::{collections::BTreeMap, fmt::Write};

use super::super::path;
use crate::observation::Resource;

/// The second, optional Role: with it, a pass also requires that the node of every pod has just reported. It is in the
/// namespace of the Leases, where not everyone may create one. `account`: the namespace of the account.
pub fn node_lease_role(account: &str) -> String {
    let rules = rule(path::resource(Resource::NodeLeases), "get, list", &[]);
    let role = bound_role("-nodes", Some(path::NODE_LEASE_NAMESPACE), &rules, account);
    format!(
        "# optional: with it, a pass also requires that the node of every pod has just reported\n{role}"
    )
}

/// The optional role for DaemonSets: with it, nodes that are not ready are known by themselves. Nodes belong to no
/// namespace, so it is a ClusterRole.
pub fn node_role(account: &str) -> String {
    let rules = rule(path::resource(Resource::Nodes), "list", &[]);
    let role = bound_role("-nodes", None, &rules, account);
    format!(
        "# optional, for DaemonSets: with it, nodes that are lost are known by themselves, not by their pods alone\n{role}"
    )
}

/// A Role and its binding; in no namespace a ClusterRole, whose name has the account's namespace in it, for there may be
/// several. Names are in quotes: a namespace may be called `null` or `10`.
pub(super) fn bound_role(
    suffix: &str,
    namespace: Option<&str>,
    rules: &str,
    account: &str,
) -> String {
    let (prefix, name, place) = match namespace {
        Some(namespace) => {
            ("", format!("deploygate{suffix}"), format!("\n  namespace: \"{namespace}\""))
        }
        None => ("Cluster", format!("deploygate-{account}{suffix}"), String::new()),
    };
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1
kind: {prefix}Role
metadata:
  name: {name}{place}
rules:
{rules}---
apiVersion: rbac.authorization.k8s.io/v1
kind: {prefix}RoleBinding
metadata:
  name: {name}{place}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {prefix}Role
  name: {name}
subjects:
  # the identity that the pipeline uses
  - kind: ServiceAccount
    name: deploygate
    namespace: \"{account}\"
"
    )
}

/// One rule for the resources of each group.
pub(super) fn rules_by_group<'a>(
    resources: impl Iterator<Item = (&'a str, &'a str)>,
    verbs: &str,
) -> String {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    resources.for_each(|(group, plural)| groups.entry(group).or_default().push(plural));
    let rules = groups.into_iter();
    rules.map(|(group, plurals)| rule((group, &plurals.join("\", \"")), verbs, &[])).collect()
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
