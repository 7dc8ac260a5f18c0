//! What reporters are told, and what they know already, so that only changes are told.

use super::{
    FindingLine, FindingState, Gate, GateEvent, Output, Progress, kind::Unmet, symptom::Key,
};
use crate::model::Elapsed;

/// What reporters know already.
#[derive(Debug, Default)]
pub(super) struct Told {
    warned: bool,
    progress: Progress,
    stale: bool,
}

impl Told {
    /// Whether it is the first time that something is to be warned of.
    pub(super) fn is_first_warning(&mut self) -> bool {
        !std::mem::replace(&mut self.warned, true)
    }

    /// Whether this is other progress than was told last.
    fn is_news(&mut self, progress: &Progress) -> bool {
        let is_news = *progress != self.progress;
        if is_news {
            self.progress = progress.clone();
        }
        is_news
    }

    /// Whether reads have become stale, or fresh again.
    fn turns(&mut self, stale: bool) -> bool {
        std::mem::replace(&mut self.stale, stale) != stale
    }
}

impl Gate {
    pub(super) fn tell(&mut self, event: GateEvent) {
        self.outputs.push_back(Output::Event(event));
    }

    pub(super) fn tell_finding(
        &mut self,
        key: &Key,
        event: impl FnOnce(Elapsed, FindingLine) -> GateEvent,
    ) {
        let until = self.findings.get(key).and_then(|record| self.grace_until(key, record));
        let Some(mut line) = self.findings.line(key, until) else { return };
        let state = self.findings.get(key).map(|record| record.state);
        if state == Some(FindingState::Suspected) {
            // one whose grace period is over is confirmed at once, and told then
            line.grace_until = until.filter(|until| *until > self.now);
        }
        self.tell(event(self.now, line));
        self.findings.set_told_until(key, until);
    }

    /// Tells of suspicions that are borne longer, or less long, than was told.
    pub(super) fn tell_moved_graces(&mut self) {
        let moved = self.findings.moved(|key, record| self.grace_until(key, record));
        for key in moved {
            self.tell_finding(&key, |at, finding| GateEvent::GraceMoved { at, finding });
        }
    }

    /// Tells how far the rollout is, and what it waits for, where that changed.
    pub(super) fn tell_progress(&mut self, unmet: &[Unmet]) {
        self.waiting_for = self.waits(unmet);
        let progress = Progress {
            desired: self.counts.desired,
            updated: self.counts.active,
            ready: self.counts.ready,
            old: self.counts.old,
            waiting_for: self.waiting_for.clone(),
        };
        if self.told.is_news(&progress) {
            let at = self.now;
            self.tell(GateEvent::Progress { at, progress });
        }
    }

    /// Tells that reads have become stale, or fresh again.
    pub(super) fn tell_reads(&mut self) {
        if self.told.turns(self.reads.are_stale(self.now)) {
            let at = self.now;
            let event = match self.reads.failure() {
                Some(failure) => GateEvent::ReadsStale {
                    at,
                    since: self.reads.last_good().unwrap_or(Elapsed::ZERO),
                    why: failure.message.to_clean_line(300),
                },
                None => GateEvent::ReadsFresh { at },
            };
            self.tell(event);
        }
    }
}
