//! Why a verdict fell that no finding explains, and what to do then.

use std::time::Duration;

use super::{Account, NextStep, counted_of, first_few};
use crate::{
    clean,
    model::{Elapsed, ServerTime, TargetRef},
    observation::Signal,
    text::Clean,
};

/// A workload that ends by itself did its work, in its controller's words.
pub fn completed(how: &Clean) -> Account {
    Account { reason: clean!("completed: {}", how), next_step: NextStep::default() }
}

/// A Job failed, in its controller's words, with those of its indexes that did.
pub fn job_failed(told: &Clean, indexes: Option<&Clean>) -> Clean {
    match indexes {
        Some(indexes) => clean!("{}; failed indexes: {}", told, indexes),
        None => told.clone(),
    }
}

/// It had before the run began.
pub fn completed_before(target: &TargetRef, ended: ServerTime) -> Clean {
    clean!("{} had already completed when deploygate started, at {}", target, ended)
}

/// Pods that an update leaves as they are, so that a pass says nothing of them.
pub fn not_judged(pods: &[Clean]) -> Clean {
    clean!("not checked, because the update leaves them as they are: {}", first_few(pods, 6))
}

/// Another target failed before this one was decided.
pub fn stopped(waiting_for: &[Clean], is_complete: bool) -> Account {
    let state = match (is_complete, waiting_for.first()) {
        (true, _) => Clean::from_static("its rollout was complete, its health window was not over"),
        (false, None) => Clean::from_static("its rollout goes on unwatched"),
        (false, Some(wait)) => clean!("its rollout goes on unwatched, waiting for {}", wait),
    };
    Account::new(
        clean!("not decided, because another target failed first: {}", state),
        "correct what failed first; `--keep-going` waits for every target",
    )
}

/// An image with a digest alone, where a tag was expected.
pub fn image_unverified(expected: &Clean, image: &Clean) -> Account {
    Account::new(
        clean!("not verified to run {}: the new revision names only a digest, {}", expected, image),
        "pass the digest that the build pushed to `--expect-image`",
    )
}

/// A signal ended the run.
pub fn interrupted(signal: Signal) -> Account {
    let signal = match signal {
        Signal::Interrupt => Clean::from_static("SIGINT"),
        Signal::Terminate => Clean::from_static("SIGTERM"),
    };
    Account::new(
        clean!("interrupted by {} before a verdict", signal),
        "run deploygate again: the rollout may still be in progress",
    )
}

/// Nobody decided.
pub fn undecided() -> Clean {
    Clean::from_static("deploygate ended without a verdict")
}

/// A newer rollout replaced the one that was watched.
pub fn superseded(target: &TargetRef, revision: Option<&Clean>) -> Account {
    let reason = match revision {
        Some(revision) => clean!("a newer rollout of {} replaced revision {}", target, revision),
        None => clean!("a newer rollout of {} replaced the one being watched", target),
    };
    Account::new(reason, "the newer rollout's own run decides")
}

/// A recording ended before a verdict, while the rollout waited for this.
pub fn recording_ends(at: Elapsed, waits: &Clean) -> Account {
    let reason = match waits.is_empty() {
        true => clean!("the recording ends at {}, before a verdict", at),
        false => clean!(
            "the recording ends at {}, before a verdict: the rollout was still waiting for {}",
            at,
            waits
        ),
    };
    Account::new(reason, "replay a recording of a run that reached a verdict")
}

/// Pods that stayed ready for the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stayed {
    /// Pods that should run.
    pub desired: u64,
    /// Pods that stayed ready, and for how long.
    pub stayed: u64,
    /// How long they did.
    pub held: Duration,
    /// Pods that were created in the window and stayed ready.
    pub joined: u64,
    /// How long they did at least.
    pub joined_for: Duration,
}

/// Everything is well.
pub fn passed(revision: &Clean, pods: Stayed) -> Account {
    let Stayed { desired, stayed, held, joined, joined_for } = pods;
    let (held, since) = (super::whole_seconds(held), super::whole_seconds(joined_for));
    let reason = match (stayed, joined) {
        (_, 0) => clean!(
            "{} of {} stayed ready for {}",
            counted_of(stayed, desired, "pod"),
            revision,
            held
        ),
        (0, _) => clean!(
            "{} of {}, created in the window, stayed ready for {}",
            counted_of(joined, desired, "pod"),
            revision,
            since
        ),
        _ => clean!(
            "{} of {} stayed ready for {}, and {} created in the window for {}",
            counted_of(stayed, desired, "pod"),
            revision,
            held,
            joined,
            since
        ),
    };
    Account { reason, next_step: NextStep::default() }
}

/// Why a pod broke the window.
pub fn was_not_ready(pod: &Clean) -> Clean {
    clean!("pod {} was not ready", pod)
}
