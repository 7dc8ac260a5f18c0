//! The command line. Its types stop here: what follows gets settings and policies.

mod access;
mod check;
mod ci;
mod complete;
mod connect;
mod demo;
mod fault;
mod finish;
mod help;
mod listing;
mod man;
mod manifests;
mod mistakes;
mod origins;
mod output_args;
mod places;
mod policy_args;
mod policy_file;
mod replay;
mod selected;
mod settings;
mod step;
mod target;
mod values;
mod wait;
mod wanted;

use std::{
    ffi::{OsStr, OsString},
    io::Write,
    path::Path,
    process::ExitCode,
};

use clap::{
    CommandFactory, FromArgMatches, Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};

use self::{origins::Origins, selected::Moment};
use crate::{exit, text::neutralize};

/// A deploy gate for Kubernetes: watches a rollout, explains why it failed, and blocks the pipeline.
#[derive(Debug, Parser)]
#[command(
    name = "deploygate",
    version,
    disable_help_subcommand = true,
    args_override_self = true,
    infer_subcommands = false
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Watch a rollout and report a verdict
    Wait(wait::WaitArgs),
    /// Judge the present state: what is broken, since when and why
    Check(check::CheckArgs),
    /// Judge a recording: same verdict and reports, no cluster needed
    Replay(replay::ReplayArgs),
    /// Play a recorded run of a real cluster; no cluster needed
    Demo(demo::DemoArgs),
    /// Check permissions and print a minimal Role
    Access(access::AccessArgs),
    /// Print a shell completion script
    Completions(complete::CompletionsArgs),
    /// Print a manual page
    Man(man::ManArgs),
    /// List what may stand at the cursor, in cobra's protocol: kubectl asks its plugins for it
    #[command(name = "__complete", hide = true, disable_help_flag = true)]
    Complete(complete::CompleteArgs),
}

/// The heading of the options that name targets.
const TARGETS: &str = "Targets";

/// The heading of the options that make a policy.
const POLICY: &str = "Policy";

/// Runs the program with these arguments, the first of which is its name.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = with_options(args.into_iter().collect());
    let is_plugin = args.first().is_some_and(|name| is_plugin(name));
    let is_short = args.len() < 2 || args.iter().any(|word| word == "-h");
    let command = || command(is_plugin, is_short);
    let matches = match command().try_get_matches_from(&args) {
        Ok(matches) => matches,
        Err(error) => return refuse(&mistakes::explained(error, &args, command())),
    };
    if let Some(name @ ("wait" | "check" | "access")) = matches.subcommand_name() {
        let variables = settings::named(mistakes::PREFIX);
        mistakes::misspelt(&variables, &Cli::command(), name).iter().for_each(|one| complain(one));
    }
    let given = |has_variables| {
        let of_command = matches.subcommand().map(|(_, matches)| matches);
        of_command.map(|matches| Origins::of(matches, has_variables)).unwrap_or_default()
    };
    let result = Cli::from_arg_matches(&matches).and_then(|cli| match cli.command {
        Command::Wait(args) => wait::run(args, &given(true), Moment::Rollout),
        Command::Check(args) => check::run(args, &given(true)),
        Command::Replay(args) => replay::run(args, &given(false)),
        Command::Demo(args) => demo::run(args, &given(false)),
        Command::Access(args) => access::run(args, &given(true)),
        Command::Completions(args) => Ok(complete::completions(&args, command())),
        Command::Man(args) => man::man(&args, command()),
        Command::Complete(args) => Ok(complete::complete(args, command())),
    });
    match result {
        Ok(code) => code.into(),
        Err(error) => {
            let name = matches.subcommand_name().unwrap_or_default();
            refuse(&with_usage(error, command(), name))
        }
    }
}

/// A missing argument that clap could not see is told as one that it does see: with the usage of the command.
fn with_usage(mut error: clap::Error, mut all: clap::Command, name: &str) -> clap::Error {
    all.build();
    if error.kind() == ErrorKind::MissingRequiredArgument
        && let Some(command) = all.find_subcommand_mut(name)
    {
        let usage = ContextValue::StyledStr(command.render_usage());
        error.insert(ContextKind::Usage, usage);
    }
    error
}

/// `help`, `help COMMAND` and `version` as the options that say the same.
fn with_options(mut args: Vec<OsString>) -> Vec<OsString> {
    match args.get(1).and_then(|word| word.to_str()) {
        Some("help") => {
            args.remove(1);
            args.truncate(2);
            args.push("--help".into());
        }
        Some("version") => args[1] = "--version".into(),
        _ => {}
    }
    args
}

/// Whether kubectl runs this as its plugin: it looks for `kubectl-deploygate` on the PATH.
fn is_plugin(name: &OsStr) -> bool {
    Path::new(name).file_stem().is_some_and(|name| name == "kubectl-deploygate")
}

/// The command line, without the variables that are set but empty: CI systems set them for inputs that were left out.
/// `is_short`: help has one line for each option.
fn command(is_plugin: bool, is_short: bool) -> clap::Command {
    fn without_empty(command: clap::Command) -> clap::Command {
        command
            .mut_args(|arg| {
                let empty = arg.get_env().is_some_and(settings::is_empty);
                let arg = if empty { arg.env(None) } else { arg };
                arg.hide_env_values(true)
            })
            .mut_subcommands(without_empty)
    }
    /// A recording has its policy: variables of the job that plays it are about other runs.
    fn without_policy(command: clap::Command) -> clap::Command {
        let plays = matches!(command.get_name(), "replay" | "demo");
        command.mut_args(|arg| match arg.get_help_heading() {
            Some(POLICY) if plays => arg.env(None),
            _ => arg,
        })
    }
    let command = without_empty(Cli::command());
    let command = command.mut_subcommands(without_policy);
    // what its users type
    let name = if is_plugin { "kubectl deploygate" } else { "deploygate" };
    let command = help::explained(command, is_short, name);
    if is_plugin { command.bin_name(name).display_name(name) } else { command }
}

/// The command line as it is typed: no variable stands for an argument.
fn without_variables(command: clap::Command) -> clap::Command {
    command.mut_subcommands(|command| command.mut_args(|arg| arg.env(None)))
}

/// That nothing is to be judged: neither the command line nor a policy file names a target. In a pipeline a missing target
/// is usually an empty variable.
fn missing_target() -> clap::Error {
    let mut error = clap::Error::new(ErrorKind::MissingRequiredArgument);
    let target = ContextValue::Strings(vec!["<TARGET>...".to_owned()]);
    error.insert(ContextKind::InvalidArg, target);
    let tip =
        "pass KIND/NAME, e.g. deploy/app, or set DEPLOYGATE_TARGET, which is empty or not set";
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    error
}

/// What requests run in.
///
/// # Errors
/// One line, if the operating system does not give what it takes.
fn runtime() -> Result<tokio::runtime::Runtime, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| format!("failed to start: {error}"))
}

/// Help and version are not errors; anything else is wrong usage.
fn refuse(error: &clap::Error) -> ExitCode {
    let is_wanted = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let surroundings = settings::Surroundings::read();
    if is_wanted || (surroundings.stderr_is_terminal && !surroundings.is_ci) {
        // a closed pipe is not an error
        let _ = error.print();
    } else {
        // in a pipeline a value may come from anyone who can name a branch
        complain(error.render().to_string().trim_end());
    }
    if is_wanted { ExitCode::SUCCESS } else { exit::ExitCode::Usage.into() }
}

/// Wrong usage that clap cannot see, since it takes more than one value to tell.
fn usage(message: impl std::fmt::Display) -> clap::Error {
    clap::Error::raw(ErrorKind::ValueValidation, format!("{message}\n"))
}

/// Writes to stdout; a closed pipe is not an error.
fn print(text: &[u8]) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text).and_then(|()| out.flush());
}

/// Writes lines to stderr, none of which can command a CI runner.
fn complain(text: &str) {
    say(&neutralize(text));
}

/// Writes lines to stderr as they are; a closed pipe is not an error.
fn say(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = writeln!(err, "{text}").and_then(|()| err.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_option_given_twice_the_last_one_holds() {
        let words = ["deploygate", "wait", "deploy/app", "--window=1s", "-q", "--window=2s", "-q"];
        let matches = command(false, false).try_get_matches_from(words).unwrap();
        let of_wait = matches.subcommand_matches("wait").unwrap();
        let window = of_wait.get_one::<std::time::Duration>("window");
        assert_eq!(window.map(std::time::Duration::as_secs), Some(2));
    }

    #[test]
    fn help_and_version_are_words_too() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for (typed, meant) in [
            ("deploygate help", "deploygate --help"),
            ("deploygate help wait", "deploygate wait --help"),
            ("deploygate version", "deploygate --version"),
            ("deploygate wait help", "deploygate wait help"),
        ] {
            assert_eq!(with_options(words(typed)), words(meant));
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        command(false, false).debug_assert();
        command(true, false).debug_assert();
    }
}
