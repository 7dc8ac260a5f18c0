//! What reports are made from: the decision, the numbers, the checks, the findings with their evidence.

mod check;
mod finding;
mod notes;
mod rollout;

pub use check::CheckOutcome;
pub use rollout::{ContainerImage, Coverage, RevisionFacts, RolloutFacts, WindowFacts};

use super::{FindingState, Gate, NextStep, Policy, ReasonCode, Verdict};
use crate::{
    model::{Elapsed, ServerClock, TargetRef},
    observation::Signal,
    text::Clean,
};

/// The verdict with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When it was made.
    pub at: Elapsed,
    /// What it is.
    pub verdict: Verdict,
    /// Why the target could not be judged.
    pub code: Option<ReasonCode>,
    /// What happened, in one line.
    pub reason: Clean,
    /// What to do about it, as far as was known then.
    pub next_step: NextStep,
    /// The signal that interrupted.
    pub signal: Option<Signal>,
}

impl Gate {
    /// The target.
    pub fn target(&self) -> &TargetRef {
        &self.target
    }

    /// The limits.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The time of the last input.
    pub fn now(&self) -> Elapsed {
        self.now
    }

    /// When the verdict fell, or the time of the last input: what comes later is no part of what was judged.
    pub(super) fn judged_until(&self) -> Elapsed {
        self.decision.as_ref().map_or(self.now, |decision| decision.at)
    }

    /// The verdict, once there is one.
    pub fn decision(&self) -> Option<&Decision> {
        self.decision.as_ref()
    }

    /// What the servers' clocks show on the gate's own.
    pub fn server_clock(&self) -> ServerClock {
        self.server_clock
    }
}

/// The place of findings in this state among others: those that decided come first.
pub(super) fn order(state: FindingState) -> u8 {
    match state {
        FindingState::Confirmed => 0,
        FindingState::Suspected => 1,
        FindingState::Tolerated => 2,
        FindingState::Resolved => 3,
    }
}
