//! What a connection is made from, and the limits that keep it from hanging.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use crate::model::Namespace;

/// What the user, the environment and the terminal say about the connection.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    /// The one kubeconfig to use.
    pub kubeconfig: Option<PathBuf>,
    /// The context, where it is not the current one.
    pub context: Option<String>,
    /// The namespace, where it is not the context's.
    pub namespace: Option<Namespace>,
    /// The environment, as far as it matters here.
    pub env: Environment,
    /// Whether a credential plugin may ask at a terminal.
    pub interactive: bool,
    /// Limits of time and size.
    pub limits: Limits,
}

/// The environment variables that decide on a connection. Empty ones count as not set.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `KUBECONFIG`: a list of paths.
    pub kubeconfig: Option<OsString>,
    /// The home folder, for `.kube/config`.
    pub home: Option<PathBuf>,
    /// `KUBERNETES_SERVICE_HOST`: set in every pod.
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
    /// For the client to be built, its credential plugin included.
    pub connect: Duration,
    /// For one request and its whole answer.
    pub request: Duration,
    /// For one consistent read with all its pages.
    pub read: Duration,
    /// For the events of an object, or the log of a container.
    pub evidence: Duration,
    /// How much longer than its end a log is waited for as a whole.
    pub whole_log: Duration,
    /// How long a watch may be silent. Servers send a bookmark about once a minute
    /// (Kubernetes 1.36 `staging/src/k8s.io/apiserver/pkg/storage/cacher/cacher.go`).
    pub watch_idle: Duration,
    /// How long a watch must last to count as working, and by when one on a single object has begun with that object.
    pub watch_settle: Duration,
    /// Seconds after which the server is to end a watch: less than the 240 s after which some load balancers drop a
    /// connection without a word.
    pub watch_seconds: u32,
    /// The first and the longest pause before a watch is tried again.
    pub backoff: (Duration, Duration),
    /// Objects in a page of a list.
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
