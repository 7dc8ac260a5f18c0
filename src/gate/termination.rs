//! Why a container's run ended: its own doing, a rule's, or the platform's.
//!
//! Exit codes do not tell: a liveness kill, a lost sandbox and a resize may all end with 0, 137 or 143. Reasons and
//! events do (`semantics` of Kubernetes 1.31 to 1.37, seen on real kubelets).

use std::time::Duration;

use super::{Attribution, Cause};
use crate::{
    model::{KubeEvent, RestartPolicy, Role, Termination},
    text::Clean,
};

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// By a fault that counts as a restart.
    Counted(Cause),
    /// By the platform or a change that somebody wanted: noted, not counted.
    Excused(Clean),
    /// Events must tell.
    Undecided,
}

/// What the end of a run tells by itself.
pub(super) fn by_itself(termination: &Termination) -> Ending {
    match termination.reason.as_raw() {
        "OOMKilled" => Ending::Counted(Cause::OomKilled),
        // containerd's and dockershim's words for a process that never ran
        "StartError" | "ContainerCannotRun" => Ending::Counted(Cause::StartError),
        // the runtime or the kubelet lost track of the run: reboot, restart of containerd, forced removal
        "ContainerStatusUnknown" => excused("the kubelet lost track of the container"),
        "Unknown" if termination.exit_code == 255 => excused("the runtime lost the container"),
        // a restart rule of another container fired (Kubernetes 1.36 `RestartAllContainers`)
        "RestartingAllContainers" => excused("a restart rule restarted all containers"),
        _ => Ending::Undecided,
    }
}

/// What the pod's events tell of the end of a run; `None` if they tell nothing.
pub(super) fn by_events(
    termination: &Termination,
    container: &str,
    events: &[KubeEvent],
) -> Option<Ending> {
    let during = |event: &&KubeEvent| match (event.last, termination.started_at) {
        // both times are the kubelet's own
        (Some(last), Some(started)) => last >= started,
        (None, _) | (_, None) => true,
    };
    let at_its_end = |event: &KubeEvent| match (event.last, termination.finished_at) {
        (Some(last), Some(finished)) => {
            last.since(finished) <= AROUND && finished.since(last) <= AROUND
        }
        (None, _) | (_, None) => true,
    };
    let mut ending = None;
    for event in events.iter().filter(during) {
        let text = event.message.as_raw();
        let of_container = event.container().map_or_else(
            || text.contains(&format!("ontainer {container} ")),
            |name| name == container,
        );
        let told = match event.reason.as_raw() {
            "Evicted" if is_own_storage_use(text) => Some(Ending::Counted(Cause::Evicted)),
            "Evicted" => Some(excused("the pod was evicted")),
            "Preempting" | "Preempted" => Some(excused("the pod was preempted")),
            "Killing" if of_container => killing(text),
            "FailedPostStartHook" if of_container => Some(Ending::Counted(Cause::PostStart)),
            "SandboxChanged" if at_its_end(event) => {
                Some(excused("the pod's sandbox was made anew"))
            }
            _ => None,
        };
        // the cause of a kill says more than the kill of the sandbox that follows from it
        let weak = matches!(event.reason.as_raw(), "SandboxChanged");
        if told.is_some() && !(weak && ending.is_some()) {
            ending = told;
        }
    }
    ending
}

/// How far apart a sandbox's loss and the end of a container in it may be reported.
const AROUND: Duration = Duration::from_secs(30);

/// Kubernetes 1.36 `pkg/kubelet/kuberuntime/kuberuntime_manager.go`, `computePodActions`.
fn killing(text: &str) -> Option<Ending> {
    if text.contains("failed liveness probe") {
        Some(Ending::Counted(Cause::Liveness))
    } else if text.contains("failed startup probe") {
        Some(Ending::Counted(Cause::Startup))
    } else if text.contains("definition changed") {
        Some(excused("the container's definition was changed in place"))
    } else if text.contains("resize requires restart") {
        Some(excused("the container was resized in place"))
    } else {
        None
    }
}

/// What the end of a run is taken for when no event tells more.
pub(super) fn without_events(termination: &Termination) -> Ending {
    match by_itself(termination) {
        Ending::Undecided if termination.exit_code == 0 => Ending::Counted(Cause::Exited),
        Ending::Undecided => Ending::Counted(Cause::CrashLoop),
        decided => decided,
    }
}

/// Whether an end like this is what the container is for.
pub(super) fn is_wanted(termination: &Termination, role: Role, policy: RestartPolicy) -> bool {
    let ends = role == Role::Init || policy != RestartPolicy::Always;
    ends && termination.exit_code == 0
}

/// Whether a kill from outside can end like this, so that an event about it may still be under way.
pub(super) fn can_be_a_kill(termination: &Termination) -> bool {
    matches!(termination.exit_code, 0 | 137 | 143)
}

/// Whether an eviction's text blames the pod's own use of local storage
/// (Kubernetes 1.36 `pkg/kubelet/eviction/helpers.go` and `eviction_manager.go`).
pub(super) fn is_own_storage_use(text: &str) -> bool {
    let own = ["exceeds the limit", "exceeded its local ephemeral storage limit"];
    own.iter().any(|phrase| text.contains(phrase))
        || text.contains("ephemeral local storage usage exceeds")
}

/// Whose concern a counted end is.
pub(super) fn attribution(cause: Cause) -> Attribution {
    match cause {
        Cause::StartError => Attribution::Configuration,
        _ => Attribution::Application,
    }
}

fn excused(why: &'static str) -> Ending {
    Ending::Excused(Clean::from_static(why))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ended(code: i32, reason: &str) -> Termination {
        serde_json::from_value(json!({"exitCode": code, "reason": reason,
            "startedAt": "2026-01-01T00:00:10Z", "finishedAt": "2026-01-01T00:00:20Z"}))
        .unwrap()
    }

    fn event(reason: &str, path: Option<&str>, message: &str, second: u32) -> KubeEvent {
        serde_json::from_value(json!({"type": "Normal", "reason": reason, "message": message,
            "lastTimestamp": format!("2026-01-01T00:{:02}:{:02}Z", second / 60, second % 60),
            "involvedObject": {"kind": "Pod", "name": "app-1", "fieldPath": path}}))
        .unwrap()
    }

    const APP: Option<&str> = Some("spec.containers{app}");

    #[test]
    fn oom_start_errors_and_lost_runs_tell_by_themselves() {
        assert_eq!(by_itself(&ended(137, "OOMKilled")), Ending::Counted(Cause::OomKilled));
        assert_eq!(by_itself(&ended(128, "StartError")), Ending::Counted(Cause::StartError));
        assert!(matches!(by_itself(&ended(255, "Unknown")), Ending::Excused(_)));
        assert!(matches!(by_itself(&ended(137, "ContainerStatusUnknown")), Ending::Excused(_)));
        assert_eq!(by_itself(&ended(1, "Error")), Ending::Undecided);
    }

    #[test]
    fn a_probe_kill_is_told_whatever_the_exit_code() {
        for code in [0, 1, 137, 143] {
            let killed =
                event("Killing", APP, "Container app failed liveness probe, will be restarted", 19);
            let ending = by_events(&ended(code, "Completed"), "app", &[killed]);
            assert_eq!(ending, Some(Ending::Counted(Cause::Liveness)), "{code}");
        }
    }

    #[test]
    fn an_event_of_another_container_or_an_earlier_run_tells_nothing() {
        let other = event(
            "Killing",
            Some("spec.containers{proxy}"),
            "Container proxy failed liveness probe",
            19,
        );
        let earlier =
            event("Killing", APP, "Container app failed startup probe, will be restarted", 5);
        assert_eq!(by_events(&ended(143, "Error"), "app", &[other, earlier]), None);
    }

    #[test]
    fn a_normal_stop_tells_nothing() {
        let stop = event("Killing", APP, "Stopping container app", 19);
        assert_eq!(by_events(&ended(143, "Error"), "app", &[stop]), None);
    }

    #[test]
    fn a_lost_sandbox_excuses_what_ended_with_it() {
        let changed = |second| {
            event("SandboxChanged", None, "Pod sandbox changed, it will be killed", second)
        };
        assert!(matches!(
            by_events(&ended(0, "Completed"), "app", &[changed(22)]),
            Some(Ending::Excused(_))
        ));
        assert_eq!(by_events(&ended(1, "Error"), "app", &[changed(110)]), None);
    }

    #[test]
    fn an_eviction_for_own_storage_counts_and_one_under_pressure_does_not() {
        let own = event(
            "Evicted",
            None,
            "Usage of EmptyDir volume \"data\" exceeds the limit \"1Mi\". ",
            19,
        );
        assert_eq!(
            by_events(&ended(0, "Completed"), "app", &[own]),
            Some(Ending::Counted(Cause::Evicted))
        );
        let pressure = event("Evicted", None, "The node was low on resource: memory.", 19);
        assert!(matches!(
            by_events(&ended(137, "Error"), "app", &[pressure]),
            Some(Ending::Excused(_))
        ));
    }

    #[test]
    fn code_0_is_wanted_of_what_should_end() {
        assert!(is_wanted(&ended(0, "Completed"), Role::Init, RestartPolicy::Always));
        assert!(!is_wanted(&ended(1, "Error"), Role::Init, RestartPolicy::Always));
        assert!(!is_wanted(&ended(0, "Completed"), Role::Sidecar, RestartPolicy::Always));
        assert!(!is_wanted(&ended(0, "Completed"), Role::App, RestartPolicy::Always));
        assert!(is_wanted(&ended(0, "Completed"), Role::App, RestartPolicy::OnFailure));
    }

    #[test]
    fn without_events_the_exit_code_decides() {
        assert_eq!(without_events(&ended(0, "Completed")), Ending::Counted(Cause::Exited));
        assert_eq!(without_events(&ended(3, "Error")), Ending::Counted(Cause::CrashLoop));
        assert_eq!(without_events(&ended(137, "OOMKilled")), Ending::Counted(Cause::OomKilled));
    }
}
