//! Which pods lead to a custom resource, by whoever owns them, read upward.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{StreamExt, TryStreamExt, stream};
use kube::core::{Request, params::GetParams};
use serde::Deserialize;
use tokio::time::Instant;

use super::{Cluster, call::Call, failure::Failure, path};
use crate::{
    model::{Lineage, Meta, OwnerReference, Pod, Uid, UnreadableOwner},
    observation::{FailureKind, ReadFailure, Resource},
};

/// From a pod upward (contract, "Kinds").
const LEVELS: usize = 8;

/// Requests at a time.
const AT_ONCE: usize = 8;

/// How long it is taken for true that an object leads elsewhere: it may be adopted.
const VALID: Duration = Duration::from_secs(60);

/// The owners of objects that were read.
#[derive(Default)]
pub(super) struct Owners(Mutex<BTreeMap<Uid, Known>>);

struct Known {
    parents: Arc<[OwnerReference]>,
    read: Instant,
}

/// What was found out about an owner.
enum Answer {
    Parents(Vec<OwnerReference>),
    /// It may not be read.
    Forbidden(UnreadableOwner),
}

impl Owners {
    fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<Uid, Known>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether it is known that a pod does not lead to a resource.
    pub(super) fn know_to_be_foreign(&self, pod: &Pod, root: &Uid) -> bool {
        self.with(|known| {
            let mut level: Vec<Uid> = pod.metadata.parents().map(|p| p.uid.clone()).collect();
            for _ in 0..LEVELS {
                if level.contains(root) {
                    return false;
                }
                let mut next = Vec::new();
                for uid in &level {
                    let Some(object) = known.get(uid) else { return false };
                    next.extend(object.parents.iter().map(|parent| parent.uid.clone()));
                }
                level = next;
            }
            true
        })
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long ago an owner was read decides only whether it is read again, which no recording tells"
)]
fn now() -> Instant {
    Instant::now()
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
                    Answer::Parents(parents) => parents.into(),
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
        let now = now();
        let of = |object: OwnerReference| async move {
            let uid = object.uid.clone();
            let known = owners.with(|known| {
                let known = known.get(&uid).filter(|known| now.duration_since(known.read) < VALID);
                known.map(|known| known.parents.clone())
            });
            if let Some(parents) = known {
                return Ok((uid, Answer::Parents(parents.to_vec())));
            }
            let answer = self.read_parents(namespace, &object).await?;
            if let Answer::Parents(parents) = &answer {
                let known = Known { parents: parents.as_slice().into(), read: now };
                owners.with(|all| all.insert(uid.clone(), known));
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
        let ends = Answer::Parents(Vec::new());
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

/// The objects that lead to the resource.
fn leading(root: &Uid, graph: &BTreeMap<Uid, Arc<[OwnerReference]>>) -> BTreeSet<Uid> {
    let mut leading: BTreeSet<Uid> = BTreeSet::new();
    for _ in 1..LEVELS {
        let leads = |parent: &OwnerReference| parent.uid == *root || leading.contains(&parent.uid);
        let is_new = |uid: &Uid, parents: &[OwnerReference]| {
            !leading.contains(uid) && parents.iter().any(leads)
        };
        let new = graph.iter().filter(|(uid, parents)| is_new(uid, parents));
        let new: Vec<Uid> = new.map(|(uid, _)| uid.clone()).collect();
        if new.is_empty() {
            break;
        }
        leading.extend(new);
    }
    leading
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parent(uid: &str) -> OwnerReference {
        serde_json::from_value(serde_json::json!({"uid": uid})).unwrap()
    }

    fn led(links: &[(&str, &str)]) -> Vec<String> {
        let mut graph: BTreeMap<Uid, Arc<[OwnerReference]>> = BTreeMap::new();
        for (from, to) in links {
            let known = graph.entry(Uid::new(from)).or_default();
            *known = known.iter().cloned().chain([parent(to)]).collect();
        }
        leading(&Uid::new("root"), &graph).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_leads_to_the_resource_does_so_through_seven_objects_at_most() {
        assert_eq!(led(&[("rs", "deploy"), ("deploy", "root"), ("other", "x")]), ["deploy", "rs"]);
        let names: Vec<String> = (1..=9).map(|number| number.to_string()).collect();
        let mut chain = vec![("1", "root")];
        chain.extend(names.windows(2).map(|pair| (&*pair[1], &*pair[0])));
        assert_eq!(led(&chain).len(), LEVELS - 1);
    }

    #[test]
    fn a_circle_of_owners_leads_nowhere() {
        assert!(led(&[("a", "b"), ("b", "a"), ("c", "c")]).is_empty());
        assert_eq!(led(&[("a", "b"), ("b", "a"), ("b", "root")]), ["a", "b"]);
    }

    #[test]
    fn a_pod_is_foreign_only_if_all_its_owners_are_known_to_be() {
        let owners = Owners::default();
        let know = |uid: &str, parents: &[&str]| {
            let parents = parents.iter().map(|uid| parent(uid)).collect();
            let known = Known { parents, read: now() };
            owners.with(|all| all.insert(Uid::new(uid), known));
        };
        know("rs", &["deploy"]);
        know("deploy", &["root"]);
        know("alone", &[]);
        know("ring", &["ring"]);
        let is_foreign = |owner: Option<&str>| {
            let references = owner.map(|uid| serde_json::json!([{"uid": uid}]));
            let pod = serde_json::json!({"metadata": {"name": "p", "uid": "p", "ownerReferences": references}});
            let pod: Pod = serde_json::from_value(pod).unwrap();
            owners.know_to_be_foreign(&pod, &Uid::new("root"))
        };
        assert!(!is_foreign(Some("rs")));
        assert!(is_foreign(Some("alone")));
        assert!(is_foreign(Some("ring")));
        assert!(is_foreign(None));
        assert!(!is_foreign(Some("not read yet")));
    }
}
