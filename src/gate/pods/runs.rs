//! The ended runs of a container, as readings of its pod show them: which are news, and which count.

use std::{sync::Arc, time::Duration};

use super::termination::{self, Ending};
use crate::{
    gate::Cause,
    model::{
        Container, ContainerState, ContainerStatus, Elapsed, KubeEvent, Pod, RestartPolicy, Role,
        ServerTime, Termination,
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
}

impl Counting {
    /// Whether what a pod shows that is seen for the first time is part of the rollout.
    pub(in crate::gate) fn includes(self, pod: &Pod) -> bool {
        match self {
            Self::FromFirstSight | Self::Since(None) => self == Self::Since(None),
            Self::Since(Some(from)) => pod.metadata.created.is_none_or(|created| created >= from),
        }
    }
}

/// What is remembered of a container that ended at least once.
#[derive(Debug)]
pub(in crate::gate) struct ContainerRecord {
    pub(in crate::gate) name: Arc<str>,
    pub(in crate::gate) role: Role,
    /// Terminations that do not count since they are older than the rollout or the gate.
    baseline: u32,
    /// Terminations in all, seen or not.
    total: u32,
    /// Added to the kubelet's count since it was set back.
    offset: u32,
    kubelet_count: u32,
    /// Terminations that the platform or a wanted change caused.
    excused: u32,
    /// The last reading showed it as ended, and no next run.
    is_over: bool,
    /// The ended runs that were seen, the latest last.
    pub(in crate::gate) runs: Vec<Run>,
}

/// One ended run.
#[derive(Clone, Debug)]
pub(in crate::gate) struct Run {
    key: Box<str>,
    pub(in crate::gate) termination: Termination,
    pub(in crate::gate) seen: Elapsed,
    pub(in crate::gate) ending: Ending,
    /// What it is taken for if no event tells more.
    otherwise: Ending,
    /// It is part of the baseline.
    pub(in crate::gate) earlier: bool,
    /// An event about a kill may still come.
    can_be_a_kill: bool,
}

/// How many runs are kept of a container; older ones stay counted.
const RUNS: usize = 12;

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

impl ContainerRecord {
    /// A container that ended for the first time, as far as is known; `None` if it did not end.
    pub(in crate::gate) fn first(sight: &Sight<'_>) -> Option<Self> {
        let ends = [sight.last(), sight.current()];
        let total = sight.total();
        (total > 0 || ends[0].is_some()).then(|| Self {
            name: sight.container.name.clone(),
            role: sight.role,
            baseline: baseline(sight.pod, total, ends, sight.counting),
            total: 0,
            offset: 0,
            kubelet_count: 0,
            excused: 0,
            is_over: false,
            runs: Vec::new(),
        })
    }

    /// Takes a reading in; tells whether it brought news of an end.
    pub(in crate::gate) fn observe(&mut self, sight: &Sight<'_>, is_first: bool) -> bool {
        let before = self.total.max(self.baseline);
        let is_growing = self.count(sight);
        let (last, current) = (sight.last(), sight.current());
        let mut is_news = false;
        let mut told_apart = 0;
        for (end, is_last) in [(last, false), (current, true)] {
            let Some(end) = end else { continue };
            let ending = sight.ending(end, is_last);
            let pushed = self.push(Run {
                key: sight.key(end, is_last),
                termination: end.clone(),
                seen: sight.now,
                ending: ending.clone(),
                otherwise: sight.otherwise(end, is_last),
                earlier: is_first && sight.is_earlier(end),
                can_be_a_kill: sight.container.can_be_killed_by_rule()
                    && termination::can_be_a_kill(end),
            });
            told_apart += u32::from(pushed && !termination::is_lost(end));
            is_news |= pushed || self.learn(sight, end, is_last, ending);
        }
        if let Some((cause, end)) = failed_start(sight.status)
            && !sight.pod.metadata.is_terminating()
        {
            is_news |= self.push(Run {
                key: format!("{cause}:{}", sight.status.restart_count).into(),
                termination: end,
                seen: sight.now,
                ending: Ending::Counted(cause),
                otherwise: Ending::Counted(cause),
                earlier: false,
                can_be_a_kill: false,
            });
        }
        if current.or(last).is_some_and(termination::is_lost) {
            // what the kubelet added for a container that it lost is told apart by nothing
            let grown = self.total.max(self.baseline) - before;
            self.excused += grown.saturating_sub(told_apart);
        }
        is_news || is_growing
    }

    /// Takes the kubelet's count in. Counts only grow, so an older reading adds nothing, and its lower count is no loss.
    fn count(&mut self, sight: &Sight<'_>) -> bool {
        if sight.outdated {
            return false;
        }
        let before = self.total;
        if sight.status.restart_count < self.kubelet_count {
            // the kubelet lost its count with the dead containers: what was counted stays counted
            self.offset = self.total;
        }
        self.kubelet_count = sight.status.restart_count;
        self.total = self.total.max(self.offset.saturating_add(sight.total()));
        self.is_over = sight.status.state.termination().is_some();
        self.total > before
    }

    /// Adds a run unless it is known; tells whether it was not.
    fn push(&mut self, run: Run) -> bool {
        if self.runs.iter().any(|known| known.key == run.key) {
            return false;
        }
        let is_lost = termination::is_lost(&run.termination);
        if matches!(run.ending, Ending::Excused(_)) && !run.earlier && !is_lost {
            self.excused += 1;
        }
        self.runs.push(run);
        if self.runs.len() > RUNS {
            self.runs.remove(0);
        }
        true
    }

    /// A pod may say only after its containers ended that it was given up: the kubelet writes the phase and its reason last.
    fn learn(
        &mut self,
        sight: &Sight<'_>,
        end: &Termination,
        is_last: bool,
        ending: Ending,
    ) -> bool {
        let key = sight.key(end, is_last);
        let Some(index) = self.runs.iter().position(|run| run.key == key) else { return false };
        let run = &mut self.runs[index];
        if is_last && !sight.outdated {
            run.otherwise = sight.otherwise(end, is_last);
        }
        let is_open = matches!(
            run.ending,
            Ending::Undecided | Ending::Counted(Cause::CrashLoop | Cause::Exited)
        );
        let is_told = is_open && ending != Ending::Undecided && ending != run.ending;
        if is_told {
            self.decide(index, ending);
        }
        is_told
    }

    /// Restarts that count.
    pub(in crate::gate) fn restarts(&self) -> u32 {
        self.total.saturating_sub(self.baseline).saturating_sub(self.excused)
    }

    /// Terminations older than the rollout or the gate.
    pub(in crate::gate) fn earlier_restarts(&self) -> u32 {
        self.baseline
    }

    /// Whether events must still tell why a run ended.
    pub(in crate::gate) fn is_undecided(&self) -> bool {
        self.runs.iter().any(|run| run.ending == Ending::Undecided)
    }

    /// Why the last run that counts ended. A termination that was missed is a crash until something else is known.
    pub(in crate::gate) fn cause(&self) -> Cause {
        let counted = self.runs.iter().rev().find_map(|run| match &run.ending {
            Ending::Counted(cause) if !run.earlier => Some(*cause),
            Ending::Counted(_) | Ending::Excused(_) | Ending::Undecided => None,
        });
        counted.unwrap_or(Cause::CrashLoop)
    }

    /// The last run that counts.
    pub(in crate::gate) fn last_counted(&self) -> Option<&Run> {
        self.runs.iter().rev().find(|run| matches!(run.ending, Ending::Counted(_)) && !run.earlier)
    }

    /// The longest run that ended before deploygate started.
    pub(in crate::gate) fn longest_earlier_run(&self) -> Option<Duration> {
        self.runs
            .iter()
            .filter(|run| run.earlier)
            .filter_map(|run| run.termination.lifetime())
            .max()
    }

    /// Decides why runs ended, by the events of the pod; without any, by themselves.
    pub(in crate::gate) fn decide_runs(
        &mut self,
        events: Option<&[KubeEvent]>,
        now: Elapsed,
    ) -> Answer {
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
            let ending = told.unwrap_or_else(|| run.otherwise.clone());
            self.decide(index, ending);
            answer.is_decided = true;
        }
        answer
    }

    /// Decides why a run ended.
    fn decide(&mut self, index: usize, ending: Ending) {
        if let Some(run) = self.runs.get_mut(index) {
            if matches!(ending, Ending::Excused(_)) && !run.earlier {
                self.excused += 1;
            }
            run.ending = ending;
        }
    }
}

impl Run {
    /// Whether it ended by a signal that stops, which programs do not send themselves, and the kernel did not for memory.
    fn was_stopped(&self) -> bool {
        self.termination.exit_code != 0 && termination::can_be_a_kill(&self.termination)
    }
}

impl Sight<'_> {
    /// The end of the run before the one that is shown, if it is news.
    fn last(&self) -> Option<&Termination> {
        self.status.last_state.termination().filter(|end| self.is_news(end))
    }

    /// The end of the run that is shown, if it is news and not what the container is for.
    fn current(&self) -> Option<&Termination> {
        let end = self.status.state.termination()?;
        (!self.is_wanted(end) && self.is_news(end)).then_some(end)
    }

    fn policy(&self) -> RestartPolicy {
        self.pod.restart_policy(self.role, self.container)
    }

    fn is_wanted(&self, end: &Termination) -> bool {
        termination::is_wanted(end, self.role, self.policy())
    }

    /// Whether a deletion did not end it.
    fn is_news(&self, end: &Termination) -> bool {
        let is_told = self.request_was_seen || !termination::can_be_a_kill(end);
        (self.requested.is_none() || is_told) && ended_by_itself(end, self.requested)
    }

    /// Ends in all, by what this reading shows.
    fn total(&self) -> u32 {
        let waits = failed_start(self.status).is_some() || waits_in_back_off(self.status);
        let is_dead = self.current().is_some() || (waits && !self.pod.metadata.is_terminating());
        self.status.restart_count.saturating_add(u32::from(is_dead))
    }

    fn ending(&self, end: &Termination, is_last: bool) -> Ending {
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
    fn otherwise(&self, end: &Termination, is_last: bool) -> Ending {
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
    fn key(&self, end: &Termination, is_last: bool) -> Box<str> {
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
    fn is_earlier(&self, end: &Termination) -> bool {
        match self.counting {
            Counting::FromFirstSight => true,
            Counting::Since(from) => finished_before(self.pod, end, from),
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
fn failed_start(status: &ContainerStatus) -> Option<(Cause, Termination)> {
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

/// Terminations of a pod's container that do not count, at its first sight.
fn baseline(pod: &Pod, total: u32, visible: [Option<&Termination>; 2], counting: Counting) -> u32 {
    match counting {
        Counting::FromFirstSight => total,
        Counting::Since(None) => 0,
        Counting::Since(Some(from)) => {
            if pod.metadata.created.is_none_or(|created| created >= from) {
                return 0;
            }
            let late =
                visible.into_iter().flatten().filter(|end| !finished_before(pod, end, Some(from)));
            total.saturating_sub(u32::try_from(late.count()).unwrap_or(u32::MAX))
        }
    }
}

fn finished_before(pod: &Pod, end: &Termination, from: Option<ServerTime>) -> bool {
    let Some(from) = from else { return false };
    pod.metadata.created.is_some_and(|created| created < from)
        && end.finished_at.is_some_and(|finished| finished < from)
}
