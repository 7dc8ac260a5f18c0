//! Compares what a run left with what its scenario expects. All that differs is returned, not the first only.

mod junit;
mod release;

use junit::Junit;
use serde_json::Value;

use super::gate::Run;
use super::scenario::{Scenario, Verdict};

/// Lines at the end of the output that a person sees without scrolling.
const SCREEN: usize = 24;

/// Far above what any scenario of one target needs, and small enough to be opened by a person.
const LARGEST: usize = 1 << 20;

/// The same for each target of a release.
const LARGEST_EACH: usize = LARGEST / 4;

pub(crate) fn differences(scenario: &Scenario, run: &Run) -> Vec<String> {
    let mut found = Vec::new();
    let expected = scenario.verdict.exit_code();
    if run.exit_code != Some(expected) {
        found.push(format!("exit code {:?}, not {expected}", run.exit_code));
    }
    let json = match serde_json::from_str(&run.json) {
        Ok(json) => outcome(scenario, &json, &mut found),
        Err(error) => {
            found.push(format!("the JSON report cannot be read: {error}"));
            String::new()
        }
    };
    let junit = match junit::read(&run.junit) {
        Ok(junit) => {
            suites(scenario, &junit, &mut found);
            junit.text
        }
        Err(error) => {
            found.push(format!("the JUnit report cannot be read: {error}"));
            String::new()
        }
    };
    let markdown = unescape(&run.markdown);
    let html = unescape(&without_tags(&run.html));
    let reports = [("JSON", &json), ("JUnit", &junit), ("Markdown", &markdown), ("HTML", &html)];
    texts(scenario, reports, &mut found);
    if scenario.is_release() {
        release::texts(scenario, run, reports, &mut found);
    }
    first_screen(scenario, run, &mut found);
    harmless(scenario, run, &mut found);
    replay(run, &mut found);
    found
}

/// A recording leads to the same outcome, in every word of its findings.
fn replay(run: &Run, found: &mut Vec<String>) {
    if run.replay.exit_code != run.exit_code {
        let (code, stderr) = (run.replay.exit_code, &run.replay.stderr);
        found.push(format!("the replay's exit code is {code:?}: {stderr}"));
    }
    let read = |json: &str| serde_json::from_str::<Value>(json).unwrap_or_default();
    let (live, replayed) = (read(&run.json), read(&run.replay.json));
    for key in ["verdict", "exit_code", "targets", "common"] {
        if live[key] != replayed[key] {
            let (live, replayed) = (&live[key], &replayed[key]);
            found.push(format!("the replay's {key} differs:\n{live}\n{replayed}"));
        }
    }
}

/// The JSON report. Returns every text in it.
fn outcome(scenario: &Scenario, json: &Value, found: &mut Vec<String>) -> String {
    let verdict = scenario.verdict.to_string();
    let mut same = |what: &str, actual: &Value, expected: Value| {
        if *actual != expected {
            found.push(format!("{what} is {actual}, not {expected}"));
        }
    };
    same("schema_version", &json["schema_version"], 1.into());
    same("verdict", &json["verdict"], verdict.as_str().into());
    same("exit_code", &json["exit_code"], scenario.verdict.exit_code().into());
    match scenario.is_release() {
        true => release::outcome(scenario, json, found),
        false => only_target(scenario, json, found),
    }
    let mut text = String::new();
    collect(json, &mut text);
    text
}

/// The one target of a run: verdict, cause and container.
fn only_target(scenario: &Scenario, json: &Value, found: &mut Vec<String>) {
    let verdict = scenario.verdict.to_string();
    let mut same = |what: &str, actual: &Value, expected: Value| {
        if *actual != expected {
            found.push(format!("{what} is {actual}, not {expected}"));
        }
    };
    let target = &json["targets"][0];
    same("the target's verdict", &target["verdict"], verdict.as_str().into());
    same("the number of targets", &json["targets"].as_array().map(Vec::len).into(), 1.into());

    let reason = match scenario.verdict {
        Verdict::Passed | Verdict::Failed => Value::Null,
        Verdict::TimedOut => "deadline".into(),
        Verdict::Inconclusive | Verdict::Superseded => scenario.cause.clone().into(),
    };
    same("reason_code", &target["reason_code"], reason);

    if let Some(undo) = &scenario.undo {
        // the namespace of a live run has a number of its own
        let given = target["undo"].as_str().unwrap_or("none");
        let given = given.split(" -n ").next().unwrap_or_default();
        let given = match target["undo"].as_str().and_then(|undo| undo.split_once(" --to-revision"))
        {
            Some((_, number)) => format!("{given} --to-revision{number}"),
            None => given.to_owned(),
        };
        same("undo", &given.into(), undo.as_str().into());
    }

    let findings: Vec<&Value> = target["findings"].as_array().into_iter().flatten().collect();
    for finding in &findings {
        let confirmed = finding["state"] == "confirmed";
        if confirmed && scenario.verdict == Verdict::Passed {
            found.push(format!("passed, with a confirmed finding: {finding}"));
        }
        if confirmed
            && scenario.verdict == Verdict::Failed
            && finding["cause"].as_str() != scenario.cause.as_deref()
        {
            found.push(format!("a confirmed finding of another cause: {finding}"));
        }
    }
    if matches!(scenario.verdict, Verdict::Failed | Verdict::TimedOut) {
        let of_cause: Vec<_> = findings
            .iter()
            .filter(|finding| finding["cause"].as_str() == scenario.cause.as_deref())
            .collect();
        if !of_cause.iter().any(|finding| describes(scenario, finding)) {
            let Scenario { cause, container, exit, signal, attribution, .. } = scenario;
            let wanted = (cause, attribution, container, exit, signal);
            found.push(format!("no finding has {wanted:?} among {findings:?}"));
        }
    }
}

fn describes(scenario: &Scenario, finding: &Value) -> bool {
    let confirmed = scenario.verdict == Verdict::TimedOut || finding["state"] == "confirmed";
    confirmed
        && finding["container"].as_str() == scenario.container.as_deref()
        && scenario.attribution.as_deref().is_none_or(|whose| finding["attribution"] == whose)
        && scenario.exit.is_none_or(|code| finding["exit_code"] == code)
        && scenario.signal.is_none_or(|signal| finding["signal"] == signal)
}

fn collect(value: &Value, text: &mut String) {
    match value {
        Value::String(string) => {
            text.push_str(string);
            text.push('\n');
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, text)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn suites(scenario: &Scenario, junit: &Junit, found: &mut Vec<String>) {
    let Junit { cases, failures, errors, .. } = junit;
    let fits = match scenario.verdict {
        _ if scenario.is_release() => release::suites(scenario, junit),
        Verdict::Passed => failures.is_empty() && errors.is_empty(),
        Verdict::Failed => scenario.cause.as_ref().is_some_and(|cause| failures.contains(cause)),
        Verdict::TimedOut => !failures.is_empty() || !errors.is_empty(),
        Verdict::Inconclusive | Verdict::Superseded => failures.is_empty() && !errors.is_empty(),
    };
    if *cases == 0 || !fits {
        found.push(format!("JUnit: {cases} cases, failures {failures:?}, errors {errors:?}"));
    }
}

fn texts(scenario: &Scenario, reports: [(&str, &String); 4], found: &mut Vec<String>) {
    let verdict_cause = scenario.cause.iter().filter(|_| scenario.verdict != Verdict::Passed);
    for text in scenario.shows.iter().chain(verdict_cause) {
        for (name, report) in reports {
            // in HTML what stands in backticks is an element
            let text = if name == "HTML" { &text.replace('`', "") } else { text };
            if !report.contains(text) {
                found.push(format!("the {name} report does not show {text:?}"));
            }
        }
    }
}

/// The line that explains the failure is seen without scrolling.
fn first_screen(scenario: &Scenario, run: &Run, found: &mut Vec<String>) {
    let Some(log) = &scenario.log else { return };
    let is_shown = |output: &str| {
        let first = output.lines().count().saturating_sub(SCREEN);
        // a line may be wrapped
        let words = output.lines().skip(first).flat_map(str::split_whitespace);
        words.collect::<Vec<_>>().join(" ").contains(log.as_str())
    };
    if !is_shown(&run.stdout) && !is_shown(&run.stderr) {
        found.push(format!("the last {SCREEN} lines of the output do not show {log:?}"));
    }
}

/// Markdown as it is read: without the marks that keep text from being markup.
fn unescape(markdown: &str) -> String {
    [("\\", ""), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(markdown.to_owned(), |text, (mark, plain)| text.replace(mark, plain))
}

/// HTML as it is read, its style sheet aside.
fn without_tags(html: &str) -> String {
    let body = html.split_once("</style>").map_or("", |(_, body)| body);
    let mut text = String::new();
    for part in body.split('<') {
        text.push_str(part.split_once('>').map_or("", |(_, after)| after));
    }
    text
}

/// Nothing of what the cluster says may command a terminal or a CI runner, or reveal a secret.
fn harmless(scenario: &Scenario, run: &Run, found: &mut Vec<String>) {
    let outputs = [
        ("stdout", &run.stdout),
        ("stderr", &run.stderr),
        ("the JUnit report", &run.junit),
        ("the Markdown report", &run.markdown),
        ("the HTML report", &run.html),
        ("the JSON report", &run.json),
        ("the recording", &run.recording),
    ];
    let largest = LARGEST.max(LARGEST_EACH * scenario.release.targets.len());
    for (name, text) in outputs {
        if text.len() > largest {
            found.push(format!("{name} has {} bytes", text.len()));
        }
        if let Some(character) = text.chars().find(|character| is_control(*character)) {
            found.push(format!("{name} holds {character:?}"));
        }
        for secret in scenario.hides.iter().filter(|secret| text.contains(*secret)) {
            found.push(format!("{name} reveals {secret}"));
        }
    }
    if run.recording.is_empty() {
        found.push("there is no recording".to_owned());
    }
    for line in run.stdout.lines().chain(run.stderr.lines()) {
        if ["::", "##[", "##vso["].iter().any(|command| line.trim_start().starts_with(command)) {
            found.push(format!("a line of the output commands a CI runner: {line}"));
        }
    }
}

fn is_control(character: char) -> bool {
    (character.is_control() && character != '\n' && character != '\t')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}')
}
