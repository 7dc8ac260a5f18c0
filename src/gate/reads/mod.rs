//! How fresh the gate's knowledge is, and when the next consistent read is due.

mod access;

use std::time::Duration;

use crate::{
    model::Elapsed,
    observation::{FailureKind, ReadFailure},
};

/// Between consistent reads, where nothing asks for one sooner.
const INTERVAL: Duration = Duration::from_secs(10);
/// The same where watches are not permitted.
const INTERVAL_WITHOUT_WATCH: Duration = Duration::from_secs(2);
/// After a watch showed a change: several come together.
const SETTLE: Duration = Duration::from_millis(300);
/// After a read that failed.
const RETRY: Duration = Duration::from_secs(1);

/// Refusals in a row that end the run.
const REFUSALS: u32 = 2;

/// The state of consistent reads.
#[derive(Debug, Default)]
pub(super) struct Reads {
    /// When the target became known.
    began: Elapsed,
    /// The last one that succeeded.
    last_good: Option<Elapsed>,
    /// Those that succeeded.
    good: u64,
    /// Those that failed.
    failed: u64,
    /// The longest time between two that succeeded.
    longest_gap: Duration,
    /// Why the last one failed; `None` if it did not.
    failure: Option<ReadFailure>,
    /// Refusals in a row.
    refusals: u32,
    /// Watches are not permitted.
    without_watch: bool,
    under_way: Option<Elapsed>,
    /// Asked for while one was under way: that one may have begun too early to show it.
    again: Option<Elapsed>,
    next: Elapsed,
    /// After a failure none is started before this time, whoever wants it.
    not_before: Elapsed,
    /// How long the last one took: the next is spaced accordingly, so that big fleets do not read all the time.
    took: Duration,
    /// Between reads, where nothing asks for one sooner.
    interval: Duration,
    /// When the recording ended that is replayed.
    recording_ended: Option<Elapsed>,
}

impl Reads {
    /// The first one is due at `began`. `stale` is the longest time that may pass without one: three are tried in it.
    pub(super) fn new(began: Elapsed, stale: Duration) -> Self {
        Self { began, interval: INTERVAL.min(stale / 3), ..Self::default() }
    }

    /// Another time than the one that it was made with.
    pub(super) fn set_stale(&mut self, stale: Duration) {
        self.interval = INTERVAL.min(stale / 3);
    }

    /// Asks for a read at this time, or sooner if one is due.
    pub(super) fn want(&mut self, at: Elapsed) {
        let at = at.max(self.not_before);
        if self.under_way.is_some() {
            self.again = Some(self.again.map_or(at, |again| again.min(at)));
        } else {
            self.next = self.next.min(at);
        }
    }

    /// A watch showed a change.
    pub(super) fn want_soon(&mut self, now: Elapsed) {
        self.want(now + SETTLE.max(self.took * 10));
    }

    /// Starts a read if one is due; tells whether it did.
    pub(super) fn start(&mut self, now: Elapsed) -> bool {
        let is_due = self.under_way.is_none() && self.next <= now;
        if is_due {
            self.under_way = Some(now);
        }
        is_due
    }

    /// A read succeeded that was `begun` then, if not when it was asked for here; tells when that was. One that had begun
    /// too early to answer is followed by another.
    pub(super) fn succeed(&mut self, now: Elapsed, begun: Option<Elapsed>) -> Elapsed {
        let asked = self.under_way.take();
        let begun = begun.or(asked);
        if asked > begun {
            self.again = Some(now);
        }
        self.took = begun.map_or(self.took, |start| now.since(start));
        self.longest_gap = self.longest_gap.max(now.since(self.last_good.unwrap_or(self.began)));
        self.last_good = Some(now);
        self.good += 1;
        self.failure = None;
        self.refusals = 0;
        let longest = if self.without_watch { INTERVAL_WITHOUT_WATCH } else { INTERVAL };
        let regular = now + self.interval.min(longest).max(self.took * 3);
        self.next = self.again.take().map_or(regular, |again| again.max(now).min(regular));
        begun.unwrap_or(now)
    }

    /// A read failed.
    pub(super) fn fail(&mut self, now: Elapsed, failure: ReadFailure) {
        let refused = matches!(failure.kind, FailureKind::Forbidden | FailureKind::Unauthorized);
        self.refusals = if refused { self.refusals + 1 } else { 0 };
        self.under_way = None;
        self.failed += 1;
        self.failure = Some(failure);
        self.again = None;
        self.not_before = now + RETRY;
        self.next = self.not_before;
    }

    /// Watches are not permitted, so that reads alone show changes.
    pub(super) fn go_without_watch(&mut self) {
        self.without_watch = true;
    }

    /// When the last one succeeded.
    pub(super) fn last_good(&self) -> Option<Elapsed> {
        self.last_good
    }

    /// There is nothing more to read in the recording that is replayed.
    pub(super) fn end_recording(&mut self, now: Elapsed) {
        self.recording_ended = Some(now);
    }

    pub(super) fn recording_ended(&self) -> Option<Elapsed> {
        self.recording_ended
    }

    /// Why the last one failed; `None` if it did not.
    pub(super) fn failure(&self) -> Option<&ReadFailure> {
        self.failure.as_ref()
    }

    /// Why it was refused; `None` for a single time, which may have been while permissions were changed.
    pub(super) fn refusal(&self) -> Option<&ReadFailure> {
        self.failure.as_ref().filter(|_| self.refusals >= REFUSALS)
    }

    /// Whether the last one failed and time has passed since one succeeded.
    pub(super) fn are_stale(&self, now: Elapsed) -> bool {
        self.failure.is_some() && !self.age(now).is_zero()
    }

    /// How many succeeded and how many failed.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.good, self.failed)
    }

    /// The longest time between two that succeeded, by now.
    pub(super) fn longest_gap(&self, now: Elapsed) -> Duration {
        self.longest_gap.max(self.age(now))
    }

    /// How long ago the last good read was; since the start if there was none.
    pub(super) fn age(&self, now: Elapsed) -> Duration {
        now.since(self.last_good.unwrap_or(self.began))
    }

    /// When the grace for stale reads ends.
    pub(super) fn stale_at(&self, grace: Duration) -> Elapsed {
        self.last_good.unwrap_or(self.began) + grace
    }

    /// When a read is to be started; `None` while one is under way.
    pub(super) fn due(&self) -> Option<Elapsed> {
        self.under_way.is_none().then_some(self.next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Resource;

    fn refused() -> ReadFailure {
        let message = "no".into();
        ReadFailure { resource: Resource::Pods, kind: FailureKind::Forbidden, message }
    }

    #[test]
    fn one_read_at_a_time() {
        let mut reads = Reads::new(Elapsed::ZERO, Duration::from_secs(30));
        assert!(reads.start(Elapsed::ZERO));
        assert!(!reads.start(Elapsed::from_secs(1)));
        reads.succeed(Elapsed::from_secs(1), None);
        assert_eq!(reads.due(), Some(Elapsed::from_secs(11)));
    }

    #[test]
    fn a_read_that_began_before_a_gap_does_not_close_it() {
        let mut reads = Reads::new(Elapsed::ZERO, Duration::from_secs(30));
        reads.start(Elapsed::ZERO);
        reads.want(Elapsed::from_secs(1));
        reads.succeed(Elapsed::from_secs(2), None);
        assert_eq!(reads.due(), Some(Elapsed::from_secs(2)));
        reads.start(Elapsed::from_secs(2));
        reads.succeed(Elapsed::from_secs(3), None);
        assert_eq!(reads.due(), Some(Elapsed::from_secs(13)));
    }

    #[test]
    fn a_slow_read_spaces_the_next_ones() {
        let mut reads = Reads::new(Elapsed::ZERO, Duration::from_secs(30));
        reads.start(Elapsed::ZERO);
        reads.succeed(Elapsed::from_secs(4), None);
        assert_eq!(reads.due(), Some(Elapsed::from_secs(16)));
        reads.want_soon(Elapsed::from_secs(5));
        assert_eq!(reads.due(), Some(Elapsed::from_secs(16)));
    }

    #[test]
    fn three_reads_are_tried_within_the_grace() {
        let mut reads = Reads::new(Elapsed::ZERO, Duration::from_secs(3));
        reads.start(Elapsed::ZERO);
        reads.succeed(Elapsed::ZERO, None);
        assert_eq!(reads.due(), Some(Elapsed::from_secs(1)));
    }

    #[test]
    fn refusals_count_only_in_a_row() {
        let mut reads = Reads::new(Elapsed::ZERO, Duration::from_secs(30));
        reads.fail(Elapsed::ZERO, refused());
        reads.fail(Elapsed::ZERO, refused());
        assert_eq!(reads.refusals, 2);
        reads.succeed(Elapsed::ZERO, None);
        assert_eq!((reads.refusals, reads.failed, reads.good), (0, 2, 1));
    }
}
