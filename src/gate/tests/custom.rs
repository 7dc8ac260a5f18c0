//! Custom resources: their conditions in time, and the pods that lead to them.

use std::time::Duration;

use proptest::{prelude::*, test_runner::RngSeed};
use serde_json::{Value, json};

use super::{
    hostile::{
        objection::objection,
        world::{Made, World},
    },
    *,
};

/// A resource that is judged from the start of its rollout on, and complete from the first read on.
fn world(made: Made) -> World {
    let mut world = World::of(made, policy());
    set_condition(&mut world, "Ready", "False");
    world.advance(Duration::from_secs(1));
    set_condition(&mut world, "Ready", "True");
    world
}

fn set_condition(world: &mut World, kind: &str, status: &str) {
    let conditions = world.workload["status"]["conditions"].as_array_mut().unwrap();
    conditions.retain(|condition| condition["type"] != json!(kind));
    conditions.push(json!({"type": kind, "status": status, "reason": "Told", "message": "by a test", "observedGeneration": 2}));
    version(&mut world.workload);
    world.workload_changed();
}

fn version(object: &mut Value) {
    let version: u64 = object["metadata"]["resourceVersion"].as_str().unwrap().parse().unwrap();
    object["metadata"]["resourceVersion"] = json!((version + 1).to_string());
}

fn change(world: &mut World, pod: usize, edit: impl FnOnce(&mut Value)) {
    edit(&mut world.pods[pod]);
    version(&mut world.pods[pod]);
    world.pod_changed(pod);
}

/// The container ends with this code, and is started again by its kubelet.
fn crash(world: &mut World, pod: usize) {
    change(world, pod, |pod| {
        let status = &mut pod["status"]["containerStatuses"][0];
        let count = status["restartCount"].as_u64().unwrap() + 1;
        status["restartCount"] = json!(count);
        status["lastState"] = json!({"terminated": {"exitCode": 1, "reason": "Error",
            "containerID": format!("c{count}"), "finishedAt": "2026-01-02T00:00:30Z"}});
    });
}

/// The pod ends for good with this code.
fn end(world: &mut World, pod: usize, code: u8) {
    change(world, pod, |pod| {
        pod["spec"]["restartPolicy"] = json!("Never");
        let phase = if code == 0 { "Succeeded" } else { "Failed" };
        pod["status"]["phase"] = json!(phase);
        pod["status"]["conditions"] = json!([{"type": "Ready", "status": "False"}]);
        let status = &mut pod["status"]["containerStatuses"][0];
        status["ready"] = json!(false);
        status["state"] = json!({"terminated": {"exitCode": code, "reason": "Error",
            "startedAt": "2026-01-02T00:00:20Z", "finishedAt": "2026-01-02T00:00:30Z"}});
    });
}

/// Another pod in the place of one, made a moment after it.
fn replace(world: &mut World, pod: usize, name: &str) {
    let mut next = world.pods[pod].clone();
    next["metadata"]["name"] = json!(name);
    next["metadata"]["uid"] = json!(name);
    world.pods.push(next);
}

fn causes(world: &World) -> Vec<Cause> {
    let confirmed = world.gate.findings.in_state(FindingState::Confirmed);
    confirmed.map(|(key, _)| key.cause).collect()
}

fn fail_job(world: &mut World) {
    world.workload["lineage"]["jobs"][0]["failed"] = json!({"type": "Failed", "status": "True",
        "reason": "BackoffLimitExceeded", "message": "Job has reached the specified backoff limit"});
}

const FOREVER: Duration = Duration::from_secs(900);

#[test]
fn a_crash_counts_to_the_end_of_the_window() {
    let mut whole = world(Made::Custom);
    let mut length = Duration::ZERO;
    while whole.verdict().is_none() {
        whole.advance(Duration::from_millis(100));
        length += Duration::from_millis(100);
    }
    assert_eq!(whole.verdict(), Some(Verdict::Passed));
    for (at, expected) in [
        (Duration::from_secs(5), Verdict::Failed),
        (length - Duration::from_millis(200), Verdict::Failed),
        (length + MS, Verdict::Passed),
    ] {
        let mut world = world(Made::Custom);
        world.advance(at);
        crash(&mut world, 1);
        world.advance(FOREVER);
        assert_eq!(world.verdict(), Some(expected), "{at:?} of {length:?}");
    }
}

#[test]
fn attempts_of_a_job_fail_nothing_until_the_job_does() {
    let mut retried = world(Made::CustomWithJob);
    end(&mut retried, 1, 3);
    replace(&mut retried, 1, "migrate-y");
    retried.advance(Duration::from_secs(2));
    end(&mut retried, 2, 3);
    replace(&mut retried, 2, "migrate-z");
    retried.advance(Duration::from_secs(2));
    end(&mut retried, 3, 0);
    retried.advance(FOREVER);
    assert_eq!((retried.verdict(), causes(&retried)), (Some(Verdict::Passed), vec![]));

    let mut failed = world(Made::CustomWithJob);
    end(&mut failed, 1, 3);
    failed.advance(Duration::from_secs(2));
    assert_eq!(failed.verdict(), None);
    fail_job(&mut failed);
    failed.advance(Duration::from_secs(15));
    assert_eq!(
        (failed.verdict(), causes(&failed)),
        (Some(Verdict::Failed), vec![Cause::JobFailed])
    );
    let reason = failed.gate.decision().unwrap().reason.to_string();
    assert!(reason.contains("its Job migrate failed: BackoffLimitExceeded"), "{reason}");
}

#[test]
fn a_job_that_failed_before_the_change_is_no_news() {
    let mut world = World::of(Made::CustomWithJob, policy());
    world.workload["lineage"]["jobs"][0]["created"] = json!("2026-01-01T00:00:00Z");
    fail_job(&mut world);
    world.advance(FOREVER);
    assert_eq!(world.verdict(), Some(Verdict::Passed));
}

#[test]
fn what_no_attempt_can_mend_fails_early() {
    let mut world = world(Made::CustomWithJob);
    replace(&mut world, 1, "migrate-y");
    change(&mut world, 2, |pod| {
        pod["status"]["phase"] = json!("Pending");
        let waiting = json!({"waiting": {"reason": "InvalidImageName", "message": "couldn't parse image name"}});
        pod["status"]["containerStatuses"][0]["state"] = waiting;
    });
    world.advance(Duration::from_secs(60));
    assert_eq!((world.verdict(), causes(&world)), (Some(Verdict::Failed), vec![Cause::ImageName]));
}

#[test]
fn an_attempt_hides_no_crash_of_a_container_of_the_same_name() {
    for attempt_first in [true, false] {
        let mut world = world(Made::CustomWithJob);
        let order: [usize; 2] = if attempt_first { [1, 0] } else { [0, 1] };
        for pod in order {
            match pod {
                0 => crash(&mut world, 0),
                _ => end(&mut world, 1, 1),
            }
        }
        world.advance(FOREVER);
        let expected = (Some(Verdict::Failed), vec![Cause::CrashLoop]);
        assert_eq!((world.verdict(), causes(&world)), expected, "{attempt_first}");
    }
}

#[test]
fn a_pod_of_its_own_that_is_not_restarted_may_do_its_work_and_end() {
    for (code, expected) in [(0, Verdict::Passed), (3, Verdict::Failed)] {
        let mut world = world(Made::Custom);
        for number in 1..5 {
            end(&mut world, number, code);
            if world.verdict().is_some() {
                break;
            }
            replace(&mut world, 0, &format!("step-{number}"));
            world.advance(Duration::from_secs(2));
        }
        world.advance(FOREVER);
        assert_eq!(world.verdict(), Some(expected), "{code}");
    }
}

#[test]
fn a_degraded_resource_has_half_a_minute() {
    for (length, expected) in [
        (Duration::from_secs(30) - MS, Verdict::Passed),
        (Duration::from_secs(30) + Duration::from_secs(11), Verdict::Failed),
    ] {
        let mut world = world(Made::Custom);
        set_condition(&mut world, "Degraded", "True");
        world.advance(length);
        if world.verdict().is_none() {
            set_condition(&mut world, "Degraded", "False");
        }
        world.advance(FOREVER);
        assert_eq!(world.verdict(), Some(expected), "{length:?}");
    }
}

#[test]
fn owners_that_may_not_be_read_leave_it_open() {
    let mut world = world(Made::Custom);
    world.workload["lineage"]["unreadable"] =
        json!([{"resource": "podsets.example.com", "name": "a"}]);
    world.advance(Duration::from_secs(15));
    let decision = world.gate.decision().unwrap();
    assert_eq!(decision.code, Some(ReasonCode::Forbidden));
    assert!(decision.reason.to_string().contains("podsets.example.com a"), "{}", decision.reason);
}

/// Something that happens to the resource, or to what belongs to it.
#[derive(Clone, Copy, Debug)]
enum Step {
    Condition(&'static str, &'static str),
    Changed,
    Observed,
    Crash(usize),
    Ready(usize, bool),
    AttemptFails,
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let kinds = prop::sample::select(vec!["Ready", "Available", "Reconciling", "Other"]);
    let statuses = prop::sample::select(vec!["True", "False", "Unknown"]);
    prop_oneof![
        3 => (kinds, statuses).prop_map(|(kind, status)| Step::Condition(kind, status)),
        1 => Just(Step::Changed),
        2 => Just(Step::Observed),
        1 => (0usize..1).prop_map(Step::Crash),
        2 => (0usize..1, any::<bool>()).prop_map(|(pod, is)| Step::Ready(pod, is)),
        2 => Just(Step::AttemptFails),
        6 => (0u64..40_000).prop_map(Step::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, rng_seed: RngSeed::Fixed(21), ..ProptestConfig::default() })]

    #[test]
    fn a_pass_has_held_without_a_gap_whatever_came_before(steps in prop::collection::vec(step(), 0..30)) {
        let mut world = world(Made::CustomWithJob);
        let mut crashed = false;
        // how long nothing was against a pass
        let mut held = Duration::ZERO;
        for step in steps.into_iter().chain([
            Step::Observed, Step::Condition("Reconciling", "False"), Step::Condition("Available", "True"),
            Step::Condition("Ready", "True"), Step::Ready(0, true), Step::Pass(120_000),
        ]) {
            if world.verdict().is_some() {
                break;
            }
            let mut passed = Duration::ZERO;
            match step {
                Step::Condition(kind, status) => set_condition(&mut world, kind, status),
                Step::Changed => {
                    world.workload["metadata"]["generation"] = json!(3);
                    version(&mut world.workload);
                    world.workload_changed();
                }
                Step::Observed => {
                    let generation = world.workload["metadata"]["generation"].clone();
                    world.workload["status"]["observedGeneration"] = generation.clone();
                    for condition in world.workload["status"]["conditions"].as_array_mut().unwrap() {
                        condition["observedGeneration"] = generation.clone();
                    }
                    version(&mut world.workload);
                    world.workload_changed();
                }
                Step::Crash(pod) => {
                    crash(&mut world, pod);
                    crashed = true;
                }
                Step::Ready(pod, is) => change(&mut world, pod, |pod| {
                    pod["status"]["conditions"] = json!([{"type": "Ready", "status": if is { "True" } else { "False" }}]);
                    pod["status"]["containerStatuses"][0]["ready"] = json!(is);
                }),
                Step::AttemptFails => {
                    let name = format!("migrate-{}", world.pods.len());
                    replace(&mut world, 1, &name);
                    let last = world.pods.len() - 1;
                    end(&mut world, last, 1);
                }
                Step::Pass(millis) => {
                    let step = Duration::from_millis(250);
                    while passed < Duration::from_millis(millis) && world.verdict().is_none() {
                        world.advance(step);
                        passed += step;
                    }
                }
            }
            held = if objection(&world).is_none() { held + passed } else { Duration::ZERO };
        }
        let is_passed = world.verdict() == Some(Verdict::Passed);
        prop_assert!(!is_passed || held >= policy().window, "{held:?}");
        prop_assert!(!(is_passed && crashed));
        prop_assert!(!causes(&world).contains(&Cause::JobFailed));
        prop_assert!(crashed || !causes(&world).contains(&Cause::CrashLoop));
    }
}
