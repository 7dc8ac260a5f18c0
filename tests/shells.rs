//! The completion scripts in the shells that they are for, in a terminal; the manual pages by what formats them.
//!
//! `.ci/tools` installs zsh, fish, groff and mandoc: `cargo test --test shells -- --ignored`.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(
    clippy::disallowed_methods,
    reason = "kubeconfigs are written, and shells waited for, here"
)]

#[path = "shells/session.rs"]
mod session;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use session::{Session, Shell};

/// A folder with files, and a kubeconfig whose contexts have names as clouds give them.
fn folder(server: &str, user: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let context = |name: &str, namespace: &str| json!({"name": name, "context": {"cluster": "c", "user": "u", "namespace": namespace}});
    let kubeconfig = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "admin@kind",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": user}],
        "contexts": [context("admin@kind", "shop"), context("arn:aws:eks:eu-1:12:cluster/prod", "ops"), context("two words", "shop")],
    });
    fs::write(folder.path().join("kubeconfig"), kubeconfig.to_string()).unwrap();
    fs::write(folder.path().join("app.yaml"), "").unwrap();
    fs::write(folder.path().join("b c.yaml"), "").unwrap();
    fs::create_dir(folder.path().join("k8s")).unwrap();
    folder
}

/// What a server of two namespaces lists at a path.
fn names(path: &str) -> &'static [&'static str] {
    match path {
        "/api/v1/namespaces" => &["ops", "shop"],
        "/apis/apps/v1/namespaces/shop/deployments" => &["web", "worker"],
        "/apis/apps/v1/namespaces/ops/deployments" => &["prometheus"],
        _ => &[],
    }
}

fn answer(connection: TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(&connection).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    lines.take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty())).for_each(drop);
    let path = request.split([' ', '?']).nth(1).unwrap_or_default();
    let items: Vec<_> =
        names(path).iter().map(|name| json!({"metadata": {"name": name}})).collect();
    let body = json!({"kind": "List", "apiVersion": "v1", "metadata": {}, "items": items});
    let body = body.to_string();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
    write!(&connection, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// Starts the server, which ends with the tests.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            thread::spawn(move || answer(connection));
        }
    });
    address
}

fn start(shell: Shell, folder: &tempfile::TempDir) -> Session {
    let program = Path::new(env!("CARGO_BIN_EXE_deploygate")).parent().unwrap();
    Session::start(shell, folder.path(), program.to_str().unwrap())
}

/// Runs it in each shell, before a cluster.
fn in_each_shell(run: impl Fn(&mut Session)) {
    let folder = folder(&serve(), &json!({}));
    for shell in Shell::ALL {
        run(&mut start(shell, &folder));
    }
}

#[test]
#[ignore = "needs zsh and fish, which .ci/tools installs"]
fn tab_completes_what_was_begun() {
    in_each_shell(|session| {
        let shell = session.shell;
        for (typed, completed) in [
            ("wa", "wait "),
            ("wait deploy/we", "wait deploy/web "),
            ("wait deploy wo", "wait deploy worker "),
            ("wait -n ops deploy/", "wait -n ops deploy/prometheus "),
            (
                "wait --namespace=ops deployments pro",
                "wait --namespace=ops deployments prometheus ",
            ),
            ("wait -n sh", "wait -n shop "),
            ("wait --namespace=sh", "wait --namespace=shop "),
            ("wait --context adm", "wait --context admin@kind "),
            ("wait --context admin@k", "wait --context admin@kind "),
            ("wait --context=admin@k", "wait --context=admin@kind "),
            ("wait --context=ar", "wait --context=arn:aws:eks:eu-1:12:cluster/prod "),
            ("wait --context arn:aws:e", "wait --context arn:aws:eks:eu-1:12:cluster/prod "),
            (
                "wait --context=arn:aws:eks:eu-1:12:cluster/prod deploy/",
                "wait --context=arn:aws:eks:eu-1:12:cluster/prod deploy/prometheus ",
            ),
            ("wait --context tw", "wait --context two\\ words "),
            ("wait --grace ima", "wait --grace image="),
            ("wait --grace=ima", "wait --grace=image="),
            ("wait --grace image=", "wait --grace image="),
            ("wait --report jun", "wait --report junit="),
            ("wait --report junit=ap", "wait --report junit=app.yaml "),
            ("wait --report=junit=ap", "wait --report=junit=app.yaml "),
            ("wait --output=js", "wait --output=json "),
            ("wait --color al", "wait --color always "),
            ("wait --on-failure rollback-", "wait --on-failure rollback-all "),
            ("wait --timeo", "wait --timeout "),
            ("wait --timeout ap", "wait --timeout ap"),
            ("wait ap", "wait ap"),
            ("wait --expect-image ap", "wait --expect-image ap"),
            ("wait -f ap", "wait -f app.yaml "),
            ("wait -f k8", "wait -f k8s/"),
            ("wait -f b", "wait -f b\\ c.yaml "),
            ("wait --record=ap", "wait --record=app.yaml "),
            ("wait --policy ap", "wait --policy app.yaml "),
            ("wait --kubeconfig ~/ap", "wait --kubeconfig ~/app.yaml "),
            ("replay ap", "replay app.yaml "),
            ("demo cr", "demo crash-loop "),
            ("completions fi", "completions fish "),
            ("help acc", "help access "),
            ("man acc", "man access "),
        ] {
            let line = session.tab(&format!("deploygate {typed}"));
            assert_eq!(line, format!("deploygate {completed}"), "{shell:?}: {}", session.screen());
        }
    });
}

#[test]
#[ignore = "needs zsh and fish, which .ci/tools installs"]
fn each_place_offers_what_may_stand_there_and_nothing_else() {
    in_each_shell(|session| {
        let shell = session.shell;
        for (typed, candidates) in [
            ("", &["access", "check", "completions", "demo", "man", "replay", "wait"][..]),
            ("wait ", &["deploy/", "ds/", "job/", "rollout/", "sts/"]),
            ("wait deploy/", &["deploy/web", "deploy/worker"]),
            ("wait deploy/web deploy/w", &["deploy/worker"]),
            ("wait deploy ", &["web", "worker"]),
            ("check -n ", &["ops", "shop"]),
            ("wait --report ", &["codequality=", "html=", "json=", "junit=", "markdown="]),
            ("wait --color ", &["always", "auto", "never"]),
            ("wait --output ", &["json", "text"]),
            ("wait --timeout ", &[]),
            ("wait sts/", &[]),
            ("demo ", &["crash-loop", "healthy", "image-missing", "late-crash", "release"]),
        ] {
            let mut found = session.candidates(&format!("deploygate {typed}"));
            found.dedup();
            assert_eq!(found, candidates, "{shell:?} {typed}: {}", session.screen());
        }
        let options = session.candidates("deploygate check --");
        assert!(options.contains(&"--report".to_owned()), "{shell:?}: {options:?}");
        assert!(!options.contains(&"--timeout".to_owned()), "{shell:?}: {options:?}");
    });
}

#[test]
#[ignore = "needs zsh and fish, which .ci/tools installs"]
fn a_cluster_that_does_not_answer_is_not_waited_for_and_not_spoken_of() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let exec = |script: &str| {
        let api = "client.authentication.k8s.io/v1";
        json!({"exec": {"apiVersion": api, "command": "sh", "args": ["-c", script], "interactiveMode": "IfAvailable"}})
    };
    for (user, kubeconfig) in [
        (json!({}), "kubeconfig"),
        (exec("echo Password: >&2; read answer; sleep 60"), "kubeconfig"),
        (exec("echo Password: >&2; exit 1"), "kubeconfig"),
        (json!({}), "missing"),
        (json!({}), "pipe"),
    ] {
        let folder = folder(&address, &user);
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        for shell in Shell::ALL {
            let mut session = start(shell, &folder);
            let line = format!("deploygate wait --kubeconfig {kubeconfig} deploy/");
            let begin = Instant::now();
            assert_eq!(session.tab(&line), line, "{shell:?}: {}", session.screen());
            // half a second, and what a busy machine takes for the rest
            assert!(begin.elapsed() < Duration::from_secs(3), "{shell:?} {user} {kubeconfig}");
            let screen = session.screen();
            let said = ["Password", "error", "failed", "No such"].map(|word| screen.contains(word));
            assert_eq!(said, [false; 4], "{shell:?} {user} {kubeconfig}: {screen}");
        }
    }
}

#[test]
#[ignore = "needs zsh and fish, which .ci/tools installs"]
fn each_script_is_read_without_a_word() {
    let folder = folder("http://127.0.0.1:1", &json!({}));
    let program = env!("CARGO_BIN_EXE_deploygate");
    for (shell, check) in [("bash", "bash -n"), ("zsh", "zsh -n"), ("fish", "fish --no-execute")] {
        let script = Command::new(program).args(["completions", shell]).output();
        let file = folder.path().join(shell);
        fs::write(&file, script.unwrap().stdout).unwrap();
        let mut words = check.split(' ').map(str::to_owned).chain([file.display().to_string()]);
        let read = Command::new(words.next().unwrap()).args(words).output().unwrap();
        assert!(read.status.success() && read.stderr.is_empty(), "{shell}: {read:?}");
    }
}

#[test]
#[ignore = "needs groff and mandoc, which .ci/tools installs"]
fn manual_pages_are_formatted_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.1");
    for command in ["", "wait", "check", "replay", "demo", "access", "completions", "man"] {
        let words = ["man", command].into_iter().filter(|word| !word.is_empty());
        let text = Command::new(env!("CARGO_BIN_EXE_deploygate")).args(words).output().unwrap();
        fs::write(&page, text.stdout).unwrap();
        for reader in ["mandoc -Tlint -Wwarning", "groff -man -Tutf8 -ww"] {
            let mut words = reader.split(' ');
            let mut program = Command::new(words.next().unwrap());
            let read = program.args(words).arg(&page).output().unwrap();
            let is_lint = reader.starts_with("mandoc");
            assert!(read.stderr.is_empty(), "{command} {reader}: {read:?}");
            assert!(
                read.status.success() && read.stdout.is_empty() == is_lint,
                "{command}: {read:?}"
            );
        }
    }
}
