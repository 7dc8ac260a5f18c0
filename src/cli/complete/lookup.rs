//! What the kubeconfig and the cluster know. Whoever pressed Tab waits for it, and nothing is said of what fails.

use std::time::Duration;

use tokio::{task::spawn_blocking, time::timeout};

use super::super::{connect::ConnectArgs, runtime, settings::Surroundings};
use crate::{
    cluster::{self, Cluster, ConnectOptions},
    model::{ObjectName, TargetKind},
};

/// How long the cluster may take, its credential plugin included.
const PATIENCE: Duration = Duration::from_millis(400);
/// How long all of it may take: a kubeconfig may be a pipe that nobody writes to.
const LIMIT: Duration = Duration::from_millis(450);

/// Where names are looked up. Each takes the options before the cursor; nothing is found without them.
#[derive(Clone, Copy)]
pub(super) struct Lookup {
    /// Workloads of a kind in a namespace.
    pub(super) names: fn(&TargetKind, Option<ConnectArgs>) -> Vec<ObjectName>,
    /// Namespaces of a cluster.
    pub(super) namespaces: fn(Option<ConnectArgs>) -> Vec<String>,
    /// Contexts of a kubeconfig.
    pub(super) contexts: fn(Option<ConnectArgs>) -> Vec<String>,
}

/// The kubeconfig and the cluster that the options say.
pub(super) const LIVE: Lookup = Lookup { names, namespaces, contexts };

fn names(kind: &TargetKind, connect: Option<ConnectArgs>) -> Vec<ObjectName> {
    let kind = kind.clone();
    in_time(connect, move |options| {
        of_cluster(options, async move |cluster| cluster.names(&kind).await.ok())
    })
}

fn namespaces(connect: Option<ConnectArgs>) -> Vec<String> {
    in_time(connect, |options| {
        let found = of_cluster(options, async |cluster| cluster.namespaces().await.ok())?;
        Some(found.iter().map(ToString::to_string).collect())
    })
}

fn contexts(connect: Option<ConnectArgs>) -> Vec<String> {
    in_time(connect, |options| cluster::contexts(&options).ok())
}

/// What is found before the limit; empty if nothing is.
fn in_time<T: Send + 'static>(
    connect: Option<ConnectArgs>,
    find: impl FnOnce(ConnectOptions) -> Option<Vec<T>> + Send + 'static,
) -> Vec<T> {
    let Some(connect) = connect else { return Vec::new() };
    let (options, contexts) = connect.resolve(&Surroundings::read());
    let context = contexts.into_iter().next();
    // the terminal is the shell's
    let options = ConnectOptions { context, interactive: false, ..options };
    let Ok(runtime) = runtime() else { return Vec::new() };
    let found =
        runtime.block_on(async { timeout(LIMIT, spawn_blocking(move || find(options))).await });
    runtime.shutdown_background();
    found.ok().and_then(Result::ok).flatten().unwrap_or_default()
}

/// Asks the cluster. What hangs is dropped, which ends a credential plugin.
fn of_cluster<T>(
    options: ConnectOptions,
    ask: impl AsyncFnOnce(&Cluster) -> Option<Vec<T>>,
) -> Option<Vec<T>> {
    let runtime = runtime().ok()?;
    let found = runtime.block_on(async {
        let found = async {
            let cluster = Cluster::connect(options).await.ok()?;
            ask(&cluster).await
        };
        timeout(PATIENCE, found).await.ok().flatten()
    });
    runtime.shutdown_background();
    found
}
