//! The ended runs of a container, as readings of its pod show them: which are news, and which count.

mod why;

use std::{sync::Arc, time::Duration};

pub(in crate::gate) use why::Answer;

use super::{
    sight::{Counting, Sight, failed_start},
    termination::{self, Ending},
};
use crate::{
    gate::Cause,
    model::{Elapsed, Role, ServerTime, Termination},
};

/// What is remembered of a container that ended at least once.
#[derive(Debug)]
pub(in crate::gate) struct ContainerRecord {
    pub(in crate::gate) name: Arc<str>,
    pub(in crate::gate) role: Role,
    /// Terminations that do not count since they are older than the rollout or the gate.
    baseline: u32,
    /// Ends that were not seen are taken for what the seen ones were.
    by_seen: bool,
    /// Terminations in all, seen or not.
    total: u32,
    /// Added to the kubelet's count since it was set back.
    offset: u32,
    kubelet_count: u32,
    /// Terminations that the platform or a wanted change caused.
    excused: u32,
    /// The last reading showed it as ended, and no next run.
    is_over: bool,
    /// Since when the kubelet has put restarts off, as its events tell; `None` where they tell nothing.
    pub(in crate::gate) held_back_since: Option<ServerTime>,
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

impl ContainerRecord {
    /// A container that ended for the first time, as far as is known; `None` if it did not end.
    pub(in crate::gate) fn first(sight: &Sight<'_>) -> Option<Self> {
        let ends = [sight.last(), sight.current()];
        let total = sight.total();
        (total > 0 || ends[0].is_some()).then(|| Self {
            name: sight.container.name.clone(),
            role: sight.role,
            baseline: sight.baseline(),
            by_seen: matches!(sight.counting, Counting::NotOutlived { .. }),
            total: 0,
            offset: 0,
            kubelet_count: 0,
            excused: 0,
            is_over: false,
            held_back_since: None,
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
        if self.by_seen && !self.runs.is_empty() && self.last_counted().is_none() {
            return 0;
        }
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
