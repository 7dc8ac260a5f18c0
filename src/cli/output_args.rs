//! The options that say what is written where. Their doc comments are the help.

use clap::{
    Args, Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{
    origins::Origins,
    values::{ColorWhen, OutputFormat},
};
use crate::gate::Origin;

/// Reports, and what goes to stdout and stderr.
#[derive(Args, Debug)]
#[command(next_help_heading = super::help::OUTPUT)]
pub(super) struct OutputArgs {
    /// Write a report, e.g. junit=gate.xml; repeatable
    ///
    /// Formats: junit, markdown, html, json, and with `--filename` codequality; the path `-` is stdout. Missing directories are created. A failing placeholder is written first, so that a run that is killed leaves no
    /// passing report behind.
    #[arg(long, value_name = "FORMAT=PATH", env = "DEPLOYGATE_REPORT", value_delimiter = '\n')]
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
    #[arg(short, long, env = "DEPLOYGATE_QUIET", value_parser = clap::builder::FalseyValueParser::new())]
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

impl OutputArgs {
    /// Decides between `--quiet` and `--verbose`: an option is stronger than a variable.
    ///
    /// # Errors
    /// Both were asked for in the same way.
    pub(super) fn settle(&mut self, origins: &Origins) -> Result<(), Error> {
        if !self.quiet || !self.verbose {
            return Ok(());
        }
        match (origins.origin("quiet"), origins.origin("verbose")) {
            (Some(Origin::Flag), Some(Origin::Environment)) => self.verbose = false,
            (Some(Origin::Environment), Some(Origin::Flag)) => self.quiet = false,
            _ => {
                let mut error = Error::new(ErrorKind::ArgumentConflict);
                for (context, field) in
                    [(ContextKind::InvalidArg, "quiet"), (ContextKind::PriorArg, "verbose")]
                {
                    error.insert(context, ContextValue::String(origins.name(field)));
                }
                return Err(error);
            }
        }
        Ok(())
    }
}
