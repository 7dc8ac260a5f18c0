//! What a verdict rests on: the checks, what was read and what could not be, what happened when.

use super::{told::Told, whole};
use crate::{
    gate::{CheckResult, Verdict},
    outcome::{TargetOutcome, TimelineEntry},
    phrases::{counted, length},
    report::{
        block::{Block, Fact, Fold, Look, Mark, Part, Place, Section, Table, prose, words},
        words::{length_of_seconds, one_line},
    },
    text::Clean,
    timeline::LeftOut,
};

/// Characters of a check's message, and of an entry of the timeline.
const CELL: usize = 300;

/// The fixed checks. In a report that passed they say what green means; in others they only sum up what stands above.
pub(super) fn checks(target: &TargetOutcome, name: String) -> Block<'_> {
    let section = Section::new(Place::Part, name, [words("What was checked")]);
    let section = match target.verdict {
        Verdict::Passed => section,
        _ => section.beside([words(format!(" ({})", summary(target)))]).folded(Fold::Closed),
    };
    let rows = target.checks.iter().map(|check| {
        vec![
            vec![words(check.check.as_str())],
            vec![Part::Mark(Mark::Check(check.result)), words(check.result.as_str())],
            vec![prose(one_line(&check.message, CELL))],
        ]
    });
    let rows = rows.collect();
    let columns = &["Check", "Result", "Why"];
    section.around([Block::Table(Table { name: "checks", columns, rows, more: 0 })])
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
    let mut items = Vec::new();
    let mut say = |text: String| items.push(Fact::new("", [words(text)]));
    let coverage = &target.coverage;
    let failed = match coverage.failed_reads {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    say(format!(
        "{} of the new revision seen in {}{failed}; longest gap {}",
        counted(coverage.pods, "pod"),
        counted(coverage.reads, "consistent read"),
        length_of_seconds(coverage.longest_gap_seconds),
    ));
    if let Some(nodes) = coverage.nodes {
        say(format!("{} reported at the end of the window", counted(nodes, "node")));
    }
    if let Some(at) = target.rollout.completed_at {
        say(format!("rollout complete at {at}"));
    }
    if let Some(window) = &target.window {
        let held = length_of_seconds(window.held_seconds);
        let required = length_of_seconds(window.required_seconds);
        say(format!("healthy for {held} of {required}, from {} on", window.opened_at));
    }
    let policy = &target.policy;
    let (timeout, window) = (length(policy.timeout), length(policy.window));
    say(format!(
        "limits: timeout {timeout}, window {window}, restarts {}, ready {}",
        policy.max_restarts, policy.min_ready,
    ));
    if let Some(set) = whole::set(target.settings.iter()) {
        items.push(Fact::new("", [vec![words("settings: ")], set.line].concat()));
    }
    items.extend(missing(target, told));
    let mut is_told = |note: &&Clean| target.warnings.contains(note) && !told.is_new(note);
    let notes = target.notes.iter().filter(|note| !is_told(note));
    items.extend(notes.map(|note| Fact::new("", [words("note: "), prose(&**note)])));
    let section = Section::new(Place::Part, name, [words("Basis for this verdict")]);
    section.around([Block::Facts(Look::List, items)])
}

/// What the rollout still waited for, unless that was said, and what could not be read.
pub(super) fn missing<'a>(target: &'a TargetOutcome, told: &mut Told) -> Vec<Fact<'a>> {
    let waits = target.rollout.waiting_for.iter().filter(|wait| told.is_new(wait));
    let waits = waits.map(|wait| Fact::new("", [words("still waiting for "), prose(&**wait)]));
    let gaps = target.coverage.missing.iter().map(|gap| {
        let (what, why) = (prose(&*gap.what), prose(&*gap.why));
        let line = [words("could not be read: "), what, words(": "), why];
        Fact { is_trouble: true, ..Fact::new("", line) }
    });
    waits.chain(gaps).collect()
}

/// What happened when.
pub(super) fn timeline(target: &TargetOutcome, name: String) -> Option<Block<'_>> {
    let entries = &target.timeline;
    let mut rows: Vec<_> = entries
        .iter()
        .map(|TimelineEntry { event, what }| {
            vec![vec![words(event.at().to_string())], vec![prose(one_line(what, CELL))]]
        })
        .collect();
    if let Some(LeftOut { from, to, events }) = target.timeline_left_out {
        let place = entries.partition_point(|entry| entry.event.at() <= from);
        let what = format!("{} until {to} left out", counted(events, "event"));
        rows.insert(place, vec![vec![words(from.to_string())], vec![words(what)]]);
    }
    let (count, columns) = (entries.len(), &["At#", "What"]);
    let table = Block::Table(Table { name: "times", columns, rows, more: 0 });
    let section = Section::new(Place::Part, name, [words("What happened when")]);
    let section = section.beside([words(format!(" ({count})"))]).folded(Fold::Closed);
    (count > 0).then(|| section.around([table]))
}
