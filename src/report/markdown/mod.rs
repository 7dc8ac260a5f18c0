//! GitHub flavoured Markdown for step summaries and comments: the verdict, why, what to do; then the evidence.

mod changes;
mod escape;
mod finding;
mod target;

use super::{content::worst_first, sheet::Sheet, words};
use crate::{gate::Verdict, outcome::Outcome};
use escape::{cell, prose};

/// The largest report in bytes. GitHub drops a summary of more than 1,048,576.
pub(super) const BUDGET: usize = 900_000;

/// Targets that are listed in the table above all.
const LISTED: usize = 200;

/// Renders the report in at most `budget` bytes.
pub(super) fn render(outcome: &Outcome, budget: usize) -> String {
    let mut sheet = Sheet::new(budget);
    if let [target] = &*outcome.targets {
        target::section(target, &mut sheet);
    } else {
        sheet.add("the verdict", &overview(outcome));
        for target in worst_first(outcome) {
            target::section(target, &mut sheet);
        }
    }
    sheet.add("the last line", &last_line(outcome));
    sheet.finish(|note| format!("\n> {note}\n"))
}

/// The mark before a verdict; the word stands beside it, since not everybody sees the mark.
const fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "✅",
        Verdict::Superseded => "⏩",
        Verdict::Inconclusive => "❓",
        Verdict::TimedOut => "⏰",
        Verdict::Failed => "❌",
        Verdict::Interrupted => "🛑",
    }
}

fn overview(outcome: &Outcome) -> String {
    let total = outcome.targets.len();
    let passed = outcome.targets.iter().filter(|target| target.verdict == Verdict::Passed).count();
    let verdict = outcome.verdict;
    let mut text = format!("## {} {}: ", mark(verdict), words::shouted(verdict));
    if total == 0 {
        return text + "there was no target to judge\n\n";
    }
    text.push_str(&format!("{passed} of {total} targets passed\n\n"));
    text.push_str("| Target | Verdict | Why |\n|---|---|---|\n");
    for target in worst_first(outcome).into_iter().take(LISTED) {
        text.push_str(&format!(
            "| {} | {} {} | {} |\n",
            cell(&prose(&words::target(target))),
            mark(target.verdict),
            target.verdict,
            cell(&prose(&words::one_line(&target.reason.sentence(), 300))),
        ));
    }
    if let Some(more @ 1..) = total.checked_sub(LISTED) {
        text.push_str(&format!("\nand {more} more\n"));
    }
    text + "\n"
}

fn last_line(outcome: &Outcome) -> String {
    format!(
        "---\ndeploygate {} · started {} · took {} · exit code {}\n",
        prose(&outcome.tool_version),
        outcome.started_at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        words::length_of_seconds(outcome.duration_seconds),
        outcome.exit_code.code(),
    )
}
