//! Completion in the protocol of cobra, which kubectl asks its plugins in, and the scripts of [`scripts`] this program.
//!
//! One candidate a line, a tab before its description; the last line is `:` and a number that tells the shell what to do
//! with them (cobra, `shell_completions.md`).

mod arguments;
mod lookup;
mod scripts;

use std::{
    ffi::{OsStr, OsString},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::{Args, ValueHint};
use clap_complete::{CompletionCandidate, engine};

pub(super) use self::scripts::{CompletionsArgs, completions};
use self::{arguments::Arguments, lookup::Lookup};
use super::print;
use crate::exit::ExitCode;

/// `ShellCompDirectiveNoFileComp`: the shell offers no files.
const NO_FILES: u8 = 4;
/// `ShellCompDirectiveNoSpace`: the shell adds no space, since the value continues.
const NO_SPACE: u8 = 2;

/// The words of `__complete`.
#[derive(Args, Debug)]
pub(super) struct CompleteArgs {
    /// Words so far; the last one is at the cursor, and may be empty
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_hint = ValueHint::Other)]
    words: Vec<OsString>,
}

pub(super) fn complete(args: CompleteArgs, command: clap::Command) -> ExitCode {
    print(answer(args.words, command, lookup::LIVE).as_bytes());
    ExitCode::Passed
}

fn answer(mut words: Vec<OsString>, command: clap::Command, lookup: Lookup) -> String {
    if words.first().is_some_and(|word| word == "help") && words.len() > 1 {
        words.remove(0);
        if words.len() > 1 {
            return format!(":{NO_FILES}\n");
        }
    }
    words.insert(0, command.get_name().into());
    if words.len() == 1 {
        words.push(OsString::new());
    }
    let last = words.len() - 1;
    let typed = words[last].clone();
    let is_option = is_option_like(&typed);
    let takes_file = Arc::new(AtomicBool::new(false));
    let arguments = Arguments::of(&command, &words[..last], lookup, Arc::clone(&takes_file));
    if last > 1 && !arguments.is_of_command() {
        return format!(":{NO_FILES}\n");
    }
    let mut command = arguments.offered_by(command);
    // an error means that nothing fits there
    let candidates = engine::complete(&mut command, words, last, None).unwrap_or_default();
    let shown = candidates.iter().filter(|candidate| !candidate.is_hide_set());
    // options are offered to whoever began one, as in kubectl
    let shown = shown.filter(|candidate| is_option || !is_option_like(candidate.get_value()));
    let goes_on = |candidate: &&CompletionCandidate| {
        candidate.get_value().to_string_lossy().ends_with(['/', '='])
    };
    // behind `image=` stands what nobody knows
    let shown = shown.filter(|candidate| candidate.get_value() != typed || !goes_on(candidate));
    let shown: Vec<_> = shown.filter(|candidate| is_plain(candidate.get_value())).collect();
    let mut directive = 0;
    if !shown.is_empty() || !takes_file.load(Ordering::Relaxed) {
        directive |= NO_FILES;
    }
    if !shown.is_empty() && shown.iter().all(goes_on) {
        directive |= NO_SPACE;
    }
    let lines: String = shown.into_iter().map(line).collect();
    format!("{lines}:{directive}\n")
}

fn is_option_like(word: &OsStr) -> bool {
    word.as_encoded_bytes().starts_with(b"-")
}

/// Whether it is one word on one line: a kubeconfig may name its contexts as it likes.
fn is_plain(value: &OsStr) -> bool {
    value.to_str().is_some_and(|value| !value.chars().any(char::is_control))
}

fn line(candidate: &CompletionCandidate) -> String {
    let value = candidate.get_value().to_string_lossy();
    match candidate.get_help().map(ToString::to_string) {
        Some(help) => format!("{value}\t{}\n", help.lines().next().unwrap_or_default()),
        None => format!("{value}\n"),
    }
}

#[cfg(test)]
mod tests;
