//! A node whose kubelet has stopped still shows ready pods: such a pass is never given.
//!
//! It stops the kubelet of the test cluster (`tests/cluster/up`), so nothing else may run on it at that time:
//! `cargo test --test frozen_node -- --ignored`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

#[expect(dead_code, reason = "other tests ask more of it")]
#[path = "support/kubectl.rs"]
mod kubectl;

use kubectl::{Kubectl, Namespace};
use serde_json::Value;

/// A kubelet that does nothing until this is dropped.
struct Frozen(String);

impl Frozen {
    fn freeze(process: &str) -> Self {
        signal("-STOP", process);
        Self(process.to_owned())
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        signal("-CONT", &self.0);
    }
}

fn signal(signal: &str, process: &str) {
    assert!(Command::new("kill").args([signal, process]).status().unwrap().success());
}

/// There is one kubelet: a test that lets it go on would do so for another.
static KUBELET: Mutex<()> = Mutex::new(());

/// Ends the program when a test fails before it did.
struct Gate(Child);

impl Drop for Gate {
    fn drop(&mut self) {
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// The kubelet's process: `up` leaves its number beside the kubeconfig.
fn kubelet(kubectl: &Kubectl) -> String {
    let beside = Path::new(&kubectl.kubeconfig).with_file_name("kubelet.pid");
    let number = fs::read_to_string(&beside).unwrap_or_else(|error| {
        panic!("{}: {error}; this test needs the cluster of tests/cluster/up", beside.display())
    });
    number.trim().to_owned()
}

/// A namespace in which the Deployment `app` is complete.
fn with_app(name: &str) -> (Kubectl, Namespace) {
    let kubectl = Kubectl::from_environment().unwrap();
    let namespace = Namespace::create(&kubectl, name).unwrap();
    namespace.run(["apply", "-f", "base-app.yaml"]).unwrap();
    namespace.run(["rollout", "status", "deployment/app", "--timeout=120s"]).unwrap();
    (kubectl, namespace)
}

/// Waits for a renewal: from it on the node counts as alive for 50 s, whatever it does.
fn await_renewal(kubectl: &Kubectl) {
    let lease = ["get", "lease/node-1", "-n", "kube-node-lease", "-o=jsonpath={.spec.renewTime}"];
    let before = kubectl.run(lease).unwrap();
    let is_renewed = (0..600).any(|_| {
        thread::sleep(Duration::from_millis(100));
        kubectl.run(lease).unwrap() != before
    });
    assert!(is_renewed, "the Lease is not renewed");
}

#[test]
#[ignore = "stops the kubelet of the test cluster, so it runs alone"]
fn pods_of_a_frozen_kubelet_are_not_healthy_at_present() {
    let _alone = KUBELET.lock().unwrap_or_else(PoisonError::into_inner);
    let (kubectl, namespace) = with_app("frozen-present");
    await_renewal(&kubectl);
    let frozen = Frozen::freeze(&kubelet(&kubectl));
    // the Lease is too old then, and the node is called ready for a while yet
    thread::sleep(Duration::from_secs(37));
    let mut check = Command::new(env!("CARGO_BIN_EXE_deploygate"));
    check.args(["check", "deploy/app", "--window=1s", "-o=json", "--namespace", &namespace.name]);
    let ended = check.env_remove("GITHUB_ACTIONS").output().unwrap();
    drop(frozen);
    let outcome: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(3), "{outcome:#}");
    assert_eq!(outcome["targets"][0]["reason_code"], "nodes", "{outcome:#}");
    kubectl.run(["wait", "--for=condition=Ready", "node/node-1", "--timeout=120s"]).unwrap();
}

#[test]
#[ignore = "stops the kubelet of the test cluster, so it runs alone"]
fn a_frozen_kubelet_is_never_green() {
    let _alone = KUBELET.lock().unwrap_or_else(PoisonError::into_inner);
    let (kubectl, namespace) = with_app("frozen-node");

    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("outcome.json");
    let mut gate = Command::new(env!("CARGO_BIN_EXE_deploygate"));
    gate.args(["wait", "deploy/app", "--window=20s", "--namespace", &namespace.name])
        .arg(format!("--report=json={}", json.display()))
        .env_remove("GITHUB_ACTIONS")
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    await_renewal(&kubectl);
    let mut gate = Gate(gate.spawn().unwrap());
    let mut lines = BufReader::new(gate.0.stderr.take().unwrap()).lines();
    let mut said = String::new();
    let opened = lines.by_ref().map_while(Result::ok).find(|line| {
        said.push_str(line);
        said.push('\n');
        line.contains("rollout complete")
    });
    assert!(opened.is_some(), "{said}");

    let frozen = Frozen::freeze(&kubelet(&kubectl));
    said.extend(lines.map_while(Result::ok).map(|line| line + "\n"));
    let status = gate.0.wait().unwrap();
    drop(frozen);
    let outcome: Value = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    assert_eq!(status.code(), Some(3), "{said}");
    assert_eq!(outcome["targets"][0]["reason_code"], "nodes", "{said}");
    assert!(said.contains("node node-1 has not reported for 4"), "{said}");
    kubectl.run(["wait", "--for=condition=Ready", "node/node-1", "--timeout=120s"]).unwrap();
}
