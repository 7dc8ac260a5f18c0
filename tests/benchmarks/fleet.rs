//! A rollout of any size in a fake API server: pods as large as real ones, made when they are asked for.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Instant;

use deploygate::cluster::Limits;
use serde_json::{Value, json};

use super::api::{Answer, Ending, FakeApiServer, Request, World};
use super::table::now;

/// The size of a pod with a sidecar, some environment and two managers of its fields.
const POD_SIZE: usize = 15_000;

/// What a pod of the fleet shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shows {
    /// It runs and is ready.
    Ready,
    /// Its container ended with code 1.
    Crashed,
    /// Its image can't be pulled.
    NoImage,
}

/// Pods of one revision; those that are not well come first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fleet {
    pub(crate) pods: usize,
    pub(crate) unwell: usize,
    pub(crate) unwell_shows: Shows,
}

/// What was asked for, how large the answers were, and when it was asked.
pub(crate) type Traffic = Vec<(Request, usize, Instant)>;

/// A server in a thread of its own; it ends with this process.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) kubeconfig: PathBuf,
    pub(crate) traffic: Arc<Mutex<Traffic>>,
}

impl Fleet {
    /// Serves the fleet.
    pub(crate) fn serve(self) -> Server {
        let world = self.world();
        let templates = [Shows::Ready, self.unwell_shows].map(Template::new);
        serve(move |request| self.answer(request, &world, &templates))
    }

    /// The Deployment and its ReplicaSet.
    fn world(self) -> World {
        let mut world = World { pods: Vec::new(), ..World::healthy(self.pods) };
        let ready = self.pods - self.unwell;
        if let Some(deployment) = &mut world.deployment {
            deployment["status"]["readyReplicas"] = json!(ready);
            deployment["status"]["availableReplicas"] = json!(ready);
        }
        world.log = "starting\nfatal: connection refused\n".to_owned();
        world
    }

    fn answer(self, request: &Request, world: &World, templates: &[Template; 2]) -> Answer {
        let pod = |number: usize| templates[usize::from(number < self.unwell)].pod(number);
        let named = request.path.rsplit('/').next().and_then(|name| name.strip_prefix("app-1-"));
        if let Some(number) = named.and_then(|number| number.parse().ok()) {
            return Answer::Bytes(vec![pod(number).into_bytes()], Ending::Whole);
        }
        if !request.is_for("/pods") || request.is_watch() {
            return world.answer(request);
        }
        let number = |name| request.parameter(name).and_then(|value| value.parse::<usize>().ok());
        let from = number("continue").unwrap_or(0);
        let to = self.pods.min(from + number("limit").unwrap_or(self.pods));
        let next = if to < self.pods { to.to_string() } else { String::new() };
        let items: Vec<String> = (from..to).map(pod).collect();
        let page = format!(
            r#"{{"kind":"PodList","apiVersion":"v1","metadata":{{"resourceVersion":"100","continue":"{next}"}},"items":[{}]}}"#,
            items.join(",")
        );
        Answer::Bytes(vec![page.into_bytes()], Ending::Whole)
    }
}

/// Serves what a script answers, in a thread of its own.
pub(crate) fn serve(answer: impl Fn(&Request) -> Answer + Send + 'static) -> Server {
    let traffic: Arc<Mutex<Traffic>> = Arc::default();
    let seen = Arc::clone(&traffic);
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let script = move |request: &Request| {
            let answer = answer(request);
            let size = match &answer {
                Answer::Json(value) => value.to_string().len(),
                Answer::Bytes(chunks, _) => chunks.iter().map(Vec::len).sum(),
                Answer::Refusal(..) | Answer::Silence => 0,
            };
            seen.lock().unwrap().push((request.clone(), size, now()));
            answer
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(async {
            let server = FakeApiServer::start(script).await;
            sender.send(server.options(Limits::default()).kubeconfig.unwrap()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    Server { kubeconfig: receiver.recv().unwrap(), traffic }
}

/// The JSON of a pod, cut where its number belongs.
pub(crate) struct Template(Vec<String>);

/// Stands for the number of a pod.
const NUMBER: &str = "@";

impl Template {
    pub(crate) fn new(shows: Shows) -> Self {
        let short = pod(shows, 0).to_string().len();
        let text = pod(shows, POD_SIZE.saturating_sub(short)).to_string();
        Self(text.split(NUMBER).map(str::to_owned).collect())
    }

    pub(crate) fn pod(&self, number: usize) -> String {
        self.0.join(&number.to_string())
    }
}

/// A pod with so many bytes more than it needs, in the environment as most pods have them.
fn pod(shows: Shows, more: usize) -> Value {
    let ready = shows == Shows::Ready;
    let status = if ready { "True" } else { "False" };
    let time = "2026-11-24T08:00:05Z";
    let condition = |kind: &str, status: &str| json!({"lastProbeTime": null, "lastTransitionTime": time, "observedGeneration": 1, "status": status, "type": kind});
    let not_ready = if ready {
        condition("Ready", status)
    } else {
        json!({"lastProbeTime": null, "lastTransitionTime": time, "status": status, "type": "Ready",
            "reason": "ContainersNotReady", "message": "containers with unready status: [app]"})
    };
    let variable =
        |number: usize, value: &str| json!({"name": format!("SETTING_{number}"), "value": value});
    let environment: Vec<_> = (0..40)
        .map(|number| variable(number, "postgres.shop.svc.cluster.local:5432"))
        .chain([variable(40, &"x".repeat(more))])
        .collect();
    let probe = json!({"failureThreshold": 3, "httpGet": {"path": "/healthz", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 10,
        "successThreshold": 1, "timeoutSeconds": 1});
    let mounts = json!([{"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": "kube-api-access-7kx2p", "readOnly": true},
        {"mountPath": "/etc/app", "name": "config"}]);
    let container = |name: &str, environment: Value| {
        json!({"env": environment, "image": format!("registry.example/shop/{name}:1.42.0"), "imagePullPolicy": "IfNotPresent", "name": name,
            "livenessProbe": probe, "readinessProbe": probe, "ports": [{"containerPort": 8080, "name": "http", "protocol": "TCP"}],
            "resources": {"limits": {"cpu": "1", "memory": "512Mi"}, "requests": {"cpu": "250m", "memory": "256Mi"}},
            "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": true},
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "volumeMounts": mounts})
    };
    let digest = "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
    let container_status = |name: &str, ready: bool, restarts: u32, state: Value, last: Value| {
        json!({"allocatedResources": {"cpu": "250m", "memory": "256Mi"}, "containerID": format!("containerd://{name}{NUMBER}"),
            "image": format!("registry.example/shop/{name}:1.42.0"), "imageID": format!("registry.example/shop/{name}@{digest}").replace('@', ":"),
            "lastState": last, "name": name, "ready": ready, "restartCount": restarts, "started": ready, "state": state,
            "volumeMounts": mounts})
    };
    let running = || json!({"running": {"startedAt": time}});
    let (state, last, restarts) = match shows {
        Shows::Ready => (running(), json!({}), 0),
        Shows::Crashed => (
            json!({"waiting": {"reason": "CrashLoopBackOff",
                "message": format!("back-off 10s restarting failed container=app pod=app-1-{NUMBER}_shop(0b8fe7f7)")}}),
            json!({"terminated": {"containerID": format!("containerd://0f1e2d3c4b5a6978{NUMBER}"), "exitCode": 1, "reason": "Error",
                "startedAt": time, "finishedAt": "2026-11-24T08:00:06Z"}}),
            1,
        ),
        Shows::NoImage => (
            json!({"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image \"registry.example/shop/app:1.42.0\": ErrImagePull: \
                failed to pull and unpack image: failed to resolve reference: registry.example/shop/app:1.42.0: not found"}}),
            json!({}),
            0,
        ),
    };
    let fields: Vec<_> = (0..40)
        .map(|number| {
            (
                format!("k:{{\"name\":\"SETTING_{number}\"}}"),
                json!({".": {}, "f:name": {}, "f:value": {}}),
            )
        })
        .collect();
    let fields = json!({"f:spec": {"f:containers": {"k:{\"name\":\"app\"}": {".": {}, "f:env": fields.into_iter().collect::<serde_json::Map<_, _>>(),
        "f:image": {}, "f:livenessProbe": {".": {}, "f:failureThreshold": {}, "f:httpGet": {".": {}, "f:path": {}, "f:port": {}}}}},
        "f:dnsPolicy": {}, "f:restartPolicy": {}, "f:terminationGracePeriodSeconds": {}}});
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": format!("app-1-{NUMBER}"), "generateName": "app-1-", "namespace": "shop", "generation": 1,
            "uid": format!("4f0c2a6e-8d1b-4c3e-9f00-0000000-{NUMBER}"), "resourceVersion": "85", "creationTimestamp": "2026-11-24T08:00:01Z",
            "labels": {"app": "app", "pod-template-hash": "1", "app.kubernetes.io/part-of": "shop", "app.kubernetes.io/version": "1.42.0"},
            "annotations": {"checksum/config": digest, "prometheus.io/scrape": "true", "prometheus.io/port": "8080",
                "cni.example/network-status": format!("[{{\"name\": \"default\", \"ips\": [\"10.0.0.1\"], \"mac\": \"{NUMBER}\"}}]")},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "app-1", "uid": "r1", "controller": true, "blockOwnerDeletion": true}],
            "managedFields": [
                {"apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": fields, "manager": "kube-controller-manager", "operation": "Update", "time": time},
                {"apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {"f:status": {"f:conditions": {}, "f:containerStatuses": {}, "f:phase": {}}},
                    "manager": "kubelet", "operation": "Update", "subresource": "status", "time": time}],
        },
        "spec": {
            "containers": [container("app", json!(environment)), container("proxy", json!([]))],
            "nodeName": format!("node-{NUMBER}.example"), "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
            "serviceAccountName": "app", "schedulerName": "default-scheduler", "priority": 0, "enableServiceLinks": true,
            "tolerations": [{"effect": "NoExecute", "key": "node.kubernetes.io/not-ready", "operator": "Exists", "tolerationSeconds": 300},
                {"effect": "NoExecute", "key": "node.kubernetes.io/unreachable", "operator": "Exists", "tolerationSeconds": 300}],
            "volumes": [{"configMap": {"defaultMode": 420, "name": "app"}, "name": "config"}],
        },
        "status": {
            "conditions": [condition("PodReadyToStartContainers", "True"), condition("Initialized", "True"), not_ready,
                condition("ContainersReady", status), condition("PodScheduled", "True")],
            "containerStatuses": [container_status("app", ready, restarts, state, last), container_status("proxy", true, 0, running(), json!({}))],
            "hostIP": "10.0.0.1", "phase": if shows == Shows::NoImage { "Pending" } else { "Running" }, "podIP": "10.0.0.1", "qosClass": "Burstable",
            "startTime": "2026-11-24T08:00:01Z",
        },
    })
}
