//! Pods that were restarted, whatever owns them: a target tells of those that it fails for, and of no others.

use kube::core::params::ListParams;
use serde::Deserialize;
use serde_json::Value;

use super::{Cluster, list::ListCall, path};
use crate::{
    model::{ContainerStatus, Namespace, Pod, ServerTime},
    observation::{ReadFailure, Resource},
};

/// Pods of a page: each is held whole for a moment.
const PAGE: u32 = 100;

/// Pods with restarts, as a list showed them.
#[derive(Debug)]
pub struct Restarted {
    /// Each with its namespace.
    pub pods: Vec<(Namespace, Pod)>,
    /// When they were listed, by the server's clock.
    pub now: ServerTime,
}

impl Cluster {
    /// Pods with a container that was restarted, or is to be. `namespace`: `None` for all. `None` if the server does not
    /// tell the time.
    ///
    /// # Errors
    /// The list could not be read.
    pub async fn restarted(
        &self,
        namespace: Option<&Namespace>,
    ) -> Result<Option<Restarted>, ReadFailure> {
        let resource = Resource::Pods;
        let (path, place) = match namespace {
            Some(namespace) => (path::of(resource, namespace), format!("namespace {namespace}")),
            None => (path::everywhere(path::resource(resource)), "all namespaces".to_owned()),
        };
        let what = format!("list {resource} in {place}");
        let list = ListCall::whole(resource, what, path, ListParams::default().limit(PAGE));
        let keep = |item: Value, _: Option<&Option<(Namespace, Pod)>>| restarted(&item);
        let found = self.connection.list_as(&list, keep).await?;
        let pods = found.items.into_iter().flatten().collect();
        Ok(found.date.map(|now| Restarted { pods, now }))
    }
}

fn restarted(item: &Value) -> Option<(Namespace, Pod)> {
    let pod = Pod::deserialize(item).ok()?;
    let is_restarted = |(_, _, status): (_, _, Option<&ContainerStatus>)| {
        status.is_some_and(|status| status.restart_count > 0 || status.waiting().is_some())
    };
    let namespace = item.get("metadata")?.get("namespace")?.as_str()?.parse().ok()?;
    let is_kept = pod.containers().any(is_restarted);
    is_kept.then_some((namespace, pod))
}
