//! The order of what is said of a target.

use super::{answers, basis, changes, finding, naming, told::Told};
use crate::{
    gate::{Check, CheckResult, Finding, FindingState, Verdict},
    model::Kind,
    outcome::TargetOutcome,
    phrases::counted,
    report::{
        block::{Block, Fact, Headline, Line, Look, Mark, Place, Section, code, words},
        words::{length_of_seconds, place, target_name},
    },
};

/// The section of a target: the answers first, then the picture, its findings, the checks and what the verdict rests on.
/// `also`: others of which the same is true.
pub(super) fn section<'a>(
    target: &'a TargetOutcome,
    number: usize,
    run: Vec<String>,
    also: Option<Fact<'a>>,
) -> Block<'a> {
    let name = target_name(target);
    let mut told = Told::default();
    let verdict = target.verdict;
    let what = format!("{}/{}", target.kind, target.name);
    let lead = answers::lead(target, &mut told);
    let headline =
        Headline { verdict, what, place: place(target), number: Some(number), run, lead };
    let next = answers::next_after_common(target, &mut told);
    let mut answers = rest(target, next, answers::decisive(target), &mut told);
    answers.extend(also);
    let mut blocks = vec![
        Block::Headline(headline),
        Block::Facts(Look::Answers, answers),
        Block::Facts(Look::Row, facts(target)),
    ];
    blocks.extend(target.changes.as_ref().and_then(|changes| changes::rest(changes, &name)));
    if !target.lanes.is_empty() {
        blocks.push(Block::Picture(target, number));
    }
    let (telling, others) = telling(target);
    let telling = telling.iter().zip(1..);
    blocks.extend(telling.map(|(finding, number)| finding::section(finding, number, &mut told)));
    blocks.push(basis::checks(target, format!("the checks of {name}")));
    blocks.push(basis::basis(target, &mut told, format!("the basis of {name}")));
    if !others.is_empty() {
        let seen = others.into_iter().map(|of| Fact::new("", naming::in_a_line(of))).collect();
        let name = format!("what else was seen on {name}");
        let section = Section::new(Place::Part, name, [words("Also seen")]);
        blocks.push(section.around([Block::Facts(Look::List, seen)]));
    }
    blocks.extend(basis::timeline(target, format!("the timeline of {name}")));
    Section::new(Place::Target, name, []).marked(Mark::Verdict(verdict)).around(blocks)
}

/// What a person asks after what is wrong.
fn rest<'a>(
    target: &'a TargetOutcome,
    next: Vec<Fact<'a>>,
    decisive: Option<&'a Finding>,
    told: &mut Told,
) -> Vec<Fact<'a>> {
    let mut facts = next;
    facts.extend(decisive.map(|finding| answers::owner(finding, told)));
    facts.extend(target.changes.as_ref().map(changes::answer));
    facts
}

/// The findings that explain the verdict, and the others.
///
/// What is only suspected does where nothing was confirmed in time.
fn telling(target: &TargetOutcome) -> (Vec<&Finding>, Vec<&Finding>) {
    target.findings.iter().partition(|finding| match finding.state {
        FindingState::Confirmed => true,
        FindingState::Suspected => target.verdict != Verdict::Passed,
        FindingState::Resolved | FindingState::Tolerated => false,
    })
}

/// What is said of a check that is red, under its `message`: the answers and the evidence on its own findings.
pub(in crate::report) fn case<'a>(
    target: &'a TargetOutcome,
    check: Check,
    result: CheckResult,
    message: &str,
) -> Vec<Block<'a>> {
    let mut told = Told::default();
    told.say(message);
    let is_shown = |of: &&Finding| of.cause.check() == check && of.state != FindingState::Resolved;
    let findings: Vec<&Finding> = target.findings.iter().filter(is_shown).collect();
    let decided = findings.iter().find(|finding| finding.state == FindingState::Confirmed).copied();
    let lead = decided.map(|finding| answers::of_finding(finding, Some(target), &mut told));
    let mut answers = lead.unwrap_or_default();
    let next = answers::next(target, &mut told);
    answers.extend(rest(target, next, decided, &mut told));
    let mut blocks = vec![Block::Facts(Look::Answers, answers)];
    let findings = findings.into_iter().zip(1..);
    blocks.extend(findings.map(|(finding, number)| finding::section(finding, number, &mut told)));
    if result == CheckResult::Error {
        blocks.push(Block::Facts(Look::List, basis::missing(target, &mut told)));
    }
    blocks
}

/// All evidence on a target.
pub(in crate::report) fn evidence(target: &TargetOutcome) -> Vec<Block<'_>> {
    let mut told = Told::default();
    let findings = target.findings.iter().zip(1..);
    findings.map(|(finding, number)| finding::section(finding, number, &mut told)).collect()
}

/// Revision, images, readiness, what serves users, and window.
fn facts(target: &TargetOutcome) -> Vec<Fact<'_>> {
    let named = |number: Option<u64>| number.map(|number| format!(" (number {number})"));
    let mut facts = Vec::new();
    if let Some(revision) = &target.revision {
        let name = [code(&*revision.name), words(named(revision.number).unwrap_or_default())];
        facts.push(Fact::new("Revision", name));
        for image in &revision.images {
            let mut line: Line<'_> = vec![code(&*image.image)];
            if revision.images.len() > 1 {
                line.extend([words(" in "), code(&*image.container)]);
            }
            facts.push(Fact::new("Image", line));
        }
        let old = match target.rollout.old {
            0 => String::new(),
            old => format!(", {} left", counted(old, "old pod")),
        };
        let ready = format!("{} of {}{old}", target.rollout.ready, target.rollout.desired);
        // the pods of a Job run to their end
        if target.kind.kind() != Kind::Job {
            facts.push(Fact::new("Ready", [words(ready)]));
        }
    }
    for serving in &target.serving {
        let available = counted(serving.available, "available pod");
        let rest = format!("{}, {available}", named(serving.number).unwrap_or_default());
        facts.push(Fact::new("Serving", [code(&*serving.revision), words(rest)]));
    }
    if let Some(window) = &target.window {
        let held = length_of_seconds(window.held_seconds);
        let required = length_of_seconds(window.required_seconds);
        facts.push(Fact::new("Window", [words(format!("{held} of {required}"))]));
    }
    facts.extend(target.reason_code.map(|of| Fact::new("Reason code", [code(of.as_str())])));
    facts
}
