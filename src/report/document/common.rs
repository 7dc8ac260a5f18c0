//! What several targets have in common: told once, before each of them.

use super::{answers, worst_first};
use crate::{
    fleet::Common,
    gate::Verdict,
    manifest::Source,
    observation::TargetId,
    outcome::{Outcome, TargetOutcome},
    phrases::common::headline,
    report::{
        block::{Fact, Line, Part, prose, words},
        names::Names,
        words::{SENTENCE, more, one_line, target_name},
    },
};

/// Causes that are told, each under its own name. More of them are in the JSON report.
const NAMES: [&str; 5] =
    ["Common cause 1", "Common cause 2", "Common cause 3", "Common cause 4", "Common cause 5"];

/// Targets of one cause that are named.
const NAMED: usize = 20;

/// A cause that several targets share, as reports tell it.
#[derive(Clone, Debug)]
pub(in crate::report) struct Shared<'a> {
    /// Its number, as targets refer to it.
    pub(in crate::report) name: &'static str,
    /// The worst verdict of its targets.
    pub(in crate::report) verdict: Verdict,
    /// `2 targets fail for one reason`.
    pub(in crate::report) headline: String,
    /// The line of a manifest that one of its targets has it in.
    pub(in crate::report) source: Option<&'a Source>,
    /// What it is, which targets it explains, and what to do.
    pub(in crate::report) facts: Vec<Fact<'a>>,
}

/// The causes that several targets share, the one that explains most of them first.
pub(in crate::report) fn shared(outcome: &Outcome) -> Vec<Shared<'_>> {
    let order = worst_first(outcome);
    let numbered = NAMES.into_iter().zip(&outcome.common);
    numbered.map(|(name, common)| shared_by(outcome, &order, name, common)).collect()
}

fn shared_by<'a>(
    outcome: &'a Outcome,
    order: &[&TargetOutcome],
    name: &'static str,
    common: &'a Common,
) -> Shared<'a> {
    let targets: Vec<_> = common.all().filter_map(|id| target(outcome, id)).collect();
    let verdict = targets.iter().map(|target| target.verdict).max().unwrap_or(outcome.verdict);
    let cause = Fact {
        tag: format!(" [{}, {}]", common.cause, common.attribution),
        ..Fact::short("Cause", "cause", [prose(one_line(&common.what, SENTENCE))])
    };
    let names = Names::among(&outcome.targets);
    let number = |of: &TargetOutcome| order.iter().position(|one| std::ptr::eq(*one, of));
    let links = targets.iter().take(NAMED).flat_map(|of| {
        let link = Part::Target(number(of).unwrap_or_default() + 1, names.of(*of));
        [words(", "), link]
    });
    let rest = Some(more(targets.len(), NAMED)).filter(|rest| !rest.is_empty());
    let rest = rest.map(|rest| words(format!(" {rest}")));
    let line: Line<'_> = links.skip(1).chain(rest).collect();
    let mut facts = vec![cause, Fact::short("Targets", "of", line)];
    facts.extend((!common.next_step.is_empty()).then(|| answers::step(&common.next_step)));
    let headline = headline(targets.len() as u64, verdict == Verdict::Failed).to_string();
    let source = targets.iter().find_map(|target| answers::source(target));
    Shared { name, verdict, headline, source, facts }
}

/// The other targets that fail for the same reasons: a suite is read by itself.
pub(in crate::report) fn shared_in_suite<'a>(
    outcome: &'a Outcome,
    of: &TargetOutcome,
) -> Vec<Fact<'a>> {
    let causes = of.common.iter().filter_map(|place| outcome.common.get(*place));
    let fact = |common: &'a Common| {
        let others = common.all().filter_map(|id| target(outcome, id));
        let others: Vec<_> = others.filter(|other| !std::ptr::eq(*other, of)).collect();
        let named = others.iter().take(NAMED).map(|other| target_name(other));
        let named = named.collect::<Vec<_>>().join(", ");
        let rest = more(others.len(), NAMED);
        let shared = format!("shared with {named} {rest}");
        Fact {
            asides: vec![vec![words(shared.trim_end().to_owned())]],
            ..Fact::new("Common cause", [prose(one_line(&common.what, SENTENCE))])
        }
    };
    causes.map(fact).collect()
}

fn target(outcome: &Outcome, id: TargetId) -> Option<&TargetOutcome> {
    outcome.targets.get(id.index())
}
