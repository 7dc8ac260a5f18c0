//! Pods that were restarted and that no workload owns: nobody who asks for workloads hears of them.

use std::collections::BTreeMap;

use kube::core::{
    Request,
    params::{GetParams, ListParams},
};
use serde::Deserialize;
use serde_json::Value;

use super::{Cluster, call::Call, list::ListCall, path};
use crate::{
    model::{ContainerStatus, Meta, Namespace, Pod, ServerTime},
    observation::{FailureKind, ReadFailure, Resource},
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

    async fn is_bare_set(&self, namespace: &Namespace, name: &str) -> Result<bool, ReadFailure> {
        let path = path::of(Resource::ReplicaSets, namespace);
        let what = format!("get replicasets {name}");
        let request = Request::new(path).get(name, &GetParams::default());
        let call = Call::new(Resource::ReplicaSets, what.clone(), request)?;
        match self.connection.get::<Owned>(&call).await {
            Ok(set) => Ok(set.metadata.controller().is_none()),
            // the pod goes with it
            Err(failure) if failure.kind == FailureKind::NotFound => Ok(false),
            Err(failure) => Err(failure.of(Resource::ReplicaSets, &what)),
        }
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
