//! Many targets of one namespace are read together: what the namespace has of their kinds, of revisions and of pods.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    sync::Arc,
};

use futures_util::future::join_all;
use serde::de::DeserializeOwned;

use super::{
    Cluster,
    list::{List, ListCall},
    reading::Reading,
    watch::{Version, WatchStart},
};
use crate::{
    model::{
        ControllerRevision, Kind, Meta, Node, Pod, ReplicaSet, RevisionKind, TargetRef, Uid,
        Workload,
    },
    observation::{Named, Read, ReadFailure, Resource, World},
};

type Answer<T> = Result<T, ReadFailure>;

/// Targets by their kinds.
type Kinds<'a> = BTreeMap<Kind, Vec<&'a TargetRef>>;

/// What a namespace has, as far as it could be read. Without its pods nothing is known.
struct Lists {
    of_kinds: Vec<Answer<OfKind>>,
    replica_sets: Answer<List<Arc<ReplicaSet>>>,
    controller_revisions: Answer<List<Arc<ControllerRevision>>>,
    pods: List<Arc<Pod>>,
    nodes: Answer<Option<Vec<Arc<Node>>>>,
}

/// The targets of a kind that are there.
struct OfKind {
    list: List<Arc<Workload>>,
    /// Those of which a part could not be read.
    unread: Vec<(TargetRef, ReadFailure)>,
}

impl Lists {
    /// What is not known of all targets of a kind.
    fn failure(&self, kind: Kind) -> Option<&ReadFailure> {
        let of_revisions = match kind.revisions() {
            Some(RevisionKind::ReplicaSet) => self.replica_sets.as_ref().err(),
            Some(RevisionKind::ControllerRevision) => self.controller_revisions.as_ref().err(),
            None => None,
        };
        of_revisions.or(self.nodes.as_ref().err().filter(|_| kind.is_on_each_node()))
    }
}

impl Cluster {
    /// Reads targets of one namespace, as [`read`](Self::read) does, in a few lists whatever their number.
    pub(super) async fn read_together(&self, targets: &[TargetRef], known: &World) -> Reading {
        let mut reading = Reading::new();
        let Some(first) = targets.first() else { return reading };
        let mut kinds = Kinds::new();
        for target in targets {
            kinds.entry(target.kind.kind()).or_default().push(target);
        }
        let names = || targets.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let lists = self.lists(&kinds, first, known);
        let mut lists = match Box::pin(self.within_read(lists, names, &first.namespace)).await {
            Ok(lists) => lists,
            Err(failure) => {
                targets.iter().for_each(|target| reading.miss(target, &failure));
                return reading;
            }
        };
        let start = WatchStart::of(&first.namespace);
        for ((kind, targets), answer) in kinds.into_iter().zip(mem::take(&mut lists.of_kinds)) {
            let answer = lists.failure(kind).map_or(answer, |failure| Err(failure.clone()));
            match answer {
                Err(failure) => targets.iter().for_each(|target| reading.miss(target, &failure)),
                Ok(OfKind { list, unread }) => {
                    unread.iter().for_each(|(target, failure)| reading.miss(target, failure));
                    reading.watch_from.push(start.workloads(kind, Version::Of(list.version)));
                    reading.read.server_time = reading.read.server_time.or(list.date);
                    reading.read.workloads.extend(list.items);
                }
            }
        }
        let sets = lists.replica_sets.unwrap_or_default();
        reading.watch_from.extend(start.replica_sets(sets.version));
        reading.watch_from.push(start.pods(lists.pods.version));
        let read = &mut reading.read;
        read.server_time = read.server_time.or(lists.pods.date);
        read.nodes = lists.nodes.ok().flatten();
        read.replica_sets = sets.items;
        read.controller_revisions = lists.controller_revisions.unwrap_or_default().items;
        read.pods = lists.pods.items;
        keep_own(read, targets, known);
        let stay = read.pods.iter().filter(|pod| !pod.metadata.is_terminating()).count() as u64;
        let wanted = read.workloads.iter().map(|workload| workload.pods_wanted());
        let wanted: Option<u64> = wanted.sum();
        if read.workloads.len() + read.unread.len() < targets.len()
            || wanted.is_none_or(|wanted| wanted > stay)
        {
            let namespace = self.namespace_state(&first.namespace).await;
            read.namespace_deleted = namespace.deleted();
            let is_there = |target: &&TargetRef| {
                let is_it = |one: &Arc<Workload>| {
                    one.kind() == target.kind.kind() && one.name() == &*target.name
                };
                read.workloads.iter().any(is_it)
                    || read.unread.iter().any(|one| one.target == **target)
            };
            let missing: Vec<_> = targets.iter().filter(|target| !is_there(target)).collect();
            read.absent = self.absences(&missing, namespace, known).await;
        }
        reading
    }

    async fn lists(&self, kinds: &Kinds<'_>, first: &TargetRef, known: &World) -> Answer<Lists> {
        let holds = |revisions| kinds.keys().any(|kind| kind.revisions() == Some(revisions));
        let needs_nodes = kinds.keys().any(|kind| kind.is_on_each_node());
        let of_kinds = kinds.iter().map(|(kind, targets)| self.of_kind(*kind, targets, known));
        let (sets, revisions) =
            (holds(RevisionKind::ReplicaSet), holds(RevisionKind::ControllerRevision));
        let namespace = &first.namespace;
        let (of_kinds, replica_sets, controller_revisions, pods, nodes) = tokio::join!(
            join_all(of_kinds),
            self.replica_sets(namespace, None, known, sets),
            self.controller_revisions(namespace, None, known, revisions),
            self.pods(namespace, None, known),
            self.nodes(needs_nodes),
        );
        Ok(Lists { of_kinds, replica_sets, controller_revisions, pods: pods?, nodes })
    }

    /// Targets of a kind, all of one namespace.
    async fn of_kind(&self, kind: Kind, targets: &[&TargetRef], known: &World) -> Answer<OfKind> {
        let Some(first) = targets.first() else {
            return Ok(OfKind { list: List::default(), unread: Vec::new() });
        };
        let list = self.listing_of(kind, &first.namespace);
        let found = match kind {
            Kind::Deployment => self.workloads_as(&list, known, Workload::Deployment).await,
            Kind::StatefulSet => self.workloads_as(&list, known, Workload::StatefulSet).await,
            Kind::DaemonSet => self.workloads_as(&list, known, Workload::DaemonSet).await,
            Kind::Job => self.workloads_as(&list, known, Workload::Job).await,
            Kind::Rollout => self.workloads_as(&list, known, Workload::Rollout).await,
            // each is read by itself, since a kind does not tell where
            Kind::Custom => Ok(List { version: "0".into(), ..List::default() }),
        };
        let mut found = found?.versioned(Resource::Workload, &list.what)?;
        let names: BTreeMap<&str, &TargetRef> =
            targets.iter().map(|target| (&*target.name, *target)).collect();
        found.items.retain(|workload| names.contains_key(workload.name()));
        let mut unread = Vec::new();
        for workload in &mut found.items {
            if let Workload::Rollout(rollout) = Arc::make_mut(workload)
                && let Err(failure) = self.complete(rollout, &first.namespace).await
            {
                unread.push((names[&*rollout.metadata.name].clone(), failure));
            }
        }
        found.items.retain(|one| !unread.iter().any(|(target, _)| *target.name == *one.name()));
        Ok(OfKind { list: found, unread })
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
fn keep_own(read: &mut Read, targets: &[TargetRef], known: &World) {
    let workloads: BTreeSet<Uid> =
        read.workloads.iter().map(|workload| workload.uid().clone()).collect();
    let names: BTreeSet<&str> = targets.iter().map(|target| &*target.name).collect();
    // names of what a workload makes begin with its own, whole words of it
    let is_named = |name: &str| {
        let ends = name.match_indices(['-', '.']).map(|(end, _)| end).chain([name.len()]);
        ends.map(|end| &name[..end]).any(|begin| names.contains(begin))
    };
    let is_own = |metadata: &Meta| metadata.controller().is_none_or(|uid| workloads.contains(uid));
    read.replica_sets.retain(|set| is_own(&set.metadata));
    read.controller_revisions.retain(|one| is_own(&one.metadata));
    let sets: BTreeSet<&Uid> = read.replica_sets.iter().map(|set| set.uid()).collect();
    read.pods.retain(|pod| {
        let owner = pod.metadata.controller();
        owner.is_some_and(|uid| workloads.contains(uid) || sets.contains(uid))
            || is_named(pod.name())
            || known.has_pod(pod.uid())
    });
}
