//! The JUnit report as the programs read it that show it to people.
//!
//! junitparser is EnricoMi/publish-unit-test-result-action's, lxml stands for libxml2 (GitLab reads with it), xml2js is
//! dorny/test-reporter's, xml-js mikepenz/action-junit-report's. `.ci/tools` installs them:
//! `cargo test --test junit_readers -- --ignored`.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the readers take files")]

#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/outcomes.rs"]
mod outcomes;
#[path = "support/tools.rs"]
mod tools;
#[path = "support/xml.rs"]
mod xml;

use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::fs;
use std::process::Command;

use deploygate::gate::Verdict;
use deploygate::outcome::Outcome;
use deploygate::report::{Format, render};
use serde_json::{Value, json};
use tools::tool;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What each reader says of each file: of a suite its name and counts, of a case suite, classname, name, end, type,
/// message and the first line of the body.
type Read = BTreeMap<String, BTreeMap<String, Value>>;

/// Writes the files and has all readers read them; a reader that refuses one fails the test.
fn read(reports: &[(String, Vec<u8>)]) -> Read {
    let folder = tempfile::tempdir().unwrap();
    for (name, report) in reports {
        fs::write(folder.path().join(name), report).unwrap();
    }
    let machine = if ARCH == "x86_64" { "x64" } else { "arm64" };
    let node = tool(&format!("npm/node_modules/node-linux-{machine}/bin/node"));
    let names = || reports.iter().map(|(name, _)| name);
    let mut read = Read::new();
    for (program, script) in [(tool("python/bin/python"), "read.py"), (node, "read.js")] {
        let mut command = Command::new(program);
        command.arg(format!("{ROOT}/tests/homes/readers/{script}")).args(names());
        command.env("NODE_PATH", tool("npm/node_modules")).current_dir(folder.path());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        read.append(&mut serde_json::from_slice(&output.stdout).unwrap());
    }
    let mut lint = Command::new("xmllint");
    lint.args(["--noout", "--nonet"]).args(names()).current_dir(folder.path());
    let output = lint.output().unwrap_or_else(|error| panic!("xmllint: {error}; run .ci/tools"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    read
}

/// What every reader must say: this test's own strict reader says it.
fn expected(report: &[u8]) -> Value {
    let cases = xml::read(report);
    let mut lines: Vec<Value> = Vec::new();
    let mut counts: Option<[u32; 4]> = None;
    for (place, case) in cases.iter().enumerate() {
        if place == 0 || cases[place - 1].suite != case.suite {
            let of_suite = cases.iter().filter(|other| other.suite == case.suite);
            counts = Some(of_suite.fold([0; 4], |mut counts, case| {
                counts[0] += 1;
                for end in &case.ends {
                    let place =
                        ["failure", "error", "skipped"].iter().position(|e| *e == end.element);
                    counts[place.unwrap() + 1] += 1;
                }
                counts
            }));
        }
        if let Some([tests, failures, errors, skipped]) = counts.take() {
            lines.push(json!([case.suite, tests, failures, errors, skipped]));
        }
        let head = (&case.suite, &case.classname, &case.name);
        match case.ends.first() {
            None => lines.push(json!([head.0, head.1, head.2, "passed", null, null, ""])),
            Some(end) => {
                let line = end.text.trim().lines().next().unwrap_or_default();
                lines.push(json!([
                    head.0,
                    head.1,
                    head.2,
                    end.element,
                    end.kind,
                    end.message,
                    line
                ]));
            }
        }
    }
    lines.into()
}

fn report(outcome: &Outcome) -> Vec<u8> {
    render(Format::Junit, outcome)
}

/// One report of each verdict, and one of a run over all of them.
fn of_each_verdict() -> Vec<(String, Vec<u8>)> {
    let targets = outcomes::each_verdict();
    let all: Vec<_> = targets.iter().map(|(_, target)| target.clone()).collect();
    let one = |(name, target)| (format!("{name}.xml"), report(&outcomes::outcome(vec![target])));
    let mut reports: Vec<_> = targets.into_iter().map(one).collect();
    // a file has each case once, so targets of one name can't stand in it together
    let mut several = outcomes::outcome(all);
    for (number, target) in several.targets.iter_mut().enumerate() {
        *target = outcomes::named(target.clone(), &format!("app-{number}"));
    }
    reports.push(("several.xml".to_owned(), report(&several)));
    reports
}

const READERS: [&str; 4] = ["junitparser", "lxml", "xml-js", "xml2js"];

#[test]
#[ignore = "needs the readers from .ci/tools"]
fn every_reader_reads_every_verdict_alike() {
    let reports = of_each_verdict();
    let read = read(&reports);
    assert_eq!(read.keys().collect::<Vec<_>>(), READERS);
    for (name, report) in &reports {
        for reader in READERS {
            assert_eq!(read[reader][name], expected(report), "{reader}: {name}");
        }
    }
}

#[test]
#[ignore = "needs the readers from .ci/tools"]
fn what_is_shown_of_each_verdict() {
    let reports = of_each_verdict();
    let read = read(&reports);
    let mut shown = String::new();
    for (name, _) in reports.iter().filter(|(name, _)| name != "several.xml") {
        let lines = read["xml2js"][name].as_array().unwrap();
        let [_, tests, failures, errors, skipped] = &lines[0].as_array().unwrap()[..] else {
            panic!()
        };
        shown += &format!(
            "{name}: {tests} checks, {failures} failures, {errors} errors, {skipped} skipped\n"
        );
        // as each reader has it, with what its program makes of it
        for place in (1..).take(lines.len() - 1) {
            let word = |reader: &str, part: usize| {
                read[reader][name][place][part].as_str().unwrap_or_default().to_owned()
            };
            if !["failure", "error"].contains(&&*word("lxml", 3)) {
                continue;
            }
            let [suite, check, body] = [1, 2, 6].map(|part| word("lxml", part));
            shown += &format!("  GitLab: {suite} | {check}\n    {body}\n");
            let [check, kind, message] = [2, 4, 5].map(|part| word("xml2js", part));
            shown += &format!("  dorny/test-reporter: {check}\n    {kind}: {message}\n");
            let [suite, check, message] = [1, 2, 5].map(|part| word("xml-js", part));
            let group = suite.rsplit('.').next().unwrap();
            shown += &format!("  mikepenz/action-junit-report: {group}.{check}\n    {message}\n");
            let [check, message] = [2, 5].map(|part| word("junitparser", part));
            shown +=
                &format!("  EnricoMi/publish-unit-test-result-action: {check}\n    {message}\n");
        }
    }
    insta::assert_snapshot!("shown", shown);
}

#[test]
#[ignore = "needs the readers from .ci/tools"]
fn a_verdict_that_is_not_passed_is_never_green() {
    let reports = of_each_verdict();
    let read = read(&reports);
    for (name, target) in outcomes::each_verdict() {
        for reader in READERS {
            let lines = read[reader][&format!("{name}.xml")].as_array().unwrap().clone();
            let bad =
                lines.iter().filter(|line| line[3] == "failure" || line[3] == "error").count();
            assert_eq!(bad == 0, target.verdict == Verdict::Passed, "{reader}: {name}");
        }
    }
}

#[test]
#[ignore = "needs the readers from .ci/tools"]
fn no_input_changes_names_counts_or_ends() {
    let harmless = report(&outcomes::outcome(vec![outcomes::hostile(b"Back-off restarting")]));
    let mut reports = vec![("harmless.xml".to_owned(), harmless)];
    for input in hostile::inputs() {
        let outcome = outcomes::outcome(vec![outcomes::hostile(&input.bytes)]);
        reports.push((format!("{}.xml", input.id), report(&outcome)));
    }
    assert!(reports.len() > 30);
    let read = read(&reports);
    let fixed = |value: &Value| -> Vec<Value> {
        // all but message and body, which are the cluster's
        let lines = value.as_array().unwrap().iter();
        lines.map(|line| line.as_array().unwrap().iter().take(5).cloned().collect()).collect()
    };
    for reader in READERS {
        let names = fixed(&read[reader]["harmless.xml"]);
        for (name, report) in &reports {
            assert_eq!(fixed(&read[reader][name]), names, "{reader}: {name}");
            assert_eq!(read[reader][name], expected(report), "{reader}: {name}");
        }
    }
}
