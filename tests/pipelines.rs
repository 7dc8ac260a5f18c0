//! The examples for Jenkins, Azure Pipelines, CircleCI and Buildkite: their steps are run as these systems run them, and
//! must block what failed, keep the reports, and let no text become code.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a build's folder is laid out here")]

#[path = "support/tools.rs"]
mod tools;

use std::collections::BTreeMap;
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
const JENKINS: &str = "examples/jenkins/Jenkinsfile";
const AZURE: &str = "examples/azure-pipelines/azure-pipelines.yml";
const CIRCLECI: &str = "examples/circleci/config.yml";
const BUILDKITE: &str = "examples/buildkite/pipeline.yml";

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&read(path)).unwrap()
}

/// Steps that a system runs, with the variables it gives them.
struct Job {
    /// How the system calls its shell; the script's file comes after it.
    shell: &'static [&'static str],
    scripts: Vec<String>,
    variables: BTreeMap<String, String>,
}

fn variables(value: &Value) -> BTreeMap<String, String> {
    let pairs = value.as_object().unwrap().iter();
    pairs.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

fn strings<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Vec<String> {
    values.flatten().map(str::to_owned).collect()
}

fn jenkins() -> Job {
    let text = read(JENKINS);
    let find = |pattern: &str| {
        let found = Regex::new(pattern).unwrap();
        let found = found.captures_iter(&text).map(|found| {
            let groups = found.iter().skip(1).flatten();
            groups.map(|group| group.as_str().replace("\\n", "\n")).collect::<Vec<_>>()
        });
        found.collect::<Vec<_>>()
    };
    let variables = find(r"(?m)^ +(DEPLOYGATE_\w+) = '(.*)'$");
    let scripts = find(r"(?m)^ +sh '(.*)'$").concat();
    Job {
        shell: &["sh", "-xe"],
        // what applies is the user's own
        scripts: scripts.into_iter().filter(|script| !script.starts_with("kubectl")).collect(),
        variables: variables.into_iter().map(|pair| (pair[0].clone(), pair[1].clone())).collect(),
    }
}

fn azure() -> Job {
    let document = yaml(AZURE);
    let steps = document["steps"].as_array().unwrap().iter();
    Job {
        shell: &["bash", "--noprofile", "--norc"],
        scripts: strings(steps.map(|step| step["bash"].as_str())),
        variables: variables(&document["variables"]),
    }
}

fn circleci() -> Job {
    let document = yaml(CIRCLECI);
    let job = &document["jobs"]["gate"];
    let steps = job["steps"].as_array().unwrap().iter();
    Job {
        shell: &["bash", "-eo", "pipefail"],
        scripts: strings(steps.map(|step| step["run"]["command"].as_str())),
        variables: variables(&job["environment"]),
    }
}

fn buildkite() -> Job {
    let document = yaml(BUILDKITE);
    let step = &document["steps"][0];
    Job {
        shell: &["sh", "-e"],
        scripts: strings([step["command"].as_str()].into_iter()),
        variables: variables(&step["env"]),
    }
}

fn homes() -> [(&'static str, Job); 4] {
    [
        ("jenkins", jenkins()),
        ("azure", azure()),
        ("circleci", circleci()),
        ("buildkite", buildkite()),
    ]
}

fn program(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A build's folder: the repository with the examples, a release that can be downloaded, and the agent's programs.
struct Build {
    folder: TempDir,
    sum: String,
}

impl Build {
    /// The released program is this script.
    fn new(deploygate: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["ci/install.sh", "buildkite/gate.sh"] {
            let to = path("work/examples").join(name);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            program(&to, &read(&format!("examples/{name}")));
        }
        fs::create_dir_all(path("tools")).unwrap();
        program(&path("deploygate"), &format!("#!/bin/sh\n{deploygate}\n"));
        let archive = path("archive.tar.gz");
        let mut tar = Command::new("tar");
        tar.arg("-czf").arg(&archive).arg("-C").arg(folder.path()).arg("deploygate");
        assert!(tar.status().unwrap().success());
        let curl = format!(
            "#!/bin/bash\nprintf '%s\\n' \"${{@: -1}}\" >>{f}/asked\nwhile [ \"$1\" != --output ]; do shift; done\ncp {f}/archive.tar.gz \"$2\"\n",
            f = folder.path().display()
        );
        program(&path("tools/curl"), &curl);
        let agent = format!(
            "#!/bin/sh\necho \"$@\" >{f}/annotated\ncat >>{f}/annotated\n",
            f = folder.path().display()
        );
        program(&path("tools/buildkite-agent"), &agent);
        let sum = Command::new("sha256sum").arg(&archive).output().unwrap();
        let sum = String::from_utf8(sum.stdout).unwrap()[..64].to_owned();
        Self { folder, sum }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the steps until one fails; its exit code, and all that was printed.
    fn run(&self, job: &Job, more: &[(&str, &str)]) -> (i32, String) {
        let mut log = String::new();
        for script in &job.scripts {
            let file = self.path("script");
            fs::write(&file, script).unwrap();
            let mut command = Command::new(job.shell[0]);
            command.args(&job.shell[1..]).arg(file).current_dir(self.path("work")).env_clear();
            command.env("PATH", format!("{}:/usr/bin:/bin", self.path("tools").display()));
            command.envs(&job.variables).env("DEPLOYGATE_SHA256", &self.sum);
            command.env("DEPLOYGATE_REPOSITORY", "example/deploygate");
            command.env("KUBECONFIG_BASE64", "e30K").envs(more.iter().copied());
            let output = command.output().unwrap();
            log.push_str(&String::from_utf8([output.stdout, output.stderr].concat()).unwrap());
            match output.status.code().unwrap() {
                0 => {}
                code => return (code, log),
            }
        }
        (0, log)
    }
}

/// A `deploygate` that judges a recording in place of a cluster, by the limits of the recording.
fn judging(recording: &str) -> String {
    format!(
        "shift; unset DEPLOYGATE_TARGET\nexec {} replay {ROOT}/tests/recordings/{recording}.jsonl.gz \"$@\"",
        env!("CARGO_BIN_EXE_deploygate")
    )
}

#[test]
fn a_failed_gate_fails_the_step_and_leaves_the_reports() {
    for (name, job) in homes() {
        for (recording, code, shown) in [
            ("healthy", 0, "PASSED  deployment/app ("),
            ("crashloop", 1, "FAILED  deployment/app ("),
            ("paused", 3, "INCONCLUSIVE  deployment/app ("),
        ] {
            let build = Build::new(&judging(recording));
            let (ended, log) = build.run(&job, &[]);
            assert_eq!(ended, code, "{name}: {log}");
            assert!(log.contains(shown), "{name}: {log}");
            for report in
                ["TEST-deploygate.xml", "deploygate.md", "deploygate.html", "deploygate.json"]
            {
                assert!(build.path("work/reports").join(report).exists(), "{name}: {report}");
            }
            let asked = fs::read_to_string(build.path("asked")).unwrap();
            let address = format!(
                "/releases/download/v0.1.0/deploygate-0.1.0-{ARCH}-unknown-linux-musl.tar.gz\n"
            );
            assert!(asked.ends_with(&address), "{name}: {asked}");
        }
    }
}

#[test]
fn the_step_becomes_the_program_so_that_signals_reach_it() {
    for (name, job) in homes().into_iter().filter(|(name, _)| *name != "buildkite") {
        let build = Build::new("echo $$ >../pid");
        let script = job.scripts.last().unwrap();
        let shown = Job {
            scripts: [
                &job.scripts[..job.scripts.len() - 1],
                &[format!("echo $$ >../shell\n{script}")],
            ]
            .concat(),
            ..job
        };
        assert_eq!(build.run(&shown, &[]).0, 0, "{name}");
        let [pid, shell] =
            ["pid", "shell"].map(|file| fs::read_to_string(build.path(file)).unwrap());
        assert_eq!(pid, shell, "{name}");
    }
}

#[test]
fn without_the_right_checksum_nothing_runs() {
    for (name, job) in homes() {
        let wrong = "0".repeat(64);
        for (variable, value, code, named) in [
            ("DEPLOYGATE_SHA256", &*wrong, 3, "the SHA-256 of deploygate-"),
            ("DEPLOYGATE_SHA256", "", 2, "DEPLOYGATE_SHA256"),
            ("DEPLOYGATE_VERSION", "", 2, "DEPLOYGATE_VERSION"),
            ("DEPLOYGATE_VERSION", "1.0.0/../../x", 2, "DEPLOYGATE_VERSION"),
        ] {
            let build = Build::new("echo it ran");
            let (ended, log) = build.run(&job, &[(variable, value)]);
            assert_eq!(ended, code, "{name}: {log}");
            assert!(log.contains(named) && !log.contains("it ran"), "{name}: {log}");
            assert!(!build.path("work/bin/deploygate").exists());
        }
    }
}

#[test]
fn buildkite_shows_the_report_on_the_page() {
    for (recording, style) in
        [("healthy", "success"), ("crashloop", "error"), ("paused", "warning")]
    {
        let build = Build::new(&judging(recording));
        build.run(&buildkite(), &[]);
        let annotated = fs::read_to_string(build.path("annotated")).unwrap();
        let (args, report) = annotated.split_once('\n').unwrap();
        assert_eq!(args, format!("annotate --context deploygate --style {style}"));
        assert_eq!(report, fs::read_to_string(build.path("work/reports/deploygate.md")).unwrap());
    }
}

#[test]
fn reports_are_published_whatever_the_result() {
    let text = read(JENKINS);
    let (_, always) = text.split_once("post {\n        always {").unwrap();
    assert!(always.contains("junit testResults: 'reports/TEST-deploygate.xml'"));
    assert!(always.contains("archiveArtifacts artifacts: 'reports/*'"));

    let steps = yaml(AZURE)["steps"].as_array().unwrap().clone();
    let published = &steps[steps.len() - 2..];
    assert_eq!(published[0]["task"], "PublishTestResults@2");
    assert_eq!(published[0]["inputs"]["testResultsFiles"], "reports/TEST-deploygate.xml");
    assert_eq!(published[1]["publish"], "reports");
    assert!(published.iter().all(|step| step["condition"] == "always()"));

    // CircleCI runs these after a failed step by itself
    let steps = yaml(CIRCLECI)["jobs"]["gate"]["steps"].as_array().unwrap().clone();
    assert_eq!(steps[steps.len() - 2]["store_test_results"]["path"], "reports");
    assert_eq!(steps[steps.len() - 1]["store_artifacts"]["path"], "reports");

    // and so does Buildkite's agent with its step's artifacts
    assert_eq!(yaml(BUILDKITE)["steps"][0]["artifact_paths"], "reports/*");
    assert_eq!(yaml(BUILDKITE)["steps"][0]["soft_fail"][0]["exit_status"], 3);
}

/// Each system has a way to put text into a script before a shell reads it. The examples use none.
#[test]
fn no_text_becomes_part_of_a_script() {
    for (name, job) in homes() {
        for script in &job.scripts {
            for macro_ in ["$(", "${{", "$[", "<<", "`", "eval", "$DEPLOYGATE"] {
                let here_string = name == "circleci" && macro_ == "<<";
                let script =
                    if here_string { script.replace("<<<\"$", "") } else { script.clone() };
                assert!(!script.contains(macro_), "{name}: {macro_} in {script}");
            }
        }
    }
    // Groovy expands double quotes
    let text = read(JENKINS);
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    for line in code.filter(|line| line.contains('"')) {
        assert!(line.trim_start().starts_with("sh '") && line.ends_with('\''), "{line}");
    }
    // `buildkite-agent pipeline upload` expands every dollar
    assert!(!read(BUILDKITE).contains('$'));
}

/// Jenkins' own Groovy (2.4) reads the file; `tests/homes/jenkins.groovy` stands for its declarative model.
#[test]
#[ignore = "needs Groovy from .ci/tools"]
fn the_jenkinsfile_is_read_by_groovy() {
    for (recording, code) in [("healthy", 0), ("crashloop", 1), ("paused", 1)] {
        let build = Build::new(&judging(recording));
        program(&build.path("tools/kubectl"), "#!/bin/sh\necho \"kubectl $@\"\n");
        let jenkinsfile = read(JENKINS);
        let checksum = format!("DEPLOYGATE_SHA256 = '{}'", build.sum);
        let jenkinsfile = jenkinsfile.replace("DEPLOYGATE_SHA256 = ''", &checksum);
        fs::write(build.path("Jenkinsfile"), jenkinsfile).unwrap();
        let mut java = Command::new("java");
        java.args(["-cp", "/usr/share/java/groovy-all.jar", "groovy.ui.GroovyMain"]);
        java.arg(format!("{ROOT}/tests/homes/jenkins.groovy")).arg("../Jenkinsfile");
        java.env("PATH", format!("{}:/usr/bin:/bin", build.path("tools").display()));
        java.env("DEPLOYGATE_REPOSITORY", "example/deploygate");
        java.env("CREDENTIAL_kubeconfig", "kubeconfig").current_dir(build.path("work"));
        let output = java.output().unwrap_or_else(|error| panic!("java: {error}; run .ci/tools"));
        let log = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{log}");
        assert!(log.contains("kubectl apply -n shop -f app.yaml\n"), "{log}");
        assert_eq!(log.contains("stage 'Gate' failed"), code != 0, "{log}");
        assert!(log.contains("\njunit: TEST-deploygate.xml\n"), "{log}");
        let archived = "\narchiveArtifacts: TEST-deploygate.xml deploygate.html deploygate.json deploygate.md\n";
        assert!(log.contains(archived), "{log}");
    }
}

#[test]
#[ignore = "needs check-jsonschema from .ci/tools"]
fn the_schemas_of_the_systems_hold() {
    for (schema, path) in
        [("azure-pipelines", AZURE), ("circle-ci", CIRCLECI), ("buildkite", BUILDKITE)]
    {
        let mut check = Command::new(tool("python/bin/check-jsonschema"));
        check.arg("--builtin-schema").arg(format!("vendor.{schema}"));
        let output = check.arg(Path::new(ROOT).join(path)).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}
