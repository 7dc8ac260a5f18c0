//! What GitHub Actions is told besides the reports: a step summary, annotations, groups in the log, and outputs.
//!
//! The files are named by the caller, who reads the environment. Outputs end up in other people's scripts, so they
//! are words of our own lists, numbers, and the paths that the user gave.

use std::{fmt::Write, path::Path};

use super::{
    ReportError, ReportFiles,
    block::Fact,
    document::{self, Shared, is_stopped, worst_first},
    markdown,
    text::{Page, plain},
    words::{one_line, target_name},
    write,
};
use crate::{
    gate::Verdict,
    manifest::Source,
    outcome::{Outcome, TargetOutcome},
    phrases::counted,
};

/// Annotations of a step: GitHub keeps ten of a kind and adds one of its own; more than a few are noise.
const ANNOTATIONS: usize = 3;

/// The longest message of an annotation in characters; GitHub cuts at 4,096.
const MESSAGE_MAX: usize = 1000;

/// Targets whose evidence is shown in the log, and bytes of each: a log is read on a page.
const GROUPS: usize = 3;
const GROUP_MAX: usize = 64 * 1024;

/// Bytes below which a summary is not worth its place.
const SUMMARY_MIN: usize = 4096;

/// The place of a report in the step summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Bytes before it.
    begins: u64,
    /// Bytes up to its end.
    ends: u64,
}

/// Appends the Markdown report to the step summary, which other commands of the step share. It takes the place of the report
/// `before`, if nothing was written after that.
///
/// A summary that is full is left as it is, and `None` returned: GitHub would drop the whole of one that is too large.
///
/// # Errors
///
/// If the file can't be written.
pub fn summarize(
    path: &Path,
    outcome: &Outcome,
    before: Option<Summary>,
) -> Result<Option<Summary>, ReportError> {
    let size = write::size(path);
    let replaced = before.filter(|before| before.ends == size);
    let begins = replaced.map_or(size, |before| before.begins);
    let taken = usize::try_from(begins).unwrap_or(usize::MAX);
    let budget = markdown::BUDGET.saturating_sub(taken);
    if budget < SUMMARY_MIN {
        return Ok(None);
    }
    // what was written before may have no line end, and a heading needs an empty line before it
    let between = if taken > 0 { "\n\n" } else { "" };
    let report = format!("{between}{}", markdown::render(outcome, budget - between.len()));
    match replaced {
        Some(_) => write::overwrite(path, begins, report.as_bytes())?,
        None => write::append(path, report.as_bytes())?,
    }
    Ok(Some(Summary { begins, ends: begins + report.len() as u64 }))
}

/// Lines for the log that hold all evidence, folded away: a group for each target with findings, the worst first.
pub fn groups(outcome: &Outcome) -> Vec<String> {
    let targets = not_passed(outcome).into_iter().filter(|target| !target.findings.is_empty());
    let group = |target: &TargetOutcome| {
        let mut page = Page::new(GROUP_MAX);
        page.blocks(&document::evidence(target));
        let title = format!("::group::{}", data(&format!("evidence of {}", target_name(target))));
        let lines: Vec<_> = page.finish().trim_start().lines().map(str::to_owned).collect();
        [vec![title], lines, vec!["::endgroup::".to_owned()]].concat()
    };
    targets.take(GROUPS).flat_map(group).collect()
}

/// Those that did not pass, the worst first; what was stopped is no fault of its own.
fn not_passed(outcome: &Outcome) -> Vec<&TargetOutcome> {
    let mut targets = worst_first(outcome);
    targets.retain(|target| target.verdict != Verdict::Passed && !is_stopped(target));
    targets
}

/// Lines for the log that mark the run's page: one for each cause that several targets share, then one for each other target
/// that did not pass, the worst first, then one for each warning.
pub fn annotations(outcome: &Outcome) -> Vec<String> {
    let shared = document::shared(outcome).into_iter().take(ANNOTATIONS);
    let mut lines: Vec<String> = shared
        .map(|Shared { verdict, headline, source, facts, .. }| {
            annotation("error", source, &format!("{verdict}: {headline}"), &message(&facts))
        })
        .collect();
    // what several targets share is not told again for each of them
    let mut targets = not_passed(outcome);
    targets.retain(|target| target.common.iter().all(|place| *place >= lines.len()));
    let room = ANNOTATIONS - lines.len();
    lines.extend(targets.iter().take(room).map(|target| {
        let title = format!("{}: {}", target.verdict, target_name(target));
        annotation("error", document::source(target), &title, &message(&document::in_short(target)))
    }));
    if let (Some(last), Some(more @ 1..)) = (lines.last_mut(), targets.len().checked_sub(room)) {
        let more = counted(more as u64, "more target");
        last.push_str(&data(&format!("\n{more} did not pass.")));
    }
    let passed = outcome.targets.iter().filter(|target| target.verdict == Verdict::Passed);
    let warned = passed.flat_map(|target| target.warnings.iter().map(move |of| (target, of)));
    lines.extend(warned.take(ANNOTATIONS.saturating_sub(lines.len())).map(|(target, warning)| {
        let title = format!("passed with a warning: {}", target_name(target));
        annotation("warning", document::source(target), &title, warning)
    }));
    if outcome.targets.is_empty() {
        let problems = document::problems(outcome);
        let message = match problems.is_empty() {
            true => document::total(outcome).to_string(),
            false => message(&problems),
        };
        lines.push(annotation("error", None, outcome.verdict.as_str(), &message));
    }
    lines
}

/// The answers, a line each; the page shows the beginning.
fn message(facts: &[Fact<'_>]) -> String {
    let line = |fact: &Fact<'_>| {
        let said = [plain(&fact.line) + &fact.tag, fact.command.unwrap_or_default().to_owned()];
        let said: Vec<_> =
            said.iter().map(|said| &**said).filter(|said| !said.is_empty()).collect();
        format!("{}: {}", fact.name, one_line(&said.join(": "), MESSAGE_MAX))
    };
    // it stands at the line of the manifest
    let facts = facts.iter().filter(|fact| fact.label != document::MANIFEST);
    facts.map(line).collect::<Vec<_>>().join("\n")
}

/// Appends the outputs of the step: `verdict`, `exit-code`, `cause`, `reason-code` and `rollback` of the worst target, and a path for each
/// report.
///
/// # Errors
///
/// If the file can't be appended to.
pub fn append_outputs(
    path: &Path,
    outcome: &Outcome,
    reports: &ReportFiles,
) -> Result<(), ReportError> {
    write::append(path, outputs(outcome, reports).as_bytes())
}

fn outputs(outcome: &Outcome, reports: &ReportFiles) -> String {
    let worst = worst_first(outcome).into_iter().next();
    let cause = worst.and_then(|target| target.confirmed().next());
    let code = worst.and_then(|target| target.reason_code);
    let code = outcome.problems.first().map(|problem| problem.reason_code).or(code);
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        // infallible for a String
        let _ = writeln!(out, "{name}={value}");
    };
    line("verdict", outcome.verdict.id());
    line("exit-code", &outcome.exit_code.code().to_string());
    line("cause", cause.map_or("", |finding| finding.cause.as_str()));
    line("reason-code", code.map_or("", |code| code.as_str()));
    let rollback = worst.and_then(|target| target.rollback.as_ref());
    line("rollback", rollback.map_or("", |rollback| rollback.write.id()));
    for spec in reports.specs().filter(|spec| !spec.is_stdout()) {
        // a line end in a path would make an output of its own
        let path = spec.path.to_str().filter(|path| !path.contains(char::is_control));
        if let Some(path) = path {
            line(&format!("{}-path", spec.format), path);
        }
    }
    out
}

/// With a source it stands in the pull request, at the line that the manifest has it.
fn annotation(level: &str, source: Option<&Source>, title: &str, message: &str) -> String {
    let place = source.map(|Source { file, line }| format!("file={},line={line},", property(file)));
    let (place, title) = (place.unwrap_or_default(), property(&format!("deploygate {title}")));
    format!("::{level} {place}title={title}::{}", data(message))
}

/// The value of a command, as `@actions/core` escapes it: `%` first.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Clean;

    #[test]
    fn commands_are_escaped_as_their_reader_takes_them() {
        assert_eq!(
            annotation("error", None, "failed: a, b", "100%\r\nx: y"),
            "::error title=deploygate failed%3A a%2C b::100%25%0D%0Ax: y"
        );
        let file = Clean::from_static("k8s/a,b: c.yaml");
        assert_eq!(
            annotation("error", Some(&Source { file, line: 7 }), "failed", "x"),
            "::error file=k8s/a%2Cb%3A c.yaml,line=7,title=deploygate failed::x"
        );
        assert_eq!(data("%0A"), "%250A");
    }
}
