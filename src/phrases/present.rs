//! What is said of the present state of a target, which nothing is waited for.

use std::time::Duration;

use super::{Account, NextStep, counted_of, first_few, whole_seconds};
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
