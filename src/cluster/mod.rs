//! The only module that talks to an API server.
//!
//! It reads, watches and fetches evidence, and turns what it gets into observations; what they mean is for the gate.

mod absence;
mod access;
mod call;
mod change;
mod config;
mod connection;
mod details;
mod discovery;
mod error;
mod failure;
mod fetch;
mod files;
mod forms;
mod known;
mod leases;
mod lines;
mod list;
mod lists;
mod log;
mod needs;
mod options;
mod owners;
mod path;
mod plugin;
mod proxy;
mod read;
mod reading;
mod role;
mod rollback;
mod rollout;
mod select;
mod services;
mod strays;
mod together;
mod watch;

use std::sync::Arc;

use connection::Connection;
use futures_util::future::join_all;

use crate::{
    model::{Context, Namespace, Server},
    text::{Redactor, Untrusted},
};

pub use config::contexts;
pub use error::ClusterError;
pub use options::{ConnectOptions, Environment, Limits};
pub use owners::OwnerKind;
pub use read::EACH_BY_ITSELF;
pub use reading::Reading;
pub use role::{Grant, node_lease_role, node_role};
pub use rollback::{OldTemplate, Sight, Written};
pub use rollout::TemplateHolder;
pub use strays::Restarted;
pub use watch::{Collection, WatchGuard, WatchMessage, WatchStart};

/// A connection to an API server. Clones share it.
#[derive(Clone)]
pub struct Cluster {
    connection: Arc<Connection>,
    context: Option<Context>,
}

impl Cluster {
    /// The clusters of these contexts, else of the one that the options name. The kubeconfig is read once, and nothing else
    /// is done: what is wrong with it or a context is for [`establish`](Self::establish) to tell.
    pub fn of(options: &ConnectOptions, contexts: &[String]) -> Vec<Self> {
        let kubeconfig = config::read_kubeconfig(options).map_err(Arc::new);
        let cluster = |options: ConnectOptions| {
            let configured = kubeconfig.clone();
            let configured = configured
                .and_then(|kubeconfig| config::configure(kubeconfig, &options).map_err(Arc::new));
            Self::new(Connection::new(options, configured))
        };
        if contexts.is_empty() {
            return vec![cluster(options.clone())];
        }
        let named =
            |name: &String| ConnectOptions { context: Some(name.clone()), ..options.clone() };
        contexts.iter().map(|name| cluster(named(name))).collect()
    }

    fn new(connection: Connection) -> Self {
        let given = connection.context_given();
        let entry = connection.configured().and_then(|known| known.entry.as_ref());
        let name = entry.map(|entry| &*entry.context).or(given);
        let context = name.map(|name| Context::new(name, given.is_some()));
        Self { connection: Arc::new(connection), context }
    }

    /// The cluster of the options, with a client that is set up.
    ///
    /// # Errors
    /// As [`establish`](Self::establish).
    pub async fn connect(options: ConnectOptions) -> Result<Self, Arc<ClusterError>> {
        let configured = config::read_kubeconfig(&options)
            .and_then(|kubeconfig| config::configure(kubeconfig, &options));
        let cluster = Self::new(Connection::new(options, configured.map_err(Arc::new)));
        cluster.establish().await?;
        Ok(cluster)
    }

    /// Sets up a client, running the kubeconfig's credential plugin if it has one. Nothing is sent to the server yet. It is
    /// done once, however often it is called; no request is answered before.
    ///
    /// # Errors
    /// The configuration is missing or invalid, or a credential plugin failed or did not end in time.
    pub async fn establish(&self) -> Result<(), Arc<ClusterError>> {
        self.connection.establish().await
    }

    /// Sets up the clients of all of them, side by side. What goes wrong is told again by [`establish`](Self::establish).
    pub async fn establish_all(clusters: &[Self]) {
        join_all(clusters.iter().map(Self::establish)).await;
    }

    /// The namespace of targets that name none: the option's, else the context's, else `default`.
    pub fn default_namespace(&self) -> &Namespace {
        self.connection.default_namespace()
    }

    /// The kubeconfig's context: the option's, else the current one; `None` without a kubeconfig.
    pub fn context(&self) -> Option<&Context> {
        self.context.as_ref()
    }

    /// Its API server, by the kubeconfig or the pod; `None` if that cannot be used.
    pub fn server(&self, redactor: &Redactor) -> Option<Server> {
        let url = &self.connection.configured()?.config.cluster_url;
        // not the authority, which may have a user and password
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let address = format!(
            "{}://{}{port}{}",
            url.scheme_str()?,
            url.host()?,
            url.path().trim_end_matches('/')
        );
        let mut address = Untrusted::from(address);
        address.redact(redactor);
        let context = self.context.as_ref().map(|context| context.name.clone());
        Some(Server { context, address: address.to_clean_line(300) })
    }

    /// Whether both contexts name the same cluster and user, so that all they show is the same.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let entry = |one: &Self| one.connection.configured()?.entry.clone();
        match (entry(self), entry(other)) {
            (Some(one), Some(other)) => (one.cluster, one.user) == (other.cluster, other.user),
            _ => false,
        }
    }
}
