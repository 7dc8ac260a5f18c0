//! The parts of a run: a window ends where it breaks or begins again.

use serde::{Deserialize, Serialize};

use crate::{gate::GateEvent, model::Elapsed, text::words};

/// Parts that are kept; of more the first and the last ones.
pub(super) const PHASES: usize = 64;

/// A part of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseFacts {
    /// Which.
    pub phase: RunPhase,
    /// When it began.
    pub from: Elapsed,
    /// When it ended.
    pub to: Elapsed,
}

words! {
    /// A phase of a run.
    pub enum RunPhase {
        /// Until the rollout is complete, for the first time or again.
        Rollout = "rollout",
        /// Until the health window is over, or restarts.
        Window = "window",
    }
}

/// Those that ended, and when the present one began.
#[derive(Debug)]
pub(super) struct Phases {
    over: Vec<PhaseFacts>,
    present: RunPhase,
    since: Elapsed,
}

impl Default for Phases {
    fn default() -> Self {
        Self { over: Vec::new(), present: RunPhase::Rollout, since: Elapsed::ZERO }
    }
}

impl Phases {
    pub(super) fn hear(&mut self, event: &GateEvent) {
        let next = match event {
            GateEvent::WindowOpened { .. } => RunPhase::Window,
            GateEvent::WindowBroken { .. } => RunPhase::Rollout,
            _ => return,
        };
        self.over = self.until(event.at());
        if self.over.len() >= PHASES {
            self.over.remove(PHASES / 2);
        }
        (self.present, self.since) = (next, event.at());
    }

    /// All of them, where the present one ends then.
    pub(super) fn until(&self, ended: Elapsed) -> Vec<PhaseFacts> {
        let present = PhaseFacts { phase: self.present, from: self.since, to: ended };
        let over = self.over.iter().cloned();
        over.chain([present].into_iter().filter(|phase| phase.to > phase.from)).collect()
    }
}
