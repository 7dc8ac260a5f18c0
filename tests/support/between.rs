//! Stands between the program and a real API server, and acts at the very moment in which a template is written.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Child, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::HOST,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use super::kubectl::Namespace;

/// What becomes of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// The API server gets it, and its answer goes back.
    Passes,
    /// The API server gets it, and its answer is lost.
    LosesAnswer,
    /// The API server does not get it, and the connection ends.
    Lost,
    /// The answer is that the object has changed.
    Conflicts,
    /// There is no answer.
    Hangs,
}

/// A proxy without TLS before the cluster of a namespace, until it is dropped.
pub(crate) struct Between {
    kubectl: Child,
    kubeconfig: tempfile::NamedTempFile,
    writes: Arc<AtomicUsize>,
    _stop: tokio::sync::oneshot::Sender<()>,
}

type Script = Arc<Mutex<dyn FnMut(usize) -> Then + Send>>;

impl Between {
    /// Starts it. `script` is told the number of each write, from 1 on, before the API server gets it.
    pub(crate) fn start(
        namespace: &Namespace,
        script: impl FnMut(usize) -> Then + Send + 'static,
    ) -> Self {
        let mut kubectl = namespace.kubectl.command();
        let mut kubectl =
            kubectl.args(["proxy", "--port=0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(kubectl.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let server: SocketAddr = line.trim().rsplit(' ').next().unwrap().parse().unwrap();
        let writes = Arc::<AtomicUsize>::default();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (sender, receiver) = std::sync::mpsc::channel();
        let (counted, script) = (Arc::clone(&writes), Arc::new(Mutex::new(script)) as Script);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                sender.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    () = serve(listener, server, counted, script) => {}
                    _ = stopped => {}
                }
            });
        });
        let address = receiver.recv().unwrap();
        let mut kubeconfig = tempfile::NamedTempFile::new().unwrap();
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "between",
            "contexts": [{"name": "between", "context": {"cluster": "between", "user": "ci"}}],
            "clusters": [{"name": "between", "cluster": {"server": format!("http://{address}")}}],
            "users": [{"name": "ci", "user": {}}],
        });
        write!(kubeconfig, "{config}").unwrap();
        Self { kubectl, kubeconfig, writes, _stop: stop }
    }

    /// The kubeconfig that leads through it.
    pub(crate) fn kubeconfig(&self) -> &str {
        self.kubeconfig.path().to_str().unwrap()
    }

    /// How many writes came.
    pub(crate) fn writes(&self) -> usize {
        self.writes.load(Ordering::SeqCst)
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        // it may have ended by itself
        let _ = self.kubectl.kill().and_then(|()| self.kubectl.wait());
    }
}

async fn serve(
    listener: TcpListener,
    server: SocketAddr,
    writes: Arc<AtomicUsize>,
    script: Script,
) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (writes, script) = (Arc::clone(&writes), Arc::clone(&script));
        connections.spawn(async move {
            let service = service_fn(move |request: Request<Incoming>| {
                let (writes, script) = (Arc::clone(&writes), Arc::clone(&script));
                async move {
                    if request.method() != Method::PATCH {
                        return Ok(pass(server, request).await);
                    }
                    let number = writes.fetch_add(1, Ordering::SeqCst) + 1;
                    let then = tokio::task::spawn_blocking(move || script.lock().unwrap()(number));
                    match then.await.unwrap() {
                        Then::Passes => Ok(pass(server, request).await),
                        Then::LosesAnswer => {
                            pass(server, request).await.into_body().collect().await.unwrap();
                            Err(io::Error::other("the answer is lost"))
                        }
                        Then::Lost => Err(io::Error::other("the request is lost")),
                        Then::Conflicts => Ok(conflict()),
                        Then::Hangs => std::future::pending().await,
                    }
                }
            });
            // a client that goes away is no error here
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

type Answer = Response<UnsyncBoxBody<Bytes, hyper::Error>>;

async fn pass(server: SocketAddr, request: Request<Incoming>) -> Answer {
    let stream = TokioIo::new(TcpStream::connect(server).await.unwrap());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let (mut parts, body) = request.into_parts();
    parts.headers.insert(HOST, server.to_string().parse().unwrap());
    let body = Full::new(body.collect().await.unwrap().to_bytes());
    let answer = sender.send_request(Request::from_parts(parts, body)).await.unwrap();
    answer.map(BodyExt::boxed_unsync)
}

fn conflict() -> Answer {
    let status = json!({
        "kind": "Status", "code": 409, "reason": "Conflict",
        "message": "the object has been modified; please apply your changes to the latest version",
    });
    let body = Full::new(Bytes::from(status.to_string())).map_err(|never| match never {});
    let answer = Response::builder().status(StatusCode::CONFLICT);
    answer.body(body.boxed_unsync()).unwrap()
}
