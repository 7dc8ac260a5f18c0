//! The first things that a person asks: what is broken, what shows it, what to do, who should do it.
//!
//! The terminal, annotations and all reports give these answers, in this order.

use super::{naming, pages, present, rollback, told::Told};
use crate::{
    evidence::Attribution,
    gate::{Finding, FindingState, NextStep, ReasonCode, Said, SaidIn, Verdict},
    manifest::Source,
    outcome::TargetOutcome,
    phrases::{common::told_before, compared, counted},
    report::{
        block::{Fact, Line, code, prose, words},
        words::{SENTENCE, one_line},
    },
    signs::{Certainty, Diagnosis, Place},
};

/// Characters of a text that shows a cause.
const QUOTE: usize = 200;

/// The label of the line of the manifest.
pub(in crate::report) const MANIFEST: &str = "file";

/// The label of the reason where no finding decided.
pub(super) const WHY: &str = "why";

/// The label of what changes no verdict.
const WARNING: &str = "warn";

/// The label of what to do.
const NEXT: &str = "next";

/// Findings that were tolerated and that are named.
const TOLERATED: usize = 3;

/// The finding that decided, or that keeps the rollout from its end.
pub(super) fn decisive(target: &TargetOutcome) -> Option<&Finding> {
    let of = |state| target.findings.iter().find(move |finding| finding.state == state);
    let suspected = || of(FindingState::Suspected).filter(|_| target.verdict == Verdict::TimedOut);
    of(FindingState::Confirmed).or_else(suspected)
}

/// The line of the manifest that the finding is about which decided; without one where the manifest begins.
pub(in crate::report) fn source(target: &TargetOutcome) -> Option<&Source> {
    decisive(target).map_or(target.source.as_ref(), |finding| finding.source.as_ref())
}

/// What is wrong and what shows it.
pub(super) fn lead<'a>(target: &'a TargetOutcome, told: &mut Told) -> Vec<Fact<'a>> {
    let Some(finding) = decisive(target) else {
        let mut facts = warnings(target, told);
        told.say(&target.reason.sentence());
        facts.push(Fact::short("Why", WHY, [sentence(&target.reason.sentence())]));
        return facts;
    };
    let mut facts = of_finding(finding, Some(target), told);
    refer_to_common(target, &mut facts);
    facts.extend(present::lasting(finding));
    if target.verdict == Verdict::TimedOut && !target.rollout.waiting_for.is_empty() {
        let waits: Vec<&str> = target.rollout.waiting_for.iter().map(|wait| &**wait).collect();
        waits.iter().for_each(|wait| told.say(wait));
        facts.push(Fact::short("Still waiting for", "wait", [sentence(&waits.join("; "))]));
    }
    facts
}

/// What a finding is and what shows it, as far as that was not said.
///
/// `of`: the target that it decided on. Without a known cause the container's own words come first: they are the nearest
/// to one.
pub(super) fn of_finding<'a>(
    finding: &'a Finding,
    of: Option<&'a TargetOutcome>,
    told: &mut Told,
) -> Vec<Fact<'a>> {
    let diagnosis = finding.diagnosis.as_ref();
    let cause = diagnosis.filter(|diagnosis| told.is_new(&diagnosis.cause)).map(cause);
    let seen = told.is_new(&finding.message).then(|| seen(finding, of));
    let mut facts: Vec<Fact<'a>> = Vec::new();
    let said = of.into_iter().flat_map(|target| &target.reason.said);
    let said = said.map(|Said { source, text }| match source {
        SaidIn::TerminationMessage => (Place::TerminationMessage, one_line(text, QUOTE)),
        SaidIn::Log => (Place::Log, one_line(text, QUOTE)),
    });
    let quote = diagnosis.map(|of| (of.place, one_line(&of.quote, QUOTE)));
    // after a colon at its end it says nothing
    for (place, text) in said.chain(quote.filter(|(_, quote)| !quote.ends_with(':'))) {
        let (name, label) = match place {
            Place::Kubernetes => ("Event", "event"),
            Place::TerminationMessage => ("Termination message", "said"),
            Place::Log => ("Log", "log"),
            Place::ExitCode => continue,
        };
        if told.is_new(&text) {
            facts.push(Fact::short(name, label, [code(text)]));
        }
    }
    let at = if cause.is_some() { 0 } else { facts.len() };
    if let Some(Source { file, line }) = &finding.source {
        let place = format!("{file}:{line}");
        if told.is_new(&place) {
            facts.push(Fact::short("Manifest", MANIFEST, [code(place)]));
        }
    }
    facts.splice(at..at, cause.into_iter().chain(seen));
    facts
}

/// What several targets share is told once, before all of them: its place is all that each of them says of it.
fn refer_to_common(target: &TargetOutcome, facts: &mut Vec<Fact<'_>>) {
    let Some(place) = target.common.first() else { return };
    let common = Fact::short("Cause", "cause", [prose(told_before(place + 1).to_string())]);
    facts.retain(|fact| !["cause", "guess"].contains(&fact.label));
    facts.insert(0, common);
}

fn cause(diagnosis: &Diagnosis) -> Fact<'_> {
    let (name, label) = match diagnosis.certainty {
        Certainty::Certain => ("Cause", "cause"),
        Certainty::Probable => ("Probable cause", "cause"),
        Certainty::Guess => ("Possible cause", "guess"),
    };
    let shown_by = match diagnosis.place {
        Place::Kubernetes => "reported by Kubernetes",
        Place::TerminationMessage => "shown by the termination message",
        Place::Log => "shown by the log",
        Place::ExitCode => "inferred from the exit code only",
    };
    let asides = vec![vec![words(shown_by)]];
    Fact { asides, ..Fact::short(name, label, [sentence(&diagnosis.cause)]) }
}

/// `container app: exit code 1 after 1s, 2 of 2 pods`.
fn seen<'a>(finding: &'a Finding, of: Option<&TargetOutcome>) -> Fact<'a> {
    let mut line = Line::new();
    let message = finding.message.trim_end_matches('.');
    // a limit beside the finding, as the Deployment's own progress deadline, is part of the reason
    let decided = of.filter(|target| target.verdict == Verdict::Failed);
    let more = decided
        .map(|target| &*target.reason.what)
        .filter(|what| what.contains(message) && !what.trim_end_matches('.').ends_with(message));
    if let (Some(container), None) = (&finding.container, more) {
        let role = naming::role(finding.role);
        line.extend([words(format!("{role}container ")), code(&**container), words(": ")]);
    }
    line.push(sentence(more.unwrap_or(message)));
    let (shown, all) = (finding.pods.len() as u64, of.map_or(0, |target| target.coverage.pods));
    if shown > 0 && all > 1 {
        line.push(words(format!(", {shown} of {}", counted(all, "pod"))));
    } else if shown > 1 {
        line.push(words(format!(", {}", counted(shown, "pod"))));
    }
    Fact::short("What happened", "seen", line)
}

fn sentence(text: &str) -> crate::report::block::Part<'static> {
    prose(one_line(text, SENTENCE))
}

/// What to do, and how to go back.
pub(super) fn next<'a>(target: &'a TargetOutcome, told: &mut Told) -> Vec<Fact<'a>> {
    let mut facts = Vec::new();
    told.say(&target.next_step.what);
    if !target.next_step.is_empty() {
        facts.push(step(&target.next_step));
    }
    facts.extend(rollback::facts(target));
    let unjudged = target.reason_code.filter(|_| target.verdict == Verdict::Inconclusive);
    facts.extend(unjudged.filter(|code| *code != ReasonCode::Stopped).map(pages::of_reason));
    facts
}

/// The same on a page that has told what to do about a cause that several targets share.
pub(super) fn next_after_common<'a>(target: &'a TargetOutcome, told: &mut Told) -> Vec<Fact<'a>> {
    let mut facts = next(target, told);
    facts.retain(|fact| fact.label != NEXT || target.common.is_empty());
    facts
}

/// A step with its command.
pub(super) fn step(step: &NextStep) -> Fact<'_> {
    let line = [sentence(&step.what)];
    Fact { command: step.command.as_deref(), ..Fact::short("Next step", NEXT, line) }
}

/// Who should look at a finding, and what the comparison with other pods says of that.
pub(super) fn owner<'a>(finding: &'a Finding, told: &mut Told) -> Fact<'a> {
    told.say(&owner_of(finding));
    let what = match finding.attribution {
        Attribution::Application => "the program in the container",
        Attribution::Configuration => "the manifest, or objects that it refers to",
        Attribution::Platform => "nodes, network, registry, storage, or the cluster",
        Attribution::Unknown => "unclear from the evidence",
    };
    let comparison = finding.comparison.as_ref().map(|with| vec![sentence(&compared(with))]);
    let asides = [vec![words(what)]].into_iter().chain(comparison).collect();
    Fact { asides, ..Fact::new("Likely owner", [words(finding.attribution.as_str())]) }
}

/// What is taken down once the owner of a finding is said.
pub(super) fn owner_of(finding: &Finding) -> String {
    format!("{} of {:?}: {}", finding.cause, finding.container, finding.attribution)
}

/// What a pass does not say: it comes before it.
fn warnings<'a>(target: &'a TargetOutcome, told: &mut Told) -> Vec<Fact<'a>> {
    let warnings = target.warnings.iter().filter(|_| target.verdict == Verdict::Passed);
    let new = warnings.filter(|warning| told.is_new(warning));
    let fact = |warning| Fact::short("Warning", WARNING, [sentence(warning)]);
    new.map(|warning| Fact { is_trouble: true, ..fact(warning) }).collect()
}

/// What a pass puts up with.
fn notes(target: &TargetOutcome) -> Vec<Fact<'_>> {
    if target.verdict != Verdict::Passed {
        return Vec::new();
    }
    let findings = target.findings.iter();
    let tolerated: Vec<_> = findings.filter(|f| f.state == FindingState::Tolerated).collect();
    let more = tolerated.len().saturating_sub(TOLERATED);
    let more = (more > 0).then(|| vec![words(format!("{more} more were tolerated"))]);
    let old = (target.rollout.old > 0).then(|| counted(target.rollout.old, "old pod"));
    let old = old.map(|old| vec![words(format!("{old} still terminating, tolerated"))]);
    let named = tolerated.into_iter().take(TOLERATED).map(naming::in_a_line);
    named.chain(more).chain(old).map(|line| Fact::short("Note", "note", line)).collect()
}

/// The answers for the few lines at the end of a run and for annotations, with the cause and the likely owner in a word
/// each beside the first of them.
pub(in crate::report) fn in_short(target: &TargetOutcome) -> Vec<Fact<'_>> {
    let mut told = Told::default();
    let mut facts = lead(target, &mut told);
    facts.extend(next_after_common(target, &mut told));
    facts.extend(notes(target));
    let is_own = |fact: &&mut Fact<'_>| ["cause", "guess", "seen"].contains(&fact.label);
    match (decisive(target), target.reason_code) {
        (Some(finding), _) => {
            if let Some(first) = facts.iter_mut().find(is_own) {
                first.tag = format!(" [{}, {}]", finding.cause, finding.attribution);
            }
        }
        (None, Some(code)) => facts[0].tag = format!(" [{code}]"),
        (None, None) => {}
    }
    facts
}
