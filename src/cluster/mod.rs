//! The only module that talks to an API server.
//!
//! It reads, watches and fetches evidence, and turns what it gets into observations; what they mean is for the gate.

mod access;
mod call;
mod change;
mod config;
mod connection;
mod details;
mod error;
mod failure;
mod fetch;
mod files;
mod leases;
mod lines;
mod list;
mod log;
mod options;
mod path;
mod plugin;
mod proxy;
mod read;
mod role;
mod rollout;
mod watch;

use std::sync::Arc;

use connection::Connection;

use crate::model::Namespace;

pub use error::ClusterError;
pub use options::{ConnectOptions, Environment, Limits};
pub use read::Reading;
pub use role::{node_lease_role, node_role, role};
pub use watch::{WatchGuard, WatchMessage, WatchStart};

/// A connection to an API server. Clones share it.
#[derive(Clone)]
pub struct Cluster {
    connection: Arc<Connection>,
}

impl Cluster {
    /// Sets up a client, running the kubeconfig's credential plugin if it has one. Nothing is sent to the server yet.
    ///
    /// # Errors
    /// The configuration is missing or invalid, or a credential plugin failed or did not end in time.
    pub async fn connect(options: ConnectOptions) -> Result<Self, ClusterError> {
        Ok(Self { connection: Connection::new(options).await? })
    }

    /// The namespace of targets that name none: the option's, else the context's, else `default`.
    pub fn default_namespace(&self) -> &Namespace {
        &self.connection.default_namespace
    }

    /// The name of the kubeconfig's context: the option's, else the current one; `None` without a kubeconfig.
    pub fn context(&self) -> Option<&str> {
        self.connection.context.as_deref()
    }
}
