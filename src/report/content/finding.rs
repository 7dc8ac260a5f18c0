//! What is said of a finding.

use super::{Fact, Part};
use crate::{
    evidence::{Change, Evidence, LogEvidence},
    gate::{Finding, FindingState},
    report::words,
    text::Clean,
};

/// Pods that are named; the others are counted.
const PODS: usize = 5;

/// Events that are shown of a finding; the others are counted.
pub(in crate::report) const EVENTS: usize = 30;

/// `crash-loop: container app, 2 pods`.
pub(in crate::report) fn finding_title(finding: &Finding) -> Vec<Part<'_>> {
    let mut title = vec![Part::words(finding.cause.as_str())];
    if let Some(container) = &finding.container {
        let role = words::role(finding.role);
        title.push(Part::words(format!(": {role}container ")));
        title.push(Part::Code(container));
    }
    if !finding.pods.is_empty() {
        let pods = words::counted_len(finding.pods.len(), "pod");
        title.push(Part::words(format!(", {pods}")));
    }
    if finding.state != FindingState::Confirmed {
        title.push(Part::words(format!(" ({})", finding.state)));
    }
    title
}

/// How it ended, where, whose concern it is, and the states of the container.
pub(in crate::report) fn finding_facts(finding: &Finding) -> Vec<Fact<'_>> {
    let mut facts = Vec::new();
    if let Some(ending) = words::ending(finding) {
        facts.push(Fact::new("Ended with", [Part::words(ending)]));
    }
    if !finding.pods.is_empty() {
        facts.push(Fact::new("Pods", shown_pods(&finding.pods)));
    }
    let attribution = finding.attribution;
    let seen = if finding.first_seen == finding.last_seen {
        format!("{attribution}, seen at {}", finding.first_seen)
    } else {
        format!("{attribution}, seen from {} to {}", finding.first_seen, finding.last_seen)
    };
    facts.push(Fact::new("Attributed to", [Part::words(seen)]));
    if let Some(comparison) = &finding.comparison {
        facts.push(Fact::new("Compared", [Part::prose(words::compared(comparison))]));
    }
    let Some(evidence) = &finding.evidence else { return facts };
    if let Some(runs) = words::ended_runs(&evidence.runs) {
        facts.push(Fact::new("Runs", [Part::words(runs)]));
    }
    let values = [("State", &evidence.state), ("Last state", &evidence.last_state)];
    for (name, value) in values {
        if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
            facts.push(Fact::new(name, [Part::Code(value)]));
        }
    }
    facts
}

/// The first few pods, and how many more there are.
pub(in crate::report) fn shown_pods(pods: &[Clean]) -> Vec<Part<'_>> {
    let (named, more) = words::first_few(pods, PODS);
    let mut parts = Vec::new();
    for (index, pod) in named.iter().enumerate() {
        if index > 0 {
            parts.push(Part::words(", "));
        }
        parts.push(Part::Code(pod));
    }
    parts.push(Part::words(more));
    parts
}

/// What stands over a log: whose, of which run, and how much is missing.
pub(in crate::report) fn log_heading<'a>(
    finding: &'a Finding,
    evidence: &'a Evidence,
    log: &LogEvidence,
    is_empty: bool,
) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    if let Some(container) = &finding.container {
        parts.extend([Part::words(" of container "), Part::Code(container)]);
    }
    if !evidence.pod.is_empty() {
        parts.extend([Part::words(" in pod "), Part::Code(&evidence.pod)]);
    }
    let run = words::run(log.run);
    parts.push(Part::words(match log.excerpt.missing() {
        _ if is_empty => format!(", {run}: it wrote nothing"),
        cut if cut.is_none() => format!(", {run}"),
        cut => format!(", {run}, {cut}"),
    }));
    parts
}

/// A finding that did not decide, in a line: what healed or is tolerated needs no evidence.
pub(in crate::report) fn also_seen(finding: &Finding) -> Vec<Part<'_>> {
    let state = finding.state;
    let mut parts = vec![Part::words(format!("{state} ")), Part::Code(finding.cause.as_str())];
    if let Some(container) = &finding.container {
        parts.extend([Part::words(" "), Part::Code(container)]);
    }
    parts.extend([Part::words(": "), Part::prose(&*finding.message)]);
    parts
}

/// A difference between revisions with its values.
pub(in crate::report) fn shown_change(change: &Change) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    if let Some(container) = &change.container {
        parts.extend([Part::words("container "), Part::Code(container), Part::words(": ")]);
    }
    parts.push(Part::prose(&*change.what));
    parts.extend(match (&change.before, &change.after) {
        (Some(before), Some(after)) if before == after => {
            vec![Part::words(" changed, "), Part::Code(after)]
        }
        (Some(before), Some(after)) => {
            vec![Part::words(": "), Part::Code(before), Part::words(" → "), Part::Code(after)]
        }
        (None, Some(after)) => vec![Part::words(" added, "), Part::Code(after)],
        (Some(before), None) => vec![Part::words(" removed, was "), Part::Code(before)],
        (None, None) => vec![Part::words(" changed")],
    });
    parts
}
