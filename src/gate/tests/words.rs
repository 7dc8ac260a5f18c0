//! What ended runs and pods are found to be, and what is said of them.

use super::*;

fn finding(script: &Script) -> Finding {
    script.gate.findings().into_iter().next().expect("a finding")
}

#[test]
fn a_start_that_can_never_succeed_fails_however_many_restarts_are_allowed() {
    let verdict = |text: &str| {
        let mut script = rolling(1, Policy { max_restarts: 100, ..policy() });
        script.wait("app-0", "RunContainerError", text).secs(5);
        script.verdict()
    };
    assert_eq!(
        verdict("exec: \"serve\": executable file not found in $PATH"),
        Some(Verdict::Failed)
    );
    assert_eq!(verdict("context deadline exceeded"), None);
}

#[test]
fn an_eviction_is_of_the_pod_and_a_crash_of_its_container() {
    let mut evicted = rolling(1, policy());
    let text = "Container app exceeded its local ephemeral storage limit \"10Mi\".";
    evicted.event("app-0", "Evicted", None, text, 5).crash("app-0", 137);
    let found = finding(&evicted);
    assert_eq!((found.cause, found.container, found.role), (Cause::Evicted, None, None));
    let mut crashed = rolling(1, policy());
    crashed.crash("app-0", 137).secs(3);
    let found = finding(&crashed);
    assert_eq!((found.cause, found.container.as_deref()), (Cause::CrashLoop, Some("app")));
    assert_eq!(found.role, Some(crate::model::Role::App));
}

#[test]
fn a_hook_that_failed_is_named() {
    let mut script = rolling(1, policy());
    script.wait("app-0", "PostStartHookError", "command 'false' exited with 1").secs(1);
    assert!(finding(&script).message.starts_with("its postStart hook failed: "));
}

#[test]
fn a_restart_that_is_excused_is_noted_unless_an_init_container_did_its_work_again() {
    let noted = |role: &str| {
        let mut script = Script::new(1, policy());
        script.put("app-0", |pod| {
            let end = json!({"terminated": {"exitCode": 0, "reason": "RestartingAllContainers",
                "containerID": "containerd://a"}});
            let mut status = pod["status"]["containerStatuses"][0].clone();
            status["restartCount"] = json!(1);
            status["lastState"] = end;
            match role {
                "init" => {
                    status["name"] = json!("init");
                    pod["spec"]["initContainers"] = json!([{"name": "init", "image": "i"}]);
                    pod["status"]["initContainerStatuses"] = json!([status]);
                }
                _ => pod["status"]["containerStatuses"] = json!([status]),
            }
        });
        script.secs(1);
        script.gate.findings().iter().map(|finding| finding.cause).collect::<Vec<_>>()
    };
    assert_eq!(noted("app"), [Cause::Platform]);
    assert_eq!(noted("init"), []);
}

#[test]
fn a_pod_without_container_states_tells_nothing_of_its_readiness() {
    let mut script = complete(1, policy());
    script.change("app-0", |pod| {
        pod["status"]["containerStatuses"] = json!([]);
        unready(pod);
    });
    assert_eq!(script.gate.findings(), []);
    script.change("app-0", |pod| {
        pod["status"]["containerStatuses"] =
            json!([{"name": "app", "ready": true, "restartCount": 0, "state": {"running": {}}}]);
    });
    assert_eq!(finding(&script).cause, Cause::Platform);
}

#[test]
fn a_reason_names_container_and_pods_where_the_finding_has_them() {
    let reason = |script: &Script| script.gate.decision().unwrap().reason.to_string();
    let mut crashed = rolling(1, policy());
    crashed.crash("app-0", 1);
    let text = reason(&crashed);
    assert!(text.starts_with("crash-loop: container app of pod app-0: exit code 1"), "{text}");
    let expect_images = vec!["shop/app:3".into()];
    let mut wrong = rolling(1, Policy { expect_images, ..policy() });
    let text = reason(wrong.secs(1));
    assert!(text.starts_with("wrong-image: expected shop/app:3, "), "{text}");
}
