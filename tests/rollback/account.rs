//! What an account may write.

use serde_json::{Value, json};

use super::{
    args_of, became, crash, kubectl::Namespace, not_done, program::deploygate, wait_as, with_base,
};

/// A kubeconfig of a service account that may read, and what these rules grant.
fn account(namespace: &Namespace, rules: &[[&str; 2]]) -> tempfile::NamedTempFile {
    namespace.run(["create", "serviceaccount", "ci"]).unwrap();
    let of = format!("--serviceaccount={}:ci", namespace.name);
    namespace.run(["create", "rolebinding", "ci-view", "--clusterrole=view", &of]).unwrap();
    for (number, [verb, resource]) in rules.iter().enumerate() {
        let name = format!("ci-{number}");
        let (verb, resource) = (format!("--verb={verb}"), format!("--resource={resource}"));
        namespace.run(["create", "role", &name, &verb, &resource]).unwrap();
        namespace.run(["create", "rolebinding", &name, &format!("--role={name}"), &of]).unwrap();
    }
    let token = namespace.run(["create", "token", "ci"]).unwrap();
    let admin = ["config", "view", "--raw", "--minify", "-o", "json"];
    let mut config: Value = serde_json::from_str(&namespace.kubectl.run(admin).unwrap()).unwrap();
    config["users"][0]["user"] = json!({"token": token.trim()});
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), config.to_string()).unwrap();
    file
}

#[test]
#[ignore = "needs a cluster"]
fn who_may_not_write_is_warned_before_the_watch() {
    let namespace = with_base("denied", "base-app.yaml", "deploy/app");
    let account = account(&namespace, &[]);
    crash(&namespace, "deploy/app");
    let kubeconfig = account.path().to_str().unwrap();
    let (outcome, said) = wait_as(kubeconfig, &namespace, &["deploy/app"], &[]);
    assert_eq!(became(&outcome), not_done("forbidden"), "{said}");
    let warning = said.find("warning: the account may not patch deployment/app").unwrap();
    assert!(warning < said.find("watching ").unwrap(), "{said}");
    assert_eq!(args_of(&namespace, "deploy/app"), "crash");

    let args = ["access", "deploy/app", "-n", &namespace.name, "--on-failure", "rollback"];
    let ended = deploygate().env("KUBECONFIG", kubeconfig).run(args);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("patch  deployments  NO (required)"), "{}", ended.stderr);
    assert!(ended.stdout.contains("verbs: [patch]"), "{}", ended.stdout);
}

#[test]
#[ignore = "needs a cluster"]
fn who_may_not_delete_pods_is_told_which_one_blocks() {
    let namespace = with_base("blocked", "base-store.yaml", "sts/store");
    let account = account(&namespace, &[["patch", "statefulsets"]]);
    crash(&namespace, "sts/store");
    let kubeconfig = account.path().to_str().unwrap();
    let (outcome, said) = wait_as(kubeconfig, &namespace, &["sts/store"], &[]);
    let rollback = &outcome["targets"][0]["rollback"];
    assert_eq!((&rollback["write"], &rollback["verdict"]), (&json!("done"), &json!("failed")));
    let reason = rollback["reason"].as_str().unwrap();
    assert!(reason.starts_with("template restored, blocked by store-2"), "{reason}\n{said}");
    let next = rollback["next_step"].as_str().unwrap();
    assert!(next.contains("kubectl delete pod store-2 -n "), "{next}");
}
