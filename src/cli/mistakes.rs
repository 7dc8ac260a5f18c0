//! What clap says of mistakes, made more useful: which variable has the value, and what was probably meant.

use std::ffi::OsString;

use clap::{
    Command, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{target, without_variables};
use crate::text::is_slip;

/// What the variables of options begin with.
pub(super) const PREFIX: &str = "DEPLOYGATE_";

/// A question for each variable whose name is a slip of the pen away from that of an option of a command: it would do
/// nothing, unseen. Others may be anybody's. `all`: the command line with its variables.
pub(super) fn misspelt(variables: &[String], all: &Command, command: &str) -> Vec<String> {
    let of = |command: &Command| -> Vec<String> {
        let variables = command.get_arguments().filter_map(clap::Arg::get_env);
        variables.map(|name| name.to_string_lossy().into_owned()).collect()
    };
    let known: Vec<_> = all.get_subcommands().flat_map(of).collect();
    let own = all.find_subcommand(command).map(of).unwrap_or_default();
    let unknown = variables.iter().filter(|name| !known.contains(name));
    let meant = unknown.filter_map(|name| Some((name, own.iter().find(|own| is_slip(name, own))?)));
    let told = meant.map(|(name, own)| {
        format!("{name} is ignored: no option has that variable (did you mean {own}?)")
    });
    told.collect()
}

/// The error as a user understands it. `command`: the command line.
pub(super) fn explained(error: Error, args: &[OsString], command: Command) -> Error {
    match error.kind() {
        ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument => with_command(error, args),
        _ => named_by_variable(error, args, command),
    }
}

/// Where a command was left out, or stands behind its options: how to write it.
fn with_command(mut error: Error, args: &[OsString]) -> Error {
    let Some(first) = args.get(1).and_then(|word| word.to_str()) else { return error };
    // that an option may be meant as a target is never so
    error.remove(ContextKind::Suggested);
    let kind = first.split(['/', ',']).next().unwrap_or_default();
    let tip = match error.kind() {
        ErrorKind::InvalidSubcommand if first.contains('/') || target::kinds(kind).is_ok() => {
            error.remove(ContextKind::SuggestedSubcommand);
            "name the command first, e.g. deploygate wait deploy/app"
        }
        ErrorKind::UnknownArgument if first.starts_with('-') => {
            "options follow the command, e.g. deploygate wait -n shop deploy/app"
        }
        _ => return error,
    };
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    error
}

/// An invalid value of a variable is told of the variable, not of the option that it stands for.
fn named_by_variable(mut error: Error, args: &[OsString], mut command: Command) -> Error {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let option = option.clone();
    let of_words = without_variables(command.clone());
    let typed = of_words.try_get_matches_from(args).err();
    let is_named =
        |typed: &Error| typed.get(ContextKind::InvalidArg) == error.get(ContextKind::InvalidArg);
    if typed.as_ref().is_some_and(is_named) {
        return error;
    }
    command.build();
    let command = args.get(1).and_then(|name| command.find_subcommand(name));
    let arg =
        command.and_then(|command| command.get_arguments().find(|arg| arg.to_string() == option));
    if let Some(variable) = arg.and_then(clap::Arg::get_env) {
        let variable = variable.to_string_lossy().into_owned();
        error.insert(ContextKind::InvalidArg, ContextValue::String(variable));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_variable_that_is_near_to_one_of_an_option_is_spoken_of() {
        let arg = |name: &'static str| clap::Arg::new(name).long(name).env(name);
        let known = ["DEPLOYGATE_TIMEOUT", "DEPLOYGATE_REDACT", "DEPLOYGATE_TARGET"].map(arg);
        let of_replay = ["DEPLOYGATE_RECORDING"].map(arg);
        let all = Command::new("deploygate").subcommand(Command::new("wait").args(known));
        let all = all.subcommand(Command::new("replay").args(of_replay));
        let said = |name: &str| misspelt(&[name.to_owned()], &all, "wait");
        for name in
            ["DEPLOYGATE_TIMEOUT", "DEPLOYGATE_VERDICT", "DEPLOYGATE_RECORDINGS", "DEPLOYGATE_"]
        {
            assert_eq!(said(name), [""; 0], "{name}");
        }
        assert!(said("DEPLOYGATE_TIMOUT")[0].ends_with("(did you mean DEPLOYGATE_TIMEOUT?)"));
        assert!(said("DEPLOYGATE_TARGETS")[0].starts_with("DEPLOYGATE_TARGETS is ignored"));
    }
}
