//! What a verdict is told with: what changed, compared with what worked.

use super::*;
use crate::evidence::EvidenceRequest;

#[test]
fn what_changed_is_asked_for_once_and_only_where_something_goes_wrong() {
    let mut script = complete(1, policy());
    script.secs(70);
    assert_eq!((script.verdict(), script.gate.changes()), (Some(Verdict::Passed), None));

    let mut script = rolling(2, policy());
    script.wait("app-0", "ErrImagePull", "i/o timeout").crash("app-1", 1);
    let changes = script.gate.changes().unwrap();
    assert_eq!((&*changes.since, changes.since_number), ("set-1", Some(1)));
    assert!(!changes.since_available && !changes.only_restarted);
    let lines: Vec<_> = changes.changes.iter().map(|change| change.line().to_string()).collect();
    assert_eq!(lines, ["container app: image: shop/app:1 → shop/app:2"]);
    let asked = script.asked.iter().filter(|r| matches!(r, EvidenceRequest::Change(_)));
    assert_eq!(asked.count(), 1);
}

#[test]
fn details_are_read_of_one_pod_for_each_trouble_and_never_of_a_rollout_that_goes_well() {
    let details = |script: &Script| -> Vec<String> {
        let pod = |request: &EvidenceRequest| match request {
            EvidenceRequest::Details(request) => Some(request.pod.name.to_string()),
            EvidenceRequest::Events(_) | EvidenceRequest::Log(_) | EvidenceRequest::Change(_) => {
                None
            }
        };
        script.asked.iter().filter_map(pod).collect()
    };
    let mut script = complete(2, policy());
    script.secs(70);
    assert_eq!(details(&script), [""; 0]);

    let mut script = rolling(30, policy());
    for number in 0..30 {
        script.wait(&format!("app-{number}"), "ErrImagePull", "i/o timeout");
    }
    assert_eq!(details(&script), ["app-0"]);
    script.crash("app-1", 1);
    assert_eq!(details(&script), ["app-0", "app-1"]);
    let evidence = script.gate.findings()[0].evidence.clone().unwrap();
    let details = evidence.details.unwrap();
    assert_eq!((&*evidence.pod, details.containers.len()), ("app-1", 1));
}

#[test]
fn settings_that_were_written_since_the_revision_before_are_named() {
    let mut script = rolling(1, policy());
    script.put("app-0", |pod| {
        pod["spec"]["containers"][0]["envFrom"] =
            json!([{"configMapRef": {"name": "settings"}}, {"secretRef": {"name": "older"}}]);
    });
    script.written.insert("ConfigMap settings", "2026-01-01T00:00:01Z");
    script.written.insert("Secret older", "2026-01-01T00:00:00Z");
    script.crash("app-0", 1);
    let written = script.gate.changes().unwrap().written_since;
    assert_eq!(written.iter().map(|title| &**title).collect::<Vec<_>>(), ["ConfigMap settings"]);
}

#[test]
fn evidence_tells_each_run_and_how_old_events_are() {
    let mut script = rolling(1, Policy { max_restarts: 1, ..policy() });
    // the servers' clock shows 00:01:00 when the watch begins
    script.event("app-0", "BackOff", None, "Back-off restarting", 50);
    script.event("app-0", "BackOff", None, "Back-off restarting", 40);
    script.crash("app-0", 3).restart("app-0", 6).crash("app-0", 3).secs(60);
    let evidence = script.gate.findings()[0].evidence.clone().unwrap();
    assert_eq!(evidence.runs.ended.len(), 2);
    assert_eq!(evidence.runs.lengths().map(|(shortest, _)| shortest.as_secs()), Some(2));
    let [event] = &*evidence.events else { panic!("{:?}", evidence.events) };
    assert_eq!((event.count, event.age_seconds), (2, Some(11)), "ages are those at the verdict");
}

#[test]
fn the_back_off_is_told_as_last_seen() {
    let mut script = rolling(1, Policy { max_restarts: 5, ..policy() });
    script.crash("app-0", 3);
    script.wait(
        "app-0",
        "CrashLoopBackOff",
        "back-off 20s restarting failed container=app pod=app-0",
    );
    let evidence = script.gate.findings()[0].evidence.clone().unwrap();
    assert_eq!(evidence.runs.back_off_seconds, Some(20));
}
