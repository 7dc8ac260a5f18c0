//! Limits to the millisecond: just before, nothing is decided; at the limit it is.

use super::*;

/// A script in which a symptom of this grace was just seen, and what it fails with.
fn shown(grace: Grace, policy: Policy) -> (Script, (Verdict, Vec<Cause>)) {
    let mut script = rolling(1, policy);
    let failed = |cause| (Verdict::Failed, vec![cause]);
    let decided = match grace {
        Grace::Image => {
            script.wait("app-0", "ErrImagePull", "dial tcp: i/o timeout");
            failed(Cause::Image)
        }
        Grace::Config => {
            script.wait("app-0", "CreateContainerConfigError", "configmap \"x\" not found");
            failed(Cause::Config)
        }
        Grace::Container => {
            script.wait("app-0", "CreateContainerError", "context deadline exceeded");
            failed(Cause::Container)
        }
        Grace::Create => {
            script.refuse("exceeded quota: pods");
            failed(Cause::Create)
        }
        Grace::Pending => {
            script.change("app-0", |pod| {
                pod["status"] = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                    "reason": "Unschedulable", "message": "0/1 nodes are available: 1 Insufficient cpu."}]});
            });
            failed(Cause::Pending)
        }
        Grace::Mount | Grace::Sandbox => {
            let (reason, cause) = match grace {
                Grace::Mount => ("FailedAttachVolume", Cause::Mount),
                _ => ("FailedCreatePodSandBox", Cause::Sandbox),
            };
            script.event("app-0", reason, None, "timed out", 5);
            script.wait("app-0", "ContainerCreating", "").secs(1);
            failed(cause)
        }
        Grace::NotReady => {
            script.settle_status().secs(1).change("app-0", unready_app);
            failed(Cause::NotReady)
        }
        Grace::Stale => {
            script.secs(1);
            script.broken = Some(FailureKind::Unavailable);
            (Verdict::Inconclusive, vec![])
        }
    };
    (script, decided)
}

#[test]
fn every_grace_ends_to_the_millisecond_as_set_and_by_default() {
    let set = Duration::from_millis(12_345);
    for grace in Grace::ALL {
        for length in [set, grace.default_length()] {
            let mut policy = policy();
            if length == set {
                policy.grace.insert(grace, Seconds(set));
            }
            let (mut script, decided) = shown(grace, policy);
            let since = match grace {
                Grace::Stale => *script.good_reads.last().unwrap(),
                _ => script.gate.findings()[0].first_seen,
            };
            let left = (since + length).since(script.now);
            script.advance(left - MS);
            assert_eq!(script.verdict(), None, "{grace} {length:?}");
            script.advance(MS);
            assert_eq!(script.decided(), Some(decided), "{grace} {length:?}");
        }
    }
}

#[test]
fn graces_that_bend_end_to_the_millisecond() {
    let missing = |script: &mut Script| {
        script.event("app-0", "FailedMount", None, "secret \"tls\" not found", 5);
        script.wait("app-0", "ContainerCreating", "").secs(1);
    };
    let unschedulable = |script: &mut Script, said: &str| {
        script.event("app-0", said, None, "", 5).change("app-0", |pod| {
            pod["status"] = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]});
        });
        script.secs(2).change("app-0", |_| {});
    };
    type Show<'a> = &'a dyn Fn(&mut Script);
    let pull = |script: &mut Script, text: &str| {
        script.wait("app-0", "ErrImagePull", text);
    };
    let refuse = |script: &mut Script, text: &str| {
        script.refuse(text);
    };
    let cases: [(u64, Show<'_>); 8] = [
        (60, &missing),
        (60, &|script| unschedulable(script, "NotTriggerScaleUp")),
        (900, &|script| unschedulable(script, "TriggeredScaleUp")),
        (30, &|script| pull(script, "manifest unknown")),
        (60, &|script| pull(script, "dial tcp: lookup r.example: no such host")),
        (180, &|script| pull(script, "502 Bad Gateway")),
        (30, &|script| refuse(script, "pods \"x\" is forbidden: violates PodSecurity")),
        (180, &|script| refuse(script, "Internal error occurred: failed calling webhook \"v\"")),
    ];
    for (seconds, show) in cases {
        let mut script = rolling(1, Policy { timeout: Duration::from_secs(3600), ..policy() });
        show(&mut script);
        let since = script.gate.findings()[0].first_seen;
        let left = (since + Duration::from_secs(seconds)).since(script.now);
        script.advance(left - MS);
        assert_eq!(script.verdict(), None, "{seconds}");
        script.advance(MS);
        assert_eq!(script.verdict(), Some(Verdict::Failed), "{seconds}");
    }
}

#[test]
fn the_event_about_a_kill_is_waited_for_no_longer_than_a_second() {
    let mut script = rolling(1, policy());
    let probe = json!({"exec": {"command": ["x"]}});
    script.change("app-0", |pod| pod["spec"]["containers"][0]["livenessProbe"] = probe);
    script.crash("app-0", 137).advance(Duration::from_secs(1) - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn events_that_do_not_come_are_waited_for_four_seconds() {
    let mut script = rolling(1, policy());
    script.silent = true;
    script.crash("app-0", 1).advance(Duration::from_secs(4) - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn the_window_ends_to_the_millisecond() {
    let mut script = complete(2, policy());
    let left = (script.gate.rollout().completed_at.unwrap() + policy().window).since(script.now);
    script.advance(left - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn two_reads_agree_five_seconds_apart_however_short_the_window() {
    let mut script = complete(1, Policy { window: Duration::ZERO, ..policy() });
    let opened = script.gate.rollout().completed_at.unwrap();
    let left = (opened + Duration::from_secs(5)).since(script.now);
    script.advance(left - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn the_deadline_is_judged_by_its_last_read() {
    let short = || Policy { timeout: Duration::from_secs(15), ..policy() };
    let mut script = rolling(1, short());
    script.change("app-0", unready_app);
    script.advance(Duration::from_secs(14) - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(script.decided(), Some((Verdict::TimedOut, vec![Cause::NotReady])));
    assert_eq!(script.good_reads.last(), Some(&script.now));
}

#[test]
fn a_last_read_that_is_not_answered_in_four_seconds_is_no_time_out() {
    let mut script = rolling(1, Policy { timeout: Duration::from_secs(15), ..policy() });
    script.change("app-0", unready_app).secs(11);
    script.silent = true;
    script.advance(Duration::from_secs(7) - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(script.code(), Some(ReasonCode::Stale));
}

#[test]
fn an_old_pod_that_is_ending_is_waited_for_when_its_replica_set_is_gone() {
    for seen_before in [true, false] {
        let mut script = Script::new(1, policy());
        let as_old = |pod: &mut serde_json::Value| {
            pod["metadata"]["ownerReferences"][0]["uid"] = json!("set-1");
            pod["metadata"]["name"] = json!("app-set-1-x");
        };
        if seen_before {
            script.put("old", as_old).secs(1);
        }
        script.put("app-0", |_| {}).settle_status();
        script.put("old", |pod| {
            as_old(pod);
            pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:05:00Z");
            pod["metadata"]["deletionGracePeriodSeconds"] = json!(300);
        });
        // `revisionHistoryLimit: 0`
        script.sets.remove(0);
        script.sets.insert(0, script.sets[0].clone());
        script.sets.truncate(1);
        script.secs(100);
        assert_eq!(script.verdict(), None, "{seen_before}");
        script.delete("old").secs(75);
        assert_eq!(script.verdict(), Some(Verdict::Passed), "{seen_before}");
    }
}
