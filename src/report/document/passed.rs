//! What is to be said of targets that passed, together: each of them is a row.

use super::{
    LISTED, basis,
    release::{Release, grouped},
    told::Told,
    whole,
};
use crate::{
    outcome::{Outcome, TargetOutcome},
    report::{
        block::{Block, Fact, Fold, Line, Look, Place, Section, Table, code, prose, words},
        names::Names,
        words::length_of_seconds,
    },
};

/// Targets that are named beside a remark.
const NAMED: usize = 10;

/// What weakens the passes, what they put up with and what could not be read, each thing once.
pub(super) fn remarks<'a>(
    release: &Release<'a>,
    outcome: &'a Outcome,
    names: &Names,
) -> Option<Block<'a>> {
    let notes = |target: &'a TargetOutcome| {
        // the warnings are among the remarks
        let notes = target.notes.iter().filter(|note| !target.warnings.contains(note));
        let notes = notes.map(|note| Fact::new("", [prose(&**note)]));
        let own = whole::set(whole::own_settings(target, outcome)).map(|set| Fact {
            line: [vec![words("settings: ")], set.line].concat(),
            ..Fact::default()
        });
        notes.chain(own).chain(basis::missing(target, &mut Told::default()))
    };
    let noted = release.passed.iter().flat_map(|of| notes(of).map(move |fact| (fact, *of)));
    let all = release.remarks().into_iter().chain(grouped(noted));
    let facts: Vec<_> = all
        .map(|(fact, targets)| {
            let mut line: Line<'_> = vec![words(format!("{}: ", names.few(&targets, NAMED)))];
            line.extend(fact.line);
            Fact { is_trouble: fact.is_trouble, ..Fact::new("", line) }
        })
        .collect();
    let title = [words("To know about the passes")];
    let section = Section::new(Place::Part, "the notes on what passed".to_owned(), title);
    (!facts.is_empty()).then(|| section.around([Block::Facts(Look::List, facts)]))
}

/// What runs now, and how long it was watched.
pub(super) fn details<'a>(release: &Release<'a>, names: &Names) -> Option<Block<'a>> {
    let row = |target: &&'a TargetOutcome| {
        let target = *target;
        let revision = target.revision.as_ref();
        let name = revision.map(|revision| code(&*revision.name));
        let images = revision.into_iter().flat_map(|revision| &revision.images);
        let images = images.flat_map(|of| [words(", "), code(&*of.image)]).skip(1);
        let held = target.window.as_ref().map(|window| length_of_seconds(window.held_seconds));
        vec![
            vec![words(names.of(target))],
            name.into_iter().collect(),
            images.collect(),
            vec![words(held.map(|held| held.to_string()).unwrap_or_default())],
        ]
    };
    let all = &release.passed;
    let columns: &[_] = &["Target", "Revision", "Image", "Healthy for#"];
    // at present nothing is watched for a while
    let shown = if all.iter().any(|target| target.window.is_some()) { 4 } else { 3 };
    let cut = |mut row: Vec<_>| {
        row.truncate(shown);
        row
    };
    let table = Table {
        name: "passes",
        columns: &columns[..shown],
        rows: all.iter().take(LISTED).map(row).map(cut).collect(),
        more: all.len().saturating_sub(LISTED),
    };
    let section = Section::new(Place::Part, "what runs now".to_owned(), [words("What passed")]);
    let section = section.beside([words(format!(" ({})", all.len()))]).folded(Fold::Closed);
    (!all.is_empty()).then(|| section.around([Block::Table(table)]))
}
