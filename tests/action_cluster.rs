//! The action on a real cluster. `KUBECONFIG` names it: `cargo test --test action_cluster -- --ignored`.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "programs and files of a job are written here")]

#[path = "support/kubectl.rs"]
#[expect(dead_code, reason = "other tests ask more of it")]
mod kubectl;
#[path = "support/runner/mod.rs"]
#[expect(dead_code, reason = "other tests do more with it")]
mod runner;

use std::path::Path;

use kubectl::{Kubectl, Namespace};
use runner::{Conclusion, Ended, Job};

/// Rolls a scenario out over its base, and lets the action judge it.
fn judge(scenario: &str) -> Ended {
    let kubectl = Kubectl::from_environment().unwrap_or_else(|error| panic!("{error}"));
    let namespace = Namespace::create(&kubectl, &format!("action-{scenario}")).unwrap();
    namespace.run(["apply", "-f", "base-app.yaml"]).unwrap();
    namespace.run(["rollout", "status", "deployment/app", "--timeout=120s"]).unwrap();
    namespace.run(["apply", "-f", &format!("{scenario}.yaml")]).unwrap();
    Job::new(Path::new(env!("CARGO_MANIFEST_DIR")))
        .env("KUBECONFIG", kubectl.kubeconfig.to_str().unwrap())
        .with("binary-path", env!("CARGO_BIN_EXE_deploygate"))
        .with("targets", "deploy/app")
        .with("namespace", &namespace.name)
        .with("window", "6s")
        .with("verbose", "true")
        .with("report", "junit=reports/TEST-deploygate.xml")
        .run()
}

#[test]
#[ignore = "needs a cluster"]
fn a_healthy_rollout_passes() {
    let ended = judge("healthy");
    assert_eq!((ended.conclusion, ended.output("verdict")), (Conclusion::Success, "passed"));
    assert_eq!(ended.commands, []);
}

#[test]
#[ignore = "needs a cluster"]
fn hostile_logs_of_a_real_pod_command_nothing() {
    let ended = judge("hostile-logs");
    assert_eq!((ended.conclusion, ended.code), (Conclusion::Failure, Some(1)), "{}", ended.log);
    assert_eq!((ended.output("verdict"), ended.output("cause")), ("failed", "crash-loop"));
    assert!(ended.log.contains("│ "), "an excerpt is shown: {}", ended.log);
    let [group, end, error] = &ended.commands[..] else { panic!("{:?}", ended.commands) };
    assert_eq!([&*group.name, &*end.name, &*error.name], ["group", "endgroup", "error"]);
    assert!(error.properties.starts_with("title=deploygate failed%3A "), "{error:?}");
    for secret in ["hunter2", "s3cret", "wJalrXUtnFEMI/K7MDENG"] {
        assert!(!ended.log.contains(secret) && !ended.summary.contains(secret), "{secret}");
    }
}
