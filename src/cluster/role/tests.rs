use super::*;
use std::sync::Arc;

use crate::cluster::{discovery::Served, needs::needs};

fn target(kind: Kind, namespace: &str, name: &str) -> TargetRef {
    TargetRef {
        kind: kind.into(),
        namespace: namespace.parse().unwrap(),
        name: name.parse().unwrap(),
    }
}

/// What is granted on Deployments.
fn on_deployments(holders: Option<&[TemplateHolder]>) -> Vec<String> {
    let targets = [target(Kind::Rollout, "shop", "app")];
    let role = Grant { holders, ..Grant::of("shop", &targets) }.role();
    let rules = role.split("  - apiGroups").filter(|rule| rule.contains("\"deployments\""));
    rules.map(|rule| rule.lines().skip(2).collect::<Vec<_>>().join("\n")).collect()
}

#[test]
fn what_holds_the_template_of_a_rollout_is_named_once_it_is_known() {
    assert_eq!(on_deployments(Some(&[])), [""; 0]);
    let holder =
        |name: &str| TemplateHolder { resource: Kind::Deployment.resource(), name: name.into() };
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
        let role = Grant { owners, ..Grant::of("shop", std::slice::from_ref(&target)) }.role();
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
    let role = Grant::of("shop", &targets).role();
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

/// The lines of its first document from the kind on.
fn document(role: &str) -> String {
    let lines = role.lines().skip_while(|line| !line.starts_with("kind:"));
    lines.take_while(|line| *line != "---").collect::<Vec<_>>().join("\n")
}

#[test]
fn who_searches_may_list_the_kinds_and_read_any_of_them() {
    let targets = [target(Kind::Job, "shop", "migrate"), target(Kind::StatefulSet, "shop", "db")];
    let searched = &[Kind::Deployment, Kind::StatefulSet, Kind::Rollout];
    let grant = Grant { searched, ..Grant::of("shop", &targets) };
    let role = document(&grant.role());
    assert!(
        role.starts_with(
            r#"kind: Role
metadata:
  name: deploygate
  namespace: "shop"
rules:
  - apiGroups: ["apps"]
    resources: ["deployments", "statefulsets"]
    verbs: [get, list, watch]
  - apiGroups: ["argoproj.io"]
    resources: ["rollouts"]
    verbs: [get, list, watch]
  - apiGroups: ["batch"]
    resources: ["jobs"]
    resourceNames: ["migrate"]
    verbs: [get, watch]
  - apiGroups: ["argoproj.io"]
    resources: ["analysisruns"]
    verbs: [get]
  - apiGroups: ["apps"]
    resources: ["replicasets"]
    verbs: [list, watch]
  - apiGroups: ["apps"]
    resources: ["controllerrevisions"]
    verbs: [list]
"#
        ),
        "{role}"
    );
    assert_eq!(
        document(&grant.write_role()),
        r#"kind: Role
metadata:
  name: deploygate-rollback
  namespace: "shop"
rules:
  - apiGroups: ["apps"]
    resources: ["deployments", "statefulsets"]
    verbs: [patch]
  # a pod that failed keeps a StatefulSet from going back
  - apiGroups: [""]
    resources: ["pods"]
    verbs: [delete]"#
    );
    let rollouts = Grant { searched: &[Kind::Rollout], ..grant };
    assert!(rollouts.role().contains("only for a Rollout whose `workloadRef`"));
}

#[test]
fn a_search_of_all_namespaces_takes_a_cluster_role() {
    let grant = Grant { namespace: None, searched: &[Kind::DaemonSet], ..Grant::of("shop", &[]) };
    let role = grant.role();
    for expected in [
        "kind: ClusterRole\nmetadata:\n  name: deploygate-shop\nrules:\n",
        "kind: ClusterRoleBinding\nmetadata:\n  name: deploygate-shop\nroleRef:\n",
        "  kind: ClusterRole\n  name: deploygate-shop\n",
        "    name: deploygate\n    namespace: \"shop\"\n",
    ] {
        assert!(role.contains(expected), "{expected}\n{role}");
    }
}
