//! Services that no longer find the pods: a warning, whatever the verdict.

use serde_json::{Value, json};

use super::{super::*, policy, script::Script};
use crate::observation::{AccessReview, Observation, Resource};

/// A rollout of one pod whose old and new templates have these labels and port names.
fn rollout(old: (&str, &str), new: (&str, &str), services: Value) -> Script {
    let mut script = Script::new(1, policy());
    let write = |object: &mut Value, (track, port): (&str, &str)| {
        let template = &mut object["spec"]["template"];
        template["metadata"] = json!({"labels": {"app": "app", "track": track}});
        template["spec"]["containers"][0]["ports"] = json!([{"name": port, "containerPort": 80}]);
    };
    write(&mut script.deployment, new);
    write(&mut script.sets[1], new);
    write(&mut script.sets[0], old);
    script.services = services;
    script
}

fn permitted(mut script: Script, allowed: bool) -> Script {
    let review = AccessReview { resource: Resource::Services, verb: "list".into(), allowed };
    script.feed(Observation::Access(vec![review]));
    script
}

fn service(name: &str, selector: Value, port: Value) -> Value {
    json!({"metadata": {"name": name}, "spec": {"selector": selector, "ports": [{"port": 80, "targetPort": port}]}})
}

/// What is warned of once the rollout is complete and passed.
fn warned(script: Script) -> Vec<String> {
    let mut script = permitted(script, true);
    script.secs(1).change("app-0", |_| {}).settle_status().secs(80);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    let told = script.told.iter().filter(|told| matches!(told, GateEvent::Warned { .. })).count();
    let warnings = script.gate.warnings();
    assert_eq!(told, warnings.len(), "the log shows each warning once");
    warnings.iter().map(ToString::to_string).collect()
}

const LABELS_GONE: &str = "Service web selects none of the new pods, although it selected the old ones: the pod template does not have track=main";

#[test]
fn a_service_that_selected_the_old_pods_and_none_of_the_new_ones_is_a_warning() {
    let services = json!([
        service("web", json!({"app": "app", "track": "main"}), json!("http")),
        service("all", json!({"app": "app"}), json!(80)),
        service("other", json!({"app": "else"}), json!(80)),
        service("manual", Value::Null, json!(80)),
        service("new", json!({"track": "next"}), json!(80)),
    ]);
    let changed = rollout(("main", "http"), ("next", "http"), services.clone());
    assert_eq!(warned(changed), [LABELS_GONE]);
    let unchanged = rollout(("main", "http"), ("main", "http"), services.clone());
    assert_eq!(warned(unchanged), [""; 0]);
    let mut first = rollout(("main", "http"), ("next", "http"), services);
    first.sets[0]["metadata"]["ownerReferences"][0]["uid"] = json!("else");
    assert_eq!(warned(first), [""; 0]);
}

#[test]
fn a_named_port_that_only_the_old_pods_have_is_a_warning() {
    let web = json!([service("web", json!({"app": "app"}), json!("http"))]);
    let gone = "Service web reaches none of the new pods on its targetPort http: no container has a port of that name";
    assert_eq!(warned(rollout(("main", "http"), ("main", "web"), web.clone())), [gone]);
    // it was so before: someone may mean it
    assert_eq!(warned(rollout(("main", "web"), ("main", "web"), web.clone())), [""; 0]);
    let mut first = rollout(("main", "web"), ("main", "web"), web);
    first.sets[0]["metadata"]["ownerReferences"][0]["uid"] = json!("else");
    assert_eq!(warned(first), [gone]);
}

#[test]
fn what_argo_rollouts_switches_by_itself_is_no_label() {
    let selector = json!({"app": "app", "rollouts-pod-template-hash": "58db"});
    let services = json!([service("web", selector, json!("http"))]);
    assert_eq!(warned(rollout(("main", "http"), ("main", "http"), services)), [""; 0]);
}

#[test]
fn a_service_that_is_mended_in_the_window_is_no_trouble() {
    let services = json!([service("web", json!({"track": "main"}), json!(80))]);
    let mut script = permitted(rollout(("main", "http"), ("next", "http"), services), true);
    script.secs(1).change("app-0", |_| {}).settle_status().secs(5);
    assert_eq!(script.gate.warnings().len(), 1);
    script.services = json!([service("web", json!({"track": "next"}), json!(80))]);
    script.secs(80);
    assert_eq!((script.verdict(), script.gate.warnings().len()), (Some(Verdict::Passed), 0));
}

#[test]
fn services_that_may_not_be_read_are_told_as_a_gap() {
    let services = json!([service("web", json!({"track": "main"}), json!(80))]);
    let mut script = permitted(rollout(("main", "http"), ("next", "http"), services), false);
    script.secs(1).change("app-0", |_| {}).settle_status().secs(80);
    assert_eq!((script.verdict(), script.gate.warnings().len()), (Some(Verdict::Passed), 0));
    let missing = script.gate.coverage().missing;
    assert!(missing.iter().any(|gap| &*gap.what == "list services"), "{missing:?}");
}
