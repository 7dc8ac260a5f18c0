//! What happened when, for readers of a report.

use serde::{Deserialize, Serialize};

use crate::{gate::GateEvent, phrases::event, text::Clean};

/// Something that happened, and the sentence that tells it. Progress and grace periods that moved are not told again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// What.
    #[serde(flatten)]
    pub event: GateEvent,
    /// The same in one line.
    pub what: Clean,
}

impl TimelineEntry {
    pub(super) fn of(event: &GateEvent) -> Option<Self> {
        let what = event::sentence(event, false)?.whole();
        Some(Self { event: event.clone(), what })
    }
}
