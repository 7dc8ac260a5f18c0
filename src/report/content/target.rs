//! What is said of a target beside its findings.

use super::{Fact, Part};
use crate::{
    gate::{CheckResult, Finding, FindingState, Verdict},
    outcome::{Outcome, TargetOutcome},
    report::words,
};

/// Differences between revisions that stand under the verdict; the others stand further below.
pub(in crate::report) const CHANGES: usize = 5;

/// Entries of the timeline that are shown; the last ones are.
pub(in crate::report) const TIMELINE: usize = 200;

/// The targets, those that need a person first.
pub(in crate::report) fn worst_first(outcome: &Outcome) -> Vec<&TargetOutcome> {
    let mut targets: Vec<_> = outcome.targets.iter().collect();
    targets.sort_by_key(|target| std::cmp::Reverse(target.verdict));
    targets
}

/// The findings that explain the verdict, and the others.
///
/// What is only suspected does where nothing was confirmed in time.
pub(in crate::report) fn telling(target: &TargetOutcome) -> (Vec<&Finding>, Vec<&Finding>) {
    target.findings.iter().partition(|finding| match finding.state {
        FindingState::Confirmed => true,
        FindingState::Suspected => target.verdict != Verdict::Passed,
        FindingState::Resolved | FindingState::Tolerated => false,
    })
}

/// Of the finding that decided; empty where none did.
pub(in crate::report) fn probable_cause(target: &TargetOutcome) -> String {
    let decisive = target.confirmed().next();
    decisive
        .and_then(|finding| words::probable_cause(finding, &[&target.reason.sentence()]))
        .unwrap_or_default()
}

/// Revision, images, readiness and window.
pub(in crate::report) fn target_facts(target: &TargetOutcome) -> Vec<Fact<'_>> {
    let mut facts = Vec::new();
    if let Some(revision) = &target.revision {
        let number = revision.number.map(|number| format!(" (number {number})"));
        let name = [Part::Code(&revision.name), Part::words(number.unwrap_or_default())];
        facts.push(Fact::new("Revision", name));
        for image in &revision.images {
            let value = Part::Code(&image.image);
            facts.push(match &*revision.images {
                [_] => Fact::new("Image", [value]),
                _ => {
                    let of = [Part::words("of "), Part::Code(&image.container), Part::words(" ")];
                    Fact::new("Image", [&of, [value].as_slice()].concat())
                }
            });
        }
    }
    let rollout = &target.rollout;
    if target.revision.is_some() {
        let old = match rollout.old {
            0 => String::new(),
            old => format!(", {} left", words::counted(old, "old pod")),
        };
        let ready = format!("{} of {}{old}", rollout.ready, rollout.desired);
        facts.push(Fact::new("Ready", [Part::words(ready)]));
    }
    if let Some(window) = &target.window {
        let held = words::length_of_seconds(window.held_seconds);
        let required = words::length_of_seconds(window.required_seconds);
        facts.push(Fact::new("Window", [Part::words(format!("{held} of {required}"))]));
    }
    if let Some(code) = target.reason_code {
        facts.push(Fact::new("Code", [Part::Code(code.as_str())]));
    }
    facts
}

/// `1 failed, 6 passed, 3 skipped`.
pub(in crate::report) fn checks_summary(target: &TargetOutcome) -> String {
    let results =
        [CheckResult::Failed, CheckResult::Error, CheckResult::Passed, CheckResult::Skipped];
    let counts: Vec<_> = results
        .into_iter()
        .filter_map(|result| {
            let count = target.checks.iter().filter(|check| check.result == result).count();
            (count > 0).then(|| format!("{count} {result}"))
        })
        .collect();
    counts.join(", ")
}

/// Something that the verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) struct Rest<'a> {
    /// It weakens the verdict: something could not be read.
    pub(in crate::report) is_gap: bool,
    /// The line.
    pub(in crate::report) parts: Vec<Part<'a>>,
}

/// What the verdict rests on: why green is green, and what could not be seen.
pub(in crate::report) fn rests_on(target: &TargetOutcome) -> Vec<Rest<'_>> {
    let line = |parts: Vec<Part<'static>>| Rest { is_gap: false, parts };
    let coverage = &target.coverage;
    let failed = match coverage.failed_reads {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    let mut rests = vec![line(vec![Part::words(format!(
        "{} of the new revision seen, in {}{failed}; longest gap {}",
        words::counted(coverage.pods, "pod"),
        words::counted(coverage.reads, "consistent read"),
        words::length_of_seconds(coverage.longest_gap_seconds),
    ))])];
    if let Some(nodes) = coverage.nodes {
        let nodes = words::counted(nodes, "node");
        rests.push(line(vec![Part::words(format!("{nodes} reported at the end of the window"))]));
    }
    if let Some(at) = target.rollout.completed_at {
        rests.push(line(vec![Part::words(format!("the rollout was complete at {at}"))]));
    }
    if let Some(window) = &target.window {
        rests.push(line(vec![Part::words(format!(
            "the window held {} of {}, from {} on",
            words::length_of_seconds(window.held_seconds),
            words::length_of_seconds(window.required_seconds),
            window.opened_at,
        ))]));
    }
    for waited_for in &target.rollout.waiting_for {
        let parts = vec![Part::words("still waited for: "), Part::prose(&**waited_for)];
        rests.push(Rest { is_gap: false, parts });
    }
    for gap in &coverage.missing {
        let (what, why) = (Part::prose(&*gap.what), Part::prose(&*gap.why));
        let parts = vec![Part::words("could not be read: "), what, Part::words(": "), why];
        rests.push(Rest { is_gap: true, parts });
    }
    for note in &target.notes {
        let parts = vec![Part::words("note: "), Part::prose(&**note)];
        rests.push(Rest { is_gap: false, parts });
    }
    let policy = &target.policy;
    rests.push(line(vec![Part::words(format!(
        "limits: timeout {}, window {}, restarts {}, ready {}",
        words::length(policy.timeout),
        words::length(policy.window),
        policy.max_restarts,
        policy.min_ready,
    ))]));
    rests
}

/// `2 entries`.
pub(in crate::report) fn timeline_length(target: &TargetOutcome) -> String {
    match target.timeline.len() {
        1 => "1 entry".to_owned(),
        entries => format!("{entries} entries"),
    }
}
