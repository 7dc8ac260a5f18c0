//! The revision that is judged: which pods are of it, since when their restarts count, and what it is compared with.

use super::{Policy, family::Family, ledger::Purpose};
use crate::{
    evidence::RevisionName,
    model::{Condition, Pod, PodSpec, ServerTime, TemplateDigest, Uid},
    observation::Snapshot,
    text::Clean,
};

/// By what the pods of a revision are known: their controller, and the hash that tells the revisions of one controller
/// apart (`controller-revision-hash`; none where each revision has a controller of its own, as ReplicaSets do).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RevisionId {
    pub(super) owner: Uid,
    pub(super) hash: Option<Box<str>>,
}

impl RevisionId {
    /// The revision that a pod is of; `None` for a pod without a controller.
    pub(super) fn of(pod: &Pod) -> Option<Self> {
        let owner = pod.metadata.controller()?.clone();
        Some(Self { owner, hash: pod.metadata.labels.revision_hash.clone() })
    }

    /// Whether a pod is of this revision.
    pub(super) fn owns(&self, pod: &Pod) -> bool {
        pod.metadata.controller() == Some(&self.owner)
            && pod.metadata.labels.revision_hash == self.hash
    }
}

/// A revision as a read shows it, whatever object holds it.
#[derive(Clone, Debug)]
pub(super) struct KnownRevision {
    /// The object that holds it.
    pub(super) object: RevisionName,
    pub(super) id: RevisionId,
    /// The number that `kubectl rollout history` shows.
    pub(super) number: Option<u64>,
    pub(super) created: Option<ServerTime>,
    /// Pods of it that its controller calls available.
    pub(super) available: u64,
    /// It is the one of the template that is wanted.
    pub(super) is_wanted: bool,
    /// Pods that the update has not reached stay at it; a StatefulSet's status tells, no other does.
    pub(super) is_current: bool,
    /// Its controller may not create pods.
    pub(super) refused: Option<Condition>,
}

/// The workload and template that are judged; they never change.
#[derive(Clone, Debug)]
pub(super) struct Pin {
    pub(super) workload: Uid,
    pub(super) template: TemplateDigest,
    pub(super) spec: PodSpec,
    pub(super) min_ready_seconds: i64,
    /// New pods come before old ones go, as far as is known.
    pub(super) surges: bool,
    /// The revision of the template, once it is there.
    pub(super) revision: Option<Revision>,
    /// It was there at the first read, so its rollout may be older than this run.
    pub(super) was_there: bool,
}

/// The revision that is judged.
#[derive(Clone, Debug)]
pub(super) struct Revision {
    pub(super) id: RevisionId,
    /// The object that holds it.
    pub(super) object: RevisionName,
    pub(super) name: Clean,
    pub(super) number: Option<u64>,
    pub(super) counts_from: Option<ServerTime>,
    /// When its rollout began, or a time not after that; `None` where nothing tells.
    pub(super) began: Option<ServerTime>,
    /// The revision that it is compared with.
    pub(super) before: Option<KnownRevision>,
    /// It was complete when the run began: it is judged from then on.
    pub(super) complete_at_start: bool,
    /// The pods of a custom resource, which its own UID does not tell; `None` for other kinds.
    pub(super) family: Option<Family>,
}

impl Pin {
    /// The pods of a custom resource.
    pub(super) fn family_mut(&mut self) -> Option<&mut Family> {
        self.revision.as_mut()?.family.as_mut()
    }
}

impl Revision {
    /// Whether a pod is of it, and judged.
    pub(super) fn owns(&self, pod: &Pod) -> bool {
        self.family.as_ref().map_or_else(|| self.id.owns(pod), |family| family.judges(pod))
    }

    /// What a pod of it is there for.
    pub(super) fn purpose(&self, pod: &Pod) -> Purpose {
        self.family.as_ref().map_or(Purpose::Serves, |family| family.purpose(pod))
    }

    /// Whether a pod is older than the last change of its custom resource.
    pub(super) fn is_younger_than(&self, pod: &Pod) -> bool {
        self.family.as_ref().is_some_and(|family| family.is_older(pod))
    }
}

/// The revision to compare with: the one most of whose pods are available, for that is what works; else the one with
/// the next lower number, which the controller may have scaled down already.
pub(super) fn before(new: &KnownRevision, all: &[KnownRevision]) -> Option<KnownRevision> {
    let is_before = |one: &&KnownRevision| {
        one.id != new.id && (new.number.is_none() || one.number < new.number)
    };
    all.iter().filter(is_before).max_by_key(|one| (one.available, one.number)).cloned()
}

/// When the rollout of the new revision began, by the server's clock, or a time not after that; `None` where nothing tells.
///
/// A new revision is as old as its rollout. One that is used again is older, and so are its first pods where it is wanted
/// once more: its rollout began after the youngest other one was made, and not after its oldest pod was.
pub(super) fn began(
    was_complete: bool,
    new: &KnownRevision,
    all: &[KnownRevision],
    snapshot: &Snapshot,
) -> Option<ServerTime> {
    let youngest = all.iter().filter_map(|one| one.created).max();
    if was_complete || new.created >= youngest {
        return youngest;
    }
    let pods = snapshot.pods().filter(|pod| new.id.owns(pod));
    let oldest = pods.map(|pod| pod.metadata.created).min().unwrap_or(snapshot.server_time);
    youngest.max(oldest)
}

/// Since when terminations of the new revision count, by the servers' clocks.
///
/// A rollout begins with its revision. One that is used again (rollback) is older than its rollout, which began after the
/// youngest other one was made. A revision that was complete before and is not at the moment (scaled, or a pod was lost)
/// may have lived for weeks: of it, only what happened within the length of one run counts.
pub(super) fn counts_from(
    was_complete: bool,
    all: &[KnownRevision],
    server_time: Option<ServerTime>,
    policy: &Policy,
) -> Option<ServerTime> {
    let began = all.iter().filter_map(|one| one.created).max();
    if !was_complete {
        return began;
    }
    let one_run = policy.timeout.saturating_add(policy.window);
    began.max(server_time.map(|time| time.minus(one_run)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{gate::kind, model::Workload};

    fn deployment() -> Workload {
        serde_json::from_value(json!({
            "kind": "Deployment",
            "metadata": {"name": "app", "uid": "d1"},
            "spec": {"selector": {}, "template": template("v2")},
        }))
        .unwrap()
    }

    fn known(sets: &[Value]) -> Vec<KnownRevision> {
        let snapshot = json!({"workload": null, "replica_sets": sets, "pods": []});
        let snapshot: Snapshot = serde_json::from_value(snapshot).unwrap();
        let workload = deployment();
        kind::revisions(&workload, workload.template().digest, &snapshot)
    }

    fn template(image: &str) -> Value {
        json!({"spec": {"containers": [{"name": "app", "image": image}]}})
    }

    fn set(name: &str, owner: &str, created: u32, image: &str) -> Value {
        json!({
            "metadata": {"name": name, "uid": name, "creationTimestamp": format!("2026-01-01T00:00:{created:02}Z"),
                "ownerReferences": [{"uid": owner, "controller": true}]},
            "spec": {"replicas": 1, "template": template(image)},
        })
    }

    fn chosen(sets: &[Value]) -> Option<String> {
        let wanted = known(sets).into_iter().find(|one| one.is_wanted);
        wanted.map(|one| one.object.name.into())
    }

    #[test]
    fn the_template_chooses_not_the_age() {
        assert_eq!(
            chosen(&[set("a", "d1", 1, "v2"), set("b", "d1", 2, "v1")]),
            Some("a".to_owned())
        );
        assert_eq!(chosen(&[set("a", "d1", 1, "v1")]), None);
    }

    #[test]
    fn of_two_equal_ones_the_oldest_is_new() {
        assert_eq!(
            chosen(&[set("b", "d1", 5, "v2"), set("a", "d1", 3, "v2")]),
            Some("a".to_owned())
        );
    }

    #[test]
    fn a_foreign_replica_set_with_the_same_labels_is_none_of_ours() {
        assert_eq!(chosen(&[set("a", "other", 1, "v2")]), None);
    }

    /// A revision with this number, of which so many pods are available.
    fn numbered(name: &str, number: u32, available: u32) -> Value {
        let mut set = set(name, "d1", number, name);
        set["metadata"]["annotations"]["deployment.kubernetes.io/revision"] =
            json!(number.to_string());
        set["status"]["availableReplicas"] = json!(available);
        set
    }

    #[test]
    fn it_is_compared_with_what_works_and_else_with_the_one_before() {
        let cases = [
            (vec![(3, 3), (4, 0)], Some((3, true))),
            (vec![(3, 0), (4, 0)], Some((4, false))),
            (vec![(3, 2), (4, 1)], Some((3, true))),
            (vec![(3, 1), (4, 1)], Some((4, true))),
            (vec![(6, 1)], None),
            (vec![], None),
        ];
        for (sets, expected) in cases {
            let new = numbered("new", 5, 1);
            let mut all: Vec<_> = sets
                .iter()
                .map(|(n, available)| numbered(&format!("r{n}"), *n, *available))
                .collect();
            all.push(new);
            let all = known(&all);
            let new = all.iter().find(|one| &*one.object.name == "new").unwrap();
            let found = before(new, &all);
            let found = found.map(|found| (found.number.unwrap(), found.available > 0));
            assert_eq!(found, expected, "{sets:?}");
        }
    }

    #[test]
    fn a_rollback_counts_from_the_revision_it_left() {
        let sets = [set("a", "d1", 10, "v2"), set("b", "d1", 40, "v3")];
        let known = known(&sets);
        let from = counts_from(false, &known, None, &Policy::default());
        assert_eq!(from.unwrap().to_string(), "2026-01-01 00:00:40 UTC");
    }
}
