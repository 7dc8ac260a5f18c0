//! The kubelets of nodes that are objects only: they report their nodes as ready, run their pods in word, and let those go
//! that are deleted. One whose name ends with `-lost` does nothing.

#![expect(clippy::disallowed_methods, reason = "a kubelet tells the time")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::kubectl::Kubectl;

const STEP: Duration = Duration::from_millis(300);
/// Kubernetes calls a node unreachable of which it has heard nothing for 50 s.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Keeps the nodes up until it is dropped, and deletes them then.
#[derive(Debug)]
pub(crate) struct Hollow {
    kubectl: Kubectl,
    nodes: Vec<String>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Hollow {
    /// Of these names, as soon as there are such nodes. Those that an earlier run left are deleted first.
    pub(crate) fn start(kubectl: &Kubectl, nodes: &[String]) -> Result<Self, String> {
        delete(kubectl, nodes)?;
        let ended = Arc::new(AtomicBool::new(false));
        let (of_kubectl, is_over) = (kubectl.clone(), ended.clone());
        let up = nodes.iter().filter(|node| !node.ends_with("-lost"));
        let mut up: Vec<(String, Option<Instant>)> = up.map(|node| (node.clone(), None)).collect();
        let thread = thread::spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                for (node, beat) in &mut up {
                    // what is not there yet, or gone again, is tried at the next step
                    if beat.is_none_or(|beat| beat.elapsed() > HEARTBEAT) {
                        *beat = report_ready(&of_kubectl, node).ok().map(|()| Instant::now());
                    }
                }
                let _ = run_pods(&of_kubectl, &up);
                thread::sleep(STEP);
            }
        });
        let (kubectl, nodes) = (kubectl.clone(), nodes.to_vec());
        Ok(Self { kubectl, nodes, ended, thread: Some(thread) })
    }
}

impl Drop for Hollow {
    fn drop(&mut self) {
        // its pods go with it, which somebody has to let go
        let _ = delete(&self.kubectl, &self.nodes);
        self.ended.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn delete(kubectl: &Kubectl, nodes: &[String]) -> Result<(), String> {
    let names = nodes.iter().map(String::as_str);
    kubectl.run(["delete", "node", "--ignore-not-found"].into_iter().chain(names)).map(drop)
}

fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn report_ready(kubectl: &Kubectl, node: &str) -> Result<(), String> {
    let ready = json!({"type": "Ready", "status": "True", "reason": "KubeletReady", "lastHeartbeatTime": now(), "lastTransitionTime": now()});
    let patch = json!({"status": {"conditions": [ready]}}).to_string();
    kubectl.run(["patch", "node", node, "--subresource=status", "-p", &patch]).map(drop)
}

fn run_pods(kubectl: &Kubectl, nodes: &[(String, Option<Instant>)]) -> Result<(), String> {
    let pods = kubectl.run(["get", "pods", "--all-namespaces", "-o", "json"])?;
    let pods: Value = serde_json::from_str(&pods).map_err(|error| error.to_string())?;
    let is_here = |pod: &&Value| nodes.iter().any(|(node, _)| pod["spec"]["nodeName"] == **node);
    for pod in pods["items"].as_array().into_iter().flatten().filter(is_here) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (name, namespace) =
            (text(&pod["metadata"]["name"]), text(&pod["metadata"]["namespace"]));
        let here = ["--namespace", &namespace];
        if !pod["metadata"]["deletionTimestamp"].is_null() {
            let gone = ["delete", "pod", &name, "--force", "--grace-period=0", "--wait=false"];
            kubectl.run(here.iter().chain(&gone))?;
        } else if pod["status"]["phase"] == "Pending" {
            let patch = running(pod).to_string();
            let run = ["patch", "pod", &name, "--subresource=status", "-p", &patch];
            kubectl.run(here.iter().chain(&run))?;
        }
    }
    Ok(())
}

/// The status of a pod all of whose containers run.
fn running(pod: &Value) -> Value {
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    let statuses: Vec<Value> = containers
        .map(|container| {
            json!({"name": container["name"], "image": container["image"], "imageID": "sha256:0", "ready": true, "started": true,
                "restartCount": 0, "containerID": "containerd://0", "state": {"running": {"startedAt": now()}}})
        })
        .collect();
    let conditions = ["Initialized", "PodReadyToStartContainers", "ContainersReady", "Ready"];
    let conditions =
        conditions.map(|kind| json!({"type": kind, "status": "True", "lastTransitionTime": now()}));
    json!({"status": {"phase": "Running", "startTime": now(), "conditions": conditions, "containerStatuses": statuses}})
}
