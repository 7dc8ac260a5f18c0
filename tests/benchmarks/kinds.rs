//! What a run of 60 s asks of a real API server, for each kind.
//!
//! The requests go through `kubectl proxy`, which tells of each.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::kubectl::{Kubectl, Namespace};
use super::program;
use super::scenario::{self, Scenario};
use super::table::Table;
use super::widget;

/// A workload of each kind that is complete when the run begins, and a Job that goes on.
const SCENARIOS: [&str; 6] = [
    "complete-already",
    "sts-complete-already",
    "ds-complete-already",
    "ro-complete-already",
    "cr-complete-already",
    "job-never-ends",
];
/// Between what was applied and the run, so that it is complete.
const PAUSE: Duration = Duration::from_secs(15);

pub(crate) fn measure(table: &mut Table) -> Result<(), String> {
    let kubectl = Kubectl::from_environment()?;
    let scenarios = scenario::all()?;
    for name in SCENARIOS {
        let scenario = super::named(&scenarios, name)?;
        let (requests, length) = count(scenario, &kubectl)?;
        let all: usize = requests.values().sum();
        let each: Vec<String> =
            requests.iter().map(|(what, count)| format!("{what} {count}")).collect();
        let figure = format!("{all} in {length:.1?}: {}", each.join(", "));
        table.add(format!("{}: requests of 60 s", scenario.kind), figure);
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark writes its own files")]
fn count(
    scenario: &Scenario,
    kubectl: &Kubectl,
) -> Result<(BTreeMap<String, usize>, Duration), String> {
    if scenario.kind == "Widget" {
        widget::define(kubectl)?;
    }
    let namespace = Namespace::create(kubectl, &format!("{}-asks", scenario.name))?;
    namespace.run(["apply", "-f", &scenario.path.to_string_lossy()])?;
    for owned in &scenario.owns {
        namespace.run(["apply", "-f", &owned.to_string_lossy()])?;
        widget::give(&namespace, &scenario.kind, owned)?;
    }
    for step in &scenario.then {
        namespace.run(step)?;
    }
    thread::sleep(PAUSE);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let proxy = Proxy::start(kubectl)?;
    let kubeconfig = folder.path().join("kubeconfig");
    std::fs::write(&kubeconfig, proxy.kubeconfig()).map_err(|error| error.to_string())?;
    let mut command = program::wait_for(folder.path(), &kubeconfig, [scenario.target()]);
    command.args(["--namespace", &namespace.name, "--window", "60s", "--timeout", "60s"]);
    let run = program::run(command)?;
    // a Job has no window, and is still at work at the deadline
    let expected = if scenario.kind == "Job" { 4 } else { 0 };
    if run.exit_code != Some(expected) {
        return Err(format!("{}: {:?}\n{}", scenario.name, run.exit_code, run.stderr));
    }
    let requests = proxy.requests.lock().map_err(|error| error.to_string())?;
    Ok((requests.clone(), run.length))
}

/// A way to the API server that counts requests by their verb.
#[derive(Debug)]
struct Proxy {
    process: Child,
    port: u16,
    requests: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Proxy {
    fn start(kubectl: &Kubectl) -> Result<Self, String> {
        let mut process = Command::new(kubectl.beside("kubectl"))
            .args(["proxy", "--port=0", "-v=3"])
            .env("KUBECONFIG", &kubectl.kubeconfig)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("kubectl cannot be run: {error}"))?;
        // `Starting to serve on 127.0.0.1:41233`
        let mut first = String::new();
        let stdout = process.stdout.take().ok_or("kubectl has no output")?;
        BufReader::new(stdout).read_line(&mut first).map_err(|error| error.to_string())?;
        let port = first.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.ok_or(format!("kubectl proxy says {first}"))?;
        let requests: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
        let counted = Arc::clone(&requests);
        let stderr = process.stderr.take().ok_or("kubectl has no output")?;
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let Some((_, request)) = line.split_once("Filter accepting ") else { continue };
                *counted.lock().unwrap().entry(kind(request)).or_default() += 1;
            }
        });
        Ok(Self { process, port, requests })
    }

    fn kubeconfig(&self) -> String {
        let server = format!("http://127.0.0.1:{}", self.port);
        serde_json::json!({"apiVersion": "v1", "kind": "Config", "current-context": "proxy",
            "clusters": [{"name": "proxy", "cluster": {"server": server}}],
            "users": [{"name": "proxy", "user": {}}],
            "contexts": [{"name": "proxy", "context": {"cluster": "proxy", "user": "proxy"}}]})
        .to_string()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // what is left when this fails is one process that serves nobody
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}

/// `get pods` of `GET /api/v1/namespaces/shop/pods 127.0.0.1`; a list is a `get` as well, for the proxy tells no more.
fn kind(request: &str) -> String {
    let mut words = request.split_whitespace();
    let method = words.next().unwrap_or_default().to_lowercase();
    let path = words.next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let resource = match parts.iter().position(|part| *part == "namespaces") {
        Some(at) => parts.get(at + 2).or(parts.get(at)).copied(),
        None => parts.last().copied(),
    };
    format!("{method} {}", resource.unwrap_or_default())
}
