//! Carries a rollback out: the evidence is safe first, then the template is written, then the rollback is watched.

mod hands;
mod permission;
mod unblock;
mod watch;
mod write;

#[cfg(test)]
mod tests;

use std::time::Duration;

use hands::Hands;
pub use permission::missing_writes;
pub use watch::longest_rollback;
use watch::watch;
use write::{End, Progress, write};

use super::Signals;
use crate::{
    clean,
    cluster::Cluster,
    fleet::Target,
    gate::Restore,
    observation::ReadFailure,
    outcome::{Outcome, Rollback},
    phrases::rollback,
    report::Reporter,
    text::{Clean, Redactor},
    vocabulary::{Refusal, RollbackWrite},
};

/// How long a write that is on its way is waited for after a signal: reports are written within 2 s.
const WRITE_WHEN_INTERRUPTED: Duration = Duration::from_millis(1200);

/// Keeps what is known while the cluster is written to.
pub trait Keeper {
    /// Makes the evidence safe before anything is written: whether all reports are. What the outcome says of rollbacks holds
    /// if the run is killed from then on.
    fn secure(&self, outcome: &Outcome) -> bool;
    /// Takes in what a rollback is if the run ends now; `place`: of its target.
    fn know(&self, place: usize, rollback: &Rollback);
    /// Writes the reports again.
    fn save(&self, outcome: &Outcome);
    /// Tells what is being done.
    fn tell(&self, line: &Clean);
    /// A reporter for the watch of these targets.
    fn reporter(&self, targets: &[Target]) -> Box<dyn Reporter>;
}

/// What a rollback needs beside the clusters.
pub struct Surroundings<'a> {
    /// Keeps what is known.
    pub keeper: &'a dyn Keeper,
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
    around.keeper.save(outcome);
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
    let unknown = |place: usize, restore: &Restore| {
        Rollback::unknown(restore.clone(), &targets[place].workload)
    };
    let refused = |place: usize, restore: &Restore, refusal, told: Option<&Clean>| {
        let Target { workload, policy, .. } = &targets[place];
        Rollback::refused(Some(restore.clone()), refusal, workload, policy.timeout, told)
    };
    let keeper = around.keeper;
    // what a kill leaves of the run must not say that nothing was written
    for (place, restore) in &planned {
        outcome.set_rollback(*place, unknown(*place, restore));
    }
    let is_safe = planned.is_empty() || keeper.secure(outcome);
    // what ends the run by a fault of its own comes before the first write
    for (place, restore) in &planned {
        set(keeper, outcome, *place, refused(*place, restore, Refusal::Interrupted, None));
    }
    let mut written = Vec::new();
    for (place, restore) in planned {
        let target = &targets[place];
        let progress = Progress::default();
        let end = match hands_of(target) {
            _ if !is_safe => End::Refused(Refusal::ReportUnwritable, None),
            _ if around.signals.received().is_some() => End::Refused(Refusal::Interrupted, None),
            None => End::Refused(Refusal::Unreachable, None),
            Some(hands) => {
                let Restore { name, number, is_known_good, .. } = &restore;
                keeper.tell(&rollback::begins(&target.workload, name, *number, *is_known_good));
                set(keeper, outcome, place, unknown(place, &restore));
                until_signal(hands, target, &restore, &progress, around.signals).await
            }
        };
        let became = match end {
            End::Done => {
                written.push(place);
                Rollback::done(restore)
            }
            End::Unknown => unknown(place, &restore),
            End::Refused(refusal, failure) => {
                let told = failure.map(|failure| told(failure, around.redactor));
                refused(place, &restore, refusal, told.as_ref())
            }
        };
        let became = Rollback { conflicts: progress.conflicts.get(), ..became };
        let told = match (became.write, &became.to) {
            (RollbackWrite::Done, Some(to)) => {
                rollback::done(&to.revision, to.number, to.is_known_good)
            }
            _ => became.reason.clone(),
        };
        keeper.tell(&clean!("{}: {}", target.workload, told));
        set(keeper, outcome, place, became);
    }
    written
}

/// Takes in what a rollback is by now, and has it kept.
fn set(keeper: &dyn Keeper, outcome: &mut Outcome, place: usize, rollback: Rollback) {
    outcome.set_rollback(place, rollback);
    if let Some(known) = &outcome.targets[place].rollback {
        keeper.know(place, known);
    }
}

/// Writes; after a signal, what is on its way has a moment left.
async fn until_signal(
    hands: &impl Hands,
    target: &Target,
    restore: &Restore,
    progress: &Progress,
    signals: &mut Signals,
) -> End {
    let may_be_done = &progress.may_be_done;
    let mut writing = std::pin::pin!(write(hands, &target.workload, restore, progress));
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
