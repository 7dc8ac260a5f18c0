//! What is asked for as evidence: of whom, when, how often, and what is kept of it.

use super::*;
use crate::{
    evidence::{EventsRequest, EvidenceRequest, LogEvidence, LogRequest, LogRun},
    observation::{ReadFailure, Resource},
    text::{ExcerptBuilder, Redactor},
};

fn patient() -> Policy {
    Policy { max_restarts: 100, ..policy() }
}

/// The containers whose logs were asked for.
fn logs(script: &Script) -> Vec<(&str, &str)> {
    let logs = script.asked.iter().filter_map(|request| match request {
        EvidenceRequest::Log(log) => Some((&*log.pod, &*log.container)),
        _ => None,
    });
    logs.collect()
}

/// How often the events of an object were asked for.
fn events_of(script: &Script, uid: &str) -> usize {
    let is_of = |request: &&EvidenceRequest| matches!(request, EvidenceRequest::Events(events) if events.uid.as_str() == uid);
    script.asked.iter().filter(is_of).count()
}

/// Gives the pod a second container, `proxy`, that runs.
fn with_proxy(pod: &mut serde_json::Value) {
    pod["spec"]["containers"] = json!([
        {"name": "app", "image": "shop/app:2"},
        {"name": "proxy", "image": "shop/proxy:1"},
    ]);
    let mut proxy = pod["status"]["containerStatuses"][0].clone();
    proxy["name"] = json!("proxy");
    pod["status"]["containerStatuses"].as_array_mut().unwrap().push(proxy);
}

fn excerpt(text: &[u8]) -> LogEvidence {
    let mut builder = ExcerptBuilder::new(40, &Redactor::built_in());
    builder.push_bytes(text);
    LogEvidence { run: LogRun::Current, excerpt: builder.finish() }
}

fn log_request(pod: &str) -> LogRequest {
    LogRequest {
        pod: pod.into(),
        pod_uid: serde_json::from_value(json!(pod)).unwrap(),
        container: "app".into(),
        run: LogRun::Current,
        container_id: Box::default(),
        lines: 40,
    }
}

#[test]
fn only_a_run_that_just_ended_has_its_log_read() {
    let mut script = rolling(1, patient());
    script.secs(1).change("app-0", with_proxy).crash("app-0", 1);
    assert_eq!(logs(&script), [("app-0", "app")]);
    script.secs(2).change("app-0", |pod| {
        pod["status"]["containerStatuses"][1]["state"] =
            json!({"terminated": {"exitCode": 2, "containerID": "containerd://proxy"}});
    });
    assert_eq!(logs(&script), [("app-0", "app"), ("app-0", "proxy")]);
}

#[test]
fn a_run_that_ended_before_the_gate_came_has_no_log_read() {
    let mut script = Script::complete(1, policy());
    script.put("app-0", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(1);
        status["lastState"] = json!({"terminated": {"exitCode": 1, "containerID": "containerd://a",
            "startedAt": "2026-01-02T00:00:03Z", "finishedAt": "2026-01-02T00:00:05Z"}});
    });
    script.secs(1);
    assert_eq!(logs(&script), []);
}

#[test]
fn a_run_of_which_more_is_known_later_is_read_again() {
    let mut script = rolling(1, patient());
    script.change("app-0", |pod| pod["status"]["containerStatuses"][0]["restartCount"] = json!(1));
    let before = logs(&script).len();
    script.secs(1).change("app-0", |pod| {
        pod["status"]["containerStatuses"][0]["lastState"] = json!({"terminated":
            {"exitCode": 1, "containerID": "containerd://a", "finishedAt": "2026-01-02T00:00:05Z"}});
    });
    assert_eq!(logs(&script).len(), before + 1);
}

#[test]
fn a_symptom_has_its_evidence_read_at_its_first_sight() {
    let mut script = rolling(1, policy());
    script.wait("app-0", "ErrImagePull", "dial tcp: i/o timeout");
    assert_eq!((events_of(&script, "app-0"), logs(&script)), (1, vec![]));
    let mut script = complete(1, policy());
    script.change("app-0", unready_app);
    assert_eq!((events_of(&script, "app-0"), logs(&script)), (1, vec![("app-0", "app")]));
}

#[test]
fn the_events_of_a_pod_that_does_not_start_are_read_every_few_seconds_and_else_once() {
    let mut script = rolling(1, policy());
    script.wait("app-0", "ContainerCreating", "").secs(2);
    assert_eq!(events_of(&script, "app-0"), 1);
    script.event("app-0", "FailedAttachVolume", None, "timed out", 5).secs(3);
    assert_eq!(script.gate.findings().first().map(|finding| finding.cause), Some(Cause::Mount));

    let mut script = complete(1, set_grace(Grace::NotReady, 300));
    script.change("app-0", unready_app);
    for _ in 0..20 {
        script.secs(1).change("app-0", |_| {});
    }
    assert_eq!(events_of(&script, "app-0"), 1);
}

#[test]
fn requests_under_way_are_few_and_a_full_house_is_no_reason_to_wake() {
    let mut script = rolling(12, patient());
    for number in 0..12 {
        script.put(&format!("app-{number}"), |pod| {
            pod["spec"]["containers"][0]["livenessProbe"] = json!({"periodSeconds": 1});
        });
    }
    script.secs(10).silent = true;
    for number in 0..12 {
        script.crash(&format!("app-{number}"), 137);
    }
    let due = script.gate.poll_timeout().unwrap();
    assert!(due.since(script.now) > Duration::from_millis(100), "{due:?}");
    script.hear_again().secs(2);
    let asked = (0..12).filter(|number| events_of(&script, &format!("app-{number}")) > 0);
    assert_eq!(asked.count(), 12);
}

#[test]
fn what_could_not_be_read_is_listed_once_and_not_without_end() {
    let mut script = rolling(1, policy());
    let fail = |script: &mut Script, pod: String| {
        let failure = ReadFailure {
            resource: Resource::Logs,
            kind: FailureKind::Forbidden,
            message: "no".into(),
        };
        let request = log_request(&pod);
        script.feed(Observation::Log { request, result: Err(failure) });
    };
    fail(&mut script, "app-0".to_owned());
    fail(&mut script, "app-0".to_owned());
    assert_eq!(script.gate.coverage().missing.len(), 1);
    (0..60).for_each(|number| fail(&mut script, format!("app-{number}")));
    let missing = script.gate.coverage().missing;
    assert_eq!((missing.len(), &*missing[49].what), (50, "more requests"));
}

#[test]
fn three_pods_stand_for_each_container_that_fails() {
    let mut script = Script::new(5, patient());
    for number in 0..5 {
        script.put(&format!("app-{number}"), with_proxy);
    }
    script.secs(1);
    for number in 0..5 {
        script.crash(&format!("app-{number}"), 1);
    }
    script.change("app-4", |pod| {
        pod["status"]["containerStatuses"][1]["state"] =
            json!({"terminated": {"exitCode": 2, "containerID": "containerd://proxy"}});
    });
    let kept = |container: &str| {
        let uids = script.gate.ledger.iter().map(|(uid, _)| uid);
        uids.filter(|uid| script.gate.collection.state(uid, Some(&container.into())).is_some())
            .count()
    };
    assert_eq!((kept("app"), kept("proxy")), (3, 1));
}

#[test]
fn the_pod_whose_log_says_something_stands_for_the_finding() {
    let mut script = rolling(2, patient());
    script.silent = true;
    script.crash("app-0", 1).crash("app-1", 1);
    for (pod, text) in [("app-0", &b""[..]), ("app-1", b"panic\n")] {
        let request = log_request(pod);
        let uid = request.pod_uid.clone();
        script.feed(Observation::Log { request, result: Ok(excerpt(text)) });
        let request = EventsRequest { kind: "Pod".into(), name: pod.into(), uid };
        script.feed(Observation::Events { request, result: Ok(Vec::new()) });
    }
    let finding = script.gate.findings().remove(0);
    assert_eq!(&*finding.evidence.unwrap().pod, "app-1");
    let names: Vec<_> = finding.pods.iter().map(|name| name.to_string()).collect();
    assert_eq!(names, ["app-0", "app-1"]);
}

#[test]
fn a_start_that_failed_has_the_code_that_runtimes_give_it() {
    for (reason, code) in [("RunContainerError", 128), ("PostStartHookError", 0)] {
        let mut script = rolling(1, policy());
        script.wait("app-0", reason, "no").secs(1);
        let codes: Vec<_> = script.gate.findings().iter().map(|f| f.exit_code).collect();
        assert_eq!(codes, [Some(code)], "{reason}");
    }
}

#[test]
fn events_are_asked_for_of_the_object_by_its_kind() {
    let mut script = rolling(1, policy());
    script.crash("app-0", 1);
    let kinds: Vec<_> = script
        .asked
        .iter()
        .filter_map(|request| match request {
            EvidenceRequest::Events(EventsRequest { kind, uid, .. }) => {
                Some((&**kind, uid.as_str()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(kinds, [("Pod", "app-0"), ("Deployment", "d1"), ("ReplicaSet", SET)]);
}
