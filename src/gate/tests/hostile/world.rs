//! Workloads of the other kinds that have done what they should, with every field that is looked at.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{
    super::*,
    spoil::{Object, Spoil, spoil},
};
use crate::{
    evidence::EvidenceRequest,
    model::{ControllerRevision, Pod, ReplicaSet, Workload},
    observation::{FailureKind, ReadFailure, Resource, Snapshot},
    timeline::Timeline,
};

/// The UID of every workload here.
pub(in crate::gate::tests) const UID: &str = "w";

/// Objects as the API writes them, and the gate that judges them.
pub(in crate::gate::tests) struct World {
    pub(in crate::gate::tests) gate: Gate,
    pub(in crate::gate::tests) kept: Timeline,
    pub(in crate::gate::tests) workload: Value,
    pub(in crate::gate::tests) replica_sets: Vec<Value>,
    pub(in crate::gate::tests) controller_revisions: Vec<Value>,
    pub(in crate::gate::tests) pods: Vec<Value>,
    /// How often the gate asked to be called.
    pub(in crate::gate::tests) steps: usize,
    reads: usize,
    now: Elapsed,
}

/// What a world is made of.
#[derive(Clone, Copy, Debug)]
pub(in crate::gate::tests) enum Made {
    StatefulSet,
    /// Its last ordinal is updated, the first is not.
    Partitioned,
    DaemonSet,
    Completed,
    Running,
    Canary,
    BlueGreen,
    /// With two pods of a ReplicaSet that leads to it.
    Custom,
    /// With a pod of its own, and one of a Job that leads to it and is done.
    CustomWithJob,
}

impl Made {
    pub(in crate::gate::tests) const ALL: [Self; 9] = [
        Self::StatefulSet,
        Self::Partitioned,
        Self::DaemonSet,
        Self::Completed,
        Self::Running,
        Self::Canary,
        Self::BlueGreen,
        Self::Custom,
        Self::CustomWithJob,
    ];
}

fn condition(kind: &str, status: &str) -> Value {
    json!({"type": kind, "status": status, "reason": "", "message": "",
        "lastUpdateTime": "2026-01-02T00:00:03Z", "lastTransitionTime": "2026-01-02T00:00:03Z"})
}

fn template() -> Value {
    json!({"metadata": {"labels": {"app": "app"}}, "spec": {"containers": [{"name": "app", "image": "app:2"}]}})
}

fn owned_by(uid: &str) -> Value {
    json!([{"uid": uid, "controller": true}])
}

/// A pod that is ready, and of this revision by its label.
fn pod(name: &str, owner: &str, label: (&str, &str)) -> Value {
    json!({"metadata": {"name": name, "uid": name, "resourceVersion": "5", "ownerReferences": owned_by(owner),
            "labels": {label.0: label.1}, "creationTimestamp": "2026-01-02T00:00:01Z",
            "deletionTimestamp": null, "deletionGracePeriodSeconds": null, "finalizers": []},
        "spec": {"nodeName": format!("node-{name}"), "restartPolicy": "Always", "terminationGracePeriodSeconds": 30,
            "containers": [{"name": "app", "image": "app:2"}]},
        "status": {"phase": "Running", "reason": "", "conditions": [condition("Ready", "True")],
            "containerStatuses": [{"name": "app", "ready": true, "started": true, "restartCount": 0,
                "state": {"running": {"startedAt": "2026-01-02T00:00:02Z"}}}]}})
}

fn of_hash(name: &str, hash: &str) -> Value {
    pod(name, UID, ("controller-revision-hash", hash))
}

fn controller_revision(name: &str, number: u64) -> Value {
    json!({"metadata": {"name": name, "uid": name, "labels": {"controller-revision-hash": name},
        "ownerReferences": owned_by(UID), "creationTimestamp": "2026-01-02T00:00:00Z"}, "revision": number})
}

fn replica_set(hash: &str, number: &str, replicas: u64) -> Value {
    json!({"metadata": {"name": format!("app-{hash}"), "uid": hash, "generation": 1, "creationTimestamp": "2026-01-02T00:00:00Z",
            "labels": {"rollouts-pod-template-hash": hash}, "annotations": {"rollout.argoproj.io/revision": number},
            "ownerReferences": owned_by(UID)},
        "spec": {"replicas": replicas, "template": template()},
        "status": {"observedGeneration": 1, "conditions": [condition("ReplicaFailure", "False")]}})
}

fn workload(kind: &str, spec: Value, status: Value) -> Value {
    let mut workload = json!({"kind": kind, "metadata": {"name": "app", "uid": UID, "generation": 2, "resourceVersion": "9",
            "deletionTimestamp": null, "creationTimestamp": "2026-01-01T00:00:00Z"},
        "spec": spec, "status": status});
    workload["spec"]["selector"] = json!({"matchLabels": {"app": "app"}});
    workload["spec"]["template"] = template();
    workload
}

fn stateful_set(partition: u64, current: &str, updated: u64) -> Value {
    workload(
        "StatefulSet",
        json!({"replicas": 2, "minReadySeconds": 0, "podManagementPolicy": "OrderedReady", "ordinals": {"start": 0},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": partition}}}),
        json!({"observedGeneration": 2, "replicas": 2, "readyReplicas": 2, "availableReplicas": 2,
            "updatedReplicas": updated, "currentRevision": current, "updateRevision": "app-2"}),
    )
}

fn job(conditions: &[Value]) -> Value {
    workload(
        "Job",
        json!({"parallelism": 1, "completions": 1, "suspend": false}),
        json!({"succeeded": conditions.len(), "failed": 0, "failedIndexes": null, "conditions": conditions,
            "completionTime": "2026-01-02T00:00:05Z"}),
    )
}

fn rollout(strategy: Value) -> Value {
    let mut progress = condition("Progressing", "True");
    progress["reason"] = json!("NewReplicaSetAvailable");
    progress["message"] = json!("ReplicaSet \"app-b2\" has successfully progressed.");
    workload(
        "Rollout",
        json!({"replicas": 2, "paused": false, "minReadySeconds": 0, "progressDeadlineSeconds": 600,
            "strategy": strategy, "workloadRef": null}),
        json!({"observedGeneration": "2", "currentPodHash": "b2", "stableRS": "b2", "phase": "Healthy", "abort": false,
            "currentStepIndex": 1, "pauseConditions": [], "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2,
            "blueGreen": {"activeSelector": "b2"},
            "canary": {"currentStepAnalysisRunStatus": {"name": "app-b2-1", "status": "Successful", "message": ""}},
            "conditions": [progress, condition("InvalidSpec", "False")]}),
    )
}

fn custom(lineage: Value) -> Value {
    let ready = json!({"type": "Ready", "status": "True", "reason": "Done", "message": "", "observedGeneration": 2,
        "lastTransitionTime": "2026-01-02T00:00:03Z"});
    let stalled = json!({"type": "Stalled", "status": "False", "reason": "", "message": ""});
    json!({"kind": "Custom", "resource": "widgets.example.com", "changed": "2026-01-02T00:00:00Z", "lineage": lineage,
        "metadata": {"name": "app", "uid": UID, "generation": 2, "resourceVersion": "9", "deletionTimestamp": null,
            "creationTimestamp": "2026-01-01T00:00:00Z"},
        "status": {"observedGeneration": 2, "conditions": [ready, stalled]}})
}

/// A pod of a Job that did its work.
fn done(name: &str, job: &str) -> Value {
    let mut pod = pod(name, job, ("app", "app"));
    pod["spec"]["restartPolicy"] = json!("Never");
    pod["status"]["phase"] = json!("Succeeded");
    pod["status"]["conditions"] = json!([condition("Ready", "False")]);
    pod["status"]["containerStatuses"][0]["ready"] = json!(false);
    pod["status"]["containerStatuses"][0]["state"] = json!({"terminated": {"exitCode": 0, "reason": "Completed",
        "startedAt": "2026-01-02T00:00:02Z", "finishedAt": "2026-01-02T00:00:03Z"}});
    pod
}

impl World {
    pub(in crate::gate::tests) fn of(made: Made, policy: Policy) -> Self {
        let revisions = || vec![controller_revision("app-1", 1), controller_revision("app-2", 2)];
        let sets = || vec![replica_set("a1", "1", 0), replica_set("b2", "2", 2)];
        let of_set =
            || ["app-0", "app-1"].map(|it| pod(it, "b2", ("rollouts-pod-template-hash", "b2")));
        let daemons = json!({"observedGeneration": 2, "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2});
        let rolling = json!({"minReadySeconds": 0, "updateStrategy": {"type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}});
        let steps = json!({"canary": {"steps": [{"pause": {"duration": 1}}]}});
        let switch =
            json!({"blueGreen": {"autoPromotionEnabled": true, "autoPromotionSeconds": 0}});
        let both = || ["app-0", "app-1"].map(|it| of_hash(it, "app-2"));
        let (workload, controller_revisions, replica_sets, pods) = match made {
            Made::StatefulSet => {
                (stateful_set(0, "app-2", 2), revisions(), vec![], both().to_vec())
            }
            Made::Partitioned => {
                let pods = vec![of_hash("app-0", "app-1"), of_hash("app-1", "app-2")];
                (stateful_set(1, "app-1", 1), revisions(), vec![], pods)
            }
            Made::DaemonSet => {
                (workload("DaemonSet", rolling, daemons), revisions(), vec![], both().to_vec())
            }
            Made::Completed => (job(&[condition("Complete", "True")]), vec![], vec![], vec![]),
            Made::Running => (job(&[]), vec![], vec![], vec![pod("app-x", UID, ("app", "app"))]),
            Made::Canary => (rollout(steps), vec![], sets(), of_set().to_vec()),
            Made::BlueGreen => (rollout(switch), vec![], sets(), of_set().to_vec()),
            Made::Custom => {
                let pods = ["app-0", "app-1"].map(|it| pod(it, "rs", ("app", "app")));
                (custom(json!({"owners": ["rs"]})), vec![], vec![], pods.to_vec())
            }
            Made::CustomWithJob => {
                let job =
                    json!({"uid": "job", "name": "migrate", "created": "2026-01-02T00:00:01Z"});
                let lineage = json!({"owners": ["job"], "jobs": [job]});
                let pods = vec![pod("app-0", UID, ("app", "app")), done("migrate-x", "job")];
                (custom(lineage), vec![], vec![], pods)
            }
        };
        let kind = workload["resource"].as_str().or(workload["kind"].as_str()).unwrap();
        let kind = kind.to_lowercase().parse().unwrap();
        let target =
            TargetRef { kind, namespace: "shop".parse().unwrap(), name: "app".parse().unwrap() };
        let gate = Gate::new(target, policy);
        let kept = Timeline::default();
        Self {
            gate,
            kept,
            workload,
            replica_sets,
            controller_revisions,
            pods,
            steps: 0,
            reads: 0,
            now: Elapsed::ZERO,
        }
    }

    /// What a watch shows of the workload.
    pub(in crate::gate::tests) fn workload_changed(&mut self) {
        let workload = serde_json::from_value(self.workload.clone()).unwrap();
        self.give(&Observation::WorkloadChanged(Arc::new(workload)));
    }

    /// What a watch shows of a pod.
    pub(in crate::gate::tests) fn pod_changed(&mut self, index: usize) {
        let pod = serde_json::from_value(self.pods[index].clone()).unwrap();
        self.give(&Observation::PodChanged(pod));
    }

    pub(in crate::gate::tests) fn verdict(&self) -> Option<Verdict> {
        self.gate.decision().map(|decision| decision.verdict)
    }

    fn read(&self) -> Observation {
        let snapshot: Snapshot =
            serde_json::from_value(json!({"workload": self.workload, "pods": self.pods,
            "replica_sets": self.replica_sets, "controller_revisions": self.controller_revisions,
            "server_time": "2026-01-02T00:01:00Z"}))
            .unwrap();
        Observation::Snapshot(snapshot)
    }

    pub(in crate::gate::tests) fn give(&mut self, observation: &Observation) {
        self.gate.handle(self.now, observation);
        self.kept.observe(self.now, observation, &self.gate);
        self.answer();
    }

    fn answer(&mut self) {
        while let Some(output) = self.gate.poll_output() {
            let answer = match output {
                Output::Event(event) => {
                    self.kept.hear(&event);
                    continue;
                }
                Output::Read => {
                    self.reads += 1;
                    self.read()
                }
                Output::ReadLeases(_) | Output::ReadServices => continue,
                Output::Collect(request) => unanswered(request),
            };
            self.give(&answer);
        }
    }

    pub(in crate::gate::tests) fn advance(&mut self, by: Duration) {
        let until = self.now + by;
        self.answer();
        while let Some(due) = self.gate.poll_timeout().filter(|due| *due <= until) {
            self.now = due;
            self.steps += 1;
            self.gate.handle_timeout(due);
            self.answer();
        }
        self.now = until;
    }

    /// Spoils an object, if there is such a one.
    pub(super) fn apply(&mut self, how: &Spoil) {
        let saw = match how.object {
            Object::Workload | Object::Event => {
                let before = self.workload.clone();
                spoil::<Workload>(&mut self.workload, how);
                // a kind is what was asked for, not what an answer says, and what leads to a resource is read elsewhere
                let is_told = |field: &str| self.workload[field] == before[field];
                if !["kind", "resource", "lineage"].into_iter().all(is_told) {
                    self.workload = before;
                }
                let workload = serde_json::from_value(self.workload.clone()).unwrap();
                Some(Observation::WorkloadChanged(Arc::new(workload)))
            }
            Object::Revision(index) if index < self.replica_sets.len() => {
                let set = &mut self.replica_sets[index];
                spoil::<ReplicaSet>(set, how);
                Some(Observation::ReplicaSetChanged(serde_json::from_value(set.clone()).unwrap()))
            }
            Object::Revision(index) => {
                // no watch shows them, and none changes
                let revision = self.controller_revisions.get_mut(index);
                if let Some(revision) = revision.filter(|_| self.reads == 0) {
                    spoil::<ControllerRevision>(revision, how);
                }
                None
            }
            Object::Pod(index) => self.pods.get_mut(index).map(|pod| {
                spoil::<Pod>(pod, how);
                Observation::PodChanged(serde_json::from_value(pod.clone()).unwrap())
            }),
        };
        if let Some(saw) = saw.filter(|_| how.by_watch) {
            self.give(&saw);
        }
        if !how.pass.is_zero() {
            self.advance(how.pass);
        }
    }
}

fn unanswered(request: EvidenceRequest) -> Observation {
    let (resource, kind) = (Resource::Pods, FailureKind::NotFound);
    Observation::unanswered(request, ReadFailure { resource, kind, message: "gone".into() })
}
