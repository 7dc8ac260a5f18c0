//! What is said of a run as a whole.

use super::pages;
use crate::{
    gate::{ReasonCode, SettingFact},
    outcome::{Outcome, TargetOutcome},
    phrases,
    report::{
        block::{Fact, Line, prose, words},
        words::target_name,
    },
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
        let more = pages::of_reason(problem.reason_code);
        [Some(Fact::short("Why", "why", line)), is_told.then_some(step), Some(more)]
    });
    facts.flatten().collect()
}

/// The settings of the run and those that all targets share, where somebody set them; `None` if nobody did.
pub(in crate::report) fn settings(outcome: &Outcome) -> Option<Fact<'_>> {
    set(outcome.settings.iter())
}

/// The settings that a target does not share with all others.
pub(in crate::report) fn own_settings<'a>(
    target: &'a TargetOutcome,
    outcome: &'a Outcome,
) -> impl Iterator<Item = &'a SettingFact> {
    target.settings.iter().filter(|fact| !outcome.settings.contains(fact))
}

/// Those that somebody set, each with its source.
pub(in crate::report) fn set<'a>(
    settings: impl Iterator<Item = &'a SettingFact>,
) -> Option<Fact<'a>> {
    let set: Vec<_> = settings.filter(|fact| fact.is_set()).map(SettingFact::in_words).collect();
    let line = words(phrases::joined(&set, ", ").to_string());
    (!set.is_empty()).then(|| Fact::short("Settings", "set", [line]))
}

/// Which API servers were asked.
pub(in crate::report) fn servers(outcome: &Outcome) -> impl Iterator<Item = Fact<'_>> {
    let is_alone = outcome.servers.len() == 1;
    outcome.servers.iter().map(move |server| {
        let mut line = vec![words("API server ")];
        if let Some(context) = server.context.as_ref().filter(|_| !is_alone) {
            line.extend([words("of "), prose(&**context), words(": ")]);
        }
        line.push(prose(&*server.address));
        Fact::new("", line)
    })
}

/// The run of the CI system, and where to find it.
pub(in crate::report) fn ci(outcome: &Outcome) -> Option<Fact<'_>> {
    let run = outcome.ci.as_ref()?;
    let mut line = vec![prose(&*run.system), words(" run "), prose(&*run.run)];
    if let Some(commit) = &run.commit {
        line.extend([words(", commit "), prose(&**commit)]);
    }
    if let Some(link) = &run.link {
        line.extend([words(", "), prose(&**link)]);
    }
    Some(Fact::new("", line))
}

/// What is to be said beside the verdicts.
pub(in crate::report) fn notes(outcome: &Outcome) -> Vec<Fact<'_>> {
    let notes = outcome.notes.iter().map(|note| Fact::short("", "note", [prose(&**note)]));
    notes.chain(rollbacks(outcome)).collect()
}

/// Rollbacks of targets that were not decided, which no report shows one by one.
fn rollbacks(outcome: &Outcome) -> impl Iterator<Item = Fact<'_>> {
    let targets = outcome.targets.iter();
    let stopped = targets.filter(|target| target.reason_code == Some(ReasonCode::Stopped));
    stopped.filter_map(|target| {
        let rollback = target.rollback.as_ref()?;
        let name = words(format!("{}: ", target_name(target)));
        let line: Line<'_> = vec![name, prose(&*rollback.reason)];
        let command = rollback.next_step.command.as_deref();
        Some(Fact { command, ..Fact::short("", "back", line) })
    })
}
