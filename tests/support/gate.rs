//! Runs the built program as a pipeline would, and reads what it left.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::kubectl::{Namespace, environment};
use super::scenario::Scenario;
use super::several::placed;

/// No scenario needs longer; a gate that does not end is a defect of its own.
const LIMIT: Duration = Duration::from_secs(300);
const STEP: Duration = Duration::from_millis(100);

/// What one run of the gate left behind.
#[derive(Debug)]
pub(crate) struct Run {
    /// Missing when the program was ended by a signal.
    pub(crate) exit_code: Option<i64>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) junit: String,
    pub(crate) markdown: String,
    pub(crate) html: String,
    pub(crate) json: String,
    pub(crate) recording: String,
    /// GitLab's report, where there are manifests that it can point to.
    pub(crate) code_quality: Option<String>,
    /// What the recording gives without a cluster.
    pub(crate) replay: Replay,
}

/// What a replay ended with.
#[derive(Debug)]
pub(crate) struct Replay {
    pub(crate) exit_code: Option<i64>,
    pub(crate) stderr: String,
    pub(crate) json: String,
}

/// Judges the workload under the scenario's arguments while its actions take place.
pub(crate) fn run(scenario: &Scenario, namespace: &Namespace) -> Result<Run, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = |name: &str| folder.path().join(name);
    let mut stdout = tempfile::tempfile().map_err(|error| error.to_string())?;
    let mut stderr = tempfile::tempfile().map_err(|error| error.to_string())?;

    let mut command = gate(folder.path());
    command.envs(environment("KUBECONFIG").map(|value| ("KUBECONFIG", value)));
    if let Some(account) = &scenario.account {
        write(&path("account"), &kubeconfig_of(account, namespace)?)?;
        command.env("KUBECONFIG", path("account"));
    }
    command.arg("wait").args(scenario.targets(&namespace.name));
    if !scenario.names_namespaces() {
        command.args(["--namespace", &namespace.name]);
    }
    if !scenario.policy.is_empty() {
        let file = placed(&scenario.policy.join("\n"), &namespace.name);
        write(&path("deploygate.yaml"), &file)?;
    }
    let has_manifests =
        scenario.is_release() && scenario.wait.iter().any(|wait| wait.contains("-f "));
    if has_manifests {
        let manifest = scenario.release.manifest(&scenario.path, &namespace.name)?;
        write(&path("release.yaml"), &manifest)?;
        command.arg(format!("--report=codequality={}", path("codequality").display()));
    }
    for format in ["junit", "markdown", "html", "json"] {
        command.arg(format!("--report={format}={}", path(format).display()));
    }
    command.arg(format!("--record={}", path("recording").display())).args(&scenario.args);
    for (option, value) in [("--window", "20s"), ("--timeout", "2m")] {
        if !scenario.sets(option) {
            command.args([option, value]);
        }
    }
    command.stdout(clone(&stdout)?).stderr(clone(&stderr)?);

    let status = thread::scope(|scope| {
        let actions: Vec<_> = scenario
            .after
            .iter()
            .map(|action| {
                scope.spawn(|| {
                    thread::sleep(action.delay);
                    namespace.run(&action.kubectl)
                })
            })
            .collect();
        let status = finish(&mut command);
        for action in actions {
            action.join().map_err(|_| "an action panicked")??;
        }
        status
    });
    let stdout = text(&mut stdout)?;
    let stderr = text(&mut stderr)?;
    keep_recording(&scenario.name, &path("recording"))?;
    let mut replay = gate(folder.path());
    replay.arg("replay").arg(path("recording"));
    replay.arg(format!("--report=json={}", path("replay").display()));
    let replayed = replay.output().map_err(|error| format!("the gate cannot be run: {error}"))?;
    Ok(Run {
        exit_code: status
            .map_err(|error| format!("{error}\n{stdout}{stderr}"))?
            .code()
            .map(i64::from),
        stdout,
        stderr,
        junit: report(&path("junit")),
        markdown: report(&path("markdown")),
        html: report(&path("html")),
        json: report(&path("json")),
        recording: report(&path("recording")),
        code_quality: has_manifests.then(|| report(&path("codequality"))),
        replay: Replay {
            exit_code: replayed.status.code().map(i64::from),
            stderr: String::from_utf8_lossy(&replayed.stderr).into_owned(),
            json: report(&path("replay")),
        },
    })
}

/// The kubeconfig with which requests are those of a ServiceAccount of the namespace.
fn kubeconfig_of(account: &str, namespace: &Namespace) -> Result<String, String> {
    let config =
        namespace.run(["config", "view", "--raw", "--flatten", "--minify", "-o", "json"])?;
    let mut config: serde_json::Value =
        serde_json::from_str(&config).map_err(|error| error.to_string())?;
    config["users"][0]["user"]["as"] =
        format!("system:serviceaccount:{}:{account}", namespace.name).into();
    Ok(config.to_string())
}

/// Judges a recording, and takes that for the run that it was made of.
pub(crate) fn replay(recording: &Path) -> Result<Run, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = |name: &str| folder.path().join(name);
    let mut command = gate(folder.path());
    command.arg("replay").arg(recording);
    for format in ["junit", "markdown", "html", "json"] {
        command.arg(format!("--report={format}={}", path(format).display()));
    }
    let output = command.output().map_err(|error| format!("the gate cannot be run: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let exit_code = output.status.code().map(i64::from);
    let json = report(&path("json"));
    Ok(Run {
        exit_code,
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
        junit: report(&path("junit")),
        markdown: report(&path("markdown")),
        html: report(&path("html")),
        json: json.clone(),
        recording: unpacked(recording)?,
        code_quality: None,
        replay: Replay { exit_code, stderr: text(&output.stderr), json },
    })
}

fn unpacked(recording: &Path) -> Result<String, String> {
    let mut text = String::new();
    File::open(recording)
        .and_then(|file| GzDecoder::new(file).read_to_string(&mut text))
        .map_err(|error| format!("{} cannot be read: {error}", recording.display()))?;
    Ok(text)
}

/// Keeps the recording, where `DEPLOYGATE_RECORDINGS` names a folder for it.
#[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
fn keep_recording(name: &str, recording: &Path) -> Result<(), String> {
    let Some(folder) = environment("DEPLOYGATE_RECORDINGS") else { return Ok(()) };
    let keep = || -> io::Result<()> {
        let file = File::create(Path::new(&folder).join(format!("{name}.jsonl.gz")))?;
        let mut packed = GzEncoder::new(file, Compression::best());
        io::copy(&mut File::open(recording)?, &mut packed)?;
        packed.finish()?.sync_all()
    };
    keep().map_err(|error| format!("the recording cannot be kept in {folder:?}: {error}"))
}

/// The program in a folder, with no more of the environment than it needs: the CI system that runs the
/// tests must not change what it prints.
fn gate(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deploygate"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    for name in ["PATH", "HOME"] {
        command.envs(environment(name).map(|value| (name, value)));
    }
    command
}

fn clone(file: &File) -> Result<File, String> {
    file.try_clone().map_err(|error| error.to_string())
}

fn text(file: &mut File) -> Result<String, String> {
    let mut bytes = Vec::new();
    file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Empty when it is missing or no UTF-8, which no check takes for a report.
fn report(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn finish(command: &mut Command) -> Result<ExitStatus, String> {
    let mut child = command.spawn().map_err(|error| format!("the gate cannot be run: {error}"))?;
    let mut waited = Duration::ZERO;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if waited < LIMIT => thread::sleep(STEP),
            Ok(None) => {
                let _ = child.kill().and_then(|()| child.wait());
                return Err(format!("the gate had not ended after {LIMIT:?}"));
            }
            Err(error) => return Err(error.to_string()),
        }
        waited += STEP;
    }
}
