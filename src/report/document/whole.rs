//! What is said of a run as a whole.

use crate::{
    outcome::Outcome,
    report::block::{Fact, Line, prose, words},
};

/// Why the release could not be judged as a whole, and what to do.
pub(in crate::report) fn problems(outcome: &Outcome) -> Vec<Fact<'_>> {
    let facts = outcome.problems.iter().flat_map(|problem| {
        let next = &problem.next_step;
        let step = Fact::short("Next step", "next", [prose(&*next.what)]);
        let step = Fact { command: next.command.as_deref(), ..step };
        let is_told = !next.what.is_empty() || next.command.is_some();
        let place = problem.context.as_ref().map(|context| words(format!("context {context}: ")));
        let line: Line<'_> = place.into_iter().chain([prose(&*problem.reason)]).collect();
        [Some(Fact::short("Why", "why", line)), is_told.then_some(step)]
    });
    facts.flatten().collect()
}

/// What is to be said beside the verdicts.
pub(in crate::report) fn notes(outcome: &Outcome) -> Vec<Fact<'_>> {
    outcome.notes.iter().map(|note| Fact::short("", "note", [prose(&**note)])).collect()
}
