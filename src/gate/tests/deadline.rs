//! The end of the rollout phase, and reads that fail.

use super::*;

#[test]
fn never_ready_times_out_with_the_finding() {
    let mut script = Script::new(1, Policy { timeout: Duration::from_secs(15), ..policy() });
    script.change("app-0", unready_app).secs(14);
    assert_eq!(script.verdict(), None);
    script.secs(2);
    assert_eq!(script.decided(), Some((Verdict::TimedOut, vec![Cause::NotReady])));
    assert_eq!(script.code(), Some(ReasonCode::Deadline));
}

#[test]
fn a_crash_that_only_the_last_read_shows_is_a_failure() {
    let mut script = rolling(2, Policy { timeout: Duration::from_secs(15), ..policy() });
    script.secs(13).put("app-0", |pod| {
        unready_app(pod);
        pod["status"]["containerStatuses"][0]["state"] =
            json!({"terminated": {"exitCode": 1, "containerID": "c"}});
    });
    script.secs(7);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_rollout_that_completes_at_the_last_read_is_no_time_out() {
    let mut script = rolling(1, Policy { timeout: Duration::from_secs(15), ..policy() });
    script.secs(13).settle_status().secs(3);
    assert_eq!(script.verdict(), None);
    script.secs(60);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn an_old_pod_that_cannot_end_is_noted_at_the_deadline() {
    let mut script = Script::new(1, Policy { timeout: Duration::from_secs(30), ..policy() });
    script.put("old", |pod| {
        pod["metadata"]["ownerReferences"][0]["uid"] = json!("set-1");
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:00:30Z");
    });
    script.change("app-0", |_| {}).settle_status().secs(29);
    assert_eq!(script.gate.rollout().completed_at, None);
    script.secs(65);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
    assert!(script.gate.notes().iter().any(|note| note.contains("old pods")));
}

#[test]
fn reads_that_fail_for_longer_than_the_grace_are_inconclusive() {
    let mut script = complete(1, policy());
    script.broken = Some(FailureKind::Unavailable);
    script.secs(25);
    assert_eq!(script.verdict(), None);
    script.secs(20);
    assert_eq!(
        (script.verdict(), script.code()),
        (Some(Verdict::Inconclusive), Some(ReasonCode::Stale))
    );
}

#[test]
fn a_cluster_that_never_answers_is_unavailable() {
    let mut script = Script::new(1, policy());
    script.broken = Some(FailureKind::Unreachable);
    script.secs(31);
    assert_eq!(script.code(), Some(ReasonCode::ApiUnavailable));
}

#[test]
fn a_server_that_is_silent_at_the_deadline_is_no_time_out() {
    let mut script = Script::new(1, Policy { timeout: Duration::from_secs(10), ..policy() });
    script.broken = Some(FailureKind::Unreachable);
    script.secs(15);
    assert_eq!(script.verdict(), Some(Verdict::Inconclusive));
}

#[test]
fn a_refusal_that_repeats_is_forbidden() {
    let mut script = complete(1, policy());
    script.broken = Some(FailureKind::Forbidden);
    script.secs(13);
    assert_eq!(script.code(), Some(ReasonCode::Forbidden));
}

/// A window that breaks 50 s after the start and whose pod is ready again 45 s later.
fn broken_window(timeout: u64) -> Script {
    let timeout = Duration::from_secs(timeout);
    let mut script = complete(1, Policy { timeout, ..set_grace(Grace::NotReady, 900) });
    script.secs(48).change("app-0", unready_app).secs(45);
    script.change("app-0", |pod| ready_app(pod, 50)).settle_status().secs(80);
    script
}

#[test]
fn a_window_that_broke_near_the_deadline_has_time_for_another_one() {
    assert_eq!(broken_window(65).verdict(), Some(Verdict::Passed));
}

#[test]
fn a_window_that_broke_long_before_the_deadline_does_not_move_it() {
    let timeout = Duration::from_secs(600);
    let mut script = complete(1, Policy { timeout, ..set_grace(Grace::NotReady, 900) });
    script.secs(48).change("app-0", unready_app).secs(300);
    assert_eq!(script.verdict(), None);
}

#[test]
fn a_read_at_the_very_deadline_is_the_last_word() {
    let timeout = Duration::from_secs(100);
    let mut script = rolling(1, Policy { timeout, ..policy() });
    script.change("app-0", unready_app);
    script.advance(timeout - script.now.since(Elapsed::ZERO));
    assert_eq!(script.good_reads.last(), Some(&script.now));
    script.silent = true;
    script.secs(10);
    assert_eq!(script.verdict(), Some(Verdict::TimedOut));
}

#[test]
fn the_end_of_a_recording_is_no_stale_server() {
    let ended = |broken| {
        let mut script = rolling(1, policy());
        script.change("app-0", unready_app).secs(5);
        script.broken = broken;
        script.secs(if broken.is_some() { 12 } else { 0 });
        let last = script.now;
        script.gate.end_recording();
        script.silent = true;
        script.secs(31);
        assert_eq!(script.verdict(), Some(Verdict::Inconclusive));
        (script.code(), script.decided_at() == Some(last))
    };
    assert_eq!(ended(None), (Some(ReasonCode::RecordingEnds), true));
    // the run itself had lost the server
    assert_eq!(ended(Some(FailureKind::Unavailable)), (Some(ReasonCode::Stale), false));
}
