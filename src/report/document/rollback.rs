//! How to go back to a revision before, and what became of it where deploygate was to do that.

use super::pages;
use crate::{
    gate::{NextStep, Verdict},
    outcome::{Rollback, TargetOutcome},
    report::{
        block::{Fact, prose},
        words::{SENTENCE, one_line},
    },
    text::Clean,
    vocabulary::RollbackWrite,
};

/// How to go back, unless it was done; what became of the rollback that was asked for.
pub(super) fn facts(target: &TargetOutcome) -> Vec<Fact<'_>> {
    let became = target.rollback.as_ref();
    let is_undone = became.is_some_and(|rollback| rollback.write == RollbackWrite::Done);
    let undo = target.undo.as_ref().filter(|_| !is_undone);
    let mut facts: Vec<Fact<'_>> = undo
        .map(|undo| match undo.is_command {
            true => Fact { command: Some(&undo.how), ..Fact::short("Undo", "undo", []) },
            false => Fact::short("Undo", "undo", [prose(&*undo.how)]),
        })
        .into_iter()
        .collect();
    let told = undo.map(|undo| &undo.how);
    facts.extend(became.into_iter().flat_map(|rollback| of(rollback, told)));
    facts
}

/// What became of the rollback, and what is left to do; not the command that was `told`.
fn of<'a>(rollback: &'a Rollback, told: Option<&Clean>) -> Vec<Fact<'a>> {
    let is_trouble = rollback.write != RollbackWrite::Done
        || rollback.verdict.is_some_and(|verdict| verdict != Verdict::Passed);
    let sentence = |text: &str| [prose(one_line(text, SENTENCE))];
    let what = Fact::short("Rollback", "back", sentence(&rollback.reason));
    let mut facts = vec![Fact { is_trouble, ..what }];
    let NextStep { what, command } = &rollback.next_step;
    if !rollback.next_step.is_empty() {
        let command = command.as_ref().filter(|command| Some(*command) != told);
        let name = match rollback.write {
            RollbackWrite::Done => "After the rollback",
            RollbackWrite::NotDone | RollbackWrite::Unknown | RollbackWrite::Planned => "By hand",
        };
        let step = Fact::short(name, "then", sentence(what));
        facts.push(Fact { command: command.map(|command| &**command), ..step });
    }
    if rollback.write == RollbackWrite::NotDone {
        facts.push(pages::of_refusal());
    }
    facts
}
