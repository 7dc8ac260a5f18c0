//! What is said of the present state of a target, which nothing is waited for.

use std::time::Duration;

use super::{Account, NextStep, counted, counted_of, first_few, whole_seconds};
use crate::{clean, model::TargetRef, text::Clean};

/// A container that has not run for long enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Young {
    /// Its name.
    pub container: Clean,
    /// Its pod.
    pub pod: Clean,
    /// How long it has run.
    pub lived: Duration,
    /// How long it must.
    pub needed: Duration,
}

/// Everything is well: `ready` pods of `desired`, whose containers have all run for the window.
pub fn healthy(revision: &Clean, ready: u64, desired: u64, window: Duration) -> Account {
    let pods = counted_of(ready, desired, "pod");
    let window = whole_seconds(window);
    Account {
        reason: clean!(
            "{} of {} ready, every container up for at least {}",
            pods,
            revision,
            window
        ),
        next_step: NextStep::default(),
    }
}

/// Since when something is broken, and how long before now the last run of its container ended.
pub fn lasting(since: Duration, last_ended: Option<Duration>) -> Clean {
    match last_ended.filter(|ended| *ended != since) {
        Some(ended) => {
            clean!("{}, the last exit {} ago", whole_seconds(since), whole_seconds(ended))
        }
        None => whole_seconds(since),
    }
}

/// A pod in a restart loop that no workload owns. `last_line`: of the log of the run that ended.
pub fn stray(
    pod: &Clean,
    container: &Clean,
    message: &Clean,
    ended: Option<Duration>,
    last_line: Option<&Clean>,
) -> Clean {
    let ended = match ended {
        Some(ended) => clean!(", the last exit {} ago", whole_seconds(ended)),
        None => Clean::default(),
    };
    let line = match last_line {
        Some(line) => clean!("; last line of its log: {}", line),
        None => Clean::default(),
    };
    clean!(
        "{} is in a restart loop, and no workload owns it: container {}: {}{}{}",
        pod,
        container,
        message,
        ended,
        line
    )
}

/// Further ones.
pub fn more_strays(more: usize) -> Clean {
    let pods = counted(more as u64, "more pod");
    clean!("{} in a restart loop that no workload owns", pods)
}

/// Pods could not be listed, so those without a workload were not looked at.
pub fn strays_unread(why: &Clean) -> Clean {
    clean!("pods that no workload owns were not checked: {}", why)
}

/// It is neither healthy nor broken. `changes`: each read showed something else.
pub fn rolling_out(
    target: &TargetRef,
    waits: &[Clean],
    young: Option<&Young>,
    changes: bool,
) -> Account {
    let reason = match (waits, young) {
        ([], Some(Young { container, pod, lived, needed })) => clean!(
            "not proven yet: container {} of pod {} has run for {} of {}",
            container,
            pod,
            whole_seconds(*lived),
            whole_seconds(*needed)
        ),
        ([], None) if changes => Clean::from_static("its pods change from one read to the next"),
        ([], None) => Clean::from_static("still rolling out"),
        (waits, _) => clean!("still rolling out: waiting for {}", first_few(waits, 3)),
    };
    let next = clean!("wait for its verdict: `deploygate wait {} -n {}`", target, target.namespace);
    Account { reason, next_step: next.into() }
}
