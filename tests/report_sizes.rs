//! However much goes wrong, reports keep to what their readers take, and say what they left out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/html.rs"]
#[expect(dead_code, reason = "shared with tests of the reports' content")]
mod html;
#[path = "support/markdown.rs"]
mod markdown;
#[path = "support/outcomes.rs"]
#[expect(dead_code, reason = "shared with tests of the reports' content")]
mod outcomes;
#[path = "support/xml.rs"]
mod xml;

use deploygate::gate::{CheckResult, Finding};
use deploygate::outcome::{Outcome, TargetOutcome};
use deploygate::report::{self, Format};

const JUNIT_MAX: usize = 5 * 1024 * 1024;
const TEXT_MAX: usize = 64 * 1024;
const MARKDOWN_MAX: usize = 900_000;
const HTML_MAX: usize = 2_000_000;

/// A failure of 500 pods, each with a log as large as logs get, in characters that XML makes long.
fn flood(logs: usize) -> TargetOutcome {
    let line = "<\"&'>".repeat(200) + "`````|";
    let log = outcomes::log([&*line; 100].join("\n").as_bytes(), 400);
    let finding = |number: usize| Finding {
        pods: (0..500).map(|pod| outcomes::clean(&format!("app-{number}-{pod}"))).collect(),
        message: outcomes::clean(&format!("failure {number}: {line}")),
        evidence: Some(deploygate::evidence::Evidence {
            log: Some(log.clone()),
            ..outcomes::failed().findings[0].evidence.clone().unwrap()
        }),
        ..outcomes::failed().findings[0].clone()
    };
    TargetOutcome { findings: (0..logs).map(finding).collect(), ..outcomes::failed() }
}

fn junit(outcome: &Outcome) -> Vec<xml::Case> {
    let file = report::render(Format::Junit, outcome);
    assert!(file.len() <= JUNIT_MAX, "{}", file.len());
    let cases = xml::read(&file);
    for end in cases.iter().flat_map(|case| &case.ends) {
        assert!(end.text.len() <= TEXT_MAX, "{}", end.text.len());
    }
    cases
}

fn markdown(outcome: &Outcome) -> (String, markdown::Seen) {
    let document = String::from_utf8(report::render(Format::Markdown, outcome)).unwrap();
    assert!(document.len() <= MARKDOWN_MAX, "{}", document.len());
    let seen = markdown::read(&document);
    let count = |tag: &str| seen.html.iter().filter(|html| html.contains(tag)).count();
    assert_eq!(count("<details"), count("</details>"));
    assert_eq!(seen.others, Vec::<String>::new());
    (document, seen)
}

fn html(outcome: &Outcome) -> html::Seen {
    let document = String::from_utf8(report::render(Format::Html, outcome)).unwrap();
    assert!(document.len() <= HTML_MAX, "{}", document.len());
    html::read(&document)
}

#[test]
fn one_failure_of_many_pods_is_shown_once_and_whole() {
    let outcome = outcomes::outcome(vec![flood(1)]);
    let cases = junit(&outcome);
    let failure = &cases.iter().find(|case| case.ends.iter().any(|e| e.element == "failure"));
    let text = &failure.unwrap().ends[0].text;
    assert!(text.contains("app-0-4 and 495 more") && text.contains("lines cut …"), "{text}");
    assert!(text.contains("Created pod: app-"), "the events have their place behind the log");
    let (document, seen) = markdown(&outcome);
    assert!(document.contains("`app-0-4` and 495 more") && seen.last.starts_with("deploygate"));
    let seen = html(&outcome);
    assert!(seen.text.contains("app-0-4 and 495 more") && seen.text.contains("lines cut …"));
}

#[test]
fn many_failures_are_cut_between_pieces_and_that_is_said() {
    let outcome = outcomes::outcome(vec![flood(500)]);
    let cases = junit(&outcome);
    assert!(cases[6].ends[0].text.ends_with("… the rest is cut here …\n"));
    let (document, seen) = markdown(&outcome);
    assert!(document.starts_with("## ❌ FAILED"));
    let left_out = "Left out to keep within the size limit: ";
    assert!(seen.prose.contains(left_out), "{}", &document[document.len() - 1000..]);
    let seen = html(&outcome);
    assert!(
        seen.text.starts_with("FAILED: deployment/app in prod FAILED")
            && seen.text.contains(left_out)
    );
}

#[test]
fn many_targets_share_the_room_of_one_file() {
    let mut target = flood(1);
    for check in &mut target.checks {
        check.result = CheckResult::Failed;
    }
    let targets = (0..40).map(|number| outcomes::named(target.clone(), &format!("app-{number}")));
    let outcome = outcomes::outcome(targets.collect());
    let cases = junit(&outcome);
    assert_eq!(cases.len(), 400);
    assert!(cases.iter().all(|case| case.ends[0].text.starts_with(&case.ends[0].message)));
    markdown(&outcome);
    html(&outcome);
}
