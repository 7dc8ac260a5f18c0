//! How long a symptom that can heal by itself is borne.

use std::{str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    gate::symptom::Healing,
    model::seconds,
    text::{did_you_mean, words},
};

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

impl Grace {
    /// The one of this name.
    ///
    /// # Errors
    /// A sentence that names those that there are.
    pub fn named(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::as_str).join(", ");
        let text = text.trim();
        text.parse().map_err(|()| {
            let near = did_you_mean(text, Self::ALL.map(Self::as_str));
            format!("unknown cause `{text}`{near}; causes with a grace period: {}", known())
        })
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
