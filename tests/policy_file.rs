//! `deploygate.yaml` and `--policy` on the command line, before a cluster that gives no answer.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "policy files are written here")]

#[path = "support/program.rs"]
mod program;

use std::fs;

use program::{Ended, Program, deploygate};
use serde_json::Value;

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let path = folder.0.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    /// There is no cluster: `missing` is no kubeconfig.
    fn program(&self) -> Program {
        deploygate().current_dir(self.0.path()).env("KUBECONFIG", "missing")
    }

    fn run(&self, args: &[&str]) -> Ended {
        self.program().run(args)
    }

    fn has(&self, name: &str) -> bool {
        self.0.path().join(name).exists()
    }
}

fn document(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{}", ended.stderr))
}

/// Value, source and place of a setting of the first target.
fn setting(document: &Value, name: &str) -> String {
    let settings = document["targets"][0]["settings"].as_array().unwrap();
    let of = settings.iter().find(|fact| fact["name"] == name).unwrap();
    let text = |key: &str| of[key].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}", text("value"), text("source"), text("place"))
}

const WAIT: [&str; 4] = ["wait", "deploy/app", "-o", "json"];

#[test]
fn the_file_of_the_working_directory_is_found_and_another_is_named() {
    let own = "defaults:\n  window: 7s\n  max-restarts: 2\n";
    let folder =
        Folder::with(&[("deploygate.yaml", own), ("ci/other.yaml", "defaults: {window: 9s}\n")]);
    let found = document(&folder.run(&WAIT));
    assert_eq!(setting(&found, "window"), "7s file deploygate.yaml:2");
    let flag = document(&folder.run(&[&WAIT[..], &["--window=8s"]].concat()));
    assert_eq!(setting(&flag, "window"), "8s flag --window");
    assert_eq!(setting(&flag, "max-restarts"), "2 file deploygate.yaml:3");
    let variable = document(&folder.program().env("DEPLOYGATE_WINDOW", "6s").run(WAIT));
    assert_eq!(setting(&variable, "window"), "6s environment DEPLOYGATE_WINDOW");
    let named = document(&folder.run(&[&WAIT[..], &["--policy=ci/other.yaml"]].concat()));
    assert_eq!(setting(&named, "window"), "9s file ci/other.yaml:1");
    assert_eq!(setting(&named, "max-restarts"), "0 default -");
    let named = document(&folder.program().env("DEPLOYGATE_POLICY", "ci/other.yaml").run(WAIT));
    assert_eq!(setting(&named, "window"), "9s file ci/other.yaml:1");
}

#[test]
fn a_file_that_is_not_understood_is_wrong_usage_before_anything_is_written() {
    for (text, expected) in [
        (
            "defaults:\n  windwo: 5m\n",
            "deploygate.yaml:2: windwo: unknown key; did you mean `window`?",
        ),
        ("defaults:\n  window: 90\n", "deploygate.yaml:2: window: expected a unit: 90s or 90m"),
        ("defaults:\n  redact: ['(']\n", "deploygate.yaml:2: redact: "),
        (
            "targets:\n  - names: [deploy/app]\n    timeout: 1h\n",
            "deploygate.yaml:3: timeout: can be set in `defaults` only",
        ),
    ] {
        let folder = Folder::with(&[("deploygate.yaml", text)]);
        let ended = folder.run(&["wait", "deploy/app", "--report=json=gate.json"]);
        assert_eq!(ended.code, Some(2), "{text}: {}", ended.stderr);
        assert!(ended.stderr.contains(expected), "{text}: {}", ended.stderr);
        assert!(!folder.has("gate.json"), "{text}");
    }
    let folder = Folder::with(&[]);
    let ended = folder.run(&[&WAIT[..], &["--policy=none.yaml"]].concat());
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("none.yaml: failed to read"), "{}", ended.stderr);
    let large = "#".repeat(300_000);
    let folder = Folder::with(&[("deploygate.yaml", &large)]);
    assert!(folder.run(&WAIT).stderr.contains("too large"));
}

#[test]
fn without_a_target_those_of_the_file_are_judged() {
    let text = "targets:\n- names: [deploy/app, sts/db]\n  namespaces: [shop]\n  window: 7s\n\
                - names: deploy/web\n  namespaces: [blog]\n";
    let folder = Folder::with(&[("deploygate.yaml", text)]);
    let names = |args: &[&str]| -> Vec<String> {
        let document = document(&folder.run(&[&["wait", "-o", "json"], args].concat()));
        let text = |target: &Value, key: &str| target[key].as_str().unwrap().to_owned();
        let targets = document["targets"].as_array().unwrap().iter();
        targets.map(|target| text(target, "namespace") + "/" + &text(target, "name")).collect()
    };
    assert_eq!(names(&[]), ["shop/app", "shop/db", "blog/web"]);
    assert_eq!(names(&["-n", "blog"]), ["blog/web"]);
    assert_eq!(names(&["deploy/other", "-n", "blog"]), ["blog/other"]);
    let ended = folder.run(&["wait", "-n", "else"]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("no target of the policy file is in namespace else"));

    let folder = Folder::with(&[("deploygate.yaml", "defaults: {window: 7s}\n")]);
    let ended = folder.run(&["wait"]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("DEPLOYGATE_TARGET, which is empty"), "{}", ended.stderr);
}

#[test]
fn a_file_that_was_only_found_sets_nothing_outside_of_the_working_directory() {
    let text = "defaults:\n  on-failure: rollback\n  kubeconfig: other\nreports:\n  json: ../out.json\n  junit: in.xml\n";
    let folder = Folder::with(&[("a/deploygate.yaml", text)]);
    let inside = folder.0.path().join("a");
    let ended = folder.program().current_dir(&inside).run(WAIT);
    let notes = document(&ended)["notes"].to_string();
    for what in [
        "deploygate.yaml:2: `on-failure`",
        "deploygate.yaml:3: `kubeconfig`",
        "deploygate.yaml:5: a report path",
    ] {
        assert!(notes.contains(what) && ended.stderr.contains(what), "{what}: {notes}");
    }
    assert!(folder.has("a/in.xml") && !folder.has("out.json"));
    // options replace the reports of the file
    fs::remove_file(inside.join("in.xml")).unwrap();
    let args = [&WAIT[..], &["--report=json=other.json"]].concat();
    folder.program().current_dir(&inside).run(args);
    assert!(folder.has("a/other.json") && !folder.has("a/in.xml"));
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_working_directory_is_followed_by_no_report() {
    let folder =
        Folder::with(&[("a/deploygate.yaml", "reports:\n  json: out/gate.json\n"), ("b/x", "")]);
    let inside = folder.0.path().join("a");
    std::os::unix::fs::symlink("../b", inside.join("out")).unwrap();
    let ended = folder.program().current_dir(&inside).run(WAIT);
    assert!(ended.stderr.contains("deploygate.yaml:2: a report path outside"), "{}", ended.stderr);
    assert!(!folder.has("b/gate.json"));
    let named = [&WAIT[..], &["--policy=deploygate.yaml"]].concat();
    folder.program().current_dir(&inside).run(named);
    assert!(folder.has("b/gate.json"));
}
