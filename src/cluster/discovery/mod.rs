//! Which resources an API server serves, and which one a name means.
//!
//! Names are taken as kubectl takes them (Kubernetes 1.36 `staging/src/k8s.io/apimachinery/pkg/api/meta/restmapper.go`):
//! the resource by its plural, singular, kind or a short name; the group in full, or by a beginning that only one has.

mod groups;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde::de::DeserializeOwned;

use super::{Cluster, call::Call};
use crate::{
    model::{Kind, ResourceName},
    observation::{FailureKind, ReadFailure, Resource},
    text::nearest,
};
use groups::{Group, candidates};
pub(super) use groups::{Groups, Resources};

/// A resource as an API server serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Served {
    pub(super) group: Box<str>,
    pub(super) version: Box<str>,
    /// As it is called in paths and in roles.
    pub(super) plural: Box<str>,
    pub(super) is_namespaced: bool,
}

impl Served {
    /// The kind of Kubernetes' own whose rules hold for it, by which it has to be named.
    fn kind(&self) -> Option<Kind> {
        let own = [Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::Job];
        own.into_iter().find(|kind| kind.resource() == (&*self.group, &*self.plural))
    }

    /// The collection of those in a namespace.
    pub(super) fn collection(&self, namespace: &str) -> String {
        let Self { group, version, plural, .. } = self;
        let root = super::path::root(group);
        format!("{root}/{version}/namespaces/{namespace}/{plural}")
    }
}

/// What was found out so far. What is not served may be so in a moment, and is not kept.
#[derive(Default)]
pub(super) struct Discovered(Mutex<Found>);

#[derive(Default)]
struct Found {
    names: BTreeMap<ResourceName, Arc<Served>>,
    kinds: BTreeMap<(Box<str>, Box<str>), Arc<Served>>,
}

impl Discovered {
    fn with<T>(&self, look: impl FnOnce(&mut Found) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Cluster {
    /// The resource of a namespace that a name means.
    ///
    /// # Errors
    /// A request that failed; or, of kind [`FailureKind::NotFound`], that the name means none, or more than one.
    pub(super) async fn served(&self, name: &ResourceName) -> Result<Arc<Served>, ReadFailure> {
        let discovered = &self.connection.discovered;
        if let Some(known) = discovered.with(|found| found.names.get(name).cloned()) {
            return Ok(known);
        }
        let served = Arc::new(self.look_for(name).await?);
        discovered.with(|found| found.names.insert(name.clone(), served.clone()));
        Ok(served)
    }

    async fn look_for(&self, name: &ResourceName) -> Result<Served, ReadFailure> {
        let groups = self.discover::<Groups>("/apis").await?.groups;
        let candidates = candidates(&groups, name.group());
        if candidates.is_empty() {
            let known = groups.iter().map(|group| &*group.name);
            let text = format!("the cluster has no API group {}", name.group());
            return Err(none(&text, name.group(), known));
        }
        let mut found = Vec::new();
        let mut others = Vec::new();
        for (group, version) in candidates {
            let (of_group, rest) = self.in_group(group, version, name.resource()).await?;
            found.extend(of_group);
            others.extend(rest);
        }
        let full = |one: &Served| format!("{}.{}", one.plural, one.group);
        match found.as_slice() {
            [] => {
                let group = name.group();
                let text = format!("API group {group} has no resource {}", name.resource());
                Err(none(&text, name.resource(), others.iter().map(AsRef::as_ref)))
            }
            [only] if only.is_namespaced => match only.kind() {
                Some(kind) => {
                    Err(unserved(format!("{name} is {}: name it {kind}/NAME", full(only))))
                }
                None => Ok(only.clone()),
            },
            [only] => {
                let name = full(only);
                Err(unserved(format!(
                    "{name} belongs to the whole cluster, and only resources of a namespace are judged"
                )))
            }
            several => {
                let names: Vec<_> = several.iter().map(full).collect();
                Err(unserved(format!("{name} is ambiguous: name one of {}", names.join(", "))))
            }
        }
    }

    /// The resources of a group that are called so, by its first version that has any; and what else there is.
    async fn in_group(
        &self,
        group: &Group,
        version: Option<&str>,
        name: &str,
    ) -> Result<(Vec<Served>, Vec<Box<str>>), ReadFailure> {
        let mut others = Vec::new();
        for served in group.versions().filter(|served| version.is_none_or(|v| v == *served)) {
            let path = format!("/apis/{}/{served}", group.name);
            let resources = match self.discover::<Resources>(&path).await {
                Err(failure) if failure.kind == FailureKind::NotFound => continue,
                resources => resources?.resources,
            };
            let whole = || resources.iter().filter(|one| !one.name.contains('/'));
            // its own name comes before what it may be called
            let exact: Vec<_> = whole().filter(|one| *one.name == *name).collect();
            let called: Vec<_> = whole().filter(|one| one.is_called(name)).collect();
            let found = if exact.is_empty() { called } else { exact };
            if !found.is_empty() {
                let found = found.into_iter().map(|one| one.served(&group.name, served));
                return Ok((found.collect(), others));
            }
            others.extend(whole().flat_map(|one| one.names().map(Box::from)));
        }
        Ok((Vec::new(), others))
    }

    /// The resource of a kind, as an owner reference names it: `GROUP/VERSION` and the kind; `None` if there is none.
    pub(super) async fn served_kind(
        &self,
        api_version: &str,
        kind: &str,
    ) -> Result<Option<Arc<Served>>, ReadFailure> {
        let discovered = &self.connection.discovered;
        let key = (Box::from(api_version), Box::from(kind));
        if let Some(known) = discovered.with(|found| found.kinds.get(&key).cloned()) {
            return Ok(Some(known));
        }
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        if !super::path::is_name(version) || !(group.is_empty() || super::path::is_name(group)) {
            return Ok(None);
        }
        let path = format!("{}/{version}", super::path::root(group));
        let resources = match self.discover::<Resources>(&path).await {
            Err(failure) if failure.kind == FailureKind::NotFound => return Ok(None),
            resources => resources?.resources,
        };
        let Some(found) = resources.iter().find(|one| one.is_kind(kind)) else { return Ok(None) };
        let served = Arc::new(found.served(group, version));
        discovered.with(|found| found.kinds.insert(key, served.clone()));
        Ok(Some(served))
    }

    /// Reads a list of discovery.
    pub(super) async fn discover<T: DeserializeOwned>(&self, path: &str) -> Result<T, ReadFailure> {
        let what = format!("read {path}");
        let request = http::Request::get(path).body(Vec::new());
        let request = request.map_err(|error| ReadFailure {
            resource: Resource::Workload,
            kind: FailureKind::Refused,
            message: error.to_string().into(),
        })?;
        let call = Call { resource: Resource::Workload, what, request };
        self.connection.get(&call).await.map_err(|failure| {
            // a group that is gone answers with a page, not with a `Status`
            let kind = match failure.status {
                Some(http::StatusCode::NOT_FOUND) => FailureKind::NotFound,
                _ => failure.kind,
            };
            ReadFailure { kind, ..call.failed(failure) }
        })
    }
}

/// There is none of that name, with the nearest one that there is.
fn none<'a>(text: &str, name: &str, known: impl Iterator<Item = &'a str>) -> ReadFailure {
    unserved(match nearest(name, known) {
        Some(near) => format!("{text}; did you mean {near}?"),
        None => text.to_owned(),
    })
}

fn unserved(text: String) -> ReadFailure {
    let (resource, kind) = (Resource::Workload, FailureKind::NotFound);
    ReadFailure { resource, kind, message: text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_told_if_it_is_near() {
        let known = ["widgets", "gadgets"];
        let of = |name| none("no", name, known.into_iter()).message.as_raw().to_owned();
        assert_eq!(of("widgts"), "no; did you mean widgets?");
        assert_eq!(of("certificates"), "no");
    }
}
