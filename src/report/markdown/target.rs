//! A target as a section: verdict, reason and next step first, then its findings, checks and coverage.

use super::{
    changes,
    escape::{cell, code, fenced, line, prose},
    finding, mark,
};
use crate::{
    gate::{CheckResult, Finding, Verdict},
    outcome::TargetOutcome,
    report::{content, sheet::Sheet, words},
};

/// The section of a target.
pub(super) fn section(target: &TargetOutcome, sheet: &mut Sheet) {
    let name = words::target(target);
    sheet.add(format!("the verdict on {name}"), &head(target));
    if let Some(piece) = target.changes.as_ref().and_then(changes::rest) {
        sheet.add(format!("what changed in {name}"), &piece);
    }
    let (telling, others) = content::telling(target);
    let cause = content::probable_cause(target);
    let reason = target.reason.sentence();
    let said = [&*reason, &*cause, &*target.next_step.what];
    for (number, finding) in telling.iter().enumerate() {
        finding::section(finding, number + 1, &said, sheet);
    }
    sheet.add(format!("the checks of {name}"), &checks(target));
    sheet.add(format!("the coverage of {name}"), &rests_on(target));
    if !others.is_empty() {
        sheet.add(format!("what else was seen on {name}"), &also_seen(&others));
    }
    if !target.timeline.is_empty() {
        sheet.add(format!("the timeline of {name}"), &timeline(target));
    }
}

fn head(target: &TargetOutcome) -> String {
    let verdict = target.verdict;
    let mut text = format!(
        "## {} {}: {}\n\n**Why:** {}\n\n",
        mark(verdict),
        words::shouted(verdict),
        prose(&words::target(target)),
        prose(&target.reason.sentence()),
    );
    let cause = content::probable_cause(target);
    if !cause.is_empty() {
        text.push_str(&format!("**Probable cause:** {}\n\n", prose(&cause)));
    }
    if !target.next_step.is_empty() {
        text.push_str(&format!("**Next step:** {}\n\n", prose(&target.next_step.what)));
    }
    if let Some(command) = &target.next_step.command {
        text.push_str(&fenced(&[command.to_string()]));
        text.push('\n');
    }
    if let Some(undo) = &target.undo {
        text.push_str(&format!("**Undo:** {}\n\n", code(&undo.how)));
    }
    if let Some(changes) = &target.changes {
        text.push_str(&changes::short(changes));
    }
    let facts: Vec<_> = content::target_facts(target)
        .iter()
        .map(|fact| format!("**{}** {}", fact.name, line(&fact.parts)))
        .collect();
    text + &facts.join(" · ") + "\n\n"
}

fn also_seen(findings: &[&Finding]) -> String {
    let mut text = String::from("### Also seen\n\n");
    for finding in findings {
        text.push_str(&format!("- {}\n", line(&content::also_seen(finding))));
    }
    text + "\n"
}

/// In a report that passed they say what green means; in others they only sum up what stands above.
fn checks(target: &TargetOutcome) -> String {
    let says_more = target.checks.iter().any(|check| !check.message.is_empty());
    let mut table = String::from(if says_more {
        "| Check | Result | |\n|---|---|---|\n"
    } else {
        "| Check | Result |\n|---|---|\n"
    });
    for check in &target.checks {
        let mark = match check.result {
            CheckResult::Passed => "✅",
            CheckResult::Failed => "❌",
            CheckResult::Error => "❓",
            CheckResult::Skipped => "➖",
        };
        let (name, result) = (check.check.as_str(), check.result);
        table.push_str(&format!("| {name} | {mark} {result} |"));
        if says_more {
            let message = words::one_line(&check.message, 300);
            table.push_str(&format!(" {} |", cell(&prose(&message))));
        }
        table.push('\n');
    }
    if target.verdict == Verdict::Passed {
        return format!("### What was checked\n\n{table}\n");
    }
    let summary = content::checks_summary(target);
    format!("<details><summary>Checks: {summary}</summary>\n\n{table}\n</details>\n\n")
}

fn rests_on(target: &TargetOutcome) -> String {
    let mut text = String::from("### What this rests on\n\n");
    for rest in content::rests_on(target) {
        let mark = if rest.is_gap { "❗ " } else { "" };
        text.push_str(&format!("- {mark}{}\n", line(&rest.parts)));
    }
    text + "\n"
}

fn timeline(target: &TargetOutcome) -> String {
    let entries = &target.timeline;
    let mut text = format!(
        "<details><summary>Timeline ({})</summary>\n\n| At | What |\n|---:|---|\n",
        content::timeline_length(target),
    );
    let skipped = entries.len().saturating_sub(content::TIMELINE);
    if skipped > 0 {
        text.push_str(&format!("| | {skipped} earlier ones left out |\n"));
    }
    for entry in &entries[skipped..] {
        let what = words::one_line(&entry.what, 200);
        text.push_str(&format!("| {} | {} |\n", entry.at, cell(&prose(&what))));
    }
    text + "\n</details>\n\n"
}
