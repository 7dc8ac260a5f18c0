//! What is done with the events and logs that were asked for.

use std::time::Duration;

use crate::{
    evidence::{EventLine, EventsRequest, LogEvidence, LogRequest},
    gate::{
        Cause, Gate, findings::Circumstances, names, reading::pull_failure, stuck, symptom::Symptom,
    },
    model::{KubeEvent, Uid},
    observation::ReadFailure,
    phrases::coverage,
    text::{Clean, Untrusted},
};

/// Between two readings of the events of a pod that does not start.
const POLL: Duration = Duration::from_secs(3);

impl Gate {
    pub(in crate::gate) fn take_events(
        &mut self,
        request: &EventsRequest,
        result: &Result<Vec<KubeEvent>, ReadFailure>,
    ) {
        self.collection.end_waiting(&request.uid);
        match result {
            Ok(events) => {
                let lines = events.iter().map(EventLine::from).collect();
                self.collection.keep_events(&request.uid, lines);
                self.decide_runs(&request.uid, Some(events));
                self.learn_from_events(&request.uid, events);
            }
            Err(failure) => {
                let name = names::object(&request.name);
                let kind = Untrusted::from(request.kind.as_ref()).to_clean_line(40);
                self.miss(coverage::events_of(&kind, &name), failure);
                self.decide_runs(&request.uid, None);
            }
        }
    }

    /// Decides why runs of a pod ended; without events, by themselves.
    pub(super) fn decide_runs(&mut self, uid: &Uid, events: Option<&[KubeEvent]>) {
        if let Some(at) = self.ledger.decide_runs(uid, events, self.now) {
            self.collection.poll(uid, at);
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

    pub(in crate::gate) fn take_log(
        &mut self,
        request: &LogRequest,
        result: Result<LogEvidence, ReadFailure>,
    ) {
        match result {
            Ok(log) => self.collection.keep_log(&request.pod_uid, &request.container, log),
            Err(failure) => {
                let pod = names::object(&request.pod);
                let container = names::container(&request.container);
                self.miss(coverage::log_of(&container, &pod), &failure);
            }
        }
    }

    pub(in crate::gate) fn miss(&mut self, what: Clean, failure: &ReadFailure) {
        self.missing.add(coverage::failed(what, failure));
    }
}
