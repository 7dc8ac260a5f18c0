//! Rollbacks on a real cluster: of each kind, and each reason not to (`--on-failure`).
//!
//! `KUBECONFIG` names the cluster (`tests/cluster/README.md`): `cargo test --test rollback -- --ignored`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a test writes its own files")]

#[path = "rollback/account.rs"]
mod account;
#[path = "support/between.rs"]
mod between;
#[path = "rollback/in_the_write.rs"]
mod in_the_write;
#[path = "support/kubectl.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod kubectl;
#[path = "support/program.rs"]
mod program;
#[path = "rollback/refused.rs"]
mod refused;

use kubectl::{Kubectl, Namespace};
use program::deploygate;
use serde_json::{Value, json};

/// The command of a container that ends with code 1 a second after its start.
const CRASHES: &str = r#"[{"op": "replace", "path": "/spec/template/spec/containers/0/args", "value": ["crash", "--code", "1", "--after", "1"]}]"#;

/// A namespace with a workload at its first revision, complete.
fn with_base(name: &str, base: &str, target: &str) -> Namespace {
    let kubectl = Kubectl::from_environment().unwrap();
    let namespace = Namespace::create(&kubectl, &format!("rollback-{name}")).unwrap();
    namespace.run(["apply", "-f", base]).unwrap();
    namespace.run(["rollout", "status", target, "--timeout=120s"]).unwrap();
    namespace
}

fn crash(namespace: &Namespace, target: &str) {
    namespace.run(["patch", target, "--type=json", "-p", CRASHES]).unwrap();
}

/// A run, its outcome and what it said.
fn wait_as(
    kubeconfig: &str,
    namespace: &Namespace,
    targets: &[&str],
    more: &[&str],
) -> (Value, String) {
    let common = ["wait", "-n", &namespace.name, "-o", "json", "--window", "5s"];
    let given =
        if more.contains(&"--on-failure") { &[][..] } else { &["--on-failure", "rollback"] };
    let args = common.iter().chain(given).chain(more).chain(targets);
    let folder = tempfile::tempdir().unwrap();
    let program = deploygate().current_dir(folder.path()).env("KUBECONFIG", kubeconfig);
    let args = args.copied().chain(["--record=recording"]).map(str::to_owned);
    let ended = program.run(args.chain(reports("live")));
    let outcome: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(outcome["exit_code"], json!(ended.code), "{}", ended.stderr);
    let args = ["replay", "recording"].map(str::to_owned).into_iter();
    let replayed = deploygate().current_dir(folder.path()).run(args.chain(reports("replayed")));
    assert_eq!(replayed.code, ended.code, "{}", replayed.stderr);
    for format in FORMATS {
        let report = |of: &str| {
            std::fs::read_to_string(folder.path().join(format!("{of}.{format}"))).unwrap()
        };
        let (live, replayed) = (report("live"), report("replayed"));
        let different =
            live.lines().zip(replayed.lines()).find(|(live, replayed)| live != replayed);
        assert_eq!(different, None, "{format}");
        assert_eq!(live, replayed, "{format}");
    }
    (outcome, ended.stderr)
}

const FORMATS: [&str; 4] = ["json", "junit", "markdown", "html"];

fn reports(of: &str) -> Vec<String> {
    FORMATS.map(|format| format!("--report={format}={of}.{format}")).to_vec()
}

fn wait(namespace: &Namespace, target: &str, more: &[&str]) -> (Value, String) {
    wait_as(namespace.kubectl.kubeconfig.to_str().unwrap(), namespace, &[target], more)
}

/// The write and the verdict of its watch, or the reason for none.
fn became(outcome: &Value) -> (String, String) {
    let rollback = &outcome["targets"][0]["rollback"];
    let word = |name: &str| rollback[name].as_str().unwrap_or_default().to_owned();
    (word("write"), word("verdict") + &word("refusal"))
}

fn done() -> (String, String) {
    ("done".into(), "passed".into())
}

fn not_done(why: &str) -> (String, String) {
    ("not_done".into(), why.into())
}

fn args_of(namespace: &Namespace, target: &str) -> String {
    let path = "jsonpath={.spec.template.spec.containers[0].args[0]}";
    namespace.run(["get", target, "-o", path]).unwrap()
}

#[test]
#[ignore = "needs a cluster"]
fn a_deployment_goes_back_and_keeps_its_exit_code() {
    let namespace = with_base("deploy", "base-app.yaml", "deploy/app");
    crash(&namespace, "deploy/app");
    let (outcome, said) = wait(&namespace, "deploy/app", &[]);
    assert_eq!((became(&outcome), &outcome["exit_code"]), (done(), &json!(1)), "{said}");
    assert!(said.contains("a rollback after a failure may take up to 15m more"), "{said}");
    assert_eq!(outcome["targets"][0]["rollback"]["to"]["is_known_good"], json!(true));
    assert_eq!(args_of(&namespace, "deploy/app"), "serve");
    let labels = "jsonpath={.spec.template.metadata.labels}";
    let labels = namespace.run(["get", "deploy/app", "-o", labels]).unwrap();
    assert_eq!(labels, r#"{"app":"app"}"#);
}

#[test]
#[ignore = "needs a cluster"]
fn a_daemon_set_goes_back() {
    let namespace = with_base("ds", "base-agent.yaml", "ds/agent");
    crash(&namespace, "ds/agent");
    let (outcome, said) = wait(&namespace, "ds/agent", &[]);
    assert_eq!(became(&outcome), done(), "{said}");
    assert_eq!(args_of(&namespace, "ds/agent"), "serve");
}

#[test]
#[ignore = "needs a cluster"]
fn a_stateful_set_goes_back_once_the_pod_that_blocks_it_is_deleted() {
    let namespace = with_base("sts", "base-store.yaml", "sts/store");
    crash(&namespace, "sts/store");
    let (outcome, said) = wait(&namespace, "sts/store", &[]);
    assert_eq!(became(&outcome), done(), "{said}");
    assert!(said.contains("deleted pod store-2 of the failed revision"), "{said}");
    let rollback = &outcome["targets"][0]["rollback"];
    assert_eq!(rollback["deleted_pods"][0], json!("store-2"));
    assert!(rollback["reason"].as_str().unwrap().contains("; deleted pod"), "{said}");
    assert_eq!(args_of(&namespace, "sts/store"), "serve");
}

#[test]
#[ignore = "needs a cluster"]
fn of_a_release_all_that_changed_goes_back_and_nothing_else() {
    let namespace = with_base("all", "base-app.yaml", "deploy/app");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/scenarios/base-app.yaml");
    let base = std::fs::read_to_string(path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["web", "idle"] {
        let file = folder.path().join(format!("{name}.yaml"));
        let renamed = base.replace("name: app}", &format!("name: {name}}}"));
        std::fs::write(&file, renamed.replace("{app: app}", &format!("{{app: {name}}}"))).unwrap();
        namespace.run(["apply", "-f", file.to_str().unwrap()]).unwrap();
        namespace.run(["rollout", "status", &format!("deploy/{name}"), "--timeout=120s"]).unwrap();
    }
    namespace.run(["set", "env", "deploy/web", "RELEASE=2"]).unwrap();
    crash(&namespace, "deploy/app");
    let kubeconfig = namespace.kubectl.kubeconfig.to_str().unwrap();
    let targets = ["deploy/app", "deploy/web", "deploy/idle"];
    let (outcome, said) =
        wait_as(kubeconfig, &namespace, &targets, &["--on-failure", "rollback-all"]);
    let of = |place: usize| &outcome["targets"][place]["rollback"];
    assert_eq!((&of(0)["write"], &of(1)["write"]), (&json!("done"), &json!("done")), "{said}");
    assert_eq!(of(2)["refusal"], json!("unchanged"), "{said}");
    assert_eq!(outcome["rollback"]["done"], json!(2));
    let env = "jsonpath={.spec.template.spec.containers[0].env}";
    assert_eq!(namespace.run(["get", "deploy/web", "-o", env]).unwrap(), "");
}

#[test]
#[ignore = "needs a cluster"]
fn a_revision_before_that_fails_too_is_told_as_that() {
    let kubectl = Kubectl::from_environment().unwrap();
    let namespace = Namespace::create(&kubectl, "rollback-fails-too").unwrap();
    namespace.run(["create", "configmap", "settings", "--from-literal=A=1"]).unwrap();
    namespace.run(["apply", "-f", "base-app.yaml"]).unwrap();
    let refers = r#"[
        {"op": "replace", "path": "/spec/strategy", "value": {"type": "Recreate"}},
        {"op": "add", "path": "/spec/template/spec/containers/0/envFrom", "value": [{"configMapRef": {"name": "settings"}}]}]"#;
    namespace.run(["patch", "deploy/app", "--type=json", "-p", refers]).unwrap();
    namespace.run(["rollout", "status", "deploy/app", "--timeout=120s"]).unwrap();
    // its pods must have been ready for a while to be known as good ones that were asked to stop
    std::thread::sleep(std::time::Duration::from_secs(14));
    namespace.run(["delete", "configmap", "settings"]).unwrap();
    let broken = r#"[
        {"op": "remove", "path": "/spec/template/spec/containers/0/envFrom"},
        {"op": "replace", "path": "/spec/template/spec/containers/0/args", "value": ["crash"]}]"#;
    namespace.run(["patch", "deploy/app", "--type=json", "-p", broken]).unwrap();
    let (outcome, said) = wait(&namespace, "deploy/app", &["--grace", "config=5s"]);
    let rollback = &outcome["targets"][0]["rollback"];
    assert_eq!((&rollback["write"], &rollback["verdict"]), (&json!("done"), &json!("failed")));
    let reason = rollback["reason"].as_str().unwrap();
    assert!(reason.contains("), but it failed too: config: "), "{reason}\n{said}");
    assert!(rollback["next_step"].as_str().unwrap().starts_with("create the ConfigMap"));
}

#[test]
#[ignore = "needs a cluster"]
fn who_applies_on_the_servers_side_is_told_of_the_conflict_that_comes() {
    let kubectl = Kubectl::from_environment().unwrap();
    let namespace = Namespace::create(&kubectl, "rollback-applied").unwrap();
    let apply = |file| namespace.run(["apply", "--server-side", "-f", file]);
    apply("base-app.yaml").unwrap();
    namespace.run(["rollout", "status", "deploy/app", "--timeout=120s"]).unwrap();
    apply("crashloop.yaml").unwrap();
    let (outcome, said) = wait(&namespace, "deploy/app", &[]);
    assert_eq!(became(&outcome), done(), "{said}");
    assert!(said.contains("needs `--force-conflicts`"), "{said}");
    // what was restored is no conflict, and what differs is one
    apply("base-app.yaml").unwrap();
    let conflict = apply("crashloop.yaml").unwrap_err();
    assert!(conflict.contains("conflicts with \"deploygate\""), "{conflict}");
}

#[test]
#[ignore = "needs a cluster"]
fn of_a_helm_release_what_helm_still_records_is_told() {
    let kubectl = Kubectl::from_environment().unwrap();
    let namespace = Namespace::create(&kubectl, "rollback-helm").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let chart = folder.path();
    std::fs::create_dir(chart.join("templates")).unwrap();
    std::fs::write(chart.join("Chart.yaml"), "{apiVersion: v2, name: shop, version: 0.1.0}")
        .unwrap();
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cluster/scenarios");
    let helm = |args: &[&str]| {
        let mut command = std::process::Command::new(kubectl.beside("helm"));
        let command = command.env("KUBECONFIG", &kubectl.kubeconfig).current_dir(chart);
        let output = command.args(["-n", &namespace.name]).args(args).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for (file, command) in
        [("base-app.yaml", &["install", "--wait"][..]), ("crashloop.yaml", &["upgrade"])]
    {
        std::fs::copy(format!("{scenarios}/{file}"), chart.join("templates/app.yaml")).unwrap();
        helm(&[command, &["shop", "."]].concat());
    }
    let (outcome, said) = wait(&namespace, "deploy/app", &[]);
    assert_eq!(became(&outcome), done(), "{said}");
    let next = outcome["targets"][0]["rollback"]["next_step"].as_str().unwrap();
    let command = format!("helm rollback shop -n {}", namespace.name);
    assert_eq!(next, format!("Helm still records the failed release shop: {command}"));
    helm(&["rollback", "shop", "--wait"]);
    assert_eq!(args_of(&namespace, "deploy/app"), "serve");
}
