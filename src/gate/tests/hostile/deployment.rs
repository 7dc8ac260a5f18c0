//! A Deployment, with events.

use std::{sync::Arc, time::Duration};

use proptest::{prelude::*, test_runner::RngSeed};
use serde_json::{Value, json};

use super::{
    super::{
        script::{SET, Script},
        *,
    },
    spoil::{Object, Spoil, policies, spoil, spoils},
};
use crate::{
    model::{KubeEvent, Pod, ReplicaSet, Workload},
    observation::Observation,
};

const REPLICAS: u64 = 2;

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

fn apply(script: &mut Script, how: &Spoil) {
    let saw = match how.object {
        Object::Workload => {
            spoil::<Workload>(&mut script.deployment, how);
            let workload = serde_json::from_value(script.deployment.clone()).unwrap();
            Observation::WorkloadChanged(Arc::new(workload))
        }
        Object::Revision(index) => {
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
