//! The shell around the gate: it waits, asks and tells, and judges nothing.

mod again;
mod call;
mod driver;
mod interrupt;
mod live;
mod places;
mod queue;
mod replay;
mod rollback;
mod select;
mod strays;

use std::time::Duration;

pub use interrupt::Signals;
pub use live::{Live, live};
pub use replay::{Pace, replay};
pub use rollback::{Keeper, Surroundings, longest_rollback, missing_writes, roll_back};
pub use select::{Selected, select};
pub use strays::restart_loops;

/// How long evidence that is under way is waited for after the verdict. It mostly takes milliseconds; a report without
/// the last words of the container is worth little, so a busy cluster gets the time that each request has.
const EVIDENCE: Duration = Duration::from_secs(3);

/// The same after a signal: reports are written within 2 s.
const EVIDENCE_WHEN_INTERRUPTED: Duration = Duration::from_secs(1);

use crate::{
    clock::Clock,
    exit::ExitCode,
    fleet::{Fleet, Member, Problem, Release},
    gate::ReasonCode,
    model::{Elapsed, Pod},
    observation::{Observation, Observed, Signal},
    outcome::{Outcome, Rollback, Rollbacks, TargetOutcome},
    phrases,
    text::{Clean, Untrusted},
};

/// The name of a pod, for people.
fn name_of(pod: &Pod) -> Clean {
    Untrusted::from(&*pod.metadata.name).to_clean_line(253)
}

/// The outcome of a release that is not watched, since something is wrong with the whole of it.
pub fn unjudged(release: Release, clock: Clock) -> Outcome {
    outcome(&Fleet::new(release), clock.started_at(), clock.elapsed())
}

/// The outcome of a run that could not judge.
pub fn abandon(mut release: Release, why: &Problem, clock: Clock) -> Outcome {
    if release.targets.is_empty() {
        release.problems.push(why.clone());
    }
    let mut fleet = Fleet::new(release);
    fleet.abandon(clock.elapsed(), why.reason_code, &why.reason, &why.next_step);
    outcome(&fleet, clock.started_at(), clock.elapsed())
}

/// The outcome of a run that was interrupted before it began.
pub fn interrupted(mut release: Release, signal: Signal, clock: Clock) -> Outcome {
    if release.targets.is_empty() {
        let account = phrases::verdict::interrupted(signal);
        release.problems.push(Problem::new(ReasonCode::Interrupted, account));
    }
    let mut fleet = Fleet::new(release);
    let observation = Observation::Interrupted(signal);
    fleet.handle(&Observed::new(clock.elapsed(), observation));
    let mut outcome = outcome(&fleet, clock.started_at(), clock.elapsed());
    outcome.exit_code = ExitCode::of(outcome.verdict, Some(signal));
    outcome
}

/// The outcome as it stands. `now`: when that is, if the fleet has no targets that could tell.
fn outcome(fleet: &Fleet, started_at: jiff::Timestamp, now: Elapsed) -> Outcome {
    let targets = fleet.judged();
    let targets: Vec<_> = targets
        .map(|Member { context, sources, gate, timeline, .. }| {
            TargetOutcome::of(context.as_ref(), sources, gate, timeline)
        })
        .collect();
    let ended = match fleet.members() {
        [] => now,
        _ => fleet.decided_at().unwrap_or_else(|| fleet.now()),
    };
    let mut outcome = Outcome::new(started_at, ended, fleet.problems().to_vec(), targets);
    outcome.exit_code = ExitCode::of(outcome.verdict, fleet.signal());
    outcome.notes = fleet.notes();
    outcome.servers = fleet.servers().to_vec();
    outcome.settings.extend_from_slice(fleet.settings());
    let decided = fleet.rollbacks().into_iter().zip(fleet.members());
    for (target, (decided, Member { gate, .. })) in outcome.targets.iter_mut().zip(decided) {
        let timeout = gate.policy().timeout;
        let rollback = decided.map(|of| Rollback::decided(of, gate.target(), timeout));
        rollback.into_iter().for_each(|rollback| target.set_rollback(rollback));
    }
    let on_failure = Some(fleet.on_failure()).filter(|of| of.writes());
    outcome.rollback = on_failure.map(|of| Rollbacks::count(of, &outcome.targets));
    outcome
}
