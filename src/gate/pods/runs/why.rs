//! Why runs ended that do not tell it by themselves: the events of the pod are asked, and waited for.

use std::time::Duration;

use super::{ContainerRecord, Run};
use crate::{
    gate::termination::{self, Ending},
    model::{Elapsed, KubeEvent},
};

/// Between two readings of events after a run ended that a rule may have ended.
const KILL_POLL: Duration = Duration::from_millis(250);

/// How long the event about a kill is waited for. The kubelet writes it before it kills, but sends it on its own.
const KILL_EVENT: Duration = Duration::from_secs(1);

/// How long a pod may take to say that it was given up, where no event does: its kubelet looks at its containers once a
/// second, and writes the pod's own end after theirs.
const POD_WORD: Duration = Duration::from_secs(2);

/// What came of asking why runs ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::gate) struct Answer {
    /// One was decided.
    pub(in crate::gate) is_decided: bool,
    /// When to ask again for one that was not.
    pub(in crate::gate) again: Option<Elapsed>,
}

impl Answer {
    pub(in crate::gate) fn and(self, other: Self) -> Self {
        Self {
            is_decided: self.is_decided || other.is_decided,
            again: self.again.into_iter().chain(other.again).min(),
        }
    }
}

impl ContainerRecord {
    /// Decides why runs ended, by the events of the pod; without any, by themselves.
    pub(in crate::gate) fn decide_runs(
        &mut self,
        events: Option<&[KubeEvent]>,
        now: Elapsed,
    ) -> Answer {
        let put_off = events.into_iter().flatten().filter(|event| self.is_put_off(event));
        self.held_back_since = put_off.filter_map(|event| event.first).min();
        let mut answer = Answer::default();
        for index in 0..self.runs.len() {
            let run = &self.runs[index];
            if run.ending != Ending::Undecided {
                continue;
            }
            let told = events
                .and_then(|events| termination::by_events(&run.termination, &self.name, events));
            let waits_until = match events {
                Some(_) if run.can_be_a_kill => run.seen + KILL_EVENT,
                Some(_) if self.is_over && run.was_stopped() => run.seen + POD_WORD,
                None if self.is_over => run.seen + POD_WORD,
                Some(_) | None => run.seen,
            };
            if told.is_none() && now < waits_until {
                let next = if events.is_some() { now + KILL_POLL } else { waits_until };
                answer = answer.and(Answer { is_decided: false, again: Some(next) });
                continue;
            }
            let as_before = || {
                let events = events.filter(|_| run.can_be_a_kill)?;
                termination::by_earlier_kills(&run.termination, &self.name, events)
            };
            let ending = told.or_else(as_before).unwrap_or_else(|| run.otherwise.clone());
            self.decide(index, ending);
            answer.is_decided = true;
        }
        answer
    }

    /// Whether an event tells that its next run was put off (Kubernetes 1.36 `pkg/kubelet/kuberuntime/
    /// kuberuntime_manager.go`, `doBackOff`); one about its image has the same reason.
    fn is_put_off(&self, event: &KubeEvent) -> bool {
        event.has_reason("BackOff")
            && event.message.as_raw().starts_with("Back-off restarting failed container")
            && event.container() == Some(&*self.name)
    }
}

impl Run {
    /// Whether it ended by a signal that stops, which programs do not send themselves, and the kernel did not for memory.
    fn was_stopped(&self) -> bool {
        self.termination.exit_code != 0 && termination::can_be_a_kill(&self.termination)
    }
}
