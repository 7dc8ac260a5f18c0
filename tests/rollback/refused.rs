//! Reasons not to roll back.

use super::{
    args_of, became, crash,
    kubectl::{Kubectl, Namespace},
    not_done, wait, with_base,
};

#[test]
#[ignore = "needs a cluster"]
fn what_stands_against_it_is_told() {
    let tracked =
        ["annotate", "deploy/app", "argocd.argoproj.io/tracking-id=shop:apps/Deployment:x/app"];
    let paused = ["rollout", "pause", "deploy/app"];
    for (name, step, expected) in
        [("gitops", &tracked[..], "gitops"), ("paused", &paused[..], "paused")]
    {
        let namespace = with_base(name, "base-app.yaml", "deploy/app");
        namespace.run(step).unwrap();
        crash(&namespace, "deploy/app");
        let (outcome, said) = wait(&namespace, "deploy/app", &[]);
        assert_eq!(became(&outcome), not_done(expected), "{said}");
        assert!(said.contains("not rolled back: "), "{said}");
        assert_eq!(args_of(&namespace, "deploy/app"), "crash");
    }
}

#[test]
#[ignore = "needs a cluster"]
fn a_first_revision_has_nothing_before_it() {
    let kubectl = Kubectl::from_environment().unwrap();
    let namespace = Namespace::create(&kubectl, "rollback-first").unwrap();
    namespace.run(["apply", "-f", "crashloop.yaml"]).unwrap();
    let (outcome, said) = wait(&namespace, "deploy/app", &[]);
    assert_eq!(became(&outcome), not_done("no-revision"), "{said}");
}

#[test]
#[ignore = "needs a cluster"]
fn a_rollout_that_is_older_than_the_run_is_left_alone() {
    let namespace = with_base("older", "base-app.yaml", "deploy/app");
    crash(&namespace, "deploy/app");
    std::thread::sleep(std::time::Duration::from_secs(22));
    let (outcome, said) = wait(&namespace, "deploy/app", &["--timeout", "20s"]);
    assert_eq!(became(&outcome), not_done("older-rollout"), "{said}");
    assert_eq!(args_of(&namespace, "deploy/app"), "crash");
}

#[test]
#[ignore = "needs a cluster"]
fn a_revision_before_that_broke_alike_is_not_gone_back_to() {
    let kubectl = Kubectl::from_environment().unwrap();
    let namespace = Namespace::create(&kubectl, "rollback-alike").unwrap();
    namespace.run(["apply", "-f", "crashloop.yaml"]).unwrap();
    std::thread::sleep(std::time::Duration::from_secs(8));
    crash(&namespace, "deploy/app");
    let (outcome, said) = wait(&namespace, "deploy/app", &[]);
    let (write, why) = became(&outcome);
    assert!(
        write == "not_done" && ["broken-alike", "broken-before"].contains(&&*why),
        "{why}: {said}"
    );
}

#[test]
#[ignore = "needs a cluster"]
fn pods_that_nobody_replaces_are_left_alone() {
    let namespace = with_base("on-delete", "base-agent.yaml", "ds/agent");
    let on_delete = r#"{"spec": {"updateStrategy": {"type": "OnDelete", "rollingUpdate": null}}}"#;
    namespace.run(["patch", "ds/agent", "-p", on_delete]).unwrap();
    crash(&namespace, "ds/agent");
    namespace.run(["delete", "pods", "--all"]).unwrap();
    let (outcome, said) = wait(&namespace, "ds/agent", &[]);
    assert_eq!(became(&outcome), not_done("on-delete"), "{said}");
}

#[test]
#[ignore = "needs a cluster"]
fn a_pod_of_an_older_revision_that_blocks_the_update_is_named() {
    let namespace = with_base("older-pod", "base-store.yaml", "sts/store");
    crash(&namespace, "sts/store");
    let ready = "--for=condition=Ready=false";
    namespace.run(["wait", ready, "pod/store-2", "--timeout=60s"]).unwrap();
    std::thread::sleep(std::time::Duration::from_secs(5));
    namespace.run(["set", "env", "sts/store", "RELEASE=3"]).unwrap();
    let (outcome, said) = wait(&namespace, "sts/store", &[]);
    assert_eq!(became(&outcome), not_done("blocked"), "{said}");
    assert!(said.contains("kubectl delete pod store-2 -n "), "{said}");
}
