//! A pass that waits for the other targets of its release: it is provisional until the last one is decided.

use super::{FindingState, Gate, GateEvent, ReasonCode, Verdict, nodes::Report, window::Window};
use crate::{model::Elapsed, phrases};

/// Whether a pass waits for others, and whether it does so now.
#[derive(Debug, Default)]
pub(super) struct Passing {
    /// It decides at the release's word only.
    waits: bool,
    held: Option<HeldPass>,
}

/// What a gate knows that would pass if it were alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldPass {
    /// When the read was begun that showed the end of its window.
    pub since: Elapsed,
    /// The same of the last read, which showed no less.
    pub proven: Elapsed,
}

impl Passing {
    /// Whether its release has other targets.
    pub(super) fn is_one_of_several(&self) -> bool {
        self.waits
    }

    /// What would pass, as of the last read.
    pub(super) fn held(&self) -> Option<HeldPass> {
        self.held
    }

    /// The last read or a watch does not show it any more.
    pub(super) fn lose(&mut self) {
        self.held = None;
    }

    /// A read that was begun then showed that it would pass; tells whether that is new.
    fn prove(&mut self, begun: Elapsed) -> bool {
        let is_new = self.held.is_none();
        let held = self.held.get_or_insert(HeldPass { since: begun, proven: begun });
        held.proven = held.proven.max(begun);
        is_new
    }
}

impl Gate {
    /// From now on a pass is held until [`confirm_pass`](Self::confirm_pass).
    pub fn hold_pass(&mut self) {
        self.passing.waits = true;
    }

    /// What would pass if the target were alone; `None` where it has yet to.
    pub fn held_pass(&self) -> Option<HeldPass> {
        self.passing.held().filter(|_| self.decision.is_none())
    }

    /// Asks for a read that begins now or later, unless one is under way or due.
    pub fn want_read_since(&mut self, now: Elapsed) {
        self.now = self.now.max(now);
        if self.reads.due().is_some() {
            self.want_read();
        }
    }

    /// Whether the nodes of its pods were seen to report at that time or later, as far as Leases may be read.
    pub fn nodes_reported(&self, at: Elapsed) -> bool {
        self.nodes_report(at) == Report::Alive
    }

    /// Every other target is decided, or would pass as well.
    pub fn confirm_pass(&mut self) {
        if self.held_pass().is_some() {
            self.decide_passed();
        }
    }

    /// Whether something may yet prove the target bad: a suspicion, or a run whose end is not explained.
    pub fn is_suspected(&self) -> bool {
        self.decision.is_none() && self.has_suspicion()
    }

    /// The same, whether it is decided or not.
    pub(super) fn has_suspicion(&self) -> bool {
        self.findings.in_state(FindingState::Suspected).next().is_some()
            || self.ledger.is_undecided()
    }

    /// Another target failed, and this one is not waited for. A pass that was held is one.
    pub fn stop(&mut self, now: Elapsed) {
        self.now = self.now.max(now);
        self.confirm_pass();
        let account = phrases::verdict::stopped(&self.waiting_for, self.window.is_some());
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Stopped), account);
    }

    /// The window is over, by a read that was begun then.
    pub(super) fn pass(&mut self, begun: Elapsed) {
        if !self.passing.waits {
            return self.decide_passed();
        }
        if self.passing.prove(begun) {
            let (at, length) =
                (self.now, self.window.as_ref().map(Window::held).unwrap_or_default());
            self.tell(GateEvent::WindowHeld { at, length });
        }
    }
}
