//! Which evidence is asked for, and when.

mod answers;
mod collection;
mod context;
mod details;
mod states;

use std::{sync::Arc, time::Duration};

pub(in crate::gate) use collection::Collection;

use super::{Cause, Gate, Output, ReasonCode, Verdict, churn::PodEnd, kind, symptom::Symptom};
use crate::{
    evidence::{EventsRequest, EvidenceRequest, LogRequest, LogRun, RevisionName},
    model::{ContainerStatus, Pod, Termination, Uid},
};

/// Before the events of a pod that does not start are read for the first time.
pub(in crate::gate) const FIRST_POLL: Duration = Duration::from_secs(1);

impl Gate {
    /// Has the events of a pod read that does not start, unless enough others are.
    pub(in crate::gate) fn poll_events(&mut self, uid: &Uid, after: Duration) {
        self.collection.poll_representative(uid, self.now + after);
    }

    /// A run ended: its log is read before the next run replaces it, and events that tell why it ended.
    pub(in crate::gate) fn collect_ended_runs(&mut self, pod: &Pod) {
        let uid = &pod.metadata.uid;
        let Some(record) = self.ledger.get(uid) else { return };
        if record.containers.iter().any(|container| container.is_undecided()) {
            self.collection.poll(uid, self.now);
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
    pub(in crate::gate) fn collect_pod_end(&mut self, pod: &Pod) {
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

    pub(in crate::gate) fn ask_for_log(
        &mut self,
        pod: Box<str>,
        uid: &Uid,
        container: &Arc<str>,
        run: LogRun,
        container_id: Box<str>,
    ) {
        if self.collection.has_room_for_log(container) {
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
    pub(in crate::gate) fn collect_for_symptom(&mut self, symptom: &Symptom, uid: &Uid) {
        self.ask_for_changes();
        if symptom.cause.is_of_target() {
            return self.ask_for_context();
        }
        self.collection.poll_unless_known(uid, self.now);
        self.ask_for_details(uid, Some(symptom.cause), symptom.container.as_ref());
        if let (Cause::NotReady, Some(container)) = (symptom.cause, &symptom.container)
            && let Some(record) = self.ledger.get(uid)
        {
            let pod = record.name.as_ref().into();
            self.ask_for_log(pod, uid, container, LogRun::Current, Box::default());
        }
    }

    /// The events of the workload and the ReplicaSet belong to every report on a verdict that is not green, but not to one on
    /// a target that was stopped and of which nothing is suspected: there may be hundreds of them.
    pub(in crate::gate) fn collect_context(&mut self) {
        let Some(decision) = &self.decision else { return };
        let (verdict, code) = (&decision.verdict, &decision.code);
        let is_stopped = *code == Some(ReasonCode::Stopped);
        if *verdict != Verdict::Passed && (!is_stopped || self.has_suspicion()) {
            self.ask_for_context();
            self.ask_for_changes();
            self.give_up_on_answers();
            self.read_events();
        }
    }

    fn ask_for_context(&mut self) {
        if !self.collection.is_first_for_context() {
            return;
        }
        let Some(pin) = &self.pin else { return };
        let kind = self.target.kind.kind();
        let name = Box::from(&*self.target.name);
        let mut objects = vec![(kind.api_name(), name, pin.workload.clone())];
        if let Some((kind, revision)) = kind::revision_api_name(kind).zip(pin.revision.as_ref()) {
            let RevisionName { name, uid } = revision.object.clone();
            objects.push((kind, name, uid));
        }
        for (kind, name, uid) in objects {
            self.ask_for_events(EventsRequest { kind: kind.into(), name, uid });
        }
    }

    fn ask_for_events(&mut self, request: EventsRequest) {
        self.collection.await_events(&request.uid, self.now);
        self.outputs.push_back(Output::Collect(EvidenceRequest::Events(request)));
    }

    /// What events would have told is not known where no answer came.
    pub(in crate::gate) fn give_up_on_answers(&mut self) {
        for uid in self.collection.take_unanswered(self.now) {
            self.decide_runs(&uid, None);
        }
    }

    /// Has events read that are due.
    pub(in crate::gate) fn read_events(&mut self) {
        for uid in self.collection.take_due_polls(self.now) {
            if let Some(record) = self.ledger.get(&uid) {
                let name = record.name.as_ref().into();
                self.ask_for_events(EventsRequest { kind: "Pod".into(), name, uid });
            }
        }
    }
}

/// The run of a container that just ended, as the kubelet serves its log
/// (Kubernetes 1.36 `pkg/kubelet/kubelet_pods.go`, `validateContainerLogStatus`).
fn run_to_read(status: &ContainerStatus) -> (LogRun, Box<str>) {
    let id =
        |end: Option<&Termination>| end.map(|end| end.container_id.clone()).unwrap_or_default();
    if status.is_running() {
        (LogRun::Previous, id(status.last_state.termination()))
    } else {
        (LogRun::Current, id(status.state.termination().or(status.last_state.termination())))
    }
}

fn pod_name(pod: &Pod) -> Box<str> {
    pod.metadata.name.clone()
}
