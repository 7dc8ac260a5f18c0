//! A container in one reading of its pod: which ends it shows are news, and what they are taken for.

use std::time::Duration;

use super::termination::{self, Ending};
use crate::{
    gate::Cause,
    model::{
        Container, ContainerState, ContainerStatus, Elapsed, Pod, RestartPolicy, Role, ServerTime,
        Termination,
    },
    phrases::Excuse,
};

/// Which terminations of a pod count, where the pod is older than its first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) enum Counting {
    /// Those from this time on; all if the time is not known.
    Since(Option<ServerTime>),
    /// Those from the first sight on.
    FromFirstSight,
    /// Those that the run which is shown has not outlived at this time: it must last for the window, and twice as long as
    /// the one that ended.
    NotOutlived { now: ServerTime, window: Duration },
}

impl Counting {
    /// Whether what a pod shows that is seen for the first time is part of the rollout.
    pub(in crate::gate) fn includes(self, pod: &Pod) -> bool {
        match self {
            Self::FromFirstSight => false,
            Self::Since(None) | Self::NotOutlived { .. } => true,
            Self::Since(Some(from)) => pod.metadata.created.is_none_or(|created| created >= from),
        }
    }
}

/// A container in a reading of its pod.
pub(in crate::gate) struct Sight<'a> {
    pub(in crate::gate) pod: &'a Pod,
    pub(in crate::gate) role: Role,
    pub(in crate::gate) container: &'a Container,
    pub(in crate::gate) status: &'a ContainerStatus,
    pub(in crate::gate) now: Elapsed,
    pub(in crate::gate) counting: Counting,
    /// A later reading is known.
    pub(in crate::gate) outdated: bool,
    /// When the pod's deletion was asked for, and whether that was seen: its last state lets it be guessed only.
    pub(in crate::gate) requested: Option<ServerTime>,
    pub(in crate::gate) request_was_seen: bool,
}

impl Sight<'_> {
    /// The end of the run before the one that is shown, if it is news.
    pub(super) fn last(&self) -> Option<&Termination> {
        self.status.last_state.termination().filter(|end| self.is_news(end))
    }

    /// The end of the run that is shown, if it is news and not what the container is for.
    pub(super) fn current(&self) -> Option<&Termination> {
        let end = self.status.state.termination()?;
        (!self.is_wanted(end) && self.is_news(end)).then_some(end)
    }

    fn policy(&self) -> RestartPolicy {
        self.pod.restart_policy(self.role, self.container)
    }

    pub(super) fn is_wanted(&self, end: &Termination) -> bool {
        termination::is_wanted(end, self.role, self.policy())
    }

    /// Whether a deletion did not end it.
    fn is_news(&self, end: &Termination) -> bool {
        let is_told = self.request_was_seen || !termination::can_be_a_kill(end);
        (self.requested.is_none() || is_told) && ended_by_itself(end, self.requested)
    }

    /// Ends in all, by what this reading shows.
    pub(super) fn total(&self) -> u32 {
        let waits = failed_start(self.status).is_some() || waits_in_back_off(self.status);
        let is_dead = self.current().is_some() || (waits && !self.pod.metadata.is_terminating());
        self.status.restart_count.saturating_add(u32::from(is_dead))
    }

    pub(super) fn ending(&self, end: &Termination, is_last: bool) -> Ending {
        if self.is_wanted(end) {
            return Ending::Excused(Excuse::Completed);
        }
        // where no rule can kill it, no event knows better than the kernel
        let is_told = end.ran_out_of_memory() && !self.container.can_be_killed_by_rule();
        match termination::by_pod(self.pod, end, is_last) {
            Some(told) => told,
            None if is_told => termination::without_events(end, self.role),
            None => termination::by_itself(end),
        }
    }

    /// What an end is taken for if no event tells more. A container that is always run again does not end its pod.
    pub(super) fn otherwise(&self, end: &Termination, is_last: bool) -> Ending {
        let has_ended = self.pod.has_ended();
        match termination::without_events(end, self.role) {
            Ending::Counted(Cause::CrashLoop | Cause::Exited)
                if is_last && has_ended && self.policy() == RestartPolicy::Always =>
            {
                Ending::Excused(Excuse::PodEnded)
            }
            taken => taken,
        }
    }

    /// Tells ends apart: by the run's ID; where it has none, by its time; where it has no time, by its number.
    pub(super) fn key(&self, end: &Termination, is_last: bool) -> Box<str> {
        match end.finished_at {
            _ if !end.container_id.is_empty() => end.container_id.clone(),
            Some(finished) => format!("{finished:?}").into(),
            None => {
                let started_since = u32::from(!is_last);
                format!("run {}", self.status.restart_count.saturating_sub(started_since)).into()
            }
        }
    }

    /// Whether it ended before terminations count, seen for the first time.
    pub(super) fn is_earlier(&self, end: &Termination) -> bool {
        match self.counting {
            Counting::FromFirstSight => true,
            Counting::Since(from) => finished_before(self.pod, end, from),
            Counting::NotOutlived { now, window } => self.outlives(end, now, window),
        }
    }

    /// Terminations that do not count, at the first sight.
    pub(super) fn baseline(&self) -> u32 {
        let visible = [self.last(), self.current()];
        let total = self.total();
        match self.counting {
            Counting::FromFirstSight => total,
            Counting::Since(None) => 0,
            Counting::Since(Some(from)) => {
                if self.pod.metadata.created.is_none_or(|created| created >= from) {
                    return 0;
                }
                let is_late = |end: &&Termination| !finished_before(self.pod, end, Some(from));
                let late = visible.into_iter().flatten().filter(is_late);
                total.saturating_sub(u32::try_from(late.count()).unwrap_or(u32::MAX))
            }
            Counting::NotOutlived { now, window } => {
                let [last, current] = visible;
                let is_over =
                    current.is_none() && last.is_none_or(|end| self.outlives(end, now, window));
                if is_over && !waits_in_back_off(self.status) { total } else { 0 }
            }
        }
    }

    /// Whether the run that is shown has lasted for a window and for twice the length of one that ended, or did its work.
    fn outlives(&self, end: &Termination, now: ServerTime, window: Duration) -> bool {
        match &self.status.state {
            ContainerState::Running { started_at } => {
                let lived = started_at.map_or(Duration::ZERO, |started| now.since(started));
                lived >= window.max(end.lifetime().unwrap_or_default().saturating_mul(2))
            }
            state => state.termination().is_some_and(|end| self.is_wanted(end)),
        }
    }
}

/// A run that ends while its pod is being deleted is no fault; one that ended before the deletion was asked for is.
pub(in crate::gate) fn ended_by_itself(
    end: &Termination,
    deletion_requested: Option<ServerTime>,
) -> bool {
    let Some(requested) = deletion_requested else { return true };
    end.finished_at.is_some_and(|finished| finished < requested)
}

fn waits_in_back_off(status: &ContainerStatus) -> bool {
    status.waiting().is_some_and(|waiting| waiting.reason.as_raw() == "CrashLoopBackOff")
}

/// A run that failed in its first moment, of which the kubelet speaks in a waiting reason
/// (Kubernetes 1.36 `pkg/kubelet/container/sync_result.go`, `kuberuntime_container.go`).
pub(super) fn failed_start(status: &ContainerStatus) -> Option<(Cause, Termination)> {
    let ContainerState::Waiting(waiting) = &status.state else { return None };
    let cause = match waiting.reason.as_raw() {
        "RunContainerError" => Cause::StartError,
        "PostStartHookError" => Cause::PostStart,
        _ => return None,
    };
    // the process of a failed start has no exit code; 128 is what runtimes report for it
    let exit_code = if cause == Cause::StartError { 128 } else { 0 };
    let end = Termination {
        exit_code,
        reason: waiting.reason.clone(),
        message: waiting.message.clone(),
        ..Termination::default()
    };
    Some((cause, end))
}

fn finished_before(pod: &Pod, end: &Termination, from: Option<ServerTime>) -> bool {
    let Some(from) = from else { return false };
    pod.metadata.created.is_some_and(|created| created < from)
        && end.finished_at.is_some_and(|finished| finished < from)
}
