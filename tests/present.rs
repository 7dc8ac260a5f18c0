//! The present state of a real namespace: what is healthy, broken, rolling out or stopped, and pods that nobody owns.
//!
//! `KUBECONFIG` names the cluster (`tests/cluster/README.md`): `cargo test --test present -- --ignored`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a cluster takes the time that it takes")]

#[path = "support/kubectl.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod kubectl;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod program;

use std::time::{Duration, Instant};

use kubectl::{Kubectl, Namespace};
use program::deploygate;
use serde_json::{Value, json};

const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/present/shop.yaml");

/// Checks the namespace: the exit code and the outcome.
fn check(namespace: &Namespace, more: &[&str]) -> (Option<i32>, Value) {
    let common = ["check", "-n", &namespace.name, "-o", "json", "--window", "10s"];
    let program = deploygate().env("KUBECONFIG", namespace.kubectl.kubeconfig.to_str().unwrap());
    let ended = program.run(common.iter().chain(more));
    (ended.code, serde_json::from_str(&ended.stdout).unwrap())
}

/// The verdict of a target with its reason code, or the cause, container and log line of the finding that decided.
fn said<'a>(outcome: &'a Value, name: &str) -> Vec<&'a str> {
    let targets = outcome["targets"].as_array().unwrap();
    let Some(target) = targets.iter().find(|target| target["name"] == name) else { return vec![] };
    let finding = &target["findings"][0];
    let is_broken = target["verdict"] == "failed";
    let of_finding = [&finding["cause"], &finding["container"], &finding["attribution"]];
    let others = [&target["reason_code"]];
    let more: &[&Value] = if is_broken { &of_finding } else { &others };
    std::iter::once(&target["verdict"])
        .chain(more.iter().copied())
        .filter_map(Value::as_str)
        .collect()
}

/// What `check` says once this holds; a cluster needs a while until a pod was restarted twice.
fn check_until(namespace: &Namespace, holds: impl Fn(&Value) -> bool) -> (Option<i32>, Value) {
    let begun = Instant::now();
    loop {
        let (code, outcome) = check(namespace, &[]);
        if holds(&outcome) || begun.elapsed() > Duration::from_secs(180) {
            return (code, outcome);
        }
    }
}

#[test]
#[ignore = "needs a cluster, see tests/cluster/README.md"]
fn what_is_broken_is_told_with_its_cause_and_what_is_well_is_not() {
    let kubectl = Kubectl::from_environment().unwrap();
    let namespace = Namespace::create(&kubectl, "present").unwrap();
    namespace.run(["apply", "-f", SHOP]).unwrap();
    namespace.run(["rollout", "pause", "deploy/held"]).unwrap();
    let is_in_loop = |outcome: &Value| {
        let notes = outcome["notes"].to_string();
        ["pod lonely", "pod bare-", "pod retries-"].iter().all(|it| notes.contains(it))
    };
    let (code, outcome) = check_until(&namespace, |outcome| {
        is_in_loop(outcome)
            && said(outcome, "web") == ["passed"]
            && said(outcome, "noimage")[0] == "failed"
            && said(outcome, "held").first() == Some(&"failed")
            && outcome["targets"].to_string().contains("cache warm-up")
    });
    assert_eq!(code, Some(1), "{outcome:#}");
    assert_eq!(said(&outcome, "web"), ["passed"]);
    assert_eq!(said(&outcome, "api"), ["failed", "crash-loop", "app", "application"]);
    assert_eq!(said(&outcome, "slowcrash"), ["failed", "crash-loop", "app", "application"]);
    assert_eq!(said(&outcome, "migrate"), ["failed", "job-failed", "app", "application"]);
    assert_eq!(said(&outcome, "noimage")[..3], ["failed", "image", "app"]);
    let targets = outcome["targets"].as_array().unwrap();
    let api = &targets.iter().find(|target| target["name"] == "api").unwrap()["findings"][0];
    assert!(api["message"].as_str().unwrap().starts_with("exit code 1 after 1s"), "{api:#}");
    assert!(api["restarts"].as_u64() >= Some(2), "{api:#}");
    assert!(api["since"]["seconds_ago"].is_u64() && api["last_ended"]["at"].is_string(), "{api:#}");
    assert!(api["diagnosis"]["quote"].as_str().unwrap().contains("db:5432"), "{api:#}");
    let notes = outcome["notes"].to_string();
    for expected in [
        "deployment/paused in",
        "deployment/zero in",
        "daemonset/nowhere in",
        "pod lonely in namespace",
        "which no workload owns, is in a restart loop",
        "no config",
        "of replicaset/bare in",
        "no owner",
        "of job/retries in",
        "queue is locked",
    ] {
        assert!(notes.contains(expected), "{expected}: {notes}");
    }
    assert!(!notes.contains("pod api-") && !notes.contains("pod slowcrash-"), "{notes}");
    // paused, and its pods crash
    assert_eq!(said(&outcome, "held"), ["failed", "crash-loop", "app", "application"]);
    assert!(!notes.contains("held"), "{notes}");
    // whoever names a target hears of that alone
    let (code, outcome) = check(&namespace, &["deploy/web"]);
    assert_eq!((code, outcome["notes"].clone()), (Some(0), Value::Null), "{outcome:#}");
    assert_eq!(outcome["targets"][0]["coverage"]["reads"], json!(2), "{outcome:#}");
    let (code, outcome) = check(&namespace, &["deploy/paused"]);
    assert_eq!(code, Some(3), "{outcome:#}");
    assert_eq!(said(&outcome, "paused"), ["inconclusive", "paused"]);
    let (code, outcome) = check(&namespace, &["deploy/held"]);
    assert_eq!(code, Some(1), "{outcome:#}");
    assert_eq!(said(&outcome, "held"), ["failed", "crash-loop", "app", "application"]);
    // a change is rolling out
    namespace.run(["set", "env", "deploy/web", "CHANGED=1"]).unwrap();
    let (code, outcome) = check(&namespace, &["deploy/web"]);
    assert_eq!(said(&outcome, "web"), ["inconclusive", "rolling-out"], "{outcome:#}");
    assert_eq!(code, Some(3));
}
