//! What a condition that a rollout misses says of it, where its pods explain nothing: whose it is, and what to do.

use std::time::Duration;

use crate::{
    gate::{
        Attribution, Cause, Gate,
        kind::Unmet,
        symptom::{Awaited, Explained, Limit, Symptom},
    },
    phrases::{NextStep, custom, unjudged, waiting},
    text::Clean,
};

impl Gate {
    /// What keeps the rollout from being complete, by what it misses.
    pub(in crate::gate) fn obstacle(&self, unmet: Unmet) -> Awaited {
        let leaving = self.longest_leaving();
        let stalled = |message, attribution, step: NextStep, only_needs_time| {
            awaited(Cause::Stalled, message, attribution, step, only_needs_time)
        };
        if let Some(namespace) = self.going_namespace() {
            let step = unjudged::wait_for_namespace().what.into();
            return stalled(namespace, Attribution::Unknown, step, false);
        }
        match (unmet, leaving) {
            (Unmet::NoRevision { .. } | Unmet::OldPods { .. }, Some(pod)) => {
                let age = self.age_of(pod);
                stalled(pod.words(age), pod.attribution(age), pod.next_step(age).into(), false)
            }
            (Unmet::MinReadySeconds { seconds, .. }, _) => {
                let min_ready = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
                let timeout = self.min_ready_is_too_long().map(|_| self.policy.timeout);
                let message = waiting::not_ready_for(min_ready, timeout);
                let step = waiting::allow_min_ready(min_ready).into();
                awaited(Cause::NotReady, message, Attribution::Configuration, step, false)
            }
            (Unmet::Status, _) => {
                let wait = self.conditions.waits().first().cloned().unwrap_or_default();
                let step = custom::check_controller(&self.target, wait.is_silent);
                let attribution =
                    if wait.is_silent { Attribution::Platform } else { Attribution::Unknown };
                stalled(wait.obstacle, attribution, step, true)
            }
            (unmet, _) => {
                let (attribution, step) = remedy(unmet);
                let only_needs_time =
                    attribution != Attribution::Platform && unmet != Unmet::Promotion;
                let message = unmet.obstacle(self.target.kind.kind());
                stalled(message, attribution, step.into(), only_needs_time)
            }
        }
    }
}

fn awaited(
    cause: Cause,
    message: Clean,
    attribution: Attribution,
    next_step: NextStep,
    only_needs_time: bool,
) -> Awaited {
    let symptom = Symptom::new(cause, attribution, message, Limit::Deadline);
    let explained = Explained { next_step: Some(next_step), scene: None, only_needs_time };
    Awaited { symptom, explained }
}

/// Whose a missed condition is that no pod explains, and where to look.
fn remedy(unmet: Unmet) -> (Attribution, Clean) {
    match unmet {
        Unmet::Generation
        | Unmet::NoRevision { .. }
        | Unmet::Revision
        | Unmet::Size
        | Unmet::Counts { .. } => (Attribution::Platform, waiting::check_controller_manager()),
        Unmet::LostNodes { .. } => (Attribution::Platform, waiting::restore_nodes()),
        Unmet::Pods { active, desired, .. } if active < desired => {
            (Attribution::Platform, waiting::check_creator())
        }
        Unmet::Steps { .. } => (Attribution::Configuration, waiting::check_steps()),
        Unmet::Promotion => (Attribution::Unknown, waiting::check_rollout()),
        Unmet::Completions { .. } => (Attribution::Unknown, waiting::check_logs()),
        Unmet::ReplicaFailure
        | Unmet::Status
        | Unmet::Pods { .. }
        | Unmet::MinReadySeconds { .. }
        | Unmet::OldPods { .. } => (Attribution::Unknown, waiting::check_pods()),
    }
}
