//! Which pods lead to a custom resource, by whoever owns them, read upward.

mod known;

use std::{collections::BTreeMap, sync::Arc};

use futures_util::{StreamExt, TryStreamExt, stream};
use kube::core::{Request, params::GetParams};
use serde::Deserialize;

use super::{Cluster, call::Call, failure::Failure, path};
use crate::{
    model::{Lineage, Meta, OwnerReference, Pod, Uid, UnreadableOwner},
    observation::{FailureKind, ReadFailure, Resource},
};

pub(super) use known::Owners;
use known::{LEVELS, leading};

/// Requests at a time.
const AT_ONCE: usize = 8;

/// What was found out about an owner.
enum Answer {
    Parents(Arc<[OwnerReference]>),
    /// It may not be read.
    Forbidden(UnreadableOwner),
}

impl Cluster {
    /// The pods that lead to the resource `root`, and through which objects.
    ///
    /// # Errors
    /// An owner that could not be read for another reason than that it may not be.
    pub(super) async fn lineage(
        &self,
        namespace: &str,
        root: &Uid,
        pods: Vec<Arc<Pod>>,
    ) -> Result<(Lineage, Vec<Arc<Pod>>), ReadFailure> {
        let mut graph: BTreeMap<Uid, Arc<[OwnerReference]>> = BTreeMap::new();
        let mut unreadable = Vec::new();
        let parents = pods.iter().flat_map(|pod| pod.metadata.parents().cloned());
        let mut level: BTreeMap<Uid, OwnerReference> =
            parents.map(|parent| (parent.uid.clone(), parent)).collect();
        // the last level is that of the resource itself
        for _ in 1..LEVELS {
            level.retain(|uid, _| uid != root && !graph.contains_key(uid));
            let answers = self.parents_of(namespace, level.into_values()).await?;
            level = BTreeMap::new();
            for (uid, answer) in answers {
                let parents: Arc<[OwnerReference]> = match answer {
                    Answer::Parents(parents) => parents,
                    Answer::Forbidden(owner) => {
                        unreadable.push(owner);
                        Arc::default()
                    }
                };
                level.extend(parents.iter().map(|parent| (parent.uid.clone(), parent.clone())));
                graph.insert(uid, parents);
            }
            if level.is_empty() {
                break;
            }
        }
        let leading = leading(root, &graph);
        let leads = |pod: &Arc<Pod>| {
            pod.metadata
                .parents()
                .any(|parent| parent.uid == *root || leading.contains(&parent.uid))
        };
        let pods = pods.into_iter().filter(leads).collect();
        Ok((Lineage { owners: leading.into_iter().collect(), unreadable }, pods))
    }

    /// The owners of these objects: as known, or read.
    async fn parents_of(
        &self,
        namespace: &str,
        objects: impl Iterator<Item = OwnerReference>,
    ) -> Result<Vec<(Uid, Answer)>, ReadFailure> {
        let owners = &self.connection.owners;
        let of = |object: OwnerReference| async move {
            let uid = object.uid.clone();
            if let Some(parents) = owners.parents(&uid) {
                return Ok((uid, Answer::Parents(parents)));
            }
            let answer = self.read_parents(namespace, &object).await?;
            if let Answer::Parents(parents) = &answer {
                owners.learn(uid.clone(), parents.clone());
            }
            Ok((uid, answer))
        };
        stream::iter(objects).map(of).buffer_unordered(AT_ONCE).try_collect().await
    }

    async fn read_parents(
        &self,
        namespace: &str,
        object: &OwnerReference,
    ) -> Result<Answer, ReadFailure> {
        /// Any object, of which only its metadata is read.
        #[derive(Deserialize)]
        struct Object {
            metadata: Meta,
        }
        let ends = Answer::Parents(Arc::default());
        let OwnerReference { api_version, kind, name, .. } = object;
        let Some(served) = self.served_kind(api_version, kind).await? else { return Ok(ends) };
        // what belongs to the whole cluster is owned by nothing in a namespace
        if !served.is_namespaced || !path::is_name(name) {
            return Ok(ends);
        }
        let what = format!("get {kind} {name}, which owns pods");
        let request = Request::new(served.collection(namespace));
        let request = request.get_metadata(name, &GetParams::default());
        let call = Call::new(Resource::Workload, what, request)?;
        let found: Object = match self.connection.get(&call).await {
            Ok(found) => found,
            Err(Failure { kind: FailureKind::NotFound, .. }) => return Ok(ends),
            Err(Failure { kind: FailureKind::Forbidden, .. }) => {
                let resource = match &*served.group {
                    "" => served.plural.to_string(),
                    group => format!("{}.{group}", served.plural),
                };
                let (resource, name) = (resource.into(), (&**name).into());
                return Ok(Answer::Forbidden(UnreadableOwner { resource, name }));
            }
            // the failure is of pods' owners, not of the target
            Err(failure) => {
                return Err(ReadFailure { resource: Resource::Pods, ..call.failed(failure) });
            }
        };
        match found.metadata.uid == object.uid {
            true => Ok(Answer::Parents(found.metadata.parents().cloned().collect())),
            // another of its name
            false => Ok(ends),
        }
    }
}
