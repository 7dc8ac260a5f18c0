//! The words that all reports share for names and for lengths of time in seconds.

use std::time::Duration;

use crate::{
    gate::{ReasonCode, Verdict},
    outcome::TargetOutcome,
    phrases,
    text::Clean,
};

/// Characters of a sentence that may be the cluster's.
pub(super) const SENTENCE: usize = 1000;

/// A length of time in seconds: `0.2s`, `45s`, `1m30s`; what is no length of time is `0s`.
pub(super) fn length_of_seconds(seconds: f64) -> Clean {
    phrases::length(duration(seconds))
}

/// How many of a list are not shown, in words; nothing where all are.
pub(super) fn more(all: usize, shown: usize) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        more => format!("and {more} more"),
    }
}

/// Seconds as a duration; not finite or negative is zero.
pub(super) fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// `deployment/app in shop @ prod`.
pub(super) fn target_name(target: &TargetOutcome) -> String {
    format!("{}/{} in {}", target.kind, target.name, place(target))
}

/// `shop @ prod`: the namespace, and the context of its cluster where that is known.
pub(super) fn place(target: &TargetOutcome) -> String {
    placed(&target.namespace, target.context.as_deref())
}

/// The same of a namespace and a context.
pub(super) fn placed(namespace: &str, context: Option<&str>) -> String {
    match context {
        Some(context) => format!("{namespace} @ {context}"),
        None => namespace.to_owned(),
    }
}

/// The verdict in a word; of the present, what the target is.
pub(super) fn state(target: &TargetOutcome) -> &'static str {
    let is_rolling = target.reason_code == Some(ReasonCode::RollingOut);
    match target.verdict {
        Verdict::Passed if target.policy.present => "healthy",
        Verdict::Failed if target.policy.present => "broken",
        Verdict::Inconclusive if is_rolling => "rolling out",
        verdict => verdict.as_str(),
    }
}

/// The verdict in capital letters: `TIMED OUT`.
pub(super) fn shouted(verdict: Verdict) -> String {
    verdict.as_str().to_uppercase()
}

/// One line of at most so many characters; a cut shows as `…`.
pub(super) fn one_line(text: &str, max_chars: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(max_chars) {
        None => line,
        Some(_) => {
            let kept: String = line.chars().take(max_chars.saturating_sub(1)).collect();
            kept + "…"
        }
    }
}

/// The first few of many, and how many more there are.
pub(super) fn first_few<T>(all: &[T], most: usize) -> (&[T], String) {
    match all.len().checked_sub(most) {
        None | Some(0) => (all, String::new()),
        Some(more) => (&all[..most], format!(" and {more} more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_length_of_time_is_none() {
        for odd in [f64::NAN, f64::INFINITY, -1.0] {
            assert_eq!(&*length_of_seconds(odd), "0s");
        }
    }

    #[test]
    fn one_line_is_cut_at_characters() {
        assert_eq!(one_line(" a\n  b\tc ", 5), "a b c");
        assert_eq!(one_line("ééé", 2), "é…");
        assert_eq!(one_line("ééé", 3), "ééé");
    }
}
