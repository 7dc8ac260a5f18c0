//! Which evidence is asked for and when, and what is done with the answers. All of it is bounded in number.

use std::{sync::Arc, time::Duration};

use super::{
    Cause, Collection, ContainerWords, Gate, Output,
    churn::PodEnd,
    findings::Circumstances,
    kind, names, stuck,
    symptom::{Symptom, pull_failure},
};
use crate::{
    clean,
    evidence::{
        CoverageGap, EventLine, EventsRequest, EvidenceRequest, LogEvidence, LogRequest, LogRun,
        RevisionName,
    },
    model::{ContainerStatus, Elapsed, KubeEvent, Pod, Uid},
    observation::{FailureKind, ReadFailure},
    phrases,
    signs::back_off,
    text::{Clean, Untrusted},
};

/// Before the events of a pod that does not start are read for the first time.
pub(super) const FIRST_POLL: Duration = Duration::from_secs(1);
/// Between two readings of the events of a pod that does not start.
const POLL: Duration = Duration::from_secs(3);
/// After this an answer is not expected any more.
const ANSWER: Duration = Duration::from_secs(4);
/// Pods that stand for all that do not start.
const REPRESENTATIVES: usize = 3;
/// Requests for events under way at a time.
const AT_ONCE: usize = 8;
/// Logs of one container that are read.
const LOGS: u32 = 6;

impl Collection {
    /// When a request for events is given up.
    pub(super) fn next_answer(&self) -> Option<Elapsed> {
        self.under_way.values().min().copied()
    }

    /// When events are to be read.
    pub(super) fn next_poll(&self) -> Option<Elapsed> {
        let polls = self.polls.iter().filter(|_| self.under_way.len() < AT_ONCE);
        polls.filter(|(uid, _)| !self.under_way.contains_key(uid)).map(|(_, at)| *at).min()
    }
}

impl Gate {
    /// Has the events of a pod read that does not start, unless enough others are.
    pub(super) fn poll_events(&mut self, uid: &Uid, after: Duration) {
        let collection = &mut self.collection;
        let is_known = collection.polls.contains_key(uid) || collection.under_way.contains_key(uid);
        if !is_known && collection.polls.len() < REPRESENTATIVES {
            collection.polls.insert(uid.clone(), self.now + after);
        }
    }

    /// A run ended: its log is read before the next run replaces it, and events that tell why it ended.
    pub(super) fn collect_ended_runs(&mut self, pod: &Pod) {
        let uid = &pod.metadata.uid;
        let Some(record) = self.ledger.get(uid) else { return };
        if record.containers.iter().any(|container| container.is_undecided()) {
            self.collection.polls.insert(uid.clone(), self.now);
        }
        let mut ended = Vec::new();
        for (_, container, status) in pod.containers() {
            let is_new = record.containers.iter().any(|known| {
                known.name == container.name
                    && known.runs.last().is_some_and(|run| run.seen == self.now && !run.earlier)
            });
            if let (true, Some(status)) = (is_new, status) {
                ended.push((container.name.clone(), run_to_read(status)));
            }
        }
        if !ended.is_empty() {
            self.ask_for_changes();
        }
        for (container, (run, container_id)) in ended {
            self.ask_for_log(pod_name(pod), uid, &container, run, container_id);
            self.ask_for_details(uid, None, Some(&container));
            self.remember_states(pod, Some(&container));
        }
    }

    /// A pod ended of which no ended run tells, since ending is what its container is for: its log is read.
    pub(super) fn collect_pod_end(&mut self, pod: &Pod) {
        let uid = &pod.metadata.uid;
        let record = self.ledger.get(uid);
        let Some(PodEnd::Container(end)) = record.and_then(|record| record.end.as_ref()) else {
            return;
        };
        let (name, id) = (end.name.clone(), end.termination.container_id.clone());
        if record.is_some_and(|record| record.containers.iter().any(|known| known.name == name)) {
            return;
        }
        self.ask_for_log(pod.metadata.name.clone(), uid, &name, LogRun::Current, id);
        self.remember_states(pod, Some(&name));
    }

    pub(super) fn ask_for_log(
        &mut self,
        pod: Box<str>,
        uid: &Uid,
        container: &Arc<str>,
        run: LogRun,
        container_id: Box<str>,
    ) {
        let asked = self.collection.logs_asked.entry(container.clone()).or_default();
        if *asked < LOGS {
            *asked += 1;
            let request = LogRequest {
                pod,
                pod_uid: uid.clone(),
                container: container.clone(),
                run,
                container_id,
                lines: self.policy.log_lines,
            };
            self.outputs.push_back(Output::Collect(EvidenceRequest::Log(request)));
        }
    }

    /// Evidence for a symptom that was seen for the first time.
    pub(super) fn collect_for_symptom(&mut self, symptom: &Symptom, uid: &Uid) {
        self.ask_for_changes();
        if symptom.cause.is_of_target() {
            return self.ask_for_context();
        }
        self.collection.polls.entry(uid.clone()).or_insert(self.now);
        self.ask_for_details(uid, Some(symptom.cause), symptom.container.as_ref());
        if let (Cause::NotReady, Some(container)) = (symptom.cause, &symptom.container)
            && let Some(record) = self.ledger.get(uid)
        {
            let pod = record.name.as_ref().into();
            self.ask_for_log(pod, uid, container, LogRun::Current, Box::default());
        }
    }

    /// The events of the workload and the ReplicaSet belong to every report on a verdict that is not green.
    pub(super) fn collect_context(&mut self) {
        if self.decision.as_ref().is_some_and(|d| d.verdict != super::Verdict::Passed) {
            self.ask_for_context();
            self.ask_for_changes();
            self.give_up_on_answers();
            self.read_events();
        }
    }

    fn ask_for_context(&mut self) {
        if std::mem::replace(&mut self.collection.asked_for_context, true) {
            return;
        }
        let Some(pin) = &self.pin else { return };
        let kind = self.target.kind;
        let name = Box::from(&*self.target.name);
        let mut objects = vec![(kind::api_name(kind), name, pin.workload.clone())];
        if let Some((kind, revision)) = kind::revision_api_name(kind).zip(pin.revision.as_ref()) {
            let RevisionName { name, uid } = revision.object.clone();
            objects.push((kind, name, uid));
        }
        for (kind, name, uid) in objects {
            self.ask_for_events(EventsRequest { kind: kind.into(), name, uid });
        }
    }

    fn ask_for_events(&mut self, request: EventsRequest) {
        self.collection.under_way.insert(request.uid.clone(), self.now + ANSWER);
        self.outputs.push_back(Output::Collect(EvidenceRequest::Events(request)));
    }

    /// What events would have told is not known where no answer came.
    pub(super) fn give_up_on_answers(&mut self) {
        let now = self.now;
        let silent = self.collection.under_way.extract_if(.., |_, until| *until <= now);
        let silent: Vec<Uid> = silent.map(|(uid, _)| uid).collect();
        silent.iter().for_each(|uid| self.decide_runs(uid, None));
    }

    /// Has events read that are due.
    pub(super) fn read_events(&mut self) {
        let now = self.now;
        let due: Vec<Uid> = self
            .collection
            .polls
            .iter()
            .filter(|(uid, at)| **at <= now && !self.collection.under_way.contains_key(uid))
            .map(|(uid, _)| uid.clone())
            .take(AT_ONCE.saturating_sub(self.collection.under_way.len()))
            .collect();
        for uid in due {
            self.collection.polls.remove(&uid);
            if let Some(record) = self.ledger.get(&uid) {
                let name = record.name.as_ref().into();
                self.ask_for_events(EventsRequest { kind: "Pod".into(), name, uid });
            }
        }
    }

    pub(super) fn take_events(
        &mut self,
        request: &EventsRequest,
        result: &Result<Vec<KubeEvent>, ReadFailure>,
    ) {
        self.collection.under_way.remove(&request.uid);
        match result {
            Ok(events) => {
                let lines = events.iter().map(EventLine::from).collect();
                self.collection.events.insert(request.uid.clone(), lines);
                self.decide_runs(&request.uid, Some(events));
                self.learn_from_events(&request.uid, events);
            }
            Err(failure) => {
                let name = names::object(&request.name);
                let kind = Untrusted::from(request.kind.as_ref()).to_clean_line(40);
                self.miss(clean!("events of {} {}", kind, name), failure);
                self.decide_runs(&request.uid, None);
            }
        }
    }

    /// Decides why runs of a pod ended; without events, by themselves.
    fn decide_runs(&mut self, uid: &Uid, events: Option<&[KubeEvent]>) {
        if let Some(at) = self.ledger.decide_runs(uid, events, self.now) {
            self.collection.polls.insert(uid.clone(), at);
        }
    }

    /// What events tell about a pod that does not start.
    fn learn_from_events(&mut self, uid: &Uid, events: &[KubeEvent]) {
        let is_judged = self.ledger.get(uid).is_some_and(|record| record.active);
        if !is_judged || self.decision.is_some() {
            return;
        }
        let may_tell_more = self.ledger.learn(uid, events);
        let Some(record) = self.ledger.get(uid) else { return };
        let circumstances = Circumstances { scale_up: record.scale_up, ..Circumstances::default() };
        self.findings.reconsider(uid, Cause::Pending, &self.policy, circumstances);
        let name = record.name.clone();
        let unsaid = self.findings.unsaid_pulls(uid);
        let pulls = unsaid.iter().filter_map(|(container, role)| {
            pull_failure(stuck::failed_pull(events, container)?, container, *role)
        });
        let pulls: Vec<Symptom> = pulls.collect();
        let stuck = record.stuck.clone();
        for symptom in pulls.iter().chain(stuck.as_deref()) {
            self.see(symptom, uid, &name, Circumstances::default());
        }
        if may_tell_more {
            self.poll_events(uid, POLL);
        }
    }

    pub(super) fn take_log(
        &mut self,
        request: &LogRequest,
        result: Result<LogEvidence, ReadFailure>,
    ) {
        match result {
            // the log of a later run says more, unless the process had no time to say anything
            Ok(log) if log.excerpt.is_empty() => {
                let key = (request.pod_uid.clone(), request.container.clone());
                self.collection.logs.entry(key).or_insert(log);
            }
            Ok(log) => {
                let key = (request.pod_uid.clone(), request.container.clone());
                self.collection.logs.insert(key, log);
            }
            Err(failure) => {
                let pod = names::object(&request.pod);
                let container = names::container(&request.container);
                self.miss(clean!("log of container {} in pod {}", container, pod), &failure);
            }
        }
    }

    pub(super) fn miss(&mut self, what: Clean, failure: &ReadFailure) {
        let text = failure.message.to_clean_line(300);
        let why = match failure.kind {
            FailureKind::Forbidden => clean!("not permitted: {}", text),
            _ => text,
        };
        self.missing.add(CoverageGap { what, why });
    }

    /// A container that ended waits for its next run now, and says for how long.
    pub(super) fn remember_back_off(&mut self, pod: &Pod) {
        for (_, container, status) in pod.containers() {
            let key = (pod.metadata.uid.clone(), Some(container.name.clone()));
            let waits = status.is_some_and(|status| status.waiting().is_some());
            if waits && self.collection.states.contains_key(&key) {
                self.remember_states(pod, Some(&container.name));
            }
        }
    }

    /// Keeps what a container does and how it ended, in words, for the pods that stand for a finding.
    pub(super) fn remember_states(&mut self, pod: &Pod, container: Option<&Arc<str>>) {
        let uid = &pod.metadata.uid;
        let key = (uid.clone(), container.cloned());
        let kept = self.collection.states.keys().filter(|(_, name)| *name == key.1).count();
        if kept >= REPRESENTATIVES && !self.collection.states.contains_key(&key) {
            return;
        }
        let found = pod.containers().find(|(_, spec, _)| Some(&spec.name) == container);
        let words = match found {
            Some((_, spec, status)) => {
                let image = Untrusted::from(spec.image.as_ref()).to_clean_line(300);
                let ended = status.and_then(|status| {
                    status.state.termination().or(status.last_state.termination())
                });
                let message = ended.map(|end| end.message.to_clean());
                ContainerWords {
                    image: Some(image),
                    state: status.map(|status| phrases::ending::state(&status.state)),
                    last_state: status
                        .and_then(|status| status.last_state.termination())
                        .map(phrases::ending::termination),
                    termination_message: message.filter(|message| !message.trim().is_empty()),
                    back_off_seconds: status
                        .and_then(ContainerStatus::waiting)
                        .and_then(|waiting| back_off(waiting.message.as_raw())),
                }
            }
            None => ContainerWords::default(),
        };
        let kept = self.collection.states.entry(key).or_default();
        let message = words.termination_message.or(kept.termination_message.take());
        *kept = ContainerWords { termination_message: message, ..words };
    }
}

/// The run of a container that just ended, as the kubelet serves its log
/// (Kubernetes 1.36 `pkg/kubelet/kubelet_pods.go`, `validateContainerLogStatus`).
fn run_to_read(status: &ContainerStatus) -> (LogRun, Box<str>) {
    let id = |end: Option<&crate::model::Termination>| {
        end.map(|end| end.container_id.clone()).unwrap_or_default()
    };
    if status.is_running() {
        (LogRun::Previous, id(status.last_state.termination()))
    } else {
        (LogRun::Current, id(status.state.termination().or(status.last_state.termination())))
    }
}

fn pod_name(pod: &Pod) -> Box<str> {
    pod.metadata.name.clone()
}
