//! The lists that a selection chooses from: names, labels, and whether a workload runs at all.

use futures_util::future::try_join_all;
use kube::core::params::ListParams;
use serde::Deserialize;

use super::{Cluster, failure::Failure, list::ListCall, path, rollout};
use crate::{
    model::{Condition, Kind, ServerTime, TargetRef, Uid},
    observation::{FailureKind, ReadFailure, Resource},
    selection::{Chosen, HelmRelease, JobState, Labels, Listed, Selection, Stopped, choose},
};

/// Workloads of a page, of some 10 kB each.
const PAGE: u32 = 250;

/// What lists show, and when they were made by the server's clock.
type Found = (Vec<Listed>, Option<ServerTime>);

/// A workload of any kind, as far as a selection needs it.
#[derive(Deserialize)]
struct Item {
    metadata: Metadata,
    #[serde(default)]
    spec: Spec,
    #[serde(default)]
    status: Status,
}

#[derive(Deserialize)]
struct Metadata {
    name: Box<str>,
    namespace: Box<str>,
    #[serde(default)]
    labels: Option<Labels>,
    #[serde(default)]
    annotations: Option<Annotations>,
    #[serde(default, rename = "deletionTimestamp")]
    deleted: Option<ServerTime>,
    #[serde(default, rename = "creationTimestamp")]
    created: Option<ServerTime>,
    #[serde(default, rename = "ownerReferences")]
    owners: Vec<Owner>,
}

#[derive(Deserialize)]
struct Owner {
    uid: Uid,
}

#[derive(Deserialize)]
struct Annotations {
    #[serde(rename = "meta.helm.sh/release-name")]
    helm_release: Option<Box<str>>,
    #[serde(rename = "meta.helm.sh/release-namespace")]
    helm_namespace: Option<Box<str>>,
}

#[derive(Default, Deserialize)]
struct Spec {
    #[serde(default)]
    replicas: Option<i64>,
    #[serde(default)]
    paused: Option<bool>,
    #[serde(default)]
    suspend: Option<bool>,
}

/// How far a Job is; other kinds have conditions of other types.
#[derive(Default, Deserialize)]
struct Status {
    #[serde(default)]
    conditions: Option<Vec<Condition>>,
}

impl Item {
    fn job(&self) -> JobState {
        let conditions = self.status.conditions.as_deref().unwrap_or_default();
        let is = |kind: &str| conditions.iter().find(|one| &*one.kind == kind && one.is_true());
        JobState {
            owner: self.metadata.owners.first().map(|owner| owner.uid.clone()),
            created: self.metadata.created,
            failed: is("Failed").and_then(|failed| failed.last_transition_time),
            is_complete: is("Complete").is_some(),
        }
    }

    fn stopped(&self) -> Option<Stopped> {
        let Spec { replicas, paused, suspend } = self.spec;
        match () {
            () if self.metadata.deleted.is_some() => Some(Stopped::Deleted),
            () if replicas == Some(0) => Some(Stopped::NoReplicas),
            () if paused == Some(true) || suspend == Some(true) => Some(Stopped::Paused),
            () => None,
        }
    }

    /// `None` if its names are none that Kubernetes takes.
    fn listed(self, kind: Kind) -> Option<Listed> {
        let stopped = self.stopped();
        let job = (kind == Kind::Job).then(|| self.job());
        let Metadata { name, namespace, labels, annotations, .. } = self.metadata;
        let target = TargetRef {
            kind: kind.into(),
            namespace: namespace.parse().ok()?,
            name: name.parse().ok()?,
        };
        let helm = annotations.and_then(|Annotations { helm_release, helm_namespace }| {
            Some(HelmRelease { name: helm_release?, namespace: helm_namespace.unwrap_or_default() })
        });
        Some(Listed { target, labels: labels.unwrap_or_default(), helm, stopped, job })
    }
}

impl Cluster {
    /// Chooses targets. What was there is listed only where nothing matched.
    ///
    /// # Errors
    /// The first list that could not be read. A kind that was not named and that the cluster does not serve is no error.
    pub async fn select(&self, selection: &Selection) -> Result<Chosen, ReadFailure> {
        let query = selection.query();
        let (listed, now) = self.listed(selection, query.as_deref(), false).await?;
        let chosen = choose(selection, &listed, now);
        if query.is_none() || chosen.unmatched.is_empty() {
            return Ok(chosen);
        }
        let (listed, now) = self.listed(selection, None, false).await?;
        Ok(choose(selection, &listed, now))
    }

    /// Chooses again, if there is something that is not known by now.
    ///
    /// # Errors
    /// As [`select`](Self::select).
    pub async fn select_again(
        &self,
        selection: &Selection,
        known: &[TargetRef],
    ) -> Result<Option<Chosen>, ReadFailure> {
        let query = selection.query();
        match self.listed(selection, query.as_deref(), true).await {
            // a server, or one between, that has no such form
            Err(failure) if failure.kind == FailureKind::Refused => {}
            listed => {
                let (listed, now) = listed?;
                let chosen = choose(selection, &listed, now);
                let targets = chosen.targets.iter();
                let mut all = targets.chain(chosen.stopped.iter().map(|(target, _)| target));
                if all.all(|target| known.contains(target)) {
                    return Ok(None);
                }
            }
        }
        let (listed, now) = self.listed(selection, query.as_deref(), false).await?;
        Ok(Some(choose(selection, &listed, now)))
    }

    /// With `metadata_only` it is not known of any whether it runs.
    async fn listed(
        &self,
        selection: &Selection,
        query: Option<&str>,
        metadata_only: bool,
    ) -> Result<Found, ReadFailure> {
        let kinds = self.searched(selection).await;
        let lists = kinds.iter().map(|kind| self.list_kind(*kind, selection, query, metadata_only));
        let (lists, dates): (Vec<_>, Vec<_>) = try_join_all(lists).await?.into_iter().unzip();
        Ok((lists.concat(), dates.into_iter().flatten().min()))
    }

    async fn list_kind(
        &self,
        kind: Kind,
        selection: &Selection,
        query: Option<&str>,
        metadata_only: bool,
    ) -> Result<Found, ReadFailure> {
        // who may not list a kind is told so, whether the cluster serves it or not
        if kind == Kind::Rollout
            && selection.kinds.contains(&kind)
            && self.serves(kind).await == Some(false)
        {
            return Err(rollout::not_served());
        }
        let (_, plural) = kind.resource();
        let (path, place) = match &selection.namespace {
            Some(namespace) => {
                (path::workloads(kind, namespace), format!("in namespace {namespace}"))
            }
            None => (path::everywhere(kind.resource()), "in all namespaces".to_owned()),
        };
        let params = ListParams::default().limit(PAGE);
        let params = query.iter().fold(params, |params, query| params.labels(query));
        let what = format!("list {plural} {place}");
        let whole = ListCall::whole(Resource::Workload, what.clone(), path, params);
        let list = ListCall { metadata_only, ..whole };
        let keep = |item: Item, _: Option<&Option<Listed>>| item.listed(kind);
        let (items, now) = match self.connection.list_as(&list, keep).await {
            Ok(list) => (list.items, list.date),
            // the cluster did not say that it does not serve them
            Err(failure)
                if kind == Kind::Rollout
                    && failure.kind == FailureKind::NotFound
                    && !selection.kinds.contains(&kind) =>
            {
                Default::default()
            }
            Err(failure) => return Err(failure),
        };
        let listed = items.into_iter().collect::<Option<Vec<_>>>();
        listed.map(|listed| (listed, now)).ok_or_else(|| {
            let text = "a workload has an invalid name";
            Failure::new(FailureKind::Malformed, text).of(Resource::Workload, &what)
        })
    }
}
