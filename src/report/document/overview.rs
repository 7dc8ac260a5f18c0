//! The order of a whole report.

use super::{Shared, in_short, more, target, worst_first};
use crate::{
    gate::Verdict,
    outcome::{Outcome, TargetOutcome},
    report::{
        block::{Block, Fact, Headline, Look, Mark, Part, Place, Section, Table, words},
        words::{length_of_seconds, target_name},
    },
};

/// Targets that are listed.
const LISTED: usize = 200;

/// The blocks of a report: of one target, or a list of all and each of them, those that need a person first.
pub(in crate::report) fn page(outcome: &Outcome) -> Vec<Block<'_>> {
    let targets = worst_first(outcome);
    if let [target] = &*targets {
        return vec![target::section(target, 1, run(outcome))];
    }
    let (verdict, run) = (outcome.verdict, run(outcome));
    let mut blocks = vec![Block::Headline(Headline {
        verdict,
        what: total(outcome),
        place: String::new(),
        number: None,
        run,
        lead: Vec::new(),
    })];
    blocks.extend(super::shared(outcome).into_iter().map(shared));
    if !targets.is_empty() {
        blocks.push(Block::Table(listed(&targets)));
    }
    let all = Section::new(Place::Target, "the list of targets".to_owned(), []);
    let all = all.marked(Mark::Verdict(verdict)).around(blocks);
    let each = targets.iter().zip(1..).map(|(of, number)| target::section(of, number, Vec::new()));
    std::iter::once(all).chain(each).collect()
}

/// A cause that several targets share.
fn shared(Shared { name, verdict, headline, facts, .. }: Shared<'_>) -> Block<'_> {
    let title = [words(format!("{name}: {headline}"))];
    let section = Section::new(Place::Finding, name.to_lowercase(), title);
    section.marked(Mark::Verdict(verdict)).around([Block::Facts(Look::Answers, facts)])
}

fn listed<'a>(targets: &[&'a TargetOutcome]) -> Table<'a> {
    let first = |Fact { mut line, tag, .. }: Fact<'a>| {
        line.push(words(tag));
        line
    };
    let row = |(target, number): (&&'a TargetOutcome, usize)| {
        let verdict = target.verdict;
        vec![
            vec![Part::Target(number, target_name(target))],
            vec![Part::Mark(Mark::Verdict(verdict)), words(verdict.as_str())],
            in_short(target).into_iter().next().map(first).unwrap_or_default(),
        ]
    };
    Table {
        name: "targets",
        columns: &["Target", "Verdict", "Why"],
        rows: targets.iter().zip(1..).take(LISTED).map(row).collect(),
        note: more(targets.len(), LISTED),
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

/// `1 of 3 targets passed`.
pub(in crate::report) fn total(outcome: &Outcome) -> String {
    let passed = outcome.targets.iter().filter(|target| target.verdict == Verdict::Passed).count();
    match outcome.targets.len() {
        0 => "there was no target to judge".to_owned(),
        total => format!("{passed} of {total} targets passed"),
    }
}
