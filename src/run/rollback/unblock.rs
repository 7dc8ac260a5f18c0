//! A StatefulSet that updates its pods in order waits for the pod that failed, whatever its template says by now.

use std::time::Duration;

use super::hands::Hands;
use crate::{
    gate::{self, Restore},
    model::{Pod, TargetRef},
    observation::FailureKind,
    phrases::rollback,
    text::{Clean, Untrusted},
};

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// Deletes pods of the failed revision that are not ready, the highest ordinal first, until none of that revision is left.
/// Where pods may not be deleted, it ends with the name of the one that blocks the update.
pub(super) async fn unblock(
    hands: &impl Hands,
    target: &TargetRef,
    restore: &Restore,
    tell: &dyn Fn(&Clean),
) -> Option<Clean> {
    loop {
        if let Ok(Some((workload, pods))) = hands.with_pods(target).await {
            for pod in gate::blocking_restore(&workload, &pods, restore)? {
                let name = name_of(pod);
                match hands.delete_pod(target, pod).await {
                    Ok(()) => tell(&rollback::pod_deleted(&name)),
                    Err(failure) if failure.kind == FailureKind::Forbidden => return Some(name),
                    Err(_) => {}
                }
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn name_of(pod: &Pod) -> Clean {
    Untrusted::from(&*pod.metadata.name).to_clean_line(253)
}
