//! How a release ends: passes wait for the last target, and a failure soon ends what is not decided (contract, "A
//! release").

use std::time::Duration;

use super::Fleet;
use crate::{
    gate::{Gate, HeldPass, Verdict},
    model::Elapsed,
};

/// How long after a failure suspicions on other targets may be confirmed and give evidence.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(10);

/// What a release does after its first failure.
#[derive(Debug)]
pub(super) struct Ending {
    /// Every target gets a verdict of its own.
    pub(super) keeps_going: bool,
    /// What is not decided is stopped then; `None` while nothing failed.
    pub(super) stops_at: Option<Elapsed>,
    /// Whether there is a target for each image that is expected has been told.
    pub(super) images_judged: bool,
}

impl Fleet {
    /// Draws the conclusions that take more than one target.
    pub(super) fn settle(&mut self, now: Elapsed) {
        self.judge_images(now);
        self.stop_after_failure(now);
        self.look(now);
        self.confirm_passes(now);
    }

    fn undecided(&self) -> impl Iterator<Item = &Gate> {
        self.gates().filter(|gate| gate.decision().is_none())
    }

    /// Stops the others once one failed: when nothing is suspected of them, or at the end of their time.
    fn stop_after_failure(&mut self, now: Elapsed) {
        let is_over = self.undecided().next().is_none();
        self.ending.stops_at = None;
        if self.ending.keeps_going || is_over {
            return;
        }
        let decisions = self.gates().filter_map(Gate::decision);
        let failed = decisions.filter(|decision| decision.verdict == Verdict::Failed);
        let Some(failed_at) = failed.map(|decision| decision.at).min() else { return };
        let stops_at = failed_at + CONFIRMED_WITHIN;
        if now < stops_at && self.undecided().any(Gate::is_suspected) {
            self.ending.stops_at = Some(stops_at);
            return;
        }
        self.gates_mut().for_each(|gate| gate.stop(now));
    }

    /// Decides all passes at once, when nothing else is undecided and each was read again since the last one came about.
    fn confirm_passes(&mut self, now: Elapsed) {
        let held: Option<Vec<HeldPass>> = self.undecided().map(Gate::held_pass).collect();
        let Some(last) = held.and_then(|held| held.into_iter().map(|pass| pass.since).max()) else {
            return;
        };
        let lags = |gate: &Gate| gate.held_pass().is_some_and(|pass| pass.proven < last);
        if !self.is_closed() {
            return;
        }
        let all_reported = self.undecided().all(|gate| gate.nodes_reported(last));
        if all_reported && !self.undecided().any(lags) {
            return self.gates_mut().for_each(Gate::confirm_pass);
        }
        self.gates_mut().filter(|gate| lags(gate)).for_each(|gate| gate.want_read_since(now));
    }
}
