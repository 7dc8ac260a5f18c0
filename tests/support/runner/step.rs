//! One `run` step: its process, its pipes, its files, and the signals of a cancelled job.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command as Process, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::Conclusion;
use super::commands::{self, Command};
use super::files;

/// A step that ended.
pub(super) struct Ran {
    pub(super) conclusion: Conclusion,
    pub(super) code: Option<i32>,
    pub(super) outputs: BTreeMap<String, String>,
    pub(super) commands: Vec<Command>,
    pub(super) log: String,
    pub(super) summary: String,
}

/// Longer than any step takes.
const HANGS: Duration = Duration::from_secs(60);

/// What a cancelled step is sent, and how long it has after it (`ProcessInvoker.cs`).
const SIGNALS: [(&str, Duration); 3] =
    [("INT", Duration::from_millis(7500)), ("TERM", Duration::from_millis(2500)), ("KILL", HANGS)];

/// GitHub drops a summary that is larger.
const SUMMARY_MAX: usize = 1 << 20;

pub(super) fn run(
    folder: &Path,
    script: &str,
    workspace: &Path,
    env: &BTreeMap<String, String>,
    cancel_after: Option<&str>,
) -> Ran {
    let file = |name: &str| folder.join(name);
    fs::write(file("script.sh"), script).unwrap();
    let mut process = Process::new("bash");
    process.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(file("script.sh"));
    process.env_clear().envs(env).current_dir(workspace);
    for name in ["OUTPUT", "STEP_SUMMARY", "ENV", "PATH", "STATE"] {
        fs::write(file(name), "").unwrap();
        process.env(format!("GITHUB_{name}"), file(name));
    }
    process.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = process.spawn().unwrap();
    let (stderr, stdout) = (child.stderr.take().unwrap(), child.stdout.take().unwrap());
    let (stderr, stdout) = (Stream::read(stderr), Stream::read(stdout));
    let wanted = |text| stderr.text().contains(text) || stdout.text().contains(text);
    let (status, is_cancelled) = ended(&mut child, || cancel_after.is_some_and(wanted));
    let (stderr, stdout) = (stderr.end(), stdout.end());

    for name in ["ENV", "PATH", "STATE"] {
        let written = fs::read_to_string(file(name)).unwrap();
        assert_eq!(written, "", "GITHUB_{name} changes the steps that follow");
    }
    let summary = fs::read_to_string(file("STEP_SUMMARY")).unwrap();
    assert!(summary.len() <= SUMMARY_MAX, "{}", summary.len());
    let commands = commands::obeyed(&stderr, &stdout);
    let breaks = |command: &Command| ["set-env", "add-path"].contains(&&*command.name);
    let outputs = files::outputs(&fs::read_to_string(file("OUTPUT")).unwrap());
    let is_good = status.success() && outputs.is_ok() && !commands.iter().any(breaks);
    Ran {
        conclusion: match (is_cancelled, is_good) {
            (true, _) => Conclusion::Cancelled,
            (false, true) => Conclusion::Success,
            (false, false) => Conclusion::Failure,
        },
        code: status.code(),
        outputs: outputs.unwrap_or_default(),
        commands,
        log: stderr + &stdout,
        summary,
    }
}

/// Waits for the end; cancels the step once that is wanted.
fn ended(child: &mut Child, is_cancelled: impl Fn() -> bool) -> (ExitStatus, bool) {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return (status, false);
        }
        if is_cancelled() {
            return (cancelled(child), true);
        }
        if begin.elapsed() > HANGS {
            child.kill().unwrap();
            panic!("the step hangs");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn cancelled(child: &mut Child) -> ExitStatus {
    for (signal, grace) in SIGNALS {
        // it may have ended meanwhile
        let _ = Process::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        let begin = Instant::now();
        while begin.elapsed() < grace {
            if let Some(status) = child.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
    panic!("the step outlived SIGKILL");
}

/// A pipe that is read as the text comes.
struct Stream {
    text: Arc<Mutex<Vec<u8>>>,
    closed: mpsc::Receiver<()>,
}

impl Stream {
    fn read(mut pipe: impl Read + Send + 'static) -> Self {
        let text = Arc::<Mutex<Vec<u8>>>::default();
        let kept = Arc::clone(&text);
        let (close, closed) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = pipe.read(&mut buffer) {
                kept.lock().unwrap().extend(&buffer[..length]);
            }
            // nobody may wait any more
            let _ = close.send(());
        });
        Self { text, closed }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.text.lock().unwrap()).into_owned()
    }

    fn end(self) -> String {
        let closed = self.closed.recv_timeout(Duration::from_secs(5));
        assert!(closed.is_ok(), "something outlives the step: {}", self.text());
        self.text()
    }
}
