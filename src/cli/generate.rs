//! `deploygate completions` and `deploygate man`.

use clap::Args;

use super::{print, usage};
use crate::exit::ExitCode;

/// The options of `completions`.
#[derive(Args, Debug)]
pub(super) struct CompletionsArgs {
    /// Shell to complete for
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
    /// Command to describe, e.g. wait; without one, the program
    command: Option<String>,
}

pub(super) fn man(args: &ManArgs, mut program: clap::Command) -> Result<ExitCode, clap::Error> {
    // sets the names by which the pages refer to each other
    program.build();
    let command = match &args.command {
        None => &program,
        Some(name) => program.find_subcommand(name).ok_or_else(|| {
            let known: Vec<_> = program.get_subcommands().map(clap::Command::get_name).collect();
            usage(format!("unknown command `{name}`; commands: {}", known.join(", ")))
        })?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| usage(format!("failed to write the page: {error}")))?;
    print(&page);
    Ok(ExitCode::Passed)
}
