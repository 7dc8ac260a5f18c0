//! A pod of whatever owner: whether one of its containers is in a restart loop.

use std::{sync::Arc, time::Duration};

use super::{
    Policy, restarts,
    runs::ContainerRecord,
    sight::{Counting, Sight},
};
use crate::{
    model::{Elapsed, Pod, ServerTime, Termination},
    text::Clean,
};

/// After so long nothing more is waited for that could tell why a run ended.
const TOLD: Elapsed = Elapsed::from_secs(10);

/// A container in a restart loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// Its name.
    pub container: Arc<str>,
    /// What its runs come to, in one line.
    pub message: Clean,
    /// Ended runs that count.
    pub restarts: u32,
    /// The last run that ended.
    pub last: Termination,
    /// The next run has begun already.
    pub is_running: bool,
}

/// The first container that is restarted again and again, by what a list showed at the time `now`.
pub fn restart_loop(pod: &Pod, now: ServerTime, policy: &Policy) -> Option<Loop> {
    let window: Duration = policy.window;
    pod.containers().find_map(|(role, container, status)| {
        let status = status?;
        let sight = Sight {
            pod,
            role,
            container,
            status,
            now: Elapsed::ZERO,
            counting: Counting::NotOutlived { now, window },
            outdated: false,
            requested: pod.deletion_requested(),
            request_was_seen: true,
        };
        let mut record = ContainerRecord::first(&sight)?;
        record.observe(&sight, true);
        record.decide_runs(None, TOLD);
        let found = restarts::of_container(&record, policy).filter(|found| found.is_over)?;
        Some(Loop {
            container: container.name.clone(),
            message: found.symptom.message,
            restarts: found.restarts,
            last: record.last_counted()?.termination.clone(),
            is_running: status.state.termination().is_none() && status.waiting().is_none(),
        })
    })
}
