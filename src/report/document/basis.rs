//! What a verdict rests on: the checks, what was read and what could not be, what happened when.

use super::{
    Block, Fold, Line, Mark, Part, Place, Section, Table, TableKind, prose, told::Told, words,
};
use crate::{
    gate::{CheckResult, Verdict},
    outcome::TargetOutcome,
    phrases::{counted, length},
    report::words::{length_of_seconds, one_line},
};

/// Characters of a check's message.
const MESSAGE: usize = 300;

/// Entries of the timeline that are shown; the last ones are.
const TIMELINE: usize = 200;

/// Characters of an entry of the timeline.
const ENTRY: usize = 300;

/// The fixed checks. In a report that passed they say what green means; in others they only sum up what stands above.
pub(super) fn checks(target: &TargetOutcome, name: String) -> Block<'_> {
    let section = Section::new(Place::Part, name, [words("What was checked")]);
    let section = match target.verdict {
        Verdict::Passed => section,
        _ => {
            let aside = vec![words(format!(" ({})", summary(target)))];
            Section { aside, fold: Fold::Closed, ..section }
        }
    };
    let says_more = target.checks.iter().any(|check| !check.message.is_empty());
    let columns: &[&str] = &["Check", "Result", "Why"];
    let rows = target.checks.iter().map(|check| {
        let mark = Part::Mark(Mark::Check(check.result));
        let mut row: Vec<Line<'_>> =
            vec![vec![words(check.check.as_str())], vec![mark, words(check.result.as_str())]];
        if says_more {
            row.push(vec![prose(one_line(&check.message, MESSAGE))]);
        }
        row
    });
    section.around(Block::Table(Table {
        kind: TableKind::Checks,
        columns: if says_more { columns } else { &columns[..2] },
        rows: rows.collect(),
        note: String::new(),
    }))
}

/// `1 failed, 6 passed, 3 skipped`.
fn summary(target: &TargetOutcome) -> String {
    let results =
        [CheckResult::Failed, CheckResult::Error, CheckResult::Passed, CheckResult::Skipped];
    let counted = results.into_iter().filter_map(|of| {
        let count = target.checks.iter().filter(|check| check.result == of).count();
        (count > 0).then(|| format!("{count} {of}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}

/// Why green is green, and what could not be seen.
pub(super) fn basis<'a>(target: &'a TargetOutcome, told: &mut Told, name: String) -> Block<'a> {
    let coverage = &target.coverage;
    let failed = match coverage.failed_reads {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    let mut items = vec![vec![words(format!(
        "{} of the new revision seen in {}{failed}; longest gap {}",
        counted(coverage.pods, "pod"),
        counted(coverage.reads, "consistent read"),
        length_of_seconds(coverage.longest_gap_seconds),
    ))]];
    let mut say = |text: String| items.push(vec![words(text)]);
    if let Some(nodes) = coverage.nodes {
        say(format!("{} reported at the end of the window", counted(nodes, "node")));
    }
    if let Some(at) = target.rollout.completed_at {
        say(format!("rollout complete at {at}"));
    }
    if let Some(window) = &target.window {
        say(format!(
            "healthy for {} of {}, from {} on",
            length_of_seconds(window.held_seconds),
            length_of_seconds(window.required_seconds),
            window.opened_at,
        ));
    }
    let policy = &target.policy;
    say(format!(
        "limits: timeout {}, window {}, restarts {}, ready {}",
        length(policy.timeout),
        length(policy.window),
        policy.max_restarts,
        policy.min_ready,
    ));
    items.extend(missing(target, told));
    items.extend(target.notes.iter().map(|note| vec![words("note: "), prose(&**note)]));
    let section = Section::new(Place::Part, name, [words("Basis for this verdict")]);
    section.around(Block::Items(items))
}

/// What the rollout still waited for, unless that was said, and what could not be read.
pub(super) fn missing<'a>(target: &'a TargetOutcome, told: &mut Told) -> Vec<Line<'a>> {
    let mut items = Vec::new();
    for wait in &target.rollout.waiting_for {
        if told.is_new(wait) {
            items.push(vec![words("still waiting for "), prose(&**wait)]);
        }
    }
    items.extend(target.coverage.missing.iter().map(|gap| {
        let (what, why) = (prose(&*gap.what), prose(&*gap.why));
        vec![Part::Mark(Mark::Trouble), words("could not be read: "), what, words(": "), why]
    }));
    items
}

/// What happened when.
pub(super) fn timeline(target: &TargetOutcome, name: String) -> Option<Block<'_>> {
    let entries = &target.timeline;
    let skipped = entries.len().saturating_sub(TIMELINE);
    let rows = entries[skipped..].iter().map(|entry| {
        vec![vec![words(entry.at.to_string())], vec![prose(one_line(&entry.what, ENTRY))]]
    });
    let table = Table {
        kind: TableKind::Timeline,
        columns: &["At#", "What"],
        rows: rows.collect(),
        note: match skipped {
            0 => String::new(),
            skipped => format!("{skipped} earlier ones left out"),
        },
    };
    let aside = vec![words(format!(" ({})", entries.len()))];
    let section = Section::new(Place::Part, name, [words("Timeline")]);
    let section = Section { aside, fold: Fold::Closed, ..section };
    (!entries.is_empty()).then(|| section.around(Block::Table(table)))
}
