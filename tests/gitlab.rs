//! The job and the component for GitLab, run as its runner does by gitlab-ci-local, with the shell executor.
//!
//! What needs the tools of `.ci/tools`: `cargo test --test gitlab -- --ignored`.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a user's repository is laid out here")]

#[path = "support/tools.rs"]
mod tools;

use std::collections::BTreeSet;
use std::env::consts::ARCH;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;
use tools::tool;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const JOB: &str = "examples/gitlab/deploygate.gitlab-ci.yml";
const COMPONENT: &str = "templates/deploygate.yml";

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

/// The definition of the one job: the whole file, or what comes after a component's inputs.
fn job(path: &str) -> Value {
    let text = read(path);
    let definition = text.split("\n---\n").last().unwrap();
    let document: Value = serde_saphyr::from_str(definition).unwrap();
    let jobs = document.as_object().unwrap();
    assert_eq!(jobs.len(), 1, "{path}");
    jobs.values().next().unwrap().clone()
}

/// How a pipeline ended, and what it printed.
struct Pipeline {
    /// PASS, WARN or FAIL, as gitlab-ci-local sums it up; its own exit code is that of the last job.
    gate: Option<String>,
    /// Whether a job that follows was run.
    went_on: bool,
    log: String,
}

/// A user's repository.
struct Project(TempDir);

impl Project {
    /// With this pipeline, and two jobs after the gate: one for when all is well, and one that reads the gate's
    /// variables always. In the pipeline's PATH there is a `deploygate` which is this script.
    fn new(pipeline: &str, deploygate: &str) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        let after = "\nstages: [deploy, next]\nnext:\n  stage: next\n  script: [echo 'it went on']\n\
                     always:\n  stage: .post\n  when: always\n  script:\n    \
                     - echo \"told=$DEPLOYGATE_VERDICT/$DEPLOYGATE_EXIT_CODE\"\n";
        project.write(".gitlab-ci.yml", &format!("{pipeline}{after}"));
        project.write("templates/deploygate.yml", &read(COMPONENT));
        project.write("bin/deploygate", &format!("#!/bin/sh\n{deploygate}\n"));
        let runs = fs::Permissions::from_mode(0o755);
        fs::set_permissions(project.path("bin/deploygate"), runs).unwrap();
        project.write(".gitignore", "bin\n.gitlab-ci-local\n");
        for step in [
            "init -q",
            "remote add origin git@gitlab.example.com:team/app.git",
            "add -A",
            "-c user.name=a -c user.email=a@example.com commit -q -m a",
        ] {
            let mut git = Command::new("git");
            git.args(step.split(' ')).current_dir(project.0.path());
            assert!(git.status().unwrap().success(), "{step}");
        }
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn run(&self) -> Pipeline {
        let machine = if ARCH == "x86_64" { "x64" } else { "arm64" };
        let mut node =
            Command::new(tool(&format!("npm/node_modules/node-linux-{machine}/bin/node")));
        node.arg(tool("npm/node_modules/.bin/gitlab-ci-local"));
        node.args([
            "--force-shell-executor",
            // the schema of GitLab's editor refuses an empty list of exit codes, its server does not
            "--json-schema-validation=false",
            "--variable",
            "GITLAB_CI=true",
            "--no-color",
            "--ignore-predefined-vars",
            "GITLAB_CI",
        ]);
        node.current_dir(self.0.path()).env_clear().env("HOME", self.0.path());
        node.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", self.path("bin").display()));
        let output = node.output().unwrap();
        let log = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        let gate = Regex::new(r"(?m)^ (PASS|WARN|FAIL) +deploygate").unwrap();
        let gate = gate.captures(&log).map(|found| found[1].to_owned());
        Pipeline { gate, went_on: log.contains("> it went on"), log }
    }

    fn artifact(&self, name: &str) -> String {
        let path = self.path(".gitlab-ci-local/artifacts/deploygate/reports").join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

/// A `deploygate` that judges a recording in place of a cluster, by the limits of the recording.
fn judging(recording: &str) -> String {
    format!(
        "shift; unset DEPLOYGATE_TARGET DEPLOYGATE_WINDOW DEPLOYGATE_TIMEOUT\n\
         exec {} replay {ROOT}/tests/recordings/{recording}.jsonl.gz \"$@\"",
        env!("CARGO_BIN_EXE_deploygate")
    )
}

/// A `deploygate` as it is, before a cluster that does not answer.
fn unreachable() -> String {
    let kubeconfig = r#"{"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"cluster":"c"}}],"clusters":[{"name":"c","cluster":{"server":"http://127.0.0.1:1"}}]}"#;
    format!(
        "echo '{kubeconfig}' >kubeconfig\nexec {} \"$@\" --kubeconfig kubeconfig --grace stale=1s",
        env!("CARGO_BIN_EXE_deploygate")
    )
}

/// Each section's name, at its start and at its end.
fn sections(log: &str) -> Vec<(String, String)> {
    let marker =
        Regex::new(r"section_(start|end):\d+:([a-zA-Z0-9_.-]+)(\[[^\]]*\])?\r\x1b\[0K").unwrap();
    marker.captures_iter(log).map(|found| (found[1].to_owned(), found[2].to_owned())).collect()
}

fn one_section() -> Vec<(String, String)> {
    ["start", "end"].map(|edge| (edge.to_owned(), "deploygate".to_owned())).into()
}

/// The job as it is where inconclusive is only a warning.
fn lenient() -> String {
    let exception = "  # allow_failure: {exit_codes: [3]}\n";
    assert!(read(JOB).contains(exception));
    read(JOB).replace(exception, &exception.replace("# ", ""))
}

#[test]
#[ignore = "needs gitlab-ci-local from .ci/tools"]
fn what_failed_blocks_and_what_could_not_be_judged_may_be_a_warning() {
    for (deploygate, state, verdict, code, shown) in [
        (judging("healthy"), "PASS", "passed", 0, "PASSED  deployment/app ("),
        (judging("crashloop"), "FAIL", "failed", 1, "crash-loop"),
        (unreachable(), "WARN", "inconclusive", 3, "check that the API server is reachable"),
        ("exit 127".into(), "FAIL", "inconclusive", 127, ""),
    ] {
        let project = Project::new(&lenient(), &deploygate);
        let pipeline = project.run();
        assert_eq!(pipeline.gate.as_deref(), Some(state), "{verdict}: {}", pipeline.log);
        assert!(pipeline.log.contains(shown), "{verdict}: {}", pipeline.log);
        // without `allow_failure: exit_codes`, gitlab-ci-local runs nothing after a job that failed
        let told = format!("told={verdict}/{code}\n");
        assert!(pipeline.log.contains(&told), "{told}: {}", pipeline.log);
        if code == 127 {
            continue;
        }
        for report in ["TEST-deploygate.xml", "deploygate.md", "deploygate.html", "deploygate.json"]
        {
            assert!(!project.artifact(report).is_empty(), "{verdict}: {report}");
        }
        let outcome: Value = serde_json::from_str(&project.artifact("deploygate.json")).unwrap();
        assert_eq!(outcome["verdict"], verdict);
    }
}

#[test]
#[ignore = "needs gitlab-ci-local from .ci/tools"]
fn as_it_stands_only_what_passed_lets_the_pipeline_go_on() {
    for (deploygate, goes_on) in
        [(judging("healthy"), true), (judging("crashloop"), false), (unreachable(), false)]
    {
        let pipeline = Project::new(&read(JOB), &deploygate).run();
        let state = if goes_on { "PASS" } else { "FAIL" };
        assert_eq!(pipeline.gate.as_deref(), Some(state), "{}", pipeline.log);
        assert_eq!(pipeline.went_on, goes_on, "{}", pipeline.log);
    }
}

#[test]
#[ignore = "needs gitlab-ci-local from .ci/tools"]
fn the_component_is_the_job_with_inputs() {
    let include = "include:\n  - component: $CI_SERVER_FQDN/$CI_PROJECT_PATH/deploygate@$CI_COMMIT_SHA\n    \
                   inputs: {target: deploy/web, namespace: shop, context: 'team/app:agent', window: 5s, accept-pause: true}\n";
    let shows = "echo \"asked=$DEPLOYGATE_TARGET/$DEPLOYGATE_NAMESPACE/$DEPLOYGATE_CONTEXT/$DEPLOYGATE_WINDOW/$DEPLOYGATE_ACCEPT_PAUSE/$DEPLOYGATE_KEEP_GOING\"\n";
    for (deploygate, state) in
        [(judging("healthy"), "PASS"), (judging("crashloop"), "FAIL"), (unreachable(), "FAIL")]
    {
        let project = Project::new(include, &format!("{shows}{deploygate}"));
        let pipeline = project.run();
        assert_eq!(pipeline.gate.as_deref(), Some(state), "{}", pipeline.log);
        let asked = "asked=deploy/web/shop/team/app:agent/5s/true/false";
        assert!(pipeline.log.contains(asked), "{}", pipeline.log);
        assert!(!project.artifact("deploygate.md").is_empty());
    }
}

#[test]
#[ignore = "needs gitlab-ci-local from .ci/tools"]
fn an_input_that_nothing_could_be_is_refused() {
    for (inputs, named) in [
        ("{target: 'deploy/app; id'}", "target"),
        ("{filename: 'k8s; id'}", "filename"),
        ("{target: deploy/app, window: soon}", "window"),
        ("{target: deploy/app, accept-pause: perhaps}", "accept-pause"),
        ("{target: deploy/app, namespace: '$(id)'}", "namespace"),
    ] {
        let include = format!(
            "include:\n  - component: $CI_SERVER_FQDN/$CI_PROJECT_PATH/deploygate@$CI_COMMIT_SHA\n    inputs: {inputs}\n"
        );
        let pipeline = Project::new(&include, "echo it ran").run();
        assert_eq!(pipeline.gate, None, "{inputs}: {}", pipeline.log);
        assert!(pipeline.log.contains(named), "{inputs}: {}", pipeline.log);
        assert!(!pipeline.log.contains("it ran"), "{inputs}: {}", pipeline.log);
    }
}

/// Runs the job's script as it stands, with a `deploygate` that is this one.
fn run_script(deploygate: &str, folder: &Path) -> (i32, String) {
    fs::create_dir(folder.join("bin")).unwrap();
    fs::write(folder.join("bin/deploygate"), format!("#!/bin/sh\n{deploygate}\n")).unwrap();
    let runs = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.join("bin/deploygate"), runs).unwrap();
    let job = job(JOB);
    let variables = job["variables"].as_object().unwrap().iter();
    let output = Command::new("sh")
        .args(["-e", "-c", job["script"][0].as_str().unwrap()])
        .current_dir(folder)
        .env("PATH", format!("{}:/usr/bin:/bin", folder.join("bin").display()))
        .envs(variables.map(|(name, value)| (name, value.as_str().unwrap())))
        .output()
        .unwrap();
    let log = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(log).unwrap())
}

#[test]
fn what_later_jobs_are_told_is_one_of_a_few_words() {
    for (code, verdict) in [
        (0, "passed"),
        (1, "failed"),
        (2, "wrong_usage"),
        (3, "inconclusive"),
        (4, "timed_out"),
        (5, "superseded"),
        (130, "interrupted"),
        (143, "interrupted"),
        // there is no such program, or it was killed
        (127, "inconclusive"),
        (137, "inconclusive"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (ended, log) = run_script(&format!("exit {code}"), folder.path());
        assert_eq!(ended, code, "{log}");
        assert_eq!(sections(&log), one_section());
        let told = fs::read_to_string(folder.path().join("reports/deploygate.env")).unwrap();
        let expected = format!("DEPLOYGATE_VERDICT={verdict}\nDEPLOYGATE_EXIT_CODE={code}\n");
        assert_eq!(told, expected);
        let last = log.lines().last().unwrap();
        assert_eq!(last, format!("deploygate: {verdict}"), "the verdict comes after the section");
    }
}

#[test]
fn a_hostile_log_opens_no_section() {
    let folder = tempfile::tempdir().unwrap();
    let (code, log) = run_script(&judging("hostile-logs"), folder.path());
    assert_eq!(code, 1, "{log}");
    assert!(log.contains("section_start"), "the recording has hostile lines");
    assert_eq!(sections(&log), one_section());
}

#[test]
fn the_component_runs_what_the_job_runs() {
    let (job, component) = (job(JOB), job(COMPONENT));
    for key in ["script", "artifacts"] {
        assert_eq!(job[key], component[key], "{key}");
    }
    assert_eq!(job["variables"]["DEPLOYGATE_REPORT"], component["variables"]["DEPLOYGATE_REPORT"]);
    // text of the component's user goes into variables, never into what a shell reads
    assert!(!component["script"].to_string().contains("$[["));
    let image = "ghcr.io/OWNER/deploygate@sha256:SHELL_DIGEST";
    assert_eq!(job["image"]["name"], image);
    assert!(read(COMPONENT).contains(&format!("default: {image}\n")));
}

/// The inputs that are not about the job itself are options, and reach the program by its variables.
#[test]
fn the_component_has_an_input_for_every_option_of_wait() {
    let text = read(COMPONENT);
    let (head, _) = text.split_once("\n---\n").unwrap();
    let head: Value = serde_saphyr::from_str(head).unwrap();
    let mut wait = Command::new(env!("CARGO_BIN_EXE_deploygate"));
    let help = wait.args(["wait", "--help"]).env_clear().output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    let option = Regex::new(r"(?m)^ +(?:-\w, )?--([a-z-]+)").unwrap();
    let mut wanted: BTreeSet<_> = option.captures_iter(&help).map(|it| it[1].to_owned()).collect();
    // the artifacts name the paths of the reports; a list of targets decides nothing; stdout is the job's log
    for apart in ["help", "list", "output", "report"] {
        wanted.remove(apart);
    }
    wanted.insert("target".into());
    let own = ["stage", "job-name", "image", "allowed-exit-codes"];
    let job = job(COMPONENT);
    let mut found = BTreeSet::new();
    for (name, input) in head["spec"]["inputs"].as_object().unwrap() {
        if own.contains(&name.as_str()) {
            continue;
        }
        found.insert(name.clone());
        let variable = format!("DEPLOYGATE_{}", name.to_uppercase().replace('-', "_"));
        assert!(help.contains(&format!("[env: {variable}]")), "{name}");
        assert_eq!(job["variables"][&variable], format!("$[[ inputs.{name} ]]"));
        let is_left_to_the_program = matches!(input["default"].as_str(), None | Some(""));
        assert!(is_left_to_the_program && input["default"] != true, "{name}");
    }
    assert_eq!(found, wanted);
}

#[test]
#[ignore = "needs check-jsonschema from .ci/tools"]
fn the_schema_of_gitlab_ci_holds() {
    let folder = tempfile::tempdir().unwrap();
    let text = read(COMPONENT);
    let (_, definition) = text.split_once("\n---\n").unwrap();
    // as after the inputs are put in
    let definition = definition.replace("$[[ inputs.allowed-exit-codes ]]", "[3]");
    fs::write(folder.path().join("component.yml"), definition).unwrap();
    let mut check = Command::new(tool("python/bin/check-jsonschema"));
    check.args(["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]);
    check.arg(Path::new(ROOT).join(JOB)).arg(folder.path().join("component.yml"));
    let output = check.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
