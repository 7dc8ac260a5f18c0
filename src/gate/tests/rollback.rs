//! Whether a target may be rolled back, and to which revision: each rule by a world in which it decides.

use super::*;
use crate::{gate::Restore, observation::Observation, vocabulary::Refusal};

/// A rollout, a second old, beside a revision of which two pods are available.
fn rollout(policy: Policy, edit: impl FnOnce(&mut Script)) -> Script {
    let mut script = Script::new(2, policy);
    script.sets[0]["status"]["availableReplicas"] = json!(2);
    edit(&mut script);
    script.secs(1);
    script.change("app-0", |_| {});
    script
}

/// What the gate decides on a rollback.
fn decided(script: &Script) -> Result<Restore, Refusal> {
    let findings = script.gate.findings();
    script.gate.calls_for_rollback(&findings)?;
    script.gate.restore(&findings)
}

fn crashed(edit: impl FnOnce(&mut Script)) -> Result<Restore, Refusal> {
    let mut script = rollout(policy(), edit);
    script.crash("app-0", 1);
    assert_eq!(script.verdict(), Some(Verdict::Failed));
    decided(&script)
}

#[test]
fn it_goes_to_what_was_available_else_to_the_next_lower_number() {
    let back = crashed(|_| {}).unwrap();
    assert_eq!((&*back.to.name, back.number, back.is_known_good), ("set-1", 1, true));
    assert_eq!((back.workload.as_str(), back.failed_hash, back.helm), ("d1", None, None));
    let back = crashed(|script| script.sets[0]["status"]["availableReplicas"] = json!(0));
    assert_eq!(back.map(|back| (back.number, back.is_known_good)), Ok((1, false)));
}

#[test]
fn helm_is_no_obstacle() {
    let back = crashed(|script| {
        script.deployment["metadata"]["annotations"]["meta.helm.sh/release-name"] = json!("shop");
    });
    let (release, namespace) = back.unwrap().helm.unwrap();
    assert_eq!((&*release, &*namespace), ("shop", "shop"));
}

#[test]
fn what_the_workload_says_against_it_is_heard() {
    type Edit = fn(&mut Script);
    let cases: [(Edit, Refusal); 4] = [
        (|script| drop(script.sets.remove(0)), Refusal::NoRevision),
        (
            |script| {
                script.deployment["metadata"]["annotations"]["argocd.argoproj.io/tracking-id"] =
                    json!("shop:apps/Deployment:shop/app");
            },
            Refusal::GitOps,
        ),
        (
            |script| {
                script.deployment["metadata"]["labels"]["helm.toolkit.fluxcd.io/name"] =
                    json!("shop");
            },
            Refusal::GitOps,
        ),
        (
            |script| {
                script.deployment["metadata"]["managedFields"] = json!([{"manager": "kustomize-controller",
                    "fieldsV1": {"f:spec": {"f:template": {}}}}]);
            },
            Refusal::GitOps,
        ),
    ];
    for (edit, refusal) in cases {
        assert_eq!(crashed(edit), Err(refusal));
    }
    let script = rollout(policy(), |script| script.deployment["spec"]["paused"] = json!(true));
    assert_eq!(decided(&script), Err(Refusal::Paused));
}

#[test]
fn a_rollout_counts_that_began_less_than_the_timeout_before_the_run() {
    // the run begins at 00:00:10 of the servers' clock, its timeout is 10 minutes
    let made = |at: &'static str| {
        crashed(move |script| {
            script.sets[1]["metadata"]["creationTimestamp"] = json!(at);
            // what crashed counts if it is of this rollout
            script.sets[0]["metadata"]["creationTimestamp"] = json!("2026-01-01T00:00:00Z");
        })
    };
    let start = Script::new(1, policy()).server_time().unwrap();
    let at = |before: u64| -> &'static str {
        let time = start.minus(std::time::Duration::from_secs(before));
        serde_json::to_string(&time).unwrap().trim_matches('"').to_owned().leak()
    };
    assert!(made(at(599)).is_ok() && made(at(0)).is_ok());
    assert_eq!(made(at(600)), Err(Refusal::Older));
    assert_eq!(made(at(6000)), Err(Refusal::Older));
}

#[test]
fn a_revision_that_is_used_again_is_as_young_as_its_pods() {
    let again = |pod: &'static str| {
        let mut script = rollout(policy(), |script| {
            // the failed one is older than the one before it
            for set in [0, 1] {
                script.sets[set]["metadata"]["creationTimestamp"] =
                    json!(format!("2025-01-0{}T00:00:00Z", 2 - set));
            }
            script.put("app-0", |it| it["metadata"]["creationTimestamp"] = json!(pod));
        });
        script.crash("app-0", 1);
        (script.verdict(), decided(&script).map(|back| back.number))
    };
    assert_eq!(again("2026-01-02T00:00:01Z"), (Some(Verdict::Failed), Ok(1)));
    assert_eq!(again("2025-06-01T00:00:00Z"), (Some(Verdict::Failed), Err(Refusal::Older)));
}

#[test]
fn only_a_proven_fault_of_the_revision_calls_for_it() {
    let mut script = rollout(policy(), |_| {});
    assert_eq!(decided(&script), Err(Refusal::Unproven));
    script.feed(Observation::Interrupted(crate::observation::Signal::Terminate));
    assert_eq!(decided(&script), Err(Refusal::Interrupted));

    let wanted = Policy { expect_images: vec!["shop/app:3".into()], ..policy() };
    let script = rollout(wanted, |_| {});
    assert_eq!(decided(&script), Err(Refusal::WrongImage));

    let mut script = rollout(policy(), |_| {});
    script.deployment["spec"]["template"]["spec"]["containers"][0]["image"] = json!("shop/app:9");
    script.secs(10);
    assert_eq!(script.verdict(), Some(Verdict::Superseded));
    assert_eq!(decided(&script), Err(Refusal::Superseded));

    // suspected only, when the deadline passed
    let mut script = rollout(policy(), |_| {});
    script.change("app-0", unready_app).secs(700);
    assert_eq!(script.verdict(), Some(Verdict::TimedOut));
    let confirmed = !script.gate.findings().iter().all(|of| of.state != FindingState::Confirmed);
    assert_eq!(decided(&script).err(), (!confirmed).then_some(Refusal::Unproven));
}

#[test]
fn a_fault_of_the_platform_is_not_undone() {
    let mut script = rollout(policy(), |_| {});
    script.wait("app-0", "ErrImagePull", "dial tcp 10.0.0.1:443: connect: connection refused");
    script.secs(400);
    assert_eq!(script.verdict(), Some(Verdict::Failed));
    let findings = script.gate.findings();
    assert_eq!(findings[0].attribution, Attribution::Platform);
    assert_eq!(decided(&script), Err(Refusal::Platform));
}

#[test]
fn what_broke_before_in_the_same_way_is_not_gone_back_to() {
    let mut script = rollout(policy(), |_| {});
    script.put("old-0", |pod| {
        pod["metadata"]["ownerReferences"][0]["uid"] = json!("set-1");
    });
    script.secs(5);
    script.crash("old-0", 1).crash("app-0", 1);
    assert_eq!(script.verdict(), Some(Verdict::Failed));
    assert_eq!(decided(&script), Err(Refusal::BrokenAlike));
}

#[test]
fn what_was_broken_before_the_run_is_not_gone_back_to() {
    let back = crashed(|script| {
        script.sets[0]["status"]["availableReplicas"] = json!(0);
        script.put("old-0", |pod| {
            pod["metadata"]["ownerReferences"][0]["uid"] = json!("set-1");
            let ended = json!({"exitCode": 1, "finishedAt": "2025-12-01T00:00:00Z"});
            pod["status"]["containerStatuses"][0] = json!({
                "name": "app", "ready": false, "restartCount": 3, "image": "app:1",
                "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": ended},
            });
            pod["status"]["conditions"] = json!([{"type": "Ready", "status": "False"}]);
        });
    });
    assert_eq!(back, Err(Refusal::BrokenBefore));
}

#[test]
fn who_applies_on_the_servers_side_is_known() {
    let by = |operation: &'static str| {
        crashed(move |script| {
            script.deployment["metadata"]["managedFields"] = json!([{"manager": "kubectl",
                "operation": operation, "fieldsV1": {"f:spec": {"f:template": {}}}}]);
        })
    };
    assert!(by("Apply").unwrap().is_applied);
    assert!(!by("Update").unwrap().is_applied);
}

#[test]
fn what_was_complete_before_the_run_was_not_seen_to_change() {
    let mut script = Script::complete(1, policy());
    script.secs(1);
    assert!(!script.gate.saw_change());
    assert!(rollout(policy(), |_| {}).gate.saw_change());
}
