//! Many targets of one namespace are read together: what the namespace has of their kinds, of revisions and of pods.

use std::{collections::BTreeSet, sync::Arc};

use futures_util::future::try_join_all;
use serde::de::DeserializeOwned;

use super::{
    Cluster,
    list::{List, ListCall},
    lists::Revisions,
    reading::Reading,
    watch::{WatchStart, WorkloadStart},
};
use crate::{
    model::{Kind, Namespace, Pod, TargetRef, Uid, Workload},
    observation::{Named, Read, ReadFailure, Resource, World},
};

impl Cluster {
    /// Reads targets of one namespace, as [`read`](Self::read) does, in a few lists whatever their number.
    pub(super) async fn read_together(
        &self,
        targets: &[TargetRef],
        known: &World,
    ) -> Result<Reading, ReadFailure> {
        let Some(first) = targets.first() else { return Ok(Reading::default()) };
        let namespace = &first.namespace;
        let kinds: BTreeSet<Kind> = targets.iter().map(|target| target.kind.kind()).collect();
        let kinds: Vec<Kind> = kinds.into_iter().collect();
        let of_kinds = kinds.iter().map(|kind| self.workloads(*kind, namespace, known));
        let needs_nodes = kinds.iter().any(|kind| kind.is_on_each_node());
        let (lists, revisions, pods, nodes) = tokio::try_join!(
            try_join_all(of_kinds),
            self.revisions(&kinds, namespace, None, known),
            self.pods(namespace, None, known),
            self.nodes(needs_nodes),
        )?;
        let server_time = lists.iter().find_map(|list| list.date).or(pods.date);
        let watch_from = WatchStart {
            target: None,
            namespace: namespace.clone(),
            workloads: kinds
                .iter()
                .zip(&lists)
                .map(|(kind, list)| (*kind, WorkloadStart::Of(list.version.clone())))
                .collect(),
            selector: None,
            path: None,
            owner: None,
            replica_sets: revisions.replica_sets_version.clone(),
            pods: pods.version,
        };
        let all = kinds.iter().zip(lists).flat_map(|(kind, list)| {
            let names: BTreeSet<&str> = targets
                .iter()
                .filter(|target| target.kind.kind() == *kind)
                .map(|target| &*target.name)
                .collect();
            list.items.into_iter().filter(move |workload| names.contains(workload.name()))
        });
        let workloads: Vec<Arc<Workload>> = all.collect();
        let mut read = Read { whole: true, workloads, nodes, server_time, ..Read::default() };
        keep_own(&mut read, targets, revisions, pods.items, known);
        let stay = read.pods.iter().filter(|pod| !pod.metadata.is_terminating()).count() as u64;
        let wanted = read.workloads.iter().map(|workload| workload.pods_wanted());
        let wanted: Option<u64> = wanted.sum();
        if read.workloads.len() < targets.len() || wanted.is_none_or(|wanted| wanted > stay) {
            let namespace = self.namespace_state(first).await;
            read.namespace_deleted = namespace.deleted();
            let is_there = |target: &&TargetRef| {
                let is_it = |one: &Arc<Workload>| {
                    one.kind() == target.kind.kind() && one.name() == &*target.name
                };
                read.workloads.iter().any(is_it)
            };
            let missing: Vec<_> = targets.iter().filter(|target| !is_there(target)).collect();
            read.absent = self.absences(&missing, namespace, known).await;
        }
        Ok(Reading { read, watch_from: vec![watch_from] })
    }

    /// The workloads of a kind.
    async fn workloads(
        &self,
        kind: Kind,
        namespace: &Namespace,
        known: &World,
    ) -> Result<List<Arc<Workload>>, ReadFailure> {
        let list = self.listing_of(kind, namespace);
        let found = match kind {
            Kind::Deployment => self.workloads_as(&list, known, Workload::Deployment).await,
            Kind::StatefulSet => self.workloads_as(&list, known, Workload::StatefulSet).await,
            Kind::DaemonSet => self.workloads_as(&list, known, Workload::DaemonSet).await,
            Kind::Job => self.workloads_as(&list, known, Workload::Job).await,
            Kind::Rollout => {
                let mut found = self.workloads_as(&list, known, Workload::Rollout).await?;
                for workload in &mut found.items {
                    if let Workload::Rollout(rollout) = Arc::make_mut(workload) {
                        self.complete(rollout, namespace).await?;
                    }
                }
                Ok(found)
            }
            // each is read by itself, since a kind does not tell where
            Kind::Custom => Ok(List { items: Vec::new(), version: "0".into(), date: None }),
        };
        found?.versioned(Resource::Workload, &list.what)
    }

    async fn workloads_as<T: DeserializeOwned>(
        &self,
        list: &ListCall,
        known: &World,
        kind: impl Fn(T) -> Workload,
    ) -> Result<List<Arc<Workload>>, ReadFailure> {
        self.list_known(list, known, |workload, _| Arc::new(kind(workload))).await
    }
}

/// Leaves what belongs to other workloads of the namespace, as far as owners and names tell.
fn keep_own(
    read: &mut Read,
    targets: &[TargetRef],
    revisions: Revisions,
    mut pods: Vec<Arc<Pod>>,
    known: &World,
) {
    let workloads: BTreeSet<Uid> =
        read.workloads.iter().map(|workload| workload.uid().clone()).collect();
    let names: BTreeSet<&str> = targets.iter().map(|target| &*target.name).collect();
    // names of what a workload makes begin with its own, whole words of it
    let is_named = |name: &str| {
        let ends = name.match_indices(['-', '.']).map(|(end, _)| end).chain([name.len()]);
        ends.map(|end| &name[..end]).any(|begin| names.contains(begin))
    };
    let Revisions { mut replica_sets, mut controller_revisions, .. } = revisions;
    replica_sets.retain(|set| set.metadata.controller().is_none_or(|uid| workloads.contains(uid)));
    controller_revisions
        .retain(|one| one.metadata.controller().is_none_or(|uid| workloads.contains(uid)));
    let sets: BTreeSet<&Uid> = replica_sets.iter().map(|set| set.uid()).collect();
    pods.retain(|pod| {
        let owner = pod.metadata.controller();
        owner.is_some_and(|uid| workloads.contains(uid) || sets.contains(uid))
            || is_named(pod.name())
            || known.has_pod(pod.uid())
    });
    read.replica_sets = replica_sets;
    read.controller_revisions = controller_revisions;
    read.pods = pods;
}
