//! Which pods lead to a custom resource, by whoever owns them, read upward.

mod kinds;
mod known;

use std::{collections::BTreeMap, sync::Arc};

use futures_util::{StreamExt, TryStreamExt, stream};
use kube::core::{Request, params::GetParams};
use serde::Deserialize;

use super::{Cluster, call::Call, failure::Failure, path};
use crate::{
    model::{JobStatus, Kind, Lineage, Meta, OwnedJob, OwnerReference, Pod, Uid, UnreadableOwner},
    observation::{FailureKind, ReadFailure, Resource},
};

pub use kinds::OwnerKind;
pub(super) use known::Owners;
use known::{LEVELS, leading};

/// Requests at a time.
const AT_ONCE: usize = 8;

/// What was found out about an owner.
enum Answer {
    Parents(Arc<[OwnerReference]>),
    /// The same of a Job, which may have failed.
    Job(Arc<[OwnerReference]>, OwnedJob),
    /// It may not be read.
    Forbidden(UnreadableOwner),
}

impl Answer {
    /// The owners that it tells of.
    fn parents(&self) -> &[OwnerReference] {
        match self {
            Self::Parents(parents) | Self::Job(parents, _) => parents,
            Self::Forbidden(_) => &[],
        }
    }
}

fn is_job(object: &OwnerReference) -> bool {
    *object.kind == *Kind::Job.api_name() && object.api_version.starts_with("batch/")
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
        let (mut unreadable, mut jobs) = (Vec::new(), Vec::new());
        let parents = pods.iter().flat_map(|pod| pod.metadata.parents().cloned());
        let mut level: BTreeMap<Uid, OwnerReference> =
            parents.map(|parent| (parent.uid.clone(), parent)).collect();
        // the last level is that of the resource itself
        for _ in 1..LEVELS {
            level.retain(|uid, _| uid != root && !graph.contains_key(uid));
            let answers = self.parents_of(namespace, Some(root), level.into_values()).await?;
            level = BTreeMap::new();
            for (uid, answer) in answers {
                let parents: Arc<[OwnerReference]> = match answer {
                    Answer::Parents(parents) => parents,
                    Answer::Job(parents, job) => {
                        jobs.push(job);
                        parents
                    }
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
        jobs.retain(|job| leading.contains(&job.uid));
        let leads = |pod: &Arc<Pod>| {
            pod.metadata
                .parents()
                .any(|parent| parent.uid == *root || leading.contains(&parent.uid))
        };
        let pods = pods.into_iter().filter(leads).collect();
        Ok((Lineage { owners: leading.into_iter().collect(), jobs, unreadable }, pods))
    }

    /// The owners of these objects: as known, or read. A Job that may lead to the resource `root` is read each time, for it
    /// may have failed.
    async fn parents_of(
        &self,
        namespace: &str,
        root: Option<&Uid>,
        objects: impl Iterator<Item = OwnerReference>,
    ) -> Result<Vec<(Uid, Answer)>, ReadFailure> {
        let owners = &self.connection.owners;
        let of = |object: OwnerReference| async move {
            let uid = object.uid.clone();
            let may_be_its_job = |parents: &Arc<[OwnerReference]>| {
                is_job(&object)
                    && root.is_some_and(|root| !owners.know_to_be_foreign(parents.iter(), root))
            };
            if let Some(parents) = owners.parents(&uid).filter(|known| !may_be_its_job(known)) {
                return Ok((uid, Answer::Parents(parents)));
            }
            let answer = self.read_parents(namespace, &object).await?;
            if let Answer::Parents(parents) | Answer::Job(parents, _) = &answer {
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
        /// Any object, of which only its metadata is read, and of a Job its status.
        #[derive(Deserialize)]
        struct Object {
            metadata: Meta,
            #[serde(default)]
            status: Option<JobStatus>,
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
        let params = GetParams::default();
        let request = match is_job(object) {
            true => request.get(name, &params),
            false => request.get_metadata(name, &params),
        };
        let call = Call::new(Resource::Workload, what, request)?;
        let Object { metadata, status } = match self.connection.get(&call).await {
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
        // another of its name
        if metadata.uid != object.uid {
            return Ok(ends);
        }
        let parents = metadata.parents().cloned().collect();
        if !is_job(object) {
            return Ok(Answer::Parents(parents));
        }
        let failed = status.as_ref().and_then(JobStatus::failed).cloned();
        let Meta { uid, name, created, .. } = metadata;
        Ok(Answer::Job(parents, OwnedJob { uid, name: (&*name).into(), created, failed }))
    }
}
