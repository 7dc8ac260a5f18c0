//! The shell around the gate: it waits, asks and tells, and judges nothing.

mod driver;
mod interrupt;
mod live;
mod replay;

use std::time::Duration;

pub use interrupt::Signals;
pub use live::{Live, live};
pub use replay::{Pace, replay};

/// How long evidence that is under way is waited for after the verdict. It mostly takes milliseconds; a report without
/// the last words of the container is worth little, so a busy cluster gets the time that each request has.
const EVIDENCE: Duration = Duration::from_secs(3);

/// The same after a signal: reports are written within 2 s.
const EVIDENCE_WHEN_INTERRUPTED: Duration = Duration::from_secs(1);

use crate::{
    clock::Clock,
    gate::{Gate, NextStep, Policy, ReasonCode},
    model::TargetRef,
    observation::{Observation, Observed, Signal},
    outcome::{Outcome, TargetOutcome},
    text::Clean,
};

/// Why a run did not begin, or was given up.
#[derive(Clone, Debug)]
pub struct Abandoned {
    /// In a word.
    pub code: ReasonCode,
    /// In a line.
    pub reason: Clean,
    /// What to do.
    pub next_step: NextStep,
}

/// The outcome of a run that could not judge.
pub fn abandon(target: TargetRef, policy: Policy, why: Abandoned, clock: Clock) -> Outcome {
    let mut gate = Gate::new(target, policy);
    gate.abandon(clock.elapsed(), why.code, why.reason, why.next_step);
    of(&gate, clock)
}

/// The outcome of a run that was interrupted before it began.
pub fn interrupted(target: TargetRef, policy: Policy, signal: Signal, clock: Clock) -> Outcome {
    let mut gate = Gate::new(target, policy);
    let observation = Observation::Interrupted(signal);
    gate.handle(&Observed { elapsed: clock.elapsed(), observation });
    of(&gate, clock)
}

fn of(gate: &Gate, clock: Clock) -> Outcome {
    let target = TargetOutcome::of(gate, &[], Vec::new());
    let signal = gate.decision().and_then(|decision| decision.signal);
    let code = crate::exit::ExitCode::of(target.verdict, signal);
    Outcome::new(clock.started_at(), gate.now(), vec![target], code)
}
