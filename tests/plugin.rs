//! The program as a plugin of kubectl.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the plugin is installed as a user would")]

use std::os::unix::{fs::symlink, process::CommandExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_deploygate");

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn example(name: &str) -> PathBuf {
    Path::new(ROOT).join("examples/kubectl").join(name)
}

/// A folder with what the README tells to put on the PATH.
fn installed() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    symlink(PROGRAM, folder.path().join("kubectl-deploygate")).unwrap();
    let completer = "kubectl_complete-deploygate";
    symlink(example(completer), folder.path().join(completer)).unwrap();
    folder
}

/// Exit code, stdout and stderr together.
fn run(mut command: Command) -> (i32, String) {
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

#[test]
fn a_program_of_that_name_speaks_as_kubectls_plugin() {
    let by_name = |name: &str, args: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command.arg0(name).args(args).env_clear();
        run(command)
    };
    for name in ["kubectl-deploygate", "/opt/krew/bin/kubectl-deploygate", "kubectl-deploygate.exe"]
    {
        let (code, text) = by_name(name, &["--help"]);
        assert_eq!(code, 0);
        assert!(text.contains("\nUsage: kubectl deploygate <COMMAND>\n"), "{text}");
        let (_, text) = by_name(name, &["wait", "--help"]);
        assert!(text.contains("\nUsage: kubectl deploygate wait "), "{text}");
        let (code, text) = by_name(name, &["wait"]);
        assert_eq!(code, 2);
        assert!(text.contains("Usage: kubectl deploygate wait "), "{text}");
        let (_, text) = by_name(name, &["--version"]);
        assert_eq!(text, concat!("kubectl deploygate ", env!("CARGO_PKG_VERSION"), "\n"));
    }
    let (_, text) = by_name("deploygate", &["wait"]);
    assert!(text.contains("Usage: deploygate wait "), "{text}");
}

#[test]
fn the_completer_finds_the_plugin_on_the_path() {
    let folder = installed();
    let mut command = Command::new(folder.path().join("kubectl_complete-deploygate"));
    command.args(["wait", "--outp"]).env_clear();
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.path().display()));
    let (code, text) = run(command);
    assert_eq!(code, 0, "{text}");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[0].starts_with("--output\ttext (nothing) or json on stdout") && lines[1] == ":4",
        "{text}"
    );
}

/// The kubectl of the test cluster, or another one.
fn kubectl() -> PathBuf {
    let beside = |path: std::ffi::OsString| PathBuf::from(path).with_file_name("kubectl");
    let named = env::var_os("DEPLOYGATE_KUBECTL").map(PathBuf::from);
    let found = named.or_else(|| env::var_os("KUBECONFIG").map(beside));
    found.filter(|path| path.exists()).unwrap_or_else(|| {
        panic!(
            "DEPLOYGATE_KUBECTL names no kubectl, and there is none beside KUBECONFIG: \
             export KUBECONFIG=$(tests/cluster/up)"
        )
    })
}

#[test]
#[ignore = "needs kubectl, see tests/cluster/README.md"]
fn kubectl_runs_and_completes_its_plugin() {
    let folder = installed();
    symlink(kubectl(), folder.path().join("kubectl")).unwrap();
    let typed = |args: &[&str]| {
        let mut command = Command::new(folder.path().join("kubectl"));
        command.args(args).env_clear().current_dir(folder.path());
        command.env("PATH", format!("{}:/usr/bin:/bin", folder.path().display()));
        command.env("HOME", folder.path());
        run(command)
    };
    let recording = format!("{ROOT}/tests/recordings/crashloop.jsonl.gz");
    let (code, text) = typed(&["deploygate", "replay", &recording, "--report=json=gate.json"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("FAILED  deployment/app ("), "{text}");
    assert!(fs::read_to_string(folder.path().join("gate.json")).unwrap().contains("crash-loop"));
    let (_, text) = typed(&["deploygate", "wait", "--help"]);
    assert!(text.contains("\nUsage: kubectl deploygate wait "), "{text}");
    for (words, candidate) in [
        (&["deploygate", ""][..], "wait\t"),
        (&["deploygate", "wait", "d"], "deploy/\n"),
        (&["deploygate", "wait", "--kubeco"], "--kubeconfig\t"),
    ] {
        let (code, text) = typed(&[&["__complete"], words].concat());
        assert_eq!(code, 0, "{text}");
        assert!(text.starts_with(candidate), "{words:?}: {text}");
    }
}

const TARGETS: [&str; 5] = [
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
];

/// The manifest for these archives, or what was said instead.
fn manifest(targets: &[&str]) -> Result<Value, String> {
    let folder = tempfile::tempdir().unwrap();
    let sums = folder.path().join("sums");
    let version = env!("CARGO_PKG_VERSION");
    let lines = targets.iter().enumerate();
    let lines: Vec<_> = lines
        .map(|(n, target)| format!("{n:064x}  deploygate-{version}-{target}.tar.gz\n"))
        .collect();
    fs::write(&sums, lines.concat()).unwrap();
    let mut command = Command::new(example("krew"));
    command.arg(sums);
    match run(command) {
        (0, text) => Ok(serde_saphyr::from_str(&text).unwrap()),
        (_, text) => Err(text),
    }
}

/// What krew's `validate-krew-manifest` and the rules of its index ask for.
#[test]
fn the_manifest_keeps_the_rules_of_krew() {
    let manifest = manifest(&TARGETS).unwrap();
    let word = |path: &str| manifest.pointer(path).and_then(Value::as_str).unwrap().to_owned();
    assert_eq!(word("/apiVersion"), "krew.googlecontainertools.github.com/v1alpha2");
    assert_eq!(word("/kind"), "Plugin");
    assert_eq!(word("/metadata/name"), "deploygate");
    assert_eq!(word("/spec/version"), concat!("v", env!("CARGO_PKG_VERSION")));
    assert!(word("/spec/homepage").starts_with("https://"));
    let short = word("/spec/shortDescription");
    assert!(short.len() <= 50 && !short.ends_with('.') && !short.contains('\n'), "{short}");
    assert!(!short.contains("kubectl"), "{short}");
    assert!(
        word("/spec/description")
            .lines()
            .chain(word("/spec/caveats").lines())
            .all(|l| l.len() <= 120)
    );

    assert!(word("/spec/caveats").contains("`kubectl deploygate access deploy/NAME`"));

    let platforms = manifest.pointer("/spec/platforms").and_then(Value::as_array).unwrap();
    let mut served = Vec::new();
    for (number, platform) in platforms.iter().enumerate() {
        let keys: Vec<_> = platform.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["bin", "selector", "sha256", "uri"]);
        let word = |path: &str| platform.pointer(path).and_then(Value::as_str).unwrap();
        let system = word("/selector/matchLabels/os");
        served.push((system, word("/selector/matchLabels/arch")));
        assert_eq!(word("/sha256"), format!("{number:064x}"));
        let address = Regex::new(&format!(
            r"^https://[\w./-]+/releases/download/v{v}/deploygate-{v}-{}\.tar\.gz$",
            TARGETS[number],
            v = regex::escape(env!("CARGO_PKG_VERSION"))
        ));
        assert!(address.unwrap().is_match(word("/uri")), "{platform}");
        assert_eq!(word("/bin").ends_with(".exe"), system == "windows");
    }
    let all = [("linux", "amd64"), ("linux", "arm64"), ("darwin", "amd64"), ("darwin", "arm64")];
    assert_eq!(served, [&all[..], &[("windows", "amd64")]].concat());
}

#[test]
fn there_is_no_manifest_without_every_checksum() {
    let said = manifest(&TARGETS[..4]).unwrap_err();
    assert!(said.contains("checksum of deploygate-") && said.contains("windows"), "{said}");
    let twice = [&TARGETS[..], &TARGETS[..1]].concat();
    assert!(manifest(&twice).is_err());
}
