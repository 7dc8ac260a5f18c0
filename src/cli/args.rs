//! The options, by theme. Their doc comments are the help.

use std::path::PathBuf;

use clap::Args;
use clap_complete::ArgValueCandidates;

use super::{
    complete,
    values::{self, ColorWhen, OutputFormat},
};
use crate::{
    gate::{Grace, MinReady, Policy, Seconds, is_word},
    model::Namespace,
};

/// Where the target is.
#[derive(Args, Debug)]
#[command(next_help_heading = "Cluster")]
pub(super) struct ConnectArgs {
    /// The namespace of the target; as kubectl: else the context's, else `default`
    #[arg(short, long, value_name = "NAME", env = "DEPLOYGATE_NAMESPACE")]
    pub(super) namespace: Option<Namespace>,

    /// The kubeconfig context to use
    #[arg(long, value_name = "NAME", env = "DEPLOYGATE_CONTEXT")]
    pub(super) context: Option<String>,

    /// The kubeconfig file to use; else KUBECONFIG, ~/.kube/config, or the pod's service account
    #[arg(long, value_name = "FILE", env = "DEPLOYGATE_KUBECONFIG")]
    pub(super) kubeconfig: Option<PathBuf>,
}

/// What is tolerated, and for how long.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Policy")]
pub(super) struct PolicyArgs {
    /// The deadline of the rollout phase, e.g. 10m [default: 10m]
    #[arg(long, value_name = "DURATION", env = "DEPLOYGATE_TIMEOUT", value_parser = values::duration)]
    timeout: Option<std::time::Duration>,

    /// How long all new pods must stay healthy after the rollout is complete [default: 60s]
    ///
    /// A crash that comes later than this is not seen. The report says so when the window is too short for the probes
    /// of the pods.
    #[arg(long, value_name = "DURATION", env = "DEPLOYGATE_WINDOW", value_parser = values::duration)]
    window: Option<std::time::Duration>,

    /// Restarts a container may have, per container and pod [default: 0]
    ///
    /// Over rollout and window together. With 0 the first crash fails the gate. Restarts that the platform caused are
    /// noted and not counted.
    #[arg(long, value_name = "N", env = "DEPLOYGATE_MAX_RESTARTS", allow_negative_numbers = true)]
    max_restarts: Option<u32>,

    /// How long a cause may last before it fails the gate, e.g. image=2m; may be repeated
    ///
    /// Causes and defaults: image=3m (30s or the second failed pull if waiting does not help, 60s for a host that does not
    /// resolve), config=45s, container=60s, create=30s (3m if a webhook or service does not answer), pending=5m, mount=3m
    /// (60s if an object is missing), sandbox=2m, not-ready=30s (in the window), stale=30s (without a consistent read). A
    /// grace that is set holds as set.
    #[arg(long, value_name = "CAUSE=DURATION", env = "DEPLOYGATE_GRACE", value_delimiter = '\n', add = ArgValueCandidates::new(complete::graces))]
    grace: Vec<String>,

    /// A container whose failures are noted, not judged; may be repeated
    #[arg(long, value_name = "NAME", env = "DEPLOYGATE_IGNORE_CONTAINER", value_delimiter = '\n')]
    ignore_container: Vec<String>,

    /// How many of the new pods must be ready and stay so: a number or a percentage [default: 100%]
    #[arg(long, value_name = "N|P%", env = "DEPLOYGATE_MIN_READY", value_parser = values::min_ready)]
    min_ready: Option<MinReady>,

    /// An image that the new revision must run; may be repeated
    ///
    /// Catches a pipeline that is green while the old tag runs on.
    #[arg(long, value_name = "IMAGE", env = "DEPLOYGATE_EXPECT_IMAGE", value_delimiter = '\n')]
    expect_image: Vec<String>,

    /// Lines of each log excerpt: head, tail, and the lines that tell why; the rest is counted [default: 40]
    #[arg(long, value_name = "N", env = "DEPLOYGATE_LOG_LINES", value_parser = clap::value_parser!(u16).range(1..=1000))]
    log_lines: Option<u16>,
}

impl PolicyArgs {
    /// The policy `base` with what was given in its place.
    ///
    /// # Errors
    /// A sentence on a grace that can't be read.
    pub(super) fn over(self, base: Policy) -> Result<Policy, String> {
        let mut policy = base;
        policy.timeout = self.timeout.unwrap_or(policy.timeout);
        policy.window = self.window.unwrap_or(policy.window);
        policy.max_restarts = self.max_restarts.unwrap_or(policy.max_restarts);
        policy.min_ready = self.min_ready.unwrap_or(policy.min_ready);
        policy.log_lines = self.log_lines.map_or(policy.log_lines, usize::from);
        for text in given(self.grace) {
            let (grace, length): (Grace, _) =
                values::grace(&text).map_err(|error| format!("--grace {text}: {error}"))?;
            policy.grace.insert(grace, Seconds(length));
        }
        let containers = given(self.ignore_container);
        check_words("--ignore-container", "the name of a container", &containers)?;
        if !containers.is_empty() {
            policy.ignore_containers = containers;
        }
        let images = given(self.expect_image);
        check_words("--expect-image", "an image, e.g. ghcr.io/acme/app:1.4", &images)?;
        if !images.is_empty() {
            policy.expect_images = images;
        }
        Ok(policy)
    }
}

/// # Errors
/// A sentence on the first word that can be no name.
fn check_words(option: &str, expected: &str, words: &[String]) -> Result<(), String> {
    match words.iter().find(|word| !is_word(word)) {
        Some(word) => Err(format!("invalid value `{word}` for {option}: expected {expected}")),
        None => Ok(()),
    }
}

/// What is written where.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// A report: junit, markdown, html or json, and its file; `-` is stdout; may be repeated
    ///
    /// The folder is made. A red placeholder is there from the start, so that a run that is killed leaves no green
    /// report behind.
    #[arg(long, value_name = "FORMAT=PATH", env = "DEPLOYGATE_REPORT", value_delimiter = '\n', add = ArgValueCandidates::new(complete::reports))]
    pub(super) report: Vec<String>,

    /// One more pattern of text to hide in every output, a regular expression; may be repeated
    ///
    /// Tokens, keys and passwords are hidden anyway.
    #[arg(long, value_name = "REGEX", env = "DEPLOYGATE_REDACT", value_delimiter = '\n')]
    pub(super) redact: Vec<String>,

    /// What goes to stdout: nothing, or the outcome as one JSON document
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

    /// Show every change and all that is waited for
    #[arg(short, long, env = "DEPLOYGATE_VERBOSE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) verbose: bool,

    /// When to use colours; NO_COLOR is kept
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, env = "DEPLOYGATE_COLOR")]
    pub(super) color: ColorWhen,
}

/// The values of a list without empty ones: an input of a CI system that is left empty arrives as an empty line.
pub(super) fn given(values: Vec<String>) -> Vec<String> {
    let values = values.into_iter().map(|value| value.trim().to_owned());
    values.filter(|value| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_not_given_stays_as_the_base_has_it() {
        let base = Policy { window: Duration::from_secs(7), max_restarts: 3, ..Policy::default() };
        let args = PolicyArgs {
            max_restarts: Some(1),
            grace: vec!["image=2m".into(), String::new()],
            ..PolicyArgs::default()
        };
        let policy = args.over(base).unwrap();
        assert_eq!((policy.window.as_secs(), policy.max_restarts), (7, 1));
        assert_eq!(policy.set_grace(Grace::Image), Some(Duration::from_secs(120)));
        assert_eq!(policy.set_grace(Grace::Config), None);
    }
}
