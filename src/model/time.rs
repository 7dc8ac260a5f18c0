//! Two clocks that must not be mixed: the gate's own, and the servers'.

use std::{fmt, ops, time::Duration};

use serde::{Deserialize, Serialize};

use super::seconds;
use crate::text::Shown;

/// Time since the gate began to watch, in whole milliseconds of a monotonic clock.
///
/// It can be made from a number and serialised, so a test and a replay have the same time as a live run.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Elapsed(u64);

impl Elapsed {
    /// The start of the watch.
    pub const ZERO: Self = Self(0);

    /// A point in time, in milliseconds since the start.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// A point in time, in seconds since the start.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds * 1000)
    }

    /// Milliseconds since the start.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Seconds since the start.
    pub fn as_secs_f64(self) -> f64 {
        seconds::of(Duration::from_millis(self.0))
    }

    /// The time from `earlier` to this point; zero if `earlier` is later.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl From<Duration> for Elapsed {
    fn from(duration: Duration) -> Self {
        Self(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }
}

impl ops::Add<Duration> for Elapsed {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(Self::from(duration).0))
    }
}

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / 1000;
        write!(f, "{}:{:02}", seconds / 60, seconds % 60)
    }
}

impl Shown for Elapsed {}

/// A server's wall-clock time, to be compared with other servers' times only.
///
/// It holds microseconds since the Unix epoch, which is as fine as Kubernetes' times are; a `Timestamp` takes twice as
/// much, and each pod has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "jiff::Timestamp", into = "jiff::Timestamp")]
pub struct ServerTime(i64);

impl From<jiff::Timestamp> for ServerTime {
    fn from(time: jiff::Timestamp) -> Self {
        Self(time.as_microsecond())
    }
}

impl From<ServerTime> for jiff::Timestamp {
    #[expect(clippy::expect_used, reason = "it was made from a Timestamp")]
    fn from(time: ServerTime) -> Self {
        Self::from_microsecond(time.0).expect("in range")
    }
}

impl ServerTime {
    /// The Unix epoch, which stands for no time where Kubernetes hands on a runtime's zero.
    pub const EPOCH: Self = Self(0);

    /// A time from seconds since the Unix epoch; `None` if out of range.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        jiff::Timestamp::from_second(seconds).ok().map(Self::from)
    }

    /// A time as an HTTP `Date` header has it (RFC 9110); `None` if it is no such date.
    pub fn from_http_date(date: &str) -> Option<Self> {
        jiff::fmt::rfc2822::parse(date).ok().map(|zoned| zoned.timestamp().into())
    }

    /// The time from `earlier` to this one; zero if `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// This time less `duration`; the time itself if that is out of range.
    pub fn minus(self, duration: Duration) -> Self {
        jiff::Timestamp::from(self).checked_sub(duration).map_or(self, Self::from)
    }

    /// So much later, as far as times go.
    pub fn plus(self, duration: Duration) -> Self {
        jiff::Timestamp::from(self).checked_add(duration).map_or(self, Self::from)
    }
}

impl fmt::Display for ServerTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", jiff::Timestamp::from(*self).strftime("%Y-%m-%d %H:%M:%S UTC"))
    }
}

impl Shown for ServerTime {}

/// What the servers' clocks show on the gate's own clock, once a consistent read told it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServerClock {
    /// What they showed at [`Elapsed::ZERO`].
    zero: Option<ServerTime>,
}

impl ServerClock {
    /// Learns what the servers' clocks show now; the first reading stays.
    pub fn set(&mut self, server_time: Option<ServerTime>, now: Elapsed) {
        if self.zero.is_none() {
            self.zero = server_time.map(|time| time.minus(now.since(Elapsed::ZERO)));
        }
    }

    /// What the servers' clocks show at `now`; `None` if that is not known.
    pub fn time(self, now: Elapsed) -> Option<ServerTime> {
        Some(self.zero?.plus(now.since(Elapsed::ZERO)))
    }

    /// How long before `now` it was; zero if it is later, `None` if the servers' clocks are not known.
    pub fn age(self, time: ServerTime, now: Elapsed) -> Option<Duration> {
        let zero = self.zero?;
        Some((now.since(Elapsed::ZERO) + zero.since(time)).saturating_sub(time.since(zero)))
    }

    /// A server's time on the gate's clock; `None` if it was before its zero, or can't be told.
    pub fn place(self, time: ServerTime) -> Option<Elapsed> {
        let zero = self.zero.filter(|zero| *zero <= time)?;
        Some(Elapsed::from(time.since(zero)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_dates_are_read() {
        let date = ServerTime::from_http_date("Tue, 24 Nov 2026 08:00:20 GMT").unwrap();
        assert_eq!(date.to_string(), "2026-11-24 08:00:20 UTC");
        assert_eq!(ServerTime::from_http_date("yesterday"), None);
    }

    #[test]
    fn differences_never_go_below_zero() {
        let early = ServerTime::from_unix_seconds(10).unwrap();
        let late = ServerTime::from_unix_seconds(25).unwrap();
        assert_eq!(late.since(early), Duration::from_secs(15));
        assert_eq!(early.since(late), Duration::ZERO);
        assert_eq!(Elapsed::from_secs(1).since(Elapsed::from_secs(2)), Duration::ZERO);
    }

    #[test]
    fn times_are_kept_to_the_microsecond() {
        for text in [
            "\"2026-11-24T08:00:20Z\"",
            "\"2026-11-24T08:00:20.607609Z\"",
            "\"1969-12-31T23:59:58.5Z\"",
        ] {
            let time: ServerTime = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&time).unwrap(), text);
        }
    }
}
