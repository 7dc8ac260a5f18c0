//! Fields of objects that get another value.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::*;

/// Which object is spoiled.
#[derive(Clone, Copy, Debug)]
pub(super) enum Object {
    Workload,
    Revision(usize),
    Pod(usize),
    Event,
}

/// One field of an object gets another value, and time passes.
#[derive(Clone, Debug)]
pub(super) struct Spoil {
    pub(super) object: Object,
    pub(super) field: prop::sample::Index,
    pub(super) value: Option<Value>,
    pub(super) by_watch: bool,
    pub(super) pass: Duration,
}

fn words() -> impl Strategy<Value = Value> {
    let known = vec![
        "",
        "True",
        "False",
        "Perhaps",
        "Running",
        "Failed",
        "Succeeded",
        "Pending",
        "Always",
        "Never",
        "OnFailure",
        "Ready",
        "DisruptionTarget",
        "PodScheduled",
        "ContainersNotReady",
        "ReadinessGatesNotReady",
        "Evicted",
        "OOMKilled",
        "StartError",
        "ErrImagePull",
        "InvalidImageName",
        "CrashLoopBackOff",
        "RunContainerError",
        "PostStartHookError",
        "CreateContainerConfigError",
        "ContainerCreating",
        "ReplicaFailure",
        "Progressing",
        "ProgressDeadlineExceeded",
        "ReplicaSetCreateError",
        "NewReplicaSetAvailable",
        "ReplicaSet \"set-2\"",
        "FailedMount",
        "Killing",
        "SandboxChanged",
        "TriggeredScaleUp",
        "app",
        "set-1",
        "set-2",
        "d1",
        "app-0",
        "-009999-01-02T01:59:59Z",
        "0001-01-01T00:00:00Z",
        "2026-01-02T00:00:09Z",
        "9999-12-30T22:00:00Z",
        "18446744073709551615",
        "\u{0}\u{202e}\u{fffe}",
        "OnDelete",
        "Parallel",
        "Complete",
        "SuccessCriteriaMet",
        "FailureTarget",
        "Stalled",
        "Reconciling",
        "Available",
        "rs",
        "job",
        "Suspended",
        "InvalidSpec",
        "Healthy",
        "Degraded",
        "Paused",
        "CanaryPauseStep",
        "BlueGreenPause",
        "Deployment",
        "4",
        "1",
        "2",
        "app-2",
        "w",
        "app-18446744073709551615",
    ];
    prop_oneof![
        4 => prop::sample::select(known).prop_map(|word| json!(word)),
        1 => "\\PC{0,40}".prop_map(|text| json!(text)),
        1 => Just(json!("x".repeat(100_000))),
    ]
}

fn values() -> impl Strategy<Value = Option<Value>> {
    let numbers =
        vec![0, 1, 2, -1, 137, 255, i64::from(i32::MAX), i64::from(u32::MAX), i64::MAX, i64::MIN];
    let many = vec![json!({"type": "Ready", "status": "True", "reason": "Complete"}); 2_000];
    let shapes = vec![
        json!(many),
        json!(null),
        json!([]),
        json!({}),
        json!([null]),
        json!(1.5),
        json!(u64::MAX),
    ];
    prop_oneof![
        1 => Just(None),
        2 => any::<bool>().prop_map(|value| Some(json!(value))),
        3 => prop::sample::select(numbers).prop_map(|number| Some(json!(number))),
        3 => words().prop_map(Some),
        1 => prop::sample::select(shapes).prop_map(Some),
    ]
}

pub(super) fn spoils() -> impl Strategy<Value = Vec<Spoil>> {
    let object = prop_oneof![
        2 => Just(Object::Workload),
        1 => (0usize..2).prop_map(Object::Revision),
        4 => (0usize..2).prop_map(Object::Pod),
        1 => Just(Object::Event),
    ];
    let spoil = (object, any::<prop::sample::Index>(), values(), any::<bool>(), 0u64..20_000);
    let spoil = spoil.prop_map(|(object, field, value, by_watch, pass)| Spoil {
        object,
        field,
        value,
        by_watch,
        pass: Duration::from_millis(pass),
    });
    prop::collection::vec(spoil, 0..8)
}

pub(super) fn policies() -> impl Strategy<Value = Policy> {
    let length = prop_oneof![
        4 => (0u64..60).prop_map(Duration::from_secs),
        1 => Just(Duration::from_secs(1 << 63)),
    ];
    let grace = (prop::sample::select(Grace::ALL.to_vec()), length.clone());
    let min_ready = prop_oneof![
        3 => Just(MinReady::ALL),
        1 => (1u64..).prop_map(MinReady::Pods),
        1 => (1u8..=100).prop_map(MinReady::Percent),
    ];
    let restarts = prop_oneof![Just(0), Just(u32::MAX)];
    let ignored =
        prop_oneof![3 => Just(vec![]), 1 => Just(vec!["app".to_owned(), "proxy".to_owned()])];
    (length.clone(), length, prop::collection::vec(grace, 0..3), min_ready, restarts, ignored)
        .prop_map(|(timeout, window, grace, min_ready, max_restarts, ignore_containers)| Policy {
            timeout,
            window,
            grace: grace.into_iter().map(|(grace, length)| (grace, Seconds(length))).collect(),
            min_ready,
            max_restarts,
            ignore_containers,
            ..Policy::default()
        })
}

/// The paths of all fields and items.
fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
    let mut enter = |key: &str, child: &Value| {
        let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.push(path.clone());
        paths(child, &path, found);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, child)| enter(key, child)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(key, child)| enter(&key.to_string(), child));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Spoils a field, unless the object can't be read any more: then it would not have come this far.
pub(super) fn spoil<T: serde::de::DeserializeOwned>(object: &mut Value, how: &Spoil) {
    let mut found = Vec::new();
    paths(object, "", &mut found);
    if found.is_empty() {
        return;
    }
    let path = how.field.get(&found);
    let mut spoiled = object.clone();
    match &how.value {
        Some(value) => *spoiled.pointer_mut(path).unwrap() = value.clone(),
        None => {
            let (parent, key) = path.rsplit_once('/').unwrap();
            match spoiled.pointer_mut(parent) {
                Some(Value::Object(fields)) => drop(fields.remove(&key.replace("~1", "/"))),
                Some(Value::Array(items)) => items.clear(),
                _ => {}
            }
        }
    }
    if serde_json::from_value::<T>(spoiled.clone()).is_ok() {
        *object = spoiled;
    }
}
