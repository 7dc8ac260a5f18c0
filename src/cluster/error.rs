//! Why there is no connection.

use std::{path::PathBuf, time::Duration};

use thiserror::Error;

use crate::text::did_you_mean;

/// Why a client could not be made. Each text fits after "failed to connect to the cluster: ".
#[derive(Debug, Error)]
pub enum ClusterError {
    /// There is no kubeconfig, and this is not a pod.
    #[error("no kubeconfig found at {}", paths(.looked))]
    NoKubeconfig {
        /// The paths that do not exist.
        looked: Vec<PathBuf>,
    },
    /// A kubeconfig cannot be read or parsed.
    #[error("failed to read kubeconfig {}: {problem}", .path.display())]
    Kubeconfig {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, without any of its text: that may be a credential.
        problem: String,
    },
    /// The kubeconfig, of one file or several, has no entries.
    #[error("no cluster and no context in kubeconfig {}", paths(.read))]
    EmptyKubeconfig {
        /// The files that were read.
        read: Vec<PathBuf>,
    },
    /// Neither the kubeconfig nor the user names a context.
    #[error("no current context is set")]
    NoContext {
        /// The contexts of the kubeconfig.
        contexts: Vec<String>,
    },
    /// The kubeconfig has no context of this name.
    #[error("context {name:?} not found{near}", near = did_you_mean(.name, .contexts.iter().map(String::as_str)))]
    UnknownContext {
        /// The context that was asked for.
        name: String,
        /// The contexts of the kubeconfig.
        contexts: Vec<String>,
    },
    /// The context refers to something that is missing or invalid.
    #[error("invalid context {context:?}: {problem}")]
    BrokenContext {
        /// Its name.
        context: String,
        /// What is wrong with it, without a URL: that may contain a password.
        problem: String,
    },
    /// The namespace of the context, or of the pod, is not a valid name. Its text is left out: it could command a terminal.
    #[error("invalid namespace in the context")]
    Namespace(#[source] crate::model::NameError),
    /// The certificate authority is missing or not PEM.
    #[error("failed to read the certificate authority of context {context:?}")]
    CertificateAuthority {
        /// The context's name.
        context: String,
        /// The error of the file, of base64 or of PEM.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The kubeconfig names no certificate authority, and the system has none.
    #[error("no trusted CA certificates found")]
    NoCertificates,
    /// A proxy's URL is invalid.
    #[error("invalid proxy URL in {variable}")]
    Proxy {
        /// Where the URL comes from. The URL itself is left out: it may contain a password.
        variable: &'static str,
    },
    /// This is a pod, but its service account token is not mounted or not valid.
    #[error("failed to use the pod's service account")]
    InCluster(#[source] Box<kube::config::InClusterError>),
    /// A certificate, key or token cannot be used. The text says why, without any of it.
    #[error("invalid credential: {0}")]
    Credential(String),
    /// The credential plugin failed.
    #[error("credential plugin {command:?} failed: {detail}")]
    PluginFailed {
        /// The plugin's command, as the kubeconfig has it.
        command: String,
        /// How it ended, and the last line it wrote to stderr.
        detail: String,
        /// The kubeconfig's `installHint`: how to install the plugin.
        install_hint: Option<String>,
    },
    /// The credential plugin did not end in time, and was ended with its children.
    #[error("credential plugin {command:?} did not answer within {limit:?}")]
    PluginHung {
        /// The plugin's command, as the kubeconfig has it.
        command: String,
        /// [`Limits::connect`](super::Limits::connect).
        limit: Duration,
    },
    /// The client was not set up in time.
    #[error("the client was not set up within {limit:?}")]
    Hung {
        /// [`Limits::connect`](super::Limits::connect).
        limit: Duration,
    },
    /// The client cannot be set up, e.g. because a certificate and its key do not match.
    #[error("failed to set up the client")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ClusterError {
    /// What to do next; empty where the error says it all.
    pub fn hint(&self) -> String {
        match self {
            Self::NoKubeconfig { .. } => {
                "set KUBECONFIG, or pass --kubeconfig".to_owned()
            }
            Self::NoContext { contexts } | Self::UnknownContext { contexts, .. } => {
                let known = if contexts.is_empty() {
                    "the kubeconfig has no contexts".to_owned()
                } else {
                    format!("contexts: {}", contexts.join(", "))
                };
                format!("pass one with --context; {known}")
            }
            Self::NoCertificates => {
                "install the system's ca-certificates, set SSL_CERT_FILE, or add certificate-authority-data to the kubeconfig"
                    .to_owned()
            }
            Self::PluginFailed { install_hint: Some(hint), .. } => hint.trim().to_owned(),
            Self::PluginFailed { command, .. } => {
                format!("run `kubectl auth whoami`, which runs {command} too, to see its output")
            }
            Self::PluginHung { .. } => {
                "it may be waiting for a login; in CI, use a credential that needs none".to_owned()
            }
            Self::Proxy { .. } => "expected a URL like http://proxy.example:3128".to_owned(),
            Self::InCluster(_) => {
                "mount the pod's service account token, or pass --kubeconfig".to_owned()
            }
            Self::Kubeconfig { .. } | Self::EmptyKubeconfig { .. } => {
                "correct the file, or pass another one with --kubeconfig"
                    .to_owned()
            }
            Self::Namespace(_) => {
                "correct the namespace in the kubeconfig, or pass --namespace".to_owned()
            }
            Self::Credential(_) => {
                "correct the context's user in the kubeconfig, or log in again".to_owned()
            }
            Self::BrokenContext { .. } | Self::CertificateAuthority { .. } => {
                "correct the context in the kubeconfig, or pass another one with --context".to_owned()
            }
            Self::Hung { .. } | Self::Client(_) => String::new(),
        }
    }
}

fn paths(paths: &[PathBuf]) -> String {
    match paths {
        [] => "any path: HOME is not set".to_owned(),
        paths => paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
    }
}
