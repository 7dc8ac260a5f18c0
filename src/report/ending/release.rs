//! The end of a run of several targets: what failed first, then what is told in a line each, and the total last, where the
//! eye is when the run ends.

use std::{cmp::Reverse, collections::BTreeSet};

use super::{Line, facts_of, headline, label, shared_block, tone, whole, wrapped, wrapped_after};
use crate::{
    gate::{GateEvent, Verdict},
    outcome::{Outcome, TargetOutcome},
    phrases::{self, release::stopped},
    report::{
        document::{self, Case, Release, in_short, naming_of, suspicion, total},
        names::Names,
        paint::Tone,
        text::plain,
        words::{first_few, length_of_seconds, one_line, place, shouted},
    },
    text::{Clean, Untrusted},
};

/// Targets that are told with all their facts: as many as a person reads.
const FULL: usize = 5;

/// Further ones that have a line each.
const SHORT: usize = 15;

/// Targets that are named in a line of several.
const NAMED: usize = 12;

/// Targets that are named before what is said of them.
const TOGETHER: usize = 4;

/// Characters of a line about one target, or several.
const LINE: usize = 240;

/// The blocks, wrapped at `width` columns.
pub(super) fn lines(outcome: &Outcome, width: usize) -> Vec<Line> {
    let names = Names::among(&outcome.targets);
    let release = Release::of(outcome);
    let shared = document::shared(outcome);
    let mut lines: Vec<Line> = shared.iter().flat_map(|of| shared_block(of, width)).collect();
    let mut cases = different_first(&release.cases);
    let mut short = cases.split_off(cases.len().min(FULL));
    for cases in [&mut cases, &mut short] {
        cases.sort_by_key(|case| Reverse(case.target.verdict));
    }
    lines.extend(cases.iter().flat_map(|case| in_full(case, outcome, &names, width)));
    lines.extend(in_lines(&short, &names));
    lines.extend(not_decided(&release, &names, width));
    lines.extend(passed(&release, &names, width));
    let place = Some(&names.place).filter(|place| !place.is_empty());
    let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
    let took = length_of_seconds(outcome.duration_seconds);
    let verdict = outcome.verdict;
    let text = format!("{}{place} after {took}", total(outcome));
    lines.extend(wrapped_after(&format!("{}  ", shouted(verdict)), tone(verdict), &text, width));
    lines.extend(whole(outcome, width));
    lines
}

/// The same targets, but those with a cause that is told of another one come last.
fn different_first<'a>(cases: &'a [Case<'a>]) -> Vec<&'a Case<'a>> {
    let mut told = BTreeSet::new();
    let mut is_new =
        |case: &&Case<'_>| case.target.common.first().is_none_or(|of| told.insert(*of));
    let (first, again): (Vec<_>, Vec<_>) = cases.iter().partition(|case| is_new(case));
    [first, again].concat()
}

/// A target in one fact a line, and others of which the same is true.
fn in_full(case: &Case<'_>, outcome: &Outcome, names: &Names, width: usize) -> Vec<Line> {
    let Case { target, alike } = case;
    let (kind, name, place) = (&target.kind, &target.name, place(target));
    let more = match alike.len() {
        0 => String::new(),
        more => format!(" and {}", phrases::counted(more as u64, "more target")),
    };
    let took = length_of_seconds(decided_after(target).unwrap_or(outcome.duration_seconds));
    let title = format!("{kind}/{name} ({place}){more} after {took}");
    let mut lines = vec![headline(target.verdict, title)];
    lines.extend(facts_of(target, width));
    let own = document::own_settings(target, outcome).filter(|fact| fact.has_origin());
    if let Some(set) = document::set(own) {
        lines.extend(wrapped(&set, width));
    }
    if !alike.is_empty() {
        lines.extend(wrapped_after(&label("also"), Tone::Dim, &names.few(alike, NAMED), width));
    }
    lines
}

/// When it was decided, in seconds.
fn decided_after(target: &TargetOutcome) -> Option<f64> {
    let events = target.timeline.iter().rev().map(|entry| &entry.event);
    let mut decided = events.filter_map(|event| match event {
        GateEvent::Decided { at, .. } => Some(at.as_secs_f64()),
        _ => None,
    });
    decided.next()
}

/// Targets in a line each, those together of which the same is said, and how many more there are of which verdict.
fn in_lines(cases: &[&Case<'_>], names: &Names) -> Vec<Line> {
    let mut groups: Vec<(Verdict, String, Vec<&TargetOutcome>)> = Vec::new();
    for Case { target, alike } in cases {
        let why = in_short(target).into_iter().next();
        let why = why.map(|fact| plain(&fact.line) + &fact.tag).unwrap_or_default();
        let all = std::iter::once(*target).chain(alike.iter().copied());
        match groups.iter_mut().find(|group| (group.0, &group.1) == (target.verdict, &why)) {
            Some(group) => group.2.extend(all),
            None => groups.push((target.verdict, why, all.collect())),
        }
    }
    let (shown, rest) = groups.split_at(groups.len().min(SHORT));
    let line = |(verdict, why, targets): &(Verdict, String, Vec<&TargetOutcome>)| {
        let text = format!("{}: {why}", names.few(targets, TOGETHER));
        headline(*verdict, one_line(&text, LINE))
    };
    let mut lines: Vec<_> = shown.iter().map(line).collect();
    for verdict in Verdict::ALL.into_iter().rev() {
        let more = rest.iter().filter(|group| group.0 == verdict);
        let more: usize = more.map(|(.., targets)| targets.len()).sum();
        if more > 0 {
            lines.push(headline(verdict, phrases::counted(more as u64, "more target").to_string()));
        }
    }
    lines
}

fn not_decided(release: &Release<'_>, names: &Names, width: usize) -> Vec<Line> {
    let all = &release.stopped;
    if all.is_empty() {
        return Vec::new();
    }
    let rolling: Vec<_> = all.iter().copied().filter(|of| document::is_unwatched(of)).collect();
    let clean = |text: String| Untrusted::from(text.as_str()).to_clean_line(2000);
    let (named, unwatched) = (clean(names.few(all, NAMED)), clean(names.few(&rolling, NAMED)));
    let text: Clean = stopped(&named, rolling.len() as u64, all.len() as u64, &unwatched);
    let mut lines = wrapped_after("NOT DECIDED  ", Tone::Doubtful, &text, width);
    let suspected: Vec<_> = all.iter().filter_map(|of| Some((of, suspicion(of)?))).collect();
    let (shown, more) = first_few(&suspected, 3);
    for (target, finding) in shown {
        let text = format!("{}: {}", names.of(**target), plain(&naming_of(finding)));
        lines.extend(wrapped_after(&label("seen"), Tone::Dim, &one_line(&text, LINE), width));
    }
    if !more.is_empty() {
        lines.push(Line::new(Tone::Plain, label(""), more.trim_start()));
    }
    lines
}

fn passed(release: &Release<'_>, names: &Names, width: usize) -> Vec<Line> {
    if release.passed.is_empty() {
        return Vec::new();
    }
    let text = names.few(&release.passed, NAMED);
    let mut lines = wrapped_after("PASSED  ", Tone::Good, &text, width);
    for (fact, targets) in release.remarks() {
        let text = format!("{}: {}", names.few(&targets, 3), plain(&fact.line));
        lines.extend(wrapped_after(&label(fact.label), Tone::Doubtful, &text, width));
    }
    lines
}
