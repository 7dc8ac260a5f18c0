//! When the rollout phase ends: by the gate's own deadline, and by that of the workload's controller.

use std::time::Duration;

use super::{Gate, kind::Unmet};
use crate::{
    model::{Elapsed, Workload},
    observation::Snapshot,
};

/// How long the last read at the deadline is waited for.
const LAST_READ: Duration = Duration::from_secs(4);
/// How long the controller's word that its deadline passed must stand: it may be left from the rollout before.
const STALLED: Duration = Duration::from_secs(10);
/// How long after the gate's deadline the controller's may end and is waited for, so that no second decides between
/// failed and timed out (contract, exit code 4).
const WAITED_FOR: Duration = Duration::from_secs(60);
/// How long the controller may take to say that its deadline ended: it looks a second later.
const REPORTED: Duration = Duration::from_secs(5);

/// The end of the rollout phase.
#[derive(Debug)]
pub(super) struct Deadline {
    /// When the rollout phase began.
    began: Elapsed,
    at: Elapsed,
    /// A last read was asked for; it is waited for until this time.
    last_read_until: Option<Elapsed>,
    /// Old pods that do not end are noted only.
    spares_old_pods: bool,
}

impl Deadline {
    pub(super) fn new(began: Elapsed, timeout: Duration) -> Self {
        let at = began + timeout;
        Self { began, at, last_read_until: None, spares_old_pods: false }
    }

    /// When the phase ends, as far as the gate itself goes.
    pub(super) fn at(&self) -> Elapsed {
        self.at
    }

    /// Puts it off until then, unless it is later already.
    pub(super) fn put_off(&mut self, until: Elapsed) {
        self.at = self.at.max(until);
    }

    /// Whether it passed and a last read is waited for.
    pub(super) fn awaits_last_read(&self) -> bool {
        self.last_read_until.is_some()
    }

    /// The last read is needed no more: the rollout is complete, or its window broke and it has more time.
    pub(super) fn give_up_last_read(&mut self) {
        self.last_read_until = None;
    }

    /// Whether old pods that do not end are noted only.
    pub(super) fn spares_old_pods(&self) -> bool {
        self.spares_old_pods
    }
}

/// The deadline of the workload's own controller, as that sees it.
#[derive(Debug, Default)]
pub(super) struct OwnDeadline(State);

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// None is known.
    #[default]
    Unknown,
    /// It ends then, unless there is progress.
    Ends(Elapsed),
    /// It passed, and this gate knows of it since then.
    Passed(Elapsed),
    /// It passed before.
    Over(Elapsed),
}

impl OwnDeadline {
    /// It ends then, unless there is progress; `None` if that is not known.
    pub(super) fn ends(&mut self, at: Option<Elapsed>) {
        self.0 = at.map_or(State::Unknown, State::Ends);
    }

    /// The controller says that it passed.
    pub(super) fn passed(&mut self, now: Elapsed, is_sure: bool) {
        // a stale condition of the rollout before is cleared within seconds (kubernetes#49637)
        if !matches!(self.0, State::Passed(_) | State::Over(_)) {
            self.0 = if is_sure { State::Over(now) } else { State::Passed(now) };
        }
    }

    /// Whether the controller has one.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self.0, State::Unknown)
    }

    /// When it is taken for good that it passed; `None` if it has not.
    pub(super) fn holds_from(&self) -> Option<Elapsed> {
        match self.0 {
            State::Passed(since) => Some(since + STALLED),
            State::Over(since) => Some(since),
            State::Unknown | State::Ends(_) => None,
        }
    }

    /// Whether it has passed, or is about to by what was last known: whoever acts on it may do so before it is told.
    pub(super) fn is_due(&self, now: Elapsed) -> bool {
        match self.0 {
            State::Ends(at) => at <= now + REPORTED,
            State::Passed(_) | State::Over(_) => true,
            State::Unknown => false,
        }
    }

    /// When the gate's deadline is judged that is `at` then: it waits for this one if that ends soon after it.
    fn judged_with(&self, at: Elapsed) -> Elapsed {
        let latest = at + WAITED_FOR;
        match self.0 {
            State::Ends(ends) if ends <= latest => at.max(ends + REPORTED),
            State::Passed(since) if since <= latest + REPORTED => at.max(since + STALLED),
            State::Unknown | State::Ends(_) | State::Passed(_) | State::Over(_) => at,
        }
    }
}

impl Gate {
    /// When the deadline is judged next, or the run has lasted as long as it may; `None` while a pass waits for others,
    /// whose deadline it is then.
    pub(super) fn deadline_due(&self) -> Option<Elapsed> {
        match self.deadline.last_read_until {
            _ if self.awaiting.due().is_some() => self.awaiting.due(),
            _ if self.held_pass().is_some() => None,
            _ if self.window_holds() => Some(self.longest_end()),
            Some(until) => Some(until),
            None => Some(self.own_deadline.judged_with(self.deadline.at)),
        }
    }

    pub(super) fn judge_deadline(&mut self) {
        if self.awaiting.due().is_some() {
            return self.judge_awaiting();
        }
        if self.held_pass().is_some() {
            return;
        }
        if self.window_holds() {
            if self.now >= self.longest_end() {
                self.decide_unseen();
            }
            return;
        }
        let due = self.own_deadline.judged_with(self.deadline.at);
        if self.now < due {
            return;
        }
        match self.deadline.last_read_until {
            None => {
                self.deadline.last_read_until = Some(self.now + LAST_READ);
                self.reads.want(self.now);
            }
            Some(until) if self.now >= until => {
                if self.reads.last_good().is_none_or(|good| good < due) {
                    self.decide_stale();
                } else {
                    self.decide_timed_out();
                }
            }
            Some(_) => {}
        }
    }

    /// The last read at the deadline did not show a complete rollout.
    pub(super) fn judge_last_read(
        &mut self,
        unmet: &[Unmet],
        workload: &Workload,
        snapshot: &Snapshot,
    ) {
        let only_old_pods = unmet.iter().all(|unmet| matches!(unmet, Unmet::OldPods { .. }));
        if only_old_pods && !self.deadline.spares_old_pods {
            // an old pod that can't end is no fault of the new revision (lagoon#3089)
            self.deadline.spares_old_pods = true;
            return self.observe_rollout(workload, snapshot);
        }
        // a run that ended, and of which events must tell why, may still prove the revision bad
        if !self.ledger.is_undecided() {
            self.decide_timed_out();
        }
    }

    /// A window that is delayed or begins again near the deadline or after it has time to, within the longest run.
    pub(super) fn give_more_time(&mut self) {
        let extra = self.policy.extra_time();
        let latest = self.policy.timeout.saturating_add(extra.saturating_mul(3));
        let latest = self.deadline.began + latest;
        self.deadline.put_off((self.now + extra).min(latest));
    }

    /// When the run ends at the latest.
    fn longest_end(&self) -> Elapsed {
        self.deadline.began + self.policy.longest_rollout()
    }
}
