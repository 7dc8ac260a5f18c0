//! Who owns what, as far as it was read, and what that says of a pod.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::model::{OwnerReference, Uid};

/// From a pod upward (contract, "Kinds").
pub(super) const LEVELS: usize = 8;

/// How long it is taken for true that an object leads elsewhere: it may be adopted.
const VALID: Duration = Duration::from_secs(60);

/// The owners of objects that were read.
#[derive(Default)]
pub(in crate::cluster) struct Owners(Mutex<BTreeMap<Uid, Known>>);

struct Known {
    parents: Arc<[OwnerReference]>,
    read: Instant,
}

impl Owners {
    fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<Uid, Known>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The owners of an object, if it was read a short while ago.
    pub(super) fn parents(&self, object: &Uid) -> Option<Arc<[OwnerReference]>> {
        let now = now();
        self.with(|known| {
            let known = known.get(object).filter(|known| now.duration_since(known.read) < VALID);
            known.map(|known| known.parents.clone())
        })
    }

    /// An object was read just now.
    pub(super) fn learn(&self, object: Uid, parents: Arc<[OwnerReference]>) {
        let read = now();
        self.with(|known| known.insert(object, Known { parents, read }));
    }

    /// Whether it is known that none of these owners leads to a resource.
    pub(in crate::cluster) fn know_to_be_foreign<'a>(
        &self,
        parents: impl Iterator<Item = &'a OwnerReference>,
        root: &Uid,
    ) -> bool {
        self.with(|known| {
            let mut level: Vec<Uid> = parents.map(|parent| parent.uid.clone()).collect();
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

/// The objects that lead to the resource.
pub(super) fn leading(root: &Uid, graph: &BTreeMap<Uid, Arc<[OwnerReference]>>) -> BTreeSet<Uid> {
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
    use crate::model::Pod;

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
            owners.learn(Uid::new(uid), parents.iter().map(|uid| parent(uid)).collect());
        };
        know("rs", &["deploy"]);
        know("deploy", &["root"]);
        know("alone", &[]);
        know("ring", &["ring"]);
        let is_foreign = |owner: Option<&str>| {
            let references = owner.map(|uid| serde_json::json!([{"uid": uid}]));
            let pod = serde_json::json!({"metadata": {"name": "p", "uid": "p", "ownerReferences": references}});
            let pod: Pod = serde_json::from_value(pod).unwrap();
            owners.know_to_be_foreign(pod.metadata.parents(), &Uid::new("root"))
        };
        assert!(!is_foreign(Some("rs")));
        assert!(is_foreign(Some("alone")));
        assert!(is_foreign(Some("ring")));
        assert!(is_foreign(None));
        assert!(!is_foreign(Some("not read yet")));
    }
}
