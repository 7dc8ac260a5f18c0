//! What findings, containers and runs are called.

use super::{Line, code, prose, words};
use crate::{
    evidence::LogRun,
    gate::{Finding, FindingState},
    model::Role,
    phrases::counted,
    report::words::one_line,
};

/// Characters of a message.
const MESSAGE: usize = 1000;

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

/// A finding that did not decide: what healed or is tolerated needs no evidence.
pub(super) fn in_a_line(finding: &Finding) -> Line<'_> {
    let mut line = vec![words(format!("{} {}", finding.state, finding.cause))];
    if let Some(container) = &finding.container {
        line.extend([words(" of container "), code(&**container)]);
    }
    if !finding.pods.is_empty() {
        line.push(words(format!(" ({})", counted(finding.pods.len() as u64, "pod"))));
    }
    line.extend([words(": "), prose(one_line(&finding.message, MESSAGE))]);
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

/// Which run a log is of.
pub(super) const fn run(run: LogRun) -> &'static str {
    match run {
        LogRun::Current => "last run",
        LogRun::Previous => "previous run",
        LogRun::Next => "the run after it, whose own log is gone",
    }
}
