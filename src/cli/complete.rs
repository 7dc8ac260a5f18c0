//! Completion in the protocol of cobra, which kubectl asks its plugins in.
//!
//! One candidate a line, a tab before its description; the last line is `:` and a number that tells the shell what to do
//! with them (cobra, `shell_completions.md`).

use std::ffi::OsString;

use clap::{Args, ValueHint};
use clap_complete::{CompletionCandidate, engine};

use super::print;
use crate::{exit::ExitCode, gate::Grace, report::Format};

/// `ShellCompDirectiveNoFileComp`: the shell offers no files.
const NO_FILES: u8 = 4;
/// `ShellCompDirectiveNoSpace`: the shell adds no space, since the value continues.
const NO_SPACE: u8 = 2;

/// Candidates for the start of `KIND/NAME`.
pub(super) fn targets() -> Vec<CompletionCandidate> {
    ["deploy/", "sts/", "ds/", "job/", "rollout/"].map(CompletionCandidate::new).into()
}

/// Candidates for the start of a value of `--grace`.
pub(super) fn graces() -> Vec<CompletionCandidate> {
    Grace::ALL.map(|grace| CompletionCandidate::new(format!("{grace}="))).into()
}

/// Candidates for the start of a value of `--report`.
pub(super) fn reports() -> Vec<CompletionCandidate> {
    Format::ALL.map(|format| CompletionCandidate::new(format!("{}=", format.as_str()))).into()
}

/// The words of `__complete`.
#[derive(Args, Debug)]
pub(super) struct CompleteArgs {
    /// Words so far; the last one is at the cursor, and may be empty
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_hint = ValueHint::Other)]
    words: Vec<OsString>,
}

pub(super) fn complete(args: CompleteArgs, command: clap::Command) -> ExitCode {
    print(answer(args.words, command).as_bytes());
    ExitCode::Passed
}

fn answer(mut words: Vec<OsString>, mut command: clap::Command) -> String {
    words.insert(0, command.get_name().into());
    if words.len() == 1 {
        words.push(OsString::new());
    }
    let last = words.len() - 1;
    let folder = std::env::current_dir().ok();
    // an error means that nothing fits there
    let candidates =
        engine::complete(&mut command, words, last, folder.as_deref()).unwrap_or_default();
    let goes_on = |candidate: &CompletionCandidate| {
        candidate.get_value().to_string_lossy().ends_with(['/', '='])
    };
    let no_space = !candidates.is_empty() && candidates.iter().all(goes_on);
    let mut text = String::new();
    for candidate in candidates.iter().filter(|candidate| !candidate.is_hide_set()) {
        text.push_str(&line(candidate));
    }
    text.push_str(&format!(":{}\n", NO_FILES | if no_space { NO_SPACE } else { 0 }));
    text
}

fn line(candidate: &CompletionCandidate) -> String {
    let value = candidate.get_value().to_string_lossy();
    match candidate.get_help().map(ToString::to_string) {
        Some(help) => format!("{value}\t{}\n", help.lines().next().unwrap_or_default()),
        None => format!("{value}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(words: &[&str]) -> String {
        answer(words.iter().map(OsString::from).collect(), super::super::command(true))
    }

    #[test]
    fn each_place_has_what_may_stand_there() {
        for (words, candidate, directive) in [
            (&[][..], "wait\tWatch a rollout and report a verdict", ":4"),
            (&["wa"], "wait\tWatch a rollout and report a verdict", ":4"),
            (&["wait", "d"], "deploy/", ":6"),
            (&["wait", "deploy/app", "--repo"], "--report\t", ":4"),
            (&["wait", "--report", ""], "junit=", ":6"),
            (&["wait", "--grace", "im"], "image=", ":6"),
            (&["wait", "--output="], "--output=json", ":4"),
            (&["wait", "--color", "al"], "always", ":4"),
            (&["completions", "fi"], "fish", ":4"),
        ] {
            let text = at(words);
            assert!(text.lines().any(|line| line.starts_with(candidate)), "{words:?}: {text}");
            assert_eq!(text.lines().last(), Some(directive), "{words:?}: {text}");
        }
    }

    #[test]
    fn where_nothing_may_stand_the_shell_offers_nothing() {
        for words in [&["wait", "deploy/ap"][..], &["no-such", ""], &["wait", "--timeout", ""]] {
            assert!(at(words).ends_with(":4\n"), "{words:?}: {}", at(words));
        }
        assert_eq!(at(&["wait", "--timeout", ""]), ":4\n");
        assert!(!at(&["__"]).contains("__complete"));
    }
}
