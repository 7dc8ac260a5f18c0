//! The options that say which clusters are judged in.

use std::path::PathBuf;

use clap::Args;

use super::{settings::Surroundings, values::given};
use crate::{
    cluster::{ConnectOptions, Limits},
    model::Namespace,
};

/// Which cluster and namespace the target is in.
#[derive(Args, Debug)]
#[command(next_help_heading = "Cluster")]
pub(super) struct ConnectArgs {
    /// Namespace of the targets; else the context's
    ///
    /// As in kubectl it is `default` if the context has none.
    #[arg(short, long, value_name = "NAME", env = "DEPLOYGATE_NAMESPACE")]
    pub(super) namespace: Option<Namespace>,

    /// Kubeconfig context; repeat it for several clusters
    ///
    /// Instead of the current one. With several, the same targets are judged in each cluster, in parallel. A cluster that cannot be reached makes only its own
    /// targets inconclusive.
    #[arg(long, value_name = "NAME", env = "DEPLOYGATE_CONTEXT", value_delimiter = '\n')]
    pub(super) context: Vec<String>,

    /// Kubeconfig file; else KUBECONFIG, ~/.kube/config
    ///
    /// Without any of them, in a pod, its service account.
    #[arg(long, value_name = "FILE", env = "DEPLOYGATE_KUBECONFIG")]
    pub(super) kubeconfig: Option<PathBuf>,
}

impl ConnectArgs {
    /// How to connect, and to which contexts: each once, none for the current one.
    pub(super) fn resolve(self, surroundings: &Surroundings) -> (ConnectOptions, Vec<String>) {
        let mut contexts: Vec<String> = Vec::new();
        for name in given(self.context) {
            if !contexts.contains(&name) {
                contexts.push(name);
            }
        }
        let options = ConnectOptions {
            kubeconfig: self.kubeconfig,
            context: None,
            namespace: self.namespace,
            env: surroundings.cluster.clone(),
            interactive: surroundings.stdin_is_terminal && !surroundings.is_ci,
            limits: Limits::default(),
        };
        (options, contexts)
    }
}
