//! Which way back a failure is shown with.

use super::*;

/// What undoes a crash of the new revision, in a world that was changed before.
fn undo_of_a_crash(change: impl FnOnce(&mut Timeline)) -> Option<String> {
    let mut timeline = Timeline::new(1, policy());
    change(&mut timeline);
    timeline.secs(1).change("app-0", |_| {}).secs(1).crash("app-0", 1).secs(5);
    assert_eq!(timeline.verdict(), Some(Verdict::Failed));
    let findings = timeline.gate.findings();
    timeline.gate.undo(&findings).map(|undo| undo.how.to_string())
}

#[test]
fn a_failure_shows_how_to_go_back() {
    let undo = undo_of_a_crash(|_| {});
    assert_eq!(undo.as_deref(), Some("kubectl rollout undo deployment/app -n shop"));
}

#[test]
fn without_a_revision_before_there_is_no_way_back() {
    assert_eq!(undo_of_a_crash(|timeline| drop(timeline.sets.remove(0))), None);
}

#[test]
fn the_tool_that_deployed_it_undoes_it() {
    let annotated = |key: &'static str, value: &'static str| {
        undo_of_a_crash(move |timeline| {
            timeline.deployment["metadata"]["annotations"][key] = json!(value);
        })
    };
    let helm = annotated("meta.helm.sh/release-name", "shop");
    assert_eq!(helm.as_deref(), Some("helm rollback shop -n shop"));
    let argo = annotated("argocd.argoproj.io/tracking-id", "shop:apps/Deployment:shop/app");
    assert_eq!(argo.as_deref(), Some("revert the commit"));
    // what the cluster says commands no shell
    let hostile = annotated("meta.helm.sh/release-name", "$(reboot)");
    assert_eq!(hostile.as_deref(), Some("kubectl rollout undo deployment/app -n shop"));
}
