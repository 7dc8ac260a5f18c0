//! The comment of the pull request that the action keeps up to date, with a `gh` that writes down how it is called.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "programs are written here")]

#[path = "support/runner/mod.rs"]
#[expect(dead_code, reason = "other tests do more with it")]
mod runner;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use runner::{Conclusion, Ended, Job};
use serde_json::json;

/// What `gh` does: it notes its arguments, keeps the body of a comment, and prints the ids of comments that are its own.
const GH: &str = r#"printf '%s\n' "$*" >>"${0%/*}/called"
case $* in
  *graphql*) cat "${0%/*}/ids" ;;
  *body=@*) all=$*; cat "${all##*body=@}" >"${0%/*}/body" ;;
esac"#;

fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/bash\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A job for pull request 7 whose program writes this report and ends with this verdict.
fn job(markdown: &str, verdict: &str, code: u8) -> Job {
    let job = Job::new(Path::new(env!("CARGO_MANIFEST_DIR")));
    let bin = job.file("bin");
    fs::create_dir(&bin).unwrap();
    fs::write(job.file("markdown"), markdown).unwrap();
    fs::write(bin.join("ids"), "").unwrap();
    script(&bin.join("gh"), GH);
    let program = format!(
        "for option; do case $option in --report=markdown=*) path=${{option#*=*=}}; cp markdown \"$path\"; \
         echo \"markdown-path=$path\" >>\"$GITHUB_OUTPUT\" ;; esac; done\n\
         printf 'verdict={verdict}\\nexit-code={code}\\n' >>\"$GITHUB_OUTPUT\"; exit {code}"
    );
    script(&bin.join("deploygate"), &program);
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    job.with("targets", "deploy/app")
        .with("binary-path", "bin/deploygate")
        .with("kubeconfig", "markdown")
        .with("comment", "true")
        .github("github.event.pull_request.number", "7")
        .github("github.token", "t")
        .env("PATH", &path)
        .env("GITHUB_REPOSITORY", "shop/app")
        .env("GITHUB_SERVER_URL", "https://github.example")
        .env("GITHUB_RUN_ID", "42")
}

/// How `gh` was called the last time, and the comment it was given.
fn commented(job: &Job) -> (String, String) {
    let called = fs::read_to_string(job.file("bin/called")).unwrap_or_default();
    let body = fs::read_to_string(job.file("bin/body")).unwrap_or_default();
    (called.lines().last().unwrap_or_default().to_owned(), body)
}

fn ends(ended: &Ended, conclusion: Conclusion, code: i32) {
    assert_eq!((ended.conclusion, ended.code), (conclusion, Some(code)), "{}", ended.log);
}

#[test]
fn the_report_is_a_new_comment_whatever_the_verdict() {
    for (verdict, code, conclusion) in
        [("passed", 0, Conclusion::Success), ("failed", 1, Conclusion::Failure)]
    {
        for report in ["", "markdown=own.md", "junit=x.xml\n  markdown=own.md"] {
            let job = job("## FAILED\n", verdict, code).with("report", report);
            let ended = job.run();
            ends(&ended, conclusion, code.into());
            let (called, body) = commented(&job);
            let start = "api --silent --method POST repos/shop/app/issues/7/comments -F body=@";
            assert!(called.starts_with(start), "{called}: {}", ended.log);
            let lines: Vec<_> = body.lines().collect();
            let run = "[Run 42](https://github.example/shop/app/actions/runs/42)";
            assert!(lines[0].starts_with("<!-- deploygate "), "{body}");
            assert_eq!(lines[1..], ["## FAILED", "", run]);
        }
    }
}

#[test]
fn a_comment_of_its_own_is_updated() {
    let job = job("## PASSED\n", "passed", 0);
    fs::write(job.file("bin/ids"), "17\n18\n").unwrap();
    ends(&job.run(), Conclusion::Success, 0);
    let (called, body) = commented(&job);
    assert!(called.starts_with("api --silent --method PATCH repos/shop/app/issues/comments/17 "));
    let (first, again) = (body.lines().next().unwrap().to_owned(), job.with("namespace", "other"));
    ends(&again.run(), Conclusion::Success, 0);
    let (_, body) = commented(&again);
    assert_ne!(body.lines().next().unwrap(), first, "other targets have a comment of their own");
}

#[test]
fn what_goes_wrong_with_the_comment_is_a_warning() {
    let fails = |when: &str| {
        let job = job("## PASSED\n", "passed", 0);
        script(&job.file("bin/gh"), &format!("case $* in *{when}*) exit 1 ;; esac"));
        job
    };
    let other_event = job("x", "passed", 0).github("github.event.pull_request.number", "");
    let no_report = job("", "failed", 1);
    for (job, code, command) in [
        (fails("graphql"), 0, "warning"),
        (fails("POST"), 0, "warning"),
        (no_report, 1, "warning"),
        (other_event, 0, "notice"),
    ] {
        let ended = job.run();
        let conclusion = if code == 0 { Conclusion::Success } else { Conclusion::Failure };
        ends(&ended, conclusion, code);
        let names: Vec<_> = ended.obeyed().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, [command], "{}", ended.log);
        assert!(commented(&job).1.is_empty());
    }
    let unasked = job("x", "passed", 0).with("comment", "");
    ends(&unasked.run(), Conclusion::Success, 0);
    assert_eq!(commented(&unasked).0, "");
}

#[test]
fn a_long_report_is_cut_where_nothing_is_open() {
    let log = "a line of a log\n".repeat(5000);
    for (report, kept) in [
        (format!("## FAILED\n\nshort\n\n````\n```\n{log}````\n\nend\n"), "## FAILED\n\nshort\n\n"),
        (format!("## FAILED\n\n<details>\n\n{log}\n\n</details>\n"), "## FAILED\n\n"),
        (
            format!("## FAILED\n\n```\nx\n```\n\nnext\n\n```\n{log}```\n"),
            "## FAILED\n\n```\nx\n```\n\nnext\n\n",
        ),
    ] {
        let job = job(&report, "failed", 1);
        ends(&job.run(), Conclusion::Failure, 1);
        let (_, body) = commented(&job);
        let (_, body) = body.split_once('\n').unwrap();
        let rest = body.strip_prefix(kept).unwrap_or_else(|| panic!("{body:.200}"));
        assert!(rest.starts_with("\nThe rest is left out here"), "{rest:.200}");
    }
}

/// What the real `gh` would choose, which has jq built in.
#[test]
#[ignore = "needs jq from .ci/tools"]
fn only_a_comment_of_its_own_that_begins_with_the_marker_is_chosen() {
    let job = job("x", "passed", 0);
    ends(&job.run(), Conclusion::Success, 0);
    let (_, body) = commented(&job);
    let marker = body.lines().next().unwrap();
    let comment =
        |id, body: &str, is_own| json!({"databaseId": id, "body": body, "viewerDidAuthor": is_own});
    let page = json!({"data": {"repository": {"pullRequest": {"comments": {"nodes": [
        comment(1, marker, false),
        comment(2, &format!("## FAILED\n```\n{marker}\n```\n"), true),
        comment(3, &format!(" {marker}\nx"), true),
        comment(4, &format!("{marker}\nx"), true),
    ]}}}}});
    let called = fs::read_to_string(job.file("bin/called")).unwrap();
    let (_, filter) = called.split_once("--jq ").unwrap();
    let mut jq = Command::new("jq");
    jq.arg(filter.lines().next().unwrap()).env("MARKER", marker);
    let mut jq = jq.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    serde_json::to_writer(jq.stdin.take().unwrap(), &page).unwrap();
    let chosen = jq.wait_with_output().unwrap().stdout;
    assert_eq!(String::from_utf8(chosen).unwrap(), "4\n");
}
