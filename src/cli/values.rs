//! Values of options: lists, durations, grace periods, formats, colours.

use std::time::Duration;

use clap::ValueEnum;

use crate::{
    gate::{Grace, MinReady, WantedCondition, duration},
    report,
    text::did_you_mean,
    vocabulary::OnFailure,
};

/// The values of a list, trimmed, without empty ones: CI systems pass an input that was left out as an empty line.
pub(super) fn given(values: Vec<String>) -> Vec<String> {
    let values = values.into_iter().map(|value| value.trim().to_owned());
    values.filter(|value| !value.is_empty()).collect()
}

/// Reads `CAUSE=D`.
///
/// # Errors
/// A sentence that names the causes that have a grace period.
pub(super) fn grace(text: &str) -> Result<(Grace, Duration), String> {
    let (cause, length) = text.split_once('=').ok_or_else(|| {
        let known = Grace::ALL.map(Grace::as_str).join(", ");
        format!("expected CAUSE=DURATION, e.g. image=2m; causes: {known}")
    })?;
    Ok((Grace::named(cause)?, duration(length)?))
}

/// Reads a number of restarts.
///
/// # Errors
/// A sentence on what is expected.
pub(super) fn max_restarts(text: &str) -> Result<u32, String> {
    text.trim().parse().map_err(|_| "expected a whole number from 0 on, e.g. 2".to_owned())
}

/// Reads a number of log lines.
///
/// # Errors
/// A sentence on what is expected.
pub(super) fn log_lines(text: &str) -> Result<u16, String> {
    let lines = text.trim().parse().ok().filter(|lines| (1..=1000).contains(lines));
    lines.ok_or_else(|| "expected a number from 1 to 1000".to_owned())
}

/// Reads what to do after a failure.
///
/// # Errors
/// A sentence that names what there is.
pub(super) fn on_failure(text: &str) -> Result<OnFailure, String> {
    let known = OnFailure::ALL.into_iter().find(|known| known.as_str() == text.trim());
    let words = OnFailure::ALL.map(OnFailure::as_str);
    known.ok_or_else(|| format!("expected {}{}", words.join(", "), did_you_mean(text, words)))
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
    fn a_grace_names_a_cause() {
        assert_eq!(grace("image=5s"), Ok((Grace::Image, Duration::from_secs(5))));
        assert!(grace("crash-loop=5s").unwrap_err().contains("grace period: image, config"));
        assert!(grace("image").unwrap_err().contains("CAUSE=DURATION"));
        assert!(grace("image=5").unwrap_err().contains("unit"));
    }
}
