//! How long a refusal to create pods may last.

use super::*;
use crate::model::ServerTime;

const QUOTA: &str =
    "pods \"x\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2";
const WEBHOOK: &str = "Internal error occurred: failed calling webhook \"v.example\": failed to call webhook: Post \"https://v\": connect: connection refused";

/// A rollout of one pod that is refused for this reason, one second after the first read.
fn refused(message: &str, policy: Policy) -> (Script, Elapsed) {
    let mut script = Script::new(1, Policy { timeout: Duration::from_secs(1200), ..policy });
    script.secs(1).refuse(message);
    let since = script.now;
    (script, since)
}

/// An old pod that was asked to end now, with so many seconds to do so.
fn ending(script: &mut Script, grace: i64) {
    let now = jiff::Timestamp::from(script.server_time().unwrap());
    let killed = now + jiff::SignedDuration::from_secs(grace);
    script.put("old", |pod| {
        pod["metadata"]["ownerReferences"][0]["uid"] = json!("set-1");
        pod["metadata"]["deletionTimestamp"] = json!(ServerTime::from(killed));
        pod["metadata"]["deletionGracePeriodSeconds"] = json!(grace);
    });
}

fn created(script: &mut Script) {
    script.sets[1]["status"]["conditions"] = json!([]);
    script.change("app-0", |_| {}).settle_status().secs(90);
}

fn until(script: &Script) -> Option<Elapsed> {
    script.gate.findings().remove(0).grace_until
}

#[test]
fn a_service_that_rules_are_asked_of_may_be_away_until_the_fifth_try() {
    let (mut script, since) = refused(WEBHOOK, policy());
    assert_eq!(until(&script), Some(since + Duration::from_secs(180)));
    assert_eq!(script.gate.findings()[0].attribution, Attribution::Platform);
    script.secs(164);
    created(&mut script);
    assert_eq!(script.verdict(), Some(Verdict::Passed));
}

#[test]
fn a_quota_that_others_use_up_fails_after_30_seconds() {
    let (mut script, since) = refused(QUOTA, policy());
    script.secs(31);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Create])));
    assert_eq!(script.decided_at(), Some(since + Duration::from_secs(30)));
}

#[test]
fn room_that_ending_pods_of_the_workload_hold_is_waited_for_and_then_the_next_try() {
    for (grace, gone, tried) in [(60, 35, 41), (120, 120, 164), (400, 300, 328)] {
        let (mut script, _) = refused(QUOTA, policy());
        ending(&mut script, grace);
        script.secs(gone);
        script.delete("old").secs(tried - gone);
        assert_eq!(script.verdict(), None, "{grace}");
        created(&mut script);
        assert_eq!(script.verdict(), Some(Verdict::Passed), "{grace}");
    }
}

#[test]
fn room_that_is_free_and_not_enough_fails_after_the_next_try_to_the_millisecond() {
    for (gone, wait) in [(10, 30), (45, 45)] {
        let (mut script, since) = refused(QUOTA, policy());
        ending(&mut script, 60);
        script.secs(2);
        let latest = since + Duration::from_secs(60 + 60 + 120);
        assert!(until(&script).unwrap() >= latest, "{:?}", until(&script));
        script.secs(gone - 2);
        script.delete("old").secs(1);
        let (freed, fails) = (script.now, until(&script).unwrap());
        assert!(fails.since(freed).abs_diff(Duration::from_secs(wait)) <= Duration::from_secs(2));
        script.advance(fails.since(script.now) - MS);
        assert_eq!(script.verdict(), None);
        script.advance(MS);
        assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Create])));
    }
}

#[test]
fn a_pod_that_is_stuck_holds_no_room_any_more() {
    let (mut script, since) = refused(QUOTA, policy());
    ending(&mut script, 10);
    // it counts against the quota for its grace period and as long again, and the next try may be 30 s later
    script.secs(49);
    assert_eq!(script.verdict(), None);
    script.secs(5);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Create])));
    assert!(script.decided_at().unwrap() <= since + Duration::from_secs(52));
}

#[test]
fn ending_pods_make_no_room_for_what_a_rule_forbids() {
    let (mut script, since) = refused("pods \"x\" is forbidden: violates PodSecurity", policy());
    ending(&mut script, 600);
    script.secs(31);
    assert_eq!(script.decided_at(), Some(since + Duration::from_secs(30)));
}

#[test]
fn a_pod_that_was_created_since_begins_the_grace_anew() {
    let mut script = Script::new(2, policy());
    script.secs(1).refuse(QUOTA).secs(25).change("app-0", |_| {});
    let created = script.now;
    script.advance(Duration::from_secs(30) - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::Create])));
    assert_eq!(script.decided_at(), Some(created + Duration::from_secs(30)));
}

#[test]
fn a_grace_that_is_set_bends_for_no_ending_pod() {
    let (mut script, since) = refused(QUOTA, set_grace(Grace::Create, 5));
    ending(&mut script, 60);
    script.secs(6);
    assert_eq!(script.decided_at(), Some(since + Duration::from_secs(5)));
}

#[test]
fn a_hint_proposes_no_strategy_that_is_set_already() {
    let hint = |strategy: serde_json::Value, message: &str| {
        let mut script = Script::new(1, policy());
        script.deployment["spec"]["strategy"] = strategy;
        script.secs(1).refuse(message);
        script.gate.findings().remove(0).hint.to_string()
    };
    let rolling =
        |surge: u32| json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge}});
    assert!(hint(rolling(1), QUOTA).contains("maxSurge: 0"));
    for strategy in [rolling(0), json!({"type": "Recreate"}), json!(null)] {
        let hint = hint(strategy, QUOTA);
        assert!(hint.contains("raise the ResourceQuota") && !hint.contains("maxSurge"), "{hint}");
    }
    assert!(!hint(rolling(1), WEBHOOK).contains("maxSurge"));
}
