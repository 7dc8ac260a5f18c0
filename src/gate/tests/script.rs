//! A world in virtual time: a Deployment with its pods, which answers a gate as an API server would.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::super::*;
use crate::{
    evidence::{EvidenceRequest, LogEvidence, RevisionName},
    inspect,
    model::{Kind, KubeEvent, Pod, ServerTime, Workload},
    observation::{
        FailureKind, Instead, NodeLease, Observation, Observed, ReadFailure, Resource, Snapshot,
    },
    text::{ExcerptBuilder, Redactor},
};

/// The new ReplicaSet's UID.
pub(super) const SET: &str = "set-2";

pub(crate) struct Script {
    pub(crate) gate: Gate,
    /// What reports are told of the run.
    pub(crate) kept: crate::timeline::Timeline,
    pub(super) now: Elapsed,
    pub(super) deployment: Value,
    pub(super) sets: Vec<Value>,
    pub(crate) pods: BTreeMap<String, Value>,
    pub(super) events: BTreeMap<String, Vec<Value>>,
    /// How a read fails at the moment.
    pub(crate) broken: Option<FailureKind>,
    /// Events may not be read.
    pub(super) refuses_events: bool,
    /// Reads and evidence are not answered at all.
    pub(super) silent: bool,
    pub(super) told: Vec<GateEvent>,
    pub(super) asked: Vec<EvidenceRequest>,
    /// Everything that was observed, in its order.
    pub(super) fed: Vec<Observed>,
    /// When a consistent read succeeded.
    pub(crate) good_reads: Vec<Elapsed>,
    /// How often the gate asked to be called.
    pub(super) steps: usize,
    /// When ConfigMaps and Secrets were written, by kind and name.
    pub(super) written: BTreeMap<&'static str, &'static str>,
    /// Nodes whose kubelets are frozen: since when, or that have no Lease.
    pub(super) frozen: BTreeMap<&'static str, Option<Elapsed>>,
    /// How far the clocks of nodes are ahead, in seconds.
    pub(super) skew: BTreeMap<&'static str, i64>,
    /// Responses have no date.
    pub(super) tells_no_time: bool,
    /// The namespace is being deleted.
    pub(super) namespace_goes: bool,
    pub(super) instead: Option<Instead>,
    /// The Services of the namespace, a list.
    pub(super) services: Value,
    /// Requests that were not answered yet.
    unanswered: Vec<Output>,
    version: u64,
}

/// The servers' clock at the start, in seconds since the Unix epoch.
pub(crate) const BEGAN: i64 = 1_767_312_060;

impl Script {
    /// A rollout of `replicas` pods that has just begun: the new ReplicaSet is there, its pods are not.
    pub(crate) fn new(replicas: u64, policy: Policy) -> Self {
        let template =
            |image: &str| json!({"spec": {"containers": [{"name": "app", "image": image}]}});
        let set = |uid: &str, created: &str, image: &str, replicas: u64, revision: &str| {
            json!({"metadata": {"name": uid, "uid": uid, "generation": 1, "creationTimestamp": created,
                    "annotations": {"deployment.kubernetes.io/revision": revision},
                    "ownerReferences": [{"uid": "d1", "controller": true}]},
                "spec": {"replicas": replicas, "template": template(image)},
                "status": {"observedGeneration": 1, "replicas": replicas}})
        };
        let target = TargetRef {
            kind: Kind::Deployment.into(),
            namespace: "shop".parse().unwrap(),
            name: "app".parse().unwrap(),
        };
        Self {
            gate: Gate::new(target, policy),
            kept: crate::timeline::Timeline::default(),
            now: Elapsed::ZERO,
            deployment: json!({"kind": "Deployment",
                "metadata": {"name": "app", "uid": "d1", "generation": 2, "annotations": {"deployment.kubernetes.io/revision": "2"}},
                "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": "app"}}, "template": template("shop/app:2")},
                "status": {"observedGeneration": 2, "replicas": replicas}}),
            sets: vec![
                set("set-1", "2026-01-01T00:00:00Z", "shop/app:1", 0, "1"),
                set(SET, "2026-01-02T00:00:00Z", "shop/app:2", replicas, "2"),
            ],
            pods: BTreeMap::new(),
            events: BTreeMap::new(),
            broken: None,
            refuses_events: false,
            silent: false,
            told: Vec::new(),
            asked: Vec::new(),
            fed: Vec::new(),
            good_reads: Vec::new(),
            steps: 0,
            written: BTreeMap::new(),
            frozen: BTreeMap::new(),
            skew: BTreeMap::new(),
            tells_no_time: false,
            namespace_goes: false,
            instead: None,
            services: json!([]),
            unanswered: Vec::new(),
            version: 0,
        }
    }

    /// The same, complete: every pod ready, the status says so.
    pub(crate) fn complete(replicas: u64, policy: Policy) -> Self {
        let mut script = Self::new(replicas, policy);
        for number in 0..replicas {
            script.put(&format!("app-{number}"), |_| {});
        }
        script.settle_status();
        script
    }

    /// Writes the status as the controller does when all is ready.
    pub(super) fn settle_status(&mut self) -> &mut Self {
        let replicas = self.deployment["spec"]["replicas"].clone();
        for count in ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"] {
            self.deployment["status"][count] = replicas.clone();
        }
        self.deployment["status"]["observedGeneration"] =
            self.deployment["metadata"]["generation"].clone();
        self.sets[1]["spec"]["replicas"] = replicas;
        self
    }

    /// Puts a ready pod of the new revision into the world, then edits it. No watch tells.
    pub(crate) fn put(&mut self, name: &str, edit: impl FnOnce(&mut Value)) -> &mut Self {
        self.version += 1;
        let mut pod = self.pods.remove(name).unwrap_or_else(|| {
            json!({"metadata": {"name": name, "uid": name, "creationTimestamp": "2026-01-02T00:00:01Z",
                    "ownerReferences": [{"uid": SET, "controller": true}]},
                "spec": {"nodeName": "node-1", "containers": [{"name": "app", "image": "shop/app:2"}]},
                "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-02T00:00:02Z"}],
                    "containerStatuses": [{"name": "app", "ready": true, "started": true, "restartCount": 0, "state": {"running": {"startedAt": "2026-01-02T00:00:02Z"}}}]}})
        });
        edit(&mut pod);
        pod["metadata"]["resourceVersion"] = json!(self.version.to_string());
        self.pods.insert(name.to_owned(), pod);
        self
    }

    /// The same, and a watch tells at once.
    pub(crate) fn change(&mut self, name: &str, edit: impl FnOnce(&mut Value)) -> &mut Self {
        self.put(name, edit);
        let pod: Pod = serde_json::from_value(self.pods[name].clone()).unwrap();
        self.feed(Observation::PodChanged(pod))
    }

    /// The container ended with this code, and the next run has begun or not.
    pub(crate) fn crash(&mut self, name: &str, code: i32) -> &mut Self {
        self.change(name, |pod| {
            let status = &mut pod["status"]["containerStatuses"][0];
            let count = status["restartCount"].as_u64().unwrap();
            status["ready"] = json!(false);
            let end = json!({"exitCode": code, "reason": if code == 0 { "Completed" } else { "Error" },
                "containerID": format!("containerd://{name}-{count}"), "startedAt": "2026-01-02T00:00:03Z", "finishedAt": "2026-01-02T00:00:05Z"});
            if status["state"].get("terminated").is_some() {
                status["lastState"] = status["state"].clone();
                status["restartCount"] = json!(count + 1);
            }
            status["state"] = json!({"terminated": end});
            unready(pod);
        })
    }

    /// The container that ended was started again and is ready.
    pub(crate) fn restart(&mut self, name: &str, at: u32) -> &mut Self {
        self.change(name, |pod| {
            let status = &mut pod["status"]["containerStatuses"][0];
            status["lastState"] = status["state"].clone();
            status["restartCount"] = json!(status["restartCount"].as_u64().unwrap() + 1);
            status["state"] =
                json!({"running": {"startedAt": format!("2026-01-02T00:00:{at:02}Z")}});
            status["ready"] = json!(true);
            ready(pod, at);
        })
    }

    /// A waiting reason of the container.
    pub(crate) fn wait(&mut self, name: &str, reason: &str, message: &str) -> &mut Self {
        self.change(name, |pod| {
            unready(pod);
            pod["status"]["phase"] = json!("Pending");
            let status = &mut pod["status"]["containerStatuses"][0];
            status["ready"] = json!(false);
            status["started"] = json!(false);
            status["state"] = json!({"waiting": {"reason": reason, "message": message}});
        })
    }

    /// The new ReplicaSet may not create pods, from now on by the servers' clock, and a watch tells.
    pub(super) fn refuse(&mut self, message: &str) -> &mut Self {
        let since = self.server_time();
        self.sets[1]["status"]["conditions"] = json!([{"type": "ReplicaFailure", "status": "True",
            "reason": "FailedCreate", "message": message, "lastTransitionTime": since}]);
        let set = serde_json::from_value(self.sets[1].clone()).unwrap();
        self.feed(Observation::ReplicaSetChanged(set))
    }

    /// The servers' clock, in whole seconds.
    pub(super) fn server_time(&self) -> Option<ServerTime> {
        let seconds = i64::try_from(self.now.as_millis() / 1000).unwrap();
        ServerTime::from_unix_seconds(BEGAN + seconds)
    }

    pub(super) fn event(
        &mut self,
        uid: &str,
        reason: &str,
        path: Option<&str>,
        message: &str,
        second: u32,
    ) -> &mut Self {
        self.events.entry(uid.to_owned()).or_default().push(json!({"type": "Warning", "reason": reason, "message": message,
            "lastTimestamp": format!("2026-01-02T00:00:{second:02}Z"), "involvedObject": {"kind": "Pod", "name": uid, "uid": uid, "fieldPath": path}}));
        self
    }

    /// The pod is gone, and a watch tells.
    pub(crate) fn delete(&mut self, name: &str) -> &mut Self {
        let pod: Pod = serde_json::from_value(self.pods.remove(name).unwrap()).unwrap();
        self.feed(Observation::PodDeleted(pod))
    }

    pub(super) fn feed(&mut self, observation: Observation) -> &mut Self {
        self.give(observation);
        self.answer();
        self
    }

    fn give(&mut self, observation: Observation) {
        self.gate.handle(self.now, &observation);
        self.kept.observe(self.now, &observation, &self.gate);
        self.fed.push(Observed::new(self.now, observation));
    }

    /// Answers again, and what was asked in the meantime.
    pub(super) fn hear_again(&mut self) -> &mut Self {
        self.silent = false;
        for output in std::mem::take(&mut self.unanswered) {
            self.answer_to(output);
        }
        self.answer();
        self
    }

    /// Lets time pass, answering what the gate asks for at once.
    pub(super) fn advance(&mut self, by: Duration) -> &mut Self {
        let until = self.now + by;
        self.answer();
        while let Some(due) = self.gate.poll_timeout().filter(|due| *due <= until) {
            self.now = due;
            self.steps += 1;
            self.gate.handle_timeout(due);
            self.answer();
        }
        self.now = until;
        self.gate.handle_timeout(until);
        self.answer();
        self
    }

    pub(crate) fn secs(&mut self, seconds: u64) -> &mut Self {
        self.advance(Duration::from_secs(seconds))
    }

    fn answer(&mut self) {
        while let Some(output) = self.gate.poll_output() {
            self.answer_to(output);
        }
    }

    fn answer_to(&mut self, output: Output) {
        match output {
            Output::Event(event) => {
                self.kept.hear(&event);
                self.told.push(event);
            }
            Output::Read | Output::ReadLeases(_) | Output::ReadServices | Output::Collect(_)
                if self.silent =>
            {
                self.unanswered.push(output)
            }
            Output::Read => {
                let answer = self.read();
                if matches!(answer, Observation::Snapshot(_)) {
                    self.good_reads.push(self.now);
                }
                self.give(answer);
            }
            Output::ReadLeases(nodes) => {
                let answer = self.leases(&nodes);
                self.give(answer);
            }
            Output::ReadServices => {
                let services = serde_json::from_value(self.services.clone()).unwrap();
                self.give(Observation::Services(Ok(services)));
            }
            Output::Collect(request) => {
                self.asked.push(request.clone());
                let answer = self.collect(request);
                self.give(answer);
            }
        }
    }

    fn read(&self) -> Observation {
        if let Some(kind) = self.broken {
            let message = "broken".into();
            return Observation::ReadFailed(ReadFailure {
                resource: Resource::Pods,
                kind,
                message,
            });
        }
        let workload = (!self.deployment.is_null())
            .then(|| -> Workload { serde_json::from_value(self.deployment.clone()).unwrap() });
        let pods = self.pods.values().map(|pod| serde_json::from_value(pod.clone()).unwrap());
        let sets = self.sets.iter().map(|set| serde_json::from_value(set.clone()).unwrap());
        Observation::Snapshot(Snapshot {
            controller_revisions: Vec::new(),
            namespace_deleted: ServerTime::from_unix_seconds(BEGAN).filter(|_| self.namespace_goes),
            begun: None,
            instead: self.instead.clone(),
            nodes: None,
            workload: workload.map(Arc::new),
            replica_sets: sets.collect(),
            pods: pods.collect(),
            server_time: self.server_time().filter(|_| !self.tells_no_time),
        })
    }

    /// Kubelets renew every 10 s.
    fn leases(&self, nodes: &[Clean]) -> Observation {
        if let Some(kind) = self.broken {
            let message = "broken".into();
            let resource = Resource::NodeLeases;
            return Observation::NodeLeases(Err(ReadFailure { resource, kind, message }));
        }
        let renewed = |node: &Clean| match self.frozen.get(&**node) {
            Some(since) => Some(*since.as_ref()?),
            None => Some(self.now),
        };
        let time = |node: &Clean, at: Elapsed| {
            let seconds = i64::try_from(at.as_millis() / 10_000).unwrap() * 10;
            let skew = self.skew.get(&**node).copied().unwrap_or_default();
            let time = ServerTime::from_unix_seconds(BEGAN + seconds + skew).unwrap();
            jiff::Timestamp::from(time).to_string()
        };
        let lease = |node: &Clean| NodeLease {
            node: (**node).into(),
            renewed: renewed(node).map(|at| time(node, at).into()),
        };
        Observation::NodeLeases(Ok(nodes.iter().map(lease).collect()))
    }

    fn collect(&self, request: EvidenceRequest) -> Observation {
        match request {
            EvidenceRequest::Events(request) if self.refuses_events => {
                let (resource, kind) = (Resource::Events, FailureKind::Forbidden);
                let failure = ReadFailure { resource, kind, message: "forbidden".into() };
                Observation::Events { request, result: Err(failure) }
            }
            EvidenceRequest::Events(request) => {
                let events = self.events.get(request.uid.as_str()).cloned().unwrap_or_default();
                let events: Vec<KubeEvent> = events
                    .into_iter()
                    .map(|event| serde_json::from_value(event).unwrap())
                    .collect();
                Observation::Events { request, result: Ok(events) }
            }
            EvidenceRequest::Log(request) => {
                let mut builder = ExcerptBuilder::new(request.lines, &Redactor::built_in());
                builder.push_bytes(b"the last words\n");
                let excerpt = builder.finish();
                let result = Ok(LogEvidence { run: request.run, excerpt });
                Observation::Log { request, result }
            }
            EvidenceRequest::Change(request) => {
                let find = |set: &RevisionName| {
                    self.sets.iter().find(|known| known["metadata"]["uid"] == set.uid.as_str())
                };
                let template = |set| &find(set).unwrap()["spec"]["template"];
                let (before, after) = (template(&request.before), template(&request.after));
                let result = Ok(inspect::changes(before, after, &Redactor::built_in()));
                Observation::Change { request, result }
            }
            EvidenceRequest::Details(request) => {
                let pod =
                    self.pods.values().find(|p| p["metadata"]["uid"] == request.pod.uid.as_str());
                let mut details = inspect::pod(pod.unwrap_or(&Value::Null), &Redactor::built_in());
                for object in &mut details.objects {
                    if let Some(written) = self.written.get(&*object.title()) {
                        inspect::found(
                            object,
                            &json!({"metadata": {"creationTimestamp": written}}),
                        );
                    }
                }
                Observation::Details { request, result: Ok(Box::new(details)) }
            }
        }
    }

    pub(crate) fn verdict(&self) -> Option<Verdict> {
        self.gate.decision().map(|decision| decision.verdict)
    }

    pub(super) fn code(&self) -> Option<ReasonCode> {
        self.gate.decision().and_then(|decision| decision.code)
    }

    /// The causes that decided.
    fn causes(&self) -> Vec<Cause> {
        let confirmed = self.gate.findings.in_state(FindingState::Confirmed);
        confirmed.map(|(key, _)| key.cause).collect()
    }

    /// Pods that should run, and those of the new revision, ready ones, old ones.
    pub(super) fn counts(&self) -> [u64; 4] {
        let RolloutFacts { desired, updated, ready, old, .. } = self.gate.rollout();
        [desired, updated, ready, old]
    }

    /// The verdict with the causes that decided.
    pub(super) fn decided(&self) -> Option<(Verdict, Vec<Cause>)> {
        Some((self.verdict()?, self.causes()))
    }

    pub(super) fn decided_at(&self) -> Option<Elapsed> {
        self.gate.decision().map(|decision| decision.at)
    }
}

pub(super) fn unready(pod: &mut Value) {
    pod["status"]["conditions"][0]["status"] = json!("False");
    pod["status"]["conditions"][0]["reason"] = json!("ContainersNotReady");
}

pub(super) fn ready(pod: &mut Value, at: u32) {
    pod["status"]["conditions"][0]["status"] = json!("True");
    pod["status"]["conditions"][0]["lastTransitionTime"] =
        json!(format!("2026-01-02T00:00:{at:02}Z"));
}
