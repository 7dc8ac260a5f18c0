//! What was told, as far as it is worth telling again at the end of the run.

use serde::{Deserialize, Serialize};

use crate::{
    gate::{FindingLine, GateEvent},
    model::Elapsed,
};

/// Events that are kept; of more the first and the last ones.
pub(super) const EVENTS: usize = 160;

/// What was told by now.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) events: Vec<GateEvent>,
    pub(super) left_out: Option<LeftOut>,
}

/// Events that were too many to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// When the first of them was told.
    pub from: Elapsed,
    /// When the last of them was.
    pub to: Elapsed,
    /// How many there are.
    pub events: u32,
}

impl Told {
    pub(super) fn hear(&mut self, event: &GateEvent) {
        match event {
            GateEvent::Progress { .. } | GateEvent::GraceMoved { .. } => return,
            GateEvent::FindingConfirmed { at, finding }
            | GateEvent::FindingTolerated { at, finding } => self.forget_suspicion(*at, finding),
            _ => {}
        }
        if self.events.len() >= EVENTS {
            let at = self.events.remove(EVENTS / 2).at();
            let left_out = self.left_out.get_or_insert(LeftOut { from: at, to: at, events: 0 });
            left_out.to = at;
            left_out.events += 1;
        }
        self.events.push(event.clone());
    }

    /// What was suspected in the very second in which it is confirmed is told once.
    fn forget_suspicion(&mut self, now: Elapsed, confirmed: &FindingLine) {
        let second = |at: Elapsed| at.as_millis() / 1000;
        let suspicion = self.events.iter().rposition(|event| match event {
            GateEvent::FindingSuspected { at, finding } => {
                second(*at) == second(now) && finding.is_same(confirmed)
            }
            _ => false,
        });
        if let Some(place) = suspicion {
            self.events.remove(place);
        }
    }
}
