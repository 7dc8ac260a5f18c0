//! The only reader of clocks: the time that the gate judges by, and the date for people.

use crate::model::Elapsed;

/// The gate's own time. It stands on a monotonic clock, so that a change of the machine's date alters nothing; it is
/// tokio's, so that a test can pause it.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: tokio::time::Instant,
    started_at: jiff::Timestamp,
}

impl Clock {
    /// Starts to count.
    #[expect(clippy::disallowed_methods, reason = "the one place where clocks are read")]
    pub fn start() -> Self {
        Self { start: tokio::time::Instant::now(), started_at: jiff::Timestamp::now() }
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Elapsed {
        self.start.elapsed().into()
    }

    /// When `elapsed` will be reached, to sleep until then.
    pub fn instant(&self, elapsed: Elapsed) -> tokio::time::Instant {
        self.start + elapsed.since(Elapsed::ZERO)
    }

    /// The date of the start, by this machine's clock.
    pub fn started_at(&self) -> jiff::Timestamp {
        self.started_at
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn time_can_be_paused_and_slept_to() {
        let clock = Clock::start();
        assert_eq!(clock.elapsed(), Elapsed::ZERO);
        tokio::time::advance(Duration::from_millis(1500)).await;
        assert_eq!(clock.elapsed(), Elapsed::from_millis(1500));
        tokio::time::sleep_until(clock.instant(Elapsed::from_secs(90))).await;
        assert_eq!(clock.elapsed(), Elapsed::from_secs(90));
    }
}
