//! Small pictures that stand beside words, so they are hidden from readers that speak.

use maud::{Markup, html};

use crate::{
    gate::{CheckResult, FindingState, Verdict},
    report::block::Mark,
};

const CHECK: &str = "M4.5 8.5 7 11l4.5-6";
const CROSS: &str = "M5 5l6 6m0-6-6 6";
const QUESTION: &str = "M6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3M8 11.6v.1";
const CLOCK: &str = "M8 4.5V8l2.3 1.6";
const FORWARD: &str = "M4.5 5 7.5 8l-3 3m4-6 3 3-3 3";
const STOP: &str = "M5.5 5.5h5v5h-5z";
const DASH: &str = "M5 8h6";
const DOT: &str = "M8 4.8v3.9m0 2.4v.1";

/// The picture of a mark.
pub(super) fn of(mark: Mark) -> Markup {
    let shape = match mark {
        Mark::Verdict(verdict) => shape(verdict),
        Mark::Check(CheckResult::Passed) | Mark::Finding(FindingState::Resolved) => CHECK,
        Mark::Check(CheckResult::Failed) | Mark::Finding(FindingState::Confirmed) => CROSS,
        Mark::Check(CheckResult::Error) => QUESTION,
        Mark::Check(CheckResult::Skipped) | Mark::Finding(FindingState::Tolerated) => DASH,
        Mark::Finding(FindingState::Suspected) | Mark::Trouble => DOT,
    };
    html! {
        svg.icon viewBox="0 0 16 16" aria-hidden="true" {
            circle cx="8" cy="8" r="8" {}
            path d=(shape) {}
        }
    }
}

const fn shape(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => CHECK,
        Verdict::Failed => CROSS,
        Verdict::TimedOut => CLOCK,
        Verdict::Inconclusive => QUESTION,
        Verdict::Superseded => FORWARD,
        Verdict::Interrupted => STOP,
    }
}
