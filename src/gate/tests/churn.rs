//! Pods that end and are replaced: when their number is a failure.

use super::*;

/// The container ends with this code and is not run again, and with it the pod.
fn end(script: &mut Script, name: &str, code: i32) {
    script.change(name, |pod| {
        pod["spec"]["containers"][0]["restartPolicy"] = json!("Never");
        pod["status"]["phase"] = json!(if code == 0 { "Succeeded" } else { "Failed" });
        let status = &mut pod["status"]["containerStatuses"][0];
        status["state"] = json!({"terminated": {"exitCode": code, "reason": if code == 0 { "Completed" } else { "Error" },
            "containerID": format!("containerd://{name}"), "startedAt": "2026-01-02T00:00:03Z", "finishedAt": "2026-01-02T00:00:05Z"}});
        unready_app(pod);
    });
    script.secs(1);
}

/// A node refuses the pod.
fn refuse(script: &mut Script, name: &str, reason: &str) {
    script.change(name, |pod| {
        let message = "Pod was rejected: Node didn't have enough resource: cpu";
        pod["status"] = json!({"phase": "Failed", "reason": reason, "message": message});
    });
    script.secs(1);
}

/// A rollout in which a pod is made, ends, and is replaced so many times; the last one is well.
fn in_turn(policy: Policy, times: u32, end: impl Fn(&mut Script, &str)) -> Script {
    let mut script = Script::new(1, policy);
    script.secs(1);
    for number in 0..times {
        let name = format!("app-{number}");
        script.change(&name, |pod| {
            pod["status"]["phase"] = json!("Pending");
            unready_app(pod);
        });
        end(&mut script, &name);
    }
    script.change(&format!("app-{times}"), |_| {}).settle_status();
    script
}

#[test]
fn pods_that_end_well_one_after_the_other_fail_at_the_third() {
    let mut twice = in_turn(policy(), 2, |script, name| end(script, name, 0));
    twice.secs(75);
    assert_eq!(twice.verdict(), Some(Verdict::Passed));
    let thrice = in_turn(policy(), 3, |script, name| end(script, name, 0));
    assert_eq!(thrice.decided(), Some((Verdict::Failed, vec![Cause::Exited])));
    let finding = &thrice.gate.findings()[0];
    assert_eq!((finding.exit_code, finding.container.as_deref()), (Some(0), Some("app")));
    assert_eq!(finding.pods.len(), 3);
    assert!(finding.message.contains("3 pods in a row ended"), "{}", finding.message);
    let log = finding.evidence.as_ref().unwrap().log.as_ref().unwrap();
    assert_eq!(log.excerpt.last_line().map(|line| &**line), Some("the last words"));
}

#[test]
fn pods_that_crash_one_after_the_other_fail_whatever_restarts_are_allowed() {
    let lenient = || Policy { max_restarts: 5, ..policy() };
    let mut twice = in_turn(lenient(), 2, |script, name| end(script, name, 1));
    twice.secs(75);
    assert_eq!(twice.verdict(), Some(Verdict::Passed));
    let thrice = in_turn(lenient(), 3, |script, name| end(script, name, 1));
    assert_eq!(thrice.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
    let once = in_turn(policy(), 1, |script, name| end(script, name, 1));
    assert_eq!(once.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn pods_that_a_node_refuses_one_after_the_other_fail_at_the_third() {
    for reason in ["OutOfcpu", "OutOfpods", "NodeAffinity", "NodePorts", "UnexpectedAdmissionError"]
    {
        let mut twice = in_turn(policy(), 2, |script, name| refuse(script, name, reason));
        twice.secs(75);
        assert_eq!(twice.verdict(), Some(Verdict::Passed), "{reason}");
        let thrice = in_turn(policy(), 3, |script, name| refuse(script, name, reason));
        assert_eq!(thrice.decided(), Some((Verdict::Failed, vec![Cause::Platform])), "{reason}");
        assert_eq!(thrice.gate.findings()[0].attribution, Attribution::Platform);
    }
}

#[test]
fn nodes_in_trouble_fail_nothing_by_number() {
    for reason in ["Evicted", "NodeShutdown", "Preempting", "Terminated"] {
        let mut script = in_turn(policy(), 6, |script, name| refuse(script, name, reason));
        script.secs(75);
        assert_eq!(script.verdict(), Some(Verdict::Passed), "{reason}");
    }
}

#[test]
fn pods_that_a_node_refuses_at_once_are_no_row() {
    let mut script = Script::new(5, policy());
    script.secs(1);
    for number in 0..5 {
        script.change(&format!("app-{number}"), |pod| {
            pod["status"] = json!({"phase": "Failed", "reason": "OutOfpods", "message": ""});
        });
    }
    script.secs(1);
    for number in 5..10 {
        script.change(&format!("app-{number}"), |_| {});
    }
    script.settle_status().secs(75);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_row_that_began_before_the_gate_counts_and_one_before_the_rollout_does_not() {
    for (created, expected) in
        [("2026-01-02T00:00:01Z", Some(Verdict::Failed)), ("2026-01-01T00:00:01Z", None)]
    {
        let mut script = Script::new(1, policy());
        for number in 0..3 {
            script.put(&format!("app-{number}"), |pod| {
                pod["metadata"]["creationTimestamp"] = json!(created);
                pod["status"] = json!({"phase": "Failed", "reason": "OutOfcpu", "message": ""});
            });
        }
        script.secs(1);
        assert_eq!(script.verdict(), expected, "{created}");
    }
}

#[test]
fn one_place_that_is_never_filled_is_one_pod_to_spare() {
    let mut policy = policy();
    policy.min_ready = "1".parse().unwrap();
    let mut script = Script::new(2, policy);
    script.secs(1).change("well", |_| {});
    for number in 0..20 {
        let name = format!("app-{number}");
        script.change(&name, unready_app);
        refuse(&mut script, &name, "OutOfcpu");
    }
    script.settle_status().secs(80);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    assert_eq!(script.gate.findings()[0].state, FindingState::Tolerated);
}

#[test]
fn what_is_ignored_ends_as_often_as_it_likes() {
    let lenient = Policy { ignore_containers: vec!["app".into()], ..policy() };
    let mut script = in_turn(lenient, 4, |script, name| end(script, name, 0));
    script.secs(75);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn hundreds_of_pods_ask_for_little() {
    let script = in_turn(policy(), 300, |script, name| refuse(script, name, "Evicted"));
    assert!(script.asked.len() < 20, "{} requests", script.asked.len());
    let ended =
        in_turn(Policy { max_restarts: 400, ..policy() }, 2, |script, name| end(script, name, 0));
    assert!(ended.asked.len() < 20, "{} requests", ended.asked.len());
}
