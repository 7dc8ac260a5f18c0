//! Two real clusters in one run: what is wrong with one says nothing of the other, and delays it not.
//!
//! `KUBECONFIG` names the one, `DEPLOYGATE_OTHER_KUBECONFIG` another of `tests/cluster/up`, whose API server is stopped for a
//! while, so nothing else may run on that: `cargo test --test two_clusters -- --ignored`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a test measures time and writes its own files")]

#[expect(dead_code, reason = "other tests ask more of it")]
#[path = "support/kubectl.rs"]
mod kubectl;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use kubectl::{Kubectl, Namespace, environment};
use serde_json::{Value, json};

/// The tests stop the other API server, so they run one after another.
static TURN: Mutex<()> = Mutex::new(());

/// Both clusters with a namespace of the same name, and a kubeconfig with both.
struct Clusters {
    good: Namespace,
    other: Namespace,
    folder: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Clusters {
    /// With `deployment/app` complete in both.
    fn new(name: &str) -> Self {
        let turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let good = Kubectl::from_environment().unwrap();
        let other = environment("DEPLOYGATE_OTHER_KUBECONFIG");
        let other = other
            .unwrap_or_else(|| panic!("DEPLOYGATE_OTHER_KUBECONFIG must name the second cluster"));
        let other = Kubectl::of(other).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let good = Namespace::create(&good, name).unwrap();
        let other = Namespace::create(&other, name).unwrap();
        let clusters = Self { good, other, folder, _turn: turn };
        for namespace in [&clusters.good, &clusters.other] {
            namespace.run(["apply", "-f", "base-app.yaml"]).unwrap();
        }
        for namespace in [&clusters.good, &clusters.other] {
            namespace.run(["rollout", "status", "deployment/app", "--timeout=120s"]).unwrap();
        }
        clusters.kubeconfig();
        clusters
    }

    /// `good` and `other`, and `stranger`: an account of the other cluster that may do nothing.
    fn kubeconfig(&self) {
        let token = self.other.run(["create", "token", "default"]).unwrap();
        let stranger = json!({"token": token.trim()});
        let mut config = json!({"apiVersion": "v1", "kind": "Config", "current-context": "good",
            "clusters": [], "users": [], "contexts": []});
        let mut add = |list: &str, entry: Value| config[list].as_array_mut().unwrap().push(entry);
        for (name, namespace) in [("good", &self.good), ("other", &self.other)] {
            let own = namespace.kubectl.run(["config", "view", "--raw", "-o", "json"]).unwrap();
            let own: Value = serde_json::from_str(&own).unwrap();
            add("clusters", json!({"name": name, "cluster": own["clusters"][0]["cluster"]}));
            add("users", json!({"name": name, "user": own["users"][0]["user"]}));
        }
        add("users", json!({"name": "stranger", "user": stranger}));
        for (name, cluster) in [("good", "good"), ("other", "other"), ("stranger", "other")] {
            add("contexts", json!({"name": name, "context": {"cluster": cluster, "user": name}}));
        }
        fs::write(self.file("kubeconfig"), config.to_string()).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Waits for `deployment/app` in these contexts.
    fn wait(&self, contexts: &[&str], args: &[&str]) -> Gate {
        let mut gate = Command::new(env!("CARGO_BIN_EXE_deploygate"));
        gate.env_clear().env("KUBECONFIG", self.file("kubeconfig"));
        gate.args(["wait", "deploy/app", "--namespace", &self.good.name, "--window=10s"]);
        gate.args(contexts.iter().flat_map(|context| ["--context", context])).args(args);
        for format in ["json", "junit", "markdown"] {
            gate.arg(format!("--report={format}={}", self.file(format).display()));
        }
        gate.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = gate.spawn().unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap());
        Gate { process, lines, said: String::new() }
    }

    fn outcome(&self) -> Value {
        serde_json::from_slice(&fs::read(self.file("json")).unwrap()).unwrap()
    }
}

/// A run that ends with the test at the latest.
struct Gate {
    process: Child,
    lines: BufReader<std::process::ChildStderr>,
    said: String,
}

impl Gate {
    /// Reads until a line with this text.
    fn until(&mut self, text: &str) {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            let count = self.lines.read_line(&mut line).unwrap();
            assert_ne!(count, 0, "it did not say {text:?}: {}", self.said);
            self.said.push_str(&line);
        }
    }

    /// The exit code, and all that it said.
    fn end(mut self) -> (Option<i32>, String) {
        let mut rest = Vec::new();
        std::io::Read::read_to_end(&mut self.lines, &mut rest).unwrap();
        let code = self.process.wait().unwrap().code();
        (code, std::mem::take(&mut self.said) + &String::from_utf8_lossy(&rest))
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}

/// An API server that does nothing until this is dropped: connections stay open, and no answer comes.
struct Stopped(String);

impl Stopped {
    fn server_of(namespace: &Namespace) -> Self {
        let beside = Path::new(&namespace.kubectl.kubeconfig).with_file_name("kube-apiserver.pid");
        let number = fs::read_to_string(beside).unwrap().trim().to_owned();
        signal("-STOP", &number);
        Self(number)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        signal("-CONT", &self.0);
    }
}

fn signal(signal: &str, process: &str) {
    assert!(Command::new("kill").args([signal, process]).status().unwrap().success());
}

/// Context, verdict and reason code of each target.
fn told(outcome: &Value) -> Vec<[&str; 3]> {
    let targets = outcome["targets"].as_array().unwrap();
    targets
        .iter()
        .map(|target| {
            ["context", "verdict", "reason_code"]
                .map(|key| target[key].as_str().unwrap_or_default())
        })
        .collect()
}

#[test]
#[ignore = "needs two clusters"]
fn a_failure_in_one_cluster_is_none_in_the_other() {
    let clusters = Clusters::new("two-clusters");
    clusters.good.run(["apply", "-f", "healthy.yaml"]).unwrap();
    clusters.other.run(["apply", "-f", "crashloop.yaml"]).unwrap();
    let (code, said) = clusters.wait(&["good", "other"], &["--keep-going"]).end();
    let outcome = clusters.outcome();
    assert_eq!(told(&outcome), [["good", "passed", ""], ["other", "failed", ""]], "{said}");
    assert_eq!(code, Some(1), "{said}");
    let findings = &outcome["targets"][1]["findings"];
    assert_eq!(findings[0]["cause"], "crash-loop");
    assert_eq!(findings[0]["attribution"], "application");
    assert_eq!(outcome["targets"][0]["findings"], json!([]));
    let namespace = &clusters.good.name;
    let junit = fs::read_to_string(clusters.file("junit")).unwrap();
    for context in ["good", "other"] {
        assert!(junit.contains(&format!("\"{context}/{namespace}/deployment/app\"")), "{junit}");
    }
    let undo = outcome["targets"][1]["undo"].as_str().unwrap();
    assert!(undo.ends_with("--context other"), "{undo}");
}

#[test]
#[ignore = "needs two clusters"]
fn a_cluster_that_forbids_everything_delays_no_other() {
    let clusters = Clusters::new("forbidden-cluster");
    let (code, said) = clusters.wait(&["stranger", "good"], &[]).end();
    let outcome = clusters.outcome();
    let expected = [["stranger", "inconclusive", "forbidden"], ["good", "passed", ""]];
    assert_eq!(told(&outcome), expected, "{said}");
    assert_eq!(code, Some(3), "{said}");
    assert!(outcome["duration_seconds"].as_f64().unwrap() < 30.0, "{said}");
    let next = outcome["targets"][0]["next_step"].as_str().unwrap();
    assert!(next.contains("deploygate access deployment/app"), "{next}");
    assert!(next.contains("--context stranger"), "{next}");
}

#[test]
#[ignore = "needs two clusters, and stops one's API server"]
fn a_cluster_that_goes_away_is_stale_and_delays_no_other() {
    let clusters = Clusters::new("cluster-gone");
    clusters.good.run(["apply", "-f", "healthy.yaml"]).unwrap();
    let mut gate = clusters.wait(&["other", "good"], &["--grace=stale=8s"]);
    gate.until("watching its health");
    let stopped = Stopped::server_of(&clusters.other);
    let (code, said) = gate.end();
    drop(stopped);
    let outcome = clusters.outcome();
    let expected = [["other", "inconclusive", "stale"], ["good", "passed", ""]];
    assert_eq!(told(&outcome), expected, "{said}");
    assert_eq!(code, Some(3), "{said}");
    // the rollout's few seconds and the window, and no more than the machine is slow
    assert!(outcome["duration_seconds"].as_f64().unwrap() < 60.0, "{said}");
}

#[test]
#[ignore = "needs two clusters, and stops one's API server"]
fn a_cluster_that_does_not_answer_is_unavailable_and_delays_no_other() {
    let clusters = Clusters::new("cluster-away");
    let stopped = Stopped::server_of(&clusters.other);
    let (code, said) = clusters.wait(&["other", "good"], &["--grace=stale=8s"]).end();
    drop(stopped);
    let outcome = clusters.outcome();
    let expected = [["other", "inconclusive", "api-unavailable"], ["good", "passed", ""]];
    assert_eq!(told(&outcome), expected, "{said}");
    assert_eq!(code, Some(3), "{said}");
    assert!(outcome["duration_seconds"].as_f64().unwrap() < 40.0, "{said}");
}

#[test]
#[ignore = "needs two clusters, and stops one's API server"]
fn a_signal_ends_the_run_in_both_with_its_reports() {
    let clusters = Clusters::new("two-clusters-term");
    clusters.good.run(["apply", "-f", "never-ready.yaml"]).unwrap();
    let mut gate = clusters.wait(&["good", "other"], &[]);
    gate.until("watching its health");
    let stopped = Stopped::server_of(&clusters.other);
    let begun = Instant::now();
    signal("-TERM", &gate.process.id().to_string());
    let (code, said) = gate.end();
    let took = begun.elapsed();
    drop(stopped);
    assert_eq!(code, Some(143), "{said}");
    assert!(took < Duration::from_secs(2), "{took:?}: {said}");
    let expected =
        [["good", "interrupted", "interrupted"], ["other", "interrupted", "interrupted"]];
    assert_eq!(told(&clusters.outcome()), expected, "{said}");
    for file in ["junit", "markdown"] {
        let report = fs::read_to_string(clusters.file(file)).unwrap();
        assert!(report.contains("interrupted"), "{report}");
    }
}
