//! JUnit XML for the test panels of CI servers.
//!
//! One flat suite per target, whose name is the classname of its cases: some readers ignore nested suites, some group
//! by classname. The cases are the fixed checks, so that each has a history. Nothing of the cluster but the target's
//! own name goes into names and types: GitLab reads `type` as code, and a history needs names that stay.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::{
    block::{Block, Look},
    document,
    text::Page,
    words,
};
use crate::{
    gate::{Check, CheckOutcome, CheckResult, Finding, ReasonCode, Verdict},
    outcome::{Outcome, TargetOutcome},
    phrases::length,
};

/// The longest text of a case: readers that show it cut at 64,000 to 65,535 bytes.
const TEXT_MAX: usize = 64 * 1024;

/// The largest file. GitLab takes 30 MB; a report that a person reads needs far less.
const FILE_MAX: usize = 5 * 1024 * 1024;

/// The longest message, in characters: it is one line of a list.
const MESSAGE_MAX: usize = 200;

/// Renders the report; texts become shorter until the file is small enough.
pub(super) fn render(outcome: &Outcome) -> Vec<u8> {
    let mut text_max = TEXT_MAX;
    loop {
        let file = render_with(outcome, text_max);
        if file.len() <= FILE_MAX || text_max < 1024 {
            return file;
        }
        text_max /= 2;
    }
}

fn render_with(outcome: &Outcome, text_max: usize) -> Vec<u8> {
    let mut report = Report::new("deploygate");
    report.set_time(words::duration(outcome.duration_seconds));
    for (target, name) in outcome.targets.iter().zip(suite_names(&outcome.targets)) {
        report.add_test_suite(suite(outcome, target, &name, text_max));
    }
    if outcome.targets.is_empty() || !outcome.problems.is_empty() {
        report.add_test_suite(suite_of_release(outcome, text_max));
    }
    let mut file = Vec::new();
    #[expect(clippy::expect_used, reason = "a vector takes all bytes, and all texts are UTF-8")]
    report.serialize(&mut file).expect("a report is XML");
    file
}

/// The names of the targets' suites. Those that would be the same get a hash, so that each keeps its history whatever
/// else the run has.
fn suite_names(targets: &[TargetOutcome]) -> Vec<String> {
    let plain: Vec<_> = targets.iter().map(suite_name).collect();
    let is_taken = |name: &String| plain.iter().filter(|other| *other == name).count() > 1;
    let mut names: Vec<String> = Vec::new();
    for (target, name) in targets.iter().zip(&plain) {
        let mut name = match is_taken(name) {
            true => format!("{name}_{:08x}", hash(&raw_name(target))),
            false => name.clone(),
        };
        // one target that is judged twice
        while names.contains(&name) {
            name.push_str("_again");
        }
        names.push(name);
    }
    names
}

/// `namespace/kind/name`, after the context where one was asked for. Jenkins makes packages at dots, and a dot is the one
/// character of Kubernetes' names that is not in the replacement's place, so only contexts can become one.
fn suite_name(target: &TargetOutcome) -> String {
    let replaced = |text: &str, slash: char| -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == slash;
        text.chars().map(|c| if is_plain(c) { c } else { '_' }).collect()
    };
    let name = format!("{}/{}/{}", target.namespace, target.kind, target.name);
    match target.context.as_ref().filter(|_| target.context_given) {
        Some(context) => format!("{}/{}", replaced(context, '-'), replaced(&name, '/')),
        None => replaced(&name, '/'),
    }
}

fn raw_name(target: &TargetOutcome) -> String {
    let TargetOutcome { context, namespace, kind, name, .. } = target;
    format!("{}/{namespace}/{kind}/{name}", context.as_deref().unwrap_or_default())
}

/// FNV-1a: the standard library's hash may change with its version, and names must not.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn suite(outcome: &Outcome, target: &TargetOutcome, name: &str, text_max: usize) -> TestSuite {
    let mut suite = TestSuite::new(name);
    suite.set_time(words::duration(outcome.duration_seconds));
    suite.set_timestamp(started_at(outcome));
    suite.add_properties(properties(outcome, target));
    for check in Check::ALL {
        let case = Case::of(target, check);
        suite.add_test_case(case.render(outcome, target, name, text_max));
    }
    suite
}

/// What is no target's own. A report without a case is dropped by Jenkins, and nothing judged must not look green.
fn suite_of_release(outcome: &Outcome, text_max: usize) -> TestSuite {
    let mut suite = TestSuite::new("deploygate");
    suite.set_timestamp(started_at(outcome));
    let (message, code) = match outcome.problems.first() {
        Some(problem) => (problem.reason.to_string(), problem.reason_code),
        None => {
            let message = format!("{}: {}", document::total(outcome), outcome.verdict);
            (message, ReasonCode::NothingMatched)
        }
    };
    let message = words::one_line(&xml(&message), MESSAGE_MAX);
    let mut page = Page::new(text_max);
    page.line(&message);
    page.blocks(&[Block::Facts(Look::List, document::problems(outcome))]);
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(&message).set_type(code.as_str());
    status.set_description(xml(&page.finish()));
    let mut case = TestCase::new(Check::Judged.as_str(), status);
    case.set_classname("deploygate").set_time(Duration::ZERO);
    suite.add_test_case(case);
    suite
}

fn started_at(outcome: &Outcome) -> chrono::DateTime<chrono::FixedOffset> {
    let millis = outcome.started_at.as_millisecond();
    chrono::DateTime::from_timestamp_millis(millis).unwrap_or_default().fixed_offset()
}

fn properties(outcome: &Outcome, target: &TargetOutcome) -> Vec<Property> {
    let context = target.context.iter().map(|context| Property::new("context", xml(context)));
    let mut properties: Vec<_> = context.collect();
    properties.extend([
        Property::new("namespace", xml(&target.namespace)),
        Property::new("verdict", target.verdict.id()),
        Property::new("window", length(target.policy.window)),
        Property::new("deploygate", xml(&outcome.tool_version)),
    ]);
    properties.extend(outcome.notes.iter().map(|note| Property::new("note", xml(note))));
    if let Some(revision) = &target.revision {
        let number = revision.number.map(|number| format!(" (#{number})")).unwrap_or_default();
        properties.push(Property::new("revision", xml(&format!("{}{number}", revision.name))));
        for image in &revision.images {
            let name = xml(&format!("image {}", image.container));
            properties.push(Property::new(name, xml(&image.image)));
        }
    }
    properties
}

/// One check as it is shown.
struct Case {
    check: Check,
    result: CheckResult,
    /// One line; empty where it passed.
    message: String,
}

impl Case {
    fn of(target: &TargetOutcome, check: Check) -> Self {
        let outcome = target.checks.iter().find(|outcome| outcome.check == check);
        let (mut result, mut message) = match outcome {
            Some(CheckOutcome { result, message, .. }) => (*result, message.to_string()),
            None => (CheckResult::Skipped, String::new()),
        };
        // whatever the checks say, a target that did not pass is red, but for one that was stopped: another one is
        let is_stopped = document::is_stopped(target);
        if is_stopped {
            // what was seen of it until then is no result
            result = CheckResult::Skipped;
        }
        let is_red = |outcome: &CheckOutcome| {
            matches!(outcome.result, CheckResult::Failed | CheckResult::Error)
        };
        if check == Check::Judged
            && target.verdict != Verdict::Passed
            && !is_stopped
            && !target.checks.iter().any(is_red)
        {
            (result, message) = (CheckResult::Error, target.reason.sentence().to_string());
        }
        let message = match (words::one_line(&xml(&message), MESSAGE_MAX), result) {
            (message, _) if !message.is_empty() => message,
            (_, CheckResult::Failed | CheckResult::Error) => {
                words::one_line(&xml(&target.reason.sentence()), MESSAGE_MAX)
            }
            (_, CheckResult::Skipped) => "not evaluated".to_owned(),
            (message, CheckResult::Passed) => message,
        };
        Self { check, result, message }
    }

    fn render(
        &self,
        outcome: &Outcome,
        target: &TargetOutcome,
        classname: &str,
        text_max: usize,
    ) -> TestCase {
        let status = match self.result {
            CheckResult::Passed => TestCaseStatus::success(),
            CheckResult::Skipped => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(&self.message).set_description(&self.message);
                status
            }
            CheckResult::Failed => self.red(NonSuccessKind::Failure, outcome, target, text_max),
            CheckResult::Error => self.red(NonSuccessKind::Error, outcome, target, text_max),
        };
        let mut case = TestCase::new(self.check.as_str(), status);
        case.set_classname(classname).set_time(self.time(target));
        if self.check == Check::Judged && target.verdict == Verdict::Passed {
            // what the pass does not speak of; nothing is coloured by it
            case.set_system_out(xml(notes(target, text_max).trim_end()));
        }
        // GitLab and others link it
        if let Some(source) = self.finding(target).and_then(|finding| finding.source.as_ref()) {
            case.extra.insert("file".into(), xml(&source.file).into());
        }
        case
    }

    fn red(
        &self,
        kind: NonSuccessKind,
        outcome: &Outcome,
        target: &TargetOutcome,
        text_max: usize,
    ) -> TestCaseStatus {
        let mut status = TestCaseStatus::non_success(kind);
        status
            .set_message(&self.message)
            .set_type(self.kind_of_failure(kind, target))
            .set_description(xml(&self.body(outcome, target, text_max)));
        status
    }

    /// What decided that the check failed.
    fn finding<'a>(&self, target: &'a TargetOutcome) -> Option<&'a Finding> {
        target.confirmed().find(|finding| finding.cause.check() == self.check)
    }

    /// A word of our closed lists, never one of the cluster's.
    fn kind_of_failure(&self, kind: NonSuccessKind, target: &TargetOutcome) -> &'static str {
        match (kind, self.finding(target), target.reason_code) {
            (NonSuccessKind::Failure, Some(finding), _) => finding.cause.as_str(),
            (_, _, Some(code)) => code.as_str(),
            (_, Some(finding), None) => finding.cause.as_str(),
            (_, None, None) => ReasonCode::Internal.as_str(),
        }
    }

    fn body(&self, outcome: &Outcome, target: &TargetOutcome, text_max: usize) -> String {
        let mut page = Page::new(text_max);
        page.line(&self.message);
        if self.finding(target).is_some() {
            let shared = document::shared_in_suite(outcome, target);
            page.blocks(&[Block::Facts(Look::Answers, shared)]);
        }
        page.blocks(&document::case(target, self.check, self.result, &self.message));
        page.finish()
    }

    /// The rollout's length and the window's are known; the other checks take no time of their own.
    fn time(&self, target: &TargetOutcome) -> Duration {
        match self.check {
            Check::RolloutCompletes => {
                let completed_at = target.rollout.completed_at.unwrap_or_default();
                words::duration(completed_at.as_secs_f64())
            }
            Check::PodsReady => {
                words::duration(target.window.as_ref().map_or(0.0, |window| window.held_seconds))
            }
            Check::Judged
            | Check::ExpectedImage
            | Check::PodsCreated
            | Check::PodsScheduled
            | Check::ImagesPulled
            | Check::ContainersCreated
            | Check::ContainersRun
            | Check::PodsStay => Duration::ZERO,
        }
    }
}

/// What a pass says, and what it leaves open.
fn notes(target: &TargetOutcome, text_max: usize) -> String {
    let mut page = Page::new(text_max);
    page.line(&target.reason.sentence());
    target.notes.iter().for_each(|note| page.line(note));
    page.finish()
}

/// Keeps to the characters of XML 1.0. The library drops tabs and CR and keeps U+FFFE, which strict parsers refuse.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str("    "),
            '\r' => out.push('\n'),
            '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => out.push(c),
            _ => out.push(char::REPLACEMENT_CHARACTER),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_to_the_characters_of_xml() {
        assert_eq!(xml("a\tb\r\nc\rd"), "a    b\n\nc\nd");
        assert_eq!(xml("\0\u{1b}\u{fffe}\u{ffff}"), "\u{fffd}".repeat(4));
        assert_eq!(xml("\u{fffd}é😀"), "\u{fffd}é😀");
    }
}
