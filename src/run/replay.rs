//! Judges a recording: the same gate, with the recording for a cluster.

use std::{io::BufRead, time::Duration};

use super::driver::Driver;
use crate::{
    fleet::Release,
    gate::Grace,
    model::Elapsed,
    outcome::Outcome,
    recording::{Reader, RecordingError},
    report::Reporter,
    text::Redactor,
};

/// How fast a recording is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// As fast as it can be read.
    AtOnce,
    /// So many times faster than it was recorded.
    Times(f64),
}

/// Plays what is left of a recording to a fleet. After its end time passes for as long as reads may fail: the run may have
/// come to its verdict by a timer, or by reads that had failed by then. Else the recording ends without a verdict.
///
/// # Errors
/// If a line of the recording can't be understood.
pub async fn replay<R: BufRead>(
    release: Release,
    started_at: jiff::Timestamp,
    mut reader: Reader<R>,
    redactor: Redactor,
    pace: Pace,
    reporter: &mut dyn Reporter,
) -> Result<Outcome, RecordingError> {
    let stale = release.targets.iter().map(|target| target.policy.grace(Grace::Stale)).max();
    let mut driver = Driver::new(release, redactor, reporter, None);
    let mut last = Elapsed::ZERO;
    for observed in reader.by_ref() {
        let observed = observed?;
        if driver.evidence_until().is_some_and(|ends| observed.elapsed > ends) {
            break;
        }
        wait(&mut driver, last, observed.elapsed, pace).await;
        last = observed.elapsed;
        driver.feed(observed);
        // the recording has the answers
        drop(driver.take_requests());
    }
    let end = last + stale.unwrap_or_default() + Duration::from_secs(1);
    if !driver.is_decided() {
        driver.end_recording();
        driver.advance_to(end);
    }
    let mut outcome = driver.outcome(started_at);
    for (place, rollback) in reader.into_rollbacks() {
        outcome.recall_rollback(place, rollback);
    }
    Ok(outcome)
}

/// Lets the time between two observations pass, a tick at a time so that bars move.
async fn wait(driver: &mut Driver<'_>, from: Elapsed, to: Elapsed, pace: Pace) {
    const TICK: Duration = Duration::from_millis(100);
    let Pace::Times(times) = pace else {
        return driver.tick(to);
    };
    let mut now = from;
    while now < to {
        let step = to.since(now).min(TICK.mul_f64(times.max(0.01)));
        tokio::time::sleep(step.div_f64(times.max(0.01))).await;
        now = now + step.max(Duration::from_millis(1));
        driver.advance_to(now.min(to));
        driver.tick(now.min(to));
    }
}
