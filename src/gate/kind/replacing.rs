//! How a kind replaces its old pods by new ones, and which old ones stay.

use super::{rollout, standing::Standing, stateful_set};
use crate::{
    gate::revision::RevisionId,
    model::{Kind, Pod, Workload},
    observation::Snapshot,
};

/// Whether deploygate knows how to bring the template of an earlier revision back.
pub(in crate::gate) const fn can_be_rolled_back(kind: Kind) -> bool {
    match kind {
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet => true,
        Kind::Job | Kind::Rollout | Kind::Custom => false,
    }
}

/// Whether pods keep their revision until someone deletes them.
pub(in crate::gate) fn is_on_delete(workload: &Workload) -> bool {
    match workload {
        Workload::StatefulSet(set) => set.is_on_delete(),
        Workload::DaemonSet(set) => set.is_on_delete(),
        Workload::Deployment(_) | Workload::Job(_) | Workload::Rollout(_) | Workload::Custom(_) => {
            false
        }
    }
}

/// Whether new pods come before old ones go; not where that is not known.
pub(in crate::gate) fn surges(workload: &Workload) -> bool {
    match workload {
        Workload::Deployment(deployment) => deployment.surges(),
        Workload::DaemonSet(set) => set.surges(),
        // beside the old ones, unless a canary's maxSurge is 0, which is rare
        Workload::Rollout(_) => true,
        Workload::StatefulSet(_) | Workload::Job(_) | Workload::Custom(_) => false,
    }
}

/// Whether no pod may go before another is available; `None` where that is not known.
pub(in crate::gate) fn keeps_all_available(workload: &Workload) -> Option<bool> {
    match workload {
        Workload::Deployment(deployment) => deployment.keeps_all_available(),
        Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_)
        | Workload::Rollout(_)
        | Workload::Custom(_) => Some(false),
    }
}

/// Whether a pod that is not of the new revision is not waited for.
pub(in crate::gate) fn is_spared(workload: &Workload, pod: &Pod) -> bool {
    match workload {
        // old pods may wait for their scale-down delay
        Workload::Rollout(_) => true,
        Workload::Deployment(_)
        | Workload::StatefulSet(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_)
        | Workload::Custom(_) => is_kept(workload, pod),
    }
}

/// Whether a pod that is not of the new revision is to stay as it is.
pub(in crate::gate) fn is_kept(workload: &Workload, pod: &Pod) -> bool {
    match workload {
        Workload::StatefulSet(set) => stateful_set::is_spared(set, pod),
        Workload::DaemonSet(set) => set.is_on_delete(),
        Workload::Rollout(rollout) => {
            matches!(rollout::standing(rollout), Standing::Held { .. })
                && !pod.metadata.is_terminating()
        }
        Workload::Deployment(_) | Workload::Job(_) | Workload::Custom(_) => false,
    }
}

/// The pod of another revision for which the controller waits before it updates any.
pub(in crate::gate) fn blocking<'a>(
    workload: &Workload,
    new: &RevisionId,
    snapshot: &'a Snapshot,
) -> Option<&'a Pod> {
    match workload {
        Workload::StatefulSet(set) => stateful_set::blocking(set, new, snapshot),
        Workload::Deployment(_)
        | Workload::DaemonSet(_)
        | Workload::Job(_)
        | Workload::Rollout(_)
        | Workload::Custom(_) => None,
    }
}
