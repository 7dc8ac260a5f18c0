//! Shows that the comparison itself can fail: a run as it should be, and the same with one thing wrong.

use std::path::Path;

use super::gate::{Replay, Run};
use super::reports::differences;
use super::scenario::{Scenario, parse};

fn scenario() -> Result<Scenario, String> {
    let head = "# it crashes\n# expect: failed crash-loop\n# container: app\n# exit: 139\n# signal: 11\n\
                # undo: kubectl rollout undo deployment/app\n\
                # attribution: application\n# log: (db): refused\n\
                # shows: fatal: \"db\" <refused>\n# hides: hunter2\nkind: Deployment\n";
    parse(Path::new("sample.yaml"), head)
}

const JSON: &str = r#"{"schema_version": 1, "verdict": "failed", "exit_code": 1, "targets": [{
                "verdict": "failed", "reason_code": null, "undo": "kubectl rollout undo deployment/app -n shop", "findings": [{
                "cause": "crash-loop", "state": "confirmed", "container": "app",
                "attribution": "application", "exit_code": 139, "signal": 11, "message": "fatal: \"db\" <refused>"}]}]}"#;

fn right() -> Run {
    let json = JSON.to_owned();
    Run {
        exit_code: Some(1),
        stdout: String::new(),
        stderr: "deployment shop/app failed: crash-loop\n(db): refused\n".to_owned(),
        junit: "<testsuites><testsuite><testcase name=\"containers-run\">\
                <failure type=\"crash-loop\">fatal: &quot;db&quot; &lt;refused&gt;</failure>\
                </testcase></testsuite></testsuites>"
            .to_owned(),
        markdown: "# failed: crash-loop\n```\nfatal: \"db\" <refused>\n```\n".to_owned(),
        html: "<style>p { color: red }</style><h1>failed</h1><p>crash-loop</p><pre>fatal: \"db\" &lt;refused&gt;</pre>"
            .to_owned(),
        replay: Replay { exit_code: Some(1), stderr: String::new(), json: json.clone() },
        json,
        recording: "{}\n".to_owned(),
        code_quality: None,
    }
}

pub(crate) fn a_right_run_has_no_differences() -> Result<(), String> {
    let found = differences(&scenario()?, &right());
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

pub(crate) fn one_thing_wrong_is_a_difference() -> Result<(), String> {
    let wrong = [
        ("exit code", spoiled(|run| run.exit_code = Some(0))),
        ("ended by a signal", spoiled(|run| run.exit_code = None)),
        ("verdict", spoiled(|run| swap(&mut run.json, "\"failed\"", "\"passed\""))),
        (
            "exit code in JSON",
            spoiled(|run| swap(&mut run.json, "\"exit_code\": 1,", "\"exit_code\": 3,")),
        ),
        ("reason code", spoiled(|run| swap(&mut run.json, "null", "\"deadline\""))),
        ("cause", spoiled(|run| swap(&mut run.json, "crash-loop", "exited"))),
        ("suspected only", spoiled(|run| swap(&mut run.json, "confirmed", "suspected"))),
        ("container", spoiled(|run| swap(&mut run.json, "\"app\"", "\"proxy\""))),
        ("exit code of the container", spoiled(|run| swap(&mut run.json, "139", "1"))),
        ("signal", spoiled(|run| swap(&mut run.json, "11,", "6,"))),
        ("undo", spoiled(|run| swap(&mut run.json, "rollout undo", "rollout status"))),
        ("attribution", spoiled(|run| swap(&mut run.json, "application", "platform"))),
        ("log line off the screen", spoiled(|run| run.stderr.push_str(&"more\n".repeat(24)))),
        ("log line in JSON", spoiled(|run| swap(&mut run.json, "fatal", "error"))),
        ("log line in JUnit", spoiled(|run| swap(&mut run.junit, "fatal", "error"))),
        ("log line in Markdown", spoiled(|run| swap(&mut run.markdown, "fatal", "error"))),
        ("log line in HTML", spoiled(|run| swap(&mut run.html, "fatal", "error"))),
        ("type of the failure", spoiled(|run| swap(&mut run.junit, "crash-loop", "stalled"))),
        ("element not closed", spoiled(|run| swap(&mut run.junit, "</testsuites>", ""))),
        ("secret", spoiled(|run| run.recording.push_str("hunter2"))),
        ("escape sequence", spoiled(|run| run.markdown.push('\u{1b}'))),
        ("exit code of the replay", spoiled(|run| run.replay.exit_code = Some(0))),
        ("replay", spoiled(|run| swap(&mut run.replay.json, "139", "1"))),
        ("workflow command", spoiled(|run| run.stdout.push_str("::error::forged\n"))),
    ];
    let scenario = scenario()?;
    let unnoticed: Vec<_> = wrong
        .into_iter()
        .filter(|(_, run)| differences(&scenario, run).is_empty())
        .map(|(what, _)| what)
        .collect();
    if unnoticed.is_empty() { Ok(()) } else { Err(format!("not noticed: {unnoticed:?}")) }
}

fn spoiled(spoil: fn(&mut Run)) -> Run {
    let mut run = right();
    spoil(&mut run);
    run
}

fn swap(text: &mut String, from: &str, to: &str) {
    *text = text.replace(from, to);
}
