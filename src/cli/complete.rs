//! Completion in the protocol of cobra, which kubectl asks its plugins in.
//!
//! One candidate a line, a tab before its description; the last line is `:` and a number that tells the shell what to do
//! with them (cobra, `shell_completions.md`).

use std::{
    ffi::{OsStr, OsString},
    time::Duration,
};

use clap::{Args, FromArgMatches, ValueHint, parser::ValueSource};
use clap_complete::{ArgValueCompleter, CompletionCandidate, engine};

use super::{candidates, connect::ConnectArgs, print, runtime, settings::Surroundings};
use crate::{
    cluster::{Cluster, ConnectOptions},
    exit::ExitCode,
    model::{ObjectName, TargetKind},
};

/// `ShellCompDirectiveNoFileComp`: the shell offers no files.
const NO_FILES: u8 = 4;
/// `ShellCompDirectiveNoSpace`: the shell adds no space, since the value continues.
const NO_SPACE: u8 = 2;

/// How long the cluster may take to name its workloads: whoever pressed Tab waits for it.
const PATIENCE: Duration = Duration::from_millis(500);

/// The words of `__complete`.
#[derive(Args, Debug)]
pub(super) struct CompleteArgs {
    /// Words so far; the last one is at the cursor, and may be empty
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_hint = ValueHint::Other)]
    words: Vec<OsString>,
}

pub(super) fn complete(args: CompleteArgs, command: clap::Command) -> ExitCode {
    print(answer(args.words, command, names_in_cluster).as_bytes());
    ExitCode::Passed
}

/// Names of the workloads of a kind, where the options before the cursor say.
type Names = fn(&TargetKind, ConnectArgs) -> Vec<ObjectName>;

fn answer(mut words: Vec<OsString>, mut command: clap::Command, names: Names) -> String {
    words.insert(0, command.get_name().into());
    if words.len() == 1 {
        words.push(OsString::new());
    }
    let last = words.len() - 1;
    let folder = std::env::current_dir().ok();
    command = with_names(command, &words[..last], names);
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

/// The command whose targets are completed by the names of workloads, if the words before the cursor lead to one that
/// has targets.
fn with_names(command: clap::Command, before: &[OsString], names: Names) -> clap::Command {
    let typed = command.clone().ignore_errors(true).try_get_matches_from(before).ok();
    let Some((subcommand, matches)) = typed.as_ref().and_then(clap::ArgMatches::subcommand) else {
        return command;
    };
    let Ok(source) = matches.try_contains_id("target").map(|_| matches.value_source("target"))
    else {
        return command;
    };
    // the variable's targets are not what is typed here
    let is_typed = source == Some(ValueSource::CommandLine);
    let mut targets = matches.get_many::<String>("target").into_iter().flatten();
    let first = targets.next().filter(|_| is_typed).cloned();
    let matches = matches.clone();
    let candidates = move |current: &OsStr| {
        let find = |kind: &TargetKind| {
            ConnectArgs::from_arg_matches(&matches)
                .map(|connect| names(kind, connect))
                .unwrap_or_default()
        };
        current
            .to_str()
            .map(|current| targets_at(current, first.as_deref(), find))
            .unwrap_or_default()
    };
    command.mut_subcommand(subcommand, |subcommand| {
        subcommand.mut_arg("target", |target| target.add(ArgValueCompleter::new(candidates)))
    })
}

/// Candidates for a word among targets, the first of which is known unless it is this one: kinds, and names where the kind
/// is known, by `KIND/` or by a first word of `KIND NAME...`.
fn targets_at(
    current: &str,
    first: Option<&str>,
    names: impl Fn(&TargetKind) -> Vec<ObjectName>,
) -> Vec<CompletionCandidate> {
    let of_kind = |kind: &str, stem: &str| {
        let names = kind.parse().map(|kind| names(&kind)).unwrap_or_default();
        names.iter().map(|name| format!("{stem}{name}")).collect()
    };
    let all: Vec<String> = match (current.split_once('/'), first) {
        (Some((kind, _)), _) => of_kind(kind, &format!("{kind}/")),
        (None, Some(first)) if !first.contains('/') => of_kind(first, ""),
        (None, _) => candidates::KINDS.map(str::to_owned).into(),
    };
    let fits = all.into_iter().filter(|candidate| candidate.starts_with(current));
    fits.map(CompletionCandidate::new).collect()
}

/// The names that the cluster tells in time; none if it does not.
fn names_in_cluster(kind: &TargetKind, connect: ConnectArgs) -> Vec<ObjectName> {
    let (options, contexts) = connect.resolve(&Surroundings::read());
    let context = contexts.into_iter().next();
    // the terminal is the shell's
    let options = ConnectOptions { context, interactive: false, ..options };
    let Ok(runtime) = runtime() else { return Vec::new() };
    let names = runtime.block_on(async {
        let found = async {
            let cluster = Cluster::connect(options).await.ok()?;
            cluster.names(kind).await.ok()
        };
        tokio::time::timeout(PATIENCE, found).await.ok().flatten().unwrap_or_default()
    });
    runtime.shutdown_background();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever is asked for, `NAMESPACE-KIND`, then `web` and `api`.
    fn at(words: &[&str]) -> String {
        let names = |kind: &TargetKind, connect: ConnectArgs| {
            let namespace = connect.namespace.map_or("none".to_owned(), |name| name.to_string());
            let names = [format!("{namespace}-{kind}"), "web".to_owned(), "api".to_owned()];
            names.iter().map(|name| name.parse().unwrap()).collect()
        };
        answer(
            words.iter().map(OsString::from).collect(),
            super::super::command(true, false),
            names,
        )
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
            (&["wait", "sts/"], "sts/none-statefulset", ":4"),
            (&["wait", "-n", "shop", "deploy/app", "ds/"], "ds/shop-daemonset", ":4"),
            (&["access", "--namespace=shop", "jobs.batch/sh"], "jobs.batch/shop-job", ":4"),
            (&["wait", "-nshop", "--grace", "image=3", "rollout", ""], "shop-rollout", ":4"),
            (&["wait", "deploy", "app", "w"], "web", ":4"),
            (&["wait", "widgets.example.com/w"], "widgets.example.com/web", ":4"),
            (&["wait", "deploy/app", "s"], "sts/", ":6"),
        ] {
            let text = at(words);
            assert!(text.lines().any(|line| line.starts_with(candidate)), "{words:?}: {text}");
            assert_eq!(text.lines().last(), Some(directive), "{words:?}: {text}");
        }
    }

    #[test]
    fn where_nothing_may_stand_the_shell_offers_nothing() {
        for words in [
            &["wait", "deploy/app"][..],
            &["wait", "pvc/"],
            &["wait", "pvc", ""],
            &["no-such", ""],
            &["wait", "--timeout", ""],
        ] {
            assert!(at(words).ends_with(":4\n"), "{words:?}: {}", at(words));
        }
        assert_eq!(at(&["wait", "--timeout", ""]), ":4\n");
        assert!(!at(&["__"]).contains("__complete"));
        assert_eq!(at(&["wait", "ds/a"]), "ds/api\n:4\n");
    }
}
