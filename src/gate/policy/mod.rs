//! What a gate tolerates, and for how long.

mod given;
mod min_ready;

use std::{collections::BTreeMap, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

pub(crate) use given::is_label;
pub use min_ready::MinReady;

use super::{symptom::Healing, wanted_condition::WantedCondition};
use crate::text::words;

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
        }
    }
}

impl Policy {
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

words! {
    /// What a grace can be given for, with the word that `--grace` takes.
    pub enum Grace {
        /// `Cause::Image`: the kubelet tries at 0, 10, 30, 70 and 150 s.
        Image = "image",
        /// `Cause::Config`: kubelets need up to a minute to see new ConfigMaps and Secrets.
        Config = "config",
        /// `Cause::Container`.
        Container = "container",
        /// `Cause::Create`: a ReplicaSet tries at 10, 20, 41, 82 and 164 s (Kubernetes 1.36 client-go
        /// `util/workqueue/default_rate_limiters.go`: 5 ms, doubled each time).
        Create = "create",
        /// `Cause::Pending`: autoscalers need minutes.
        Pending = "pending",
        /// `Cause::Mount`.
        Mount = "mount",
        /// `Cause::Sandbox`.
        Sandbox = "sandbox",
        /// `Cause::NotReady`, in the window.
        NotReady = "not-ready",
        /// The longest time without a consistent read.
        Stale = "stale",
    }
}

impl Grace {
    /// How long it is where none was set and no text tells more.
    pub const fn default_length(self) -> Duration {
        Duration::from_secs(match self {
            Self::NotReady | Self::Create | Self::Stale => 30,
            Self::Config => 45,
            Self::Container => 60,
            Self::Sandbox => 120,
            Self::Image | Self::Mount => 180,
            Self::Pending => 300,
        })
    }

    /// How long it is where none was set, for something that heals like this.
    pub(in crate::gate) const fn length(self, healing: Healing) -> Duration {
        match (self, healing) {
            (Self::Image, Healing::Unlikely) => Duration::from_secs(30),
            // an object that was not applied yet comes within a minute, or not at all
            (Self::Mount, Healing::Unlikely) | (Self::Image, Healing::Doubtful) => {
                Duration::from_secs(60)
            }
            (Self::Create, Healing::Likely) => Duration::from_secs(180),
            (grace, _) => grace.default_length(),
        }
    }
}

impl FromStr for Grace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|grace| grace.as_str() == text).ok_or(())
    }
}

/// A duration that is serialised in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seconds(#[serde(with = "seconds")] pub Duration);

mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(in crate::gate) fn serialize<S: Serializer>(
        duration: &Duration,
        s: S,
    ) -> Result<S::Ok, S::Error> {
        s.serialize_f64(duration.as_secs_f64())
    }

    pub(in crate::gate) fn deserialize<'de, D: Deserializer<'de>>(
        d: D,
    ) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(d)?).map_err(D::Error::custom)
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
