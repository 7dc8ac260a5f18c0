//! Whether a pod is ready, why it is not, and whether it was lost in a window that it was ready.

use std::time::Duration;

use super::PodRecord;
use crate::{
    gate::{
        Policy, names, stuck,
        symptom::Awaited,
        unready::{self, Unready, Why},
    },
    model::{Elapsed, Pod, Role},
};

/// Losses of readiness in one pod that are too many, however short.
const FLAPS: u32 = 3;

/// What a pod shows of which a window holds that it is ready.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::gate) enum Lost {
    Nothing,
    /// It is told of from then on.
    ToldFrom(Elapsed),
    /// Since then it shows these.
    Shown {
        since: Elapsed,
        reasons: Vec<Awaited>,
    },
}

impl PodRecord {
    /// Why it is not ready, but for what its events tell better: what keeps its node from creating its containers.
    pub(in crate::gate) fn told_unready(&self) -> impl Iterator<Item = &Unready> {
        let is_stuck = self.stuck.is_some();
        self.unready.iter().filter(move |reason| !(is_stuck && reason.why == Why::Preparing))
    }

    /// Readiness and place in life. A reading older than the last one says nothing about them.
    pub(super) fn observe_state(&mut self, pod: &Pod, now: Elapsed, policy: &Policy) -> bool {
        if self.gone || self.is_later_than(pod) {
            return false;
        }
        self.version = pod.metadata.version;
        if self.node.is_none() {
            let node = pod.spec.node_name.as_deref();
            self.node = node.map(names::object);
        }
        self.terminating = pod.metadata.is_terminating();
        let ended = pod.has_ended();
        self.active = !self.terminating && !ended && !self.is_attempt();
        let statuses =
            pod.status.container_statuses.iter().chain(pod.status.init_container_statuses.iter());
        self.restart_counts = statuses.map(|status| u64::from(status.restart_count)).sum();

        if !stuck::is_starting(pod) {
            self.stuck = None;
        }
        let ready = pod.condition("Ready").and_then(|ready| ready.last_transition_time);
        self.unready_at = if pod.is_ready() { None } else { ready.max(pod.metadata.created) };
        let was_ready = self.ready_since.is_some();
        self.explain(pod, now, policy);
        if !self.active || !is_ready(pod, policy) {
            self.ready_since = None;
            self.flaps += u32::from(was_ready && self.active);
            return was_ready && !(ended && self.may_end_like(pod));
        }
        let gap = was_ready && ready != self.ready_changed && pod.is_ready();
        if gap || !was_ready {
            self.ready_since = Some(now);
        }
        self.ready_changed = ready;
        gap
    }

    /// Why it is not ready. A container that is not judged explains nothing, unless the others wait for it.
    fn explain(&mut self, pod: &Pod, now: Elapsed, policy: &Policy) {
        let mut reasons = Vec::new();
        if self.active && !is_ready(pod, policy) {
            reasons = unready::reasons(pod, &self.steps);
            reasons.retain(|reason| {
                let name = reason.container.as_deref();
                reason.role != Some(Role::App) || name.is_none_or(|name| !policy.ignores(name))
            });
        }
        let goes_on = |(new, old): (&Unready, &Unready)| new.goes_on(old);
        let lasts =
            reasons.len() == self.unready.len() && reasons.iter().zip(&self.unready).all(goes_on);
        if !lasts {
            self.explained_since = now;
        }
        self.unready = reasons.into();
    }

    /// What it shows if it was ready in a window and is not any more, although nothing was restarted; or if it was added
    /// in the window, which `opened` then, runs, and is not ready yet: of that nothing is told for a `quiet` while.
    pub(in crate::gate::pods::ledger) fn lose_readiness(
        &mut self,
        pod: &Pod,
        opened: Option<Elapsed>,
        now: Elapsed,
        quiet: Duration,
    ) -> Lost {
        let joins = opened.is_some_and(|opened| self.first_seen > opened);
        let is_judged = self.steady || (joins && !stuck::is_starting_up(pod));
        let is_unready = is_judged && self.active && self.ready_since.is_none();
        let again = self.flaps >= FLAPS;
        let reasons = self.unready.iter().filter(|_| is_unready);
        let reasons: Vec<Awaited> = reasons.filter_map(|reason| reason.if_lost(again)).collect();
        if reasons.is_empty() {
            self.unready_since = None;
            return Lost::Nothing;
        }
        let since = *self.unready_since.get_or_insert(now);
        if !self.steady && now < since + quiet {
            return Lost::ToldFrom(since + quiet);
        }
        Lost::Shown { since, reasons }
    }

    /// It was ready in a window, if it is ready now.
    pub(in crate::gate::pods::ledger) fn stand_in_window(&mut self) {
        self.steady |= self.is_ready();
    }

    /// Whether it is ready, as far as containers are judged.
    pub(in crate::gate) fn is_ready(&self) -> bool {
        self.ready_since.is_some()
    }
}

/// Whether the pod is ready, containers that are not judged left aside.
fn is_ready(pod: &Pod, policy: &Policy) -> bool {
    if pod.is_ready() || policy.ignore_containers.is_empty() {
        return pod.is_ready();
    }
    let blamed = pod.condition("Ready").is_some_and(|c| c.has_reason("ContainersNotReady"));
    let mut judged = pod.status.container_statuses.iter().filter(|c| !policy.ignores(&c.name));
    blamed && judged.all(|status| status.ready)
}
