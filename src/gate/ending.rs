//! A workload that ends by itself: what its last word decides, and which run explains a failure.

use super::{
    Attribution, Cause, Gate, GateEvent, Verdict,
    findings::Circumstances,
    kind::{self, Ending},
    ledger::{PodRecord, Purpose},
    names,
    runs::ContainerRecord,
    symptom::{Limit, Symptom},
};
use crate::{
    clean,
    model::{Condition, OwnedJob, ServerTime, Termination, Uid, Workload},
    phrases::{self, kubernetes::told},
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
            Some(Ending::Failed { why }) => self.fail_by_its_end(&why, None),
            None => {}
        }
        let Workload::Custom(custom) = workload else { return };
        let family = self.pin.as_mut().and_then(|pin| pin.family_mut());
        if let Some(job) = family.and_then(|family| family.failed_job(&custom.lineage)) {
            self.fail_by_job(job);
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

    /// A Job of a custom resource failed for good.
    pub(super) fn fail_by_job(&mut self, job: &OwnedJob) {
        let Some(Condition { reason, message, .. }) = &job.failed else { return };
        let name = names::object(job.name.as_raw());
        let why = phrases::custom::job_failed(&name, &told(reason, message));
        self.fail_by_its_end(&why, Some(&job.uid));
    }

    /// It failed for good, or this `job` of its did.
    fn fail_by_its_end(&mut self, why: &Clean, job: Option<&Uid>) {
        let failed = |message: Clean| {
            Symptom::new(Cause::JobFailed, Attribution::Application, message, Limit::AtOnce)
        };
        let found = self.last_failure(job).map(|last| {
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

    fn last_failure(&self, job: Option<&Uid>) -> Option<LastFailure<'_>> {
        let is_of_it = |pod: &PodRecord| match (&pod.purpose, job) {
            (Purpose::Attempt(of), Some(job)) => of == job,
            (Purpose::Attempt(_), None) => false,
            (Purpose::Serves | Purpose::Works, job) => job.is_none(),
        };
        let containers = self.ledger.containers().filter(|(_, pod, _)| is_of_it(pod));
        let runs = containers.flat_map(|(uid, pod, container)| {
            let ends = container.runs.iter().map(|run| &run.termination);
            ends.map(move |termination| LastFailure { uid, pod, container, termination })
        });
        runs.filter(|run| run.termination.exit_code != 0)
            .max_by_key(|run| run.termination.finished_at)
    }
}
