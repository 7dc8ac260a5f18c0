//! Carries a rollback out: the evidence is safe first, then the template is written, then the rollback is watched.

mod hands;
mod permission;
mod unblock;
mod write;

#[cfg(test)]
mod tests;

use std::{cell::Cell, cell::RefCell, time::Duration};

use futures_util::future::join_all;

use hands::Hands;
pub use permission::missing_writes;
use write::{End, write};

use super::{Live, Signals, live};
use crate::{
    clock::Clock,
    cluster::Cluster,
    fleet::{Release, Target},
    gate::{Policy, Restore},
    observation::ReadFailure,
    outcome::{Outcome, Rollback, Rollbacks},
    phrases::rollback,
    report::Reporter,
    text::{Clean, Redactor},
    vocabulary::{OnFailure, Refusal, RollbackWrite},
};

/// How long the restored revision must stay healthy.
const WINDOW: Duration = Duration::from_secs(15);

/// How long a write that is on its way is waited for after a signal: reports are written within 2 s.
const WRITE_WHEN_INTERRUPTED: Duration = Duration::from_millis(1200);

/// What a rollback needs beside the clusters.
pub struct Surroundings<'a> {
    /// Writes the reports; whether all of them are safe.
    pub save: &'a dyn Fn(&Outcome) -> bool,
    /// Tells what is being done.
    pub tell: &'a dyn Fn(&Clean),
    /// A reporter for the watch of these targets.
    pub reporter: &'a dyn Fn(&[Target]) -> Box<dyn Reporter>,
    /// What is hidden.
    pub redactor: &'a Redactor,
    /// Signals of the operating system.
    pub signals: &'a mut Signals,
}

/// Rolls back what the outcome plans to, of these targets, and watches it. The reports were written before, and what became
/// of each rollback is in the outcome then. Returns the reporter of the watch, if there was one.
pub async fn roll_back(
    clusters: &[Cluster],
    targets: &[Target],
    outcome: &mut Outcome,
    mut around: Surroundings<'_>,
) -> Option<Box<dyn Reporter>> {
    let written = carry_out(&|of| cluster_of(clusters, of), targets, outcome, &mut around).await;
    if written.is_empty() {
        return None;
    }
    (around.save)(outcome);
    if around.signals.received().is_some() {
        return None;
    }
    Some(watch(clusters, targets, &written, outcome, around).await)
}

/// Writes what is planned, and returns the places of the targets that are restored.
async fn carry_out<'h, H: Hands + 'h>(
    hands_of: &impl Fn(&Target) -> Option<&'h H>,
    targets: &[Target],
    outcome: &mut Outcome,
    around: &mut Surroundings<'_>,
) -> Vec<usize> {
    let planned: Vec<(usize, Restore)> = (0..)
        .zip(&outcome.targets)
        .filter_map(|(place, target)| Some((place, target.restore()?.clone())))
        .collect();
    // what a kill leaves of the run must not say that nothing was written
    for (place, restore) in &planned {
        set(outcome, *place, Rollback::unknown(restore.clone(), &targets[*place].workload));
    }
    let is_safe = planned.is_empty() || (around.save)(outcome);
    let mut written = Vec::new();
    for (place, restore) in planned {
        let target = &targets[place];
        let end = match hands_of(target) {
            _ if !is_safe => End::Refused(Refusal::ReportUnwritable, None),
            _ if around.signals.received().is_some() => End::Refused(Refusal::Interrupted, None),
            None => End::Refused(Refusal::Unreachable, None),
            Some(hands) => {
                let Restore { name, number, is_known_good, .. } = &restore;
                (around.tell)(&rollback::begins(&target.workload, name, *number, *is_known_good));
                until_signal(hands, target, &restore, around.signals).await
            }
        };
        let became = match end {
            End::Done => Rollback::done(restore),
            End::Unknown => Rollback::unknown(restore, &target.workload),
            End::Refused(refusal, failure) => {
                let told = failure.map(|failure| told(failure, around.redactor));
                let timeout = target.policy.timeout;
                Rollback::refused(Some(restore), refusal, &target.workload, timeout, told.as_ref())
            }
        };
        (around.tell)(&became.reason);
        if became.refusal.is_none() && became.write == RollbackWrite::Done {
            written.push(place);
        }
        set(outcome, place, became);
    }
    written
}

/// Writes; after a signal, what is on its way has a moment left.
async fn until_signal(
    hands: &impl Hands,
    target: &Target,
    restore: &Restore,
    signals: &mut Signals,
) -> End {
    let may_be_done = Cell::new(false);
    let mut writing = std::pin::pin!(write(hands, &target.workload, restore, &may_be_done));
    tokio::select! {
        biased;
        end = &mut writing => return end,
        _ = signals.next() => {}
    }
    if !may_be_done.get() {
        return End::Refused(Refusal::Interrupted, None);
    }
    match tokio::time::timeout(WRITE_WHEN_INTERRUPTED, writing).await {
        Ok(end) => end,
        Err(_) if may_be_done.get() => End::Unknown,
        Err(_) => End::Refused(Refusal::Interrupted, None),
    }
}

/// Watches the restored revisions like any other rollout.
async fn watch(
    clusters: &[Cluster],
    targets: &[Target],
    written: &[usize],
    outcome: &mut Outcome,
    around: Surroundings<'_>,
) -> Box<dyn Reporter> {
    let Surroundings { tell, reporter: reporter_of, redactor, signals, .. } = around;
    let restored: Vec<Target> = written.iter().map(|place| restored(&targets[*place])).collect();
    let mut reporter = reporter_of(&restored);
    let blocked: RefCell<Vec<Option<Clean>>> = RefCell::new(vec![None; written.len()]);
    let unblock = join_all(written.iter().zip(&restored).enumerate().map(async |(number, of)| {
        let (place, target) = of;
        let restore = outcome.targets[*place].rollback.as_ref().and_then(|of| of.restore.as_ref());
        let (Some(restore), Some(cluster)) = (restore, cluster_of(clusters, target)) else {
            return;
        };
        let pod = unblock::unblock(cluster, &target.workload, restore, tell).await;
        blocked.borrow_mut()[number] = pod;
    }));
    let release = Release { keep_going: true, ..restored.clone().into() };
    let redactor = redactor.clone();
    let clock = Clock::start();
    let watched = {
        let reporter = reporter.as_mut();
        let selections = Vec::new();
        let live =
            Live { release, redactor, recording: None, reporter, signals, clock, selections };
        let mut watching = std::pin::pin!(live_of(clusters, live));
        tokio::select! {
            watched = &mut watching => watched,
            _ = unblock => watching.await,
        }
    };
    let blocked = blocked.into_inner();
    for (number, (place, by)) in written.iter().zip(&watched.targets).enumerate() {
        let Some(rollback) = outcome.targets[*place].rollback.clone() else { continue };
        let rollback = match &blocked[number] {
            Some(pod) => rollback.blocked(pod, &targets[*place].workload.namespace),
            None => rollback,
        };
        let rollback = by.watched(rollback, watched.duration_seconds);
        tell(&rollback.reason);
        set(outcome, *place, rollback);
    }
    reporter
}

async fn live_of(clusters: &[Cluster], of: Live<'_>) -> Outcome {
    live(clusters, of).await.0
}

/// The target as it is watched after its template was restored: what was expected of the failed revision is not of this.
fn restored(target: &Target) -> Target {
    let policy = Policy {
        window: WINDOW,
        await_for: Duration::ZERO,
        expect_images: Vec::new(),
        expect_labels: Vec::new(),
        manifest_images: Default::default(),
        ..target.policy.clone()
    };
    Target::new(target.context.clone(), target.workload.clone(), policy)
}

fn set(outcome: &mut Outcome, place: usize, rollback: Rollback) {
    outcome.targets[place].set_rollback(rollback);
    count(outcome);
}

/// Counts again how far the rollbacks came.
fn count(outcome: &mut Outcome) {
    let asked = outcome.rollback.as_ref().map_or(OnFailure::None, |all| all.on_failure);
    outcome.rollback = Some(Rollbacks::count(asked, &outcome.targets));
}

/// The API server's words.
fn told(mut failure: ReadFailure, redactor: &Redactor) -> Clean {
    failure.message.redact(redactor);
    failure.message.to_clean_line(300)
}

/// The cluster of a target: that of its context, unless there is only one.
fn cluster_of<'c>(clusters: &'c [Cluster], target: &Target) -> Option<&'c Cluster> {
    match clusters {
        [only] => Some(only),
        many => many.iter().find(|cluster| cluster.context() == target.context.as_ref()),
    }
}
