//! Findings as reports have them, each with the evidence on one of its pods.

use super::order;
use crate::{
    evidence::{EndedRun, EventLine, Evidence, Runs, fold},
    gate::{Finding, Gate, findings::Record, names, symptom::Key, termination::Ending, why},
    model::Uid,
    signs::Diagnosis,
    text::Clean,
};

impl Gate {
    /// The findings: those that decided first, then the most telling.
    pub fn findings(&self) -> Vec<Finding> {
        let mut records: Vec<_> = self.findings.iter().collect();
        records.sort_by_key(|(key, record)| (order(record.state), key.cause));
        records.into_iter().map(|(key, record)| self.finding(key, record)).collect()
    }

    pub(in crate::gate) fn finding(&self, key: &Key, record: &Record) -> Finding {
        let evidence = self.evidence(key, record);
        let diagnosis = why::of(key, record, evidence.as_ref());
        let surges = self.pin.as_ref().is_some_and(|pin| pin.surges);
        let diagnosis = if surges { diagnosis.map(Diagnosis::where_pods_surge) } else { diagnosis };
        let comparison = self.comparison(key, record);
        Finding {
            cause: key.cause,
            attribution: why::attribution(record, diagnosis.as_ref(), comparison.as_ref()),
            state: record.state,
            container: key.container.as_deref().map(names::container),
            role: record.role,
            pods: self.pods_of(key, record),
            message: record.message.clone(),
            hint: why::next_step(key.cause, record, diagnosis.as_ref(), evidence.as_ref()),
            diagnosis,
            comparison,
            exit_code: record.exit_code,
            signal: record.signal,
            restarts: record.restarts,
            since: self.since(key, record),
            last_ended: self.last_ended(key, record),
            first_seen: record.first_seen,
            last_seen: record.last_seen,
            grace_until: self.grace_until(key, record),
            source: None,
            evidence,
        }
    }

    fn pods_of(&self, key: &Key, record: &Record) -> Vec<Clean> {
        if key.cause.is_of_target() {
            return Vec::new();
        }
        record.in_order().into_iter().map(|(_, subject)| subject.name.clone()).collect()
    }

    /// Everything that was kept about one pod that shows the finding, the one with most of it.
    fn evidence(&self, key: &Key, record: &Record) -> Option<Evidence> {
        let log_of = |uid: &Uid| -> Option<_> { self.collection.log(uid, key.container.as_ref()?) };
        let known = |uid: &Uid| {
            let log = log_of(uid).map_or(0, |log| 1 + u8::from(!log.excerpt.is_empty()));
            let is_detailed = self.collection.details(uid).is_some();
            (log, is_detailed, self.collection.events(uid).is_some())
        };
        // of several with as much the first that was seen
        let (uid, subject) =
            record.in_order().into_iter().rev().max_by_key(|(uid, _)| known(uid))?;
        let words = self.collection.state(uid, key.container.as_ref());
        let words = words.cloned().unwrap_or_default();
        let pod = self.ledger.get(uid);
        let evidence = Evidence {
            pod: subject.name.clone(),
            node: pod.and_then(|pod| pod.node.clone()),
            image: words.image,
            state: words.state,
            last_state: words.last_state,
            runs: self.runs(uid, key.container.as_deref(), words.back_off_seconds),
            termination_message: words.termination_message,
            log: log_of(uid).cloned(),
            details: self
                .collection
                .details(uid)
                .map(|all| Box::new(all.about(key.container.as_deref()))),
            events: self.events(uid),
        };
        Some(evidence)
    }

    /// The ended runs of a container that count, or might.
    fn runs(&self, pod: &Uid, container: Option<&str>, back_off_seconds: Option<u64>) -> Runs {
        let containers = self.ledger.get(pod).into_iter().flat_map(|pod| &pod.containers);
        let runs = containers
            .filter(|record| Some(&*record.name) == container)
            .flat_map(|record| &record.runs)
            .filter(|run| !matches!(run.ending, Ending::Excused(_)));
        let ended = runs.map(|run| EndedRun {
            started: run.termination.started_at,
            finished: run.termination.finished_at,
            exit_code: run.termination.exit_code,
        });
        Runs { ended: ended.collect(), back_off_seconds }
    }

    /// Events of the pod, then of its ReplicaSet and its workload.
    fn events(&self, pod: &Uid) -> Vec<EventLine> {
        let set = self.revision_judged().map(|set| &set.object.uid);
        let workload = self.pin.as_ref().map(|pin| &pin.workload);
        let mut objects = vec![pod];
        objects.extend([set, workload].into_iter().flatten().filter(|uid| *uid != pod));
        let began = self.revision_judged().and_then(|set| set.counts_from);
        let is_of_rollout = |event: &&EventLine| match (event.last, began) {
            (Some(last), Some(began)) => last >= began,
            (None, _) | (_, None) => true,
        };
        let events = objects.into_iter().filter_map(|uid| self.collection.events(uid));
        let ended = self.judged_until();
        let with_age = |event: &EventLine| EventLine {
            age_seconds: event
                .last
                .and_then(|last| self.server_clock.age(last, ended))
                .map(|age| age.as_secs()),
            ..event.clone()
        };
        fold(events.flatten().filter(is_of_rollout).map(with_age))
    }
}
