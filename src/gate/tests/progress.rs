//! The Deployment's own deadline.

use super::*;
use crate::model::ServerTime;

/// The condition of a deadline that the controller saw pass for this ReplicaSet.
fn exceeded(set: &str) -> serde_json::Value {
    json!([{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
        "message": format!("ReplicaSet \"{set}\" has timed out progressing."), "lastUpdateTime": "2026-01-02T00:05:00Z"}])
}

/// The condition of progress that was made at that second of the gate.
fn progressing(second: i64) -> serde_json::Value {
    let zero = super::script::BEGAN;
    json!([{"type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated",
        "message": "ReplicaSet \"set-2\" is progressing.",
        "lastUpdateTime": ServerTime::from_unix_seconds(zero + second)}])
}

/// A rollout of one pod that never gets ready, and the condition from the start on.
fn unready(condition: serde_json::Value, policy: Policy) -> Script {
    let mut script = Script::new(1, policy);
    script.deployment["status"]["conditions"] = condition;
    script.change("app-0", unready_app);
    script
}

fn not_ready(script: &Script) -> bool {
    script.decided() == Some((Verdict::Failed, vec![Cause::NotReady]))
}

#[test]
fn one_that_is_of_the_rollout_before_is_not_believed() {
    let mut script = unready(exceeded("set-1"), policy());
    script.secs(60);
    assert_eq!(script.verdict(), None);
}

#[test]
fn one_that_passed_stands_for_ten_seconds_to_the_millisecond() {
    let mut script = unready(exceeded("set-2"), policy());
    script.advance(Duration::from_secs(10) - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert!(not_ready(&script), "{:?}", script.decided());
}

#[test]
fn one_that_was_cleared_unseen_is_not_believed() {
    let mut script = unready(exceeded("set-2"), policy());
    script.secs(5);
    script.deployment["status"]["conditions"] = json!([]);
    script.secs(20);
    assert_eq!(script.verdict(), None);
}

#[test]
fn what_keeps_the_pods_from_being_ready_is_the_cause() {
    type Edit<'a> = &'a dyn Fn(&mut Script);
    let cases: [(Cause, Edit<'_>); 5] = [
        (Cause::NotReady, &|script| {
            script.change("app-0", unready_app);
        }),
        (Cause::NotReady, &|script| {
            script.change("app-0", |pod| {
                pod["spec"]["initContainers"] = json!([{"name": "wait-for-db", "image": "i"}]);
                pod["status"] = json!({"phase": "Pending",
                    "conditions": [{"type": "Ready", "status": "False", "reason": "ContainersNotReady"}],
                    "initContainerStatuses": [{"name": "wait-for-db", "restartCount": 0, "state": {"running": {}}}],
                    "containerStatuses": [{"name": "app", "restartCount": 0, "state": {"waiting": {"reason": "PodInitializing"}}}]});
            });
        }),
        (Cause::Pending, &|script| {
            script.change("app-0", |pod| {
                pod["status"] = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled",
                    "status": "False", "reason": "Unschedulable", "message": "0/1 nodes are available"}]});
            });
        }),
        (Cause::Image, &|script| {
            script.wait("app-0", "ErrImagePull", "502 Bad Gateway");
        }),
        (Cause::Create, &|script| {
            script.refuse("Internal error occurred: failed calling webhook \"v\"");
        }),
    ];
    for (cause, edit) in cases {
        let mut script = Script::new(1, policy());
        script.deployment["status"]["conditions"] = exceeded("set-2");
        edit(&mut script);
        script.secs(12);
        assert_eq!(script.decided(), Some((Verdict::Failed, vec![cause])));
        let reason = &script.gate.decision().unwrap().reason;
        assert!(reason.starts_with(cause.as_str()), "{reason}");
        assert!(reason.contains("the Deployment's progress deadline passed"), "{reason}");
    }
}

#[test]
fn restarts_that_were_borne_are_the_cause_where_no_other_is() {
    let mut script = Script::new(1, Policy { max_restarts: 9, ..policy() });
    script.deployment["status"]["conditions"] = exceeded("set-2");
    script.change("app-0", |_| {}).crash("app-0", 3).secs(12);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn without_a_pod_or_a_trouble_it_is_stalled() {
    let mut script = rolling(1, policy());
    script.wait("app-0", "ErrImagePull", "dial tcp: i/o timeout").secs(5).delete("app-0");
    script.deployment["status"]["conditions"] = exceeded("set-2");
    script.secs(30);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Stalled])));
    let reason = &script.gate.decision().unwrap().reason;
    assert!(reason.contains("still waiting for new pods: 0 of 1 ready"), "{reason}");
}

#[test]
fn a_grace_that_is_set_outlasts_it() {
    let mut script = rolling(1, set_grace(Grace::Image, 100));
    script.deployment["status"]["conditions"] = exceeded("set-2");
    script.wait("app-0", "ErrImagePull", "dial tcp: i/o timeout").secs(100 - 1);
    assert_eq!(script.verdict(), None);
    script.secs(2);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Image])));
}

#[test]
fn one_that_ends_within_a_minute_after_the_gates_deadline_is_waited_for() {
    // both are 10 minutes, and the rollout began a little before the gate, with it, or up to a minute later
    for began in [-9, -1, 0, 1, 60] {
        let mut script = unready(progressing(began), policy());
        script.secs(u64::try_from(600 + began).unwrap());
        assert_eq!(script.verdict(), None, "{began}");
        script.advance(MS);
        // the controller looks a second later
        script.secs(1);
        script.deployment["status"]["conditions"] = exceeded("set-2");
        let workload = serde_json::from_value(script.deployment.clone()).unwrap();
        script.feed(Observation::WorkloadChanged(Arc::new(workload))).secs(12);
        assert!(not_ready(&script), "{began}: {:?}", script.decided());
    }
}

#[test]
fn one_that_ends_later_is_not_waited_for() {
    let mut script = unready(progressing(61), policy());
    script.secs(601);
    assert_eq!(script.decided(), Some((Verdict::TimedOut, vec![Cause::NotReady])));
    assert_eq!(script.decided_at(), Some(Elapsed::from_secs(600)));
}

#[test]
fn progress_after_the_gates_deadline_ends_the_wait() {
    let mut script = unready(progressing(30), policy());
    script.secs(610);
    assert_eq!(script.verdict(), None);
    script.deployment["status"]["conditions"] = progressing(609);
    script.secs(20);
    assert_eq!(script.verdict(), Some(Verdict::TimedOut));
}

#[test]
fn a_controller_that_says_nothing_of_it_is_waited_for_no_longer() {
    let mut script = unready(progressing(10), policy());
    script.secs(614);
    assert_eq!(script.verdict(), None);
    script.secs(2);
    assert_eq!(script.verdict(), Some(Verdict::TimedOut));
}

#[test]
fn a_rollout_that_completes_while_it_is_waited_for_passes() {
    let mut script = unready(progressing(30), policy());
    script.secs(620).change("app-0", |pod| ready_app(pod, 50)).settle_status().secs(70);
    assert_eq!(script.decided(), Some((Verdict::Passed, vec![])));
}
