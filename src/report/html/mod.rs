//! One HTML file for people: the verdict, why, and what to do on the first screen; then the picture and the evidence.
//!
//! It needs nothing beside it: no script, no request, and its one style sheet is allowed by its hash. The library
//! escapes by type and keeps tags balanced, so pieces can be left out anywhere. No attribute holds text of the
//! cluster's.

mod answers;
mod checks;
mod finding;
mod icon;
mod page;
mod target;
mod text;
mod timeline;

use maud::{Markup, html};

use super::{content::worst_first, sheet::Sheet, words};
use crate::{
    gate::Verdict,
    outcome::{Outcome, TargetOutcome},
};

/// The largest report in bytes: what a browser on a phone opens without a wait.
pub(super) const BUDGET: usize = 2_000_000;

/// Targets that are listed in the table above all.
const LISTED: usize = 200;

/// Renders the report in at most `budget` bytes.
pub(super) fn render(outcome: &Outcome, budget: usize) -> String {
    let frame = |body: &str| page::document(outcome, body).into_string();
    let mut sheet = Sheet::new(budget.saturating_sub(frame("").len()));
    let targets = worst_first(outcome);
    if targets.len() != 1 {
        sheet.add("the verdict", &overview(outcome, &targets).into_string());
    }
    for (index, target) in targets.iter().enumerate() {
        target::section(outcome, target, index + 1, &mut sheet);
    }
    frame(&sheet.finish(|note| html! { p.left-out { (note) } }.into_string()))
}

/// The class that colours what belongs to a verdict.
const fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "good",
        Verdict::Failed => "bad",
        Verdict::TimedOut | Verdict::Inconclusive => "doubtful",
        Verdict::Superseded | Verdict::Interrupted => "aside",
    }
}

fn overview(outcome: &Outcome, targets: &[&TargetOutcome]) -> Markup {
    let total = targets.len();
    let passed = targets.iter().filter(|target| target.verdict == Verdict::Passed).count();
    let verdict = outcome.verdict;
    html! {
        header.overview.(tone(verdict)) {
            (page::badge(verdict))
            h1 {
                @if total == 0 { "There was no target to judge" }
                @else { (passed) " of " (total) " targets passed" }
            }
            @if total > 0 {
                table.targets {
                    thead { tr { th scope="col" { "Target" } th scope="col" { "Verdict" } th scope="col" { "Why" } } }
                    tbody {
                        @for (index, target) in targets.iter().take(LISTED).enumerate() {
                            tr {
                                th scope="row" { a href={ "#target-" (index + 1) } { (words::target(target)) } }
                                td.(tone(target.verdict)) { (icon::verdict(target.verdict)) " " (target.verdict) }
                                td { (text::prose(&words::one_line(&target.reason.sentence(), 300))) }
                            }
                        }
                    }
                }
            }
            @if total > LISTED { p { "and " (total - LISTED) " more" } }
        }
    }
}
