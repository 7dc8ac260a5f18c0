//! Whatever the cluster says: no object makes the gate panic, or pass what its plain JSON does not show to be healthy.

use std::{sync::Arc, time::Duration};

use proptest::{prelude::*, test_runner::RngSeed};
use serde_json::{Value, json};

use super::{
    script::{SET, Script},
    *,
};
use crate::{
    model::{KubeEvent, Pod, ReplicaSet, Workload},
    observation::Observation,
};

/// Which object is spoiled.
#[derive(Clone, Copy, Debug)]
enum Object {
    Deployment,
    Set(usize),
    Pod(usize),
    Event,
}

/// One field of an object gets another value, and time passes.
#[derive(Clone, Debug)]
struct Spoil {
    object: Object,
    field: prop::sample::Index,
    value: Option<Value>,
    by_watch: bool,
    pass: Duration,
}

const REPLICAS: u64 = 2;

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
    let shapes =
        vec![json!(null), json!([]), json!({}), json!([null]), json!(1.5), json!(u64::MAX)];
    prop_oneof![
        1 => Just(None),
        2 => any::<bool>().prop_map(|value| Some(json!(value))),
        3 => prop::sample::select(numbers).prop_map(|number| Some(json!(number))),
        3 => words().prop_map(Some),
        1 => prop::sample::select(shapes).prop_map(Some),
    ]
}

fn spoils() -> impl Strategy<Value = Vec<Spoil>> {
    let object = prop_oneof![
        2 => Just(Object::Deployment),
        1 => (0usize..2).prop_map(Object::Set),
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

fn policies() -> impl Strategy<Value = Policy> {
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

/// A pod with everything that the gate looks at.
fn detailed(pod: &mut Value) {
    let run = json!({"exitCode": 0, "reason": "Completed", "message": "", "containerID": "containerd://0",
        "startedAt": "2026-01-02T00:00:01Z", "finishedAt": "2026-01-02T00:00:02Z"});
    let probe = json!({"initialDelaySeconds": 1, "periodSeconds": 1, "failureThreshold": 1, "terminationGracePeriodSeconds": 1});
    pod["metadata"]["deletionGracePeriodSeconds"] = json!(null);
    pod["metadata"]["deletionTimestamp"] = json!(null);
    pod["spec"]["restartPolicy"] = json!("Always");
    pod["spec"]["terminationGracePeriodSeconds"] = json!(30);
    pod["spec"]["initContainers"] =
        json!([{"name": "migrate"}, {"name": "proxy", "restartPolicy": "Always"}]);
    pod["spec"]["containers"][0]["livenessProbe"] = probe;
    pod["status"]["initContainerStatuses"] = json!([
        {"name": "migrate", "ready": true, "restartCount": 0, "state": {"terminated": run}},
        {"name": "proxy", "ready": true, "started": true, "restartCount": 0, "state": {"running": {}}}]);
    pod["status"]["reason"] = json!("");
    let conditions = pod["status"]["conditions"].as_array_mut().unwrap();
    conditions.push(json!({"type": "PodScheduled", "status": "True", "reason": "", "message": ""}));
    conditions
        .push(json!({"type": "DisruptionTarget", "status": "False", "reason": "", "message": ""}));
}

fn world(policy: Policy) -> Script {
    let mut script = Script::complete(REPLICAS, policy);
    for name in ["app-0", "app-1"] {
        script.put(name, detailed);
    }
    script.deployment["spec"]["minReadySeconds"] = json!(0);
    script.deployment["spec"]["paused"] = json!(false);
    script.deployment["metadata"]["deletionTimestamp"] = json!(null);
    script.deployment["status"]["conditions"] = json!([{"type": "Progressing", "status": "True", "reason": "", "message": "",
        "lastUpdateTime": "2026-01-02T00:00:03Z"}]);
    script.sets[1]["status"]["conditions"] =
        json!([{"type": "ReplicaFailure", "status": "False", "reason": "", "message": ""}]);
    script.event("app-0", "Killing", Some("spec.containers{app}"), "", 5);
    script
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
fn spoil<T: serde::de::DeserializeOwned>(object: &mut Value, how: &Spoil) {
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

fn apply(script: &mut Script, how: &Spoil) {
    let saw = match how.object {
        Object::Deployment => {
            spoil::<Workload>(&mut script.deployment, how);
            let workload = serde_json::from_value(script.deployment.clone()).unwrap();
            Observation::WorkloadChanged(Arc::new(workload))
        }
        Object::Set(index) => {
            spoil::<ReplicaSet>(&mut script.sets[index], how);
            let set = serde_json::from_value(script.sets[index].clone()).unwrap();
            Observation::ReplicaSetChanged(set)
        }
        Object::Pod(index) => {
            let name = format!("app-{index}");
            script.put(&name, |pod| spoil::<Pod>(pod, how));
            Observation::PodChanged(serde_json::from_value(script.pods[&name].clone()).unwrap())
        }
        Object::Event => {
            let event = &mut script.events.get_mut("app-0").unwrap()[0];
            return spoil::<KubeEvent>(event, how);
        }
    };
    if how.by_watch {
        script.feed(saw);
    }
    script.advance(how.pass);
}

/// What the plain JSON says against a green verdict.
fn objection(script: &Script, policy: &Policy) -> Option<String> {
    let (deployment, set) = (&script.deployment, &script.sets[1]);
    let (spec, status) = (&deployment["spec"], &deployment["status"]);
    let number = |value: &Value| value.as_i64().unwrap_or(0);
    if spec["paused"] == json!(true) || !deployment["metadata"]["deletionTimestamp"].is_null() {
        return Some("paused or being deleted".into());
    }
    if number(&status["observedGeneration"]) < number(&deployment["metadata"]["generation"]) {
        return Some("not observed".into());
    }
    let wanted = if spec["replicas"].is_null() { 1 } else { number(&spec["replicas"]) };
    if wanted < 1 {
        return Some("nothing is wanted".into());
    }
    let is_own = |pod: &&Value| {
        let owners = pod["metadata"]["ownerReferences"].as_array().into_iter().flatten();
        owners.clone().any(|owner| {
            owner["controller"] == json!(true) && owner["uid"] == set["metadata"]["uid"]
        })
    };
    let is_active = |pod: &&Value| {
        let phase = &pod["status"]["phase"];
        pod["metadata"]["deletionTimestamp"].is_null()
            && *phase != json!("Failed")
            && *phase != json!("Succeeded")
    };
    let is_ready = |pod: &&Value| {
        let conditions = pod["status"]["conditions"].as_array().into_iter().flatten();
        conditions
            .clone()
            .find(|c| c["type"] == json!("Ready"))
            .is_some_and(|c| c["status"] == json!("True"))
    };
    let ready = script.pods.values().filter(is_own).filter(is_active).filter(is_ready).count();
    let is_strict = policy.min_ready == MinReady::ALL && policy.ignore_containers.is_empty();
    if is_strict && i64::try_from(ready).unwrap() != wanted {
        return Some(format!("{ready} of {wanted} are ready"));
    }
    if ready == 0 && policy.ignore_containers.is_empty() {
        return Some("nothing is ready".into());
    }
    let counts = ["replicas", "updatedReplicas", "availableReplicas"];
    if is_strict && counts.iter().any(|count| number(&status[count]) != wanted) {
        return Some("the controller counts otherwise".into());
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, rng_seed: RngSeed::Fixed(22), ..ProptestConfig::default() })]

    #[test]
    fn no_object_makes_it_panic_or_pass_unseen(policy in policies(), early in spoils(), late in spoils()) {
        let mut script = world(policy.clone());
        for how in early.iter().map(|how| Spoil { by_watch: false, pass: Duration::ZERO, ..how.clone() }).chain(late) {
            if script.verdict().is_none() {
                apply(&mut script, &how);
            }
        }
        script.secs(600);
        prop_assert!(script.steps < 20_000, "it is called without end: {}", script.steps);
        if script.verdict() == Some(Verdict::Passed) {
            prop_assert_eq!(objection(&script, &policy), None);
            prop_assert!(script.pods.values().any(|pod| pod["metadata"]["ownerReferences"][0]["uid"] == json!(SET)));
        }
        let outcome = crate::outcome::TargetOutcome::of(None, &Default::default(), &script.gate, &script.kept);
        let line = serde_json::to_string(&outcome).unwrap();
        prop_assert_eq!(serde_json::from_str::<crate::outcome::TargetOutcome>(&line).unwrap(), outcome);
    }
}
