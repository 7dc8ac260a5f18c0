//! Requests for evidence that wait for a free connection. The evidence of a release has a budget: the time after its verdict.

use std::cmp::Reverse;

use crate::{evidence::EvidenceRequest, observation::TargetId};

/// Of a rollout the targets that asked first get all of their evidence first; what is left of the time is for the others.
const IN_FULL: usize = 10;

/// Of the present state it is the worst ones.
const WORST_IN_FULL: usize = 20;

/// What waits, in the order in which it was asked for.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Vec<(TargetId, EvidenceRequest)>,
    /// Those that asked; the ones that get all of their evidence come first.
    asked: Vec<TargetId>,
    in_full: usize,
}

impl Queue {
    /// Nothing waits yet. `is_of_present`: the present state is judged.
    pub(super) fn new(is_of_present: bool) -> Self {
        let in_full = if is_of_present { WORST_IN_FULL } else { IN_FULL };
        Self { in_full, ..Self::default() }
    }

    /// A target asks for something.
    pub(super) fn push(&mut self, target: TargetId, request: EvidenceRequest) {
        if !self.asked.contains(&target) {
            self.asked.push(target);
        }
        self.waiting.push((target, request));
    }

    /// Has the targets with the greatest urgency come first.
    pub(super) fn favour<U: Ord>(&mut self, urgency: impl Fn(TargetId) -> U) {
        self.asked.sort_by_cached_key(|target| Reverse(urgency(*target)));
    }

    /// The next request of a target that may ask: what a verdict may need, and everything of the first targets; then a log
    /// of each; then the rest.
    pub(super) fn pop(
        &mut self,
        may_ask: impl Fn(TargetId) -> bool,
    ) -> Option<(TargetId, EvidenceRequest)> {
        let waiting = self.waiting.iter().enumerate();
        let free = waiting.filter(|(_, (target, _))| may_ask(*target));
        let (next, _) =
            free.min_by_key(|(at, (target, request))| (self.rank(*target, request), *at))?;
        Some(self.waiting.remove(next))
    }

    /// What was not asked for in time.
    pub(super) fn into_rest(self) -> Vec<(TargetId, EvidenceRequest)> {
        self.waiting
    }

    fn rank(&self, target: TargetId, request: &EvidenceRequest) -> u8 {
        match request {
            EvidenceRequest::Events(_) => 0,
            _ if self.asked.iter().take(self.in_full).any(|first| *first == target) => 0,
            EvidenceRequest::Log(_) => 1,
            EvidenceRequest::Change(_) | EvidenceRequest::Details(_) => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request(kind: &str) -> EvidenceRequest {
        let request = match kind {
            "log" => {
                json!({"log": {"pod": "app-1", "pod_uid": "u", "container": "app", "run": "previous", "container_id": "", "lines": 40}})
            }
            _ => json!({"details": {"pod": {"name": "app-1", "uid": "u"}}}),
        };
        serde_json::from_value(request).unwrap()
    }

    #[test]
    fn the_first_targets_get_all_and_each_other_one_a_log_before_the_rest() {
        let mut queue = Queue::new(false);
        for target in (0..12).map(TargetId) {
            queue.push(target, request("details"));
            queue.push(target, request("log"));
        }
        let order: Vec<_> = std::iter::from_fn(|| queue.pop(|_| true)).collect();
        let last: Vec<_> = order[20..]
            .iter()
            .map(|(target, request)| (target.0, matches!(request, EvidenceRequest::Log(_))))
            .collect();
        assert_eq!(last, [(10, true), (11, true), (10, false), (11, false)]);
    }

    #[test]
    fn of_the_present_state_the_worst_targets_get_all() {
        let mut queue = Queue::new(true);
        (0..22).map(TargetId).for_each(|target| queue.push(target, request("details")));
        queue.favour(|target| target.0);
        let order: Vec<_> = std::iter::from_fn(|| queue.pop(|_| true)).collect();
        let last: Vec<_> = order[20..].iter().map(|(target, _)| target.0).collect();
        assert_eq!(last, [0, 1]);
    }

    #[test]
    fn a_target_that_may_not_ask_holds_up_no_other() {
        let mut queue = Queue::new(false);
        queue.push(TargetId(0), request("log"));
        queue.push(TargetId(1), request("log"));
        assert_eq!(queue.pop(|target| target.0 == 1).unwrap().0, TargetId(1));
        assert_eq!(queue.pop(|target| target.0 == 1), None);
        assert_eq!(queue.into_rest().len(), 1);
    }
}
