//! Every report of a release of several targets: what failed first, and nothing said more often than needed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/outcomes.rs"]
#[expect(dead_code, reason = "shared with tests of the reports' content")]
mod outcomes;
#[path = "support/releases.rs"]
mod releases;
#[path = "support/xml.rs"]
mod xml;

use anstream::ColorChoice;
use deploygate::gate::{Check, ReasonCode, Verdict};
use deploygate::outcome::{Outcome, TargetOutcome};
use deploygate::report::{self, Format, Loudness, Plain, Reporter};

fn text(format: Format, outcome: &Outcome) -> String {
    String::from_utf8(report::render(format, outcome)).unwrap()
}

fn last_lines(outcome: &Outcome) -> String {
    let mut plain = Plain::new(Vec::new(), ColorChoice::Never, Loudness::Quiet, &[]);
    plain.finish(outcome);
    String::from_utf8(plain.into_inner()).unwrap()
}

/// A report without what is told of single targets.
fn overview(markdown: &str) -> &str {
    let end = markdown[1..].find("\n## ").map_or(markdown.len(), |end| end + 1);
    &markdown[..end]
}

#[test]
fn the_end_of_a_release_says_what_failed_and_ends_with_the_total() {
    insta::assert_snapshot!("end_of_3", last_lines(&releases::of_3()));
    insta::assert_snapshot!("end_of_20", last_lines(&releases::of_20()));
    let of_200 = last_lines(&releases::of_200());
    insta::assert_snapshot!("end_of_200", of_200);
    assert!(of_200.lines().count() < 80, "{of_200}");
}

#[test]
fn a_release_in_markdown_begins_with_its_targets() {
    for (name, outcome) in [("3", releases::of_3()), ("20", releases::of_20())] {
        let markdown = text(Format::Markdown, &outcome);
        insta::assert_snapshot!(format!("markdown_of_{name}"), overview(&markdown));
        let sections = markdown.matches("\n## ").count();
        let told = outcome.targets.iter().filter(|target| {
            target.verdict != Verdict::Passed && target.reason_code != Some(ReasonCode::Stopped)
        });
        assert_eq!(sections, told.count(), "{markdown}");
    }
}

#[test]
fn links_of_a_release_lead_somewhere() {
    let html = text(Format::Html, &releases::of_200());
    let found = |pattern: &str| {
        let pattern = regex::Regex::new(pattern).unwrap();
        pattern.captures_iter(&html).map(|found| found[1].to_owned()).collect::<Vec<_>>()
    };
    let ids = found(r#" id="(target-[0-9]+)""#);
    let links = found(r##"href="#(target-[0-9]+)""##);
    assert_eq!(ids.len(), 25, "{ids:?}");
    assert!(links.iter().all(|link| ids.contains(link)) && links.len() >= ids.len());
}

/// Of several with the same reason and nothing else to show, one is told.
#[test]
fn what_is_the_same_for_all_is_told_once() {
    let gone = |name| releases::called(&outcomes::recorded("deleted"), name);
    let same = |target: TargetOutcome| TargetOutcome {
        reason: outcomes::recorded("deleted").reason,
        ..target
    };
    let targets = ["api", "web", "mail"].map(|name| same(gone(name)));
    let outcome = outcomes::outcome(targets.into());
    let lines = last_lines(&outcome);
    insta::assert_snapshot!("end_of_alike", lines);
    let markdown = text(Format::Markdown, &outcome);
    assert_eq!(markdown.matches("\n## ").count(), 1, "{markdown}");
    assert!(markdown.contains("**The same is true of:** deployment/web, deployment/mail"));
}

#[test]
fn names_carry_their_place_where_that_differs() {
    let in_place = |name: &str, namespace: &str, context: &str| TargetOutcome {
        namespace: outcomes::clean(namespace),
        context: Some(outcomes::clean(context)),
        ..outcomes::named(outcomes::passed(), name)
    };
    let last = |targets: Vec<TargetOutcome>| last_lines(&outcomes::outcome(targets));
    assert_eq!(
        last(vec![in_place("api", "shop", "eu"), in_place("api", "mail", "eu")]),
        "PASSED  deployment/api (shop), deployment/api (mail)\n\
         PASSED  all 2 targets passed (2 namespaces @ eu) after 1m15s\n"
    );
    assert_eq!(
        last(vec![in_place("api", "shop", "eu"), in_place("api", "shop", "us")]),
        "PASSED  deployment/api (shop @ eu), deployment/api (shop @ us)\n\
         PASSED  all 2 targets passed (shop @ 2 clusters) after 1m15s\n"
    );
}

#[test]
fn a_stopped_target_is_skipped_in_junit() {
    let cases = xml::read(&report::render(Format::Junit, &releases::of_20()));
    assert_eq!(cases.len(), 20 * Check::ALL.len());
    for name in ["mail", "chat"] {
        let of = format!("shop/deployment/{name}");
        let own: Vec<_> = cases.iter().filter(|case| case.classname == of).collect();
        assert_eq!(own.len(), Check::ALL.len(), "{of}");
        assert!(own.iter().all(|case| case.ends[0].element == "skipped"), "{own:?}");
    }
}

#[test]
fn outputs_are_of_the_worst_target() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outputs");
    let outcome = releases::of_20();
    let files = report::ReportFiles::prepare(Vec::new(), None, &outcome).unwrap();
    report::github::append_outputs(&path, &outcome, &files).unwrap();
    let outputs = std::fs::read_to_string(&path).unwrap();
    assert_eq!(outputs, "verdict=failed\nexit-code=1\ncause=crash-loop\nreason-code=\n");
}

#[test]
fn annotations_of_a_release_are_the_worst_three() {
    let lines = report::github::annotations(&releases::of_20());
    insta::assert_snapshot!("annotations_of_20", lines.join("\n"));
}
