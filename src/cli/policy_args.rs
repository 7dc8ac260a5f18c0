//! The options that say what is tolerated. Their doc comments are the help.

use clap::Args;
use clap_complete::ArgValueCandidates;

use super::{
    candidates,
    values::{self, given},
};
use crate::{
    gate::{Grace, MinReady, Policy, Seconds, WantedCondition, is_label},
    model::is_word,
};

/// What is tolerated, and for how long.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Policy")]
pub(super) struct PolicyArgs {
    /// How long a target may be missing, or not yet be what is expected: for GitOps [default: 0s]
    ///
    /// Until then nothing is judged. What is expected comes from `--expect-image`, `--expect-label` or manifests; without it,
    /// a target that exists must change. The rollout's timeout starts when that is so. A target that did not change is
    /// inconclusive (`not-updated`).
    #[arg(long = "await", value_name = "DURATION", env = "DEPLOYGATE_AWAIT", value_parser = values::duration)]
    await_for: Option<std::time::Duration>,

    /// How long the rollout may take, e.g. 10m [default: 10m]
    #[arg(long, value_name = "DURATION", env = "DEPLOYGATE_TIMEOUT", value_parser = values::duration)]
    timeout: Option<std::time::Duration>,

    /// How long all new pods must stay healthy once the rollout is complete [default: 60s]
    ///
    /// Crashes after this window are not detected. The report says so if the window is too short for the pods' probes.
    #[arg(long, value_name = "DURATION", env = "DEPLOYGATE_WINDOW", value_parser = values::duration)]
    window: Option<std::time::Duration>,

    /// Restarts allowed per container and pod [default: 0]
    ///
    /// Counted over rollout and window together: with 0, the first crash fails the run. Restarts caused by the platform are
    /// reported but not counted.
    #[arg(long, value_name = "N", env = "DEPLOYGATE_MAX_RESTARTS", allow_negative_numbers = true)]
    max_restarts: Option<u32>,

    /// How long a cause may last before it fails the run, e.g. image=2m; repeatable
    ///
    /// Causes and defaults: image=3m (30s or the second failed pull if waiting does not help, 60s for a host that does not
    /// resolve), config=45s, container=60s, create=30s (3m if a webhook or service does not answer), pending=5m, mount=3m
    /// (60s if an object is missing), sandbox=2m, not-ready=30s (in the window), stale=30s (without a consistent read). A
    /// value you set is used exactly as given.
    #[arg(long, value_name = "CAUSE=DURATION", env = "DEPLOYGATE_GRACE", value_delimiter = '\n', add = ArgValueCandidates::new(candidates::graces))]
    grace: Vec<String>,

    /// Container whose failures are reported but do not fail the run; repeatable
    #[arg(long, value_name = "NAME", env = "DEPLOYGATE_IGNORE_CONTAINER", value_delimiter = '\n')]
    ignore_container: Vec<String>,

    /// How many of the new pods must be ready and stay ready: a number or a percentage [default: 100%]
    #[arg(long, value_name = "N|P%", env = "DEPLOYGATE_MIN_READY", value_parser = values::min_ready)]
    min_ready: Option<MinReady>,

    /// Accept an Argo Rollout that is paused until it is promoted: it counts as complete for the pods it has
    #[arg(long, env = "DEPLOYGATE_ACCEPT_PAUSE", value_parser = clap::builder::FalseyValueParser::new())]
    accept_pause: bool,

    /// Condition that makes a custom resource complete, e.g. Synced=True
    ///
    /// Without it those of Ready, Available, Succeeded, Complete and Healthy that exist must be True, at least one must exist,
    /// and Reconciling must not be True.
    #[arg(long, value_name = "TYPE=STATUS", env = "DEPLOYGATE_CONDITION", value_parser = values::condition)]
    condition: Option<WantedCondition>,

    /// Image that the new revision must run; repeatable
    ///
    /// Catches a pipeline that passes while the old tag keeps running. It binds the targets that run its repository, the last
    /// element of its path; one that no target runs fails the run. Digests are compared where both have one, else tags.
    #[arg(long, value_name = "IMAGE", env = "DEPLOYGATE_EXPECT_IMAGE", value_delimiter = '\n')]
    expect_image: Vec<String>,

    /// Label or annotation of the workload or its pod template that marks the release, e.g. a commit; repeatable
    #[arg(long, value_name = "KEY=VALUE", env = "DEPLOYGATE_EXPECT_LABEL", value_delimiter = '\n')]
    expect_label: Vec<String>,

    /// Lines of each log excerpt: the first, the last, and those that explain the failure [default: 40]
    ///
    /// Omitted lines are counted.
    #[arg(long, value_name = "N", env = "DEPLOYGATE_LOG_LINES", value_parser = clap::value_parser!(u16).range(1..=1000))]
    log_lines: Option<u16>,
}

impl PolicyArgs {
    /// The policy `base`, with the options that were given in place of its values.
    ///
    /// # Errors
    /// A sentence on the first value that is not valid.
    pub(super) fn over(self, base: Policy) -> Result<Policy, String> {
        let mut policy = base;
        policy.await_for = self.await_for.unwrap_or(policy.await_for);
        policy.timeout = self.timeout.unwrap_or(policy.timeout);
        policy.window = self.window.unwrap_or(policy.window);
        policy.max_restarts = self.max_restarts.unwrap_or(policy.max_restarts);
        policy.min_ready = self.min_ready.unwrap_or(policy.min_ready);
        policy.accept_pause |= self.accept_pause;
        policy.condition = self.condition.or(policy.condition);
        policy.log_lines = self.log_lines.map_or(policy.log_lines, usize::from);
        for text in given(self.grace) {
            let (grace, length): (Grace, _) = values::grace(&text)
                .map_err(|error| format!("invalid value `{text}` for --grace: {error}"))?;
            policy.grace.insert(grace, Seconds(length));
        }
        let containers = given(self.ignore_container);
        check_words("--ignore-container", "a container name", &containers)?;
        if !containers.is_empty() {
            policy.ignore_containers = containers;
        }
        let images = given(self.expect_image);
        check_words("--expect-image", "an image, e.g. ghcr.io/acme/app:1.4", &images)?;
        if !images.is_empty() {
            policy.expect_images = images;
        }
        let labels = given(self.expect_label);
        if let Some(label) = labels.iter().find(|label| !is_label(label)) {
            return Err(format!(
                "invalid value `{label}` for --expect-label: expected KEY=VALUE, e.g. app.kubernetes.io/version=1.4"
            ));
        }
        if !labels.is_empty() {
            policy.expect_labels = labels;
        }
        Ok(policy)
    }
}

/// How a run of several targets goes on.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Policy")]
pub(super) struct ReleaseArgs {
    /// After the first failed target, go on until every target has its own verdict
    ///
    /// Without it the others get up to 10s, if something is suspected of them, and the run ends.
    #[arg(long, env = "DEPLOYGATE_KEEP_GOING", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) keep_going: bool,
}

/// # Errors
/// A sentence on the first word that cannot be a name.
fn check_words(option: &str, expected: &str, words: &[String]) -> Result<(), String> {
    match words.iter().find(|word| !is_word(word)) {
        Some(word) => Err(format!("invalid value `{word}` for {option}: expected {expected}")),
        None => Ok(()),
    }
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
