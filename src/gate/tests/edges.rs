//! Limits to the millisecond: just before, nothing is decided; at the limit it is.

use super::*;

/// A timeline in which a symptom of this grace was just seen, and what it fails with.
fn shown(grace: Grace, policy: Policy) -> (Timeline, (Verdict, Vec<Cause>)) {
    let mut timeline = rolling(1, policy);
    let failed = |cause| (Verdict::Failed, vec![cause]);
    let decided = match grace {
        Grace::Image => {
            timeline.wait("app-0", "ErrImagePull", "dial tcp: i/o timeout");
            failed(Cause::Image)
        }
        Grace::Config => {
            timeline.wait("app-0", "CreateContainerConfigError", "configmap \"x\" not found");
            failed(Cause::Config)
        }
        Grace::Container => {
            timeline.wait("app-0", "CreateContainerError", "context deadline exceeded");
            failed(Cause::Container)
        }
        Grace::Create => {
            timeline.refuse("exceeded quota: pods");
            failed(Cause::Create)
        }
        Grace::Pending => {
            timeline.change("app-0", |pod| {
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
            timeline.event("app-0", reason, None, "timed out", 5);
            timeline.wait("app-0", "ContainerCreating", "").secs(1);
            failed(cause)
        }
        Grace::NotReady => {
            timeline.settle_status().secs(1).change("app-0", unready_app);
            failed(Cause::NotReady)
        }
        Grace::Stale => {
            timeline.secs(1);
            timeline.broken = Some(FailureKind::Unavailable);
            (Verdict::Inconclusive, vec![])
        }
    };
    (timeline, decided)
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
            let (mut timeline, decided) = shown(grace, policy);
            let since = match grace {
                Grace::Stale => *timeline.good_reads.last().unwrap(),
                _ => timeline.gate.findings()[0].first_seen,
            };
            let left = (since + length).since(timeline.now);
            timeline.advance(left - MS);
            assert_eq!(timeline.verdict(), None, "{grace} {length:?}");
            timeline.advance(MS);
            assert_eq!(timeline.decided(), Some(decided), "{grace} {length:?}");
        }
    }
}

#[test]
fn graces_that_bend_end_to_the_millisecond() {
    let missing = |timeline: &mut Timeline| {
        timeline.event("app-0", "FailedMount", None, "secret \"tls\" not found", 5);
        timeline.wait("app-0", "ContainerCreating", "").secs(1);
    };
    let unschedulable = |timeline: &mut Timeline, said: &str| {
        timeline.event("app-0", said, None, "", 5).change("app-0", |pod| {
            pod["status"] = json!({"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]});
        });
        timeline.secs(2).change("app-0", |_| {});
    };
    type Show<'a> = &'a dyn Fn(&mut Timeline);
    let pull = |timeline: &mut Timeline, text: &str| {
        timeline.wait("app-0", "ErrImagePull", text);
    };
    let refuse = |timeline: &mut Timeline, text: &str| {
        timeline.refuse(text);
    };
    let cases: [(u64, Show<'_>); 8] = [
        (60, &missing),
        (60, &|timeline| unschedulable(timeline, "NotTriggerScaleUp")),
        (900, &|timeline| unschedulable(timeline, "TriggeredScaleUp")),
        (30, &|timeline| pull(timeline, "manifest unknown")),
        (60, &|timeline| pull(timeline, "dial tcp: lookup r.example: no such host")),
        (180, &|timeline| pull(timeline, "502 Bad Gateway")),
        (30, &|timeline| refuse(timeline, "pods \"x\" is forbidden: violates PodSecurity")),
        (180, &|timeline| {
            refuse(timeline, "Internal error occurred: failed calling webhook \"v\"")
        }),
    ];
    for (seconds, show) in cases {
        let mut timeline = rolling(1, Policy { timeout: Duration::from_secs(3600), ..policy() });
        show(&mut timeline);
        let since = timeline.gate.findings()[0].first_seen;
        let left = (since + Duration::from_secs(seconds)).since(timeline.now);
        timeline.advance(left - MS);
        assert_eq!(timeline.verdict(), None, "{seconds}");
        timeline.advance(MS);
        assert_eq!(timeline.verdict(), Some(Verdict::Failed), "{seconds}");
    }
}

#[test]
fn the_event_about_a_kill_is_waited_for_no_longer_than_a_second() {
    let mut timeline = rolling(1, policy());
    let probe = json!({"exec": {"command": ["x"]}});
    timeline.change("app-0", |pod| pod["spec"]["containers"][0]["livenessProbe"] = probe);
    timeline.crash("app-0", 137).advance(Duration::from_secs(1) - MS);
    assert_eq!(timeline.verdict(), None);
    timeline.advance(MS);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn events_that_do_not_come_are_waited_for_four_seconds() {
    let mut timeline = rolling(1, policy());
    timeline.silent = true;
    timeline.crash("app-0", 1).advance(Duration::from_secs(4) - MS);
    assert_eq!(timeline.verdict(), None);
    timeline.advance(MS);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn the_window_ends_to_the_millisecond() {
    let mut timeline = complete(2, policy());
    let left = (timeline.gate.completed_at().unwrap() + policy().window).since(timeline.now);
    timeline.advance(left - MS);
    assert_eq!(timeline.verdict(), None);
    timeline.advance(MS);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn two_reads_agree_five_seconds_apart_however_short_the_window() {
    let mut timeline = complete(1, Policy { window: Duration::ZERO, ..policy() });
    let opened = timeline.gate.completed_at().unwrap();
    let left = (opened + Duration::from_secs(5)).since(timeline.now);
    timeline.advance(left - MS);
    assert_eq!(timeline.verdict(), None);
    timeline.advance(MS);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn the_deadline_is_judged_by_its_last_read() {
    let short = || Policy { timeout: Duration::from_secs(15), ..policy() };
    let mut timeline = rolling(1, short());
    timeline.change("app-0", unready_app);
    timeline.advance(Duration::from_secs(14) - MS);
    assert_eq!(timeline.verdict(), None);
    timeline.advance(MS);
    assert_eq!(timeline.decided(), Some((Verdict::TimedOut, vec![Cause::NotReady])));
    assert_eq!(timeline.good_reads.last(), Some(&timeline.now));
}

#[test]
fn a_last_read_that_is_not_answered_in_four_seconds_is_no_time_out() {
    let mut timeline = rolling(1, Policy { timeout: Duration::from_secs(15), ..policy() });
    timeline.change("app-0", unready_app).secs(11);
    timeline.silent = true;
    timeline.advance(Duration::from_secs(7) - MS);
    assert_eq!(timeline.verdict(), None);
    timeline.advance(MS);
    assert_eq!(timeline.code(), Some(ReasonCode::Stale));
}

#[test]
fn an_old_pod_that_is_ending_is_waited_for_when_its_replica_set_is_gone() {
    for seen_before in [true, false] {
        let mut timeline = Timeline::new(1, policy());
        let as_old = |pod: &mut serde_json::Value| {
            pod["metadata"]["ownerReferences"][0]["uid"] = json!("set-1");
            pod["metadata"]["name"] = json!("app-set-1-x");
        };
        if seen_before {
            timeline.put("old", as_old).secs(1);
        }
        timeline.put("app-0", |_| {}).settle_status();
        timeline.put("old", |pod| {
            as_old(pod);
            pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:05:00Z");
            pod["metadata"]["deletionGracePeriodSeconds"] = json!(300);
        });
        // `revisionHistoryLimit: 0`
        timeline.sets.remove(0);
        timeline.sets.insert(0, timeline.sets[0].clone());
        timeline.sets.truncate(1);
        timeline.secs(100);
        assert_eq!(timeline.verdict(), None, "{seen_before}");
        timeline.delete("old").secs(75);
        assert_eq!(timeline.verdict(), Some(Verdict::Passed), "{seen_before}");
    }
}
