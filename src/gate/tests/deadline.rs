//! The end of the rollout phase, and reads that fail.

use super::*;

#[test]
fn never_ready_times_out_with_the_finding() {
    let mut timeline = Timeline::new(1, Policy { timeout: Duration::from_secs(15), ..policy() });
    timeline.change("app-0", unready_app).secs(14);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(2);
    assert_eq!(timeline.decided(), Some((Verdict::TimedOut, vec![Cause::NotReady])));
    assert_eq!(timeline.code(), Some(ReasonCode::Deadline));
}

#[test]
fn a_crash_that_only_the_last_read_shows_is_a_failure() {
    let mut timeline = rolling(2, Policy { timeout: Duration::from_secs(15), ..policy() });
    timeline.secs(13).put("app-0", |pod| {
        unready_app(pod);
        pod["status"]["containerStatuses"][0]["state"] =
            json!({"terminated": {"exitCode": 1, "containerID": "c"}});
    });
    timeline.secs(7);
    assert_eq!(timeline.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn a_rollout_that_completes_at_the_last_read_is_no_time_out() {
    let mut timeline = rolling(1, Policy { timeout: Duration::from_secs(15), ..policy() });
    timeline.secs(13).settle_status().secs(3);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(60);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
}

#[test]
fn an_old_pod_that_cannot_end_is_noted_at_the_deadline() {
    let mut timeline = Timeline::new(1, Policy { timeout: Duration::from_secs(30), ..policy() });
    timeline.put("old", |pod| {
        pod["metadata"]["ownerReferences"][0]["uid"] = json!("set-1");
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T00:00:30Z");
    });
    timeline.change("app-0", |_| {}).settle_status().secs(29);
    assert_eq!(timeline.gate.completed_at(), None);
    timeline.secs(65);
    assert_eq!(timeline.verdict(), Some(Verdict::Passed));
    assert!(timeline.gate.notes().iter().any(|note| note.contains("old pods")));
}

#[test]
fn reads_that_fail_for_longer_than_the_grace_are_inconclusive() {
    let mut timeline = complete(1, policy());
    timeline.broken = Some(FailureKind::Unavailable);
    timeline.secs(25);
    assert_eq!(timeline.verdict(), None);
    timeline.secs(20);
    assert_eq!(
        (timeline.verdict(), timeline.code()),
        (Some(Verdict::Inconclusive), Some(ReasonCode::Stale))
    );
}

#[test]
fn a_cluster_that_never_answers_is_unavailable() {
    let mut timeline = Timeline::new(1, policy());
    timeline.broken = Some(FailureKind::Unreachable);
    timeline.secs(31);
    assert_eq!(timeline.code(), Some(ReasonCode::ApiUnavailable));
}

#[test]
fn a_server_that_is_silent_at_the_deadline_is_no_time_out() {
    let mut timeline = Timeline::new(1, Policy { timeout: Duration::from_secs(10), ..policy() });
    timeline.broken = Some(FailureKind::Unreachable);
    timeline.secs(15);
    assert_eq!(timeline.verdict(), Some(Verdict::Inconclusive));
}

#[test]
fn a_refusal_that_repeats_is_forbidden() {
    let mut timeline = complete(1, policy());
    timeline.broken = Some(FailureKind::Forbidden);
    timeline.secs(13);
    assert_eq!(timeline.code(), Some(ReasonCode::Forbidden));
}

/// A window that breaks 50 s after the start and whose pod is ready again 45 s later.
fn broken_window(timeout: u64) -> Timeline {
    let timeout = Duration::from_secs(timeout);
    let mut timeline = complete(1, Policy { timeout, ..set_grace(Grace::NotReady, 900) });
    timeline.secs(48).change("app-0", unready_app).secs(45);
    timeline.change("app-0", |pod| ready_app(pod, 50)).settle_status().secs(80);
    timeline
}

#[test]
fn a_window_that_broke_near_the_deadline_has_time_for_another_one() {
    assert_eq!(broken_window(65).verdict(), Some(Verdict::Passed));
}

#[test]
fn a_window_that_broke_long_before_the_deadline_does_not_move_it() {
    let timeout = Duration::from_secs(600);
    let mut timeline = complete(1, Policy { timeout, ..set_grace(Grace::NotReady, 900) });
    timeline.secs(48).change("app-0", unready_app).secs(300);
    assert_eq!(timeline.verdict(), None);
}

#[test]
fn a_read_at_the_very_deadline_is_the_last_word() {
    let timeout = Duration::from_secs(100);
    let mut timeline = rolling(1, Policy { timeout, ..policy() });
    timeline.change("app-0", unready_app);
    timeline.advance(timeout - timeline.now.since(Elapsed::ZERO));
    assert_eq!(timeline.good_reads.last(), Some(&timeline.now));
    timeline.silent = true;
    timeline.secs(10);
    assert_eq!(timeline.verdict(), Some(Verdict::TimedOut));
}

#[test]
fn the_end_of_a_recording_is_no_stale_server() {
    let ended = |broken| {
        let mut timeline = rolling(1, policy());
        timeline.change("app-0", unready_app).secs(5);
        timeline.broken = broken;
        timeline.secs(if broken.is_some() { 12 } else { 0 });
        let last = timeline.now;
        timeline.gate.end_recording();
        timeline.silent = true;
        timeline.secs(31);
        assert_eq!(timeline.verdict(), Some(Verdict::Inconclusive));
        (timeline.code(), timeline.decided_at() == Some(last))
    };
    assert_eq!(ended(None), (Some(ReasonCode::RecordingEnds), true));
    // the run itself had lost the server
    assert_eq!(ended(Some(FailureKind::Unavailable)), (Some(ReasonCode::Stale), false));
}
