//! Whose concern a failure is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::Shown;

/// Whose concern a finding, or its cause, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attribution {
    /// The program in the container.
    Application,
    /// The manifest, or objects that it names.
    Configuration,
    /// Nodes, network, registry, storage, the cluster.
    Platform,
    /// It can't be told.
    Unknown,
}

impl Attribution {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Configuration => "configuration",
            Self::Platform => "platform",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Attribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Shown for Attribution {}
