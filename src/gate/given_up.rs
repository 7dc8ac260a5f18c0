//! An update that its controller gave up, or does not begin: Argo Rollouts that are aborted, or whose spec is invalid.

use std::time::Duration;

use super::{
    Attribution, Cause, FindingState, Gate, Verdict,
    kind::{self, GivenUp},
    names,
    symptom::{Explained, Limit, Symptom},
};
use crate::{
    clean,
    model::{AnalysisRun, AnalysisStatus, ServerTime, Workload},
    phrases::{self, NextStep, kubernetes::told},
    text::Clean,
};

/// How long a spec may be invalid: what it names may be applied a moment later.
const INVALID: Duration = Duration::from_secs(30);

impl Gate {
    /// Takes in whether the update was given up; a watch shows less of why than a read does.
    pub(super) fn observe_given_up(&mut self, workload: &Workload, was_read: bool) {
        if let Workload::Custom(custom) = workload {
            if !was_read {
                self.observe_status(custom);
            }
            return;
        }
        let revision = self.revision_judged().map(|revision| &*revision.object.name);
        match kind::given_up(workload, revision) {
            None => self.findings.heal_all(Cause::Condition),
            Some(GivenUp::Invalid(condition)) => {
                let message = told(&condition.reason, &condition.message);
                let next = phrases::rollout::correct_spec();
                let symptom =
                    condition_symptom(message, Attribution::Configuration, Limit::After(INVALID));
                self.give_up(&symptom, condition.last_transition_time, next);
            }
            Some(GivenUp::Aborted(condition)) => {
                let says = |reason| condition.filter(|condition| condition.has_reason(reason));
                let by_deadline = says("ProgressDeadlineExceeded");
                let why = says("RolloutAborted").or(by_deadline);
                let why = why.map(|condition| told(&condition.reason, &condition.message));
                let since = condition.and_then(|condition| condition.last_transition_time);
                self.abort(phrases::rollout::aborted(why.as_ref()), by_deadline.is_some(), since);
            }
            // the run tells more of the metric than the workload does
            Some(GivenUp::Analysis(..)) if !was_read => self.reads.want(self.now),
            Some(GivenUp::Analysis(failed, run)) => self.fail_analysis(failed, run),
        }
    }

    fn fail_analysis(&mut self, failed: &AnalysisStatus, run: Option<&AnalysisRun>) {
        let AnalysisStatus { name, phase, message } = failed;
        if run.is_none() {
            self.missing.add(phrases::coverage::analysis_of(&names::object(name)));
        }
        let metric = run.and_then(|run| run.decisive(phase).next());
        let attribution = match &**phase {
            "Failed" => Attribution::Application,
            // what measures is at fault, whosever that is
            _ => Attribution::Unknown,
        };
        let message = phrases::rollout::analysis(name, phase, message, metric);
        let next = phrases::rollout::see_analysis(&self.target, name, metric);
        self.give_up(&condition_symptom(message, attribution, Limit::AtOnce), None, next);
    }

    /// Its controller deletes the pods of an update that it gives up, so what keeps them from being ready is judged now if
    /// that is why.
    fn abort(&mut self, message: Clean, is_by_deadline: bool, since: Option<ServerTime>) {
        if is_by_deadline || self.own_deadline.is_due(self.now) {
            self.find_unready_pods(FindingState::Suspected);
            let explains = self.findings.shown_beyond_set_graces(&self.policy, self.now);
            explains.iter().for_each(|key| self.confirm(key));
            if let Some(account) = self.confirmed() {
                let account = phrases::rollout::found_and_aborted(account, &message);
                return self.decide(Verdict::Failed, None, account);
            }
        }
        let next = phrases::rollout::retry(&self.target);
        self.give_up(&condition_symptom(message, Attribution::Unknown, Limit::AtOnce), since, next);
    }

    fn give_up(&mut self, symptom: &Symptom, since: Option<ServerTime>, next: NextStep) {
        let Some(pin) = &self.pin else { return };
        let (uid, name) = (pin.workload.clone(), clean!("{}", self.target));
        let explained = Explained { next_step: Some(next), scene: None, only_needs_time: false };
        self.see(symptom, &uid, &name, self.lasting_since(since));
        self.findings.explain(symptom, explained);
    }
}

const fn condition_symptom(message: Clean, attribution: Attribution, limit: Limit) -> Symptom {
    Symptom::new(Cause::Condition, attribution, message, limit)
}
