//! What is waited for before anything is judged.

use proptest::{prelude::*, test_runner::RngSeed};
use serde_json::Value;

use super::*;
use crate::gate::Output;

const MINUTE: Duration = Duration::from_secs(60);

fn awaiting(length: Duration) -> Policy {
    Policy { await_for: length, timeout: MINUTE, ..policy() }
}

fn expecting(image: &str) -> Policy {
    Policy { expect_images: vec![image.into()], ..awaiting(MINUTE) }
}

/// A Deployment that runs this version, healthy.
fn running(version: u64, policy: Policy) -> Script {
    let mut script = Script::new(1, policy);
    script.sets.clear();
    deploy(&mut script, version);
    script
}

/// Rolls out a version at once, with healthy pods. No watch tells.
fn deploy(script: &mut Script, version: u64) {
    let blank = Script::new(1, policy());
    let image = json!(format!("shop/app:{version}"));
    let set_image = |object: &mut Value| {
        object["spec"]["template"]["spec"]["containers"][0]["image"] = image.clone();
    };
    if script.deployment.is_null() {
        script.deployment = blank.deployment.clone();
    }
    set_image(&mut script.deployment);
    script.deployment["metadata"]["generation"] = json!(version + 1);
    script.deployment["status"] = json!({"observedGeneration": version + 1});
    for count in ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"] {
        script.deployment["status"][count] = json!(1);
    }
    let uid = format!("v{version}");
    for old in &mut script.sets {
        old["spec"]["replicas"] = json!(0);
    }
    script.sets.retain(|set| set["metadata"]["uid"] != *uid);
    let mut set = blank.sets[1].clone();
    set_image(&mut set);
    set["metadata"]["uid"] = json!(uid);
    set["metadata"]["name"] = json!(uid);
    script.sets.push(set);
    script.pods.clear();
    let owner = uid.clone();
    script.put(&format!("app-{version}"), |pod| {
        pod["metadata"]["ownerReferences"][0]["uid"] = json!(owner);
        pod["spec"]["containers"][0]["image"] = image.clone();
    });
}

fn ended(script: &Script) -> (Option<Verdict>, Option<ReasonCode>) {
    (script.verdict(), script.code())
}

const NOT_UPDATED: (Option<Verdict>, Option<ReasonCode>) =
    (Some(Verdict::Inconclusive), Some(ReasonCode::NotUpdated));

#[test]
fn the_revision_of_the_start_is_never_judged_however_it_fares() {
    let mut script = running(1, awaiting(MINUTE));
    script.secs(1).crash("app-1", 1).restart("app-1", 9).crash("app-1", 1);
    script.advance(MINUTE - Duration::from_secs(1) - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(ended(&script), NOT_UPDATED);
    assert!(script.gate.findings().is_empty());
    let reason = script.gate.decision().unwrap().reason.to_string();
    let said =
        "deployment/app was not updated within 1m: still awaiting a change of its pod template";
    assert_eq!(reason, said);
}

#[test]
fn a_change_just_in_time_is_judged_and_one_just_too_late_is_not() {
    for (at, is_judged) in [(MINUTE - MS, true), (MINUTE + MS, false)] {
        let mut script = running(1, awaiting(MINUTE));
        script.advance(at);
        deploy(&mut script, 2);
        script.secs(200);
        let expected = if is_judged { (Some(Verdict::Passed), None) } else { NOT_UPDATED };
        assert_eq!(ended(&script), expected, "{at:?}");
    }
}

#[test]
fn what_does_not_exist_yet_may_come() {
    for (at, is_judged) in [(MINUTE - MS, true), (MINUTE + MS, false)] {
        let mut script = running(1, awaiting(MINUTE));
        script.deployment = Value::Null;
        script.pods.clear();
        script.sets.clear();
        script.advance(at);
        deploy(&mut script, 1);
        script.secs(200);
        let never = (Some(Verdict::Inconclusive), Some(ReasonCode::NotFound));
        let expected = if is_judged { (Some(Verdict::Passed), None) } else { never };
        assert_eq!(ended(&script), expected, "{at:?}");
    }
}

#[test]
fn what_is_gone_in_the_end_was_deleted() {
    let mut script = running(1, awaiting(MINUTE));
    script.secs(5);
    script.deployment = Value::Null;
    script.advance(MINUTE);
    assert_eq!(ended(&script), (Some(Verdict::Inconclusive), Some(ReasonCode::Deleted)));
}

#[test]
fn an_image_that_is_expected_is_awaited_through_others() {
    let mut script = running(1, expecting("shop/app:3"));
    script.secs(10);
    deploy(&mut script, 2);
    script.secs(20);
    assert_eq!(script.verdict(), None);
    deploy(&mut script, 3);
    script.secs(100);
    assert_eq!(ended(&script), (Some(Verdict::Passed), None));
}

#[test]
fn a_third_image_is_wrong_and_the_first_is_not_updated() {
    let mut third = running(1, expecting("shop/app:3"));
    third.secs(10);
    deploy(&mut third, 2);
    third.advance(MINUTE);
    assert_eq!(third.decided(), Some((Verdict::Failed, vec![Cause::WrongImage])));
    let mut first = running(1, expecting("shop/app:3"));
    first.advance(MINUTE);
    assert_eq!(ended(&first), NOT_UPDATED);
    let mut back = running(1, expecting("shop/app:3"));
    back.secs(10);
    deploy(&mut back, 2);
    back.secs(20);
    deploy(&mut back, 1);
    back.secs(31);
    assert_eq!(ended(&back), NOT_UPDATED);
}

#[test]
fn what_is_expected_and_there_at_the_start_is_judged_at_once() {
    let mut script = running(3, expecting("shop/app:3"));
    script.secs(61);
    assert_eq!(ended(&script), (Some(Verdict::Passed), None));
    assert!(!script.told.iter().any(|event| matches!(event, GateEvent::Awaiting { .. })));
}

#[test]
fn the_timeout_starts_when_the_revision_came() {
    let mut script = running(1, awaiting(10 * MINUTE));
    script.advance(5 * MINUTE);
    deploy(&mut script, 2);
    script.put("app-2", unready_app);
    script.deployment["status"]["readyReplicas"] = json!(0);
    script.deployment["status"]["availableReplicas"] = json!(0);
    // the next read shows the change
    script.secs(10).advance(MINUTE - Duration::from_secs(10) - MS);
    assert_eq!(script.verdict(), None);
    script.secs(15);
    assert!(matches!(script.verdict(), Some(Verdict::Failed | Verdict::TimedOut)));
    let decided = script.decided_at().unwrap();
    let policy = script.gate.policy();
    assert!(decided >= Elapsed::from(5 * MINUTE + policy.timeout), "{decided}");
}

#[test]
fn restarts_of_a_revision_that_came_during_the_run_count() {
    let mut script = running(1, awaiting(MINUTE));
    script.secs(10);
    deploy(&mut script, 2);
    script.put("app-2", |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        status["restartCount"] = json!(1);
        status["lastState"] = json!({"terminated": {"exitCode": 1, "reason": "Error", "containerID": "containerd://x",
            "startedAt": "2026-01-02T00:00:01Z", "finishedAt": "2026-01-02T00:00:02Z"}});
    });
    script.secs(30);
    assert_eq!(script.decided(), Some((Verdict::Failed, vec![Cause::CrashLoop])));
}

#[test]
fn what_is_awaited_is_told_once_and_until_when() {
    let mut script = running(1, expecting("shop/app:3"));
    script.advance(MINUTE);
    let told: Vec<_> =
        script.told.iter().filter(|event| matches!(event, GateEvent::Awaiting { .. })).collect();
    let what = Clean::from_static("image shop/app:3");
    let expected = GateEvent::Awaiting { at: Elapsed::ZERO, what, until: MINUTE.into() };
    assert_eq!(told, [&expected]);
}

#[test]
fn a_last_read_that_does_not_come_decides_nothing_about_the_target() {
    let mut script = running(1, awaiting(MINUTE));
    script.advance(MINUTE - Duration::from_secs(5));
    script.silent = true;
    script.advance(Duration::from_secs(5) + Duration::from_secs(4) - MS);
    assert_eq!(script.verdict(), None);
    script.advance(MS);
    assert_eq!(ended(&script), (Some(Verdict::Inconclusive), Some(ReasonCode::Stale)));
    while let Some(output) = script.gate.poll_output() {
        assert!(!matches!(output, Output::Read));
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Deploy(u64),
    Delete,
    Break,
    Heal,
    Pass(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => (1u64..4).prop_map(Step::Deploy),
        1 => Just(Step::Delete),
        1 => Just(Step::Break),
        2 => Just(Step::Heal),
        4 => (0u64..40_000).prop_map(Step::Pass),
    ];
    prop::collection::vec(step, 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn the_first_revision_never_passes(steps in steps(), is_expected in any::<bool>()) {
        let policy = if is_expected { expecting("shop/app:3") } else { awaiting(MINUTE) };
        let longest = policy.longest_run();
        let mut script = running(1, policy);
        script.advance(Duration::ZERO);
        let (mut version, mut was_deleted) = (1, false);
        for step in steps.into_iter().chain([Step::Heal, Step::Pass(1_000_000)]) {
            if script.verdict().is_some() {
                break;
            }
            match step {
                Step::Deploy(new) => {
                    version = new;
                    deploy(&mut script, new);
                    if std::mem::take(&mut was_deleted) {
                        script.deployment["metadata"]["uid"] = json!("d2");
                        for set in &mut script.sets {
                            set["metadata"]["ownerReferences"][0]["uid"] = json!("d2");
                        }
                    }
                }
                Step::Delete => {
                    script.deployment = Value::Null;
                    script.sets.clear();
                    script.pods.clear();
                    was_deleted = true;
                }
                Step::Break => script.broken = Some(FailureKind::Unreachable),
                Step::Heal => script.broken = None,
                Step::Pass(ms) => {
                    script.advance(Duration::from_millis(ms));
                }
            }
        }
        let is_first = version == 1 && script.deployment["metadata"]["uid"] == "d1";
        let passed = script.verdict() == Some(Verdict::Passed);
        prop_assert!(!(passed && is_first));
        prop_assert!(!(passed && is_expected && version != 3));
        prop_assert!(script.decided_at().is_some_and(|at| at <= Elapsed::from(longest)));
    }
}
