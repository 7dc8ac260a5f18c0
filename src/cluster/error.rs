//! Why there is no connection.

use std::{path::PathBuf, time::Duration};

use thiserror::Error;

/// Why a client could not be made. Each text fits after "cannot connect to the cluster: ".
#[derive(Debug, Error)]
pub enum ClusterError {
    /// There is no kubeconfig, and this is no pod.
    #[error("no kubeconfig found at {}", paths(.looked))]
    NoKubeconfig {
        /// Where it was looked for.
        looked: Vec<PathBuf>,
    },
    /// A kubeconfig can't be read, or is none.
    #[error("kubeconfig {} cannot be read: {problem}", .path.display())]
    Kubeconfig {
        /// The file.
        path: PathBuf,
        /// What is wrong with it. None of its text is in here, since that may be a credential.
        problem: String,
    },
    /// The kubeconfig names no current context, and the user none either.
    #[error("no context is current")]
    NoContext {
        /// Those that there are.
        contexts: Vec<String>,
    },
    /// The context is not there.
    #[error("there is no context {name:?}")]
    UnknownContext {
        /// The one asked for.
        name: String,
        /// Those that there are.
        contexts: Vec<String>,
    },
    /// The context names something that is not there, or not usable.
    #[error("context {context:?}: {problem}")]
    BrokenContext {
        /// The context.
        context: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The namespace of the context, or of the pod, is no name. The text is left out: it could command a terminal.
    #[error("the namespace of the context is not a name that a namespace can have")]
    Namespace(#[source] crate::model::NameError),
    /// The certificate authority can't be read.
    #[error("the certificate authority of context {context:?} cannot be read")]
    CertificateAuthority {
        /// The context.
        context: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The kubeconfig trusts no certificate of its own, and the system has none.
    #[error("there are no CA certificates to trust")]
    NoCertificates,
    /// A proxy's URL is none.
    #[error("{variable} is no proxy URL")]
    Proxy {
        /// Where it comes from. Its value is left out, since it may hold a password.
        variable: &'static str,
    },
    /// This is a pod, but its service account is not usable.
    #[error("the pod's service account cannot be used")]
    InCluster(#[source] Box<kube::config::InClusterError>),
    /// A certificate, key or token can't be used. None of its text is in here.
    #[error("the credential cannot be used: {0}")]
    Credential(String),
    /// The credential plugin failed.
    #[error("credential plugin {command:?} failed: {detail}")]
    PluginFailed {
        /// The plugin.
        command: String,
        /// What it said last.
        detail: String,
        /// What the kubeconfig says about its installation.
        install_hint: Option<String>,
    },
    /// The credential plugin does not end.
    #[error("credential plugin {command:?} gave no answer within {limit:?}")]
    PluginHung {
        /// The plugin.
        command: String,
        /// How long it was waited for.
        limit: Duration,
    },
    /// Building the client takes too long.
    #[error("the client was not ready within {limit:?}")]
    Hung {
        /// How long it was waited for.
        limit: Duration,
    },
    /// The client can't be built.
    #[error("the client cannot be built")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ClusterError {
    /// The next step; empty where the error says all.
    pub fn hint(&self) -> String {
        match self {
            Self::NoKubeconfig { .. } => {
                "set KUBECONFIG, or name one with --kubeconfig".to_owned()
            }
            Self::NoContext { contexts } | Self::UnknownContext { contexts, .. } => {
                let known = if contexts.is_empty() {
                    "the kubeconfig has none".to_owned()
                } else {
                    format!("the kubeconfig has {}", contexts.join(", "))
                };
                format!("name a context with --context; {known}")
            }
            Self::NoCertificates => {
                "install the system's ca-certificates, set SSL_CERT_FILE, or put certificate-authority-data into the kubeconfig"
                    .to_owned()
            }
            Self::PluginFailed { install_hint: Some(hint), .. } => hint.trim().to_owned(),
            Self::PluginFailed { command, .. } => {
                format!("run {command} by hand, as `kubectl auth whoami` does, and see what it says")
            }
            Self::PluginHung { .. } => {
                "it may be waiting for a login; in CI use one that needs none".to_owned()
            }
            Self::Proxy { .. } => "it should look like http://proxy.example:3128".to_owned(),
            Self::InCluster(_) => {
                "let the pod mount its service account token, or name a kubeconfig".to_owned()
            }
            Self::Kubeconfig { .. } => {
                "name a kubeconfig that can be read, with KUBECONFIG or --kubeconfig"
                    .to_owned()
            }
            Self::Namespace(_) => {
                "correct the namespace in the kubeconfig, or name one with --namespace".to_owned()
            }
            Self::Credential(_) => {
                "correct the user of the context in the kubeconfig, or log in again".to_owned()
            }
            Self::BrokenContext { .. }
            | Self::CertificateAuthority { .. }
            | Self::Hung { .. }
            | Self::Client(_) => String::new(),
        }
    }
}

fn paths(paths: &[PathBuf]) -> String {
    match paths {
        [] => "any path: HOME is not set".to_owned(),
        paths => paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
    }
}
