//! The built program before a fake API server.

use std::path::Path;

use deploygate::cluster::Limits;

use crate::api::{Answer, FakeApiServer, Request};
use crate::program::{Ended, deploygate};

/// Runs it in this folder: how it ended, and what it asked for.
pub(crate) async fn before(
    script: impl FnMut(&Request) -> Answer + Send + 'static,
    folder: &Path,
    args: Vec<String>,
) -> (Ended, Vec<Request>) {
    let server = FakeApiServer::start(script).await;
    let kubeconfig = server.options(Limits::default()).kubeconfig.unwrap();
    let program = deploygate().current_dir(folder);
    let program = program.env("KUBECONFIG", kubeconfig.to_str().unwrap());
    let ended = tokio::task::spawn_blocking(move || program.run(args));
    (ended.await.unwrap(), server.seen())
}
