//! Compares what a run of several targets left with what its scenario expects of each, and of all.

use serde_json::Value;

use super::super::gate::Run;
use super::super::scenario::{Scenario, Verdict};
use super::super::several::{Ending, Shared};
use super::collect;
use super::junit::Junit;

/// The JSON report: every target, and what they have in common.
pub(super) fn outcome(scenario: &Scenario, json: &Value, found: &mut Vec<String>) {
    let targets: Vec<&Value> = json["targets"].as_array().into_iter().flatten().collect();
    let expected = &scenario.release.targets;
    for target in &targets {
        if !expected.iter().any(|ending| ending.name == name(target)) {
            found.push(format!("{} was judged, which is not expected", name(target)));
        }
    }
    for ending in expected {
        match targets.iter().find(|target| name(target) == ending.name) {
            Some(target) => found.extend(differs(ending, target)),
            None => found.push(format!("{} was not judged", ending.name)),
        }
    }
    let common: Vec<_> = json["common"].as_array().into_iter().flatten().collect();
    if common.len() != scenario.release.common.len() {
        found.push(format!("{} common causes: {common:?}", common.len()));
    }
    for (shared, common) in scenario.release.common.iter().zip(common) {
        if !is_told(shared, common, &targets) {
            found.push(format!("the common cause is {common}, not {shared:?}"));
        }
    }
}

fn name(target: &Value) -> String {
    let part = |key: &str| target[key].as_str().unwrap_or_default().to_owned();
    format!("{}/{}", part("kind"), part("name"))
}

fn differs(ending: &Ending, target: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let title = &ending.name;
    if target["verdict"] != ending.verdict.to_string() {
        found.push(format!("{title} is {}: {}", target["verdict"], target["reason"]));
    }
    let is_blamed = matches!(ending.verdict, Verdict::Failed | Verdict::TimedOut);
    let code = match ending.verdict {
        Verdict::TimedOut => Some("deadline"),
        _ => ending.code.as_deref().filter(|_| !is_blamed),
    };
    if target["reason_code"].as_str() != code {
        found.push(format!("the reason code of {title} is {}", target["reason_code"]));
    }
    let findings: Vec<&Value> = target["findings"].as_array().into_iter().flatten().collect();
    let is_confirmed = |finding: &&Value| finding["state"] == "confirmed";
    let is_it = |finding: &&Value| {
        finding["cause"].as_str() == ending.code.as_deref()
            && finding["attribution"].as_str() == ending.attribution.as_deref()
            && ending
                .line
                .is_none_or(|line| finding["line"] == line && finding["file"] == "release.yaml")
    };
    let is_other = match ending.verdict {
        Verdict::Passed => findings.iter().any(is_confirmed),
        Verdict::Failed => {
            findings.iter().filter(|finding| is_confirmed(finding)).any(|finding| !is_it(finding))
        }
        _ => false,
    };
    let has_it = || {
        findings.iter().any(|finding| {
            is_it(finding) && (ending.verdict == Verdict::TimedOut || is_confirmed(finding))
        })
    };
    if is_other || (is_blamed && !has_it()) {
        found.push(format!("{ending:?} has the findings {findings:?}"));
    }
    let mut text = String::new();
    collect(target, &mut text);
    if let Some(expected) = ending.text.as_ref().filter(|expected| !text.contains(*expected)) {
        found.push(format!("the JSON report does not say {expected:?} of {title}: {text}"));
    }
    found
}

fn is_told(shared: &Shared, common: &Value, targets: &[&Value]) -> bool {
    let named = |place: &Value| {
        let place = place.as_u64().and_then(|place| usize::try_from(place).ok());
        place.and_then(|place| targets.get(place)).map(|target| name(target))
    };
    let mut explained: Vec<_> =
        common["targets"].as_array().into_iter().flatten().filter_map(named).collect();
    let mut expected = shared.targets.clone();
    explained.sort();
    expected.sort();
    common["cause"] == *shared.cause
        && common["attribution"] == *shared.attribution
        && explained == expected
        && named(&common["origin"]) == shared.origin
        && common["what"].as_str().is_some_and(|what| what.contains(&shared.text))
}

/// Failures and errors in JUnit are those of the targets, and nothing else.
pub(super) fn suites(scenario: &Scenario, junit: &Junit) -> bool {
    let of = |wanted: Verdict| {
        scenario.release.targets.iter().filter(move |ending| ending.verdict == wanted)
    };
    let has_failure =
        |ending: &Ending| ending.code.as_ref().is_some_and(|cause| junit.failures.contains(cause));
    let is_error = |ending: &&Ending| ending.code.as_deref() != Some("stopped");
    let errors = of(Verdict::Inconclusive).filter(is_error).chain(of(Verdict::Superseded));
    let is_blamed = of(Verdict::Failed).chain(of(Verdict::TimedOut)).next().is_some();
    let has_errors = errors.count() > 0 || of(Verdict::TimedOut).next().is_some();
    of(Verdict::Failed).all(has_failure)
        && (is_blamed || junit.failures.is_empty())
        && has_errors != junit.errors.is_empty()
}

/// What is said of each target stands in every report, what they have in common before any of them.
pub(super) fn texts(
    scenario: &Scenario,
    run: &Run,
    reports: [(&str, &String); 4],
    found: &mut Vec<String>,
) {
    let release = &scenario.release;
    let of_targets = release.targets.iter().filter_map(|ending| ending.text.as_ref());
    for text in of_targets.chain(release.common.iter().map(|shared| &shared.text)) {
        for (name, report) in reports {
            let text = if name == "HTML" { &text.replace('`', "") } else { text };
            if !report.contains(text) {
                found.push(format!("the {name} report does not say {text:?}"));
            }
        }
    }
    let [.., (_, markdown), (_, html)] = reports;
    for (report, table) in [(markdown, "| Target |"), (html, "TargetVerdictWhy")] {
        let before = report.split_once(table).map_or("", |(before, _)| before);
        for shared in release.common.iter().filter(|shared| !before.contains(&shared.text)) {
            found.push(format!("{:?} does not come first: {before}", shared.text));
        }
    }
    for line in release.targets.iter().filter_map(|ending| ending.line) {
        if !markdown.contains(&format!("release.yaml:{line}")) {
            found.push(format!("the Markdown report does not point to line {line}"));
        }
        let is_in_gitlab = |text: &str| {
            let issues: Value = serde_json::from_str(text).unwrap_or_default();
            issues.as_array().is_some_and(|issues| {
                issues.iter().any(|issue| {
                    issue["location"]["path"] == "release.yaml"
                        && issue["location"]["lines"]["begin"] == line
                })
            })
        };
        if run.code_quality.as_ref().is_some_and(|text| !is_in_gitlab(text)) {
            found.push(format!(
                "the Code Quality report does not point to line {line}: {:?}",
                run.code_quality
            ));
        }
    }
}
