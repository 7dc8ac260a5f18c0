//! What a gate tolerates, and for how long.

mod given;
mod grace;
mod later;
mod min_ready;
mod origin;
mod rule;
mod setting;
mod told;
mod value;

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

pub use grace::{Grace, Seconds};
pub use later::{Annotations, Bounds, Later};
pub use min_ready::MinReady;
pub use origin::{Origin, Section};
pub use rule::Rule;
pub use setting::Setting;
pub use told::{SettingFact, Source};
pub use value::{Value, duration};

use super::wanted_condition::WantedCondition;
use crate::model::seconds;

/// The resolved limits of one target. Durations are serialised in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// How long the target may be missing, or not be what is expected; zero: it is judged as it is at the start.
    #[serde(rename = "await", with = "seconds", skip_serializing_if = "Duration::is_zero")]
    pub await_for: Duration,
    /// The deadline of the rollout phase, from the start of the watch, or from when the target was no longer awaited.
    #[serde(with = "seconds")]
    pub timeout: Duration,
    /// How long all new pods must stay healthy after the rollout is complete.
    #[serde(with = "seconds")]
    pub window: Duration,
    /// Restarts that a container may have, per container and pod.
    pub max_restarts: u32,
    /// Graces that were set; they hold as set.
    pub grace: BTreeMap<Grace, Seconds>,
    /// Containers whose failures are noted, not judged.
    #[serde(deserialize_with = "given::words")]
    pub ignore_containers: Vec<String>,
    /// How many of the new pods must be ready.
    pub min_ready: MinReady,
    /// Whether an Argo Rollout that is paused until someone lets it go on counts as complete for the pods it has.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub accept_pause: bool,
    /// The condition that makes a custom resource complete; `None` for those that Kubernetes' conventions have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<WantedCondition>,
    /// Images that the new revision must run.
    #[serde(deserialize_with = "given::words")]
    pub expect_images: Vec<String>,
    /// Labels or annotations, `KEY=VALUE`, that the workload or its pod template must carry.
    #[serde(deserialize_with = "given::labels", skip_serializing_if = "Vec::is_empty")]
    pub expect_labels: Vec<String>,
    /// The image that the manifest gives each container, by its name.
    #[serde(deserialize_with = "given::pairs", skip_serializing_if = "BTreeMap::is_empty")]
    pub manifest_images: BTreeMap<String, String>,
    /// Whether the present state is judged, without waiting for it to change.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub present: bool,
    /// Lines of each log excerpt.
    pub log_lines: usize,
    /// Who gave a value. What is not in it has its default, or comes from a recording that does not say.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sources: BTreeMap<Setting, Origin>,
    /// What the workload itself decides once it is read; nothing after that.
    #[serde(skip_serializing_if = "Later::is_nothing")]
    pub later: Later,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            await_for: Duration::ZERO,
            timeout: Duration::from_secs(600),
            window: Duration::from_secs(60),
            max_restarts: 0,
            grace: BTreeMap::new(),
            ignore_containers: Vec::new(),
            min_ready: MinReady::ALL,
            accept_pause: false,
            condition: None,
            expect_images: Vec::new(),
            expect_labels: Vec::new(),
            manifest_images: BTreeMap::new(),
            present: false,
            log_lines: 40,
            sources: BTreeMap::new(),
            later: Later::default(),
        }
    }
}

impl Policy {
    /// Takes a value, unless a stronger source gave one. Of two equal sources the later holds.
    pub fn set(&mut self, value: Value, origin: Origin) {
        let setting = value.setting();
        if self.sources.get(&setting).is_some_and(|known| known.rank() > origin.rank()) {
            return;
        }
        match value {
            Value::Await(length) => self.await_for = length.0,
            Value::Timeout(length) => self.timeout = length.0,
            Value::Window(length) => self.window = length.0,
            Value::MaxRestarts(most) => self.max_restarts = most,
            Value::Grace(grace, length) => {
                self.grace.insert(grace, length);
            }
            Value::IgnoreContainer(names) => self.ignore_containers = names,
            Value::MinReady(least) => self.min_ready = least,
            Value::AcceptPause(accepts) => self.accept_pause = accepts,
            Value::Condition(wanted) => self.condition = Some(wanted),
            Value::ExpectImage(images) => self.expect_images = images,
            Value::ExpectLabel(labels) => self.expect_labels = labels,
            Value::LogLines(lines) => self.log_lines = lines.into(),
        }
        self.sources.insert(setting, origin);
    }

    /// The same for the present state: nothing is waited for.
    pub fn at_present(self) -> Self {
        Self { present: true, await_for: Duration::ZERO, ..self }
    }

    /// The grace that was set, or the default.
    pub fn grace(&self, grace: Grace) -> Duration {
        self.set_grace(grace).unwrap_or_else(|| grace.default_length())
    }

    /// The grace, where one was set: no rule stretches or cuts it.
    pub fn set_grace(&self, grace: Grace) -> Option<Duration> {
        self.grace.get(&grace).map(|seconds| seconds.0)
    }

    /// The longest that a run can last, from its start to its verdict.
    pub fn longest_run(&self) -> Duration {
        self.await_for.saturating_add(self.longest_rollout())
    }

    /// The same without the time in which the target is awaited.
    pub(super) fn longest_rollout(&self) -> Duration {
        let windows = self.extra_time().saturating_mul(4);
        self.timeout.saturating_add(windows).saturating_add(Duration::from_secs(60))
    }

    /// The time that a window has which begins near the deadline or after it.
    pub(in crate::gate) fn extra_time(&self) -> Duration {
        self.window.max(Duration::from_secs(60))
    }

    /// Whether the new revision must be a certain one.
    pub fn expects(&self) -> bool {
        !self.expect_images.is_empty()
            || !self.expect_labels.is_empty()
            || !self.manifest_images.is_empty()
    }

    /// Whether the container's failures are noted only.
    pub fn ignores(&self, container: &str) -> bool {
        self.ignore_containers.iter().any(|ignored| ignored == container)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_survives_a_recording() {
        let mut policy = Policy { min_ready: MinReady::Pods(3), ..Policy::default() };
        policy.grace.insert(Grace::Image, Seconds(Duration::from_millis(2500)));
        let line = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&line).unwrap(), policy);
    }
}
