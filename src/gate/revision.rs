//! Which ReplicaSet is the new revision, and since when its restarts count.

use std::time::Duration;

use super::{Policy, SetBefore};
use crate::{
    evidence::ReplicaSetName,
    model::{Deployment, ReplicaSet, ServerTime, TemplateDigest, Uid},
    observation::Snapshot,
};

/// The ReplicaSets that the Deployment owns, oldest first. Labels alone choose foreign ones too.
pub(super) fn owned<'a>(
    deployment: &Deployment,
    replica_sets: &'a [ReplicaSet],
) -> Vec<&'a ReplicaSet> {
    let uid = &deployment.metadata.uid;
    let mut owned: Vec<_> =
        replica_sets.iter().filter(|set| set.metadata.controller() == Some(uid)).collect();
    owned.sort_by(|a, b| {
        let order = |set: &ReplicaSet| (set.metadata.created, set.metadata.name.clone());
        order(a).cmp(&order(b))
    });
    owned
}

/// The ReplicaSet of the template: of several equal ones the oldest, as the Deployment controller chooses
/// (Kubernetes 1.36 `pkg/controller/deployment/util/deployment_util.go`, `FindNewReplicaSet`).
pub(super) fn new_replica_set<'a>(
    deployment: &Deployment,
    template: TemplateDigest,
    replica_sets: &'a [ReplicaSet],
) -> Option<&'a ReplicaSet> {
    owned(deployment, replica_sets).into_iter().find(|set| set.spec.template.digest == template)
}

/// The UIDs of the other ReplicaSets that the Deployment owns.
pub(super) fn old_replica_sets(
    deployment: &Deployment,
    new: Option<&Uid>,
    replica_sets: &[ReplicaSet],
) -> Vec<Uid> {
    let owned = owned(deployment, replica_sets).into_iter();
    owned.map(|set| set.metadata.uid.clone()).filter(|uid| Some(uid) != new).collect()
}

/// The owners of pods that are ending and whose ReplicaSet is gone already, as an old one with `revisionHistoryLimit: 0` is
/// as soon as it is scaled to 0 (Kubernetes 1.36 `pkg/controller/deployment/sync.go`, `cleanupDeployment`). Their names
/// begin with the Deployment's.
pub(super) fn gone_replica_sets(
    deployment: &Deployment,
    snapshot: &Snapshot,
) -> impl Iterator<Item = Uid> {
    let stem = format!("{}-", deployment.metadata.name);
    let is_there = |uid: &Uid| snapshot.replica_sets.iter().any(|set| set.metadata.uid == *uid);
    snapshot.pods.iter().filter_map(move |pod| {
        let is_ending = pod.metadata.is_terminating() && pod.metadata.name.starts_with(&stem);
        let owner = pod.metadata.controller().filter(|owner| is_ending && !is_there(owner));
        owner.cloned()
    })
}

/// The revision to compare with: the one most of whose pods are available, for that is what works; else the one with
/// the next lower number, which the controller may have scaled down already.
pub(super) fn before(
    deployment: &Deployment,
    new: &ReplicaSet,
    replica_sets: &[ReplicaSet],
) -> Option<SetBefore> {
    let number = new.metadata.revision();
    let is_before = |set: &&ReplicaSet| {
        set.metadata.uid != new.metadata.uid
            && (number.is_none() || set.metadata.revision() < number)
    };
    let sets = owned(deployment, replica_sets).into_iter().filter(is_before);
    let set = sets.max_by_key(|set| (set.status.available_replicas, set.metadata.revision()))?;
    let (name, uid) = (set.metadata.name.clone(), set.metadata.uid.clone());
    Some(SetBefore {
        id: ReplicaSetName { name, uid },
        number: set.metadata.revision(),
        created: set.metadata.created,
        was_available: set.status.available_replicas > 0,
    })
}

/// Since when terminations of the new revision count, by the servers' clocks.
///
/// A rollout begins with its ReplicaSet. A ReplicaSet that is used again (rollback) is older than its rollout, which
/// began after the youngest other one was made. A revision that was complete before and is not at the moment (scaled,
/// or a pod was lost) may have lived for weeks: of it, only what happened within the length of one run counts.
pub(super) fn counts_from(
    deployment: &Deployment,
    new: &ReplicaSet,
    replica_sets: &[ReplicaSet],
    server_time: Option<ServerTime>,
    policy: &Policy,
) -> Option<ServerTime> {
    let began = owned(deployment, replica_sets).iter().filter_map(|set| set.metadata.created).max();
    if !was_complete_before(deployment, new) {
        return began;
    }
    let one_run: Duration = policy.timeout.saturating_add(policy.window);
    began.max(server_time.map(|time| time.minus(one_run)))
}

/// Whether the controller once said that this very ReplicaSet had come to its end. The message names it; the reason
/// alone may be left from the rollout before.
fn was_complete_before(deployment: &Deployment, new: &ReplicaSet) -> bool {
    deployment.status.conditions.iter().any(|condition| {
        condition.kind.as_ref() == "Progressing"
            && condition.has_reason("NewReplicaSetAvailable")
            && condition.message.as_raw().contains(&format!("\"{}\"", new.metadata.name))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn deployment() -> Deployment {
        serde_json::from_value(json!({
            "metadata": {"name": "app", "uid": "d1"},
            "spec": {"selector": {}, "template": template("v2")},
        }))
        .unwrap()
    }

    fn template(image: &str) -> Value {
        json!({"spec": {"containers": [{"name": "app", "image": image}]}})
    }

    fn set(name: &str, owner: &str, created: u32, image: &str) -> ReplicaSet {
        serde_json::from_value(json!({
            "metadata": {"name": name, "uid": name, "creationTimestamp": format!("2026-01-01T00:00:{created:02}Z"),
                "ownerReferences": [{"uid": owner, "controller": true}]},
            "spec": {"replicas": 1, "template": template(image)},
        }))
        .unwrap()
    }

    fn chosen(sets: &[ReplicaSet]) -> Option<&str> {
        let deployment = deployment();
        let template = deployment.spec.template.digest;
        new_replica_set(&deployment, template, sets).map(|set| set.metadata.name.as_ref())
    }

    #[test]
    fn the_template_chooses_not_the_age() {
        assert_eq!(chosen(&[set("a", "d1", 1, "v2"), set("b", "d1", 2, "v1")]), Some("a"));
        assert_eq!(chosen(&[set("a", "d1", 1, "v1")]), None);
    }

    #[test]
    fn of_two_equal_ones_the_oldest_is_new() {
        assert_eq!(chosen(&[set("b", "d1", 5, "v2"), set("a", "d1", 3, "v2")]), Some("a"));
    }

    #[test]
    fn a_foreign_replica_set_with_the_same_labels_is_none_of_ours() {
        assert_eq!(chosen(&[set("a", "other", 1, "v2")]), None);
    }

    /// A revision with this number, of which so many pods are available.
    fn numbered(name: &str, number: u32, available: u32) -> ReplicaSet {
        let mut set = serde_json::to_value(set(name, "d1", number, name)).unwrap();
        set["metadata"]["annotations"]["deployment.kubernetes.io/revision"] =
            json!(number.to_string());
        set["status"]["availableReplicas"] = json!(available);
        serde_json::from_value(set).unwrap()
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
            all.push(new.clone());
            let found = before(&deployment(), &new, &all);
            let found = found.map(|found| (found.number.unwrap(), found.was_available));
            assert_eq!(found, expected, "{sets:?}");
        }
    }

    #[test]
    fn a_rollback_counts_from_the_revision_it_left() {
        let sets = [set("a", "d1", 10, "v2"), set("b", "d1", 40, "v3")];
        let from = counts_from(&deployment(), &sets[0], &sets, None, &Policy::default());
        assert_eq!(from.unwrap().to_string(), "2026-01-01 00:00:40 UTC");
    }
}
