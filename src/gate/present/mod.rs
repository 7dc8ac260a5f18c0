//! The judgement of the present state: two reads that agree, and the servers' times instead of waiting (contract,
//! "Commands", `check`).

mod ages;
mod young;

use std::time::Duration;

use super::{
    FindingState, Gate, ReasonCode, Verdict, findings::Circumstances, kind, nodes::Report,
    symptom::Awaited, window::APART,
};
use crate::{
    model::{Elapsed, Uid, Workload},
    observation::Snapshot,
    phrases,
    text::Clean,
};

/// Reads after which a state that changes all the time is taken for one that is changing.
const MOST_READS: u32 = 4;

/// How long a pod may take until it is ready for the first time: as long as a Deployment's rollout may by default
/// (`progressDeadlineSeconds`).
const STARTING: Duration = Duration::from_secs(600);

/// What the reads of the present state agree on.
#[derive(Debug, Default)]
pub(super) struct Present {
    /// Since when, and what.
    agreed: Option<(Elapsed, u64)>,
    reads: u32,
    /// The last read showed the rollout complete.
    is_complete: bool,
    /// The reads agree, or never will.
    is_settled: bool,
    /// Nobody lets its rollout go on.
    is_paused: bool,
}

impl Present {
    /// Whether its controller's word that it gave up is from before it was complete.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Whether enough was read to judge by.
    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// Its rollout is paused, which is said unless something is broken.
    pub(super) fn pause(&mut self) {
        self.is_paused = true;
    }

    /// Takes a read in.
    fn see(&mut self, now: Elapsed, fingerprint: u64) {
        self.reads += 1;
        match self.agreed {
            Some((_, agreed)) if agreed == fingerprint => {}
            _ => self.agreed = Some((now, fingerprint)),
        }
    }

    /// When the next read may agree with the ones before; `None` if they do.
    fn again(&self, now: Elapsed) -> Option<Elapsed> {
        let due = self.agreed.map_or(now, |(since, _)| since) + APART;
        (now < due).then_some(due)
    }
}

impl Gate {
    /// Takes in whether the read shows the rollout complete, before anything is concluded from it.
    pub(super) fn see_present(&mut self, complete: bool) {
        self.present.is_complete = complete;
    }

    /// What the present state is, after everything else of the read was taken in.
    pub(super) fn judge_present(&mut self, workload: &Workload, snapshot: &Snapshot) {
        let complete = self.present.is_complete;
        if complete {
            self.completed_at.get_or_insert(self.now);
        }
        self.present.see(self.now, self.fingerprint());
        let again = self.present.again(self.now);
        if let Some(again) = again.filter(|_| self.present.reads < MOST_READS) {
            return self.reads.want(again);
        }
        self.present.is_settled = true;
        self.find_unready(self.was_complete(workload, snapshot));
        self.judge_findings();
        if self.decision.is_none() {
            self.judge_stalled();
        }
        if let Some((hold, false)) = self.held {
            return self.decide_held(hold);
        }
        if self.present.is_paused {
            return self.decide_paused();
        }
        if self.decision.is_some() {
            return;
        }
        let unproven = self
            .lasting_suspicion()
            .or_else(|| self.server_clock.time(self.now).is_none().then(phrases::present::no_time))
            .or_else(|| self.young_condition(workload))
            .or_else(|| self.youngest_run(snapshot).as_ref().map(phrases::present::young));
        if complete && again.is_none() && unproven.is_none() {
            return match self.nodes_at_present() {
                Report::Alive => self.decide_passed(),
                Report::Silent(nodes, silence) => self.decide_silent(&nodes, silence),
                // their Leases are being looked at, and the answer asks for a read
                Report::Awaited => {}
            };
        }
        let waits: &[Clean] = if complete { &[] } else { &self.waiting_for };
        let account = phrases::present::rolling_out(
            &self.target,
            waits,
            self.unready_for(),
            unproven.as_ref(),
            again.is_some(),
        );
        self.decide(Verdict::Inconclusive, Some(ReasonCode::RollingOut), account);
    }

    /// What fails the target if it lasts, and has not lasted for its grace period yet.
    fn lasting_suspicion(&self) -> Option<Clean> {
        let mut suspected = self.findings.in_state(FindingState::Suspected);
        suspected.find_map(|(key, record)| record.grace_until().map(|_| record.reason(key)))
    }

    /// How long pods have been waited for: the one that has not been ready for longest.
    fn unready_for(&self) -> Option<Duration> {
        let since = self.ledger.active().filter_map(|(_, record)| record.unready_at).min()?;
        self.server_clock.age(since, self.now)
    }

    /// Whether the revision had been complete before, so that nothing but trouble keeps its pods from being ready.
    fn was_complete(&self, workload: &Workload, snapshot: &Snapshot) -> bool {
        let (Some(pin), Some(judged)) = (&self.pin, self.revision_judged()) else { return false };
        let known = kind::revisions(workload, pin.template, snapshot);
        let new = known.iter().find(|one| one.id == judged.id);
        kind::is_observed(workload) && new.is_some_and(|new| kind::was_complete(workload, new))
    }

    /// Makes findings of pods that are not ready: of those that were once their rollout was over, and of all that have not
    /// been for longer than a rollout may take.
    fn find_unready(&mut self, was_complete: bool) {
        let mut found: Vec<(Uid, Clean, Awaited)> = Vec::new();
        for (uid, record) in self.ledger.active() {
            let Some(since) = record.unready_at else { continue };
            let age = self.server_clock.age(since, self.now).unwrap_or_default();
            // a controller that has a deadline of its own says itself when it has passed
            let is_overdue = age >= STARTING && !self.own_deadline.is_known();
            let shown = record.told_unready().filter_map(|reason| {
                let is_lost = was_complete && !reason.is_of_the_start(since);
                let lost = reason.if_lost(false).filter(|_| is_lost);
                lost.or_else(|| reason.overdue().filter(|_| is_overdue))
            });
            found.extend(shown.map(|awaited| (uid.clone(), record.name.clone(), awaited)));
        }
        for (uid, name, awaited) in found {
            if !self.findings.is_error(&awaited.symptom.key()) {
                self.see_awaited(&awaited, &uid, &name, Circumstances::default());
            }
        }
    }
}
