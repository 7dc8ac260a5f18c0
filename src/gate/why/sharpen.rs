//! What the details of a pod add to a probable cause: the limit that was reached, and the time that a probe gives.

use std::time::Duration;

use crate::{
    evidence::{ContainerDetails, Evidence, ProbeDetails, ProbeKind},
    phrases::limits,
    signs::{Diagnosis, Figure, Scene},
    text::Clean,
};

/// How much longer than its probe gives it a run may last that was killed while it started: the probes are jittered, and
/// the kubelet sees a failure late.
const LATE: Duration = Duration::from_secs(5);

/// The grace period of a pod that sets none, after which a program that is asked to end is killed.
const GRACE: Duration = Duration::from_secs(30);

/// The exit code of a program that was killed.
const SIGKILLED: i32 = 137;

/// The diagnosis with the figures that are known of the container.
pub(in crate::gate) fn with_limits(
    mut diagnosis: Diagnosis,
    scene: Scene,
    evidence: Option<&Evidence>,
) -> Diagnosis {
    let Some((evidence, container)) = evidence
        .and_then(|evidence| Some((evidence, evidence.details.as_ref()?.containers.first()?)))
    else {
        return diagnosis;
    };
    let memory = || {
        let memory = container.resources.iter().find(|resource| &*resource.resource == "memory");
        memory.and_then(|memory| memory.limit.as_ref())
    };
    match diagnosis.figure() {
        Some(Figure::MemoryLimitReached) => {
            if let Some(limit) = memory() {
                diagnosis.cause = limits::memory_limit_reached(limit);
            }
        }
        Some(Figure::MemoryLimit) => {
            if let Some(limit) = memory() {
                diagnosis.cause = limits::with_memory_limit(&diagnosis.cause, limit);
            }
        }
        Some(Figure::TimeToStart) => {
            if let Some(probe) = killing_probe(container, scene)
                && never_started(evidence, time_to_start(probe))
            {
                let (cause, time) = (&diagnosis.cause, time_to_start(probe));
                let (cause, next_step) = match probe.kind {
                    ProbeKind::Startup => {
                        (limits::startup_gives(cause, time), limits::RAISE_STARTUP)
                    }
                    ProbeKind::Liveness | ProbeKind::Readiness => {
                        (limits::liveness_kills(cause, time), limits::ADD_STARTUP)
                    }
                };
                diagnosis.cause = cause;
                diagnosis.next_step = Clean::from_static(next_step);
            }
        }
        None => {}
    }
    diagnosis
}

/// The probe that kills a program which has not started.
fn killing_probe(container: &ContainerDetails, scene: Scene) -> Option<&ProbeDetails> {
    let probe = |kind| container.probes.iter().find(|probe| probe.kind == kind);
    match scene {
        Scene::Startup => probe(ProbeKind::Startup),
        // a startup probe holds the liveness probe back
        Scene::Liveness if probe(ProbeKind::Startup).is_none() => probe(ProbeKind::Liveness),
        _ => None,
    }
}

/// Whether no run lasted longer than one that is killed because no probe passed.
fn never_started(evidence: &Evidence, given: Duration) -> bool {
    let killed = evidence.runs.ended.iter().any(|run| run.exit_code == SIGKILLED);
    let late = if killed { LATE + GRACE } else { LATE };
    evidence.runs.lengths().is_some_and(|(_, longest)| longest <= given + late)
}

/// From the start of a container to the failure that kills it, if no probe passes.
fn time_to_start(probe: &ProbeDetails) -> Duration {
    let ProbeDetails { kind, initial_delay_seconds, budget_seconds, .. } = probe;
    // that of a startup probe has its delay in it already
    let delay = if *kind == ProbeKind::Startup { 0 } else { *initial_delay_seconds };
    Duration::from_secs(delay.saturating_add(*budget_seconds))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::evidence::{Attribution, EndedRun, Runs};
    use crate::signs::{Certainty, Place};
    use crate::text::Redactor;

    fn sharpened(
        sign: &'static str,
        scene: Scene,
        container: serde_json::Value,
        ended: &str,
    ) -> (String, String) {
        let pod = json!({"spec": {"containers": [container]}});
        let details = crate::inspect::pod(&pod, &Redactor::built_in());
        let time = |text: &str| serde_json::from_value(json!(text)).unwrap();
        let run = EndedRun {
            started: Some(time("2026-01-01T00:00:00Z")),
            finished: Some(time(ended)),
            exit_code: 143,
        };
        let runs = Runs { ended: vec![run], back_off_seconds: None };
        let evidence = Evidence { details: Some(Box::new(details)), runs, ..Evidence::default() };
        let diagnosis = Diagnosis {
            sign: Clean::from_static(sign),
            cause: Clean::from_static("why"),
            attribution: Attribution::Unknown,
            next_step: Clean::from_static("next"),
            certainty: Certainty::Certain,
            place: Place::Kubernetes,
            quote: Clean::default(),
            subject: None,
        };
        let found = with_limits(diagnosis, scene, Some(&evidence));
        (found.cause.to_string(), found.next_step.to_string())
    }

    /// The end of a run of some seconds.
    const SOON: &str = "2026-01-01T00:00:05Z";

    #[test]
    fn the_memory_limit_that_was_reached_is_named() {
        let limited = json!({"name": "app", "resources": {"limits": {"memory": "128Mi"}}});
        let (cause, _) = sharpened("worker-killed", Scene::Readiness, limited, SOON);
        assert_eq!(cause, "why (its memory limit is 128Mi)");
        let (cause, _) = sharpened("worker-killed", Scene::Readiness, json!({"name": "app"}), SOON);
        assert_eq!(cause, "why");
    }

    #[test]
    fn a_start_that_is_slower_than_its_probe_is_told_the_time_that_it_has() {
        let probe = json!({"httpGet": {"port": 80}, "periodSeconds": 2, "failureThreshold": 2});
        let live = json!({"name": "app", "livenessProbe": probe});
        let (cause, next) = sharpened("probe-refused", Scene::Liveness, live.clone(), SOON);
        assert_eq!(cause, "why; the liveness probe kills it 4s after its start");
        assert!(next.contains("add a `startupProbe`"), "{next}");
        // it had started, and stopped listening later
        assert_eq!(
            sharpened("probe-refused", Scene::Liveness, live, "2026-01-01T00:01:00Z").1,
            "next"
        );
        let starts = json!({"name": "app", "startupProbe": probe, "livenessProbe": probe});
        let (cause, next) = sharpened("probe-refused", Scene::Startup, starts.clone(), SOON);
        assert_eq!(cause, "why; the startup probe gives it 4s to start");
        assert!(next.contains("failureThreshold"), "{next}");
        assert_eq!(sharpened("probe-refused", Scene::Liveness, starts, SOON).1, "next");
    }
}
