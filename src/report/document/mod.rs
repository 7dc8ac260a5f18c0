//! What a report says and in which order.
//!
//! Order, limits, and what was said already are decided here and nowhere else; writers leave out what does not fit.

mod answers;
mod basis;
mod changes;
mod common;
mod finding;
mod log;
mod naming;
mod overview;
mod target;
mod told;

pub(super) use answers::{MANIFEST, in_short, source};
pub(super) use common::{Shared, shared, shared_in_suite};
pub(super) use log::log_to_read;
pub(super) use naming::role;
pub(super) use overview::{page, run, total};
pub(super) use target::{case, evidence};

use crate::outcome::{Outcome, TargetOutcome};

/// The targets, those that need a person first.
pub(super) fn worst_first(outcome: &Outcome) -> Vec<&TargetOutcome> {
    let mut targets: Vec<_> = outcome.targets.iter().collect();
    targets.sort_by_key(|target| std::cmp::Reverse(target.verdict));
    targets
}

/// How many of a list are not shown, in words; nothing where all are.
fn more(all: usize, shown: usize) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        more => format!("and {more} more"),
    }
}
