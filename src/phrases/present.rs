//! What is said of the present state of a target, which nothing is waited for.

use std::time::Duration;

use super::{Account, NextStep, counted, counted_of, custom, first_few, whole_seconds};
use crate::{
    clean,
    model::{Namespace, ResourceCondition, TargetRef},
    text::Clean,
};

/// A container that has not run for long enough, or a pod that has not been ready for long enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Young {
    /// The container; `None` where it is the readiness of the pod.
    pub container: Option<Clean>,
    /// The pod.
    pub pod: Clean,
    /// How long it has been so.
    pub lived: Duration,
    /// How long it must.
    pub needed: Duration,
}

/// Everything is well: `ready` pods of `desired`, which have been ready and whose containers have all run for the window.
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

/// The same of a custom resource, whose conditions say so too.
pub fn healthy_resource(
    conditions: &Clean,
    (ready, desired): (u64, u64),
    window: Duration,
) -> Account {
    let reason = match desired {
        0 => clean!("{}; no running pods belong to it", conditions),
        _ => clean!(
            "{}; {} ready, every container up for at least {}",
            conditions,
            counted_of(ready, desired, "pod"),
            whole_seconds(window)
        ),
    };
    Account { reason, next_step: NextStep::default() }
}

/// A condition of a custom resource has not held for long enough.
pub fn young_condition(condition: &ResourceCondition, held: Duration, needed: Duration) -> Clean {
    let (held, needed) = (whole_seconds(held), whole_seconds(needed));
    clean!("{} for {} of {}", custom::holds(condition), held, needed)
}

/// Nothing tells how long anything has lasted.
pub fn no_time() -> Clean {
    Clean::from_static(
        "the API server's responses have no Date, so nothing tells how long containers have run",
    )
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

/// Pods in a restart loop that no verdict tells of. `owner`: what controls them; `ended`: how long ago the last run did;
/// `last_line`: of its log.
pub fn restart_loop(
    (pod, others): (&Clean, usize),
    namespace: &Namespace,
    owner: Option<&Clean>,
    (container, message): (&Clean, &Clean),
    ended: Option<Duration>,
    last_line: Option<&Clean>,
) -> Clean {
    let pods = match others {
        0 => clean!("pod {}", pod),
        others => clean!("pod {} and {} more", pod, others),
    };
    let owner = match owner {
        Some(owner) => clean!(" of {} in namespace {}", owner, namespace),
        None => clean!(" in namespace {}, which no workload owns,", namespace),
    };
    let are = if others == 0 { "is" } else { "are" };
    let ended = match ended {
        Some(ended) => clean!(", the last exit {} ago", whole_seconds(ended)),
        None => Clean::default(),
    };
    let line = match last_line {
        Some(line) => clean!("; last line of its log: {}", line),
        None => Clean::default(),
    };
    clean!(
        "{}{} {} in a restart loop: container {}: {}{}{}",
        pods,
        owner,
        Clean::from_static(are),
        container,
        message,
        ended,
        line
    )
}

/// Further ones.
pub fn more_loops(more: usize) -> Clean {
    clean!("{} in a restart loop", counted(more as u64, "more pod"))
}

/// Pods could not be listed, so those beside the targets' own were not looked at.
pub fn loops_unread(why: &Clean) -> Clean {
    clean!("pods beside those of the targets were not checked for restart loops: {}", why)
}

/// It has not been well for long enough.
pub fn young(Young { container, pod, lived, needed }: &Young) -> Clean {
    let (lived, needed) = (whole_seconds(*lived), whole_seconds(*needed));
    match container {
        Some(container) => {
            clean!("container {} of pod {} has run for {} of {}", container, pod, lived, needed)
        }
        None => clean!("pod {} has been ready for {} of {}", pod, lived, needed),
    }
}

/// It is neither healthy nor broken. `waits`: for what, nothing where the rollout is complete; `since`: how long a pod has not
/// been ready; `unproven`: what keeps it from being called healthy; `changes`: each read showed something else.
pub fn rolling_out(
    target: &TargetRef,
    waits: &[Clean],
    since: Option<Duration>,
    unproven: Option<&Clean>,
    changes: bool,
) -> Account {
    let reason = match (waits, unproven) {
        ([], Some(unproven)) => clean!("not proven yet: {}", unproven),
        ([], None) if changes => Clean::from_static("its pods change from one read to the next"),
        ([], None) => Clean::from_static("still rolling out"),
        (waits, _) => {
            let since = match since.filter(|since| since.as_secs() > 0) {
                Some(since) => clean!(" (a pod has not been ready for {})", whole_seconds(since)),
                None => Clean::default(),
            };
            clean!("still rolling out{}: waiting for {}", since, first_few(waits, 3))
        }
    };
    let next = clean!("wait for its verdict: `deploygate wait {} -n {}`", target, target.namespace);
    Account { reason, next_step: next.into() }
}
