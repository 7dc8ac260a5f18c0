//! Which of several targets needs a person first, where the present state is judged.

use super::{FindingState, Gate};

/// How much a target needs a person: the greater, the more. What is broken comes before what may be, of these what serves
/// nobody, then what shows it on more pods, then what was restarted more often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Urgency {
    is_broken: bool,
    is_suspected: bool,
    serves_nobody: bool,
    /// Pods that show what is wrong.
    pods: usize,
    /// Restarts of the container with the most.
    restarts: u32,
}

/// What an [`Urgency`] takes of a finding.
#[derive(Clone, Copy, Debug)]
pub struct Trouble {
    /// How sure it is.
    pub state: FindingState,
    /// Pods that show it.
    pub pods: usize,
    /// Restarts that count, of the pod with the most.
    pub restarts: Option<u32>,
}

impl Urgency {
    /// That of a target with these findings. `serves`: a pod of it is ready, of whichever revision.
    pub fn of(findings: impl Iterator<Item = Trouble>, serves: bool) -> Self {
        let is_open = |finding: &Trouble| {
            matches!(finding.state, FindingState::Confirmed | FindingState::Suspected)
        };
        let mut urgency = Self { serves_nobody: !serves, ..Self::default() };
        for Trouble { state, pods, restarts } in findings.filter(is_open) {
            urgency.is_broken |= state == FindingState::Confirmed;
            urgency.is_suspected = true;
            urgency.pods = urgency.pods.max(pods);
            urgency.restarts = urgency.restarts.max(restarts.unwrap_or_default());
        }
        urgency
    }
}

impl Gate {
    /// Whether it failed for restarts of this pod.
    pub fn blames(&self, pod: &str) -> bool {
        let confirmed = self.findings.in_state(FindingState::Confirmed);
        let mut ended = confirmed.filter(|(_, record)| record.restarts.is_some());
        ended.any(|(_, record)| record.in_order().iter().any(|(_, one)| &*one.name == pod))
    }

    /// How much the target needs a person, as far as is known by now.
    pub fn urgency(&self) -> Urgency {
        let findings = self.findings.iter().map(|(_, record)| Trouble {
            state: record.state,
            pods: record.pods().count(),
            restarts: record.restarts,
        });
        let ready = self.ledger.ready().count() as u64;
        Urgency::of(findings, self.history.serves(ready))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broken_come_first_then_those_that_serve_nobody_then_more_pods_then_more_restarts() {
        use FindingState::{Confirmed, Resolved, Suspected};
        let of = |state, pods, restarts, serves| {
            Urgency::of([Trouble { state, pods, restarts: Some(restarts) }].into_iter(), serves)
        };
        let worst_first = [
            of(Confirmed, 1, 1, false),
            of(Confirmed, 3, 1, true),
            of(Confirmed, 2, 90, true),
            of(Confirmed, 2, 7, true),
            of(Suspected, 9, 99, false),
            of(Suspected, 1, 0, true),
            Urgency::of(std::iter::empty(), false),
            of(Resolved, 5, 5, true),
        ];
        assert!(worst_first.is_sorted_by(|one, other| one > other), "{worst_first:?}");
    }
}
