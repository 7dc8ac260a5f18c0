//! What the examples make of a report for chats and merge requests, with jq.
//!
//! Needs the tools of `.ci/tools`: `cargo test --test notify -- --ignored`.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "programs and reports are written here")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The JSON report of a recording.
fn report(recording: &str) -> Value {
    let path = format!("{ROOT}/tests/recordings/{recording}.jsonl.gz");
    let mut replay = Command::new(env!("CARGO_BIN_EXE_deploygate"));
    let output = replay.args(["replay", &path, "-o", "json"]).env_clear().output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn slack(report: &Value, run: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deploygate.json");
    fs::write(&path, report.to_string()).unwrap();
    let mut script = Command::new(format!("{ROOT}/examples/notify/slack.sh"));
    let output = script.arg(path).env("RUN_URL", run).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
#[ignore = "needs jq from .ci/tools"]
fn a_message_for_slack_says_what_failed_and_what_to_do() {
    let failed = slack(&report("late-crash"), "https://ci.example/42");
    let headline = failed["text"].as_str().unwrap();
    assert!(headline.starts_with("❌ FAILED: deployment/app ("), "{failed:#}");
    let blocks = failed["blocks"].as_array().unwrap();
    let kinds: Vec<_> = blocks.iter().map(|block| block["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["header", "section", "actions"]);
    let text = blocks[1]["text"]["text"].as_str().unwrap();
    for part in ["cache warm-up failed", "\nNext: ", "\nUndo: kubectl rollout undo "] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(blocks[2]["elements"][0]["url"], "https://ci.example/42");

    let passed = slack(&report("healthy"), "");
    assert!(passed["text"].as_str().unwrap().starts_with("✅ PASSED: deployment/app ("));
    assert_eq!(passed["blocks"].as_array().unwrap().len(), 1);
}

#[test]
#[ignore = "needs jq from .ci/tools"]
fn a_message_for_slack_keeps_its_limits_and_mentions_nobody() {
    let mut report = report("late-crash");
    let mut target = report["targets"][0].clone();
    target["reason"] =
        json!(format!("<!channel> *bold* <https://evil.example|x> {}", "x".repeat(9000)));
    target["context"] = json!("<!here>&");
    report["targets"] = json!([target]);
    let message = slack(&report, "");
    assert!(!message["text"].as_str().unwrap().contains('<'), "{}", message["text"]);
    report["targets"] = Value::Array(vec![target; 30]);
    let message = slack(&report, "");
    assert_eq!(message["text"], "❌ FAILED: 30 of 30 targets");
    let blocks = message["blocks"].as_array().unwrap();
    assert!(blocks.len() <= 50, "{}", blocks.len());
    for block in blocks {
        let texts = [&block["text"], &block["elements"][0]];
        for text in texts.into_iter().filter(|text| !text.is_null()) {
            assert_eq!(text["type"], "plain_text", "{text}");
            assert!(text["text"].as_str().unwrap().chars().count() <= 3000);
        }
    }
}

/// Runs the note's script with a `curl` that answers from files, and notes how it was called.
fn note(folder: &Path, notes: &Value) -> Output {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    let curl = "#!/bin/bash\ncd \"${0%/*}\"\ncat >config\nprintf '%s ' \"$@\" >>called; echo >>called\n\
        case $* in\n*/user) echo '{\"id\": 7}' ;;\n*--data*) all=$*; cat \"${all##*@}\" >sent ;;\n\
        *page=1) cat notes ;;\n*) echo '[]' ;;\nesac\n";
    write("curl", curl);
    fs::set_permissions(folder.join("curl"), fs::Permissions::from_mode(0o755)).unwrap();
    write("notes", &notes.to_string());
    write("deploygate.md", "## ❌ FAILED\n<!-- deploygate -->\n\"quoted\"\n");
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut script = Command::new(format!("{ROOT}/examples/gitlab/note.sh"));
    script
        .arg(folder.join("deploygate.md"))
        .env("PATH", path)
        .env("DEPLOYGATE_NOTE_TOKEN", "secret");
    script.env("CI_API_V4_URL", "https://gitlab.example/api/v4").env("CI_PROJECT_ID", "3");
    script.env("CI_MERGE_REQUEST_IID", "9").output().unwrap()
}

#[test]
#[ignore = "needs jq from .ci/tools"]
fn a_note_is_made_once_and_then_updated() {
    let note_of =
        |id, author, body: &str| json!({"id": id, "author": {"id": author}, "body": body});
    let foreign =
        [note_of(1, 8, "<!-- deploygate -->\nx"), note_of(2, 7, "see\n<!-- deploygate -->")];
    let own = note_of(4, 7, "<!-- deploygate -->\nold");
    let url = "https://gitlab.example/api/v4/projects/3/merge_requests/9/notes";
    for (notes, request) in [
        (json!(foreign), format!("--request POST {url} ")),
        (json!([foreign[0], own]), format!("--request PUT {url}/4 ")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let output = note(folder.path(), &notes);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(read("called").contains(&request), "{}", read("called"));
        assert!(!read("called").contains("secret"), "a list of processes would show it");
        assert_eq!(read("config"), "header = \"PRIVATE-TOKEN: secret\"\n");
        let sent: Value = serde_json::from_str(&read("sent")).unwrap();
        let body = "<!-- deploygate -->\n## ❌ FAILED\n<!-- deploygate -->\n\"quoted\"\n";
        assert_eq!(sent, json!({"body": body}));
    }
}
