//! The times at which the gate is to be called although nothing was observed.

use crate::model::Elapsed;

/// What time alone brings about. Of those that are due together the first comes first: what proves a revision bad is
/// judged before the deadline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// A request for events was not answered.
    Answer,
    /// The deadline of the workload's own controller is taken for good.
    OwnDeadline,
    /// A grace period ends.
    Grace,
    /// The last consistent read is too old.
    Stale,
    /// The rollout phase ends, its last read is given up, or the run has lasted as long as it may.
    Deadline,
    /// Events of a pod are to be read.
    Events,
    /// Leases of nodes are to be read.
    Leases,
    /// A consistent read is to be made.
    Read,
}

impl Timer {
    const COUNT: usize = Self::ALL.len();

    pub(super) const ALL: [Self; 8] = [
        Self::Answer,
        Self::OwnDeadline,
        Self::Grace,
        Self::Stale,
        Self::Deadline,
        Self::Events,
        Self::Leases,
        Self::Read,
    ];
}

/// When each timer is due; `None` where it does not run.
#[derive(Debug, Default)]
pub(super) struct TimerTable([Option<Elapsed>; Timer::COUNT]);

impl TimerTable {
    /// Sets or stops a timer.
    pub(super) fn set(&mut self, timer: Timer, due: Option<Elapsed>) {
        self.0[timer as usize] = due;
    }

    /// Stops the first timer that is due by `now`, and tells which one it was.
    pub(super) fn expire(&mut self, now: Elapsed) -> Option<Timer> {
        let is_due = |timer: &Timer| self.0[*timer as usize].is_some_and(|due| due <= now);
        let timer = Timer::ALL.into_iter().find(is_due)?;
        self.set(timer, None);
        Some(timer)
    }

    /// When the next timer is due.
    pub(super) fn next(&self) -> Option<Elapsed> {
        self.0.iter().flatten().min().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_timer_has_a_place_of_its_own() {
        for (index, timer) in Timer::ALL.into_iter().enumerate() {
            assert_eq!(timer as usize, index);
        }
    }

    #[test]
    fn of_timers_that_are_due_the_first_in_order_comes_first_and_each_once() {
        let at = Elapsed::from_secs;
        let mut timers = TimerTable::default();
        timers.set(Timer::Deadline, Some(at(2)));
        timers.set(Timer::Grace, Some(at(3)));
        timers.set(Timer::Read, Some(at(4)));
        assert_eq!((timers.next(), timers.expire(at(1))), (Some(at(2)), None));
        let expired: Vec<_> = std::iter::from_fn(|| timers.expire(at(3))).collect();
        assert_eq!(expired, [Timer::Grace, Timer::Deadline]);
        assert_eq!(timers.next(), Some(at(4)));
    }
}
