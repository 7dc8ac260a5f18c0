//! How to connect, and the limits that keep a connection from hanging.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use crate::model::Namespace;

/// What the user, the environment and the terminal decide about the connection.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// The kubeconfig; `None` means as the environment says.
    pub kubeconfig: Option<PathBuf>,
    /// The context; `None` means the current one.
    pub context: Option<String>,
    /// The namespace; `None` means the context's.
    pub namespace: Option<Namespace>,
    /// The environment variables that matter.
    pub env: Environment,
    /// Whether a credential plugin may ask at the terminal.
    pub interactive: bool,
    /// Limits of time and size; the defaults outside tests.
    pub limits: Limits,
}

/// The environment variables that decide about a connection. Empty ones are treated as unset.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `KUBECONFIG`: a list of paths, separated as in `PATH`.
    pub kubeconfig: Option<OsString>,
    /// The home directory, for `.kube/config`.
    pub home: Option<PathBuf>,
    /// `KUBERNETES_SERVICE_HOST`, which is set in every pod.
    pub service_host: Option<String>,
    /// `HTTPS_PROXY`, else `https_proxy`.
    pub https_proxy: Option<String>,
    /// `HTTP_PROXY`, else `http_proxy`.
    pub http_proxy: Option<String>,
    /// `NO_PROXY`, else `no_proxy`.
    pub no_proxy: Option<String>,
}

/// Limits of time and size. Tests shorten them; the program takes the defaults.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For setting up the client, its credential plugin included.
    pub connect: Duration,
    /// For one request and its whole response.
    pub request: Duration,
    /// For one consistent read with all its pages.
    pub read: Duration,
    /// For the events of an object, or the log of a container.
    pub evidence: Duration,
    /// How much longer to wait for a log as a whole once its end has been read.
    pub whole_log: Duration,
    /// How long a watch may be silent. Servers send a bookmark about once a minute
    /// (Kubernetes 1.36 `staging/src/k8s.io/apiserver/pkg/storage/cacher/cacher.go`).
    pub watch_idle: Duration,
    /// How long a watch must last to count as working, and by when one on a single object has sent that object.
    pub watch_settle: Duration,
    /// Seconds after which the server is asked to end a watch: less than the 240 s after which some load balancers silently
    /// drop a connection.
    pub watch_seconds: u32,
    /// The first and the longest pause before a watch is opened again.
    pub backoff: (Duration, Duration),
    /// Objects of a page of a list.
    pub page: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            request: Duration::from_secs(10),
            read: Duration::from_secs(20),
            evidence: Duration::from_secs(3),
            whole_log: Duration::from_millis(150),
            watch_idle: Duration::from_secs(75),
            watch_settle: Duration::from_secs(1),
            watch_seconds: 200,
            backoff: (Duration::from_millis(200), Duration::from_secs(5)),
            page: 32,
        }
    }
}
