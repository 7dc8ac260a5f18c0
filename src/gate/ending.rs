//! A workload that ends by itself: what its last word decides, and which run explains a failure.

use super::{
    Attribution, Cause, Gate, GateEvent, Verdict,
    findings::Circumstances,
    kind::{self, Ending},
    ledger::PodRecord,
    runs::ContainerRecord,
    symptom::{Limit, Symptom},
};
use crate::{
    clean,
    model::{ServerTime, Termination, Uid, Workload},
    phrases,
    text::Clean,
};

/// The run that failed last, with where it was.
struct LastFailure<'a> {
    uid: &'a Uid,
    pod: &'a PodRecord,
    container: &'a ContainerRecord,
    termination: &'a Termination,
}

impl Gate {
    /// Decides what the workload itself has decided, `at_start` if it had when it was first seen. A later state cannot
    /// take it back.
    pub(super) fn observe_ending(&mut self, workload: &Workload, at_start: bool) {
        match kind::ending(workload) {
            Some(Ending::Complete { how, at }) => {
                self.pass_by_its_end(&how, at.filter(|_| at_start))
            }
            Some(Ending::Failed { why }) => self.fail_by_its_end(&why),
            None => {}
        }
    }

    /// It did its work, before this run if it is known when.
    fn pass_by_its_end(&mut self, how: &Clean, before: Option<ServerTime>) {
        if let Some(ended) = before {
            let at = self.now;
            let what = phrases::verdict::completed_before(&self.target, ended);
            self.warned = Some(what.clone());
            self.tell(GateEvent::Warned { at, warning: what });
        }
        self.completed_at = Some(self.now);
        self.decide(Verdict::Passed, None, phrases::verdict::completed(how));
    }

    fn fail_by_its_end(&mut self, why: &Clean) {
        let failed = |message: Clean| {
            Symptom::new(Cause::JobFailed, Attribution::Application, message, Limit::AtOnce)
        };
        let found = self.last_failure().map(|last| {
            let symptom = failed(phrases::ending::last_attempt(why, last.termination))
                .of(&last.container.name, last.container.role);
            (symptom, last.uid.clone(), last.pod.name.clone(), last.termination.clone())
        });
        let Some((symptom, uid, name, termination)) = found else {
            let Some(pin) = &self.pin else { return };
            let (uid, name) = (pin.workload.clone(), clean!("{}", self.target));
            return self.see(&failed(why.clone()), &uid, &name, Circumstances::default());
        };
        self.see(&symptom, &uid, &name, Circumstances::default());
        self.findings.see_pod_end(&symptom.key(), &termination);
    }

    fn last_failure(&self) -> Option<LastFailure<'_>> {
        let runs = self.ledger.containers().flat_map(|(uid, pod, container)| {
            let ends = container.runs.iter().map(|run| &run.termination);
            ends.map(move |termination| LastFailure { uid, pod, container, termination })
        });
        runs.filter(|run| run.termination.exit_code != 0)
            .max_by_key(|run| run.termination.finished_at)
    }
}
