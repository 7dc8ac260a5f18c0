//! Of which kinds the owners of pods are, for a Role that may read them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use super::known::LEVELS;
use crate::{
    cluster::{Cluster, discovery::Served},
    model::{Kind, OwnerReference, TargetRef, Uid},
    observation::World,
};

/// A kind of which an object owns pods, or what owns them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerKind(pub(in crate::cluster) Arc<Served>);

impl OwnerKind {
    /// The group, empty for the core group, and the resource in it, as RBAC names them.
    pub(in crate::cluster) fn resource(&self) -> (&str, &str) {
        (&self.0.group, &self.0.plural)
    }
}

impl fmt::Display for OwnerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.resource() {
            ("", plural) => f.write_str(plural),
            (group, plural) => write!(f, "{plural}.{group}"),
        }
    }
}

impl Cluster {
    /// The kinds of all that owns pods in the namespace of a custom resource, read upward as far as it may be: what cannot
    /// be read may lead to the resource. None for other kinds, and where pods cannot be read.
    pub async fn owner_kinds(&self, target: &TargetRef) -> Vec<OwnerKind> {
        if target.kind.kind() != Kind::Custom {
            return Vec::new();
        }
        let pods = self.pods(&target.namespace, None, &World::default()).await;
        let pods = pods.map(|list| list.items).unwrap_or_default();
        let own = match target.kind.resource() {
            Some(resource) => self.served(resource).await.ok(),
            None => None,
        };
        let mut kinds: BTreeMap<(Box<str>, Box<str>), OwnerKind> = BTreeMap::new();
        let mut seen: BTreeSet<Uid> = BTreeSet::new();
        let mut level: Vec<OwnerReference> =
            pods.iter().flat_map(|pod| pod.metadata.parents().cloned()).collect();
        for _ in 1..LEVELS {
            level.retain(|owner| seen.insert(owner.uid.clone()));
            for owner in &level {
                let Ok(Some(served)) = self.served_kind(&owner.api_version, &owner.kind).await
                else {
                    continue;
                };
                let is_own = own.as_ref().is_some_and(|own| {
                    (&own.group, &own.plural) == (&served.group, &served.plural)
                });
                if served.is_namespaced && !is_own {
                    kinds.insert((served.group.clone(), served.plural.clone()), OwnerKind(served));
                }
            }
            let known = self.parents_of(&target.namespace, None, level.into_iter()).await;
            let parents = known.unwrap_or_default().into_iter();
            level = parents.flat_map(|(_, answer)| answer.parents().to_vec()).collect();
        }
        kinds.into_values().collect()
    }

    /// Whether objects of a kind may be read in a namespace; `None` if there is no answer.
    pub async fn may_get_owners(&self, kind: &OwnerKind, namespace: &str) -> Option<bool> {
        self.may_get_any(kind.resource(), namespace).await
    }
}
