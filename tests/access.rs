//! `deploygate access`: whole runs of the program before an API server that answers what the account may do.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "other tests do more with it")]
mod api;
#[path = "support/program.rs"]
mod program;
#[path = "support/served.rs"]
mod served;

use api::{Answer, Request, World};
use program::Ended;
use serde_json::json;

const MANIFESTS: &str = "\
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: front}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: api, namespace: front}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: back}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}}
";

const POLICY: &str = "\
defaults: {on-failure: rollback}
targets:
- {names: deploy/api, namespaces: front, max-restarts: 1}
- {selectors: tier=data, kinds: sts, namespaces: back}
- {kinds: ds, window: 5m}
";

/// A cluster without Argo Rollouts, whose account may do everything or nothing.
async fn access(args: &[&str], is_allowed: bool) -> (Ended, usize) {
    let world = World::healthy(2);
    let script = move |request: &Request| match &*request.path {
        "/apis" => Answer::Json(json!({"groups": [{"name": "apps"}, {"name": "batch"}]})),
        _ if request.method == "POST" => Answer::Json(json!({"status": {"allowed": is_allowed}})),
        _ => world.answer(request),
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("k8s.yaml", MANIFESTS), ("policy.yaml", POLICY)] {
        #[expect(clippy::disallowed_methods, reason = "the files of a test")]
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let args = ["access"].iter().chain(args).map(|arg| (*arg).to_owned()).collect();
    let (ended, seen) = served::before(script, folder.path(), args).await;
    let asked = seen.iter().filter(|request| request.method == "POST").count();
    (ended, asked)
}

/// Kind, name and place of each Role.
fn roles(stdout: &str) -> Vec<String> {
    let documents = stdout.split("---\n").filter(|one| one.contains("Role\n"));
    let field = |one: &str, name: &str| {
        let line = one.lines().find_map(|line| line.trim_start().strip_prefix(name));
        line.unwrap_or_default().trim().trim_matches('"').to_owned()
    };
    let roles = documents.filter(|one| !one.contains("roleRef:"));
    roles
        .map(|one| {
            let [kind, name, place] = ["kind:", "name:", "namespace:"].map(|key| field(one, key));
            format!("{kind} {name} {place}").trim_end().to_owned()
        })
        .collect()
}

#[tokio::test]
async fn a_selection_takes_lists_of_the_kinds_that_it_searches() {
    let (ended, _) = access(&["-l", "app=shop"], true).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let heading = "all deployments, statefulsets, daemonsets in namespace shop:\n";
    assert!(ended.stderr.starts_with(heading), "{}", ended.stderr);
    for resource in ["deployments", "statefulsets", "daemonsets"] {
        for verb in ["list", "get", "watch"] {
            let line = format!("  {verb:<6} {resource:<12} yes\n");
            assert!(ended.stderr.contains(&line), "{line}{}", ended.stderr);
        }
    }
    assert_eq!(ended.stderr.matches(" pods ").count(), 3, "{}", ended.stderr);
    let rule = "resources: [\"deployments\", \"statefulsets\", \"daemonsets\"]\n    verbs: [get, list, watch]\n";
    assert!(ended.stdout.contains(rule), "{}", ended.stdout);
    assert_eq!(
        roles(&ended.stdout),
        [
            "Role deploygate shop",
            "Role deploygate-nodes kube-node-lease",
            "ClusterRole deploygate-shop-nodes"
        ]
    );

    let (ended, _) = access(&["deploy", "-l", "app=shop"], false).await;
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("  list   deployments  NO (required)\n"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("statefulsets"), "{}", ended.stderr);
}

#[tokio::test]
async fn all_namespaces_take_a_cluster_role() {
    let args = ["-A", "--helm-release=store", "--on-failure=rollback"];
    let (ended, _) = access(&args, true).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let heading = "all deployments, statefulsets, daemonsets, jobs in all namespaces:\n";
    assert!(ended.stderr.starts_with(heading), "{}", ended.stderr);
    for line in ["  patch  statefulsets yes\n", "  delete pods         yes\n"] {
        assert!(ended.stderr.contains(line), "{line}{}", ended.stderr);
    }
    assert_eq!(
        roles(&ended.stdout),
        [
            "ClusterRole deploygate-shop",
            "ClusterRole deploygate-shop-rollback",
            "Role deploygate-nodes kube-node-lease",
            "ClusterRole deploygate-shop-nodes"
        ]
    );
}

#[tokio::test]
async fn targets_of_manifests_take_a_role_in_each_namespace() {
    let (ended, asked) = access(&["-f", "k8s.yaml"], true).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    for told in [
        "not judged: Service\n",
        "statefulset/db in namespace back:\n",
        "deployment/web in namespace front:\n",
        "deployment/api in namespace front:\n  get    deployments  yes\n  watch  deployments  yes\n",
    ] {
        assert!(ended.stderr.contains(told), "{told}{}", ended.stderr);
    }
    // what both Deployments need is asked once
    assert_eq!(asked, 10 + 11 + 2);
    assert!(ended.stdout.contains("resourceNames: [\"web\", \"api\"]"), "{}", ended.stdout);
    assert_eq!(
        roles(&ended.stdout),
        ["Role deploygate back", "Role deploygate front", "Role deploygate-nodes kube-node-lease"]
    );
    // the account is where the pipeline runs
    assert_eq!(ended.stdout.matches("    namespace: \"shop\"\n").count(), 3, "{}", ended.stdout);
}

#[tokio::test]
async fn a_check_without_a_target_looks_at_every_workload() {
    let (ended, _) = access(&["--check"], true).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let heading = "all deployments, statefulsets, daemonsets, jobs in namespace shop:\n";
    assert!(ended.stderr.starts_with(heading), "{}", ended.stderr);
    assert!(ended.stderr.contains("  list   pods         yes\n"), "{}", ended.stderr);

    let (ended, _) = access(&[], true).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    let (ended, _) = access(&["-A", "deploy/app"], true).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
}

#[tokio::test]
async fn a_policy_file_names_the_targets_and_that_they_are_rolled_back() {
    let (ended, _) = access(&["--policy", "policy.yaml"], true).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    for told in [
        "all statefulsets in namespace back:",
        "deployment/api in namespace front:",
        "patch  deployments  yes",
        "patch  statefulsets yes",
    ] {
        assert!(ended.stderr.contains(told), "{told}: {}", ended.stderr);
    }
    assert!(!ended.stderr.contains("daemonsets"), "{}", ended.stderr);
    let roles = roles(&ended.stdout);
    assert_eq!(
        roles,
        [
            "Role deploygate back",
            "Role deploygate-rollback back",
            "Role deploygate front",
            "Role deploygate-rollback front",
            "Role deploygate-nodes kube-node-lease"
        ]
    );
}
