//! Whether a pod worked when deploygate started.

use std::time::Duration;

use crate::{
    gate::sight::ended_by_itself,
    model::{Pod, ServerTime},
};

/// How long a pod that crashed must be ready again to be called well.
const SETTLED: Duration = Duration::from_secs(60);

/// How long after its start the kubelet first says that a pod is not ready. One whose readiness has not changed since was
/// never ready.
const FIRST_STATUS: Duration = Duration::from_secs(10);

/// Whether a pod worked when deploygate started; `None` if its deletion leaves that open.
pub(super) fn is_well(pod: &Pod, now: Option<ServerTime>) -> Option<bool> {
    let changed = pod.condition("Ready").and_then(|ready| ready.last_transition_time);
    if pod.is_ready() {
        let is_settled = match (changed, now) {
            (Some(changed), Some(now)) => now.since(changed) >= SETTLED,
            (None, _) | (_, None) => true,
        };
        return Some(is_settled || !has_crashed(pod));
    }
    let scheduled = pod.condition("PodScheduled").and_then(|c| c.last_transition_time);
    let requested = pod.deletion_requested().filter(|_| pod.tells_its_deletion());
    let was_ready = match (pod.metadata.created.max(scheduled), changed) {
        (Some(began), Some(changed)) => {
            changed.since(began) > FIRST_STATUS
                || requested.is_some_and(|requested| changed >= requested)
        }
        (None, _) | (_, None) => false,
    };
    // a pod that ends loses its readiness by that
    let is_open = was_ready && pod.metadata.is_terminating() && !has_crashed(pod);
    (!is_open).then_some(false)
}

/// Whether a run failed that was not ended with the pod.
fn has_crashed(pod: &Pod) -> bool {
    let requested = pod.deletion_requested();
    pod.containers().filter_map(|(_, _, status)| status).any(|status| {
        let ended = [&status.last_state, &status.state].map(|state| state.termination());
        let mut ended = ended.into_iter().flatten().filter(|end| end.exit_code != 0);
        ended.any(|end| ended_by_itself(end, requested))
    })
}
