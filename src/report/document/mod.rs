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
mod pages;
mod passed;
mod present;
mod release;
mod rollback;
mod target;
mod told;
mod whole;

pub(super) use answers::{MANIFEST, in_short, source};
pub(super) use common::{Shared, shared, shared_in_suite};
pub(super) use log::log_to_read;
pub(super) use naming::{in_a_line as naming_of, role};
pub(super) use overview::{page, run};
pub(super) use release::{Case, Release, is_stopped, is_unwatched, suspicion, total};
pub(super) use target::{case, evidence};
pub(super) use whole::{notes, own_settings, problems, set};

use std::cmp::Reverse;

use crate::{
    observation::TargetId,
    outcome::{Outcome, TargetOutcome},
};

/// The targets, those that need a person first, and of these the ones that broke others; those that were stopped come after
/// others that could not be judged. Where the present state is judged, the most urgent first.
pub(super) fn worst_first(outcome: &Outcome) -> Vec<&TargetOutcome> {
    let origins: Vec<_> = outcome.common.iter().filter_map(|common| common.origin).collect();
    let mut targets: Vec<_> = (0..).map(TargetId).zip(&outcome.targets).collect();
    targets.sort_by_cached_key(|(id, target)| {
        let urgency = target.policy.present.then(|| target.urgency());
        (Reverse(target.verdict), is_stopped(target), !origins.contains(id), Reverse(urgency))
    });
    targets.into_iter().map(|(_, target)| target).collect()
}

/// Rows of a table of targets.
const LISTED: usize = 200;
