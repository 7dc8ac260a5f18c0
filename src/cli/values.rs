//! Values of options: lists, durations, grace periods, formats, colours.

use std::{str::FromStr, time::Duration};

use clap::ValueEnum;

use crate::{
    gate::{Grace, MinReady, WantedCondition},
    report,
};

/// The values of a list, trimmed, without empty ones: CI systems pass an input that was left out as an empty line.
pub(super) fn given(values: Vec<String>) -> Vec<String> {
    let values = values.into_iter().map(|value| value.trim().to_owned());
    values.filter(|value| !value.is_empty()).collect()
}

/// Reads `90s`, `5m`, `1h30m`.
///
/// # Errors
/// A sentence on what is expected. A bare number is refused: its unit would be a guess.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("expected a unit: {text}s or {text}m"));
    }
    let expected = || "expected a duration like 90s, 5m or 1h30m".to_owned();
    let signed: jiff::SignedDuration = text.parse().map_err(|_| expected())?;
    let duration =
        Duration::try_from(signed).map_err(|_| "durations cannot be negative".to_owned())?;
    if duration > LONGEST {
        return Err("durations over 7 days are not accepted".to_owned());
    }
    Ok(duration)
}

const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// Reads `CAUSE=D`.
///
/// # Errors
/// A sentence that names the causes that have a grace period.
pub(super) fn grace(text: &str) -> Result<(Grace, Duration), String> {
    let known = || Grace::ALL.map(Grace::as_str).join(", ");
    let (cause, length) = text
        .split_once('=')
        .ok_or_else(|| format!("expected CAUSE=DURATION, e.g. image=2m; causes: {}", known()))?;
    let grace = Grace::from_str(cause.trim()).map_err(|()| {
        format!("unknown cause `{cause}`; causes with a grace period: {}", known())
    })?;
    Ok((grace, duration(length)?))
}

/// Reads a number of pods or a percentage.
///
/// # Errors
/// A sentence on what is expected.
pub(super) fn min_ready(text: &str) -> Result<MinReady, String> {
    text.trim().parse().map_err(str::to_owned)
}

/// Reads `TYPE=STATUS`.
///
/// # Errors
/// A sentence on what is expected.
pub(super) fn condition(text: &str) -> Result<WantedCondition, String> {
    text.trim().parse().map_err(str::to_owned)
}

/// What is printed on stdout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    /// Nothing: progress and verdict go to stderr.
    #[default]
    Text,
    /// The outcome as one JSON document, and nothing else.
    Json,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always, even if NO_COLOR is set.
    Always,
    /// Never: plain text only.
    Never,
}

impl From<ColorWhen> for report::ColorChoice {
    fn from(when: ColorWhen) -> Self {
        match when {
            ColorWhen::Auto => Self::Auto,
            ColorWhen::Always => Self::Always,
            ColorWhen::Never => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("0s"), Ok(Duration::ZERO));
        assert_eq!(duration("90"), Err("expected a unit: 90s or 90m".to_owned()));
        for text in ["", "soon", "-5s", "8d", "1y"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_grace_names_a_cause() {
        assert_eq!(grace("image=5s"), Ok((Grace::Image, Duration::from_secs(5))));
        assert!(grace("crash-loop=5s").unwrap_err().contains("grace period: image, config"));
        assert!(grace("image").unwrap_err().contains("CAUSE=DURATION"));
        assert!(grace("image=5").unwrap_err().contains("unit"));
    }
}
