//! The options that say what is tolerated. Their doc comments are the help.

use clap::Args;

use super::{
    origins::Origins,
    values::{self, given},
};
use crate::{
    gate::{MinReady, Origin, Seconds, Setting, Value, WantedCondition},
    vocabulary::OnFailure,
};

/// What is tolerated, and for how long.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = super::POLICY)]
pub(super) struct PolicyArgs {
    /// Time for a change to arrive [default: 0s]
    ///
    /// For GitOps: how long a target may be missing, or not yet be what is expected. Until then nothing is judged. What is expected comes from `--expect-image`, `--expect-label` or manifests; without it,
    /// a target that exists must change. The rollout's timeout starts when that is so. A target that did not change is
    /// inconclusive (`not-updated`).
    #[arg(long = "await", value_name = "DURATION", env = "DEPLOYGATE_AWAIT", value_parser = crate::gate::duration)]
    await_for: Option<std::time::Duration>,

    /// Time for the whole rollout [default: 10m]
    ///
    /// For all targets together. A run lasts at most await + timeout + 4 * max(window, 60s) + 1m: the time limit of the CI job
    /// must be longer.
    #[arg(long, value_name = "DURATION", env = "DEPLOYGATE_TIMEOUT", value_parser = crate::gate::duration)]
    timeout: Option<std::time::Duration>,

    /// Time to stay healthy then [default: 60s]
    ///
    /// How long all new pods must stay healthy once the rollout is complete.
    ///
    /// Crashes after this window are not detected. The report says so if the window is too short for the pods' probes.
    #[arg(long, value_name = "DURATION", env = "DEPLOYGATE_WINDOW", value_parser = crate::gate::duration)]
    window: Option<std::time::Duration>,

    /// Container restarts allowed [default: 0]
    ///
    /// For each container and pod, counted over rollout and window together: with 0, the first crash fails the run. Restarts caused by the platform are
    /// reported but not counted.
    #[arg(long, value_name = "N", env = "DEPLOYGATE_MAX_RESTARTS", allow_negative_numbers = true, value_parser = values::max_restarts)]
    max_restarts: Option<u32>,

    /// Grace period, e.g. image=2m; repeatable
    ///
    /// How long a cause may last before it fails the run. Causes and defaults: image=3m (30s or the second failed pull if waiting does not help, 60s for a host that does not
    /// resolve), config=45s, container=60s, create=30s (3m if a webhook or service does not answer), pending=5m, mount=3m
    /// (60s if an object is missing), sandbox=2m, not-ready=30s (in the window), stale=30s (without a consistent read). A
    /// value you set is used exactly as given.
    #[arg(long, value_name = "CAUSE=DURATION", env = "DEPLOYGATE_GRACE", value_delimiter = '\n')]
    grace: Vec<String>,

    /// Container that may fail; repeatable
    ///
    /// Its failures are reported but do not fail the run.
    #[arg(long, value_name = "NAME", env = "DEPLOYGATE_IGNORE_CONTAINER", value_delimiter = '\n')]
    ignore_container: Vec<String>,

    /// Pods that must be ready [default: 100%]
    ///
    /// How many of the new pods must be ready and stay ready: a number or a percentage.
    #[arg(long, value_name = "N|P%", env = "DEPLOYGATE_MIN_READY", value_parser = values::min_ready)]
    min_ready: Option<MinReady>,

    /// Accept an Argo Rollout paused at a step
    ///
    /// One that is paused until it is promoted counts as complete for the pods it has. Without it the run is inconclusive
    /// (`paused`).
    #[arg(long, env = "DEPLOYGATE_ACCEPT_PAUSE", value_parser = clap::builder::FalseyValueParser::new())]
    accept_pause: bool,

    /// Condition of a complete custom resource
    ///
    /// E.g. Synced=True. Without it those of Ready, Available, Succeeded, Complete and Healthy that exist must be True, at least one must exist,
    /// and Reconciling must not be True.
    #[arg(long, value_name = "TYPE=STATUS", env = "DEPLOYGATE_CONDITION", value_parser = values::condition)]
    condition: Option<WantedCondition>,

    /// Image that must run; repeatable
    ///
    /// In the new revision. Catches a pipeline that passes while the old tag keeps running. It binds the targets that run its repository, the last
    /// element of its path; one that no target runs fails the run. Digests are compared where both have one, else tags.
    #[arg(long, value_name = "IMAGE", env = "DEPLOYGATE_EXPECT_IMAGE", value_delimiter = '\n')]
    expect_image: Vec<String>,

    /// Label that marks the release; repeatable
    ///
    /// A label or annotation of the workload or its pod template, e.g. a commit. It binds every target.
    #[arg(long, value_name = "KEY=VALUE", env = "DEPLOYGATE_EXPECT_LABEL", value_delimiter = '\n')]
    expect_label: Vec<String>,

    /// Ignore settings in workloads' annotations
    ///
    /// Those of the form `deploygate.dev/max-restarts: "1"`.
    #[arg(long, env = "DEPLOYGATE_NO_ANNOTATIONS", value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) no_annotations: bool,

    /// Lines of each log excerpt [default: 40]
    ///
    /// The first, the last, and those that explain the failure. Omitted lines are counted.
    #[arg(long, value_name = "N", env = "DEPLOYGATE_LOG_LINES", value_parser = values::log_lines)]
    log_lines: Option<u16>,
}

impl PolicyArgs {
    /// The values that were given, with where they come from.
    ///
    /// # Errors
    /// A sentence on the first value that is not valid.
    pub(super) fn given(self, origins: &Origins) -> Result<Vec<(Value, Origin)>, String> {
        let mut values = Vec::new();
        let mut give = |field: &str, value: Option<Value>| {
            values.extend(value.and_then(|value| Some((value, origins.origin(field)?))));
        };
        give("await_for", self.await_for.map(|length| Value::Await(Seconds(length))));
        give("timeout", self.timeout.map(|length| Value::Timeout(Seconds(length))));
        give("window", self.window.map(|length| Value::Window(Seconds(length))));
        give("max_restarts", self.max_restarts.map(Value::MaxRestarts));
        give("min_ready", self.min_ready.map(Value::MinReady));
        // a variable that is false takes nothing back: CI systems set it for an input that was left out
        give("accept_pause", self.accept_pause.then_some(Value::AcceptPause(true)));
        give("condition", self.condition.map(Value::Condition));
        give("log_lines", self.log_lines.map(Value::LogLines));
        for (setting, texts) in [
            (Setting::IgnoreContainer, self.ignore_container),
            (Setting::ExpectImage, self.expect_image),
            (Setting::ExpectLabel, self.expect_label),
        ] {
            let field = setting.option().replace('-', "_");
            let is_blank = |text: &String| text.trim().is_empty();
            // a variable of the pipeline that is not set must not leave out a check that was asked for
            if origins.origin(&field) == Some(Origin::Flag) && texts.iter().any(is_blank) {
                return Err(format!("the value of --{} is empty", setting.option()));
            }
            let texts = given(texts);
            if !texts.is_empty() {
                let value = list(setting, &texts, &origins.name(&field))?;
                give(&field, Some(value));
            }
        }
        let weaker = origins.more_graces.iter().map(|text| (text.clone(), Origin::Environment));
        let own = origins.origin(Setting::GRACE).into_iter();
        let own = own
            .flat_map(|origin| self.grace.iter().map(move |text| (text.clone(), origin.clone())));
        let name = |origin: &Origin| match origin {
            Origin::Environment => "DEPLOYGATE_GRACE",
            _ => "--grace",
        };
        for (text, origin) in weaker.chain(own) {
            let text = text.trim();
            if !text.is_empty() {
                let (grace, length) = values::grace(text).map_err(|error| {
                    format!("invalid value `{text}` for {}: {error}", name(&origin))
                })?;
                values.push((Value::Grace(grace, Seconds(length)), origin));
            }
        }
        Ok(values)
    }
}

/// # Errors
/// A sentence on the first entry that is not valid.
fn list(setting: Setting, texts: &[String], name: &str) -> Result<Value, String> {
    let texts: Vec<_> = texts.iter().map(String::as_str).collect();
    Value::read(setting, &texts)
        .map_err(|error| error.replacen(": expected", &format!(" for {name}: expected"), 1))
}

/// How a run of several targets goes on.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = super::POLICY)]
pub(super) struct ReleaseArgs {
    /// Go on after the first failed target
    ///
    /// Until every target has its own verdict. Without it the others get up to 10s, if something is suspected of them, and the run ends.
    #[arg(long, env = "DEPLOYGATE_KEEP_GOING", value_parser = clap::builder::FalseyValueParser::new())]
    keep_going: bool,

    /// rollback or rollback-all [default: none]
    ///
    /// What to do after a failure.
    ///
    /// `rollback` restores the revision before of each Deployment, StatefulSet and DaemonSet that failed, once the reports are
    /// written, and watches it; `rollback-all` does so for every target of the release that this run saw change. It is
    /// refused, with the reason, where it would not help or is not safe. The exit code stays that of the failure.
    #[arg(long, value_name = "ACTION", env = "DEPLOYGATE_ON_FAILURE", value_parser = values::on_failure)]
    on_failure: Option<OnFailure>,
}

impl ReleaseArgs {
    /// Whether the run is to go on after a failure, and who says so; `None` if nothing was given.
    pub(super) fn given(&self, origins: &Origins) -> Option<(bool, Origin)> {
        Some((true, origins.origin("keep_going").filter(|_| self.keep_going)?))
    }

    /// What is done after a failure, and who says so; `None` if nothing was given.
    pub(super) fn on_failure(&self, origins: &Origins) -> Option<(OnFailure, Origin)> {
        Some((self.on_failure?, origins.origin("on_failure")?))
    }
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches;

    use super::*;

    fn given(words: &[&str]) -> Vec<(Value, Origin)> {
        let command = PolicyArgs::augment_args(clap::Command::new("wait"));
        let matches = command.get_matches_from([&["wait"], words].concat());
        let origins = Origins::of(&matches, false);
        PolicyArgs::from_arg_matches(&matches).unwrap().given(&origins).unwrap()
    }

    #[test]
    fn only_what_is_given_is_a_value() {
        assert_eq!(given(&[]), []);
        let values = given(&["--max-restarts=1", "--grace=image=2m", "--accept-pause"]);
        let settings: Vec<_> =
            values.iter().map(|(value, _)| value.setting().to_string()).collect();
        assert_eq!(settings, ["max-restarts", "accept-pause", "grace.image"]);
        assert!(values.iter().all(|(_, origin)| *origin == Origin::Flag));
    }

    #[test]
    fn each_list_has_entries_of_its_own_form() {
        let command = PolicyArgs::augment_args(clap::Command::new("wait"));
        for (word, expected) in [
            (
                "--ignore-container=a b",
                "invalid value `a b` for --ignore-container: expected a container name",
            ),
            ("--expect-label=x", "invalid value `x` for --expect-label: expected KEY=VALUE"),
        ] {
            let matches = command.clone().get_matches_from(["wait", word]);
            let origins = Origins::of(&matches, false);
            let error =
                PolicyArgs::from_arg_matches(&matches).unwrap().given(&origins).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
