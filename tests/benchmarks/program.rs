//! The program as it is released, and one run of it with what it took.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::kubectl::environment;
use super::table::now;

/// Where the program is that users get: beside the one of whatever profile the benchmark has, where `build` puts it, unless
/// another one is named.
pub(crate) static PATH: LazyLock<PathBuf> = LazyLock::new(|| {
    if let Some(program) = environment("DEPLOYGATE_PROGRAM") {
        return program.into();
    }
    let target = Path::new(env!("CARGO_BIN_EXE_deploygate")).ancestors().nth(2).unwrap();
    target.join("release").join("deploygate")
});

/// Between two looks at the memory of a process.
const LOOK: Duration = Duration::from_millis(2);
/// No run takes longer.
const LIMIT: Duration = Duration::from_secs(720);
/// After this time a run has read all, and waits.
pub(crate) const SETTLED: Duration = Duration::from_secs(5);

/// Builds the program as it is released: built for a benchmark, it has the features that tests add to dependencies.
pub(crate) fn build() -> Result<(), String> {
    if environment("DEPLOYGATE_PROGRAM").is_some() {
        return Ok(());
    }
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--locked", "--bin", "deploygate"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .map_err(|error| format!("cargo cannot be run: {error}"))?;
    if status.success() { Ok(()) } else { Err("the program could not be built".to_owned()) }
}

/// `deploygate wait deploy/app` in a folder, against the cluster of a kubeconfig, with no more of the environment than
/// it needs.
pub(crate) fn wait(folder: &Path, kubeconfig: &Path) -> Command {
    wait_for(folder, kubeconfig, ["deploy/app".to_owned()])
}

/// The same of these targets.
pub(crate) fn wait_for(
    folder: &Path,
    kubeconfig: &Path,
    targets: impl IntoIterator<Item = String>,
) -> Command {
    judge("wait", folder, kubeconfig, targets)
}

/// The same by another command that takes targets and writes reports.
pub(crate) fn judge(
    name: &str,
    folder: &Path,
    kubeconfig: &Path,
    targets: impl IntoIterator<Item = String>,
) -> Command {
    let mut command = Command::new(&*PATH);
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    for name in ["PATH", "HOME"] {
        command.envs(environment(name).map(|value| (name, value)));
    }
    command.arg(name).args(targets).arg("--kubeconfig").arg(kubeconfig);
    for (format, file) in [
        ("junit", "junit.xml"),
        ("markdown", "report.md"),
        ("json", "report.json"),
        ("html", "report.html"),
    ] {
        command.arg(format!("--report={format}={file}"));
    }
    command
}

/// What a run took, and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) exit_code: Option<i32>,
    pub(crate) length: Duration,
    /// Until the line after the first, which tells what the first read showed.
    pub(crate) first_read: Duration,
    /// The most memory it held, in bytes.
    pub(crate) peak: u64,
    /// Time of processors that it took.
    pub(crate) cpu: Duration,
    /// The part of it that it took until it had settled.
    pub(crate) cpu_to_settle: Duration,
    /// All that it said.
    pub(crate) stderr: String,
}

/// A run, and when a line with a certain text came.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) run: Run,
    pub(crate) found: Option<Instant>,
}

/// Runs the program to its end.
pub(crate) fn run(command: Command) -> Result<Run, String> {
    run_until(command, "\0").map(|watched| watched.run)
}

/// The same, looking for a text.
pub(crate) fn run_until(mut command: Command, text: &str) -> Result<Watched, String> {
    let started = now();
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| format!("the program cannot be run: {error}"))?;
    let lines = lines_of(&mut child);
    let process = Path::new("/proc").join(child.id().to_string());
    let status = process.join("status");
    let mut run = Run {
        exit_code: None,
        length: LIMIT,
        first_read: LIMIT,
        peak: 0,
        cpu: Duration::ZERO,
        cpu_to_settle: Duration::ZERO,
        stderr: String::new(),
    };
    let mut found = None;
    while started.elapsed() < LIMIT {
        let line = lines.recv_timeout(LOOK);
        run.peak = run.peak.max(peak(&status).unwrap_or(0));
        run.cpu = run.cpu.max(cpu(&process).unwrap_or_default());
        if started.elapsed() < SETTLED {
            run.cpu_to_settle = run.cpu;
        }
        match line {
            Ok((time, line)) => {
                if !run.stderr.is_empty() {
                    run.first_read = run.first_read.min(time.duration_since(started));
                }
                if line.contains(text) {
                    found.get_or_insert(time);
                }
                run.stderr += &line;
                run.stderr.push('\n');
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                run.exit_code = child.wait().map_err(|error| error.to_string())?.code();
                run.length = started.elapsed();
                return Ok(Watched { run, found });
            }
        }
    }
    let _ = child.kill().and_then(|()| child.wait());
    Err(format!("the program had not ended after {LIMIT:?}\n{}", run.stderr))
}

/// The lines of stderr with the time at which each came.
fn lines_of(child: &mut Child) -> mpsc::Receiver<(Instant, String)> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stderr) = child.stderr.take() {
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let _ = sender.send((now(), line));
            }
        });
    }
    receiver
}

/// The time of processors that a process has taken so far.
fn cpu(process: &Path) -> Option<Duration> {
    /// `USER_HZ` of Linux.
    const TICKS: u64 = 100;
    let text = fs::read_to_string(process.join("stat")).ok()?;
    let fields: Vec<&str> = text.rsplit(')').next()?.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 1000 / TICKS))
}

/// The most memory that a process has held so far; a process that has ended tells nothing.
fn peak(status: &Path) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}
