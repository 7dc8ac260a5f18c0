//! `deploygate check`: the present state, judged by what two reads show. The options and the run are those of `wait`.

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use super::{
    origins::Origins,
    selected::Moment,
    wait::{self, WaitArgs},
};
use crate::exit::ExitCode;

/// Options of `wait` that speak of waiting, or change something: a variable may set them, nobody is shown them, and they do
/// nothing.
const OF_WAITING: [&str; 4] = ["await_for", "timeout", "keep_going", "on_failure"];

/// The options of `check`.
#[derive(Debug)]
pub(super) struct CheckArgs(WaitArgs);

impl Args for CheckArgs {
    fn augment_args(command: Command) -> Command {
        let command = WaitArgs::augment_args(command);
        OF_WAITING
            .into_iter()
            .fold(command, |command, id| command.mut_arg(id, |arg| arg.hide(true)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for CheckArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        WaitArgs::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

pub(super) fn run(args: CheckArgs, origins: &Origins) -> Result<ExitCode, Error> {
    wait::run(args.0, origins, Moment::Present)
}
