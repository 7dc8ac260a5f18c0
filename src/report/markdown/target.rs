//! A target as a section: verdict, reason and next step first, then its findings, checks and coverage.

use super::{
    changes,
    escape::{cell, code, prose},
    finding, mark,
    sheet::Sheet,
};
use crate::{
    gate::{CheckResult, Finding, FindingState, Verdict},
    outcome::{RevisionFacts, TargetOutcome},
    report::words,
};

/// Entries of the timeline that are shown; the last ones are.
const TIMELINE: usize = 200;

/// The section of a target.
pub(super) fn section(target: &TargetOutcome, sheet: &mut Sheet) {
    let name = words::target(target);
    sheet.add(format!("the verdict on {name}"), &head(target));
    if let Some(piece) = target.changes.as_ref().and_then(changes::rest) {
        sheet.add(format!("what changed in {name}"), &piece);
    }
    let (telling, others): (Vec<_>, Vec<_>) =
        target.findings.iter().partition(|finding| is_telling(target, finding));
    for (number, finding) in telling.iter().enumerate() {
        let cause = probable_cause(target);
        let said = [&*target.reason, &*cause, &*target.next_step];
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

/// Whether a finding explains the verdict: what is only suspected does where nothing was confirmed in time.
fn is_telling(target: &TargetOutcome, finding: &Finding) -> bool {
    match finding.state {
        FindingState::Confirmed => true,
        FindingState::Suspected => target.verdict != Verdict::Passed,
        FindingState::Resolved | FindingState::Tolerated => false,
    }
}

fn head(target: &TargetOutcome) -> String {
    let verdict = target.verdict;
    let mut text = format!(
        "## {} {}: {}\n\n**Why:** {}\n\n",
        mark(verdict),
        words::shouted(verdict),
        prose(&words::target(target)),
        prose(&target.reason),
    );
    let cause = probable_cause(target);
    if !cause.is_empty() {
        text.push_str(&format!("**Probable cause:** {}\n\n", prose(&cause)));
    }
    if !target.next_step.is_empty() {
        text.push_str(&format!("**Next step:** {}\n\n", prose(&target.next_step)));
    }
    if let Some(changes) = &target.changes {
        text.push_str(&changes::short(changes));
    }
    text + &facts(target).join(" · ") + "\n\n"
}

/// Of the finding that decided; empty where none did.
fn probable_cause(target: &TargetOutcome) -> String {
    let decisive = target.confirmed().next();
    decisive
        .and_then(|finding| words::probable_cause(finding, &[&target.reason]))
        .unwrap_or_default()
}

fn facts(target: &TargetOutcome) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(revision) = &target.revision {
        facts.push(format!("**Revision** {}", revision_name(revision)));
        for image in &revision.images {
            let of = match &*revision.images {
                [_] => String::new(),
                _ => format!(" of {}", code(&image.container)),
            };
            facts.push(format!("**Image**{of} {}", code(&image.image)));
        }
    }
    let rollout = &target.rollout;
    if target.revision.is_some() {
        let old = match rollout.old {
            0 => String::new(),
            old => format!(", {} left", words::counted(old, "old pod")),
        };
        facts.push(format!("**Ready** {} of {}{old}", rollout.ready, rollout.desired));
    }
    if let Some(window) = &target.window {
        facts.push(format!(
            "**Window** {} of {}",
            words::length_of_seconds(window.held_seconds),
            words::length_of_seconds(window.required_seconds),
        ));
    }
    if let Some(code) = target.reason_code {
        facts.push(format!("**Code** `{code}`"));
    }
    facts
}

fn revision_name(revision: &RevisionFacts) -> String {
    let number = revision.number.map(|number| format!(" (number {number})")).unwrap_or_default();
    code(&revision.name) + &number
}

/// Findings that did not decide: in a line each, since what healed or is tolerated needs no evidence here.
fn also_seen(findings: &[&Finding]) -> String {
    let mut text = String::from("### Also seen\n\n");
    for finding in findings {
        let container = finding.container.as_ref().map(|name| format!(" {}", code(name)));
        text.push_str(&format!(
            "- {} `{}`{}: {}\n",
            words::finding_state(finding.state),
            finding.cause,
            container.unwrap_or_default(),
            prose(&finding.message),
        ));
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
        let (name, result) = (check.name.as_str(), words::check_result(check.result));
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
    let results =
        [CheckResult::Failed, CheckResult::Error, CheckResult::Passed, CheckResult::Skipped];
    let counts: Vec<_> = results
        .into_iter()
        .filter_map(|result| {
            let count = target.checks.iter().filter(|check| check.result == result).count();
            (count > 0).then(|| format!("{count} {}", words::check_result(result)))
        })
        .collect();
    format!("<details><summary>Checks: {}</summary>\n\n{table}\n</details>\n\n", counts.join(", "))
}

/// What the verdict rests on: why green is green, and what could not be seen.
fn rests_on(target: &TargetOutcome) -> String {
    let coverage = &target.coverage;
    let failed = match coverage.failed_reads {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    let mut text = format!(
        "### What this rests on\n\n- {} of the new revision seen, in {}{failed}; longest gap {}\n",
        words::counted(coverage.pods, "pod"),
        words::counted(coverage.reads, "consistent read"),
        words::length_of_seconds(coverage.longest_gap_seconds),
    );
    if let Some(at) = target.rollout.completed_at {
        text.push_str(&format!("- the rollout was complete at {at}\n"));
    }
    if let Some(window) = &target.window {
        text.push_str(&format!(
            "- the window held {} of {}, from {} on\n",
            words::length_of_seconds(window.held_seconds),
            words::length_of_seconds(window.required_seconds),
            window.opened_at,
        ));
    }
    for waited_for in &target.rollout.waiting_for {
        text.push_str(&format!("- still waited for: {}\n", prose(waited_for)));
    }
    for gap in &coverage.missing {
        let (what, why) = (prose(&gap.what), prose(&gap.why));
        text.push_str(&format!("- ❗ could not be read: {what}: {why}\n"));
    }
    for note in &target.notes {
        text.push_str(&format!("- note: {}\n", prose(note)));
    }
    let policy = &target.policy;
    text.push_str(&format!(
        "- limits: timeout {}, window {}, restarts {}, ready {}\n\n",
        words::length(policy.timeout),
        words::length(policy.window),
        policy.max_restarts,
        policy.min_ready,
    ));
    text
}

fn timeline(target: &TargetOutcome) -> String {
    let entries = &target.timeline;
    let mut text = format!(
        "<details><summary>Timeline ({})</summary>\n\n| At | What |\n|---:|---|\n",
        words::counted_len(entries.len(), "entry").replace("entrys", "entries"),
    );
    let skipped = entries.len().saturating_sub(TIMELINE);
    if skipped > 0 {
        text.push_str(&format!("| | {skipped} earlier ones left out |\n"));
    }
    for entry in &entries[skipped..] {
        let what = words::one_line(&entry.what, 200);
        text.push_str(&format!("| {} | {} |\n", entry.at, cell(&prose(&what))));
    }
    text + "\n</details>\n\n"
}
