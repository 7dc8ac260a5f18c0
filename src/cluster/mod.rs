//! The only module that talks to an API server.
//!
//! It reads, watches and fetches evidence, and makes observations of what it gets; what they mean is the gate's concern.

mod access;
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
mod watch;

use std::sync::Arc;

use connection::Connection;

use crate::model::Namespace;

pub use access::{node_lease_role, role};
pub use error::ClusterError;
pub use options::{ConnectOptions, Environment, Limits};
pub use read::Reading;
pub use watch::{WatchGuard, WatchMessage, WatchStart};

/// A connection to an API server. Clones share it.
#[derive(Clone)]
pub struct Cluster {
    connection: Arc<Connection>,
}

impl Cluster {
    /// Makes a client, running a credential plugin if the kubeconfig has one. Nothing is sent to the server yet.
    ///
    /// # Errors
    /// The configuration is missing or broken, or a credential plugin failed or did not end in time.
    pub async fn connect(options: ConnectOptions) -> Result<Self, ClusterError> {
        Ok(Self { connection: Connection::new(options).await? })
    }

    /// The namespace that is meant where none is named: the context's, else `default`.
    pub fn default_namespace(&self) -> &Namespace {
        &self.connection.default_namespace
    }
}
