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
use deploygate::manifest::Source;
use deploygate::model::{Elapsed, Kind, TargetRef};
use deploygate::outcome::{CiRun, Outcome, TargetOutcome};
use deploygate::report::{self, Format};
use deploygate::text::Untrusted;
use deploygate::timeline::{PhaseFacts, RunPhase};
use serde_json::Value;

fn text(format: Format, outcome: &Outcome) -> String {
    String::from_utf8(report::render(format, outcome)).unwrap()
}

fn placeholder() -> Outcome {
    let workload = TargetRef {
        kind: Kind::Deployment.into(),
        namespace: "prod".parse().unwrap(),
        name: "app".parse().unwrap(),
    };
    let target = Target::new(None, workload, Policy::default());
    report::placeholder(&vec![target].into(), "2026-03-01T12:00:00Z".parse().unwrap())
}

#[test]
fn each_verdict_in_junit() {
    for (name, target) in outcomes::each_verdict() {
        let text = text(Format::Junit, &outcomes::outcome(vec![target]));
        insta::assert_snapshot!(format!("{name}_junit"), text);
    }
}

#[test]
fn a_finding_points_to_its_line_in_each_report() {
    let mut target = outcomes::failed();
    let source = |file: &str, line| Source { file: outcomes::clean(file), line };
    target.source = Some(source("k8s/app.yaml", 3));
    target.findings[0].source = Some(source("k8s/app.yaml", 17));
    let outcome = outcomes::outcome(vec![target.clone()]);
    insta::assert_snapshot!("source_codequality", text(Format::CodeQuality, &outcome));
    let junit = text(Format::Junit, &outcome);
    assert_eq!(junit.matches(" file=\"k8s/app.yaml\"").count(), 1, "{junit}");
    assert!(junit.contains("Manifest: k8s/app.yaml:17"), "{junit}");
    let markdown = text(Format::Markdown, &outcome);
    assert!(markdown.contains("**Manifest:** `k8s/app.yaml:17`"), "{markdown}");
    let annotation = &report::github::annotations(&outcome)[0];
    assert!(
        annotation.starts_with("::error file=k8s/app.yaml,line=17,title=deploygate failed"),
        "{annotation}"
    );
    let json: Value = serde_json::from_str(&text(Format::Json, &outcome)).unwrap();
    let finding = &json["targets"][0]["findings"][0];
    assert_eq!((&finding["file"], &finding["line"]), (&"k8s/app.yaml".into(), &17.into()));
    target.findings.clear();
    let outcome = outcomes::outcome(vec![target]);
    let entries: Value = serde_json::from_str(&text(Format::CodeQuality, &outcome)).unwrap();
    assert_eq!(entries[0]["location"]["lines"]["begin"], 3);
    let passed = outcomes::outcome(vec![outcomes::passed()]);
    assert_eq!(text(Format::CodeQuality, &passed), "[]\n");
}

/// Two that cannot reach one database, one with a fault of its own, and one that is well.
fn with_common_cause() -> Outcome {
    let other = outcomes::recorded("image-missing");
    let targets = [
        ("api", outcomes::failed()),
        ("cache", other),
        ("web", outcomes::failed()),
        ("mail", outcomes::passed()),
    ];
    outcomes::outcome(targets.map(|(name, target)| outcomes::named(target, name)).into())
}

#[test]
fn what_several_targets_share_is_told_once_and_first() {
    let outcome = with_common_cause();
    let markdown = text(Format::Markdown, &outcome);
    let first_target = markdown.find("\n## ❌ FAILED: deployment/").unwrap();
    insta::assert_snapshot!("common_markdown", &markdown[..first_target]);
    let told = "nothing accepts connections at db:5432";
    assert_eq!(markdown.matches(told).count(), 1, "{markdown}");
    assert_eq!(markdown.matches("common cause 1, told first").count(), 4, "{markdown}");
    let annotations = report::github::annotations(&outcome).join("\n");
    insta::assert_snapshot!("common_annotations", annotations);
    // a suite is read by itself
    let junit = text(Format::Junit, &outcome);
    let shared = "shared with deployment/web in prod)";
    assert_eq!((junit.matches(told).count(), junit.matches(shared).count()), (4, 1), "{junit}");
    let json: Value = serde_json::from_str(&text(Format::Json, &outcome)).unwrap();
    insta::assert_snapshot!("common_json", serde_json::to_string_pretty(&json["common"]).unwrap());
    assert_eq!(json["targets"][2]["common"], serde_json::json!([0]));
    let html = text(Format::Html, &outcome);
    assert!(html.find("2 targets fail for one reason") < html.find("deployment/cache"), "{html}");
}

/// What scenarios do not show: their recordings are one target's, and end with a verdict.
#[test]
fn several_targets_in_each_report() {
    let targets = outcomes::each_verdict()
        .map(|(name, target)| outcomes::named(target, &name.replace('_', "-")));
    let outcome = outcomes::outcome(targets.into());
    let markdown = text(Format::Markdown, &outcome);
    let (overview, _) = markdown.split_once("**Revision**").unwrap();
    insta::assert_snapshot!("several_markdown", overview);
    let seen = html::read(&text(Format::Html, &outcome));
    assert!(seen.text.contains("1 of 6 targets interrupted"), "{}", seen.text);
    // the sixth passed, and is a row
    for number in 1..=5 {
        let has = |what: &str| seen.elements.iter().filter(|element| *element == what).count() == 1;
        assert!(has(&format!("a href=\"#target-{number}\"")));
        assert!(has(&format!("h2 class=\"name\" id=\"target-{number}\"")));
    }
    let cases = xml::read(&report::render(Format::Junit, &outcome));
    assert_eq!(cases.len(), 6 * Check::ALL.len());
}

#[test]
fn a_failure_in_json() {
    insta::assert_snapshot!(
        "failed_json",
        text(Format::Json, &outcomes::outcome(vec![outcomes::failed()]))
    );
}

#[test]
fn a_failure_in_html_has_its_parts_in_order() {
    let seen = html::read(&text(Format::Html, &outcomes::outcome(vec![outcomes::failed()])));
    insta::assert_snapshot!("failed_html_outline", html::outline(&seen));
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
    assert!(html.text.contains("there was no target to judge"), "{}", html.text);
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
    let mut target = outcomes::failed();
    target.coverage.pods = 2;
    let seen = html::read(&text(Format::Html, &outcomes::outcome(vec![target.clone()])));
    let lane = &target.lanes[0];
    let told = format!("container {} of pod {} : ", lane.container, lane.pod);
    let (_, told) = seen.text.split_once(&told).unwrap();
    for span in &lane.spans {
        let is_instant = span.from.to_string() == span.to.to_string();
        let at = if is_instant { "at " } else { "" };
        let span = format!("{} {at}{}", span.state, span.from);
        assert!(told.contains(&span), "{span}: {told}");
    }
    for mark in &lane.marks {
        assert!(told.contains(&format!("{} {}: ", mark.at, mark.kind)), "{mark:?}: {told}");
    }
    for told in ["verdict failed at 0:03", "FAILED at 0:03", "1 more pod not shown"] {
        assert!(seen.text.contains(told), "{told}: {}", seen.text);
    }
    for shape in ["rect class=\"state terminated\"", "g class=\"mark ended\""] {
        assert!(seen.elements.iter().any(|element| element.starts_with(shape)), "{shape}");
    }
}

#[test]
fn a_picture_shows_how_much_of_the_window_was_left_where_there_is_room_for_it() {
    for (window, is_shown) in [(10, true), (1, false), (600, false)] {
        let mut target = outcomes::failed();
        let at = Elapsed::from_secs;
        target.phases = vec![
            PhaseFacts { phase: RunPhase::Rollout, from: at(0), to: at(1) },
            PhaseFacts { phase: RunPhase::Window, from: at(1), to: at(8) },
        ];
        target.policy.window = std::time::Duration::from_secs(window);
        let html = text(Format::Html, &outcomes::outcome(vec![target]));
        assert_eq!(html.contains("rest of the window, 0:08 to 0:11"), is_shown, "{window}");
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

/// What a person reads before scrolling: each fact once.
#[test]
fn the_first_screen_says_each_thing_once() {
    let outcome = outcomes::outcome(vec![outcomes::failed()]);
    let (target, markdown) = (&outcome.targets[0], text(Format::Markdown, &outcome));
    let (first, _) = markdown.split_once("**Revision**").unwrap();
    let html = text(Format::Html, &outcome);
    let seen = html::read(&html);
    let (_, body) = seen.text.split_once("exit code").unwrap();
    let (screen, _) = body.split_once("Revision ").unwrap();
    let finding = &target.findings[0];
    let diagnosis = finding.diagnosis.as_ref().unwrap();
    let facts = [
        &*diagnosis.cause,
        &*finding.message,
        &*target.reason.said[0].text,
        &*target.next_step.what,
        &*target.undo.as_ref().unwrap().how,
        "Likely owner",
        "What changed",
    ];
    for screen in [first, screen] {
        let mut places: Vec<usize> = Vec::new();
        for fact in facts {
            let found: Vec<_> = screen.match_indices(fact).collect();
            assert_eq!(found.len(), 1, "{fact}: {screen}");
            places.push(found[0].0);
        }
        assert!(places.is_sorted(), "{screen}");
    }
    let mark = format!("<mark>{}</mark>", target.reason.said[0].text);
    assert!(html.contains(&mark), "the line that shows the cause is marked");
}

#[test]
fn without_a_known_cause_the_log_leads() {
    let mut target = outcomes::failed();
    target.findings[0].diagnosis = None;
    let outcome = outcomes::outcome(vec![target]);
    let markdown = text(Format::Markdown, &outcome);
    let (headline, rest) = markdown.split_once("\n\n").unwrap();
    assert!(headline.starts_with("## ❌ FAILED") && rest.starts_with("**Log:** "), "{markdown}");
    for format in [Format::Markdown, Format::Html, Format::Junit] {
        assert!(!text(format, &outcome).to_lowercase().contains("cause:"), "{format}");
    }
}

#[test]
fn an_empty_log_is_told_and_the_events_stand_open() {
    let mut target = outcomes::failed();
    target.findings[0].evidence.as_mut().unwrap().log = Some(outcomes::log(b"", 20));
    let outcome = outcomes::outcome(vec![target]);
    let markdown = text(Format::Markdown, &outcome);
    assert!(markdown.contains("<details open><summary>Events ("), "{markdown}");
    let html = text(Format::Html, &outcome);
    assert!(html.contains("<details open><summary><h4>Events<"), "{html}");
    for report in [markdown, html, text(Format::Junit, &outcome)] {
        assert!(report.contains("previous run: it wrote nothing"), "{report}");
    }
}

#[test]
fn names_of_targets_do_not_mix() {
    let pair = ["a.b", "a-b"].map(|name| outcomes::named(outcomes::passed(), name));
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

#[test]
fn the_context_is_shown_and_is_part_of_junit_names_where_it_was_asked_for() {
    let in_context = |name: &str, context_given| TargetOutcome {
        context: Some(outcomes::clean(name)),
        context_given,
        ..outcomes::failed()
    };
    let outcome = outcomes::outcome(vec![in_context("arn:aws:eks/shop", false)]);
    let junit = report::render(Format::Junit, &outcome);
    assert_eq!(xml::read(&junit)[0].classname, "prod/deployment/app");
    let junit = String::from_utf8(junit).unwrap();
    assert!(junit.contains("name=\"context\" value=\"arn:aws:eks/shop\""), "{junit}");
    for format in [Format::Markdown, Format::Html] {
        let text = text(format, &outcome);
        assert!(text.replace('`', "").contains("prod @ arn:aws:eks/shop"), "{text}");
    }
    let hostile = outcomes::outcome(vec![in_context("<b>`@team|", true)]);
    assert!(text(Format::Markdown, &hostile).contains(" in prod @ ``<b>`@team|``"));
    assert!(text(Format::Html, &hostile).contains(" in prod @ &lt;b&gt;`@team|"));
    let name = |targets: Vec<TargetOutcome>| {
        let cases = xml::read(&report::render(Format::Junit, &outcomes::outcome(targets)));
        let names: Vec<_> = cases.into_iter().map(|case| case.classname).collect();
        (names[0].clone(), names[names.len() - 1].clone())
    };
    let alone = vec![in_context("arn:aws:eks/shop", true)];
    assert_eq!(name(alone).0, "arn_aws_eks_shop/prod/deployment/app");
    let alike = vec![in_context("eu/shop", true), in_context("eu_shop", true)];
    let (first, second) = name(alike.clone());
    assert!(first.starts_with("eu_shop/prod/deployment/app_") && first != second, "{first}");
    // neither their order nor what else there is changes a name
    assert_eq!(name(alike.into_iter().rev().collect()), (second, first));
}

#[test]
fn the_run_of_the_ci_system_is_named_in_every_report() {
    let mut outcome = outcomes::outcome(vec![outcomes::failed()]);
    let clean = |text: &str| Untrusted::from(text).to_clean_line(200);
    outcome.ci = Some(CiRun {
        system: clean("GitLab"),
        run: clean("7 <b>|`x`"),
        commit: Some(clean("1a2b3c")),
        link: Some(clean("https://gitlab.example/jobs/7")),
    });
    let several = Outcome { targets: vec![outcome.targets[0].clone(); 2], ..outcome.clone() };
    for outcome in [outcome, several] {
        for format in [Format::Junit, Format::Markdown, Format::Html, Format::Json] {
            let report = String::from_utf8(report::render(format, &outcome)).unwrap();
            for text in ["GitLab", "1a2b3c", "gitlab.example/jobs/7"] {
                assert!(report.contains(text), "{format}: {text}");
            }
            let is_text = format == Format::Json;
            assert!(is_text || !report.contains("7 <b>|`x`"), "{format}: not escaped");
        }
    }
}
