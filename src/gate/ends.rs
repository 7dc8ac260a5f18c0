//! How ended runs and ended pods become findings.

use super::{
    Cause, Gate, GateEvent,
    churn::PodEnd,
    findings::{Circumstances, Key, Record},
    restarts::{self, EndedRun},
    symptom::{Limit, Symptom},
    termination::{self, Ending},
    words,
};
use crate::{clean, model::Uid, text::Clean};

/// Pods that end one after the other, the next made for the one before, until that is a failure.
const IN_A_ROW: u64 = 3;

impl Gate {
    /// Turns ended runs that count into findings.
    pub(super) fn judge_ended_runs(&mut self) {
        let dirty = std::mem::take(&mut self.dirty);
        for uid in &dirty {
            let Some(record) = self.ledger.pods.get(uid) else { continue };
            let mut news = Vec::new();
            for container in &record.containers {
                if container.is_undecided() {
                    continue;
                }
                if let Some(found) = restarts::of_container(container, &self.policy) {
                    news.push(found);
                }
            }
            let name = record.name.clone();
            for found in news {
                self.find_ended_run(uid, &name, &found);
            }
            self.judge_pod_end(uid);
        }
    }

    fn find_ended_run(&mut self, uid: &Uid, name: &Clean, found: &EndedRun) {
        let key: Key = (found.cause, found.container.clone());
        let now = self.now;
        let symptom = Symptom {
            cause: found.cause,
            attribution: found.attribution,
            container: found.container.clone(),
            role: found.role,
            message: found.message.clone(),
            limit: Limit::Deadline,
        };
        let is_new = !self.findings.records.contains_key(&key);
        let record =
            self.findings.records.entry(key.clone()).or_insert_with(|| Record::new(&symptom, now));
        record.last_seen = now;
        record.message = found.message.clone();
        record.exit_code = found.exit_code;
        record.signal = found.signal;
        record.restarts = record.restarts.max(Some(found.restarts));
        record.add_subject(uid, name, now).over |= found.is_over;
        let is_ignored = key.1.as_deref().is_some_and(|name| self.policy.ignores(name));
        if is_ignored || !found.counts {
            return self.tolerate(&key);
        }
        if is_new {
            self.tell_finding(&key, |at, finding| GateEvent::FindingSuspected { at, finding });
        }
        if found.is_over {
            self.bad.insert(uid.clone());
        } else {
            self.tolerate(&key);
        }
    }

    /// A pod that ended counts with those before it.
    fn judge_pod_end(&mut self, uid: &Uid) {
        let in_a_row = self.ledger.generations.longest();
        let Some(record) = self.ledger.pods.get(uid) else { return };
        let name = record.name.clone();
        let key: Key = match &record.end {
            None => return,
            Some(PodEnd::Rejected) => (Cause::Platform, None),
            Some(PodEnd::Container(end)) => {
                let known = record.containers.iter().find(|known| known.name == end.name);
                let ending = known.and_then(|known| known.runs.last()).map(|run| &run.ending);
                let cause = match ending {
                    Some(Ending::Counted(cause)) => *cause,
                    // why it ended is still asked, or was the platform's doing
                    Some(Ending::Undecided | Ending::Excused(_)) => return,
                    None => Cause::Exited,
                };
                let what = words::ended(cause, &end.termination);
                let message = if in_a_row > 1 {
                    clean!("{}; {} pods in a row ended and were replaced", what, in_a_row)
                } else {
                    what
                };
                let symptom = Symptom {
                    cause,
                    attribution: termination::attribution(cause),
                    container: Some(end.name.clone()),
                    role: Some(end.role),
                    message,
                    limit: Limit::Deadline,
                };
                let (code, signal) = (end.termination.exit_code, end.termination.signal());
                self.see(&symptom, uid, &name, Circumstances::default());
                let key = (cause, symptom.container);
                if let Some(record) = self.findings.records.get_mut(&key) {
                    (record.exit_code, record.signal) = (Some(code), signal);
                    // it stays true however the next pod fares
                    record.restarts.get_or_insert(0);
                }
                key
            }
        };
        let is_ignored = key.1.as_deref().is_some_and(|name| self.policy.ignores(name));
        if in_a_row >= IN_A_ROW && !is_ignored {
            self.blame_in_place_of_those_before(&key, uid, &name);
        }
    }

    /// Of pods in a row only the last one stands for its place: `--min-ready` spares places.
    fn blame_in_place_of_those_before(&mut self, key: &Key, uid: &Uid, name: &Clean) {
        let now = self.now;
        let Some(record) = self.findings.records.get_mut(key) else { return };
        record.add_subject(uid, name, now).over = true;
        let pods = &self.ledger.pods;
        let place = pods.get(uid).map_or(0, |record| record.place);
        self.bad.retain(|other| {
            pods.get(other).is_none_or(|other| other.end.is_none() || other.place >= place)
        });
        self.bad.insert(uid.clone());
    }
}
