//! A run as JSON Lines: a header, then one observation a line, each written as soon as it was made.
//!
//! A recording holds what the gate was told, already redacted, and not what it concluded: a replay concludes anew. Only what
//! a rollback came to is held as such.

mod reader;
mod writer;

pub use reader::{Reader, RecordingError};
pub use writer::Writer;

use serde::{Deserialize, Serialize};

use crate::{
    fleet::{Release, Target},
    gate::Policy,
    model::{Elapsed, TargetRef},
    outcome::Rollback,
};

/// The version of the format. Of format 1 was a recording of one target, each read of which held all of it.
pub const FORMAT: u32 = 2;

/// The first line of a recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "AnyHeader")]
pub struct Header {
    /// The version of the format.
    pub deploygate_recording: u32,
    /// The version of the program that wrote it.
    pub tool_version: String,
    /// When the watch began, by the clock of the machine that ran the gate.
    pub started_at: jiff::Timestamp,
    /// What was watched, with the limits that were applied.
    #[serde(flatten)]
    pub release: Release,
}

impl Header {
    /// The header of a run that begins.
    pub fn new(started_at: jiff::Timestamp, release: impl Into<Release>) -> Self {
        Self {
            deploygate_recording: FORMAT,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at,
            release: release.into(),
        }
    }
}

/// What a rollback came to, which a replay cannot find out anew: a line after those of the watch. The last one of a target
/// holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RolledBack {
    /// When it was known.
    #[serde(rename = "t")]
    pub elapsed: Elapsed,
    /// The place of the target in the outcome.
    pub target: usize,
    /// What it came to by then.
    pub rolled_back: Rollback,
}

/// A header of any format that is read.
#[derive(Deserialize)]
struct AnyHeader {
    deploygate_recording: u32,
    tool_version: String,
    started_at: jiff::Timestamp,
    #[serde(flatten)]
    release: Release,
    /// Of format 1.
    target: Option<TargetRef>,
    /// Of format 1.
    policy: Option<Policy>,
}

impl From<AnyHeader> for Header {
    fn from(any: AnyHeader) -> Self {
        let AnyHeader { deploygate_recording, tool_version, started_at, mut release, .. } = any;
        let only = any.target.zip(any.policy);
        let only = only.map(|(workload, policy)| Target::new(None, workload, policy));
        release.targets.extend(only);
        Self { deploygate_recording, tool_version, started_at, release }
    }
}
