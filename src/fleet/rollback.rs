//! Which targets of a release go back to the revision before.

use super::Fleet;
use crate::{
    gate::{Gate, ReasonCode, Restore, Verdict},
    vocabulary::{OnFailure, Refusal},
};

impl Fleet {
    /// What is done after a failure.
    pub fn on_failure(&self) -> OnFailure {
        self.on_failure
    }

    /// For each target, in their order, its way back or why it is refused; `None` where nobody asked for one: nothing is
    /// wanted of the release, or of a target that did not fail.
    pub fn rollbacks(&self) -> Vec<Option<Result<Restore, Refusal>>> {
        if !self.on_failure.writes() {
            return vec![None; self.members.len()];
        }
        let findings: Vec<_> = self.gates().map(Gate::findings).collect();
        let judged = || self.gates().zip(&findings);
        let calls: Vec<_> = judged().map(|(gate, of)| gate.calls_for_rollback(of)).collect();
        let takes_all = self.on_failure == OnFailure::RollbackAll && calls.contains(&Ok(()));
        let is = |wanted: Verdict| move |gate: &Gate| verdict(gate) == Some(wanted);
        let against = match () {
            () if self.gates().any(is(Verdict::Interrupted)) => Some(Refusal::Interrupted),
            () if self.gates().any(is(Verdict::Superseded)) => Some(Refusal::Superseded),
            () => None,
        };
        judged()
            .zip(calls)
            .map(|((gate, findings), call)| {
                let wish = match call {
                    Ok(()) => Ok(()),
                    // it is not at fault itself
                    Err(Refusal::Unproven) if takes_all && gate.saw_change() => Ok(()),
                    Err(Refusal::Unproven) if takes_all => Err(Refusal::Unchanged),
                    Err(Refusal::Unproven) if is_bystander(gate) => return None,
                    Err(refusal) => Err(refusal),
                };
                let allowed = wish.and_then(|()| against.map_or(Ok(()), Err));
                Some(allowed.and_then(|()| gate.restore(findings)))
            })
            .collect()
    }
}

fn verdict(gate: &Gate) -> Option<Verdict> {
    gate.decision().map(|decision| decision.verdict)
}

/// Whether it passed, or another target ended the run before it was decided.
fn is_bystander(gate: &Gate) -> bool {
    let code = gate.decision().and_then(|decision| decision.code);
    verdict(gate) == Some(Verdict::Passed) || code == Some(ReasonCode::Stopped)
}
