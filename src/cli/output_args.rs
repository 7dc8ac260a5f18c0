//! The options that say what is written where. Their doc comments are the help.

use clap::Args;
use clap_complete::ArgValueCandidates;

use super::{
    candidates,
    values::{ColorWhen, OutputFormat},
};

/// Reports, and what goes to stdout and stderr.
#[derive(Args, Debug)]
#[command(next_help_heading = super::help::OUTPUT)]
pub(super) struct OutputArgs {
    /// Write a report, e.g. junit=gate.xml; repeatable
    ///
    /// Formats: junit, markdown, html, json, and with `--filename` codequality; the path `-` is stdout. Missing directories are created. A failing placeholder is written first, so that a run that is killed leaves no
    /// passing report behind.
    #[arg(long, value_name = "FORMAT=PATH", env = "DEPLOYGATE_REPORT", value_delimiter = '\n', add = ArgValueCandidates::new(candidates::reports))]
    pub(super) report: Vec<String>,

    /// Regular expression of text to hide; repeatable
    ///
    /// In every output. What looks like a token, key or password is hidden without it.
    #[arg(long, value_name = "REGEX", env = "DEPLOYGATE_REDACT", value_delimiter = '\n')]
    pub(super) redact: Vec<String>,

    /// text (nothing) or json on stdout
    ///
    /// With json it is the outcome as one JSON document, and nothing else there.
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

    /// auto, always or never
    ///
    /// When to use colours; NO_COLOR is honoured.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, env = "DEPLOYGATE_COLOR")]
    pub(super) color: ColorWhen,
}
