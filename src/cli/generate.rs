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

pub(super) fn man(command: clap::Command) -> Result<ExitCode, clap::Error> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| usage(format!("the page could not be written: {error}")))?;
    print(&page);
    Ok(ExitCode::Passed)
}
