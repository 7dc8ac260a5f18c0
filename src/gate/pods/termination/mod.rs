//! Why a container's run ended: its own doing, a rule's, or the platform's.
//!
//! Exit codes do not tell: a liveness kill, a lost sandbox and a resize may all end with 0, 137 or 143. Reasons and
//! events do (`semantics` of Kubernetes 1.31 to 1.37, seen on real kubelets).

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::fate::{self, Fate};
use crate::{
    gate::{Attribution, Cause, texts},
    model::{KubeEvent, Pod, RestartPolicy, Role, ServerTime, Termination},
    phrases::Excuse,
    signs::{Kill, is_about_container, kill},
};

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gate) enum Ending {
    /// By a fault that counts as a restart.
    Counted(Cause),
    /// By the platform or a change that somebody wanted: noted, not counted.
    Excused(Excuse),
    /// Events must tell.
    Undecided,
}

/// What the end of a run tells by itself.
pub(in crate::gate) fn by_itself(termination: &Termination) -> Ending {
    match termination.reason.as_raw() {
        // containerd's and dockershim's words for a process that never ran
        "StartError" | "ContainerCannotRun" => Ending::Counted(Cause::StartError),
        // the runtime or the kubelet lost track of the run: reboot, restart of containerd, forced removal
        _ if is_lost(termination) => Ending::Excused(Excuse::LostByKubelet),
        "Unknown" if termination.exit_code == 255 => Ending::Excused(Excuse::LostByRuntime),
        // a restart rule of another container fired (Kubernetes 1.36 `RestartAllContainers`)
        "RestartingAllContainers" => Ending::Excused(Excuse::RestartRule),
        _ => Ending::Undecided,
    }
}

/// Whether the kubelet wrote the end for want of a container that it knew to run. It has no times and no container, and
/// the kubelet adds to the restart count by itself, more than once in a pod's life (kubernetes#122160; Kubernetes 1.36
/// `pkg/kubelet/kubelet_pods.go`, `convertToAPIContainerStatuses`).
pub(in crate::gate) fn is_lost(termination: &Termination) -> bool {
    termination.reason.as_raw() == "ContainerStatusUnknown"
}

/// What the pod's own status tells of the end of a run in it, which it shows as over or, with `is_last`, as the one before.
/// What ended long before the pod was given up was not ended by that.
pub(in crate::gate) fn by_pod(
    pod: &Pod,
    termination: &Termination,
    is_last: bool,
) -> Option<Ending> {
    let fate = Fate::of(pod)?;
    let announced = fate::disruption(pod).and_then(|condition| condition.last_transition_time);
    let is_of_it = match (announced, termination.finished_at) {
        // the kubelet announces it when it begins to stop the containers, and others before
        (Some(announced), Some(finished)) => finished >= announced.minus(SOON),
        (Some(_), None) => true,
        (None, _) => is_last || is_lost(termination),
    };
    match fate {
        _ if !is_of_it || termination.ran_out_of_memory() => None,
        Fate::OwnStorage => Some(Ending::Counted(Cause::Evicted)),
        Fate::Disrupted => Some(Ending::Excused(Excuse::Disrupted)),
        Fate::Rejected | Fate::Unsupported => Some(Ending::Excused(Excuse::Rejected)),
    }
}

/// The times of one node's kubelet and runtime may differ by their rounding.
const SOON: Duration = Duration::from_secs(1);

/// What the pod's events tell of the end of a run; `None` if they tell nothing.
pub(in crate::gate) fn by_events(
    termination: &Termination,
    container: &str,
    events: &[KubeEvent],
) -> Option<Ending> {
    let (started, finished) = (termination.started_at, termination.finished_at);
    // the times are of one node: those of its kubelet and of its runtime
    let within = |event: &KubeEvent, from: Option<ServerTime>, to: Option<ServerTime>| {
        event.last.is_none_or(|last| {
            from.is_none_or(|from| last >= from) && to.is_none_or(|to| last <= to)
        })
    };
    let at_its_end = |event: &KubeEvent| match (event.last, finished) {
        (Some(last), Some(finished)) => {
            last.since(finished) <= AROUND && finished.since(last) <= AROUND
        }
        (None, _) | (_, None) => true,
    };
    // the kernel needs nobody's help: what was done after its kill did not end the run
    let latest = finished.filter(|_| termination.ran_out_of_memory());
    let mut ending = None;
    for event in events.iter().filter(|event| within(event, started, latest)) {
        let text = event.message.as_raw();
        let of_container = event
            .container()
            .map_or_else(|| is_about_container(text, container), |name| name == container);
        // the cause of a kill says more than the kill that follows from it
        let (told, is_weak) = match event.reason.as_raw() {
            "Evicted" if texts::is_own_storage_use(text) => {
                (Some(Ending::Counted(Cause::Evicted)), false)
            }
            "Evicted" => (Some(Ending::Excused(Excuse::Evicted)), false),
            "Preempting" | "Preempted" => (Some(Ending::Excused(Excuse::Preempted)), false),
            "Killing" if of_container => match kill(text) {
                Some(Kill::Stop) => {
                    let is_cause = within(event, started, finished);
                    (is_cause.then(|| killed(Kill::Stop)), true)
                }
                kill => (kill.map(killed), false),
            },
            "FailedPostStartHook" if of_container => {
                (Some(Ending::Counted(Cause::PostStart)), false)
            }
            "SandboxChanged" if at_its_end(event) => (Some(Ending::Excused(Excuse::Sandbox)), true),
            _ => (None, true),
        };
        if told.is_some() && !(is_weak && ending.is_some()) {
            ending = told;
        }
    }
    ending
}

/// What earlier kills after a probe or a hook tell of a run that ended as one that is killed does. Whoever writes events about an object
/// drops all but a few (Kubernetes 1.36 `staging/src/k8s.io/client-go/tools/record/events_cache.go`: 25, then one in 5
/// minutes), so that of what kills again and again only the first kills are told.
pub(in crate::gate) fn by_earlier_kills(
    termination: &Termination,
    container: &str,
    events: &[KubeEvent],
) -> Option<Ending> {
    let is_earlier = |event: &&KubeEvent| match (event.last, termination.started_at) {
        (Some(last), Some(started)) => last < started,
        (None, _) | (_, None) => false,
    };
    let of_container = |event: &&KubeEvent| event.container() == Some(container);
    let told = events.iter().filter(is_earlier).filter(of_container).filter_map(|event| {
        let ending = match event.reason.as_raw() {
            "FailedPostStartHook" => Ending::Counted(Cause::PostStart),
            "Killing" => match kill(event.message.as_raw())? {
                why @ (Kill::Liveness | Kill::Startup) => killed(why),
                Kill::Redefined | Kill::Resized | Kill::Stop => return None,
            },
            _ => return None,
        };
        Some((event.last, ending))
    });
    told.max_by_key(|(last, _)| *last).map(|(_, ending)| ending)
}

fn killed(why: Kill) -> Ending {
    match why {
        Kill::Liveness => Ending::Counted(Cause::Liveness),
        Kill::Startup => Ending::Counted(Cause::Startup),
        Kill::Redefined => Ending::Excused(Excuse::Redefined),
        Kill::Resized => Ending::Excused(Excuse::Resized),
        Kill::Stop => Ending::Excused(Excuse::Stopped),
    }
}

/// How far apart a sandbox's loss and the end of a container in it may be reported.
const AROUND: Duration = Duration::from_secs(30);

/// What the end of a run is taken for when no event tells more. A program that outlived the kernel's kill of a child says
/// by its exit code that it ended for another reason; an init container that ends well all the same does not.
pub(in crate::gate) fn without_events(termination: &Termination, role: Role) -> Ending {
    let killed = termination.ran_out_of_memory();
    match (by_itself(termination), termination.exit_code) {
        (Ending::Undecided, 137) if killed => Ending::Counted(Cause::OomKilled),
        (Ending::Undecided, 0) if killed && role == Role::Init => Ending::Counted(Cause::OomKilled),
        (Ending::Undecided, 0) => Ending::Counted(Cause::Exited),
        (Ending::Undecided, _) => Ending::Counted(Cause::CrashLoop),
        (decided, _) => decided,
    }
}

/// Whether an end like this is what the container is for. An init container that ran out of memory is run again, with
/// exit code 0 too (Kubernetes 1.36 `pkg/kubelet/kuberuntime/helpers.go`, `isInitContainerFailed`).
pub(in crate::gate) fn is_wanted(
    termination: &Termination,
    role: Role,
    policy: RestartPolicy,
) -> bool {
    let has_failed = role == Role::Init && termination.ran_out_of_memory();
    let ends = role == Role::Init || policy != RestartPolicy::Always;
    ends && !has_failed && termination.exit_code == 0
}

/// Whether a kill from outside can end like this, so that an event about it may still be under way. One of the kernel's
/// needs no event, and a kill that follows a probe's is told long before.
pub(in crate::gate) fn can_be_a_kill(termination: &Termination) -> bool {
    matches!(termination.exit_code, 0 | 137 | 143) && !termination.ran_out_of_memory()
}

/// Whose concern a counted end is.
pub(in crate::gate) fn attribution(cause: Cause) -> Attribution {
    match cause {
        Cause::StartError => Attribution::Configuration,
        _ => Attribution::Application,
    }
}
