//! The time after the rollout in which the new pods must stay healthy without a gap.

use std::time::Duration;

use crate::model::{Elapsed, PodSpec, Probe};

/// Reads further apart than this do not count towards the window: it stands still while reads are stale.
pub(super) const FRESH: Duration = Duration::from_secs(15);

/// Two reads that agree must be at least so far apart.
pub(super) const APART: Duration = Duration::from_secs(5);

/// How long a pod that was added must be ready at the end.
pub(super) const SETTLED: Duration = Duration::from_secs(15);

/// A window that holds so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// When it opened.
    opened: Elapsed,
    /// How long it must hold.
    required: Duration,
    /// How long it held, time without fresh reads left out.
    held: Duration,
    /// The last good read in it.
    last: Elapsed,
    /// Since when all reads showed the rollout complete and agreed on every pod and restart count, and what they agreed
    /// on; `None` if the last one did not show it complete.
    agreed: Option<(Elapsed, u64)>,
    /// When pods that were added have been ready for long enough.
    settled: Elapsed,
}

impl Window {
    /// Opens it with a read that shows the rollout complete.
    pub(super) fn open(now: Elapsed, required: Duration, fingerprint: u64) -> Self {
        Self {
            opened: now,
            required,
            held: Duration::ZERO,
            last: now,
            agreed: Some((now, fingerprint)),
            settled: now,
        }
    }

    /// Takes another read in in which it was not broken; `None` if that does not show the rollout complete.
    pub(super) fn extend(&mut self, now: Elapsed, fingerprint: Option<u64>) {
        let gap = now.since(self.last);
        if gap <= FRESH {
            self.held += gap;
        }
        self.last = now;
        if self.agreed.map(|(_, agreed)| agreed) != fingerprint {
            self.agreed = fingerprint.map(|fingerprint| (now, fingerprint));
        }
    }

    /// All pods have been ready since then: those that were added since it opened need a while.
    pub(super) fn settle(&mut self, ready_since: Elapsed) {
        self.settled = if ready_since > self.opened { ready_since + SETTLED } else { self.opened };
    }

    /// When it opened.
    pub(super) fn opened(&self) -> Elapsed {
        self.opened
    }

    /// How long it must hold.
    pub(super) fn required(&self) -> Duration {
        self.required
    }

    /// How long it held of the time that is required.
    pub(super) fn held(&self) -> Duration {
        self.held.min(self.required)
    }

    /// Whether its end waits for the rollout to be complete again.
    pub(super) fn is_held_up(&self) -> bool {
        self.agreed.is_none()
    }

    /// Whether it held long enough, on two reads that agree; to be asked right after a read.
    pub(super) fn is_over(&self) -> bool {
        let agreed = self.agreed.is_some_and(|(since, _)| self.last.since(since) >= APART);
        self.held >= self.required && agreed && self.last >= self.settled
    }

    /// When the next read could end it.
    pub(super) fn ends(&self) -> Elapsed {
        let held = self.last + self.required.saturating_sub(self.held);
        let agreed = self.agreed.map_or(self.last, |(since, _)| since) + APART;
        held.max(agreed).max(self.settled)
    }
}

/// The shortest window in which a kill by a liveness probe that never passes can be seen, plus the kubelet's lag;
/// `None` if no container has a probe that kills.
///
/// startup = initialDelay + period × threshold of the startup probe; a liveness kill needs as much again of its own
/// probe, and the container's grace (Kubernetes 1.36 `pkg/kubelet/prober/worker.go`).
pub(super) fn needed_by_probes(template: &PodSpec, min_ready_seconds: i64) -> Option<Duration> {
    let grace = template.termination_grace_period_seconds.unwrap_or(30);
    let of_container = |container: &crate::model::Container| {
        let liveness = container.liveness_probe.as_deref()?;
        let startup = container.startup_probe.as_deref().map_or(0, budget);
        Some(
            startup + budget(liveness) + liveness.termination_grace_period_seconds.unwrap_or(grace),
        )
    };
    let longest = template.containers.iter().filter_map(of_container).max()?;
    let seconds = longest.max(30).max(min_ready_seconds).saturating_add(LAG);
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// Seconds between the end of a container and its status: relist, sync and write of the kubelet.
const LAG: i64 = 15;

/// Seconds until a probe that never passes has failed for good.
fn budget(probe: &Probe) -> i64 {
    let period = probe.period_seconds.unwrap_or(10);
    let failing = period.saturating_mul(probe.failure_threshold.unwrap_or(3));
    probe.initial_delay_seconds.unwrap_or(0).saturating_add(failing)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const fn at(seconds: u64) -> Elapsed {
        Elapsed::from_secs(seconds)
    }

    #[test]
    fn it_is_over_with_a_read_at_its_end_and_not_a_millisecond_before() {
        let mut window = Window::open(at(0), Duration::from_secs(20), 7);
        window.extend(at(10), Some(7));
        window.extend(Elapsed::from_millis(19_999), Some(7));
        assert!(!window.is_over());
        window.extend(at(20), Some(7));
        assert!(window.is_over());
    }

    #[test]
    fn it_stands_still_while_reads_are_stale() {
        let mut window = Window::open(at(0), Duration::from_secs(20), 7);
        window.extend(at(10), Some(7));
        window.extend(at(30), Some(7));
        assert_eq!((window.held, window.ends()), (Duration::from_secs(10), at(40)));
    }

    #[test]
    fn reads_that_disagree_must_agree_again_for_five_seconds() {
        let mut window = Window::open(at(0), Duration::from_secs(10), 7);
        window.extend(at(8), Some(9));
        window.extend(at(12), Some(9));
        assert!(!window.is_over());
        assert_eq!(window.ends(), at(13));
        window.extend(at(13), Some(9));
        assert!(window.is_over());
    }

    #[test]
    fn it_goes_on_while_its_end_is_held_up_and_then_two_reads_must_agree() {
        let mut window = Window::open(at(0), Duration::from_secs(20), 7);
        window.extend(at(10), None);
        assert!(window.is_held_up());
        window.extend(at(20), Some(7));
        assert!(!window.is_held_up() && !window.is_over());
        assert_eq!(window.ends(), at(25));
        window.extend(at(25), Some(7));
        assert!(window.is_over());
    }

    #[test]
    fn a_pod_that_was_added_has_been_ready_for_15_seconds_at_its_end() {
        let mut window = Window::open(at(0), Duration::from_secs(20), 7);
        window.extend(at(15), Some(7));
        window.settle(at(12));
        window.extend(Elapsed::from_millis(26_999), Some(7));
        assert!(!window.is_over());
        assert_eq!(window.ends(), at(27));
        window.extend(at(27), Some(7));
        assert!(window.is_over());
    }

    #[test]
    fn even_a_window_of_nothing_takes_two_reads() {
        let mut window = Window::open(at(0), Duration::ZERO, 7);
        assert!(!window.is_over());
        window.extend(at(5), Some(7));
        assert!(window.is_over());
    }

    #[test]
    fn the_defaults_of_a_liveness_probe_need_75_seconds() {
        let spec = |probe| -> PodSpec {
            serde_json::from_value(json!({"containers": [{"name": "app", "livenessProbe": probe}]}))
                .unwrap()
        };
        assert_eq!(needed_by_probes(&spec(json!({})), 0), Some(Duration::from_secs(75)));
        let slow = json!({"initialDelaySeconds": 60, "periodSeconds": 5, "failureThreshold": 2, "terminationGracePeriodSeconds": 1});
        assert_eq!(needed_by_probes(&spec(slow), 0), Some(Duration::from_secs(86)));
        assert_eq!(needed_by_probes(&spec(json!(null)), 0), None);
    }
}
