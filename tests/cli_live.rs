//! The program before a cluster that gives no answer, and what signals do to it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(
    clippy::disallowed_methods,
    reason = "kubeconfigs are written, and time limits held, here"
)]

#[path = "support/program.rs"]
mod program;
#[path = "support/xml.rs"]
mod xml;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::Command;

use program::{Program, deploygate};
use serde_json::{Value, json};

/// A folder with a kubeconfig in it; reports go there too.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with_server_at(address: SocketAddr) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let kubeconfig = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": format!("http://{address}")}}],
            "users": [{"name": "u", "user": {}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": "shop"}}],
        });
        fs::write(folder.path().join("kubeconfig"), kubeconfig.to_string()).unwrap();
        Self(folder)
    }

    /// Nothing listens on the port, since the listener is closed again.
    fn without_server() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self::with_server_at(listener.local_addr().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// The verdict and the reason code of the JSON report.
    fn outcome(&self) -> (String, String) {
        let outcome: Value =
            serde_json::from_slice(&fs::read(self.file("gate.json")).unwrap()).unwrap();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        (word(&outcome["verdict"]), word(&outcome["targets"][0]["reason_code"]))
    }

    /// The element and the type of the first check of the JUnit report.
    fn judged(&self) -> (String, String) {
        let cases = xml::read(&fs::read(self.file("gate.xml")).unwrap());
        let end = &cases[0].ends[0];
        (end.element.clone(), end.kind.clone().unwrap())
    }
}

const WAIT: [&str; 5] = [
    "wait",
    "deploy/app",
    "--report=junit=gate.xml",
    "--report=json=gate.json",
    "--grace=stale=1s",
];

fn in_folder(folder: &Folder) -> Program {
    deploygate().current_dir(folder.path()).env("KUBECONFIG", "kubeconfig")
}

fn words(first: &str, second: &str) -> (String, String) {
    (first.to_owned(), second.to_owned())
}

#[test]
fn a_cluster_that_cannot_be_reached_is_never_green() {
    let folder = Folder::without_server();
    let ended = in_folder(&folder).run(WAIT);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("INCONCLUSIVE  deployment/app (shop @ c)"), "{}", ended.stderr);
    assert!(ended.stderr.contains("check that the API server is reachable"), "{}", ended.stderr);
    assert_eq!(folder.outcome(), words("inconclusive", "api-unavailable"));
    assert_eq!(folder.judged(), words("error", "api-unavailable"));
}

#[test]
fn workloads_of_manifests_are_targets_with_their_lines() {
    let folder = Folder::without_server();
    let deployment =
        "# web\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: front}\n";
    let others = "---\n{apiVersion: v1, kind: Service, metadata: {name: web}}\n---\n{apiVersion: batch/v1, kind: Job, metadata: {name: j}}\n";
    fs::create_dir(folder.file("k8s")).unwrap();
    fs::write(folder.file("k8s/web.yaml"), format!("{deployment}{others}")).unwrap();
    let reports = ["--report=json=gate.json", "--report=codequality=quality.json"];
    let ended = in_folder(&folder).run(["wait", "-f", "k8s"].iter().chain(&reports));
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("not judged: Service\n"), "{}", ended.stderr);
    let read =
        |name| -> Value { serde_json::from_slice(&fs::read(folder.file(name)).unwrap()).unwrap() };
    assert_eq!(read("gate.json")["notes"], serde_json::json!(["not judged: Service"]));
    let targets = &read("gate.json")["targets"];
    let told = |target: usize| {
        let text = |key: &str| targets[target][key].as_str().unwrap().to_owned();
        let line = targets[target]["line"].as_u64().unwrap();
        (text("namespace"), text("name"), text("file"), line)
    };
    assert_eq!(told(0), ("front".into(), "web".into(), "k8s/web.yaml".into(), 2));
    assert_eq!(told(1), ("shop".into(), "j".into(), "k8s/web.yaml".into(), 8));
    assert_eq!(read("quality.json")[1]["location"]["lines"]["begin"], 8);
}

#[test]
fn manifests_that_cannot_be_judged_are_wrong_usage() {
    let folder = Folder::without_server();
    for (name, text, expected) in [
        ("a.yaml", "a: b: c\n", "a.yaml:1: not valid YAML"),
        ("t.yaml", "kind: {{ .Values.kind }}\n", "t.yaml:1: unrendered template"),
        (
            "c.yaml",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n",
            "c.yaml: no workload to judge found (only ConfigMap c)",
        ),
        (
            "n.yaml",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: n, namespace: x}}\n",
            "deployment/n is in namespace x, but -n shop was given",
        ),
    ] {
        fs::write(folder.file(name), text).unwrap();
        let ended = in_folder(&folder).run(["wait", "-n", "shop", "-f", name]);
        assert_eq!(ended.code, Some(2), "{name}: {}", ended.stderr);
        assert!(ended.stderr.contains(expected), "{name}: {}", ended.stderr);
    }
    let ended = in_folder(&folder).run(["wait", "deploy/app", "--report=codequality=q.json"]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("add `-f PATH`"), "{}", ended.stderr);
}

#[test]
fn a_kubeconfig_that_cannot_be_used_is_never_green() {
    for (option, why, next) in [
        ("--kubeconfig=missing", "failed to read kubeconfig missing", "correct the file"),
        ("--context=other", "context \"other\" not found", "pass one with --context; contexts: c"),
        ("--context=cc", "context \"cc\" not found (did you mean c?)", "pass one with --context"),
        ("--kubeconfig=empty", "no cluster and no context in kubeconfig empty", "correct the file"),
    ] {
        let folder = Folder::without_server();
        fs::write(folder.file("empty"), "").unwrap();
        let ended = in_folder(&folder).run(WAIT.iter().chain(&[option]));
        assert_eq!(ended.code, Some(3), "{option}: {}", ended.stderr);
        let said = ended.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(why), "{option}: {}", ended.stderr);
        assert!(said.contains(&format!(" next {next}")), "{option}: {}", ended.stderr);
        assert_eq!(folder.outcome(), words("inconclusive", "api-unavailable"), "{option}");
        assert_eq!(folder.judged(), words("error", "api-unavailable"), "{option}");
    }
}

/// A kubeconfig in which two contexts have the same cluster and user, and another one the same in another namespace.
fn with_contexts() -> Folder {
    let folder = Folder::without_server();
    let text = fs::read_to_string(folder.file("kubeconfig")).unwrap();
    let mut config: Value = serde_json::from_str(&text).unwrap();
    let context = |name: &str, namespace: &str| json!({"name": name, "context": {"cluster": "c", "user": "u", "namespace": namespace}});
    config["contexts"] =
        json!([context("eu/prod", "shop"), context("again", "shop"), context("us", "store")]);
    fs::write(folder.file("kubeconfig"), config.to_string()).unwrap();
    folder
}

#[test]
fn every_report_names_the_servers_without_their_passwords() {
    let folder = with_contexts();
    let kubeconfig = fs::read_to_string(folder.file("kubeconfig")).unwrap();
    let address = regex::Regex::new(r"http://([\d.:]+)").unwrap();
    let named = address.captures(&kubeconfig).unwrap()[0].to_owned();
    let with_password = address.replace(&kubeconfig, "http://admin:hunter2@$1/k8s/");
    fs::write(folder.file("kubeconfig"), &*with_password).unwrap();
    let server = format!("{named}/k8s");
    let reports =
        ["json", "markdown", "html", "junit"].map(|of| format!("--report={of}=gate.{of}"));
    let run = |contexts: &str| {
        let program = in_folder(&folder).env("DEPLOYGATE_CONTEXT", contexts);
        program.run(
            ["wait", "deploy/app", "--grace=stale=1s"]
                .iter()
                .copied()
                .chain(reports.iter().map(String::as_str)),
        )
    };
    let text = |format: &str| fs::read_to_string(folder.file(&format!("gate.{format}"))).unwrap();
    for (contexts, lines) in [
        ("us", vec![format!("API server {server}")]),
        (
            "eu/prod\nus",
            vec![format!("API server of eu/prod: {server}"), format!("API server of us: {server}")],
        ),
    ] {
        assert_eq!(run(contexts).code, Some(3));
        for line in lines {
            for format in ["markdown", "html"] {
                let report = text(format).replace("<wbr>", "").replace('`', "");
                assert!(report.contains(&line), "{line} in {report}");
            }
        }
        assert!(text("junit").contains(&format!("name=\"server\" value=\"{server}\"")));
        let json: Value = serde_json::from_str(&text("json")).unwrap();
        let told = json["servers"].as_array().unwrap().iter();
        let told: Vec<_> = told
            .map(|of| (of["context"].as_str().unwrap(), of["address"].as_str().unwrap()))
            .collect();
        let expected: Vec<_> = contexts.lines().map(|name| (name, &*server)).collect();
        assert_eq!(told, expected);
        for report in ["json", "markdown", "html", "junit"].map(text) {
            assert!(!report.contains("hunter2"), "{report}");
        }
    }
}

#[test]
fn several_contexts_are_judged_each_in_its_namespace_and_each_once() {
    let folder = with_contexts();
    let contexts = "eu/prod\n\nus\nagain\nus\n";
    let ended = in_folder(&folder).env("DEPLOYGATE_CONTEXT", contexts).run([
        "wait",
        "deploy/app",
        "--grace=stale=1s",
        "--report=json=gate.json",
        "--report=junit=gate.xml",
    ]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    let outcome: Value =
        serde_json::from_slice(&fs::read(folder.file("gate.json")).unwrap()).unwrap();
    let targets = outcome["targets"].as_array().unwrap().iter();
    let places: Vec<_> = targets
        .map(|target| (target["context"].as_str().unwrap(), target["namespace"].as_str().unwrap()))
        .collect();
    assert_eq!(places, [("eu/prod", "shop"), ("us", "store")]);
    let said = "context again has the same cluster and user as eu/prod: judged once";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
    for name in ["eu_prod/shop/deployment/app", "us/store/deployment/app"] {
        let report = fs::read_to_string(folder.file("gate.xml")).unwrap();
        assert!(report.contains(&format!("classname=\"{name}\"")), "{report}");
    }
}

#[test]
fn access_to_a_cluster_that_cannot_be_reached_is_not_granted() {
    let folder = Folder::without_server();
    let ended = in_folder(&folder).run(["access", "deploy/app"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("the API server answered none of the permission checks"),
        "{}",
        ended.stderr
    );
    assert!(ended.stdout.contains("kind: Role\n"), "{}", ended.stdout);
}

#[test]
fn names_that_do_not_come_in_time_are_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    for folder in [Folder::without_server(), Folder::with_server_at(silent.local_addr().unwrap())] {
        let begin = std::time::Instant::now();
        for words in [["wait", "sts/"], ["wait", "--namespace="]] {
            let ended = in_folder(&folder).run(["__complete"].iter().chain(&words));
            assert_eq!((ended.code, &*ended.stdout, &*ended.stderr), (Some(0), ":4\n", ""));
        }
        assert!(begin.elapsed() < std::time::Duration::from_secs(2));
    }
}

#[test]
fn the_password_of_a_server_that_is_no_url_is_not_repeated() {
    let address = regex::Regex::new(r"http://[\d.:]+").unwrap();
    for server in
        ["http://admin:hunter2@no host", "admin:hunter2@host:6443", "ftp://admin:hunter2@host"]
    {
        let folder = Folder::without_server();
        let kubeconfig = fs::read_to_string(folder.file("kubeconfig")).unwrap();
        let kubeconfig = address.replace(&kubeconfig, server);
        fs::write(folder.file("kubeconfig"), &*kubeconfig).unwrap();
        for args in [&WAIT[..], &["access", "deploy/app"]] {
            let ended = in_folder(&folder).run(args);
            assert_eq!(ended.code, Some(3), "{server} {args:?}: {}", ended.stderr);
            assert!(
                ended.stderr.contains("invalid server URL"),
                "{server} {args:?}: {}",
                ended.stderr
            );
            assert!(!ended.stderr.contains("hunter2"), "{server} {args:?}: {}", ended.stderr);
        }
    }
}

#[test]
#[cfg(unix)]
fn the_example_of_a_step_applies_judges_and_keeps_reports() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    for (kubectl, code, has_reports) in [("true", 3, true), ("false", 1, false)] {
        let folder = Folder::without_server();
        let kubectl = format!("#!/bin/sh\necho \"$@\" >applied\n{kubectl}\n");
        fs::write(folder.file("kubectl"), kubectl).unwrap();
        let runs = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.file("kubectl"), runs).unwrap();
        symlink(env!("CARGO_BIN_EXE_deploygate"), folder.file("deploygate")).unwrap();
        let path = std::env::var("PATH").unwrap();
        let ended = Command::new("bash")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/ci/job.sh"))
            .current_dir(folder.path())
            .env_clear()
            .env("PATH", format!("{}:{path}", folder.path().display()))
            .envs([("KUBECONFIG", "kubeconfig"), ("NAMESPACE", "shop")])
            .env("DEPLOYGATE_GRACE", "stale=1s")
            .output()
            .unwrap();
        assert_eq!(ended.status.code(), Some(code), "{ended:?}");
        let applied = fs::read_to_string(folder.file("applied")).unwrap();
        assert_eq!(applied, "apply -n shop -f app.yaml\n");
        for report in ["TEST-deploygate.xml", "deploygate.md", "deploygate.json"] {
            let report = folder.file("reports").join(report);
            assert_eq!(report.exists(), has_reports, "{}", report.display());
        }
    }
}

#[cfg(unix)]
mod signals {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::process::{Child, Stdio};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;

    /// Longer than any of it takes, and shorter than any limit that would end the run without a signal.
    const SOON: Duration = Duration::from_secs(2);

    /// A gate in its watch: the server takes connections and never answers.
    struct Watching {
        gate: Child,
        stderr: BufReader<std::process::ChildStderr>,
        folder: Folder,
        _server: TcpListener,
    }

    impl Watching {
        fn start(stdout: impl Into<Stdio>) -> Self {
            let server = TcpListener::bind("127.0.0.1:0").unwrap();
            let folder = Folder::with_server_at(server.local_addr().unwrap());
            let args = WAIT.iter().filter(|arg| !arg.starts_with("--grace"));
            let mut command = in_folder(&folder).command(args.chain(&["--output=json"]));
            let mut gate = command.stdout(stdout).stderr(Stdio::piped()).spawn().unwrap();
            let mut stderr = BufReader::new(gate.stderr.take().unwrap());
            let mut opening = String::new();
            stderr.read_line(&mut opening).unwrap();
            assert!(opening.contains("watching deployment/app in shop"), "{opening}");
            Self { gate, stderr, folder, _server: server }
        }

        fn send(&self, signal: &str) {
            let pid = self.gate.id().to_string();
            assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
        }

        fn ends_with(&mut self, code: i32) {
            let deadline = Instant::now() + SOON;
            let status = loop {
                match self.gate.try_wait().unwrap() {
                    Some(status) => break status,
                    None if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
                    None => {
                        self.gate.kill().unwrap();
                        panic!("the gate did not end");
                    }
                }
            };
            assert_eq!(status.code(), Some(code), "{status}");
        }

        fn waits_for_reports(&self) {
            let deadline = Instant::now() + SOON;
            while self.folder.outcome().0 != "interrupted" {
                assert!(Instant::now() < deadline, "no report of the interruption");
                thread::sleep(Duration::from_millis(5));
            }
        }
    }

    #[test]
    fn a_signal_ends_the_watch_with_reports() {
        for (signal, code) in [("INT", 130), ("TERM", 143)] {
            let mut watching = Watching::start(Stdio::null());
            watching.send(signal);
            watching.ends_with(code);
            assert_eq!(watching.folder.outcome(), words("interrupted", "interrupted"), "{signal}");
            assert_eq!(watching.folder.judged(), words("error", "interrupted"), "{signal}");
            let mut said = String::new();
            watching.stderr.read_to_string(&mut said).unwrap();
            assert!(said.contains("INTERRUPTED  deployment/app (shop @ c)"), "{signal}: {said}");
        }
    }

    #[test]
    fn a_second_signal_ends_at_once_what_the_first_one_could_not() {
        // a pipe that is full and that nobody reads: the outcome can't be written to it
        let (reader, writer) = std::io::pipe().unwrap();
        let mut filler = writer.try_clone().unwrap();
        let filling = thread::spawn(move || filler.write_all(&vec![b'.'; 1 << 21]));
        let mut watching = Watching::start(writer);
        watching.send("INT");
        watching.waits_for_reports();
        assert_eq!(watching.gate.try_wait().unwrap(), None, "it waits for its stdout");
        watching.send("TERM");
        watching.ends_with(143);
        drop(reader);
        assert!(filling.join().unwrap().is_err(), "the pipe was full to the end");
    }
}
