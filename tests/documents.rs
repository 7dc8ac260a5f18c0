//! What is written for people agrees with what the program does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "documents/pages.rs"]
mod pages;
#[path = "support/repository.rs"]
mod repository;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;
use std::time::Duration;

use deploygate::exit::ExitCode;
use deploygate::gate::{
    Attribution, Cause, Check, CheckResult, FindingState, Policy, ReasonCode, Source, Verdict,
};
use deploygate::model::{Kind, TargetRef};
use deploygate::timeline::{LaneState, MarkKind};
use deploygate::vocabulary::{Refusal, RollbackWrite};
use deploygate::{cluster, observation::Signal, report};
use regex::Regex;
use repository::{files, root, text};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// What matches the first group of a pattern.
fn found(pattern: &str, text: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).unwrap();
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

fn help(command: &str) -> String {
    told(command, "--help")
}

/// What the program prints for a command and a word, each of which may be empty.
fn told(command: &str, word: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_deploygate"));
    program.args([command, word].into_iter().filter(|word| !word.is_empty())).env_clear();
    String::from_utf8(program.output().unwrap().stdout).unwrap()
}

/// The examples of a command, as its help has them: what each is for, and its line.
fn examples(command: &str) -> Vec<(String, String)> {
    let help = help(command);
    let (_, text) = help.split_once("\nExamples:\n").unwrap();
    let lines: Vec<_> = text.lines().take_while(|line| !line.is_empty()).collect();
    let example = |pair: &[&str]| {
        (pair[0].trim_start_matches("  # ").to_owned(), pair[1].trim_start().to_owned())
    };
    lines.chunks_exact(2).map(example).collect()
}

const COMMANDS: [&str; 8] = ["", "wait", "check", "replay", "demo", "access", "completions", "man"];

fn duration(text: &str) -> Duration {
    text.parse::<jiff::SignedDuration>().unwrap().try_into().unwrap()
}

/// An option's variable and default, by its names.
type Options = BTreeMap<Vec<String>, (String, Option<String>)>;

fn options_of_wait() -> Options {
    let help = help("wait");
    let names = found(r"(?m)^ +((?:-\w, )?--[a-z-]+)", &help);
    let start = Regex::new(r"(?m)^ +(-\w, )?--[a-z-]+").unwrap();
    let mut options = Options::new();
    for (names, text) in names.iter().zip(start.split(&help).skip(1)) {
        let names = names.split(", ").map(str::to_owned).collect();
        // `--help` has no variable
        let Some(variable) = found(r"\[env: (\w+)\]", text).pop() else { continue };
        options.insert(names, (variable, found(r"\[default:\s+([^\]]+)\]", text).pop()));
    }
    options
}

#[test]
fn the_defaults_that_are_told_are_those_of_the_policy() {
    let options = options_of_wait();
    let told = |name: &str| options[&vec![name.to_owned()]].1.clone().unwrap();
    let policy = Policy::default();
    assert_eq!(duration(&told("--timeout")), policy.timeout);
    assert_eq!(duration(&told("--window")), policy.window);
    assert_eq!(told("--max-restarts"), policy.max_restarts.to_string());
    assert_eq!(told("--min-ready"), policy.min_ready.to_string());
    assert_eq!(told("--log-lines"), policy.log_lines.to_string());
}

/// Every exit code with its verdict.
fn exit_codes() -> BTreeMap<u8, &'static str> {
    let mut codes = BTreeMap::new();
    for verdict in words::<Verdict>() {
        let verdict: Verdict = serde_json::from_value(json!(verdict)).unwrap();
        for signal in [None, Some(Signal::Interrupt), Some(Signal::Terminate)] {
            codes.insert(ExitCode::of(verdict, signal).code(), verdict.as_str());
        }
    }
    codes
}

/// All words of an enum: serde tells them to whoever gives it another one.
fn words<T: DeserializeOwned>() -> BTreeSet<String> {
    let error = serde_json::from_value::<T>(json!("no such word")).err().unwrap().to_string();
    let (_, expected) = error.split_once("expected ").unwrap();
    let words: BTreeSet<_> = found("`([^`]+)`", expected).into_iter().collect();
    assert!(words.len() > 3, "{error}");
    words
}

#[test]
fn the_schema_has_the_words_of_the_program() {
    let schema: Value = serde_json::from_str(report::SCHEMA).unwrap();
    let listed = |path: &str| {
        let words = schema.pointer(path).unwrap().as_array().unwrap().iter();
        words.filter_map(Value::as_str).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    for (path, words) in [
        ("/$defs/verdict/enum", words::<Verdict>()),
        ("/$defs/reason_code/enum", words::<ReasonCode>()),
        ("/$defs/cause/enum", words::<Cause>()),
        ("/$defs/rollback/properties/refusal/enum", words::<Refusal>()),
        ("/$defs/rollback/properties/write/enum", words::<RollbackWrite>()),
        ("/$defs/check/properties/id/enum", words::<Check>()),
        ("/$defs/check/properties/result/enum", words::<CheckResult>()),
        ("/$defs/finding/properties/attribution/enum", words::<Attribution>()),
        ("/$defs/finding/properties/state/enum", words::<FindingState>()),
        ("/$defs/span/properties/state/enum", words::<LaneState>()),
        ("/$defs/setting/properties/source/enum", words::<Source>()),
        ("/$defs/mark/properties/kind/enum", words::<MarkKind>()),
    ] {
        assert_eq!(listed(path), words, "{path}");
    }
    let codes = schema.pointer("/properties/exit_code/enum").unwrap();
    let codes: BTreeSet<u8> = serde_json::from_value(codes.clone()).unwrap();
    let known = exit_codes().into_keys().chain([ExitCode::Usage.code()]).collect();
    assert_eq!(codes, known);
}

#[test]
fn the_example_of_a_role_is_the_one_that_access_prints() {
    let target = TargetRef {
        kind: Kind::Deployment.into(),
        namespace: "shop".parse().unwrap(),
        name: "app".parse().unwrap(),
    };
    assert_eq!(read("examples/rbac.yaml"), cluster::Grant::of("shop", &[target]).role());
    assert_eq!(read("examples/rbac-nodes.yaml"), cluster::node_lease_role("shop"));
}

#[test]
fn the_help_reads_as_it_was_reviewed() {
    insta::assert_snapshot!("help", help(""));
    insta::assert_snapshot!("help_wait", help("wait"));
    insta::assert_snapshot!("help_wait_in_short", told("wait", "-h"));
}

#[test]
fn an_archive_has_a_manual_page_for_each_command() {
    let script = read(".github/release/archive");
    let told = found(r"for command in ([a-z ]+);", &script).concat();
    let told: BTreeSet<_> = told.split(' ').collect();
    assert_eq!(told, COMMANDS.into_iter().filter(|command| !command.is_empty()).collect());
}

#[test]
fn help_fits_into_a_terminal() {
    for command in COMMANDS {
        for line in help(command).lines() {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
    }
}

#[test]
fn help_in_short_has_a_line_for_each_option() {
    let options = Regex::new(r"^ +(-\w, )?--[a-z-]+( <\S+>)?  +\S").unwrap();
    for command in COMMANDS {
        let text = told(command, "-h");
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
        let of_option = text.lines().filter(|line| line.trim_start().starts_with("-"));
        for line in of_option {
            assert!(options.is_match(line), "{command}: {line}");
        }
    }
    assert!(told("wait", "-h").lines().count() <= 66, "{}", told("wait", "-h"));
}

#[test]
fn manual_pages_have_the_texts_of_the_help() {
    for command in COMMANDS {
        let page = told("man", command).replace("\\-", "-");
        let sections = found(r#"(?m)^\.SH ("?[A-Z ]+"?)$"#, &page);
        for section in
            ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "\"EXIT STATUS\"", "ENVIRONMENT"]
        {
            assert!(sections.iter().any(|known| known == section), "{command}: {sections:?}");
        }
        assert!(page.is_ascii() && !page.contains("\n.br\n\n"), "{command}: {page}");
        for (what, line) in examples(command) {
            assert!(page.contains(&format!("{what}:\n\\fB{line}\\fR\n")), "{line}: {page}");
        }
        for variable in found(r"\[env: (\w+)\]", &help(command)) {
            assert!(page.contains(&format!("\\fB{variable}\\fR\nstands for ")), "{variable}");
        }
    }
}

#[test]
fn the_changelog_has_a_place_for_what_comes_next() {
    assert!(read("CHANGELOG.md").lines().any(|line| line == "## [Unreleased]"));
}

#[test]
fn the_address_of_the_repository_stands_in_one_place() {
    let address = env!("CARGO_PKG_REPOSITORY").trim_start_matches("https://");
    let elsewhere = files().into_iter().filter(|path| !path.ends_with("Cargo.toml"));
    let elsewhere: Vec<_> = elsewhere.filter(|path| text(path).contains(address)).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[test]
fn no_file_names_a_folder_of_somebodys_machine() {
    let folder = Regex::new(r"/(work|Users|home/\w+)[/]").unwrap();
    let files: Vec<_> = files().into_iter().filter(|path| folder.is_match(&text(path))).collect();
    assert!(files.is_empty(), "{files:?}");
}
