//! What findings, containers and runs are called.

use crate::{
    evidence::{Evidence, LogRun},
    gate::{Finding, FindingState},
    model::Role,
    phrases::counted,
    report::{
        block::{Line, code, prose, words},
        words::{SENTENCE, one_line},
    },
};

/// `crash-loop: container app, 2 pods`.
pub(super) fn title(finding: &Finding) -> Line<'_> {
    let mut title = vec![words(finding.cause.as_str())];
    if let Some(container) = &finding.container {
        let role = role(finding.role);
        title.extend([words(format!(": {role}container ")), code(&**container)]);
    }
    if !finding.pods.is_empty() {
        title.push(words(format!(", {}", counted(finding.pods.len() as u64, "pod"))));
    }
    if finding.state != FindingState::Confirmed {
        title.push(words(format!(" ({})", finding.state)));
    }
    title
}

/// A finding that did not decide: what recovered or is tolerated needs no evidence.
pub(in crate::report) fn in_a_line(finding: &Finding) -> Line<'_> {
    let mut line = vec![words(format!("{} {}", finding.state, finding.cause))];
    if let Some(container) = &finding.container {
        line.extend([words(" of container "), code(&**container)]);
    }
    if !finding.pods.is_empty() {
        line.push(words(format!(" ({})", counted(finding.pods.len() as u64, "pod"))));
    }
    line.extend([words(": "), prose(one_line(&finding.message, SENTENCE))]);
    line
}

/// ` of container app in pod app-1`.
pub(super) fn whose<'a>(finding: &'a Finding, evidence: &'a Evidence) -> Line<'a> {
    let mut line = Line::new();
    if let Some(container) = &finding.container {
        line.extend([words(" of container "), code(&**container)]);
    }
    if !evidence.pod.is_empty() {
        line.extend([words(" in pod "), code(&*evidence.pod)]);
    }
    line
}

/// What kind of container it is; nothing for a regular one.
pub(in crate::report) const fn role(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Init) => "init ",
        Some(Role::Sidecar) => "sidecar ",
        Some(Role::App) | None => "",
    }
}

pub(super) const fn run(run: LogRun) -> &'static str {
    match run {
        LogRun::Current => "last run",
        LogRun::Previous => "previous run",
        LogRun::Next => "the run after it, whose own log is gone",
    }
}
