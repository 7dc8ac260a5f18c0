//! The fixed checks, as the verdict leaves them.

use serde::{Deserialize, Serialize};

use crate::{
    gate::{Check, CheckResult, FindingState, Gate, ReasonCode, Verdict, ledger::PodRecord},
    phrases::check::{not_asked_for, not_evaluated},
    text::Clean,
};

/// One check. In JSON it has an `id` for scripts and a `name` for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "CheckFields", from = "CheckFields")]
pub struct CheckOutcome {
    /// Which.
    pub check: Check,
    /// How it ended.
    pub result: CheckResult,
    /// Why, in one line; empty where it passed.
    pub message: Clean,
}

/// A [`CheckOutcome`] as it is written.
#[derive(Serialize, Deserialize)]
struct CheckFields {
    id: Check,
    name: Clean,
    result: CheckResult,
    message: Clean,
}

impl From<CheckOutcome> for CheckFields {
    fn from(CheckOutcome { check, result, message }: CheckOutcome) -> Self {
        Self { id: check, name: Clean::from_static(check.as_str()), result, message }
    }
}

impl From<CheckFields> for CheckOutcome {
    fn from(CheckFields { id, result, message, .. }: CheckFields) -> Self {
        Self { check: id, result, message }
    }
}

impl Gate {
    /// The fixed checks in their order; none before the verdict.
    pub fn checks(&self) -> Vec<CheckOutcome> {
        let Some(decision) = &self.decision else { return Vec::new() };
        let passed = decision.verdict == Verdict::Passed;
        let blamed = match decision.code {
            Some(ReasonCode::Deadline | ReasonCode::RollingOut) => Some(Check::RolloutCompletes),
            Some(ReasonCode::Stopped) | None => None,
            Some(_) => Some(Check::Judged),
        };
        let end_of = |check: Check| {
            let mut confirmed = self.findings.in_state(FindingState::Confirmed);
            let failed = confirmed.find(|(key, _)| key.cause.check() == check);
            let is_stopped = decision.code == Some(ReasonCode::Stopped);
            if blamed == Some(check) {
                (CheckResult::Error, decision.reason.clone())
            } else if is_stopped && check == Check::Judged {
                (CheckResult::Skipped, decision.reason.clone())
            } else if let Some((key, record)) = failed {
                (CheckResult::Failed, record.reason(key))
            } else if check == Check::ExpectedImage && !self.policy.expects() {
                (CheckResult::Skipped, not_asked_for())
            } else if passed || self.is_proven(check) {
                (CheckResult::Passed, Clean::default())
            } else {
                (CheckResult::Skipped, not_evaluated())
            }
        };
        let outcome = |check| {
            let (result, message) = end_of(check);
            CheckOutcome { check, result, message }
        };
        Check::ALL.into_iter().map(outcome).collect()
    }

    /// Whether what is known proves a check although the verdict is not green: the rollout was complete, or it failed by
    /// another check and each pod that was seen is beyond this one. What could not be judged proves nothing.
    fn is_proven(&self, check: Check) -> bool {
        let is_failed = self.decision.as_ref().is_some_and(|d| d.verdict == Verdict::Failed);
        let is_told = self.findings.iter().any(|(key, record)| {
            key.cause.check() == check && record.state != FindingState::Resolved
        });
        let pods = || self.ledger.iter().map(|(_, pod)| pod);
        let has_run = |pod: &PodRecord| {
            pod.ready_since.is_some() || pod.restart_counts > 0 || !pod.containers.is_empty()
        };
        let all = |reached: &dyn Fn(&PodRecord) -> bool| {
            self.completed_at.is_some()
                || (is_failed && !is_told && pods().count() > 0 && pods().all(reached))
        };
        match check {
            Check::ExpectedImage => self.pin.is_some(),
            Check::Judged => is_failed,
            Check::PodsCreated => all(&|_| true),
            Check::PodsScheduled => all(&|pod| pod.node.is_some()),
            Check::ImagesPulled | Check::ContainersCreated => all(&has_run),
            Check::RolloutCompletes => self.completed_at.is_some(),
            Check::ContainersRun | Check::PodsStay | Check::PodsReady => false,
        }
    }
}
