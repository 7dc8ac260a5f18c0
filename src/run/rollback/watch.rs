//! The watch of what was restored.

use std::{cell::RefCell, time::Duration};

use futures_util::future::join_all;

use super::{Surroundings, cluster_of, set, unblock::unblock};
use crate::{
    clock::Clock,
    cluster::Cluster,
    fleet::{Release, Target},
    gate::Policy,
    outcome::{Outcome, Unblocked},
    report::Reporter,
    run::{Live, live},
    text::Clean,
};

/// How long the restored revision must stay healthy.
const WINDOW: Duration = Duration::from_secs(15);

/// The longest that a rollback of the release can take after its verdict; `None` where none is asked for.
pub fn longest_rollback(release: &Release) -> Option<Duration> {
    let targets = release.targets.iter().filter(|_| release.on_failure().writes());
    targets.map(|target| restored(target).policy.longest_run()).max()
}

/// Watches the restored revisions like any other rollout.
pub(super) async fn watch(
    clusters: &[Cluster],
    targets: &[Target],
    written: &[usize],
    outcome: &mut Outcome,
    around: Surroundings<'_>,
) -> Box<dyn Reporter> {
    let Surroundings { keeper, redactor, signals } = around;
    let restored: Vec<Target> = written.iter().map(|place| restored(&targets[*place])).collect();
    let mut reporter = keeper.reporter(&restored);
    let unblocked: Vec<_> = written.iter().map(|_| RefCell::new(Unblocked::default())).collect();
    let each = written.iter().zip(&restored).zip(&unblocked);
    let unblock = join_all(each.map(async |((place, target), unblocked)| {
        let restore = outcome.targets[*place].rollback.as_ref().and_then(|of| of.restore.as_ref());
        let (Some(restore), Some(cluster)) = (restore, cluster_of(clusters, target)) else {
            return;
        };
        let tell = |line: &Clean| keeper.tell(line);
        unblock(cluster, &target.workload, restore, unblocked, &tell).await;
    }));
    let release = Release { keep_going: true, ..restored.clone().into() };
    let redactor = redactor.clone();
    let clock = Clock::start();
    let watched = {
        let reporter = reporter.as_mut();
        let selections = Vec::new();
        let of = Live { release, redactor, recording: None, reporter, signals, clock, selections };
        let mut watching = std::pin::pin!(live(clusters, of));
        tokio::select! {
            (watched, _) = &mut watching => watched,
            _ = unblock => watching.await.0,
        }
    };
    for ((place, by), unblocked) in written.iter().zip(&watched.targets).zip(&unblocked) {
        let Some(rollback) = outcome.targets[*place].rollback.clone() else { continue };
        let rollback = by.watched(rollback, watched.duration_seconds, &unblocked.borrow());
        set(keeper, outcome, *place, rollback);
    }
    reporter
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
