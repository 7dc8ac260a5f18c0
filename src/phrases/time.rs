//! Lengths of time, as options take them.

use std::time::Duration;

use crate::{clean, text::Clean};

/// A length of time: `0.2s`, `45s`, `1m30s`, `2h`; rounded, below 10 s to tenths.
pub fn length(duration: Duration) -> Clean {
    let tenths = (duration.as_millis() + 50) / 100;
    if tenths < 100 && !tenths.is_multiple_of(10) {
        return clean!("{}.{}s", tenths / 10, tenths % 10);
    }
    let seconds = (duration.as_millis() + 500) / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => clean!("{}s", seconds),
        (0, minutes, 0) => clean!("{}m", minutes),
        (0, minutes, seconds) => clean!("{}m{}s", minutes, seconds),
        (hours, 0, 0) => clean!("{}h", hours),
        (hours, minutes, 0) => clean!("{}h{}m", hours, minutes),
        (hours, 0, seconds) => clean!("{}h{}s", hours, seconds),
        (hours, minutes, seconds) => clean!("{}h{}m{}s", hours, minutes, seconds),
    }
}

/// The same in seconds that are over, as a clock shows them.
pub fn whole_seconds(duration: Duration) -> Clean {
    length(Duration::from_secs(duration.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_options_take_them() {
        let table = [
            (0, "0s"),
            (40, "0s"),
            (210, "0.2s"),
            (1_000, "1s"),
            (9_960, "10s"),
            (59_600, "1m"),
            (90_000, "1m30s"),
            (3_600_000, "1h"),
            (3_605_000, "1h5s"),
            (5_400_000, "1h30m"),
            (5_405_000, "1h30m5s"),
        ];
        for (millis, expected) in table {
            assert_eq!(&*length(Duration::from_millis(millis)), expected, "{millis}");
        }
        assert_eq!(&*whole_seconds(Duration::from_millis(1_999)), "1s");
    }
}
