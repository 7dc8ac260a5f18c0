//! What reports are told: numbers, times and names as they were.

use super::*;
use crate::gate::window::needed_by_probes;

#[test]
fn the_facts_of_a_run_are_those_that_were_seen() {
    let mut script = complete(2, policy());
    script.secs(5);
    let gate = &script.gate;
    assert_eq!(gate.now(), script.now);
    let revision = gate.revision().unwrap();
    let told = (&*revision.name, revision.number, revision.complete_at_start);
    assert_eq!(told, (SET, Some(2), false));
    let window = gate.window().unwrap();
    assert_eq!(window.opened_at, gate.rollout().completed_at.unwrap());
    assert_eq!(window.required_seconds, 60.0);
    assert!(window.held_seconds <= 5.0, "{window:?}");
    let seen = gate.coverage();
    assert_eq!((seen.reads, seen.failed_reads), (script.good_reads.len() as u64, 0));
    assert!(seen.reads > 1 && seen.longest_gap_seconds > 1.0, "{seen:?}");
    script.secs(70);
    assert_eq!(script.gate.coverage().reads, script.good_reads.len() as u64);
}

#[test]
fn a_finding_says_until_when_it_is_borne() {
    let mut script = rolling(1, policy());
    let seen = script.now;
    script.wait("app-0", "CreateContainerConfigError", "configmap \"x\" not found").secs(3);
    let finding = script.gate.findings().remove(0);
    assert_eq!(finding.grace_until, Some(seen + Duration::from_secs(45)));
}

#[test]
fn a_window_that_just_fits_the_probes_is_not_too_short() {
    let notes = |window: Duration| {
        let mut script = Script::complete(1, Policy { window, ..policy() });
        let probe = json!({"periodSeconds": 20, "failureThreshold": 3});
        script.deployment["spec"]["template"]["spec"]["containers"][0]["livenessProbe"] =
            probe.clone();
        script.sets[1]["spec"]["template"]["spec"]["containers"][0]["livenessProbe"] = probe;
        script.secs(1);
        let spec = script.gate.pin.as_ref().unwrap().spec.clone();
        let notes = script.gate.notes();
        let says_so = notes.iter().any(|note| note.contains("too short"));
        (needed_by_probes(&spec, 0).unwrap(), says_so)
    };
    let (needed, says_so) = notes(Duration::from_secs(60));
    assert!(says_so && needed > Duration::from_secs(60), "{needed:?}");
    assert_eq!(notes(needed), (needed, false));
    assert_eq!(notes(needed - MS), (needed, true));
}

#[test]
fn what_is_waited_for_is_said() {
    let mut script = rolling(2, policy());
    script.secs(1);
    let waiting: Vec<_> =
        script.gate.rollout().waiting_for.iter().map(ToString::to_string).collect();
    assert_eq!(waiting, ["the Deployment's status: 0 of 2 updated, 0 of 2 available, 2 in total"]);
}

#[test]
fn a_restart_from_before_is_told_with_its_count() {
    let mut script = Script::complete(1, policy());
    script.put("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(4);
        status["lastState"] = json!({"terminated": {"exitCode": 1, "containerID": "containerd://a",
            "startedAt": "2026-01-02T00:00:03Z", "finishedAt": "2026-01-02T00:00:05Z"}});
    });
    script.secs(70);
    let messages: Vec<_> =
        script.gate.findings().iter().map(|finding| finding.message.to_string()).collect();
    assert!(matches!(&*messages, [message] if message.ends_with(", 4 restarts")), "{messages:?}");
}

#[test]
fn each_grace_goes_by_its_name() {
    let names = [(Grace::Image, "image"), (Grace::NotReady, "not-ready"), (Grace::Stale, "stale")];
    for (grace, name) in names {
        assert_eq!(grace.to_string(), name);
    }
}

#[test]
fn a_reason_has_the_same_word_in_reports_and_on_the_terminal() {
    let codes = [ReasonCode::NotFound, ReasonCode::ApiUnavailable, ReasonCode::ReportUnwritable];
    for code in codes {
        assert_eq!(json!(code), json!(code.to_string()));
    }
    assert_eq!(ReasonCode::NoReplicas.as_str(), "no-replicas");
}

#[test]
fn what_recovered_and_is_seen_again_is_told_again() {
    let mut script = complete(3, policy());
    for second in [10, 20] {
        script.secs(5).change("app-0", unready_app).secs(5);
        script.change("app-0", |pod| ready(pod, second)).secs(2);
    }
    let told = script.told.iter().filter_map(|event| match event {
        GateEvent::FindingSuspected { .. } => Some("suspected"),
        GateEvent::GraceMoved { .. } => Some("moved"),
        GateEvent::FindingResolved { .. } => Some("recovered"),
        _ => None,
    });
    let told: Vec<_> = told.collect();
    assert_eq!(told, ["suspected", "recovered", "suspected", "recovered"]);
}
