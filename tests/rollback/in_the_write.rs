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
    not_done,
    program::deploygate,
    wait_as, with_base,
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
    assert_eq!(outcome["targets"][0]["rollback"]["conflicts"], json!(2));
    assert_eq!(args_of(&namespace, "deploy/app"), "serve");
    let kept = "jsonpath={.metadata.annotations.team} {.spec.replicas}";
    assert_eq!(namespace.run(["get", "deploy/app", "-o", kept]).unwrap(), "shop-3 3");
}

#[test]
#[ignore = "needs a cluster"]
fn the_evidence_is_safe_by_then_without_a_report_too() {
    let namespace = with_base("evidence", "base-app.yaml", "deploy/app");
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let files = ["stderr", "summary", "outputs", "report"].map(path);
    let read = move || files.each_ref().map(|path| std::fs::read_to_string(path).unwrap());
    let (sender, receiver) = mpsc::channel();
    let then = read.clone();
    let between = Between::start(&namespace, move |_| {
        sender.send(then()).unwrap();
        Then::Passes
    });
    crash(&namespace, "deploy/app");
    let text = |name: &str| path(name).to_str().unwrap().to_owned();
    let report = format!("--report=json={}", text("report"));
    let args = ["wait", "deploy/app", "--on-failure=rollback", "-n", &namespace.name, &report];
    let mut command = deploygate()
        .env("KUBECONFIG", between.kubeconfig())
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", &text("summary"))
        .env("GITHUB_OUTPUT", &text("outputs"))
        .command(args);
    let ended = command.stderr(std::fs::File::create(path("stderr")).unwrap()).status().unwrap();
    assert_eq!(ended.code(), Some(1));

    let [said, summary, outputs, report] = receiver.try_recv().unwrap();
    assert!(
        said.contains("FAILED  deployment/app") && said.contains("  seen   container app"),
        "{said}"
    );
    assert!(said.contains("::group::evidence of deployment/app"), "{said}");
    assert!(!said.contains("not known whether") && !said.contains("::error"), "{said}");
    assert!(summary.starts_with("## ❌ FAILED: deployment/app"), "{summary}");
    assert!(outputs.contains("verdict=failed\n") && outputs.contains("rollback=unknown\n"));
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(became(&report), ("unknown".to_owned(), String::new()));
    assert_eq!(report["targets"][0]["verdict"], json!("failed"));

    let [said, summary, outputs, report] = read();
    assert_eq!(summary.matches("## ❌ FAILED: deployment/app").count(), 1, "{summary}");
    assert!(summary.contains("; healthy for 15s"), "{summary}");
    assert!(!summary.contains("not known whether"), "{summary}");
    assert!(outputs.trim_end().rsplit("rollback=").next().unwrap().starts_with("done"));
    assert_eq!(became(&serde_json::from_str(&report).unwrap()), done());
    assert_eq!(said.matches("::group::evidence").count(), 1, "{said}");
    assert_eq!(said.matches("::error").count(), 1, "{said}");
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
    assert_eq!((became(&outcome), writes), (not_done("superseded"), 1), "{said}");
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
    assert_eq!((became(&outcome), writes), (not_done("deleted"), 1), "{said}");
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
