//! The answers of the API server, a line each.

use crate::{
    model::TargetKind,
    observation::{AccessReview, Resource},
};

pub(super) fn line(kind: &TargetKind, review: &AccessReview) -> String {
    let resource = match review.resource {
        Resource::Workload => kind.plural(),
        other => other.as_str(),
    };
    let optional = match review.resource {
        _ if review.allowed || is_needed(review) => None,
        Resource::NodeLeases => {
            Some("no (optional: a pass will not check that nodes still report)")
        }
        Resource::Services => {
            Some("no (optional: a Service that does not find the new pods will go unnoticed)")
        }
        Resource::Nodes => Some("no (optional: pods alone will tell which nodes are lost)"),
        _ => None,
    };
    let answer = optional.unwrap_or_else(|| answer(review.allowed, is_needed(review)));
    told(&review.verb, resource, answer)
}

pub(super) const fn answer(is_allowed: bool, is_needed: bool) -> &'static str {
    match (is_allowed, is_needed) {
        (true, _) => "yes",
        (false, true) => "NO (required)",
        (false, false) => "no (optional: reports will be incomplete)",
    }
}

pub(super) fn told(verb: &str, resource: &str, answer: &str) -> String {
    format!("  {verb:<6} {resource:<12} {answer}")
}

/// Whether a verdict needs it; the rest gives evidence or speed.
pub(super) fn is_needed(review: &AccessReview) -> bool {
    let judged = matches!(
        review.resource,
        Resource::Workload | Resource::ReplicaSets | Resource::ControllerRevisions | Resource::Pods
    );
    judged && review.verb.as_ref() != "watch"
}
