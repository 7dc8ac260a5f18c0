//! The order of a whole report.

use super::{
    LISTED, Shared, answers, in_short, pages, passed, present,
    release::{Case, Release, has_section, is_stopped, stopped_at, total},
    target,
    whole::{ci, notes, problems, servers, settings},
    worst_first,
};
use crate::{
    outcome::{Outcome, TargetOutcome},
    report::{
        block::{Block, Fact, Fold, Headline, Look, Mark, Part, Place, Section, Table, words},
        names::Names,
        words::{length_of_seconds, state},
    },
};

/// Targets that are named because the same is true of them.
const ALIKE: usize = 20;

/// The blocks of a report: of one target, or a list of all and what is to be said of each, those that need a person first.
pub(in crate::report) fn page(outcome: &Outcome) -> Vec<Block<'_>> {
    let order = worst_first(outcome);
    let mut notes = notes(outcome);
    if outcome.targets.len() != 1 {
        notes.extend(settings(outcome));
    }
    notes.extend(pages::of_causes(outcome));
    notes.extend(servers(outcome));
    notes.extend(ci(outcome));
    let notes = (!notes.is_empty()).then_some(Block::Facts(Look::List, notes));
    if let ([target], true) = (&*order, outcome.problems.is_empty()) {
        return [target::section(target, 1, run(outcome), None)].into_iter().chain(notes).collect();
    }
    let (release, names) = (Release::of(outcome), Names::among(&outcome.targets));
    let number = |of| number(&order, of);
    let verdict = outcome.verdict;
    let mut blocks = vec![Block::Headline(Headline {
        verdict,
        what: match &*names.place {
            "" => total(outcome).to_string(),
            place => format!("{} ({place})", total(outcome)),
        },
        place: String::new(),
        number: None,
        run: run(outcome),
        lead: problems(outcome),
    })];
    blocks.extend(notes);
    blocks.extend(super::shared(outcome).into_iter().map(shared));
    if !order.is_empty() {
        blocks.push(Block::Table(listed(&order, &release, &names)));
    }
    blocks.extend(passed::remarks(&release, outcome, &names));
    blocks.extend(passed::details(&release, &names));
    let all = Section::new(Place::Target, "the list of targets".to_owned(), []);
    let all = all.marked(Mark::Verdict(verdict)).around(blocks);
    let each = release.cases.iter().map(|Case { target, alike }| {
        let also = (!alike.is_empty()).then(|| names.few(alike, ALIKE));
        let also = also.map(|also| Fact::new("The same is true of", [words(also)]));
        target::section(target, number(target), Vec::new(), also)
    });
    let stopped = release.stopped.iter().filter(|target| has_section(target));
    let stopped = stopped.map(|of| target::section(of, number(of), Vec::new(), None));
    std::iter::once(all).chain(each).chain(stopped).collect()
}

/// A cause that several targets share.
fn shared(Shared { name, verdict, headline, facts, .. }: Shared<'_>) -> Block<'_> {
    let title = [words(format!("{name}: {headline}"))];
    let section = Section::new(Place::Finding, name.to_lowercase(), title);
    let section = section.folded(Fold::Open).marked(Mark::Verdict(verdict));
    section.around([Block::Facts(Look::Answers, facts)])
}

/// The number of a target in the report: its place in the list.
fn number(order: &[&TargetOutcome], target: &TargetOutcome) -> usize {
    order.iter().position(|one| std::ptr::eq(*one, target)).unwrap_or_default() + 1
}

fn listed<'a>(targets: &[&'a TargetOutcome], release: &Release<'a>, names: &Names) -> Table<'a> {
    let first = |Fact { mut line, tag, .. }: Fact<'a>| {
        line.push(words(tag));
        line
    };
    let is_present = targets.iter().any(|target| target.policy.present);
    // where it is told
    let section = |target: &'a TargetOutcome| {
        let told = |case: &&Case<'a>| case.alike.iter().any(|of| std::ptr::eq(*of, target));
        let with = release.cases.iter().find(told).map(|case| case.target);
        with.or_else(|| has_section(target).then_some(target)).map(|of| number(targets, of))
    };
    let row = |target: &&'a TargetOutcome| {
        let (target, verdict, name) = (*target, target.verdict, names.of(*target));
        let name = match section(target) {
            Some(number) => Part::Target(number, name),
            None => words(name),
        };
        let why = match is_stopped(target) {
            true => vec![words(stopped_at(target).to_string())],
            false => in_short(target).into_iter().next().map(first).unwrap_or_default(),
        };
        let state = vec![Part::Mark(Mark::Verdict(verdict)), words(state(target))];
        match is_present {
            true => [vec![vec![name], state], present::cells(answers::decisive(target)), vec![why]]
                .concat(),
            false => vec![vec![name], state, why],
        }
    };
    let (name, columns): (_, &[_]) = match is_present {
        true => {
            ("states", &["Target", "State", "For", "Container", "Restarts#", "Last exit", "Why"])
        }
        false => ("targets", &["Target", "Verdict", "Why"]),
    };
    Table {
        name,
        columns,
        rows: targets.iter().take(LISTED).map(row).collect(),
        more: targets.len().saturating_sub(LISTED),
    }
}

/// When the run was, how long it took, and what it ended with.
pub(in crate::report) fn run(outcome: &Outcome) -> Vec<String> {
    vec![
        format!("started {}", outcome.started_at.strftime("%Y-%m-%d %H:%M:%S UTC")),
        format!("took {}", length_of_seconds(outcome.duration_seconds)),
        format!("exit code {}", outcome.exit_code.code()),
    ]
}
