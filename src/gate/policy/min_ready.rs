//! How many of the new pods must be ready.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How many of the new pods must be ready and stay so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum MinReady {
    /// So many, or all if the workload has fewer.
    Pods(u64),
    /// So many in a hundred, rounded up.
    Percent(u8),
}

impl MinReady {
    /// Every pod.
    pub const ALL: Self = Self::Percent(100);

    /// How many of `replicas` that is; at least one of them, since nothing ready is never healthy.
    pub fn of(self, replicas: u64) -> u64 {
        let wanted = match self {
            Self::Pods(pods) => pods,
            Self::Percent(percent) => {
                let hundredths = u128::from(replicas) * u128::from(percent);
                u64::try_from(hundredths.div_ceil(100)).unwrap_or(replicas)
            }
        };
        wanted.clamp(1, replicas.max(1))
    }
}

impl fmt::Display for MinReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pods(pods) => write!(f, "{pods}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl crate::text::Shown for MinReady {}

impl From<MinReady> for String {
    fn from(min_ready: MinReady) -> Self {
        min_ready.to_string()
    }
}

impl FromStr for MinReady {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str =
            "expected a number of pods from 1 on, or a percentage from 1% to 100%";
        match text.strip_suffix('%') {
            Some(percent) => match percent.parse() {
                Ok(percent @ 1..=100) => Ok(Self::Percent(percent)),
                _ => Err(EXPECTED),
            },
            None => match text.parse() {
                Ok(pods @ 1..) => Ok(Self::Pods(pods)),
                _ => Err(EXPECTED),
            },
        }
    }
}

impl TryFrom<String> for MinReady {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn min_ready_rounds_up_and_is_never_zero() {
        assert_eq!(MinReady::Percent(90).of(11), 10);
        assert_eq!(MinReady::Percent(1).of(3), 1);
        assert_eq!(MinReady::Pods(5).of(3), 3);
        assert_eq!(MinReady::ALL.of(7), 7);
        assert_eq!(MinReady::ALL.of(u64::MAX), u64::MAX);
        for text in ["0", "0%", "101%", "-1", "", "%", "many"] {
            assert!(text.parse::<MinReady>().is_err(), "{text}");
        }
    }
}
