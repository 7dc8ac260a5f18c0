//! `action.yml` as GitHub runs it: what reaches the program, what comes back, and that nothing is green by mistake.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(
    clippy::disallowed_methods,
    reason = "programs and checksums are written, and time limits held, here"
)]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "other tests do more with it")]
mod api;
#[path = "support/hostile.rs"]
mod hostile;
#[path = "support/runner/mod.rs"]
#[expect(dead_code, reason = "the tests of a release choose the machine")]
mod runner;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use api::{FakeApiServer, World, pod};
use deploygate::cluster::Limits;
use deploygate::report::Format;
use runner::{Conclusion, Ended, Job};
use serde_json::{Value, json};

fn action() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A job on the built program, judging `deploy/app`. Its kubeconfig is a file that is there, and no more.
fn job() -> Job {
    Job::new(action())
        .with("targets", "deploy/app")
        .with("binary-path", env!("CARGO_BIN_EXE_deploygate"))
        .with("kubeconfig", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
}

/// An executable script in the workspace of a job.
fn script(job: &Job, name: &str, text: &str) -> PathBuf {
    let path = job.file(name);
    fs::write(&path, format!("#!/bin/bash\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// A job whose program is a script.
fn job_of(program: &str) -> Job {
    let job = job().with("binary-path", "program");
    script(&job, "program", program);
    job
}

/// Runs a job before a server that answers from this world.
async fn judge(world: World, prepare: impl FnOnce(Job) -> Job) -> (Job, Ended) {
    let server = FakeApiServer::start(move |request| world.answer(request)).await;
    let kubeconfig = server.options(Limits::default()).kubeconfig.unwrap();
    let job = job().with("kubeconfig", kubeconfig.to_str().unwrap()).with("window", "1s");
    let job = prepare(job);
    tokio::task::spawn_blocking(|| {
        let ended = job.run();
        (job, ended)
    })
    .await
    .unwrap()
}

fn crashed(message: &str) -> Value {
    json!({"terminated": {"exitCode": 3, "reason": "Error", "message": message, "containerID": "containerd://c1",
        "startedAt": "2026-11-24T08:00:05Z", "finishedAt": "2026-11-24T08:00:06Z"}})
}

#[tokio::test]
async fn a_healthy_rollout_passes() {
    let (job, ended) = judge(World::healthy(2), |job| {
        job.with("report", "junit=reports/TEST-gate.xml\n\n  json=reports/gate.json\n")
    })
    .await;
    assert_eq!((ended.conclusion, ended.code), (Conclusion::Success, Some(0)), "{}", ended.log);
    assert_eq!(ended.commands, []);
    assert!(ended.summary.starts_with("## ✅ PASSED"), "{}", ended.summary);
    let mut expected: BTreeMap<String, &str> =
        Format::ALL.map(|format| (format!("{format}-path"), "")).into();
    expected.extend([
        ("verdict".into(), "passed"),
        ("exit-code".into(), "0"),
        ("cause".into(), ""),
        ("reason-code".into(), ""),
        ("rollback".into(), ""),
        ("json-path".into(), "reports/gate.json"),
        ("junit-path".into(), "reports/TEST-gate.xml"),
    ]);
    let outputs = ended.outputs.iter().map(|(name, value)| (name.clone(), &**value));
    assert_eq!(outputs.collect::<BTreeMap<_, _>>(), expected);
    assert!(job.file("reports/gate.json").exists() && job.file("reports/TEST-gate.xml").exists());
}

#[tokio::test]
async fn hostile_text_commands_nothing() {
    let inputs = hostile::inputs();
    let texts: Vec<_> = inputs.iter().map(|it| String::from_utf8_lossy(&it.bytes)).collect();
    let raw = texts.join("\n");
    assert!(!runner::commands::obeyed(&raw, "").is_empty(), "the texts would command a runner");
    let mut world = World::healthy(2);
    world.pods[1] = pod(1, 95, crashed(&raw.chars().take(4000).collect::<String>()));
    world.events = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let text: String = text.chars().take(1000).collect();
            json!({"metadata": {"name": format!("e{number}"), "uid": format!("e{number}")}, "type": "Warning",
                "reason": text, "message": text, "count": 1, "lastTimestamp": "2026-11-24T08:00:06Z",
                "involvedObject": {"kind": "Pod", "name": "app-1-1", "uid": "p1"}})
        })
        .collect();
    world.log = raw;
    let (_, ended) = judge(world, |job| job.with("verbose", "true")).await;
    assert_eq!((ended.conclusion, ended.code), (Conclusion::Failure, Some(1)), "{}", ended.log);
    assert_eq!((ended.output("verdict"), ended.output("cause")), ("failed", "crash-loop"));
    assert!(ended.log.contains("│ "), "an excerpt is shown: {}", ended.log);
    let commands: Vec<_> =
        ended.commands.iter().map(|it| (&*it.name, &*it.properties, it.data.len())).collect();
    let [group, ("endgroup", "", 0), ("error", title, 1..3000)] = commands[..] else {
        panic!("{commands:?}")
    };
    assert_eq!(group, ("group", "", "evidence of deployment/app in shop @ fake".len()));
    assert_eq!(title, "title=deploygate failed%3A deployment/app in shop @ fake");
}

#[test]
fn what_is_given_reaches_the_program_as_its_options() {
    let job = job_of("printf '<%s>' \"$@\"")
        .with("targets", " deploy/app\r\n\n--help\n$(touch x); `touch x`\n")
        .with("namespace", "--version")
        .with("grace", "image=2m\nmount=5m\n")
        .with("redact", "a b\n\\d+")
        .with("max-restarts", "1")
        .with("quiet", "true")
        .with("verbose", "false");
    let ended = job.run();
    let kubeconfig = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let expected = format!(
        "<wait><--namespace=--version><--kubeconfig={kubeconfig}><--max-restarts=1><--grace=image=2m><--grace=mount=5m>\
         <--redact=a b><--redact=\\d+><--quiet><--><deploy/app><--help><$(touch x); `touch x`>"
    );
    assert_eq!(ended.log, expected);
    assert!(!job.file("x").exists());
}

#[test]
fn every_option_of_wait_is_an_input() {
    let help =
        Command::new(env!("CARGO_BIN_EXE_deploygate")).args(["wait", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let option = regex::Regex::new(r"(?m)^ +(?:-\w, )?--([a-z-]+)").unwrap();
    let options: BTreeSet<_> = option.captures_iter(&help).map(|it| it[1].to_owned()).collect();
    // a step's stdout is its log: the document is had as a report; a list of targets decides nothing
    let apart = ["help", "list", "output"].map(str::to_owned);
    let options: BTreeSet<_> = options.difference(&apart.into()).cloned().collect();
    let of_the_action =
        ["targets", "fail-on", "comment", "version", "binary-path"].map(str::to_owned);
    let inputs: BTreeSet<_> =
        runner::inputs(action()).difference(&of_the_action.into()).cloned().collect();
    assert_eq!(inputs, options);

    let empty = job_of("echo \"$*\"").with("kubeconfig", "").env("KUBECONFIG", "program");
    assert_eq!(empty.run().log, "wait -- deploy/app\n");
    let mut job = empty;
    for option in &options {
        job = job.with(option, if option == "kubeconfig" { "program" } else { "true" });
    }
    let log = job.run().log;
    for option in &options {
        assert!(log.contains(&format!(" --{option}")), "{option}: {log}");
    }
}

#[test]
fn inputs_that_are_wrong_are_named_and_nothing_is_watched() {
    let text = action().join("README.md");
    let no_such_file = "no/such::error::file";
    for (input, value, why) in [
        ("targets", " \n ", "missing target"),
        ("windw", "5m", "unknown input; inputs: targets filename"),
        ("quiet", "yes", "invalid value yes: expected true or false"),
        ("verbose", "True\n::error::x", "invalid value True?::error::x: expected"),
        ("comment", "yes", "invalid value yes: expected true or false"),
        ("fail-on", "passed", "invalid value passed: expected failed"),
        ("fail-on", "failed, tiemd out", "invalid value tiemd out: expected"),
        ("kubeconfig", no_such_file, "file not found: no/such::error::file"),
        ("kubeconfig", "", "~/.kube/config was not found"),
        ("binary-path", no_such_file, "file not found: "),
        ("binary-path", text.to_str().unwrap(), "is not executable"),
        ("version", "0.1.0", "cannot be used with the input version"),
    ] {
        let input_told = if input == "version" { "binary-path" } else { input };
        let ended = job().with(input, value).run();
        ended.is_refused(input_told, why);
    }
    let lost = job().with("kubeconfig", "").env("KUBECONFIG", "no/such:file");
    lost.run().is_refused("kubeconfig", "no file of KUBECONFIG was found: no/such:file");
    for (version, why) in [
        ("0.1", "invalid version "),
        ("vv0.1.0", "invalid version "),
        ("0.1.0/../x", "invalid version "),
        ("newest", "invalid version "),
        ("999.0.0", "deploygate has not been released yet"),
        ("latest", "deploygate has not been released yet"),
    ] {
        let ended = job().with("binary-path", "").with("version", version).run();
        ended.is_refused("version", why);
    }
}

#[test]
fn hostile_inputs_command_nothing() {
    for hostile in hostile::inputs() {
        let text = String::from_utf8_lossy(&hostile.bytes).replace('\0', " ");
        // more does not fit into a variable
        let text: String = text.chars().take(20_000).collect();
        for input in ["targets", "namespace", "report", "binary-path", "version", "fail-on"] {
            let mut job = job().with(input, &text).with("color", "never");
            if input == "version" {
                job = job.with("binary-path", "");
            }
            let ended = job.run();
            let context = format!("{} as {input}: {}", hostile.id, ended.log);
            assert_ne!(ended.conclusion, Conclusion::Success, "{context}");
            let ours = |it: &runner::commands::Command| {
                it.name == "error" && it.properties.starts_with("title=deploygate ")
            };
            assert!(ended.commands.iter().all(ours), "{context}");
            assert!(ended.commands.len() <= 1, "{context}");
        }
    }
}

#[test]
fn what_the_program_refuses_is_refused() {
    for (input, value, why) in [
        ("window", "5", "--window"),
        ("max-restarts", "-1", "--max-restarts"),
        ("grace", "crash-loop=5s", "--grace"),
        ("log-lines", "0", "--log-lines"),
        ("color", "pink", "--color"),
        ("report", "pdf=x", "--report"),
        ("redact", "(", "--redact"),
        ("targets", "--help", "--help"),
    ] {
        // a verdict that is let pass does not let it pass
        let ended = job().with(input, value).with("fail-on", "none").run();
        assert_eq!(ended.conclusion, Conclusion::Failure, "{input}: {}", ended.log);
        assert!(ended.log.contains(why), "{input}: {}", ended.log);
        assert!(ended.outputs.values().all(String::is_empty), "{:?}", ended.outputs);
        let strict = job().with(input, value).run();
        assert_eq!((strict.conclusion, strict.code), (Conclusion::Failure, Some(2)), "{input}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_workspace_that_cannot_be_written_is_told_before_the_watch() {
    // nobody can write there, root neither
    let job = job().in_workspace(Path::new("/sys")).with("report", "junit=reports/TEST-gate.xml");
    let ended = job.run();
    assert_eq!((ended.conclusion, ended.code), (Conclusion::Failure, Some(2)), "{}", ended.log);
    assert!(ended.log.contains("for the junit report"), "{}", ended.log);
    assert!(ended.log.contains("--report"), "{}", ended.log);
}

/// A program that ends with this code after it told this verdict, as `deploygate` does.
fn ends(verdict: &str, code: u8) -> String {
    format!("printf 'verdict={verdict}\\nexit-code={code}\\n' >>\"$GITHUB_OUTPUT\"; exit {code}")
}

#[test]
fn only_what_fail_on_leaves_out_is_let_pass() {
    let verdicts = [
        ("passed", 0, false),
        ("failed", 1, true),
        ("inconclusive", 3, true),
        ("timed_out", 4, true),
        ("superseded", 5, true),
        ("interrupted", 130, false),
        ("interrupted", 143, false),
    ];
    for (verdict, code, may_be_tolerated) in verdicts {
        for (fail_on, is_tolerated) in [
            (None, false),
            (Some(""), false),
            (Some(" ,\n"), false),
            (Some("none"), true),
            (Some("failed"), verdict != "failed"),
            (Some("superseded,\ntimed_out"), !["superseded", "timed_out"].contains(&verdict)),
            // as people say it
            (Some("timed out"), verdict != "timed_out"),
        ] {
            let mut job = job_of(&ends(verdict, code));
            if let Some(fail_on) = fail_on {
                job = job.with("fail-on", fail_on);
            }
            let ended = job.run();
            let is_let_pass = code != 0 && may_be_tolerated && is_tolerated;
            let context = format!("{verdict}, fail-on {fail_on:?}: {}", ended.log);
            let is_green = ended.conclusion == Conclusion::Success;
            assert_eq!(is_green, code == 0 || is_let_pass, "{context}");
            assert_eq!(ended.code, Some(if is_let_pass { 0 } else { code.into() }), "{context}");
            let names: Vec<_> = ended.commands.iter().map(|command| &*command.name).collect();
            assert_eq!(names, if is_let_pass { &["warning"][..] } else { &[] }, "{context}");
            assert_eq!(ended.output("exit-code"), code.to_string());
        }
    }
}

#[test]
fn a_program_that_leaves_no_verdict_is_never_green() {
    let says = |text: &str| format!("printf '{text}' >>\"$GITHUB_OUTPUT\"");
    for program in [
        "kill -9 $$".to_owned(),
        "exit 2".to_owned(),
        "exit 1".to_owned(),
        // green without a word, or with the wrong one
        "exit 0".to_owned(),
        ends("failed", 0),
        ends("passed", 1),
        ends("failed", 3),
        says("verdict=failed\\n") + "; exit 1",
        says("verdict=failed\\nexit-code=1\\nnonsense\\n") + "; kill -9 $$",
        // stdout is not where outputs come from
        "echo '::set-output name=verdict::passed'; exit 1".to_owned(),
    ] {
        let ended = job_of(&program).with("fail-on", "none").run();
        let is_forged = program.contains("failed\\nexit-code=1\\n");
        assert_eq!(ended.conclusion, Conclusion::Failure, "{program}: {}", ended.log);
        assert!(is_forged || ended.code == Some(3), "{program}: {:?}", ended.code);
        assert!(ended.obeyed().iter().any(|(name, _)| *name == "error"), "{program}");
    }
}

#[tokio::test]
async fn a_cancelled_job_leaves_red_reports_within_two_seconds() {
    for fail_on in ["none", "failed"] {
        let begin = std::time::Instant::now();
        let (job, ended) = judge(World::healthy(2), |job| {
            let job = job.with("report", "json=gate.json").with("fail-on", fail_on);
            job.with("window", "60s").cancel_after("watching deployment/app")
        })
        .await;
        assert!(begin.elapsed().as_secs() < 5, "it took the first signal");
        assert_eq!((ended.conclusion, ended.code), (Conclusion::Cancelled, Some(130)));
        assert_eq!((ended.output("verdict"), ended.output("exit-code")), ("interrupted", "130"));
        let report = fs::read_to_string(job.file("gate.json")).unwrap();
        assert!(report.contains("\"verdict\": \"interrupted\""), "{report}");
        assert!(ended.summary.contains("INTERRUPTED"), "{}", ended.summary);
    }
}

#[test]
fn a_program_that_is_deaf_to_signals_is_killed_and_not_green() {
    let job = job_of("trap '' INT TERM; echo deaf; while :; do sleep 0.1; done");
    let ended = job.with("fail-on", "none").cancel_after("deaf").run();
    assert_eq!((ended.conclusion, ended.code), (Conclusion::Cancelled, None));
    assert_eq!(ended.output("verdict"), "");
}

/// The steps of the example, with what GitHub would put into them.
fn steps_of_the_example(temp: &Path, kubeconfig: &str) -> Vec<Value> {
    let text = fs::read_to_string(action().join("examples/github/deploy.yml")).unwrap();
    let text = text
        .replace("${{ runner.temp }}", temp.to_str().unwrap())
        .replace("${{ github.sha }}", "1a2b")
        .replace("${{ secrets.KUBECONFIG }}", &format!("'{kubeconfig}'"));
    let workflow: Value = serde_saphyr::from_str(&text).unwrap();
    workflow["jobs"]["deploy"]["steps"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_example_applies_judges_and_keeps_reports() {
    for (image, verdict) in [("ghcr.io/example/app:1a2b", "passed"), ("app:old", "failed")] {
        let mut world = World::healthy(1);
        let objects = world.replica_sets.iter_mut().chain(&mut world.pods);
        for object in objects.chain(&mut world.deployment) {
            *object = object.to_string().replace("app:1", image).parse().unwrap();
        }
        let server = FakeApiServer::start(move |request| world.answer(request)).await;
        let kubeconfig = server.options(Limits::default()).kubeconfig.unwrap();
        let kubeconfig = fs::read_to_string(kubeconfig).unwrap();
        let ended = tokio::task::spawn_blocking(move || {
            let mut job = job();
            script(&job, "kubectl", "printf '%s ' \"$@\" >applied");
            let steps = steps_of_the_example(&job.temp(), &kubeconfig);
            let step = |name| steps.iter().find(|step| step["name"] == name).unwrap();
            let apply = step("Apply");
            let secret = apply["env"]["KUBECONFIG_TEXT"].as_str().unwrap();
            let path = format!("{}:{}", job.file("").display(), std::env::var("PATH").unwrap());
            let applied = Command::new("bash")
                .args(["-e", "-c", apply["run"].as_str().unwrap()])
                .current_dir(job.file(""))
                .envs([("PATH", &*path), ("KUBECONFIG_TEXT", secret)])
                .env("RUNNER_TEMP", job.temp())
                .output()
                .unwrap();
            assert!(applied.status.success(), "{applied:?}");
            assert_eq!(
                fs::read_to_string(job.file("applied")).unwrap(),
                format!("--kubeconfig {}/kubeconfig apply -n shop -f k8s/ ", job.temp().display())
            );
            for (input, value) in step("Judge the rollout")["with"].as_object().unwrap() {
                job = job.with(input, value.as_str().unwrap());
            }
            let job = job.with("window", "1s");
            let ended = job.run();
            let kept = job.file(step("Publish the reports")["with"]["path"].as_str().unwrap());
            (ended, fs::read_dir(kept).unwrap().count())
        });
        let (ended, reports) = ended.await.unwrap();
        assert_eq!(ended.output("verdict"), verdict, "{}", ended.log);
        assert_eq!(ended.conclusion == Conclusion::Success, verdict == "passed");
        assert_eq!((ended.output("markdown-path"), reports), ("reports/deploygate.md", 3));
    }
}
