//! Pods that were restarted and that no workload owns: nobody who asks for workloads hears of them.

use std::collections::BTreeSet;

use kube::core::params::ListParams;
use serde::Deserialize;
use serde_json::Value;

use super::{Cluster, list::ListCall, path};
use crate::{
    model::{ContainerStatus, Meta, Namespace, Pod, ServerTime, Uid},
    observation::{ReadFailure, Resource},
};

/// Pods of a page: each is held whole for a moment.
const PAGE: u32 = 100;

/// ReplicaSets of a page, of which only the metadata is read.
const SETS: u32 = 500;

/// Pods that no workload owns, as a list showed them, with what they were chosen for.
#[derive(Debug)]
pub struct Strays<T> {
    /// Each with its namespace.
    pub pods: Vec<(Namespace, Pod, T)>,
    /// When they were listed, by the server's clock.
    pub now: ServerTime,
}

#[derive(Deserialize)]
struct Owned {
    metadata: Meta,
}

impl Cluster {
    /// Pods with restarts that no workload owns: without a controller, of one that is no kind of Kubernetes' own, or of a
    /// ReplicaSet that nothing owns. `namespace`: `None` for all. `choose` says what matters about one at the time of the
    /// list. `None` if the server does not tell the time.
    ///
    /// # Errors
    /// A list could not be read.
    pub async fn strays<T>(
        &self,
        namespace: Option<&Namespace>,
        choose: impl Fn(&Pod, ServerTime) -> Option<T>,
    ) -> Result<Option<Strays<T>>, ReadFailure> {
        let list = listing(Resource::Pods, namespace, PAGE);
        let keep = |item: Value, _: Option<&Option<(Namespace, Pod)>>| restarted(&item);
        let found = self.connection.list_as(&list, keep).await?;
        let Some(now) = found.date else { return Ok(None) };
        let chosen = found.items.into_iter().flatten().filter_map(|(namespace, pod)| {
            let why = choose(&pod, now)?;
            Some((namespace, pod, why))
        });
        let mut pods: Vec<_> = chosen.collect();
        if pods.iter().any(|(_, pod, _)| controller_of(pod) == Some("ReplicaSet")) {
            let bare = self.bare_sets(namespace).await?;
            pods.retain(|(_, pod, _)| {
                controller_of(pod) != Some("ReplicaSet")
                    || pod.metadata.controller().is_some_and(|set| bare.contains(set))
            });
        }
        Ok(Some(Strays { pods, now }))
    }

    /// The ReplicaSets that nothing owns.
    async fn bare_sets(&self, namespace: Option<&Namespace>) -> Result<BTreeSet<Uid>, ReadFailure> {
        let whole = listing(Resource::ReplicaSets, namespace, SETS);
        let list = ListCall { metadata_only: true, ..whole };
        let sets = self.connection.list::<Owned>(&list).await?.items.into_iter();
        let bare = sets.map(|set| set.metadata).filter(|set| set.controller().is_none());
        Ok(bare.map(|set| set.uid).collect())
    }
}

fn listing(resource: Resource, namespace: Option<&Namespace>, page: u32) -> ListCall {
    let (path, place) = match namespace {
        Some(namespace) => (path::of(resource, namespace), format!("namespace {namespace}")),
        None => (path::everywhere(path::resource(resource)), "all namespaces".to_owned()),
    };
    let what = format!("list {resource} in {place}");
    ListCall::whole(resource, what, path, ListParams::default().limit(page))
}

/// The kind of the controller that a pod names.
fn controller_of(pod: &Pod) -> Option<&str> {
    pod.metadata.owner_references.iter().find(|owner| owner.controller).map(|owner| &*owner.kind)
}

/// A pod with a container that was restarted, or is to be, and of which its controller does not tell that a workload owns it.
fn restarted(item: &Value) -> Option<(Namespace, Pod)> {
    let pod = Pod::deserialize(item).ok()?;
    let is_restarted = |(_, _, status): (_, _, Option<&ContainerStatus>)| {
        status.is_some_and(|status| status.restart_count > 0 || status.waiting().is_some())
    };
    let is_kept = pod.containers().any(is_restarted)
        && !matches!(controller_of(&pod), Some("StatefulSet" | "DaemonSet" | "Job"));
    let namespace = item.get("metadata")?.get("namespace")?.as_str()?.parse().ok()?;
    is_kept.then_some((namespace, pod))
}
