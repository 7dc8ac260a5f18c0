//! The kubelet of a node that is an object only: it reports the node as ready, runs its pods in word, and lets those go
//! that are deleted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::kubectl::Kubectl;

const STEP: Duration = Duration::from_millis(300);
/// Kubernetes calls a node unreachable of which it has heard nothing for 50 s.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Keeps the node up until it is dropped, and deletes it then.
#[derive(Debug)]
pub(crate) struct Hollow {
    kubectl: Kubectl,
    node: String,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Hollow {
    /// Of this name, as soon as there is such a node. One that an earlier run left is deleted first.
    pub(crate) fn start(kubectl: &Kubectl, node: &str) -> Result<Self, String> {
        kubectl.run(["delete", "node", node, "--ignore-not-found"])?;
        let ended = Arc::new(AtomicBool::new(false));
        let (of_kubectl, of_node, is_over) = (kubectl.clone(), node.to_owned(), ended.clone());
        let thread = thread::spawn(move || {
            let mut beat: Option<Instant> = None;
            while !is_over.load(Ordering::Relaxed) {
                // what is not there yet, or gone again, is tried at the next step
                if beat.is_none_or(|beat| beat.elapsed() > HEARTBEAT) {
                    beat = report_ready(&of_kubectl, &of_node).ok().map(|()| Instant::now());
                }
                let _ = run_pods(&of_kubectl, &of_node);
                thread::sleep(STEP);
            }
        });
        Ok(Self { kubectl: kubectl.clone(), node: node.to_owned(), ended, thread: Some(thread) })
    }
}

impl Drop for Hollow {
    fn drop(&mut self) {
        // its pods go with it, which somebody has to let go
        let _ = self.kubectl.run(["delete", "node", &self.node, "--ignore-not-found"]);
        self.ended.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn report_ready(kubectl: &Kubectl, node: &str) -> Result<(), String> {
    let ready = json!({"type": "Ready", "status": "True", "reason": "KubeletReady", "lastHeartbeatTime": now(), "lastTransitionTime": now()});
    let patch = json!({"status": {"conditions": [ready]}}).to_string();
    kubectl.run(["patch", "node", node, "--subresource=status", "-p", &patch]).map(drop)
}

fn run_pods(kubectl: &Kubectl, node: &str) -> Result<(), String> {
    let of_node = format!("--field-selector=spec.nodeName={node}");
    let pods = kubectl.run(["get", "pods", "--all-namespaces", &of_node, "-o", "json"])?;
    let pods: Value = serde_json::from_str(&pods).map_err(|error| error.to_string())?;
    for pod in pods["items"].as_array().into_iter().flatten() {
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
