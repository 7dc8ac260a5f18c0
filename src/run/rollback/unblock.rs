//! A StatefulSet that updates its pods in order waits for the pod that failed, whatever its template says by now.

use std::{cell::RefCell, time::Duration};

use super::hands::Hands;
use crate::{
    gate::{self, Restore},
    model::TargetRef,
    observation::FailureKind,
    outcome::Unblocked,
    phrases::rollback,
    run::name_of,
    text::Clean,
};

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// Deletes pods of the failed revision that are not ready, the highest ordinal first, until none of that revision is left,
/// or one that blocks the update may not be deleted.
pub(super) async fn unblock(
    hands: &impl Hands,
    target: &TargetRef,
    restore: &Restore,
    unblocked: &RefCell<Unblocked>,
    tell: &dyn Fn(&Clean),
) {
    loop {
        if let Ok(Some((workload, pods))) = hands.with_pods(target).await {
            let Some(blocking) = gate::blocking_restore(&workload, &pods, restore) else { return };
            for pod in blocking {
                let name = name_of(pod);
                match hands.delete_pod(target, pod).await {
                    Ok(()) => {
                        tell(&rollback::pod_deleted(&name));
                        unblocked.borrow_mut().deleted.push(name);
                    }
                    Err(failure) if failure.kind == FailureKind::Forbidden => {
                        unblocked.borrow_mut().blocked_by = Some(name);
                        return;
                    }
                    Err(_) => {}
                }
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}
