//! What is said of pods that are not ready and show no error.

use serde_json::Value;

use super::*;
use crate::gate::unready::{reasons, steps};

/// What is told of a pod of two containers, the first with a postStart hook and probes, and its events.
fn told(edit: impl FnOnce(&mut Value), events: &[(&str, &str)]) -> Vec<String> {
    let waiting = |name: &str, reason: &str| {
        json!({"name": name, "ready": false, "started": false, "restartCount": 0,
        "state": {"waiting": {"reason": reason}}})
    };
    let mut pod = json!({"metadata": {"name": "a", "uid": "a", "creationTimestamp": "2026-01-02T00:00:00Z"},
        "spec": {"nodeName": "node-1", "containers": [
            {"name": "app", "image": "shop/app:2", "readinessProbe": {}, "startupProbe": {}, "lifecycle": {"postStart": {"exec": {}}}},
            {"name": "helper", "image": "shop/helper:2"}]},
        "status": {"phase": "Pending", "conditions": [
                {"type": "Ready", "status": "False", "reason": "ContainersNotReady"},
                {"type": "PodReadyToStartContainers", "status": "True"}],
            "containerStatuses": [waiting("app", "ContainerCreating"), waiting("helper", "ContainerCreating")]}});
    edit(&mut pod);
    let events: Vec<crate::model::KubeEvent> = events
        .iter()
        .map(|(reason, container)| {
            serde_json::from_value(json!({"type": "Normal", "reason": reason, "message": "",
                "lastTimestamp": "2026-01-02T00:00:02Z",
                "involvedObject": {"kind": "Pod", "name": "a", "fieldPath": format!("spec.containers{{{container}}}")}}))
            .unwrap()
        })
        .collect();
    let pod = serde_json::from_value(pod).unwrap();
    let reasons = reasons(&pod, &steps(&events)).into_iter();
    let symptoms = reasons.map(|reason| reason.symptom(|_| Some(Duration::from_secs(95))));
    symptoms
        .map(|symptom| {
            let container = symptom.container.as_deref().unwrap_or("-");
            format!("{} {} {}: {}", symptom.cause, symptom.attribution, container, symptom.message)
        })
        .collect()
}

fn state(pod: &mut Value, container: usize, ready: bool, started: bool, state: Value) {
    let status = &mut pod["status"]["containerStatuses"][container];
    status["ready"] = json!(ready);
    status["started"] = json!(started);
    status["state"] = state;
}

fn running() -> Value {
    json!({"running": {"startedAt": "2026-01-02T00:00:02Z"}})
}

fn completed() -> Value {
    json!({"terminated": {"exitCode": 0, "reason": "Completed"}})
}

/// Init containers: `migrate`, the sidecar `proxy`, `wait`, with their states.
fn inits(pod: &mut Value, states: [Value; 3], proxy_started: bool) {
    pod["spec"]["initContainers"] = json!([{"name": "migrate"},
        {"name": "proxy", "restartPolicy": "Always", "startupProbe": {}}, {"name": "wait"}]);
    let [migrate, proxy, wait] = states;
    pod["status"]["initContainerStatuses"] = json!([{"name": "migrate", "state": migrate},
        {"name": "proxy", "started": proxy_started, "ready": proxy_started, "state": proxy}, {"name": "wait", "state": wait}]);
}

#[test]
fn a_pod_that_no_scheduler_looked_at_says_so() {
    let unbound = |pod: &mut Value| {
        pod["spec"]["nodeName"] = Value::Null;
        pod["status"] = json!({"phase": "Pending"});
    };
    assert_eq!(
        told(unbound, &[]),
        ["pending platform -: no scheduler has taken it (1m35s so far)"]
    );
    let volcano = |pod: &mut Value| {
        unbound(pod);
        pod["spec"]["schedulerName"] = json!("volcano");
    };
    assert_eq!(
        told(volcano, &[]),
        ["pending configuration -: no scheduler volcano has taken it (1m35s so far)"]
    );
    let looked_at = |pod: &mut Value| {
        unbound(pod);
        pod["status"]["conditions"] =
            json!([{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]);
    };
    assert_eq!(told(looked_at, &[]), [""; 0]);
}

#[test]
fn a_pod_without_a_container_waits_for_its_node() {
    let silent = |pod: &mut Value| pod["status"] = json!({"phase": "Pending"});
    assert_eq!(told(silent, &[]), ["platform platform -: its node has not reported on it"]);
    let preparing = |pod: &mut Value| pod["status"]["conditions"] = json!([]);
    assert_eq!(
        told(preparing, &[]),
        [
            "sandbox platform -: no container has been created: its volumes, network or image are not ready"
        ]
    );
}

#[test]
fn events_tell_which_container_the_kubelet_starts_and_how_far_it_came() {
    let pulling = "image platform app: still pulling image shop/app:2 (1m35s so far)";
    assert_eq!(told(|_| {}, &[("Pulling", "app")]), [pulling]);
    assert_eq!(
        told(
            |_| {},
            &[("Started", "app"), ("Pulling", "app"), ("Created", "app"), ("Pulled", "app")]
        ),
        ["post-start application app: its postStart hook has not returned (1m35s so far)"]
    );
    let helper = "image platform helper: still pulling image shop/helper:2 (1m35s so far)";
    assert_eq!(told(|_| {}, &[("Started", "app"), ("Pulling", "helper")]), [helper]);
    let unknown = "container unknown app: not started yet, and no error is reported";
    assert_eq!(told(|_| {}, &[]), [unknown]);
    assert_eq!(told(|_| {}, &[("Pulling", "app"), ("Failed", "app")]), [unknown]);
}

#[test]
fn an_error_is_told_elsewhere() {
    let failed = |pod: &mut Value| {
        for container in [0, 1] {
            state(pod, container, false, false, json!({"waiting": {"reason": "ErrImagePull"}}));
        }
    };
    assert_eq!(told(failed, &[("Pulling", "app")]), [""; 0]);
    let init_failed = |pod: &mut Value| {
        let [creating, failed] = ["PodInitializing", "ErrImagePull"]
            .map(|reason| json!({"waiting": {"reason": reason}}));
        inits(pod, [failed, creating.clone(), creating], false);
    };
    assert_eq!(told(init_failed, &[]), [""; 0]);
}

#[test]
fn the_init_container_that_the_others_wait_for_is_named() {
    let waits = || json!({"waiting": {"reason": "PodInitializing"}});
    let migrate = |pod: &mut Value| inits(pod, [running(), waits(), waits()], false);
    assert_eq!(
        told(migrate, &[]),
        [
            "not-ready application migrate: still running (1m35s so far); the other containers start when it ends"
        ]
    );
    let proxy = |pod: &mut Value| inits(pod, [completed(), running(), waits()], false);
    assert_eq!(
        told(proxy, &[]),
        [
            "not-ready application proxy: running, but its startup probe has not passed; the other containers wait for it"
        ]
    );
    let wait = |pod: &mut Value| inits(pod, [completed(), running(), running()], true);
    assert!(told(wait, &[])[0].starts_with("not-ready application wait: still running"));
    let over = |pod: &mut Value| inits(pod, [completed(), running(), completed()], true);
    assert!(told(over, &[("Pulling", "app")])[0].starts_with("image platform app: "));
    // what is still known of it is old once a regular container was started
    let began = |pod: &mut Value| {
        inits(pod, [waits(), running(), waits()], true);
        state(pod, 0, false, true, running());
    };
    assert!(told(began, &[])[0].starts_with("not-ready application app: "));
}

#[test]
fn a_container_that_runs_is_held_up_by_its_probes() {
    let app = |started: bool| {
        let told = told(
            |pod| {
                state(pod, 0, false, started, running());
                state(pod, 1, false, true, running());
            },
            &[],
        );
        told.join("\n")
    };
    let helper = "not-ready application helper: running, but not reported as ready";
    assert_eq!(
        app(false),
        format!(
            "not-ready application app: running, but its startup probe has not passed\n{helper}"
        )
    );
    assert_eq!(
        app(true),
        format!("not-ready application app: running, but its readiness probe is failing\n{helper}")
    );
}

#[test]
fn a_container_that_completed_for_good_is_named() {
    let helper = |policy: &'static str, end: Value| {
        told(
            |pod| {
                pod["spec"]["containers"][1]["restartPolicy"] = json!(policy);
                state(pod, 0, true, true, running());
                state(pod, 1, false, false, end);
            },
            &[],
        )
    };
    let found = helper("Never", completed());
    assert!(
        found[0].starts_with("exited configuration helper: completed with exit code 0"),
        "{found:?}"
    );
    assert!(helper("OnFailure", completed())[0].contains("(restartPolicy OnFailure)"));
    // it is started again, or counted as a failure
    assert_eq!(helper("Always", completed()), [""; 0]);
    assert_eq!(helper("Never", json!({"terminated": {"exitCode": 1}})), [""; 0]);
}

/// The gates of a pod whose containers are all ready, as the kubelet lists them, with a condition beside.
fn gated(message: &str, condition: &Value) -> Vec<String> {
    told(
        |pod| {
            for container in [0, 1] {
                state(pod, container, true, true, running());
            }
            pod["status"]["phase"] = json!("Running");
            pod["status"]["conditions"] = json!([{"type": "Ready", "status": "False",
                "reason": "ReadinessGatesNotReady", "message": message}, condition]);
        },
        &[],
    )
}

#[test]
fn a_readiness_gate_is_named_with_what_its_controller_says() {
    let other = json!({"type": "Initialized", "status": "True"});
    let missing = "corresponding condition of pod readiness gate \"lb/shop\" does not exist.";
    assert_eq!(
        gated(missing, &other),
        ["not-ready configuration -: no controller has set readiness gate lb/shop"]
    );
    let refused = "the status of pod readiness gate \"lb/shop\" is not \"True\", but False";
    assert_eq!(gated(refused, &other), ["not-ready unknown -: readiness gate lb/shop is not True"]);
    let said = json!({"type": "lb/shop", "status": "False", "reason": "Draining", "message": "target is draining"});
    assert_eq!(
        gated(refused, &said),
        ["not-ready unknown -: readiness gate lb/shop is not True: Draining: target is draining"]
    );
    let both = format!(
        "{refused}, corresponding condition of pod readiness gate \"mesh\" does not exist."
    );
    assert_eq!(
        gated(&both, &said),
        [
            "not-ready unknown -: readiness gate lb/shop is not True: Draining: target is draining, no controller has set readiness gate mesh"
        ]
    );
}

#[test]
fn at_the_deadline_each_pod_that_is_not_ready_is_a_finding() {
    let mut script = Script::new(2, Policy { timeout: Duration::from_secs(30), ..policy() });
    script.change("app-0", |pod| {
        unready(pod);
        pod["status"]["phase"] = json!("Pending");
        pod["spec"]["initContainers"] = json!([{"name": "wait", "image": "shop/wait:1"}]);
        pod["status"]["initContainerStatuses"] = json!([{"name": "wait", "state": running()}]);
        pod["status"]["containerStatuses"][0]["ready"] = json!(false);
        pod["status"]["containerStatuses"][0]["state"] =
            json!({"waiting": {"reason": "PodInitializing"}});
    });
    script.change("app-1", unready_app).secs(25);
    let waits = script.gate.rollout().waiting_for[0].to_string();
    assert!(
        waits.contains("init container wait of pod app-0: still running; the other containers"),
        "{waits}"
    );
    script.secs(6);
    assert_eq!(script.decided(), Some((Verdict::TimedOut, vec![Cause::NotReady; 2])));
    let findings = script.gate.findings();
    let of = |name: &str| findings.iter().find(|f| f.container.as_deref() == Some(name)).unwrap();
    assert!(
        of("wait").message.starts_with("still running (1m28s so far)"),
        "{}",
        of("wait").message
    );
    assert!(of("wait").hint.what.starts_with("fix what the init container waits for"));
    assert!(of("wait").evidence.as_ref().unwrap().log.is_some());
    assert!(of("wait").evidence.as_ref().unwrap().state.is_some());
    let reason = &script.gate.decision().unwrap().reason;
    assert!(reason.starts_with("not-ready: "), "{reason}");
    assert!(
        reason.contains("; the rollout did not complete within 30s: still waiting for new pods")
    );
}

#[test]
fn a_pod_that_comes_on_is_not_explained_in_progress() {
    let mut script = Script::new(1, policy());
    script.wait("app-0", "ContainerCreating", "").secs(12);
    assert!(script.gate.rollout().waiting_for.iter().all(|wait| !wait.contains("app-0")));
    script.event("app-0", "Pulling", Some("spec.containers{app}"), "Pulling image", 9).secs(20);
    let waits = script.gate.rollout().waiting_for[0].to_string();
    assert!(
        waits.contains("(container app of pod app-0: still pulling image shop/app:2)"),
        "{waits}"
    );
}

#[test]
fn a_container_that_is_not_judged_explains_nothing_unless_the_others_wait_for_it() {
    let explained = |init: bool| {
        let mut script = Script::new(
            1,
            Policy {
                timeout: Duration::from_secs(20),
                ignore_containers: vec!["side".into()],
                ..policy()
            },
        );
        script.change("app-0", |pod| {
            unready_app(pod);
            let status = json!({"name": "side", "ready": false, "state": running()});
            if init {
                pod["spec"]["initContainers"] = json!([{"name": "side"}]);
                pod["status"]["initContainerStatuses"] = json!([status]);
                pod["status"]["containerStatuses"][0]["state"] =
                    json!({"waiting": {"reason": "PodInitializing"}});
            } else {
                let app = pod["status"]["containerStatuses"][0].clone();
                pod["spec"]["containers"] = json!([{"name": "app"}, {"name": "side"}]);
                pod["status"]["containerStatuses"] = json!([app, status]);
            }
        });
        script.secs(21);
        let findings = script.gate.findings();
        findings.iter().map(|f| f.container.as_deref().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(explained(false), ["app"]);
    assert_eq!(explained(true), ["side"]);
}

#[test]
fn an_error_on_one_pod_is_not_hidden_by_another_that_waits() {
    let timeout = Duration::from_secs(20);
    let mut script = Script::new(2, Policy { timeout, ..policy() });
    script.wait("app-0", "ErrImagePull", "registry: 503 Service Unavailable");
    script.event("app-1", "Pulling", Some("spec.containers{app}"), "Pulling image", 9);
    script.wait("app-1", "ContainerCreating", "").secs(21);
    let findings = script.gate.findings();
    let messages: Vec<_> = findings.iter().map(|finding| finding.message.to_string()).collect();
    assert!(matches!(&*messages, [message] if message.contains("503")), "{messages:?}");
}
