//! `deploygate` as an owner on GitHub and its registry belongs to another product, and both ignore case: no example may
//! run a stranger's code. The placeholder OWNER stands wherever an owner is needed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a copy of the repository is changed here")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use regex::Regex;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The text files of the repository, but for this one.
fn files() -> Vec<(PathBuf, String)> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(ROOT).output().unwrap();
    let names = String::from_utf8(listed.stdout).unwrap();
    let names = names.split('\0').filter(|name| !name.is_empty() && *name != "tests/owner.rs");
    names
        .filter_map(|name| {
            let text = fs::read_to_string(Path::new(ROOT).join(name)).ok()?;
            Some((name.into(), text))
        })
        .collect()
}

/// Every owner that a text names for this project, wherever it is published.
fn owners(text: &str) -> Vec<String> {
    let named = Regex::new(
        r"(?i)(?:github\.com/|ghcr\.io/|githubusercontent\.com/|pkg\.github\.com/|uses:\s*[\x22']?|component:\s*\$CI_SERVER_FQDN/|repository:\s*|REPOSITORY(?::-|[:=])\s*[\x22']?)(\w[\w.-]*)/deploygate\b",
    );
    named.unwrap().captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn every_reference_names_the_placeholder() {
    let mut found = 0;
    for (path, text) in files() {
        for owner in owners(&text) {
            found += 1;
            let is_example = owner == "example" && path.starts_with("tests");
            assert!(owner == "OWNER" || is_example, "{}: owner {owner}", path.display());
        }
    }
    assert!(found >= 9, "{found}: the search does not find the references any more");
}

#[test]
fn the_search_finds_what_a_stranger_could_own() {
    for text in [
        "uses: deploygate/deploygate@v1",
        "- uses: \"DeployGate/deploygate@v1\"",
        "image: ghcr.io/DEPLOYGATE/deploygate:1",
        "https://github.com/deploygate/deploygate/releases",
        "https://raw.githubusercontent.com/deploygate/deploygate/main/x",
        "${DEPLOYGATE_REPOSITORY:-deploygate/deploygate}",
    ] {
        assert_eq!(owners(text).len(), 1, "{text}");
    }
}

fn run(folder: &Path, name: &str) -> Output {
    Command::new("bash")
        .arg(".github/release/owner")
        .arg(name)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn one_command_puts_an_owner_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files() {
        let to = folder.path().join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }
    for args in [&["init", "--quiet"][..], &["add", "--all"]] {
        assert!(Command::new("git").args(args).current_dir(&folder).status().unwrap().success());
    }
    for wrong in ["", "deploygate", "DeployGate", "OWNER", "a/b", "-a", "a|b"] {
        assert_eq!(run(folder.path(), wrong).status.code(), Some(2), "{wrong}");
    }
    let output = run(folder.path(), "Acme");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    for path in String::from_utf8(output.stdout).unwrap().lines() {
        assert!(!read(path).contains("OWNER/deploygate"), "{path}");
        for owner in owners(&read(path)) {
            assert!(["Acme", "acme"].contains(&&*owner), "{path}: {owner}");
        }
    }
    assert!(read("Cargo.toml").contains("https://github.com/Acme/deploygate"));
    assert!(read("examples/kubernetes/job.yaml").contains("ghcr.io/acme/deploygate@"));
    assert!(read("README.md").contains("uses: Acme/deploygate@"));
    assert_eq!(run(folder.path(), "Acme").status.code(), Some(2), "nothing is left to change");
}
