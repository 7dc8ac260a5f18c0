//! Pods that were restarted and that no workload owns: nobody who asks for workloads hears of them.

use std::collections::BTreeMap;

use kube::core::params::ListParams;
use serde::Deserialize;
use serde_json::Value;

use super::{Cluster, list::ListCall, path};
use crate::{
    model::{ContainerStatus, Meta, Namespace, Pod, ServerTime},
    observation::{ReadFailure, Resource},
};

/// Pods of a page: each is held whole for a moment.
const PAGE: u32 = 100;

/// ReplicaSets that are looked up: whoever makes pods by hand has few.
const SETS: usize = 20;

/// Pods that no workload owns, as a list showed them.
#[derive(Debug, Default)]
pub struct Strays {
    /// Each with its namespace.
    pub pods: Vec<(Namespace, Pod)>,
    /// When they were listed, by the server's clock.
    pub now: Option<ServerTime>,
}

#[derive(Deserialize)]
struct Owned {
    metadata: Meta,
}

impl Cluster {
    /// Pods with restarts that no workload owns: without a controller, of one that is no kind of Kubernetes' own, or of a
    /// ReplicaSet that nothing owns. `namespace`: `None` for all.
    ///
    /// # Errors
    /// The list could not be read.
    pub async fn strays(&self, namespace: Option<&Namespace>) -> Result<Strays, ReadFailure> {
        let (path, place) = match namespace {
            Some(namespace) => {
                (path::of(Resource::Pods, namespace), format!("namespace {namespace}"))
            }
            None => (path::all_pods(), "all namespaces".to_owned()),
        };
        let what = format!("list pods in {place}");
        let params = ListParams::default().limit(PAGE);
        let list = ListCall::whole(Resource::Pods, what.clone(), path, params);
        let keep = |item: Value, _: Option<&Option<(Namespace, Pod)>>| restarted(&item);
        let found = self.connection.list_as(&list, keep).await?;
        let mut strays = Strays { pods: Vec::new(), now: found.date };
        let mut sets: BTreeMap<Box<str>, bool> = BTreeMap::new();
        for (namespace, pod) in found.items.into_iter().flatten() {
            let controller = pod.metadata.owner_references.iter().find(|owner| owner.controller);
            let is_stray = match controller.map(|owner| (&*owner.kind, owner)) {
                Some(("StatefulSet" | "DaemonSet" | "Job", _)) => false,
                Some(("ReplicaSet", owner)) if sets.len() < SETS && path::is_name(&owner.name) => {
                    let key = format!("{namespace}/{}", owner.name).into_boxed_str();
                    match sets.get(&key) {
                        Some(is_stray) => *is_stray,
                        None => {
                            let is_stray = self.is_bare_set(&namespace, &owner.name).await?;
                            sets.insert(key, is_stray);
                            is_stray
                        }
                    }
                }
                Some(("ReplicaSet", _)) => false,
                Some(_) | None => true,
            };
            if is_stray {
                strays.pods.push((namespace, pod));
            }
        }
        Ok(strays)
    }

    /// Whether nothing owns a ReplicaSet. It is listed, by its name: who judges may list ReplicaSets, and need not get them.
    async fn is_bare_set(&self, namespace: &Namespace, name: &str) -> Result<bool, ReadFailure> {
        let path = path::of(Resource::ReplicaSets, namespace);
        let what = format!("list replicasets {name}");
        let params = ListParams::default().fields(&format!("metadata.name={name}"));
        let list = ListCall::whole(Resource::ReplicaSets, what, path, params);
        let found = self.connection.list_as(&list, |set: Owned, _| set.metadata).await?;
        // without it the pod goes too
        let set = found.items.iter().find(|set| &*set.name == name);
        Ok(set.is_some_and(|set| set.controller().is_none()))
    }
}

/// A pod with a container that was restarted, or is to be.
fn restarted(item: &Value) -> Option<(Namespace, Pod)> {
    let pod = Pod::deserialize(item).ok()?;
    let is_restarted = |(_, _, status): (_, _, Option<&ContainerStatus>)| {
        status.is_some_and(|status| status.restart_count > 0 || status.waiting().is_some())
    };
    let namespace = item.get("metadata")?.get("namespace")?.as_str()?.parse().ok()?;
    let is_kept = pod.containers().any(is_restarted);
    is_kept.then_some((namespace, pod))
}
