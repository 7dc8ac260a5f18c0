//! Requests for evidence that wait for a free connection. The evidence of a release has a budget: the time after its verdict.

use std::{cmp::Reverse, collections::BTreeSet};

use crate::{evidence::EvidenceRequest, observation::TargetId};

/// Of a rollout the targets that asked first get all of their evidence first; what is left of the time is for the others.
const IN_FULL: usize = 10;

/// Of the present state it is the worst ones, and for each other one there is a log and nothing else: what is broken at once
/// may be hundreds, and the API server is in the same outage.
const WORST_IN_FULL: usize = 20;

/// What waits, in the order in which it was asked for.
#[derive(Debug)]
pub(super) struct Queue {
    waiting: Vec<(TargetId, EvidenceRequest)>,
    /// Those that asked; the ones that get all of their evidence come first.
    asked: Vec<TargetId>,
    /// Those that got a log.
    have_log: BTreeSet<TargetId>,
    is_of_present: bool,
}

impl Queue {
    /// Nothing waits yet. `is_of_present`: the present state is judged.
    pub(super) fn new(is_of_present: bool) -> Self {
        let (waiting, asked, have_log) = (Vec::new(), Vec::new(), BTreeSet::new());
        Self { waiting, asked, have_log, is_of_present }
    }

    /// How many targets get all of their evidence.
    fn in_full(&self) -> usize {
        if self.is_of_present { WORST_IN_FULL } else { IN_FULL }
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
        if self.waiting.is_empty() {
            return;
        }
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
        let ranked =
            free.filter_map(|(at, (target, request))| Some((self.rank(*target, request)?, at)));
        let (_, next) = ranked.min()?;
        let (target, request) = self.waiting.remove(next);
        if matches!(request, EvidenceRequest::Log(_)) {
            self.have_log.insert(target);
        }
        Some((target, request))
    }

    /// What was not asked for, and why.
    pub(super) fn into_rest(self) -> (Vec<(TargetId, EvidenceRequest)>, String) {
        let why = match self.is_of_present {
            true => format!("only the worst {WORST_IN_FULL} targets have all evidence"),
            false => "it did not come in time after the verdict".to_owned(),
        };
        (self.waiting, why)
    }

    /// Its place in the order; `None` where it is not asked for.
    fn rank(&self, target: TargetId, request: &EvidenceRequest) -> Option<u8> {
        let is_first = || self.asked.iter().take(self.in_full()).any(|first| *first == target);
        match request {
            // a verdict may hang on it
            EvidenceRequest::Events(of) if &*of.kind == "Pod" => Some(0),
            EvidenceRequest::Events(_) if !self.is_of_present => Some(0),
            _ if is_first() => Some(0),
            EvidenceRequest::Log(_) => {
                (!self.is_of_present || !self.have_log.contains(&target)).then_some(1)
            }
            EvidenceRequest::Events(_)
            | EvidenceRequest::Change(_)
            | EvidenceRequest::Details(_) => (!self.is_of_present).then_some(2),
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
    fn of_the_present_state_the_worst_targets_get_all_and_each_other_one_a_log_alone() {
        let mut queue = Queue::new(true);
        for target in (0..22).map(TargetId) {
            ["details", "log", "log"].iter().for_each(|kind| queue.push(target, request(kind)));
        }
        queue.favour(|target| target.0);
        let order: Vec<_> = std::iter::from_fn(|| queue.pop(|_| true)).collect();
        let last: Vec<_> = order[60..].iter().map(|(target, _)| target.0).collect();
        assert_eq!(last, [0, 1]);
        assert_eq!(queue.into_rest().0.len(), 4);
    }

    #[test]
    fn a_target_that_may_not_ask_holds_up_no_other() {
        let mut queue = Queue::new(false);
        queue.push(TargetId(0), request("log"));
        queue.push(TargetId(1), request("log"));
        assert_eq!(queue.pop(|target| target.0 == 1).unwrap().0, TargetId(1));
        assert_eq!(queue.pop(|target| target.0 == 1), None);
        assert_eq!(queue.into_rest().0.len(), 1);
    }
}
