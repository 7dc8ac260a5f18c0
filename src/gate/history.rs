//! The revisions of the workload: which of them are available, and which one to go back to.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    deployer::Deployer,
    names,
    revision::{KnownRevision, RevisionId},
    runs::ended_by_itself,
};
use crate::{
    model::{Pod, ServerTime, WorkloadMeta},
    observation::Snapshot,
    text::Clean,
};

/// How long a pod that crashed must be ready again to be called well.
const SETTLED: Duration = Duration::from_secs(60);

/// How long after its start the kubelet first says that a pod is not ready. One whose readiness has not changed since was
/// never ready.
const FIRST_STATUS: Duration = Duration::from_secs(10);

/// Revisions of which pods can be had again. One whose ReplicaSet is gone is none of them.
#[derive(Debug, Default)]
pub(super) struct History {
    revisions: BTreeMap<RevisionId, Past>,
    /// The pods that there were when deploygate started have been looked at.
    knows_pods: bool,
    deployer: Deployer,
}

/// A revision beside what else there is of the workload.
#[derive(Clone, Debug)]
struct Past {
    name: Clean,
    number: Option<u64>,
    is_new: bool,
    /// Pods that its ReplicaSet's last status calls available.
    available: u64,
    was_available: bool,
    /// Pods that were well when deploygate started, and that were not and would not have been without the rollout.
    well: usize,
    unwell: usize,
}

/// How far a revision is known to have worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    /// Its pods were available while the gate watched.
    Good,
    /// It had no pods by then.
    Unknown,
    /// Its pods were in trouble already.
    Bad,
}

/// Pods of a revision that serve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    /// Its ReplicaSet.
    pub revision: Clean,
    /// Its number, as `kubectl rollout history` has it.
    pub number: Option<u64>,
    /// Whether it is the one that was judged.
    pub is_new: bool,
    /// Pods that are ready, and have been for `minReadySeconds`.
    pub available: u64,
}

/// The revision to go back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WayBack {
    pub(super) name: Clean,
    pub(super) number: u64,
    /// Its pods were available while the gate watched.
    pub(super) is_known_good: bool,
    /// `kubectl rollout undo` goes there by itself.
    pub(super) is_next: bool,
}

impl History {
    /// Who deploys the workload, as last read.
    pub(super) fn deployer(&self) -> &Deployer {
        &self.deployer
    }

    /// Takes a consistent read in. `new` is the revision that is judged.
    pub(super) fn observe(
        &mut self,
        workload: &WorkloadMeta,
        known: &[KnownRevision],
        new: Option<&RevisionId>,
        snapshot: &Snapshot,
    ) {
        self.deployer = Deployer::of(workload);
        let before = std::mem::take(&mut self.revisions);
        for one in known {
            let mut revision = Past::of(one, Some(&one.id) == new);
            if let Some(known) = before.get(&one.id) {
                revision.was_available |= known.was_available;
                (revision.well, revision.unwell) = (known.well, known.unwell);
            }
            self.revisions.insert(one.id.clone(), revision);
        }
        if !std::mem::replace(&mut self.knows_pods, true) {
            for pod in snapshot.pods() {
                self.look_at(pod, snapshot.server_time);
            }
        }
    }

    /// A watch tells of a revision.
    pub(super) fn observe_revision(&mut self, known: &KnownRevision) {
        if let Some(revision) = self.revisions.get_mut(&known.id) {
            revision.available = known.available;
            revision.was_available |= revision.available > 0;
        }
    }

    fn look_at(&mut self, pod: &Pod, now: Option<ServerTime>) {
        let id = RevisionId::of(pod);
        let Some(revision) = id.and_then(|id| self.revisions.get_mut(&id)) else { return };
        match is_well(pod, now) {
            Some(true) => revision.well += 1,
            Some(false) => revision.unwell += 1,
            None => {}
        }
    }

    /// The revision to go back to: one whose pods were available, else the one before, unless it is known to be bad.
    ///
    /// Where the failure is one that `broke_alike`, or the one before it, shows too, there is no way back: what fails is
    /// something that both need.
    pub(super) fn way_back(&self, broke_alike: impl Fn(&RevisionId) -> bool) -> Option<WayBack> {
        let mut before: Vec<_> = self
            .revisions
            .iter()
            .filter(|(_, revision)| !revision.is_new)
            .filter_map(|(uid, revision)| Some((revision.number?, uid, revision)))
            .collect();
        before.sort_by_key(|(number, ..)| std::cmp::Reverse(*number));
        let of_health =
            |health| before.iter().find(move |(_, _, revision)| revision.health() == health);
        let (number, uid, revision) = match of_health(Health::Good) {
            Some(good) => good,
            None => {
                let is_bad_alike = |(_, uid, revision): &&(u64, &RevisionId, &Past)| {
                    revision.health() == Health::Bad && broke_alike(uid)
                };
                let unknown = of_health(Health::Unknown)?;
                let later = before.iter().take_while(|(number, ..)| *number > unknown.0);
                if later.clone().any(|one| is_bad_alike(&one)) {
                    return None;
                }
                unknown
            }
        };
        (!broke_alike(uid)).then(|| WayBack {
            name: revision.name.clone(),
            number: *number,
            is_known_good: revision.health() == Health::Good,
            is_next: self.second_highest() == Some(*number),
        })
    }

    /// Where `kubectl rollout undo` goes unless it is told a number: the second highest one that there is, whatever runs
    /// (Kubernetes 1.36 `staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollback.go`, `deploymentRevision`).
    fn second_highest(&self) -> Option<u64> {
        let mut numbers: Vec<u64> =
            self.revisions.values().filter_map(|revision| revision.number).collect();
        numbers.sort_unstable_by_key(|number| std::cmp::Reverse(*number));
        numbers.get(1).copied()
    }

    /// The revisions of which pods are available, as last read; `new_pods` of the one that is judged.
    pub(super) fn serving(&self, new_pods: u64) -> Vec<Serving> {
        let mut serving: Vec<_> = self
            .revisions
            .values()
            .map(|revision| Serving {
                revision: revision.name.clone(),
                number: revision.number,
                is_new: revision.is_new,
                available: if revision.is_new { new_pods } else { revision.available },
            })
            .filter(|serving| serving.available > 0)
            .collect();
        serving.sort_by_key(|serving| serving.number);
        serving
    }

    /// Whether pods of a revision are available, as last read.
    pub(super) fn is_available(&self, id: &RevisionId) -> bool {
        self.revisions.get(id).is_some_and(|revision| revision.available > 0)
    }
}

impl Past {
    fn of(known: &KnownRevision, is_new: bool) -> Self {
        Self {
            name: names::object(&known.object.name),
            number: known.number,
            is_new,
            available: known.available,
            was_available: known.available > 0,
            well: 0,
            unwell: 0,
        }
    }

    fn health(&self) -> Health {
        match () {
            () if self.unwell > 0 && self.unwell >= self.well => Health::Bad,
            () if self.was_available || self.well > 0 => Health::Good,
            () => Health::Unknown,
        }
    }
}

/// Whether a pod worked when deploygate started; `None` if its deletion leaves that open.
fn is_well(pod: &Pod, now: Option<ServerTime>) -> Option<bool> {
    let changed = pod.condition("Ready").and_then(|ready| ready.last_transition_time);
    if pod.is_ready() {
        let is_settled = match (changed, now) {
            (Some(changed), Some(now)) => now.since(changed) >= SETTLED,
            (None, _) | (_, None) => true,
        };
        return Some(is_settled || !has_crashed(pod));
    }
    let scheduled = pod.condition("PodScheduled").and_then(|c| c.last_transition_time);
    let was_ready = match (pod.metadata.created.max(scheduled), changed) {
        (Some(began), Some(changed)) => changed.since(began) > FIRST_STATUS,
        (None, _) | (_, None) => false,
    };
    // a pod that ends loses its readiness by that
    let is_open = was_ready && pod.metadata.is_terminating() && !has_crashed(pod);
    (!is_open).then_some(false)
}

/// Whether a run failed that was not ended with the pod.
fn has_crashed(pod: &Pod) -> bool {
    let requested = pod.deletion_requested();
    pod.containers().filter_map(|(_, _, status)| status).any(|status| {
        let ended = [&status.last_state, &status.state].map(|state| state.termination());
        let mut ended = ended.into_iter().flatten().filter(|end| end.exit_code != 0);
        ended.any(|end| ended_by_itself(end, requested))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        gate::kind,
        model::{Uid, Workload},
    };

    /// A ReplicaSet with this number, of which so many pods are available.
    fn set(number: u64, available: u64) -> Value {
        json!({"metadata": {"name": format!("app-{number}"), "uid": format!("s{number}"),
                "creationTimestamp": format!("2026-01-0{number}T00:00:00Z"),
                "annotations": {"deployment.kubernetes.io/revision": number.to_string()},
                "ownerReferences": [{"uid": "d", "controller": true}]},
            "spec": {"replicas": 2, "template": {"spec": {"containers": [{"name": "app"}]}}},
            "status": {"availableReplicas": available}})
    }

    /// A pod of the ReplicaSet with this number, made at 10:00:00.
    fn pod(number: u64, ready: &str, changed: &str, edit: impl FnOnce(&mut Value)) -> Value {
        let mut pod = json!({"metadata": {"name": format!("pod-{number}"), "uid": format!("p{number}"),
                "creationTimestamp": "2026-01-09T10:00:00Z",
                "ownerReferences": [{"uid": format!("s{number}"), "controller": true}]},
            "spec": {"containers": [{"name": "app"}]},
            "status": {"phase": "Running", "containerStatuses": [{"name": "app", "restartCount": 0}],
                "conditions": [{"type": "Ready", "status": ready, "lastTransitionTime": format!("2026-01-09T{changed}Z")}]}});
        edit(&mut pod);
        pod
    }

    fn ending(pod: &mut Value) {
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-09T10:30:30Z");
        pod["metadata"]["deletionGracePeriodSeconds"] = json!(30);
    }

    fn crashed(pod: &mut Value) {
        pod["status"]["containerStatuses"][0]["lastState"] =
            json!({"terminated": {"exitCode": 1, "finishedAt": "2026-01-09T10:29:50Z"}});
    }

    fn id(number: u64) -> RevisionId {
        RevisionId { owner: Uid::new(&format!("s{number}")), hash: None }
    }

    fn read(history: &mut History, new: Option<u64>, sets: &[Value], pods: &[Value]) {
        let deployment = json!({"kind": "Deployment", "metadata": {"name": "app", "uid": "d"},
            "spec": {"selector": {}, "template": {"spec": {"containers": [{"name": "app"}]}}}});
        let snapshot = json!({"workload": null, "replica_sets": sets, "pods": pods,
            "server_time": "2026-01-09T10:30:00Z"});
        let snapshot = serde_json::from_value(snapshot).unwrap();
        let workload: Workload = serde_json::from_value(deployment).unwrap();
        let known = kind::revisions(&workload, workload.template().digest, &snapshot);
        history.observe(workload.metadata(), &known, new.map(id).as_ref(), &snapshot);
    }

    /// The number to go back to, whether it is known to be good, and whether kubectl goes there by itself.
    fn back(history: &History, alike: &[u64]) -> Option<(u64, bool, bool)> {
        let alike: Vec<_> = alike.iter().copied().map(id).collect();
        let back = history.way_back(|set| alike.contains(set))?;
        Some((back.number, back.is_known_good, back.is_next))
    }

    /// What it is; the ReplicaSets, the pods, the revisions that broke alike; number, known good, next.
    type Case<'a> = (&'a str, &'a [Value], &'a [Value], &'a [u64], Option<(u64, bool, bool)>);

    #[test]
    fn the_way_back_leads_to_what_worked_and_around_what_did_not() {
        let never_ready = |number| pod(number, "False", "10:00:01", ending);
        let stopped = |number| pod(number, "False", "10:30:01", ending);
        let flapping = |number| pod(number, "True", "10:29:51", crashed);
        let recovered = |number| pod(number, "True", "10:20:00", crashed);
        let cases: [Case<'_>; 12] = [
            ("the first revision", &[set(3, 0)], &[], &[], None),
            ("one that serves", &[set(2, 2), set(3, 0)], &[], &[], Some((2, true, true))),
            (
                "the one before was bad and is scaled down",
                &[set(1, 2), set(2, 0), set(3, 0)],
                &[never_ready(2)],
                &[],
                Some((1, true, false)),
            ),
            (
                "nothing is known",
                &[set(1, 0), set(2, 0), set(3, 0)],
                &[],
                &[],
                Some((2, false, true)),
            ),
            (
                "Recreate after a healthy one",
                &[set(1, 0), set(2, 0), set(3, 0)],
                &[stopped(2)],
                &[],
                Some((2, false, true)),
            ),
            (
                "Recreate after a bad one",
                &[set(1, 0), set(2, 0), set(3, 0)],
                &[never_ready(2)],
                &[],
                Some((1, false, false)),
            ),
            ("both broke alike", &[set(1, 0), set(2, 0), set(3, 0)], &[never_ready(2)], &[2], None),
            ("what serves broke alike", &[set(1, 0), set(2, 1), set(3, 0)], &[], &[2], None),
            (
                "two bad in a row broke alike, another one serves",
                &[set(1, 1), set(2, 0), set(3, 0)],
                &[never_ready(2)],
                &[2],
                Some((1, true, false)),
            ),
            (
                "without a probe a pod that crashes is ready now and then",
                &[set(1, 0), set(2, 1), set(3, 0)],
                &[flapping(2)],
                &[],
                Some((1, false, false)),
            ),
            (
                "a crash of the past",
                &[set(1, 0), set(2, 1), set(3, 0)],
                &[recovered(2)],
                &[],
                Some((2, true, true)),
            ),
            ("only bad ones", &[set(2, 0), set(3, 0)], &[never_ready(2)], &[], None),
        ];
        for (name, sets, pods, alike, expected) in cases {
            let mut history = History::default();
            read(&mut history, Some(3), sets, pods);
            assert_eq!(back(&history, alike), expected, "{name}");
        }
    }

    #[test]
    fn without_a_new_replica_set_kubectl_must_be_told_the_number() {
        let mut history = History::default();
        read(&mut history, None, &[set(1, 0), set(2, 2)], &[]);
        assert_eq!(back(&history, &[]), Some((2, true, false)));
    }

    #[test]
    fn a_revision_that_is_gone_is_no_way_back_and_one_that_was_available_stays_good() {
        let mut history = History::default();
        read(&mut history, Some(3), &[set(1, 0), set(2, 2), set(3, 0)], &[]);
        read(&mut history, Some(3), &[set(1, 0), set(2, 0), set(3, 2)], &[]);
        assert_eq!(back(&history, &[]), Some((2, true, true)));
        // `revisionHistoryLimit: 0`
        read(&mut history, Some(3), &[set(3, 2)], &[]);
        assert_eq!(back(&history, &[]), None);
    }

    #[test]
    fn what_serves_is_what_is_available_at_last() {
        let mut history = History::default();
        read(&mut history, Some(3), &[set(1, 0), set(2, 2), set(3, 1)], &[]);
        let served = |history: &History, ready| -> Vec<_> {
            let serving = history.serving(ready).into_iter();
            serving.map(|one| (one.number.unwrap(), one.available, one.is_new)).collect()
        };
        assert_eq!(served(&history, 1), [(2, 2, false), (3, 1, true)]);
        // what the ReplicaSet says of new pods lags behind what is seen of them
        assert_eq!(served(&history, 0), [(2, 2, false)]);
        history
            .observe_revision(&kind::known_revision(&serde_json::from_value(set(2, 0)).unwrap()));
        assert_eq!(served(&history, 0), []);
    }
}
