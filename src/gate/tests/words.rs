//! The words of findings: what a number or a state is called.

use super::*;
use crate::gate::words;

fn finding(timeline: &Timeline) -> Finding {
    timeline.gate.findings().into_iter().next().expect("a finding")
}

/// A container that ended with this code after so many seconds.
fn lived(code: i32, seconds: i64) -> Finding {
    let mut timeline = rolling(1, policy());
    timeline.change("app-0", |pod| {
        let time =
            |second: i64| crate::model::ServerTime::from_unix_seconds(1_767_312_000 + second);
        pod["status"]["containerStatuses"][0]["ready"] = json!(false);
        pod["status"]["containerStatuses"][0]["state"] = json!({"terminated": {"exitCode": code,
            "containerID": "containerd://a", "startedAt": time(0), "finishedAt": time(seconds)}});
        unready(pod);
    });
    finding(&timeline)
}

#[test]
fn how_long_a_run_lasted_is_told() {
    let cases = [(0, "less than 1s"), (1, "1s"), (119, "1m59s"), (7200, "2h")];
    for (seconds, words) in cases {
        let message = lived(3, seconds).message;
        assert!(message.starts_with(&format!("exit code 3 after {words};")), "{message}");
    }
}

#[test]
fn signals_go_by_their_names_on_linux() {
    let names = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM";
    for (number, name) in (1..).zip(names.split(' ')) {
        assert_eq!(signal_name(number), Some(&*format!("SIG{name}")));
    }
    let rare = [24, 25, 31].map(signal_name);
    assert_eq!(rare, [Some("SIGXCPU"), Some("SIGXFSZ"), Some("SIGSYS")]);
    assert_eq!([0, 16, 64, -1].map(signal_name), [None; 4]);
    assert!(lived(139, 1).message.starts_with("exit code 139 (SIGSEGV) after 1s"));
}

#[test]
fn a_state_is_told_in_a_line() {
    let line = |state: serde_json::Value| words::state(&serde_json::from_value(state).unwrap());
    let cases = [
        (json!({}), "unknown"),
        (json!({"running": {}}), "running"),
        (
            json!({"running": {"startedAt": "2026-01-02T00:00:02Z"}}),
            "running since 2026-01-02 00:00:02 UTC",
        ),
        (json!({"waiting": {"reason": "ErrImagePull"}}), "waiting: ErrImagePull"),
        (json!({"terminated": {"exitCode": 1, "reason": "Error"}}), "Error with exit code 1"),
    ];
    for (state, expected) in cases {
        assert_eq!(&*line(state), expected);
    }
}

#[test]
fn a_start_that_can_never_succeed_fails_however_many_restarts_are_allowed() {
    let verdict = |text: &str| {
        let mut timeline = rolling(1, Policy { max_restarts: 100, ..policy() });
        timeline.wait("app-0", "RunContainerError", text).secs(5);
        timeline.verdict()
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
    let mut timeline = rolling(1, policy());
    timeline.wait("app-0", "PostStartHookError", "command 'false' exited with 1").secs(1);
    assert!(finding(&timeline).message.starts_with("its postStart hook failed: "));
}

#[test]
fn a_restart_that_is_excused_is_noted_unless_an_init_container_did_its_work_again() {
    let noted = |role: &str| {
        let mut timeline = Timeline::new(1, policy());
        timeline.put("app-0", |pod| {
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
        timeline.secs(1);
        timeline.gate.findings().iter().map(|finding| finding.cause).collect::<Vec<_>>()
    };
    assert_eq!(noted("app"), [Cause::Platform]);
    assert_eq!(noted("init"), []);
}

#[test]
fn a_pod_without_container_states_tells_nothing_of_its_readiness() {
    let mut timeline = complete(1, policy());
    timeline.change("app-0", |pod| {
        pod["status"]["containerStatuses"] = json!([]);
        unready(pod);
    });
    assert_eq!(timeline.gate.findings(), []);
    timeline.change("app-0", |pod| {
        pod["status"]["containerStatuses"] =
            json!([{"name": "app", "ready": true, "restartCount": 0, "state": {"running": {}}}]);
    });
    assert_eq!(finding(&timeline).cause, Cause::Platform);
}

#[test]
fn a_reason_names_container_and_pods_where_the_finding_has_them() {
    let reason = |timeline: &Timeline| timeline.gate.decision().unwrap().reason.to_string();
    let mut crashed = rolling(1, policy());
    crashed.crash("app-0", 1);
    let text = reason(&crashed);
    assert!(text.starts_with("crash-loop: container app of pod app-0: exit code 1"), "{text}");
    let expect_images = vec!["shop/app:3".into()];
    let mut wrong = rolling(1, Policy { expect_images, ..policy() });
    let text = reason(wrong.secs(1));
    assert!(text.starts_with("wrong-image: expected shop/app:3, "), "{text}");
}
