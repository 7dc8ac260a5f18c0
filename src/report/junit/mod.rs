//! JUnit XML for the test panels of CI servers.
//!
//! One flat suite per target, whose name is the classname of its cases: some readers ignore nested suites, some group
//! by classname. The cases are the fixed checks, so that each has a history. Nothing of the cluster but the target's
//! own name goes into names and types: GitLab reads `type` as code, and a history needs names that stay.

mod case;

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use case::{Case, MESSAGE_MAX, xml};

use super::{
    block::{Block, Look},
    document,
    text::Page,
    words,
};
use crate::{
    gate::{Check, ReasonCode},
    outcome::{Outcome, TargetOutcome},
    phrases::length,
};

/// The longest text of a case: readers that show it cut at 64,000 to 65,535 bytes.
const TEXT_MAX: usize = 64 * 1024;

/// The largest file. GitLab takes 30 MB; a report that a person reads needs far less.
const FILE_MAX: usize = 5 * 1024 * 1024;

/// Renders the report; texts become shorter until the file is small enough.
pub(in crate::report) fn render(outcome: &Outcome) -> Vec<u8> {
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
    properties.extend(target.settings.iter().filter(|fact| fact.is_set()).map(|fact| {
        let (name, value) = (format!("setting {}", fact.name), &fact.value);
        Property::new(xml(&name), xml(&format!("{value} ({})", fact.origin())))
    }));
    let mut servers = outcome.servers.iter();
    let server = servers.find(|server| server.context == target.context);
    properties.extend(server.map(|server| Property::new("server", xml(&server.address))));
    if let Some(ci) = &outcome.ci {
        properties.push(Property::new("ci run", xml(&format!("{} {}", ci.system, ci.run))));
        properties.extend(ci.commit.iter().map(|commit| Property::new("ci commit", xml(commit))));
        properties.extend(ci.link.iter().map(|link| Property::new("ci link", xml(link))));
    }
    let own = target.notes.iter().filter(|note| !target.warnings.contains(note));
    let notes = outcome.notes.iter().chain(own);
    properties.extend(notes.map(|note| Property::new("note", xml(note))));
    let warnings = target.warnings.iter();
    properties.extend(warnings.map(|warning| Property::new("warning", xml(warning))));
    if let Some(rollback) = &target.rollback {
        properties.push(Property::new("rollback", rollback.write.as_str()));
        properties.push(Property::new("rollback reason", xml(&rollback.reason)));
    }
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
