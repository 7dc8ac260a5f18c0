//! What each argument takes, beyond the words that clap knows.

use std::{
    ffi::{OsStr, OsString},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::{Arg, ArgMatches, Command, FromArgMatches, ValueHint, parser::ValueSource};
use clap_complete::{ArgValueCompleter, CompletionCandidate};

use super::{
    super::{connect::ConnectArgs, without_variables},
    lookup::Lookup,
};
use crate::{
    gate::Grace,
    model::{ObjectName, TargetKind},
    report::Format,
    vocabulary::OnFailure,
};

/// What kubectl's users type for the kinds.
const KINDS: [&str; 5] = ["deploy/", "sts/", "ds/", "job/", "rollout/"];

/// What was typed before the cursor, and where to look names up.
#[derive(Clone)]
pub(super) struct Arguments {
    /// The command before the cursor with its options; `None` where it is not known yet.
    typed: Option<(String, ArgMatches)>,
    /// Names of the commands, for those that take one.
    commands: Vec<String>,
    lookup: Lookup,
    /// Set if the argument at the cursor is a path.
    takes_file: Arc<AtomicBool>,
}

impl Arguments {
    /// `before`: the words before the cursor, the program among them.
    pub(super) fn of(
        command: &Command,
        before: &[OsString],
        lookup: Lookup,
        takes_file: Arc<AtomicBool>,
    ) -> Self {
        // the variables' targets are not what is typed here, and a bad value of one hides what is
        let words = without_variables(command.clone());
        let matches = words.ignore_errors(true).try_get_matches_from(before).ok();
        let typed = matches.and_then(|mut matches| matches.remove_subcommand());
        let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
        let commands = shown.map(|command| command.get_name().to_owned()).collect();
        Self { typed, commands, lookup, takes_file }
    }

    /// Whether the words before the cursor lead to a command.
    pub(super) const fn is_of_command(&self) -> bool {
        self.typed.is_some()
    }

    /// The command line whose arguments offer what they take.
    pub(super) fn offered_by(self, command: Command) -> Command {
        let Some((name, _)) = self.typed.clone() else { return command };
        command.mut_subcommand(name, |command| command.mut_args(|arg| self.clone().offered(arg)))
    }

    /// The engine asks an argument if the cursor is at its value.
    fn offered(self, arg: Arg) -> Arg {
        let completer = match arg.get_id().as_str() {
            "target" => ArgValueCompleter::new(move |text: &OsStr| self.targets(text)),
            "namespace" => ArgValueCompleter::new(move |text: &OsStr| {
                starting(text, (self.lookup.namespaces)(self.connect()))
            }),
            "context" => ArgValueCompleter::new(move |text: &OsStr| {
                starting(text, (self.lookup.contexts)(self.connect()))
            }),
            "report" => ArgValueCompleter::new(move |text: &OsStr| self.reports(text)),
            "grace" => ArgValueCompleter::new(|text: &OsStr| {
                starting(text, Grace::ALL.map(|grace| format!("{grace}=")).into())
            }),
            "on_failure" => ArgValueCompleter::new(|text: &OsStr| {
                starting(text, OnFailure::ALL.map(|action| action.as_str().to_owned()).into())
            }),
            "command" => {
                ArgValueCompleter::new(move |text: &OsStr| starting(text, self.commands.clone()))
            }
            _ if matches!(arg.get_value_hint(), ValueHint::AnyPath | ValueHint::FilePath) => {
                ArgValueCompleter::new(move |_: &OsStr| self.files())
            }
            _ => return arg,
        };
        arg.add(completer)
    }

    /// The shell completes paths: it knows of `~`, quotes and links.
    fn files(&self) -> Vec<CompletionCandidate> {
        self.takes_file.store(true, Ordering::Relaxed);
        Vec::new()
    }

    fn reports(&self, text: &OsStr) -> Vec<CompletionCandidate> {
        match text.to_string_lossy().contains('=') {
            true => self.files(),
            false => {
                starting(text, Format::ALL.map(|format| format!("{}=", format.as_str())).into())
            }
        }
    }

    /// Where to look names up, by the options before the cursor.
    fn connect(&self) -> Option<ConnectArgs> {
        let (_, matches) = self.typed.as_ref()?;
        ConnectArgs::from_arg_matches(matches).ok()
    }

    /// Values of an argument that were typed; none if the command has no such argument.
    fn words(&self, id: &str) -> Vec<String> {
        let Some((_, matches)) = &self.typed else { return Vec::new() };
        if !matches.try_contains_id(id).unwrap_or(false)
            || matches.value_source(id) != Some(ValueSource::CommandLine)
        {
            return Vec::new();
        }
        let words = matches.try_get_many::<String>(id).ok().flatten();
        words.into_iter().flatten().cloned().collect()
    }

    /// Whether workloads are selected, so that targets are kinds alone.
    fn selects(&self) -> bool {
        let everywhere = self.typed.as_ref().is_some_and(|(_, matches)| {
            matches.try_get_one::<bool>("all_namespaces").ok().flatten() == Some(&true)
        });
        everywhere || !self.words("selector").is_empty() || !self.words("helm_release").is_empty()
    }

    fn targets(&self, text: &OsStr) -> Vec<CompletionCandidate> {
        let Some(text) = text.to_str() else { return Vec::new() };
        let names = |kind: &TargetKind| (self.lookup.names)(kind, self.connect());
        let all = match self.selects() && !text.contains('/') {
            true => kinds_at(text),
            false => targets_at(text, &self.words("target"), names),
        };
        starting(OsStr::new(text), all)
    }
}

fn starting(text: &OsStr, all: Vec<String>) -> Vec<CompletionCandidate> {
    let fits = all.into_iter().filter(|one| one.as_bytes().starts_with(text.as_encoded_bytes()));
    fits.map(CompletionCandidate::new).collect()
}

/// Kinds for the last part of `deploy,sts`.
fn kinds_at(text: &str) -> Vec<String> {
    let stem = text.rfind(',').map_or("", |comma| &text[..=comma]);
    let known = stem.split(',').map(|kind| format!("{kind}/")).collect::<Vec<_>>();
    let new = KINDS.into_iter().filter(|kind| !known.iter().any(|one| one == kind));
    new.map(|kind| format!("{stem}{}", kind.trim_end_matches('/'))).collect()
}

/// Candidates for a word among targets, after those that stand before it: kinds, and names where the kind is known, by
/// `KIND/` or by a first word of `KIND NAME...`. None is offered twice.
fn targets_at(
    text: &str,
    before: &[String],
    names: impl Fn(&TargetKind) -> Vec<ObjectName>,
) -> Vec<String> {
    let of_kind = |kind: &str, stem: &str| -> Vec<String> {
        let names = kind.parse().map(|kind| names(&kind)).unwrap_or_default();
        names.iter().map(|name| format!("{stem}{name}")).collect()
    };
    let first = before.first();
    let all = match (text.split_once('/'), first) {
        (Some((kind, _)), _) => of_kind(kind, &format!("{kind}/")),
        (None, Some(first)) if !first.contains('/') => {
            // of several kinds the names of each
            let names = first.split(',').flat_map(|kind| of_kind(kind, ""));
            let mut names: Vec<_> = names.collect();
            names.sort();
            names.dedup();
            names
        }
        (None, _) => KINDS.map(str::to_owned).into(),
    };
    all.into_iter().filter(|one| !before.contains(one)).collect()
}
