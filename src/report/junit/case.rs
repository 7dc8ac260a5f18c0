//! A check as a test case.

use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus};

use crate::{
    gate::{Check, CheckOutcome, CheckResult, Finding, ReasonCode, Verdict},
    outcome::{Outcome, TargetOutcome},
    report::{
        block::{Block, Look},
        document,
        text::Page,
        words,
    },
};

/// The longest message, in characters: it is one line of a list.
pub(super) const MESSAGE_MAX: usize = 200;

/// One check as it is shown.
pub(super) struct Case {
    check: Check,
    result: CheckResult,
    /// One line; empty where it passed.
    message: String,
}

impl Case {
    pub(super) fn of(target: &TargetOutcome, check: Check) -> Self {
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

    pub(super) fn render(
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
pub(super) fn xml(text: &str) -> String {
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
