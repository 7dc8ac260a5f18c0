//! Durations as documents have them: seconds, to the millisecond.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

/// The nearest number to a duration in whole milliseconds, so that 3.381 s is written as that. `Duration::as_secs_f64` adds
/// two rounded numbers, and may print 3.3810000000000002.
#[expect(clippy::cast_precision_loss, reason = "exact up to 285,000 years")]
pub fn of(duration: Duration) -> f64 {
    duration.as_millis() as f64 / 1000.0
}

/// For `#[serde(with = "seconds")]`.
///
/// # Errors
/// As the serializer.
pub fn serialize<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(of(*duration))
}

/// For `#[serde(with = "seconds")]`.
///
/// # Errors
/// No number, or one that is negative or too large.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    Duration::try_from_secs_f64(f64::deserialize(from)?).map_err(D::Error::custom)
}
