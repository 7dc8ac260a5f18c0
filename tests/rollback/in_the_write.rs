//! What may happen in the very moment of the write.

use std::{
    sync::mpsc,
    time::{Duration, Instant},
};

use super::{
    args_of, became,
    between::{Between, Then},
    crash, done,
    kubectl::Namespace,
    program::deploygate,
    refused, wait_as, with_base,
};
use serde_json::{Value, json};

const RELEASE_3: &str = r#"[{"op": "add", "path": "/spec/template/spec/containers/0/env", "value": [{"name": "RELEASE", "value": "3"}]}]"#;

/// A broken rollout of `deployment/app` that is rolled back through a proxy: the outcome, and the writes that came.
fn rolled_back(
    namespace: &Namespace,
    script: impl FnMut(usize) -> Then + Send + 'static,
) -> (Value, String, usize) {
    let between = Between::start(namespace, script);
    crash(namespace, "deploy/app");
    let (outcome, said) = wait_as(between.kubeconfig(), namespace, &["deploy/app"], &[]);
    (outcome, said, between.writes())
}

/// kubectl in the same namespace, from another thread.
fn beside(namespace: &Namespace) -> impl Fn(&[&str]) + Send + use<> {
    let (kubectl, name) = (namespace.kubectl.clone(), namespace.name.clone());
    move |args| drop(kubectl.run([&["-n", &name], args].concat()).unwrap())
}

#[test]
#[ignore = "needs a cluster"]
fn what_others_write_beside_the_template_is_no_obstacle() {
    let namespace = with_base("beside", "base-app.yaml", "deploy/app");
    let kubectl = beside(&namespace);
    let (outcome, said, writes) = rolled_back(&namespace, move |number| {
        kubectl(&["annotate", "--overwrite", "deploy/app", &format!("team=shop-{number}")]);
        kubectl(&["scale", "deploy/app", "--replicas=3"]);
        if number < 3 { Then::Conflicts } else { Then::Passes }
    });
    assert_eq!((became(&outcome), writes), (done(), 3), "{said}");
    assert_eq!(args_of(&namespace, "deploy/app"), "serve");
    let kept = "jsonpath={.metadata.annotations.team} {.spec.replicas}";
    assert_eq!(namespace.run(["get", "deploy/app", "-o", kept]).unwrap(), "shop-3 3");
}

#[test]
#[ignore = "needs a cluster"]
fn a_newer_rollout_in_the_very_moment_is_left_alone() {
    let namespace = with_base("newer", "base-app.yaml", "deploy/app");
    let kubectl = beside(&namespace);
    let (outcome, said, writes) = rolled_back(&namespace, move |_| {
        kubectl(&["patch", "deploy/app", "--type=json", "-p", RELEASE_3]);
        Then::Passes
    });
    assert_eq!((became(&outcome), writes), (refused("superseded"), 1), "{said}");
    assert_eq!(outcome["exit_code"], json!(1));
    let env = "jsonpath={.spec.template.spec.containers[0].env[0].value}";
    assert_eq!(namespace.run(["get", "deploy/app", "-o", env]).unwrap(), "3");
}

#[test]
#[ignore = "needs a cluster"]
fn a_workload_that_is_made_anew_in_the_very_moment_is_left_alone() {
    let namespace = with_base("anew", "base-app.yaml", "deploy/app");
    let kubectl = beside(&namespace);
    let (outcome, said, writes) = rolled_back(&namespace, move |_| {
        kubectl(&["delete", "deploy/app", "--cascade=orphan"]);
        kubectl(&["apply", "-f", "base-app.yaml"]);
        Then::Passes
    });
    assert_eq!((became(&outcome), writes), (refused("deleted"), 1), "{said}");
}

#[test]
#[ignore = "needs a cluster"]
fn of_a_lost_answer_it_is_found_out_what_became_of_the_write() {
    for (name, then, expected) in [("answer", Then::LosesAnswer, 1), ("request", Then::Lost, 2)] {
        let namespace = with_base(&format!("lost-{name}"), "base-app.yaml", "deploy/app");
        let (outcome, said, writes) = rolled_back(&namespace, move |number| match number {
            1 => then,
            _ => Then::Passes,
        });
        assert_eq!((became(&outcome), writes), (done(), expected), "{said}");
        assert_eq!(args_of(&namespace, "deploy/app"), "serve");
    }
}

#[test]
#[ignore = "needs a cluster"]
fn a_signal_in_the_very_moment_leaves_what_is_known_within_two_seconds() {
    let namespace = with_base("signal", "base-app.yaml", "deploy/app");
    let (sender, receiver) = mpsc::channel();
    let between = Between::start(&namespace, move |_| {
        sender.send(()).unwrap();
        Then::Hangs
    });
    crash(&namespace, "deploy/app");
    let args = ["wait", "deploy/app", "-o", "json", "--on-failure=rollback", "-n", &namespace.name];
    let mut command = deploygate().env("KUBECONFIG", between.kubeconfig()).command(args);
    let piped = std::process::Stdio::piped;
    let child = command.stdout(piped()).stderr(piped()).spawn().unwrap();
    receiver.recv_timeout(Duration::from_secs(60)).unwrap();
    let sent = Instant::now();
    let id = child.id().to_string();
    std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap();
    let ended = child.wait_with_output().unwrap();
    assert!(sent.elapsed() < Duration::from_secs(2), "{:?}", sent.elapsed());
    let outcome: Value = serde_json::from_slice(&ended.stdout).unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(became(&outcome), ("unknown".to_owned(), String::new()), "{said}");
    assert_eq!((ended.status.code(), &outcome["exit_code"]), (Some(1), &json!(1)));
    assert!(said.contains("it is not known whether the rollback to"), "{said}");
}
