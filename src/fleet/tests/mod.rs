//! Several targets of one namespace: what each hears, and how often the namespace is read.

mod newcomers;
mod release;
mod town;

use serde_json::{Value, json};

use super::*;
use crate::{
    gate::Policy,
    model::TargetRef,
    observation::{Read, Unread, World},
};

fn target(name: &str, namespace: &str) -> Target {
    let workload = TargetRef {
        kind: "deploy".parse().unwrap(),
        namespace: namespace.parse().unwrap(),
        name: name.parse().unwrap(),
    };
    Target::new(None, workload, Policy::default())
}

fn template() -> Value {
    json!({"spec": {"containers": [{"name": "app", "image": "shop/app:2"}]}})
}

fn deployment(name: &str) -> Value {
    json!({"kind": "Deployment",
        "metadata": {"name": name, "uid": name, "generation": 1, "resourceVersion": "5"},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}}, "template": template()},
        "status": {"observedGeneration": 1, "replicas": 1}})
}

fn at_version(mut object: Value, version: u64) -> Value {
    object["metadata"]["resourceVersion"] = json!(version.to_string());
    object
}

fn set(of: &str) -> Value {
    json!({"metadata": {"name": format!("{of}-1"), "uid": format!("{of}-1"), "resourceVersion": "5",
            "ownerReferences": [{"uid": of, "controller": true}]},
        "spec": {"replicas": 1, "template": template()}})
}

fn pod(name: &str, owner: &str, version: u32) -> Value {
    json!({"metadata": {"name": name, "uid": name, "resourceVersion": version.to_string(),
            "ownerReferences": [{"uid": owner, "controller": true}]},
        "spec": {"containers": [{"name": "app", "image": "shop/app:2"}]},
        "status": {"phase": "Running"}})
}

fn read(targets: &[&str], pods: Value) -> Read {
    serde_json::from_value(json!({
        "whole": true,
        "workloads": targets.iter().map(|name| deployment(name)).collect::<Vec<_>>(),
        "replica_sets": targets.iter().map(|name| set(name)).collect::<Vec<_>>(),
        "pods": pods,
    }))
    .unwrap()
}

fn at(seconds: u64, observation: Observation) -> Observed {
    Observed::new(Elapsed::from_secs(seconds), observation)
}

/// Reads that the fleet asks for.
fn asked(fleet: &mut Fleet) -> Vec<ScopeId> {
    let outputs = std::iter::from_fn(|| fleet.poll_output());
    let scopes = outputs.filter_map(|output| match output {
        Output::Read(scope) => Some(scope),
        _ => None,
    });
    scopes.collect()
}

fn pods_seen(fleet: &Fleet) -> Vec<u64> {
    fleet.members().iter().map(|member| member.gate.coverage().pods).collect()
}

#[test]
fn targets_of_a_namespace_share_its_reads() {
    let targets = ["shop", "db", "other"].map(|name| match name {
        "other" => target("shop", "other"),
        name => target(name, "shop"),
    });
    let mut fleet = Fleet::new(Vec::from(targets));
    assert_eq!(asked(&mut fleet), [ScopeId(0), ScopeId(1)]);
    // one gate asks while the read is under way: it may be too old for that one, which asks again
    fleet.handle_timeout(Elapsed::from_secs(1));
    fleet.want_read(ScopeId(0));
    assert_eq!(asked(&mut fleet), []);
    fleet.handle(&at(2, Observation::Read(read(&["shop", "db"], json!([])))));
    assert_eq!(asked(&mut fleet), [ScopeId(0)]);
}

#[test]
fn each_target_hears_of_its_own_pods() {
    let mut fleet = Fleet::new(vec![target("shop", "shop"), target("db", "shop")]);
    let pods = json!([
        pod("a", "shop-1", 6),
        pod("b", "shop-1", 7),
        pod("c", "db-1", 8),
        pod("d", "else", 9)
    ]);
    fleet.handle(&at(1, Observation::Read(read(&["shop", "db"], pods))));
    assert_eq!(pods_seen(&fleet), [2, 1]);
    let seen = serde_json::from_value(pod("e", "db-1", 10)).unwrap();
    fleet.handle(&at(2, Observation::PodChanged(seen)));
    assert_eq!(pods_seen(&fleet), [2, 2]);
}

#[test]
fn a_target_that_cannot_be_read_hears_why_and_its_neighbours_hear_of_theirs() {
    let mut fleet = Fleet::new(vec![target("shop", "shop"), target("db", "shop")]);
    let both = json!([pod("a", "shop-1", 6), pod("b", "db-1", 7)]);
    fleet.handle(&at(1, Observation::Read(read(&["shop", "db"], both))));
    let failure = json!({"resource": "workload", "kind": "forbidden", "message": "no"});
    let failure = serde_json::from_value(failure).unwrap();
    let unread = vec![Unread { target: target("db", "shop").workload, failure }];
    let refused = || {
        let mut read = read(&["shop"], json!([pod("a", "shop-1", 6), pod("c", "shop-1", 8)]));
        read.unread.clone_from(&unread);
        Observation::Read(fleet.scopes()[0].world().news(read))
    };
    let first = refused();
    fleet.handle(&at(2, first.clone()));
    // it is not taken for deleted
    assert_eq!(pods_seen(&fleet), [2, 1]);
    assert!(fleet.members()[1].gate.decision().is_none());
    fleet.handle(&at(3, first));
    let decision = fleet.members()[1].gate.decision().unwrap();
    assert_eq!(decision.code, Some(crate::gate::ReasonCode::Forbidden));
    assert!(fleet.members()[0].gate.decision().is_none());
}

#[test]
fn evidence_reaches_only_who_asked() {
    let mut fleet = Fleet::new(vec![target("shop", "shop"), target("db", "shop")]);
    let refused = vec![crate::observation::AccessReview {
        resource: crate::observation::Resource::Pods,
        verb: "list".into(),
        allowed: false,
    }];
    let second = Elapsed::from_secs(1);
    fleet.handle(&Observed::of_target(TargetId(1), second, Observation::Access(refused)));
    let decided = fleet.members().iter().map(|member| member.gate.decision().is_some());
    assert_eq!(decided.collect::<Vec<_>>(), [false, true]);
    assert_eq!(fleet.decided_at(), None);
    fleet.handle(&at(2, Observation::Interrupted(Signal::Terminate)));
    assert_eq!(fleet.decided_at(), Some(Elapsed::from_secs(2)));
}

#[test]
fn a_read_adds_what_is_new_and_takes_what_is_gone() {
    let mut world = World::default();
    let first = read(&["shop"], json!([pod("a", "shop-1", 6), pod("b", "shop-1", 7)]));
    world.take(&world.news(first));
    let second = read(&["shop"], json!([pod("b", "shop-1", 7), pod("c", "shop-1", 8)]));
    let news = world.news(second.clone());
    let names: Vec<_> = news.pods.iter().map(|pod| &*pod.metadata.name).collect();
    assert_eq!((names, news.gone.len(), news.workloads.len()), (vec!["c"], 1, 0));
    world.take(&news);
    assert_eq!(world.whole(), second);
    // a watch that is ahead of a read leaves what the read says
    world.see(&Observation::PodChanged(serde_json::from_value(pod("b", "shop-1", 9)).unwrap()));
    world.take(&world.news(second.clone()));
    assert_eq!(world.whole(), second);
}
