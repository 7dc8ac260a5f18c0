//! What happened when in a run, for reports: what was told, and what containers did.
//!
//! It hears what the gate is told and what it answers, and decides nothing: no verdict rests on it. So it is bounded,
//! however long a run is: of what is too much the first and the last parts are kept, and what is left out is counted.

mod lane;
mod lanes;
mod phases;
mod pod;
#[cfg(test)]
mod tests;
mod told;
mod track;

pub use lane::{Lane, LaneState, Mark, MarkKind, Span};
pub use phases::{PhaseFacts, RunPhase};
pub use told::LeftOut;

use crate::{
    gate::{Gate, GateEvent},
    model::Elapsed,
    observation::Observation,
};

/// The run of one target.
#[derive(Debug, Default)]
pub struct Timeline {
    told: told::Told,
    phases: phases::Phases,
    lanes: lanes::Lanes,
}

impl Timeline {
    /// Takes in what the gate took in, right after it did, so before what the gate tells about it.
    pub fn observe(&mut self, now: Elapsed, observation: &Observation, gate: &Gate) {
        self.lanes.observe(now, observation, gate);
    }

    /// Takes in what the gate tells.
    pub fn hear(&mut self, event: &GateEvent) {
        self.lanes.hear(event);
        self.told.hear(event);
        self.phases.hear(event);
    }

    /// What was told, in order: neither progress nor a grace that moved, and not what was left out.
    pub fn events(&self) -> &[GateEvent] {
        &self.told.events
    }

    /// The events that were too many to be kept.
    pub fn left_out(&self) -> Option<LeftOut> {
        self.told.left_out
    }

    /// The parts of the run until then, in order. Between two that leave a gap, what was not kept.
    pub fn phases(&self, ended: Elapsed) -> Vec<PhaseFacts> {
        self.phases.until(ended)
    }

    /// The containers to show: those of pods with what decided first, then in the order of their first sight.
    pub fn lanes(&self, gate: &Gate) -> Vec<Lane> {
        self.lanes.chosen(gate)
    }
}
