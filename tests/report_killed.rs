//! A gate that is killed leaves red reports: not those of yesterday, not none, not half of one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "what was there before is written here")]

#[path = "support/xml.rs"]
mod xml;

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};

#[test]
fn a_gate_that_is_killed_leaves_red_reports() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // it takes the connection and never answers, so the gate is in its watch until it is killed
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let kubeconfig = serde_json::json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": format!("http://{}", silent.local_addr().unwrap())}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    });
    fs::write(path("kubeconfig"), kubeconfig.to_string()).unwrap();
    fs::write(path("junit"), "<testsuites/>").unwrap();
    fs::write(path("json"), r#"{"verdict": "passed"}"#).unwrap();
    let mut gate = Command::new(env!("CARGO_BIN_EXE_deploygate"))
        .env_clear()
        .args(["wait", "deploy/app", "--namespace", "prod", "--kubeconfig"])
        .arg(path("kubeconfig"))
        .args(["junit", "markdown", "json"].map(|f| format!("--report={f}={}", path(f).display())))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // the first request is made after the placeholders
    let connection = silent.accept().unwrap();
    gate.kill().unwrap();
    assert_eq!(gate.wait().unwrap().code(), None, "it was killed, it did not end");
    drop(connection);

    let cases = xml::read(&fs::read(path("junit")).unwrap());
    let judged = &cases[0].ends[0];
    assert_eq!((&*judged.element, judged.kind.as_deref()), ("error", Some("internal")));
    assert_eq!(judged.message, "deploygate did not finish");
    let json: serde_json::Value = serde_json::from_slice(&fs::read(path("json")).unwrap()).unwrap();
    assert_eq!((&json["verdict"], &json["exit_code"]), (&"inconclusive".into(), &3.into()));
    let markdown = fs::read_to_string(path("markdown")).unwrap();
    assert!(markdown.starts_with("## ❓ INCONCLUSIVE: deployment/app in prod"), "{markdown}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "nothing else is left");
}
