//! The shell around the gate: it waits, asks and tells, and judges nothing.

mod driver;
mod interrupt;
mod live;
mod places;
mod queue;
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
    exit::ExitCode,
    fleet::{Fleet, Member, Release},
    gate::{NextStep, ReasonCode, Verdict},
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
pub fn abandon(release: Release, why: &Abandoned, clock: Clock) -> Outcome {
    let mut fleet = Fleet::new(release);
    fleet.abandon(clock.elapsed(), why.code, &why.reason, &why.next_step);
    outcome(&fleet, clock.started_at())
}

/// The outcome of a run that was interrupted before it began.
pub fn interrupted(release: Release, signal: Signal, clock: Clock) -> Outcome {
    let mut fleet = Fleet::new(release);
    let observation = Observation::Interrupted(signal);
    fleet.handle(&Observed::new(clock.elapsed(), observation));
    outcome(&fleet, clock.started_at())
}

/// The outcome as it stands.
fn outcome(fleet: &Fleet, started_at: jiff::Timestamp) -> Outcome {
    let targets = fleet.members().iter();
    let targets: Vec<_> = targets
        .map(|Member { context, sources, gate, timeline, .. }| {
            TargetOutcome::of(context.as_ref(), sources, gate, timeline)
        })
        .collect();
    let worst = targets.iter().map(|target| target.verdict).max();
    let exit_code = ExitCode::of(worst.unwrap_or(Verdict::Inconclusive), fleet.signal());
    let ended = fleet.decided_at().unwrap_or_else(|| fleet.now());
    Outcome::new(started_at, ended, targets, exit_code)
}
