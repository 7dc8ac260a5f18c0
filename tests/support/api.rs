//! An API server of a few lines, in this process: it answers as a closure says, and does wrong on demand.

use std::{
    convert::Infallible,
    io::Write,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use deploygate::cluster::{ConnectOptions, Limits};
use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Response,
    body::{Bytes, Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// E.g. `GET`.
    pub(crate) method: String,
    /// The path, e.g. `/api/v1/namespaces/shop/pods`.
    pub(crate) path: String,
    /// The parameters, not decoded.
    pub(crate) query: String,
    /// The bearer token.
    pub(crate) token: String,
    /// The form that is asked for.
    pub(crate) accept: String,
}

impl Request {
    /// Whether it opens a watch.
    pub(crate) fn is_watch(&self) -> bool {
        self.query.contains("watch=true")
    }

    /// Whether its path ends so.
    pub(crate) fn is_for(&self, end: &str) -> bool {
        self.path.ends_with(end)
    }

    /// The value of a parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }
}

/// What the server does with a request.
pub(crate) enum Answer {
    /// Status 200 with this body.
    Json(Value),
    /// A `Status` of Kubernetes, or without a message what it answers for a path that it does not serve; with `Retry-After` if there is one.
    Refusal(u16, &'static str, Option<&'static str>),
    /// Status 200 with these bytes, and then what comes after them. No bytes are a second of silence.
    Bytes(Vec<Vec<u8>>, Ending),
    /// No answer at all.
    Silence,
}

/// How a body ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As it should.
    Whole,
    /// The connection breaks.
    Broken,
    /// Nothing more comes, and the connection stays.
    Silent,
}

impl Answer {
    /// The lines of a watch.
    pub(crate) fn watch(lines: &[Value], ending: Ending) -> Self {
        Self::Bytes(lines.iter().map(|line| format!("{line}\n").into_bytes()).collect(), ending)
    }
}

/// A server on a port of its own, until it is dropped.
pub(crate) struct FakeApiServer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    kubeconfig: tempfile::NamedTempFile,
    task: JoinHandle<()>,
}

impl FakeApiServer {
    /// Starts a server that answers as the script says.
    pub(crate) async fn start(script: impl FnMut(&Request) -> Answer + Send + 'static) -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), script).await
    }

    /// The same at a given address.
    pub(crate) async fn start_at(
        address: SocketAddr,
        script: impl FnMut(&Request) -> Answer + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::default();
        let task = tokio::spawn(serve(listener, Arc::new(Mutex::new(script)), Arc::clone(&seen)));
        let mut kubeconfig = tempfile::NamedTempFile::new().unwrap();
        write!(kubeconfig, "{}", kubeconfig_of(address, json!({"token": "t1"}))).unwrap();
        Self { address, seen, kubeconfig, task }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has been asked so far.
    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// Changes the token that the kubeconfig holds.
    pub(crate) fn rotate_token(&self, token: &str) {
        self.authenticate(json!({"token": token}));
    }

    /// Changes how the kubeconfig authenticates.
    pub(crate) fn authenticate(&self, user: Value) {
        let mut file = self.kubeconfig.reopen().unwrap();
        file.set_len(0).unwrap();
        write!(file, "{}", kubeconfig_of(self.address, user)).unwrap();
    }

    /// How to connect to it.
    pub(crate) fn options(&self, limits: Limits) -> ConnectOptions {
        let kubeconfig = Some(self.kubeconfig.path().to_owned());
        ConnectOptions { kubeconfig, limits, ..ConnectOptions::default() }
    }
}

impl Drop for FakeApiServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A kubeconfig for a server without TLS. JSON is YAML too.
fn kubeconfig_of(address: SocketAddr, user: Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "fake",
        "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "ci", "namespace": "shop"}}],
        "clusters": [{"name": "fake", "cluster": {"server": format!("http://{address}")}}],
        "users": [{"name": "ci", "user": user}],
    })
}

type Body = UnsyncBoxBody<Bytes, std::io::Error>;

async fn serve<F>(listener: TcpListener, script: Arc<Mutex<F>>, seen: Arc<Mutex<Vec<Request>>>)
where
    F: FnMut(&Request) -> Answer + Send + 'static,
{
    // its connections end with it
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
        connections.spawn(async move {
            let service = service_fn(move |request: hyper::Request<Incoming>| {
                let request = read(&request);
                seen.lock().unwrap().push(request.clone());
                let answer = (script.lock().unwrap())(&request);
                async move { Ok::<_, Infallible>(respond(answer).await) }
            });
            // a client that goes away is no error here
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

fn read(request: &hyper::Request<Incoming>) -> Request {
    let header = |name| request.headers().get(name).map_or("", |value| value.to_str().unwrap());
    Request {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or("").to_owned(),
        token: header("authorization").trim_start_matches("Bearer ").to_owned(),
        accept: header("accept").to_owned(),
    }
}

async fn respond(answer: Answer) -> Response<Body> {
    let response = Response::builder().header("date", "Tue, 24 Nov 2026 08:00:20 GMT");
    let (response, chunks, ending) = match answer {
        Answer::Silence => std::future::pending().await,
        Answer::Json(value) => (response, vec![value.to_string().into_bytes()], Ending::Whole),
        Answer::Bytes(chunks, ending) => (response, chunks, ending),
        Answer::Refusal(code, message, retry_after) => {
            let status = json!({"kind": "Status", "code": code, "message": message});
            let response = match retry_after {
                Some(value) => response.header("retry-after", value),
                None => response,
            };
            let page = || b"404 page not found\n".to_vec();
            let body = if message.is_empty() { page() } else { status.to_string().into_bytes() };
            (response.status(code), vec![body], Ending::Whole)
        }
    };
    let frames = stream::iter(chunks).filter_map(async |chunk| {
        if chunk.is_empty() {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            return None;
        }
        Some(Ok(Frame::data(Bytes::from(chunk))))
    });
    let end = match ending {
        Ending::Whole => stream::empty().boxed(),
        // what came before reaches the client first
        Ending::Broken => stream::once(async {
            tokio::task::yield_now().await;
            Err(std::io::Error::other("broken on purpose"))
        })
        .boxed(),
        Ending::Silent => stream::pending().boxed(),
    };
    response.body(StreamBody::new(frames.chain(end)).boxed_unsync()).unwrap()
}

/// A Deployment `app` in namespace `shop` with its objects, for a script to answer from.
pub(crate) struct World {
    /// The Deployment; `None` if there is none.
    pub(crate) deployment: Option<Value>,
    /// Its ReplicaSets.
    pub(crate) replica_sets: Vec<Value>,
    /// Its pods.
    pub(crate) pods: Vec<Value>,
    /// Events of any object.
    pub(crate) events: Vec<Value>,
    /// The log of any container.
    pub(crate) log: String,
    /// The version of every list.
    pub(crate) version: u64,
}

impl World {
    /// One complete revision with so many ready pods.
    pub(crate) fn healthy(pods: usize) -> Self {
        let template = json!({"metadata": {"labels": {"app": "app"}}, "spec": {"containers": [{"name": "app", "image": "app:1"}]}});
        let deployment = json!({
            "metadata": {"name": "app", "uid": "d1", "generation": 1, "resourceVersion": "90",
                "annotations": {"deployment.kubernetes.io/revision": "1"}},
            "spec": {"replicas": pods, "selector": {"matchLabels": {"app": "app"}}, "template": template},
            "status": {"observedGeneration": 1, "replicas": pods, "updatedReplicas": pods, "readyReplicas": pods,
                "availableReplicas": pods},
        });
        let replica_set = json!({
            "metadata": {"name": "app-1", "uid": "r1", "generation": 1, "resourceVersion": "80",
                "creationTimestamp": "2026-11-24T08:00:00Z", "annotations": {"deployment.kubernetes.io/revision": "1"},
                "ownerReferences": [{"uid": "d1", "controller": true}]},
            "spec": {"replicas": pods, "template": template},
            "status": {"observedGeneration": 1, "replicas": pods},
        });
        Self {
            deployment: Some(deployment),
            replica_sets: vec![replica_set],
            pods: (0..pods).map(|number| pod(number, 85, running())).collect(),
            events: Vec::new(),
            log: String::new(),
            version: 100,
        }
    }

    /// What a server with nothing wrong answers. Watches say nothing, but that one without a version, as that on the
    /// Deployment is, begins with the object.
    pub(crate) fn answer(&self, request: &Request) -> Answer {
        if request.is_watch() {
            let named = self.deployment.iter().filter(|_| request.is_for("/deployments"));
            let added: Vec<_> =
                named.map(|object| json!({"type": "ADDED", "object": object})).collect();
            return Answer::watch(&added, Ending::Silent);
        }
        if request.accept.contains("as=PartialObjectMetadata") {
            return Answer::Refusal(406, "this server has no metadata apart", None);
        }
        if request.method == "POST" {
            return Answer::Json(json!({"status": {"allowed": true}}));
        }
        if request.is_for("/log") {
            let has_previous =
                |pod: &Value| pod["status"]["containerStatuses"][0].get("lastState").is_some();
            let is_previous = request.parameter("previous") == Some("true");
            if is_previous && !self.pods.iter().any(has_previous) {
                return Answer::Refusal(400, "previous terminated container not found", None);
            }
            return Answer::Bytes(vec![self.log.clone().into_bytes()], Ending::Whole);
        }
        let items = match request.path.rsplit('/').next() {
            Some("replicasets") => &self.replica_sets,
            Some("pods") => &self.pods,
            Some("events") => &self.events,
            Some("app") => {
                return match &self.deployment {
                    Some(deployment) => Answer::Json(deployment.clone()),
                    None => Answer::Refusal(404, "deployments.apps \"app\" not found", None),
                };
            }
            Some(name) => {
                let pod = self.pods.iter().find(|pod| pod["metadata"]["name"] == name);
                return match pod {
                    Some(pod) => Answer::Json(pod.clone()),
                    None => Answer::Refusal(404, "pods not found", None),
                };
            }
            None => return Answer::Refusal(404, "no such path", None),
        };
        let number = |name| request.parameter(name).and_then(|value| value.parse::<usize>().ok());
        let from = number("continue").unwrap_or(0);
        let to = items.len().min(from + number("limit").unwrap_or(usize::MAX / 2));
        let next = if to < items.len() { to.to_string() } else { String::new() };
        Answer::Json(json!({
            "metadata": {"resourceVersion": self.version.to_string(), "continue": next},
            "items": items[from..to],
        }))
    }
}

/// The state of a container that runs.
pub(crate) fn running() -> Value {
    json!({"running": {"startedAt": "2026-11-24T08:00:05Z"}})
}

/// A pod of the healthy world whose container is in this state; it is ready while that is `running`.
pub(crate) fn pod(number: usize, version: u64, state: Value) -> Value {
    let ready = state.get("running").is_some();
    json!({
        "metadata": {"name": format!("app-1-{number}"), "uid": format!("p{number}"), "resourceVersion": version.to_string(),
            "creationTimestamp": "2026-11-24T08:00:01Z", "ownerReferences": [{"uid": "r1", "controller": true}],
            "managedFields": [{"manager": "kubelet"}]},
        "spec": {"nodeName": "node-1", "containers": [{"name": "app", "image": "app:1"}]},
        "status": {"phase": "Running",
            "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }}],
            "containerStatuses": [{"name": "app", "ready": ready, "restartCount": 0, "state": state}]},
    })
}
