//! `deploygate completions`: scripts that have the shell ask this program.

use clap::{Args, Command};
use clap_complete::Shell;

use super::super::print;
use crate::exit::ExitCode;

/// The options of `completions`.
#[derive(Args, Debug)]
pub(in crate::cli) struct CompletionsArgs {
    /// Shell to complete for
    shell: Shell,
}

pub(in crate::cli) fn completions(args: &CompletionsArgs, command: Command) -> ExitCode {
    match args.shell {
        Shell::Bash => print(include_bytes!("scripts/deploygate.bash")),
        Shell::Fish => print(include_bytes!("scripts/deploygate.fish")),
        Shell::Zsh => print(include_bytes!("scripts/deploygate.zsh")),
        other => print(&of_words(other, command)),
    }
    ExitCode::Passed
}

/// A script that knows the words of the command line, and asks nobody.
fn of_words(shell: Shell, command: Command) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut without_hidden(&command), "deploygate", &mut script);
    script
}

/// The command line without what is hidden, which clap_complete 4.6 lists in such scripts.
fn without_hidden(command: &Command) -> Command {
    let arguments = command.get_arguments().filter(|arg| !arg.is_hide_set()).cloned();
    let commands = command.get_subcommands().filter(|command| !command.is_hide_set());
    // clap takes names that live as long as the program, which ends soon
    let shown = Command::new(&*command.get_name().to_owned().leak());
    let shown =
        shown.about(command.get_about().cloned().unwrap_or_default()).disable_help_flag(true);
    shown.disable_help_subcommand(true).args(arguments).subcommands(commands.map(without_hidden))
}
