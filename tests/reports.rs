//! Every report of every verdict, as its readers see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/html.rs"]
mod html;
#[path = "support/outcomes.rs"]
mod outcomes;
#[path = "support/xml.rs"]
mod xml;

use deploygate::fleet::Target;
use deploygate::gate::{Check, Policy, Verdict};
use deploygate::model::{Elapsed, Kind, TargetRef};
use deploygate::outcome::{Outcome, PhaseFacts, RunPhase};
use deploygate::report::{self, Format};
use serde_json::Value;

fn text(format: Format, outcome: &Outcome) -> String {
    String::from_utf8(report::render(format, outcome)).unwrap()
}

fn placeholder() -> Outcome {
    let workload = TargetRef {
        kind: Kind::Deployment,
        namespace: "prod".parse().unwrap(),
        name: "app".parse().unwrap(),
    };
    let target = Target { context: None, workload, policy: Policy::default() };
    report::placeholder(&[target], "2026-03-01T12:00:00Z".parse().unwrap())
}

#[test]
fn each_verdict_in_each_report() {
    for (name, target) in outcomes::each_verdict() {
        let outcome = outcomes::outcome(vec![target]);
        for format in Format::ALL {
            let text = match format {
                Format::Html => html::reviewed(&text(format, &outcome)),
                Format::Junit | Format::Markdown | Format::Json => text(format, &outcome),
            };
            insta::assert_snapshot!(format!("{name}_{format}"), text);
        }
    }
}

#[test]
fn several_targets_in_each_report() {
    let targets = outcomes::each_verdict().map(|(name, target)| named(target, name));
    let outcome = outcomes::outcome(targets.into());
    insta::assert_snapshot!("several_markdown", text(Format::Markdown, &outcome));
    let seen = html::read(&text(Format::Html, &outcome));
    assert!(seen.text.contains("1 of 6 targets passed"), "{}", seen.text);
    for number in 1..=6 {
        let has = |what: &str| seen.elements.iter().filter(|element| *element == what).count() == 1;
        assert!(has(&format!("a href=\"#target-{number}\"")));
        assert!(has(&format!("h2 class=\"name\" id=\"target-{number}\"")));
    }
    let cases = xml::read(&report::render(Format::Junit, &outcome));
    assert_eq!(cases.len(), 6 * Check::ALL.len());
}

fn named(
    target: deploygate::outcome::TargetOutcome,
    name: &str,
) -> deploygate::outcome::TargetOutcome {
    let name = outcomes::clean(&name.replace('_', "-"));
    deploygate::outcome::TargetOutcome { name, ..target }
}

#[test]
fn junit_has_the_same_checks_in_the_same_order_on_every_run() {
    let names: Vec<_> = Check::ALL.iter().map(|check| check.as_str()).collect();
    let mut outcomes: Vec<_> =
        outcomes::each_verdict().map(|(_, target)| outcomes::outcome(vec![target])).into();
    outcomes.push(placeholder());
    for outcome in outcomes {
        let cases = xml::read(&report::render(Format::Junit, &outcome));
        assert_eq!(cases.iter().map(|case| &*case.name).collect::<Vec<_>>(), names);
        for case in &cases {
            assert_eq!(
                (&*case.classname, &*case.suite),
                ("prod/deployment/app", "prod/deployment/app")
            );
            assert!(case.time.parse::<f64>().unwrap() >= 0.0);
            assert!(case.ends.len() <= 1, "{case:?}");
            for end in &case.ends {
                assert!(end.text.starts_with(&end.message) && !end.message.is_empty(), "{end:?}");
                assert!(end.message.chars().count() <= 200 && !end.message.contains('\n'));
            }
        }
        let is_red = cases.iter().flat_map(|case| &case.ends).any(|end| end.element != "skipped");
        assert_eq!(is_red, outcome.verdict != Verdict::Passed, "{:?}", outcome.verdict);
    }
}

#[test]
fn a_target_that_did_not_pass_is_red_whatever_its_checks_say() {
    let mut target = outcomes::passed();
    target.verdict = Verdict::Interrupted;
    for checks in [target.checks.clone(), Vec::new()] {
        target.checks = checks;
        let cases =
            xml::read(&report::render(Format::Junit, &outcomes::outcome(vec![target.clone()])));
        assert_eq!(cases[0].ends[0].element, "error");
    }
}

#[test]
fn nothing_to_judge_is_red_everywhere() {
    let outcome = outcomes::outcome(Vec::new());
    let cases = xml::read(&report::render(Format::Junit, &outcome));
    assert_eq!(cases[0].ends[0].element, "error");
    assert!(
        text(Format::Markdown, &outcome).starts_with("## ❓ INCONCLUSIVE: there was no target")
    );
    let html = html::read(&text(Format::Html, &outcome));
    assert!(html.text.contains("INCONCLUSIVE There was no target to judge"), "{}", html.text);
}

#[test]
fn html_needs_nothing_beside_it() {
    let mut outcomes: Vec<_> =
        outcomes::each_verdict().map(|(_, target)| outcomes::outcome(vec![target])).into();
    outcomes.push(placeholder());
    for outcome in outcomes {
        let seen = html::read(&text(Format::Html, &outcome));
        let addresses = seen.elements.iter().filter(|element| {
            ["src=", "href=", "url("].iter().any(|address| element.contains(address))
        });
        for element in addresses {
            let is_within =
                ["href=\"#", "href=\"data:", "url(#"].iter().any(|way| element.contains(way));
            assert!(is_within, "{element}");
        }
        for name in ["script", "img", "iframe", "object", "form", "input"] {
            assert!(!seen.elements.iter().any(|element| element.starts_with(name)), "{name}");
        }
        let policy = "meta content=\"default-src 'none'; style-src 'sha256-";
        assert!(seen.elements.iter().any(|element| element.starts_with(policy)));
        let title = outcome.verdict.as_str().to_uppercase();
        assert!(seen.text.starts_with(&format!("{title}: deployment/app in prod {title} ")));
    }
}

#[test]
fn a_picture_shows_what_containers_did_and_says_it_in_words() {
    let html = text(Format::Html, &outcomes::outcome(vec![outcomes::failed()]));
    let seen = html::read(&html);
    let words = "container app of pod app-6d5f9c7b8-x2x9z : creating 0:01 to 0:03, \
        running, not ready 0:03 to 0:05, terminated 0:05 to 0:08, backing off 0:08 to 0:14 \
        0:05 run ended: exit code 1 0:07 restarted: exit code 1 0:08 warning event: exit code 1";
    assert!(seen.text.contains(words), "{}", seen.text);
    for told in [
        "rollout from 0:00 to 0:14, verdict failed at 0:14",
        "FAILED at 0:14",
        "1 more pod not shown",
    ] {
        assert!(seen.text.contains(told), "{told}: {}", seen.text);
    }
    for shape in ["rect class=\"state backing-off\"", "g class=\"mark restarted\""] {
        assert!(seen.elements.iter().any(|element| element.starts_with(shape)), "{shape}");
    }
}

#[test]
fn a_picture_shows_how_much_of_the_window_was_left_where_there_is_room_for_it() {
    for (window, is_shown) in [(10, true), (8, false), (600, false)] {
        let mut target = outcomes::failed();
        let at = Elapsed::from_secs;
        target.phases = vec![
            PhaseFacts { phase: RunPhase::Rollout, from: at(0), to: at(5) },
            PhaseFacts { phase: RunPhase::Window, from: at(5), to: at(14) },
        ];
        target.policy.window = std::time::Duration::from_secs(window);
        let html = text(Format::Html, &outcomes::outcome(vec![target]));
        assert_eq!(html.contains("rest of the window, 0:14 to 0:15"), is_shown, "{window}");
    }
}

#[test]
fn references_in_html_lead_somewhere() {
    let targets = outcomes::each_verdict().map(|(_, target)| target).into();
    let html = text(Format::Html, &outcomes::outcome(targets));
    let found = |pattern: &str| {
        let pattern = regex::Regex::new(pattern).unwrap();
        pattern.captures_iter(&html).map(|found| found[1].to_owned()).collect::<Vec<_>>()
    };
    let ids = found(r#" id="([^"]+)""#);
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "{ids:?}");
    let references = found(
        r##"(?:aria-describedby|aria-labelledby|href|fill)="(?:#|url\(#)?([a-z]+[a-z0-9-]*)\)?""##,
    );
    assert!(references.len() > 12, "{references:?}");
    for reference in references {
        assert!(unique.contains(&reference), "{reference}");
    }
}

#[test]
fn the_first_screen_of_html_answers_what_is_asked_first() {
    let seen = html::read(&text(Format::Html, &outcomes::outcome(vec![outcomes::failed()])));
    let (first, _) = seen.text.split_once("Findings").unwrap();
    for answer in [
        "container app ended 2 times with exit code 1 in 2 of 3 pods",
        "Probable cause nothing accepts connections at db:5432, which the program needs shown by the log",
        "Next step read the log; container app exits by itself soon after its start",
        "Whose concern application the program in the container 1 of 2 old pods broke in the same way",
        "Where container app of 2 pods app-6d5f9c7b8-x2x9z , app-6d5f9c7b8-q8k4n",
        "Changed since revision app-5c4e8b6a7 (number 6), whose pods are available",
        "registry.example/shop/app:1.4.1 → registry.example/shop/app:1.4.2",
        "Revision app-6d5f9c7b8 (number 7)",
    ] {
        assert!(first.contains(answer), "{answer}: {first}");
    }
    let seen = html::read(&text(Format::Html, &outcomes::outcome(vec![outcomes::timed_out()])));
    let (first, _) = seen.text.split_once("Findings").unwrap();
    let suspected = "Where it is suspected container app of 1 pod app-6d5f9c7b8-x2x9z";
    assert!(first.contains(suspected), "{first}");
    let mark = "<mark>panic: dial tcp: connection refused (db:5432)</mark>";
    let html = text(Format::Html, &outcomes::outcome(vec![outcomes::failed()]));
    assert!(html.contains(mark), "the line that shows the cause is marked");
}

#[test]
fn an_empty_log_is_told_and_the_events_stand_open() {
    let mut target = outcomes::failed();
    target.findings[0].evidence.as_mut().unwrap().log = Some(outcomes::log(b"", 20));
    let outcome = outcomes::outcome(vec![target]);
    let markdown = text(Format::Markdown, &outcome);
    assert!(markdown.contains("previous run: it wrote nothing"), "{markdown}");
    assert!(markdown.contains("<details open><summary>Events (2)"), "{markdown}");
    let html = text(Format::Html, &outcome);
    assert!(html.contains("previous run: it wrote nothing"), "{html}");
    assert!(html.contains("<details class=\"events\" open>"), "{html}");
    assert!(text(Format::Junit, &outcome).contains("log, previous run: it wrote nothing"));
}

#[test]
fn names_of_targets_do_not_mix() {
    let pair = ["a.b", "a-b"].map(|name| outcomes::target(name, Verdict::Passed, "", ""));
    let twice = [outcomes::passed(), outcomes::passed()];
    for targets in [Vec::from(pair), Vec::from(twice)] {
        let cases = xml::read(&report::render(Format::Junit, &outcomes::outcome(targets)));
        let mut names: Vec<_> = cases.iter().map(|case| (&case.classname, &case.name)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 2 * Check::ALL.len());
    }
}

#[test]
fn json_fits_its_schema() {
    let schema: Value = serde_json::from_str(report::SCHEMA).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let mut outcomes: Vec<_> =
        outcomes::each_verdict().map(|(_, target)| outcomes::outcome(vec![target])).into();
    outcomes.push(placeholder());
    outcomes.push(outcomes::outcome(vec![outcomes::hostile(b"::error::x")]));
    for outcome in &outcomes {
        let document: Value =
            serde_json::from_slice(&report::render(Format::Json, outcome)).unwrap();
        let errors: Vec<_> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(&serde_json::from_value::<Outcome>(document).unwrap(), outcome);
    }
}

#[test]
fn the_schema_refuses_what_the_contract_does_not_have() {
    let schema: Value = serde_json::from_str(report::SCHEMA).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let outcome = outcomes::outcome(vec![outcomes::failed()]);
    let document = serde_json::to_value(&outcome).unwrap();
    let changes: [(&str, Value); 7] = [
        ("/verdict", "green".into()),
        ("/exit_code", 6.into()),
        ("/schema_version", 2.into()),
        ("/targets/0/reason", "two\nlines".into()),
        ("/targets/0/checks/0/result", "flaky".into()),
        ("/targets/0/findings/0/cause", "bad-luck".into()),
        ("/targets/0/findings/0/state", Value::Null),
    ];
    for (place, value) in changes {
        let mut changed = document.clone();
        *changed.pointer_mut(place).unwrap() = value;
        assert!(!schema.is_valid(&changed), "{place}");
    }
    for (parent, name) in
        [("", "targets"), ("/targets/0", "reason_code"), ("/targets/0/findings/0", "pods")]
    {
        let mut changed = document.clone();
        changed.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
        assert!(!schema.is_valid(&changed), "{parent}/{name}");
    }
    let mut more = document;
    more["targets"][0]["findings"][0]["more"] = true.into();
    assert!(schema.is_valid(&more));
}
