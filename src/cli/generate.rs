//! `deploygate completions` and `deploygate man`.

use clap::Args;

use super::{print, usage};
use crate::exit::ExitCode;

/// The options of `completions`.
#[derive(Args, Debug)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

pub(super) fn completions(args: &CompletionsArgs, mut command: clap::Command) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "deploygate", &mut script);
    print(&script);
    ExitCode::Passed
}

/// The options of `man`.
#[derive(Args, Debug)]
pub(super) struct ManArgs {
    /// The command whose page it is, e.g. wait; else the program's
    command: Option<String>,
}

pub(super) fn man(args: &ManArgs, mut program: clap::Command) -> Result<ExitCode, clap::Error> {
    // gives commands the names by which pages refer to each other
    program.build();
    let command = match &args.command {
        None => &program,
        Some(name) => program.find_subcommand(name).ok_or_else(|| {
            let known: Vec<_> = program.get_subcommands().map(clap::Command::get_name).collect();
            usage(format!("there is no command `{name}`; the commands are {}", known.join(", ")))
        })?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| usage(format!("the page could not be written: {error}")))?;
    print(&page);
    Ok(ExitCode::Passed)
}
