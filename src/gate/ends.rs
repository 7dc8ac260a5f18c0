//! How ended runs and ended pods become findings.

use super::{
    Cause, Gate, GateEvent,
    churn::PodEnd,
    findings::{Circumstances, Sight, Who},
    kind,
    restarts::{self, EndedRun},
    symptom::{Key, Limit, Symptom},
    termination::{self, Ending},
};
use crate::{model::Uid, phrases, text::Clean};

/// Pods that end one after the other, the next made for the one before, until that is a failure.
const IN_A_ROW: u64 = 3;

impl Gate {
    /// Turns ended runs that count into findings.
    pub(super) fn judge_ended_runs(&mut self) {
        for uid in &self.ledger.take_changed() {
            let Some(record) = self.ledger.get(uid) else { continue };
            let mut news = Vec::new();
            for container in &record.containers {
                if container.is_undecided() {
                    continue;
                }
                let found = restarts::of_container(container, &self.policy);
                news.extend(found.filter(|found| kind::fails_with(record, found.symptom.cause)));
            }
            let name = record.name.clone();
            for found in news {
                self.find_ended_run(uid, &name, &found);
            }
            if !kind::ends(self.target.kind.kind()) {
                self.judge_pod_end(uid);
            }
        }
    }

    fn find_ended_run(&mut self, uid: &Uid, name: &Clean, run: &EndedRun) {
        let key = run.symptom.key();
        let sight = self.findings.see_ended_run(run, &Who { uid, name }, self.now);
        if self.findings.bear(&key, &self.policy) || !run.counts {
            return self.tolerate(&key);
        }
        if sight != Sight::Known {
            self.tell_finding(&key, |at, finding| GateEvent::FindingSuspected { at, finding });
        }
        if run.is_over {
            self.findings.count_as_bad(uid);
        } else {
            self.tolerate(&key);
        }
    }

    /// A pod that ended counts with those before it.
    fn judge_pod_end(&mut self, uid: &Uid) {
        let in_a_row = self.ledger.in_a_row();
        let Some(record) = self.ledger.get(uid) else { return };
        let name = record.name.clone();
        let key = match &record.end {
            None => return,
            Some(PodEnd::Rejected) => Key::of(Cause::Platform),
            Some(PodEnd::Container(end)) => {
                let known = record.containers.iter().find(|known| known.name == end.name);
                let ending = known.and_then(|known| known.runs.last()).map(|run| &run.ending);
                let cause = match ending {
                    Some(Ending::Counted(cause)) => *cause,
                    // why it ended is still asked, or was the platform's doing
                    Some(Ending::Undecided | Ending::Excused(_)) => return,
                    None => Cause::Exited,
                };
                let message = phrases::ending::of_pod(cause, &end.termination, in_a_row);
                let symptom =
                    Symptom::new(cause, termination::attribution(cause), message, Limit::Deadline)
                        .of(&end.name, end.role);
                let end = end.termination.clone();
                self.see(&symptom, uid, &name, Circumstances::default());
                self.findings.see_pod_end(&symptom.key(), &end);
                symptom.key()
            }
        };
        if in_a_row >= IN_A_ROW && !self.findings.bear(&key, &self.policy) {
            self.blame_in_place_of_those_before(&key, uid, &name);
        }
    }

    /// Of pods in a row only the last one stands for its place: `--min-ready` spares places.
    fn blame_in_place_of_those_before(&mut self, key: &Key, uid: &Uid, name: &Clean) {
        let pods = &self.ledger;
        let place = pods.get(uid).map_or(0, |record| record.place);
        self.findings.keep_as_bad(|other| {
            pods.get(other).is_none_or(|other| other.end.is_none() || other.place >= place)
        });
        self.findings.blame(key, &Who { uid, name }, self.now);
    }
}
