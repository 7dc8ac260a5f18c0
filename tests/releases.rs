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
use deploygate::fleet::{Event, Target};
use deploygate::gate::{
    Attribution, Cause, Check, FindingLine, GateEvent, Policy, Progress, ReasonCode, Verdict,
};
use deploygate::model::{Context, Elapsed, Kind, TargetRef};
use deploygate::observation::TargetId;
use deploygate::outcome::{Outcome, TargetOutcome};
use deploygate::report::{self, Format, Loudness, Plain, Reporter, Terminal};
use indicatif::{InMemoryTerm, ProgressDrawTarget};

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
    assert_eq!(outputs, "verdict=failed\nexit-code=1\ncause=crash-loop\nreason-code=\nrollback=\n");
}

#[test]
fn annotations_of_a_release_are_the_worst_three() {
    let lines = report::github::annotations(&releases::of_20());
    insta::assert_snapshot!("annotations_of_20", lines.join("\n"));
}

/// However much evidence the first failures have, each failed target has its cause and its next step.
#[test]
fn evidence_on_one_target_leaves_room_for_the_answers_on_all() {
    let line = "<\"&'>".repeat(100);
    let log = outcomes::log([&*line; 300].join("\n").as_bytes(), 400);
    let flooded = |number: usize| {
        let mut target =
            releases::called(&outcomes::recorded("liveness-kill"), &format!("app-{number}"));
        let finding = &mut target.findings[0];
        finding.evidence.as_mut().unwrap().log = Some(log.clone());
        target
    };
    let outcome = outcomes::outcome((0..40).map(flooded).collect());
    let markdown = text(Format::Markdown, &outcome);
    assert!(markdown.contains("Left out to keep within the size limit"), "{}", markdown.len());
    assert_eq!(markdown.matches("\n## ❌ FAILED: deployment/app-").count(), 40);
    assert_eq!(markdown.matches("**Next step:**").count(), 40);
    let html = text(Format::Html, &outcome);
    assert_eq!(html.matches("<h2 class=\"name\" id=\"target-").count(), 40);
    assert_eq!(html.matches("<dt>Next step</dt>").count(), 40);
}

#[test]
fn reports_of_200_targets_are_within_their_limits() {
    let outcome = releases::of_200();
    let limits = [
        (Format::Markdown, 900_000),
        (Format::Html, 2_000_000),
        (Format::Junit, 5 * 1024 * 1024),
        (Format::Json, 20_000_000),
    ];
    for (format, most) in limits {
        let size = report::render(format, &outcome).len();
        assert!(size < most, "{format}: {size}");
    }
    let markdown = text(Format::Markdown, &outcome);
    assert!(!markdown.contains("Left out"), "{}", markdown.len());
    assert_eq!(markdown.matches("\n## ").count(), 25);
}

/// A release: when each target is told of its revision, completes, and holds its window.
fn release(count: usize, failing: usize) -> (Vec<Target>, Vec<(u64, Option<Event>)>) {
    let name = |number: usize| format!("service-{number:03}");
    let target = |number: usize| {
        let workload = TargetRef {
            kind: Kind::Deployment.into(),
            namespace: "shop".parse().unwrap(),
            name: name(number).parse().unwrap(),
        };
        let context = Some(Context::new("prod", true));
        Target::new(context, workload, Policy::default())
    };
    let mut events: Vec<(u64, Option<Event>)> = Vec::new();
    for number in 0..count {
        let mut tell = |at: u64, event: GateEvent| {
            events.push((at, Some(Event { target: TargetId(number as u32), event })));
        };
        let at = |millis| Elapsed::from_millis(millis);
        tell(
            200,
            GateEvent::RevisionPinned {
                at: at(200),
                revision: outcomes::clean(&format!("{}-5d9c", name(number))),
                number: Some(7),
                images: vec![outcomes::clean("registry.example/shop/app:1.4.2")],
                complete: number % 10 == 9,
            },
        );
        let progress = |ready: u64| Progress {
            desired: 3,
            updated: 3,
            ready,
            waiting_for: vec![outcomes::clean("1 of 3 pods to become ready")],
            ..Progress::default()
        };
        let complete = 4_000 + (number as u64 * 7_919) % 50_000;
        for step in 0..3 {
            let when = 200 + step * (complete - 300) / 3;
            tell(when, GateEvent::Progress { at: at(when), progress: progress(step) });
        }
        if number < failing {
            let when = complete / 2;
            let finding = FindingLine {
                cause: Cause::CrashLoop,
                attribution: Attribution::Application,
                container: Some(outcomes::clean("app")),
                pods: 1,
                message: outcomes::clean("exit code 1 after 1s, 1 restart (0 allowed)"),
                grace_until: None,
            };
            tell(when, GateEvent::FindingConfirmed { at: at(when), finding });
            let (verdict, reason_code) = (Verdict::Failed, None);
            tell(when, GateEvent::Decided { at: at(when), verdict, reason_code });
            continue;
        }
        let length = std::time::Duration::from_secs(60);
        tell(complete, GateEvent::WindowOpened { at: at(complete), length });
        let held = complete + 60_000;
        tell(held, GateEvent::WindowHeld { at: at(held), length });
        let (verdict, reason_code) = (Verdict::Passed, None);
        tell(115_000, GateEvent::Decided { at: at(115_000), verdict, reason_code });
    }
    events.extend((0..116).map(|second| (second * 1000, None)));
    events.sort_by_key(|(at, _)| *at);
    ((0..count).map(target).collect(), events)
}

fn play(reporter: &mut impl Reporter, events: &[(u64, Option<Event>)]) {
    for (at, event) in events {
        match event {
            Some(event) => reporter.event(event),
            None => reporter.tick(Elapsed::from_millis(*at)),
        }
    }
}

fn log_of(count: usize, failing: usize) -> String {
    let (targets, events) = release(count, failing);
    let mut plain = Plain::new(Vec::new(), ColorChoice::Never, Loudness::Normal, &targets);
    play(&mut plain, &events);
    let passed = |number| releases::called(&outcomes::passed(), &format!("service-{number:03}"));
    plain.finish(&outcomes::outcome((0..count).map(passed).collect()));
    String::from_utf8(plain.into_inner()).unwrap()
}

#[test]
fn the_log_of_a_healthy_release_is_a_screen_or_two() {
    let few = log_of(4, 0);
    insta::assert_snapshot!("log_of_4", few);
    let log = log_of(20, 0);
    insta::assert_snapshot!("log_of_20", log);
    assert!(log.lines().count() <= 60, "{log}");
    let log = log_of(200, 0);
    insta::assert_snapshot!("log_of_200", log);
    assert!(log.lines().count() <= 80, "{log}");
}

#[test]
fn many_failures_make_few_lines() {
    let log = log_of(200, 100);
    insta::assert_snapshot!("log_of_200_failing", log);
    assert!(log.lines().count() <= 120, "{log}");
}

#[test]
fn a_terminal_has_totals_and_few_rows() {
    let (targets, events) = release(200, 0);
    let screen = InMemoryTerm::new(24, 100);
    let draw_target = ProgressDrawTarget::term_like_with_hz(Box::new(screen.clone()), 255);
    let mut terminal = Terminal::on(draw_target, false, Loudness::Normal, &targets);
    let until = |at| events.iter().position(|(when, _)| *when >= at).unwrap();
    play(&mut terminal, &events[..until(30_000)]);
    // what is drawn is as old as the last redraw
    let seen = screen.contents();
    assert!(seen.lines().count() <= 24, "{seen}");
    assert!(
        seen.contains(" of at most 10m · ") && seen.contains(" of 200 targets in the"),
        "{seen}"
    );
    let rows = seen.lines().filter(|line| line.contains("of 3 pods ready · waiting for"));
    assert_eq!(rows.count(), 5, "{seen}");
    play(&mut terminal, &events[until(30_000)..]);
    let passed = |number| releases::called(&outcomes::passed(), &format!("service-{number:03}"));
    terminal.finish(&outcomes::outcome((0..200).map(passed).collect()));
    let end = screen.contents();
    let last = end.lines().last().unwrap();
    assert_eq!(last, "PASSED  all 200 targets passed (prod) after 1m15s", "{end}");
    assert!(!end.contains('━'), "{end}");
}
