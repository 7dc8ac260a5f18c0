//! A run as JSON Lines: a header, then one observation a line, each written as soon as it was made.
//!
//! A recording holds what the gate was told, already redacted, and not what it concluded: a replay concludes anew.

mod reader;
mod writer;

pub use reader::{Reader, RecordingError};
pub use writer::Writer;

use serde::{Deserialize, Serialize};

use crate::{gate::Policy, model::TargetRef};

/// The version of the format.
pub const FORMAT: u32 = 1;

/// The first line of a recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the format.
    pub deploygate_recording: u32,
    /// The version of the program that wrote it.
    pub tool_version: String,
    /// When the watch began, by the clock of the machine that ran the gate.
    pub started_at: jiff::Timestamp,
    /// What was watched.
    pub target: TargetRef,
    /// The limits that were applied.
    pub policy: Policy,
}

impl Header {
    /// The header of a run that begins.
    pub fn new(started_at: jiff::Timestamp, target: TargetRef, policy: Policy) -> Self {
        Self {
            deploygate_recording: FORMAT,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at,
            target,
            policy,
        }
    }
}
