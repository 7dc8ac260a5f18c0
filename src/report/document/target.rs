//! The order of what is said of a target.

use super::{
    Answer, Block, Fact, Headline, Line, Mark, Place, Section, answers, basis, changes, code,
    finding, naming, told::Told, words,
};
use crate::{
    gate::{Check, CheckResult, Finding, FindingState, Verdict},
    outcome::TargetOutcome,
    phrases::counted,
    report::words::{length_of_seconds, target_name},
};

/// The section of a target: the answers first, then the picture, its findings, the checks and what the verdict rests on.
pub(super) fn section(target: &TargetOutcome, number: usize, run: Vec<String>) -> Block<'_> {
    let name = target_name(target);
    let mut told = Told::default();
    let lead = answers::lead(target, &mut told);
    let mut blocks = vec![Block::Headline(Headline {
        verdict: target.verdict,
        of: (format!("{}/{}", target.kind, target.name), &target.namespace),
        number: Some(number),
        run,
        lead,
    })];
    let mut rest = answers::next(target, &mut told);
    rest.extend(answers::decisive(target).map(|finding| answers::owner(finding, &mut told)));
    rest.extend(target.changes.as_ref().map(changes::answer));
    if !rest.is_empty() {
        blocks.push(Block::Answers(rest));
    }
    blocks.push(Block::Facts(facts(target)));
    blocks.extend(target.changes.as_ref().and_then(|changes| changes::rest(changes, &name)));
    if !target.lanes.is_empty() {
        blocks.push(Block::Picture(target, number));
    }
    let (telling, others) = telling(target);
    let telling = telling.iter().zip(1..);
    blocks.extend(telling.map(|(finding, number)| finding::section(finding, number, &mut told)));
    let title = format!("checks of {name}");
    blocks.push(basis::checks(target, title));
    blocks.push(basis::basis(target, &mut told, format!("the basis of {name}")));
    if !others.is_empty() {
        let seen = others.into_iter().map(naming::in_a_line).collect();
        let section = Section::new(
            Place::Part,
            format!("what else was seen on {name}"),
            [words("Also seen")],
        );
        blocks.push(section.around(Block::Items(seen)));
    }
    blocks.extend(basis::timeline(target, format!("the timeline of {name}")));
    let section = Section::new(Place::Target, name, []);
    Block::Section(Section { mark: Some(Mark::Verdict(target.verdict)), blocks, ..section })
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
    let mut of_check: Vec<_> = target
        .findings
        .iter()
        .filter(|finding| finding.cause.check() == check && finding.state != FindingState::Resolved)
        .collect();
    let decided = of_check.iter().find(|finding| finding.state == FindingState::Confirmed);
    let mut answers: Vec<Answer<'a>> = Vec::new();
    if let Some(finding) = decided {
        answers.extend(answers::of_finding(finding, Some(target), &mut told));
    }
    answers.extend(answers::next(target, &mut told));
    answers.extend(decided.map(|finding| answers::owner(finding, &mut told)));
    answers.extend(target.changes.as_ref().map(changes::answer));
    let mut blocks = vec![Block::Answers(answers)];
    let findings = of_check.drain(..).zip(1..);
    blocks.extend(findings.map(|(finding, number)| finding::section(finding, number, &mut told)));
    if result == CheckResult::Error {
        blocks.push(Block::Items(basis::missing(target, &mut told)));
    }
    blocks
}

/// All evidence on a target.
pub(in crate::report) fn evidence(target: &TargetOutcome) -> Vec<Block<'_>> {
    let mut told = Told::default();
    let findings = target.findings.iter().zip(1..);
    findings.map(|(finding, number)| finding::section(finding, number, &mut told)).collect()
}

/// Revision, images, readiness and window.
fn facts(target: &TargetOutcome) -> Vec<Fact<'_>> {
    let mut facts = Vec::new();
    if let Some(revision) = &target.revision {
        let number = revision.number.map(|number| format!(" (number {number})"));
        let name = [code(&*revision.name), words(number.unwrap_or_default())];
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
        facts.push(Fact::new("Ready", [words(ready)]));
    }
    for serving in &target.serving {
        let number = serving.number.map(|number| format!(" (number {number})"));
        let available = counted(serving.available, "available pod");
        let rest = words(format!("{}, {available}", number.unwrap_or_default()));
        facts.push(Fact::new("Serving", [code(&*serving.revision), rest]));
    }
    if let Some(window) = &target.window {
        let held = length_of_seconds(window.held_seconds);
        let required = length_of_seconds(window.required_seconds);
        facts.push(Fact::new("Window", [words(format!("{held} of {required}"))]));
    }
    if let Some(reason) = target.reason_code {
        facts.push(Fact::new("Reason code", [code(reason.as_str())]));
    }
    facts
}
