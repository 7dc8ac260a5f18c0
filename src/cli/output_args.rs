//! The options that say what is written where. Their doc comments are the help.

use clap::Args;
use clap_complete::ArgValueCandidates;

use super::{
    candidates,
    values::{ColorWhen, OutputFormat},
};

/// Reports, and what goes to stdout and stderr.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// Report to write: junit, markdown, html, json or codequality, and its path; `-` is stdout; repeatable
    ///
    /// Missing directories are created. A failing placeholder is written first, so that a run that is killed leaves no
    /// passing report behind.
    #[arg(long, value_name = "FORMAT=PATH", env = "DEPLOYGATE_REPORT", value_delimiter = '\n', add = ArgValueCandidates::new(candidates::reports))]
    pub(super) report: Vec<String>,

    /// Regular expression of more text to hide in every output; repeatable
    ///
    /// What looks like a token, key or password is hidden without it.
    #[arg(long, value_name = "REGEX", env = "DEPLOYGATE_REDACT", value_delimiter = '\n')]
    pub(super) redact: Vec<String>,

    /// What to print on stdout: nothing, or the outcome as one JSON document
    #[arg(
        long,
        short,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        env = "DEPLOYGATE_OUTPUT"
    )]
    pub(super) output: OutputFormat,

    /// Show only the verdict
    #[arg(short, long, conflicts_with = "verbose", env = "DEPLOYGATE_QUIET", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) quiet: bool,

    /// Show every change and everything still pending
    #[arg(short, long, env = "DEPLOYGATE_VERBOSE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) verbose: bool,

    /// When to use colours; NO_COLOR is honoured
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, env = "DEPLOYGATE_COLOR")]
    pub(super) color: ColorWhen,
}
