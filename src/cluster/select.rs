//! The lists that a selection chooses from: names, labels, and whether a workload runs at all.

use futures_util::future::try_join_all;
use kube::core::params::ListParams;
use serde::Deserialize;

use super::{Cluster, failure::Failure, list::ListCall, path, rollout};
use crate::{
    model::{Kind, ServerTime, TargetRef},
    observation::{FailureKind, ReadFailure, Resource},
    selection::{Chosen, HelmRelease, Labels, Listed, Selection, Stopped, choose},
};

/// Workloads of a page, of some 10 kB each.
const PAGE: u32 = 250;

/// A workload of any kind, as far as a selection needs it.
#[derive(Deserialize)]
struct Item {
    metadata: Metadata,
    #[serde(default)]
    spec: Spec,
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

impl Item {
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
        let Metadata { name, namespace, labels, annotations, .. } = self.metadata;
        let target = TargetRef {
            kind: kind.into(),
            namespace: namespace.parse().ok()?,
            name: name.parse().ok()?,
        };
        let helm = annotations.and_then(|Annotations { helm_release, helm_namespace }| {
            Some(HelmRelease { name: helm_release?, namespace: helm_namespace.unwrap_or_default() })
        });
        Some(Listed { target, labels: labels.unwrap_or_default(), helm, stopped })
    }
}

impl Cluster {
    /// Chooses targets. What was there is listed only where nothing matched.
    ///
    /// # Errors
    /// The first list that could not be read. A kind that was not named and that the cluster does not serve is no error.
    pub async fn select(&self, selection: &Selection) -> Result<Chosen, ReadFailure> {
        let query = selection.query();
        let listed = self.listed(selection, query.as_deref()).await?;
        let chosen = choose(selection, &listed);
        if query.is_none() || chosen.unmatched.is_empty() {
            return Ok(chosen);
        }
        Ok(choose(selection, &self.listed(selection, None).await?))
    }

    async fn listed(
        &self,
        selection: &Selection,
        query: Option<&str>,
    ) -> Result<Vec<Listed>, ReadFailure> {
        let kinds = selection.kinds();
        let lists = kinds.iter().map(|kind| self.list_kind(*kind, selection, query));
        Ok(try_join_all(lists).await?.concat())
    }

    async fn list_kind(
        &self,
        kind: Kind,
        selection: &Selection,
        query: Option<&str>,
    ) -> Result<Vec<Listed>, ReadFailure> {
        // who may not list a kind is told so, whether the cluster serves it or not
        if kind == Kind::Rollout && self.serves(kind).await == Some(false) {
            return match selection.kinds.contains(&kind) {
                true => Err(rollout::not_served()),
                false => Ok(Vec::new()),
            };
        }
        let (_, plural) = kind.resource();
        let (path, place) = match &selection.namespace {
            Some(namespace) => {
                (path::workloads(kind, namespace), format!("in namespace {namespace}"))
            }
            None => (path::everywhere(kind), "in all namespaces".to_owned()),
        };
        let params = ListParams::default().limit(PAGE);
        let params = query.iter().fold(params, |params, query| params.labels(query));
        let what = format!("list {plural} {place}");
        let list = ListCall::whole(Resource::Workload, what.clone(), path, params);
        let keep = |item: Item, _: Option<&Option<Listed>>| item.listed(kind);
        let items = match self.connection.list_as(&list, keep).await {
            Ok(list) => list.items,
            // the cluster did not say that it does not serve them
            Err(failure)
                if kind == Kind::Rollout
                    && failure.kind == FailureKind::NotFound
                    && !selection.kinds.contains(&kind) =>
            {
                Vec::new()
            }
            Err(failure) => return Err(failure),
        };
        items.into_iter().collect::<Option<Vec<_>>>().ok_or_else(|| {
            let text = "a workload has an invalid name";
            Failure::new(FailureKind::Malformed, text).of(Resource::Workload, &what)
        })
    }
}
