//! Why a target is missing: its namespace is, or something else was meant.

use futures_util::future::join_all;
use kube::core::{
    Request,
    params::{GetParams, ListParams},
};
use serde::{Deserialize, de::IgnoredAny};
use tokio::time::timeout;

use super::{Cluster, call::Call, failure::Failure, list::ListCall, path};
use crate::{
    model::{Kind, Meta, Namespace, ObjectName, ServerTime, TargetKind, TargetRef},
    observation::{Absence, FailureKind, Instead, ReadFailure, Resource, World},
    text::nearest,
};

/// Names to ask for: nobody reads through more of them.
const NAMES_MAX: u32 = 500;

/// Missing targets that are asked about; each takes a few requests.
const TARGETS_MAX: usize = 4;

/// Kinds that a target may be of instead.
const KINDS: [Kind; 5] =
    [Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::Rollout, Kind::Job];

/// A namespace, as far as it may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NamespaceState {
    /// It exists, or nobody knows.
    Presumed,
    /// It exists until what is in it is gone.
    Deleted(ServerTime),
    /// It does not exist.
    Missing,
}

impl NamespaceState {
    pub(super) const fn deleted(self) -> Option<ServerTime> {
        match self {
            Self::Deleted(at) => Some(at),
            Self::Presumed | Self::Missing => None,
        }
    }
}

#[derive(Deserialize)]
struct Named {
    metadata: NameOnly,
}

#[derive(Deserialize)]
struct NameOnly {
    name: String,
}

impl Cluster {
    /// The workloads of a kind in the default namespace: the first few hundred.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn names(&self, kind: &TargetKind) -> Result<Vec<ObjectName>, ReadFailure> {
        self.names_in(kind, self.default_namespace()).await
    }

    /// The namespaces: the first few hundred.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn namespaces(&self) -> Result<Vec<Namespace>, ReadFailure> {
        self.named(path::NAMESPACES.to_owned(), "list namespaces".to_owned()).await
    }

    /// The workloads of a kind in a namespace: the first few hundred.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn names_in(
        &self,
        kind: &TargetKind,
        namespace: &Namespace,
    ) -> Result<Vec<ObjectName>, ReadFailure> {
        let path = self.collection(kind, namespace).await?;
        self.named(path, format!("list {} in namespace {namespace}", kind.plural())).await
    }

    /// The names in a collection, as far as they are such.
    async fn named<N: std::str::FromStr>(
        &self,
        path: String,
        what: String,
    ) -> Result<Vec<N>, ReadFailure> {
        let params = ListParams::default().limit(NAMES_MAX);
        let whole = ListCall::whole(Resource::Workload, what, path, params);
        let list = ListCall { max_pages: 1, metadata_only: true, ..whole };
        let names = self.connection.list::<Named>(&list).await?.items;
        Ok(names.into_iter().filter_map(|item| item.metadata.name.parse().ok()).collect())
    }

    /// What a namespace is like. One that does not tell soon holds up no target in it.
    pub(super) async fn namespace_state(&self, namespace: &Namespace) -> NamespaceState {
        #[derive(Deserialize)]
        struct Found {
            metadata: Meta,
        }
        let what = format!("get namespace {namespace}");
        let request = Request::new(path::NAMESPACES).get(namespace, &GetParams::default());
        let Ok(call) = Call::new(Resource::Workload, what, request) else {
            return NamespaceState::Presumed;
        };
        let limit = self.connection.limits().evidence;
        match timeout(limit, self.connection.get::<Found>(&call)).await {
            Ok(Ok(Found { metadata: Meta { deleted: Some(at), .. } })) => {
                NamespaceState::Deleted(at)
            }
            Ok(Err(Failure { kind: FailureKind::NotFound, .. })) => NamespaceState::Missing,
            Ok(_) | Err(_) => NamespaceState::Presumed,
        }
    }

    /// What is known of missing targets of one namespace, which is in this state. What was found out before is not asked for
    /// again, and what cannot be found out in time is left out.
    pub(super) async fn absences(
        &self,
        missing: &[&TargetRef],
        namespace: NamespaceState,
        known: &World,
    ) -> Vec<Absence> {
        if let (Some(first), NamespaceState::Missing) = (missing.first(), namespace) {
            let near = self.nearest_namespace(&first.namespace).await;
            let instead = Some(Instead::NoNamespace(near));
            let absence = |target: &&TargetRef| Absence {
                target: (**target).clone(),
                instead: instead.clone(),
            };
            return missing.iter().map(absence).collect();
        }
        let limit = self.connection.limits().evidence;
        let absence = async |target: &&TargetRef| {
            let is_of_namespace =
                |one: &&Absence| !matches!(one.instead, Some(Instead::NoNamespace(_)));
            if let Some(known) = known.absence(target).filter(is_of_namespace) {
                return known.clone();
            }
            let instead = timeout(limit, self.instead_of(target)).await.ok().flatten();
            Absence { target: (**target).clone(), instead }
        };
        join_all(missing.iter().take(TARGETS_MAX).map(absence)).await
    }

    /// Whether a namespace does not exist, and one of a similar name that does; `None` if it exists, or nobody tells in time.
    pub async fn missing_namespace(&self, namespace: &Namespace) -> Option<Option<Namespace>> {
        if self.namespace_state(namespace).await != NamespaceState::Missing {
            return None;
        }
        Some(self.nearest_namespace(namespace).await)
    }

    /// A namespace of a similar name; `None` where none is found in time.
    async fn nearest_namespace(&self, wanted: &Namespace) -> Option<Namespace> {
        let limit = self.connection.limits().evidence;
        let known = timeout(limit, self.namespaces()).await.ok()?.ok()?;
        nearest(wanted, known.iter().map(|name| &**name))?.parse().ok()
    }

    async fn instead_of(&self, target: &TargetRef) -> Option<Instead> {
        let same_kind = async {
            let known = self.names_in(&target.kind, &target.namespace).await.ok()?;
            nearest(&target.name, known.iter().map(|name| &**name))?.parse().ok()
        };
        let others = KINDS.into_iter().filter(|kind| *kind != target.kind.kind());
        let others = others.map(|kind| async move { self.has(kind, target).await.then_some(kind) });
        let (same_kind, others) = tokio::join!(same_kind, join_all(others));
        let other_kind = others.into_iter().flatten().next();
        other_kind.map(|kind| Instead::Kind(kind.into())).or(same_kind.map(Instead::Name))
    }

    /// Whether a workload of another kind is known to have the target's name.
    async fn has(&self, kind: Kind, target: &TargetRef) -> bool {
        let what = format!("get {kind} {}", target.name);
        let request = Request::new(path::workloads(kind, &target.namespace));
        let request = request.get_metadata(&target.name, &GetParams::default());
        match Call::new(Resource::Workload, what, request) {
            Ok(call) => self.connection.get::<IgnoredAny>(&call).await.is_ok(),
            Err(_) => false,
        }
    }
}
