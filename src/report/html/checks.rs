//! What was checked, and what the verdict rests on.

use maud::{Markup, html};

use super::{icon, text};
use crate::{
    gate::{CheckResult, Finding, Verdict},
    outcome::TargetOutcome,
    report::{content, words},
};

/// The fixed checks: in a report that passed they say what green means.
pub(super) fn checks(target: &TargetOutcome) -> Markup {
    let is_open = target.verdict == Verdict::Passed;
    html! {
        section {
            details open[is_open] {
                summary { h3 { "What was checked" } " " span.muted { (content::checks_summary(target)) } }
                ul.checks {
                    @for check in &target.checks {
                        li.(class(check.result)) {
                            (icon::check(check.result))
                            span {
                                (check.check.as_str()) " " span.result { (check.result) }
                                @if !check.message.is_empty() {
                                    span.message { (text::prose(&words::one_line(&check.message, 300))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

const fn class(result: CheckResult) -> &'static str {
    match result {
        CheckResult::Passed => "good",
        CheckResult::Failed => "bad",
        CheckResult::Error => "doubtful",
        CheckResult::Skipped => "skipped",
    }
}

/// Why green is green, and what could not be seen.
pub(super) fn rests_on(target: &TargetOutcome) -> Markup {
    html! {
        section {
            h3 { "What this rests on" }
            ul.rests {
                @for rest in content::rests_on(target) {
                    @if rest.is_gap { li.gap { (icon::gap()) span { (text::line(&rest.parts)) } } }
                    @else { li { (text::line(&rest.parts)) } }
                }
            }
        }
    }
}

/// What did not decide.
pub(super) fn also_seen(findings: &[&Finding]) -> Markup {
    html! {
        section {
            h3 { "Also seen" }
            ul.rests { @for finding in findings { li { (text::line(&content::also_seen(finding))) } } }
        }
    }
}

/// What happened when, in words.
pub(super) fn history(target: &TargetOutcome) -> Markup {
    let skipped = target.timeline.len().saturating_sub(content::TIMELINE);
    html! {
        section {
            details {
                summary { h3 { "What happened when" } " " span.muted { (content::timeline_length(target)) } }
                ol.history {
                    @if skipped > 0 { li { span {} span.muted { (skipped) " earlier ones left out" } } }
                    @for entry in &target.timeline[skipped..] {
                        li { time { (entry.at) } span { (text::prose(&words::one_line(&entry.what, 300))) } }
                    }
                }
            }
        }
    }
}
