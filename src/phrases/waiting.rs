//! What keeps a rollout from its end, and what to do when it did not complete.

use std::time::Duration;

use super::{NextStep, joined, kind::Words, length, whole_seconds};
use crate::{clean, model::Kind, text::Clean};

/// A step after the deadline, where more time may help too.
pub fn more_time(step: Option<NextStep>, timeout: Duration) -> NextStep {
    let longer = clean!("raise `--timeout` above {}", length(timeout));
    match step {
        None => NextStep::new(clean!("to allow more time, {}", longer)),
        Some(NextStep { what, command }) => {
            let what = clean!("{}. To allow more time, {}", what, longer);
            NextStep { what, command }
        }
    }
}

/// What is waited for, with what keeps it.
pub fn because(what: &Clean, why: &Clean) -> Clean {
    clean!("{} ({})", what, why)
}

/// The new revision, which old pods keep from being made.
pub fn new_revision(kind: Kind, why: &Clean) -> Clean {
    because(&clean!("the new {}", Words::of(kind).revision), why)
}

/// The deadline passed after so long, with what explains it.
pub fn did_not_complete(
    kind: Kind,
    after: Duration,
    waits: &[Clean],
    explained: &[Clean],
) -> Clean {
    let what = Clean::from_static(match kind {
        Kind::Job => "Job",
        Kind::Custom => "resource",
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Rollout => "rollout",
    });
    let waits = clean!(
        "the {} did not complete within {}: still waiting for {}",
        what,
        whole_seconds(after),
        joined(waits, "; ")
    );
    match explained {
        [] => waits,
        reasons => clean!("{}; {}", joined(reasons, "; "), waits),
    }
}

/// The controller's own deadline passed.
pub fn own_deadline_passed(kind: Kind, ready: u64, desired: u64) -> Clean {
    clean!(
        "the {}'s progress deadline passed: {} of {} new pods are ready",
        Words::of(kind).kind,
        ready,
        desired
    )
}

/// The same, where nothing is known of the pods.
pub fn own_deadline_passed_waiting(passed: &Clean, waits: &[Clean]) -> Clean {
    clean!("{}, still waiting for {}", passed, joined(waits, "; "))
}

/// A pod that is ready, but not for `minReadySeconds`. `timeout`: the one that is not longer than that.
pub fn not_ready_for(min_ready: Duration, timeout: Option<Duration>) -> Clean {
    let ready = clean!("ready, but not yet for minReadySeconds ({})", length(min_ready));
    match timeout {
        None => ready,
        Some(timeout) => {
            clean!("{}, which is not shorter than the timeout ({})", ready, length(timeout))
        }
    }
}

/// What to do about that.
pub fn allow_min_ready(min_ready: Duration) -> Clean {
    clean!("raise `--timeout` well above minReadySeconds ({}), or lower that", length(min_ready))
}

/// What to do about a controller that does nothing.
pub fn check_controller_manager() -> Clean {
    Clean::from_static("check that kube-controller-manager is running")
}

/// What to do about pods that nobody creates.
pub fn check_creator() -> Clean {
    Clean::from_static(
        "check the events of the object that creates them, and that kube-controller-manager is running",
    )
}

/// What to do about nodes that are lost.
pub fn restore_nodes() -> Clean {
    Clean::from_static("bring the nodes back, or remove them, then run deploygate again")
}

/// What to do about pods of which nothing is known.
pub fn check_pods() -> Clean {
    Clean::from_static("check the pods' events and states")
}

/// What to do about steps that last.
pub fn check_steps() -> Clean {
    Clean::from_static("check which step takes so long: a pause, or an analysis")
}

/// What to do about an Argo Rollout that does not switch to its new revision.
pub fn check_rollout() -> Clean {
    Clean::from_static("check the Rollout's status and events")
}

/// What to do about a Job that does not come to its end.
pub fn check_logs() -> Clean {
    Clean::from_static("check in the log what its pods are doing")
}

/// An old pod that does not end: `old pod app-1 has not ended: deletion requested 30s ago, grace period 2m`.
pub fn leaving(pod: &Clean, age: Option<Duration>, grace: Duration, finalizers: &Clean) -> Clean {
    let ago = age.map(|age| clean!(" {} ago", whole_seconds(age))).unwrap_or_default();
    let finalizers = match finalizers.is_empty() {
        true => Clean::default(),
        false => clean!(", finalizers {}", finalizers),
    };
    clean!(
        "old pod {} has not ended: deletion requested{}, grace period {}{}",
        pod,
        ago,
        length(grace),
        finalizers
    )
}

/// What to do about an old pod that is within its grace period.
pub fn outlast(grace: Duration) -> Clean {
    clean!(
        "raise `--timeout` above the old pod's grace period ({}), let the program exit sooner on SIGTERM, or lower `terminationGracePeriodSeconds`",
        length(grace)
    )
}

/// What to do about a pod that a finalizer keeps.
pub fn check_finalizer() -> Clean {
    Clean::from_static("check the controller that must remove the pod's finalizer")
}

/// What to do about a pod that its node does not remove.
pub fn check_kubelet(node: Option<&Clean>) -> Clean {
    match node {
        Some(node) => clean!("check the kubelet of node {}: it has not removed the pod", node),
        None => Clean::from_static("find out why the pod is not removed: `kubectl describe pod`"),
    }
}

/// A new pod that finds no room, where so many old pods more than this one hold it.
pub fn room_is_held(keeper: &Clean, others: usize, message: &Clean) -> Clean {
    let pods = match others {
        0 => clean!("old pod {} holds", keeper),
        others => clean!("old pod {} and {} more hold", keeper, others),
    };
    clean!(
        "{} the room that the new pod needs, and may only go once it is ready (maxUnavailable 0): {}",
        pods,
        message
    )
}

/// What to do about that.
pub fn make_room() -> NextStep {
    NextStep::from_static(
        "allow `maxUnavailable: 1` so that the old pod makes room, or add room for one more pod",
    )
}

/// A pod of another revision for which the controller of an ordered update waits.
pub fn blocking(pod: &Clean) -> Clean {
    clean!(
        "pod {} of another revision is not ready, and the controller updates no pod before it is (kubernetes#67250)",
        pod
    )
}

/// What to do about that.
pub fn unblock(pod: &Clean, namespace: &Clean) -> NextStep {
    let delete = clean!("kubectl delete pod {} -n {}", pod, namespace);
    NextStep::from_static("delete the pod so that it is created anew").with(delete)
}
