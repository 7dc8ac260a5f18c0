//! The way back to a revision before: when it is told, and in whose words.

use super::*;
use crate::observation::Observation;

/// A rollout beside a revision of which two pods are available.
fn beside_a_good_one(policy: Policy, edit: impl FnOnce(&mut serde_json::Value)) -> Script {
    let mut script = Script::new(2, policy);
    script.sets[0]["status"]["availableReplicas"] = json!(2);
    edit(&mut script.deployment["metadata"]);
    script.secs(1);
    script.change("app-0", |_| {});
    script
}

fn undo(script: &Script) -> Option<String> {
    let findings = script.gate.findings();
    script.gate.undo(&findings).map(|undo| undo.how.to_string())
}

const KUBECTL: Option<&str> = Some("kubectl rollout undo deployment/app -n shop");

#[test]
fn it_is_told_for_every_cause_and_at_the_deadline_and_not_before_there_is_a_verdict() {
    let mut script = beside_a_good_one(policy(), |_| {});
    assert_eq!(undo(&script), None);
    script.crash("app-0", 1);
    assert_eq!(undo(&script).as_deref(), KUBECTL);

    let mut script = beside_a_good_one(policy(), |_| {});
    script.wait("app-0", "ErrImagePull", "manifest unknown").secs(40);
    assert_eq!((script.verdict(), undo(&script).as_deref()), (Some(Verdict::Failed), KUBECTL));

    let mut script = beside_a_good_one(policy(), |_| {});
    script.change("app-0", unready_app).secs(610);
    assert_eq!((script.verdict(), undo(&script).as_deref()), (Some(Verdict::TimedOut), KUBECTL));
}

#[test]
fn it_is_not_told_where_it_would_not_help() {
    let wanted = Policy { expect_images: vec!["shop/app:3".into()], ..policy() };
    let script = beside_a_good_one(wanted, |_| {});
    assert_eq!((script.verdict(), undo(&script)), (Some(Verdict::Failed), None));

    let mut script = beside_a_good_one(policy(), |_| {});
    script.deployment["spec"]["paused"] = json!(true);
    script.secs(10);
    assert_eq!((script.verdict(), undo(&script)), (Some(Verdict::Inconclusive), None));

    let mut script = Script::new(2, policy());
    script.sets.remove(0);
    script.secs(1);
    script.change("app-0", |_| {}).crash("app-0", 1);
    assert_eq!((script.verdict(), undo(&script)), (Some(Verdict::Failed), None));
}

#[test]
fn it_is_told_in_the_words_of_whoever_deploys() {
    const HELM: &str = "helm rollback shop-app -n shop";
    let helm =
        json!({"meta.helm.sh/release-name": "shop-app", "meta.helm.sh/release-namespace": "shop"});
    let cases = [
        (
            json!({"annotations": helm, "labels": {"app.kubernetes.io/managed-by": "Helm"}}),
            Some(HELM),
        ),
        (json!({"annotations": {"meta.helm.sh/release-name": "shop-app"}}), Some(HELM)),
        // the output of `helm template`, and a release that was taken over by another tool
        (json!({"labels": {"app.kubernetes.io/managed-by": "Helm"}}), KUBECTL),
        (
            json!({"annotations": helm, "labels": {"app.kubernetes.io/managed-by": "kustomize"}}),
            KUBECTL,
        ),
        (json!({"annotations": {"meta.helm.sh/release-name": "a; rm -rf ~"}}), KUBECTL),
        (
            json!({"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/app"}}),
            None,
        ),
        (json!({"labels": {"kustomize.toolkit.fluxcd.io/name": "shop"}}), None),
        (json!({"annotations": helm, "labels": {"helm.toolkit.fluxcd.io/name": "shop"}}), None),
        (
            json!({"managedFields": [{"manager": "argocd-controller", "fieldsV1": {"f:spec": {"f:template": {}}}}]}),
            None,
        ),
        (
            json!({"managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {"f:template": {}}}}]}),
            KUBECTL,
        ),
    ];
    for (marks, expected) in cases {
        let mut script = beside_a_good_one(policy(), |metadata| {
            for (key, value) in marks.as_object().unwrap() {
                let fields = value.as_object().into_iter().flatten();
                fields.for_each(|(name, value)| metadata[key][name] = value.clone());
                if value.is_array() {
                    metadata[key] = value.clone();
                }
            }
        });
        script.crash("app-0", 1);
        let told = undo(&script);
        assert_eq!(told.as_deref(), expected.or(Some("revert the commit")), "{marks}");
    }
}

#[test]
fn a_revision_before_that_is_bad_too_is_passed_over() {
    let two_bad = |helm: &[&str]| {
        let mut script = Script::new(2, policy());
        let mut good = script.sets[0].clone();
        good["metadata"]["name"] = json!("set-0");
        good["metadata"]["uid"] = json!("set-0");
        good["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = json!("0");
        good["status"]["availableReplicas"] = json!(2);
        script.sets.push(good);
        for release in helm {
            script.deployment["metadata"]["annotations"]["meta.helm.sh/release-name"] =
                json!(release);
        }
        script.secs(1);
        script.change("app-0", |_| {}).crash("app-0", 1);
        undo(&script).unwrap()
    };
    assert_eq!(two_bad(&[]), "kubectl rollout undo deployment/app -n shop --to-revision=0");
    let helm = two_bad(&["shop-app"]);
    assert!(helm.starts_with("`helm rollback shop-app REVISION -n shop` with"), "{helm}");
}

#[test]
fn what_serves_is_told_as_it_is_at_the_end() {
    let mut script = beside_a_good_one(policy(), |_| {});
    script.crash("app-0", 1);
    let serving = script.gate.serving();
    let told: Vec<_> =
        serving.iter().map(|one| (&*one.revision, one.available, one.is_new)).collect();
    assert_eq!(told, [("set-1", 2, false)]);

    let mut script = beside_a_good_one(policy(), |_| {});
    script.sets[0]["status"]["availableReplicas"] = json!(0);
    let set = serde_json::from_value(script.sets[0].clone()).unwrap();
    script.feed(Observation::ReplicaSetChanged(set));
    script.crash("app-0", 1);
    assert_eq!(script.gate.serving(), []);
}
