//! `deploygate completions`.

use clap::Args;

use super::print;
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
