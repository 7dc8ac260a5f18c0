//! What clap says of mistakes, made more useful: which variable has the value, and what was probably meant.

use std::ffi::OsString;

use clap::{
    Command, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::target;

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
    let of_words = command.clone().mut_subcommands(|command| command.mut_args(|arg| arg.env(None)));
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
