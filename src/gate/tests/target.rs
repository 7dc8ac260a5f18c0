//! What is judged of the target as a whole, what a policy spares, and what is told.

use super::*;
use crate::{
    model::Kind,
    observation::{Instead, Signal},
};

#[test]
fn what_cannot_be_judged_is_told_apart() {
    let edited = |edit: &dyn Fn(&mut serde_json::Value)| {
        let mut script = complete(1, policy());
        edit(&mut script.deployment);
        script.secs(12);
        (script.verdict(), script.code())
    };
    let judged = |verdict, code| (Some(verdict), Some(code));
    use Verdict::{Inconclusive, Superseded};
    assert_eq!(edited(&|d| *d = json!(null)), judged(Inconclusive, ReasonCode::Deleted));
    assert_eq!(
        edited(&|d| d["metadata"]["uid"] = json!("d2")),
        judged(Inconclusive, ReasonCode::Deleted)
    );
    assert_eq!(
        edited(&|d| d["spec"]["paused"] = json!(true)),
        judged(Inconclusive, ReasonCode::Paused)
    );
    assert_eq!(
        edited(&|d| d["spec"]["replicas"] = json!(0)),
        judged(Inconclusive, ReasonCode::NoReplicas)
    );
    let newer = |d: &mut serde_json::Value| {
        d["spec"]["template"]["spec"]["containers"][0]["image"] = json!("shop/app:3")
    };
    assert_eq!(edited(&newer), judged(Superseded, ReasonCode::Superseded));
    let mut missing = Script::new(1, policy());
    missing.deployment = json!(null);
    missing.secs(1);
    assert_eq!(missing.code(), Some(ReasonCode::NotFound));
}

#[test]
fn what_is_there_instead_is_told_and_nothing_that_is_not_known() {
    let not_found = |instead: Option<Instead>, await_for: Duration| {
        let mut script = Script::new(1, Policy { await_for, ..policy() });
        script.deployment = json!(null);
        script.instead = instead;
        script.secs(40);
        script.gate.decision().unwrap().reason.to_string()
    };
    let at_once = Duration::ZERO;
    assert_eq!(not_found(None, at_once), "deployment/app not found in namespace shop");
    let name = |name: &str| Some(Instead::Name(name.parse().unwrap()));
    assert_eq!(
        not_found(name("apps"), at_once),
        "deployment/app not found in namespace shop; did you mean apps?"
    );
    assert_eq!(
        not_found(Some(Instead::Kind(Kind::StatefulSet.into())), Duration::from_secs(30)),
        "deployment/app not found in namespace shop within 30s; did you mean statefulset/app?"
    );
    assert_eq!(
        not_found(Some(Instead::NoNamespace(None)), at_once),
        "deployment/app not found: there is no namespace shop"
    );
    assert_eq!(
        not_found(Some(Instead::NoNamespace("shops".parse().ok())), at_once),
        "deployment/app not found: there is no namespace shop; did you mean shops?"
    );
}

#[test]
fn scaling_and_annotating_are_no_supersession() {
    let mut script = complete(2, policy());
    script.deployment["metadata"]["generation"] = json!(7);
    script.deployment["spec"]["replicas"] = json!(3);
    script.secs(5).change("app-2", |_| {}).settle_status().secs(80);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn the_wrong_image_fails_at_once() {
    let expecting = |image: &str| Policy { expect_images: vec![image.into()], ..policy() };
    let mut wrong = Script::new(1, expecting("shop/app:3"));
    wrong.secs(1);
    assert_eq!(wrong.decided(), Some((Verdict::Failed, vec![Cause::WrongImage])));
    let mut right = complete(1, expecting("docker.io/shop/app:2"));
    right.secs(61);
    assert_eq!(right.verdict(), Some(Verdict::Passed));
}

#[test]
fn min_ready_spares_as_many_pods_as_it_says() {
    let policy = Policy { min_ready: MinReady::Pods(2), ..policy() };
    let mut one = complete(3, policy.clone());
    one.crash("app-0", 1).secs(70);
    assert_eq!(one.verdict(), Some(Verdict::Passed));
    assert_eq!(one.gate.findings()[0].state, FindingState::Tolerated);
    let mut two = complete(3, policy);
    two.crash("app-0", 1).crash("app-1", 1);
    assert_eq!(two.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn an_ignored_container_is_noted_and_its_pod_counts_as_ready() {
    let mut script = rolling(1, Policy { ignore_containers: vec!["proxy".into()], ..policy() });
    script.change("app-0", |pod| {
        let containers = pod["spec"]["containers"].as_array_mut().unwrap();
        containers.push(json!({"name": "proxy", "image": "p"}));
        let statuses = pod["status"]["containerStatuses"].as_array_mut().unwrap();
        statuses.push(json!({"name": "proxy", "ready": false, "restartCount": 3,
            "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 1}}}));
        unready(pod);
    });
    script.settle_status();
    for count in ["readyReplicas", "availableReplicas"] {
        script.deployment["status"][count] = json!(0);
    }
    script.secs(70);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    assert_eq!(script.gate.findings()[0].state, FindingState::Tolerated);
}

#[test]
fn an_interrupt_decides_and_evidence_is_still_taken() {
    let mut script = rolling(1, policy());
    script.feed(Observation::Interrupted(Signal::Terminate));
    assert_eq!(script.verdict(), Some(Verdict::Interrupted));
    script.crash("app-0", 1);
    assert_eq!(script.decided(), Some((Verdict::Interrupted, vec![])));
}

#[test]
fn missing_permissions_are_known_before_the_watch() {
    use crate::observation::{AccessReview, Resource};
    let review =
        |resource, verb: &str| AccessReview { resource, verb: verb.into(), allowed: false };
    let mut pods = Script::complete(1, policy());
    pods.feed(Observation::Access(vec![review(Resource::Pods, "list")]));
    assert_eq!(pods.code(), Some(ReasonCode::Forbidden));
    let mut logs = complete(1, policy());
    logs.feed(Observation::Access(vec![
        review(Resource::Logs, "get"),
        review(Resource::Pods, "watch"),
    ]))
    .secs(61);
    assert_eq!(logs.verdict(), Some(Verdict::Passed));
    assert_eq!(logs.gate.coverage().missing.len(), 2);
}

#[test]
fn what_a_watch_comes_to_is_told_in_its_order() {
    let mut script = complete(1, policy());
    script.secs(70);
    let told = script.told.iter().filter(|event| !matches!(event, GateEvent::Progress { .. }));
    let told: Vec<_> = told.collect();
    assert!(
        matches!(
            told[..],
            [
                GateEvent::RevisionPinned { .. },
                GateEvent::WindowOpened { .. },
                GateEvent::Decided { verdict: Verdict::Passed, .. }
            ]
        ),
        "{told:?}"
    );
}

#[test]
fn a_red_verdict_asks_for_the_events_of_the_workload_and_a_green_one_does_not() {
    let kinds = |script: &Script| -> Vec<String> {
        let asked = script.asked.iter().filter_map(|request| match request {
            crate::evidence::EvidenceRequest::Events(request) => Some(request.kind.to_string()),
            _ => None,
        });
        asked.filter(|kind| kind != "Pod").collect()
    };
    let mut red = rolling(1, policy());
    red.crash("app-0", 1).secs(5);
    assert_eq!(kinds(&red), ["Deployment", "ReplicaSet"]);
    let mut green = complete(1, policy());
    green.secs(70);
    assert_eq!((green.verdict(), kinds(&green)), (Some(Verdict::Passed), vec![]));
}

#[test]
fn the_wrong_image_is_wrong_however_many_pods_may_be_spared() {
    let expect_images = vec!["shop/app:3".into()];
    let mut script =
        complete(3, Policy { min_ready: MinReady::Pods(1), expect_images, ..policy() });
    script.secs(1);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::WrongImage])));
}

#[test]
fn the_servers_know_how_long_pods_have_been_ready() {
    let mut script = Script::complete(2, policy());
    script.deployment["spec"]["minReadySeconds"] = json!(30);
    script.secs(1);
    assert_eq!(script.gate.rollout().completed_at, script.good_reads.first().copied());
    let mut script = Script::complete(2, policy());
    script.deployment["spec"]["minReadySeconds"] = json!(70);
    script.secs(5);
    assert_eq!(script.gate.rollout().completed_at, None);
}

#[test]
fn a_pod_that_is_younger_than_a_slow_read_is_not_taken_for_gone() {
    let mut script = rolling(1, policy());
    script.deployment["spec"]["replicas"] = json!(2);
    script.settle_status().silent = true;
    // the read is under way when a watch shows a pod that it was too early for
    script.secs(15).change("app-1", |_| {});
    let young = script.pods.remove("app-1").unwrap();
    script.hear_again();
    script.pods.insert("app-1".to_owned(), young);
    script.secs(1);
    assert_eq!(script.counts(), [2, 2, 2, 0]);
    script.secs(90);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_pod_that_reads_show_no_more_is_gone() {
    let mut script = complete(2, policy());
    script.secs(5).pods.remove("app-1");
    script.secs(12);
    assert_eq!(script.counts(), [2, 1, 1, 0]);
}
