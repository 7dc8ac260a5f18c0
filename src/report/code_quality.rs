//! GitLab's Code Quality report: an entry for each finding that has a line of a manifest, which GitLab shows at that line in
//! the merge request.
//!
//! It is a list, so that of a run that passed is empty. A target that did not pass and has no such finding has an entry at
//! the line where its manifest begins.

use serde::Serialize;

use super::words::{SENTENCE, one_line, target_name};
use crate::{
    gate::{Finding, FindingState, ReasonCode, Verdict},
    manifest::Source,
    outcome::{Outcome, TargetOutcome},
};

/// An entry (GitLab's documentation, "Code Quality report format": these names are required).
#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'static str,
    /// Tells it from others, on this branch and on the one that it is compared with: it holds no line, pod or time.
    fingerprint: String,
    severity: Severity,
    location: Location<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    Minor,
    Major,
    Blocker,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

pub(super) fn render(outcome: &Outcome) -> Vec<u8> {
    let entries: Vec<Entry<'_>> = outcome.targets.iter().flat_map(entries).collect();
    #[expect(clippy::expect_used, reason = "texts and numbers are JSON, and a vector takes all")]
    let mut document = serde_json::to_vec_pretty(&entries).expect("a list of entries is JSON");
    document.push(b'\n');
    document
}

fn entries(target: &TargetOutcome) -> Vec<Entry<'_>> {
    let mut entries: Vec<_> =
        target.findings.iter().filter_map(|finding| of_finding(target, finding)).collect();
    // one that was stopped is not to be corrected
    let is_judged = target.reason_code != Some(ReasonCode::Stopped);
    if entries.is_empty() && target.verdict != Verdict::Passed && is_judged {
        entries.extend(of_target(target));
    }
    entries
}

fn of_finding<'a>(target: &TargetOutcome, finding: &'a Finding) -> Option<Entry<'a>> {
    let severity = match finding.state {
        FindingState::Confirmed => Severity::Blocker,
        FindingState::Suspected if target.verdict != Verdict::Passed => Severity::Major,
        FindingState::Suspected | FindingState::Tolerated => Severity::Minor,
        FindingState::Resolved => return None,
    };
    let container = finding.container.as_deref();
    let of = container.map(|name| format!("container {name}: ")).unwrap_or_default();
    let what = format!("{of}{}", finding.message);
    let entry = Entry::new(target, finding.source.as_ref()?, severity, finding.cause.as_str());
    Some(entry.saying(&what, container.unwrap_or_default()))
}

fn of_target(target: &TargetOutcome) -> Option<Entry<'_>> {
    let severity = match target.verdict {
        Verdict::Failed | Verdict::TimedOut => Severity::Blocker,
        _ => Severity::Major,
    };
    let check = match (target.confirmed().next(), target.reason_code) {
        (Some(finding), _) => finding.cause.as_str(),
        (None, code) => code.unwrap_or(ReasonCode::Internal).as_str(),
    };
    let entry = Entry::new(target, target.source.as_ref()?, severity, check);
    Some(entry.saying(&target.reason.sentence(), ""))
}

impl<'a> Entry<'a> {
    fn new(
        target: &TargetOutcome,
        Source { file, line }: &'a Source,
        severity: Severity,
        check_name: &'static str,
    ) -> Self {
        Self {
            description: format!("{}: {check_name}", target_name(target)),
            check_name,
            fingerprint: String::new(),
            severity,
            location: Location { path: file, lines: Lines { begin: *line } },
        }
    }

    /// `part`: tells it from others of the same target and check.
    fn saying(mut self, what: &str, part: &str) -> Self {
        let whole = format!("{} {part} {}", self.description, self.location.path);
        self.fingerprint = format!("{:016x}", hash(&whole));
        self.description = format!("{}: {}", self.description, one_line(what, SENTENCE));
        self
    }
}

/// FNV-1a: the standard library's hash may change with its version.
fn hash(text: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325;
    text.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
