//! The health window: what opens it, delays its end, and breaks it.
//!
//! Only a pod that was ready and is not any more breaks it. One that is removed on purpose does not, and pods that take
//! its place or are added delay the pass until they have been ready for a while (contract, "How it decides").

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    time::Duration,
};

use super::{
    Gate, GateEvent, ReasonCode, Verdict, complete::servers_ready_for, ledger::PodRecord,
    nodes::Report, window::Window,
};
use crate::{
    clean,
    model::{Elapsed, Kind, Pod},
    observation::Snapshot,
    phrases::{self, verdict::Stayed},
    text::Clean,
};

impl Gate {
    /// Takes in a consistent read, after its pods.
    pub(super) fn hold_window(&mut self, complete: bool, snapshot: &Snapshot) {
        let now = self.now;
        if complete {
            self.completed_at.get_or_insert(now);
            self.deadline.give_up_last_read();
        } else if self.window.is_none() {
            return;
        } else if self.window_holds() {
            // scaling, an annotation, a drained pod: whatever is missing has as long as after a window that broke
            self.give_more_time();
        }
        let fingerprint = complete.then(|| self.fingerprint());
        let members = self.ready_since(|record, opened| {
            if record.first_seen > opened { opened } else { record.ready_since.unwrap_or(now) }
        });
        let youngest = self.youngest();
        let is_held = self.passing.held().is_some();
        match &mut self.window {
            Some(window) if !complete || members <= window.opened() => {
                window.extend(now, fingerprint);
                window.settle(youngest);
                if !window.is_over() {
                    self.passing.lose();
                } else if is_held || self.nodes_report(now) == Report::Alive {
                    self.pass(snapshot.begun.unwrap_or(now));
                }
                if self.decision.is_some() {
                    return;
                }
            }
            _ => {
                self.passing.lose();
                let length = self.window_length(snapshot);
                self.window = Some(Window::open(now, length, self.fingerprint()));
                self.tell(GateEvent::WindowOpened { at: now, length });
            }
        }
        self.ledger.stand_in_window();
        // at its end it waits for Leases, whose answer asks for a read
        let ends = self.window.as_ref().filter(|_| complete).map(Window::ends);
        if let Some(ends) = ends.filter(|ends| *ends > now) {
            self.reads.want(ends);
        }
    }

    /// Whether a window is open and waits for nothing but its end.
    pub(super) fn window_holds(&self) -> bool {
        self.window.as_ref().is_some_and(|window| !window.is_held_up())
    }

    /// Since when the pods that are needed have all been ready, by that measure of a ready pod and the window's begin.
    fn ready_since(&self, since: impl Fn(&PodRecord, Elapsed) -> Elapsed) -> Elapsed {
        let opened = self.window.as_ref().map_or(self.now, Window::opened);
        let ready = self.ledger.ready();
        let mut since: Vec<_> = ready.map(|(_, record)| since(record, opened)).collect();
        since.sort_unstable();
        let needed = usize::try_from(self.counts.needed).unwrap_or(usize::MAX);
        if needed == 0 {
            return opened;
        }
        since.get(needed.saturating_sub(1)).copied().unwrap_or(self.now)
    }

    /// Since when the pods that are needed have all been ready.
    fn youngest(&self) -> Elapsed {
        self.ready_since(|record, _| record.ready_since.unwrap_or(self.now))
    }

    /// What two reads must agree on: which pods there are, and how often each was restarted.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for (uid, record) in self.ledger.active() {
            (uid, record.restart_counts).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// The policy's window; longer where a restart from before the gate must be outlived (contract, "How it decides"):
    /// twice the longest run that ended, less what the container has lived since.
    fn window_length(&self, snapshot: &Snapshot) -> Duration {
        let containers = self.ledger.containers().filter(|(_, pod, _)| !pod.is_attempt());
        let needed = containers.filter_map(|(uid, _, container)| {
            let twice = container.longest_earlier_run()? * 2;
            let pod = snapshot.pods().find(|pod| pod.metadata.uid == *uid)?;
            let lived = servers_ready_for(pod, snapshot).unwrap_or_default();
            Some(twice.saturating_sub(lived))
        });
        let allowed = self.deadline.at().since(self.now);
        let longest = needed.max().unwrap_or_default().min(allowed);
        self.policy.window.max(longest)
    }

    /// A watch or a read showed that a pod of the window is not ready, or was not for a while.
    pub(super) fn break_window(&mut self, pod: &Pod) {
        if self.window.is_none() || pod.metadata.is_terminating() {
            return;
        }
        let ready = self.ledger.ready();
        let (ready, needed) = (ready.count() as u64, self.counts.needed);
        let is_gap = pod.is_ready();
        if ready >= needed && !is_gap {
            return;
        }
        let name = self.ledger.get(&pod.metadata.uid).map(|record| record.name.clone());
        let why = phrases::verdict::was_not_ready(&name.unwrap_or_default());
        self.close_window(why);
    }

    pub(super) fn close_window(&mut self, why: Clean) {
        let at = self.now;
        self.window = None;
        self.passing.lose();
        self.tell(GateEvent::WindowBroken { at, why });
        self.give_more_time();
        self.deadline.give_up_last_read();
        self.reads.want_soon(at);
    }

    pub(super) fn decide_passed(&mut self) {
        let youngest = self.youngest();
        self.findings.resolve_all();
        let (opened, held) =
            self.window.as_ref().map(|window| (window.opened(), window.held())).unwrap_or_default();
        let joined = self.ledger.active().filter(|(_, record)| {
            record.ready_since.is_some_and(|since| since > opened) && record.first_seen > opened
        });
        let joined = joined.count() as u64;
        let revision = self.revision_judged().map(|set| set.name.clone()).unwrap_or_default();
        let pods = Stayed {
            desired: self.counts.desired,
            stayed: self.counts.ready.saturating_sub(joined),
            held,
            joined,
            joined_for: self.now.since(youngest),
        };
        let mut account = match self.target.kind.kind() {
            Kind::Custom if self.policy.present => phrases::present::healthy_resource(
                &self.conditions_that_hold(),
                (self.counts.ready, pods.desired),
                self.policy.window,
            ),
            Kind::Custom => {
                let Stayed { desired, held, .. } = pods;
                let conditions = self.conditions_that_hold();
                let had_pods = self.conditions.has_pods();
                phrases::custom::passed(&conditions, self.counts.ready, desired, had_pods, held)
            }
            _ if self.policy.present => phrases::present::healthy(
                &revision,
                self.counts.ready,
                pods.desired,
                self.policy.window,
            ),
            _ => phrases::verdict::passed(&revision, pods),
        };
        if let Some(spared) = self.not_judged() {
            account.reason = clean!("{}; {}", account.reason, spared);
        }
        self.decide(Verdict::Passed, None, account);
    }

    /// Reads that succeed, and never close enough to each other for a window.
    pub(super) fn decide_unseen(&mut self) {
        let account = phrases::unread::too_few_reads(self.policy.window);
        self.decide(Verdict::Inconclusive, Some(ReasonCode::Stale), account);
    }
}
