//! Which line of a manifest each finding is about.

use serde_json::json;

use super::source::source_of;
use crate::{
    gate::Finding,
    manifest::{Collector, Input, Sources},
    text::Clean,
};

const MANIFEST: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  template:
    spec:
      containers:
      - name: app
        image: app:1
        command: [serve]
        envFrom:
        - secretRef: {name: keys}
        env:
        - name: HOST
          valueFrom: {configMapKeyRef: {name: settings, key: host}}
        - name: PORT
          valueFrom: {configMapKeyRef: {name: settings, key: port}}
        - name: MODE
          value: fast
        resources: {limits: {memory: 1Mi}}
        startupProbe: {exec: {command: [x]}}
        livenessProbe: {exec: {command: [x]}}
        readinessProbe: {exec: {command: [x]}}
      - name: side
        image: side:1
      volumes:
      - name: config
        configMap: {name: files}
      - name: disk
        persistentVolumeClaim: {claimName: data}
";

fn sources() -> Sources {
    let file = Clean::from_static("k8s/app.yaml");
    let mut collector = Collector::default();
    collector.add(Input { shown: &file, file: Some(&file), bytes: MANIFEST.as_bytes() }).unwrap();
    collector.finish().targets.remove(0).sources
}

fn finding(cause: &str, container: Option<&str>, message: &str, sign: &str) -> Finding {
    let mut finding = json!({"cause": cause, "attribution": "configuration", "state": "confirmed", "container": container,
        "pods": [], "message": message, "hint": "", "hint_parts": {"what": ""}, "exit_code": null, "signal": null, "restarts": null,
        "first_seen": 0, "last_seen": 0});
    if !sign.is_empty() {
        finding["diagnosis"] = json!({"sign": sign, "cause": message, "attribution": "configuration", "next_step": "",
            "certainty": "probable", "place": "log", "quote": ""});
    }
    serde_json::from_value(finding).unwrap()
}

#[test]
fn each_finding_leads_to_the_line_that_it_is_about() {
    let sources = sources();
    let app = Some("app");
    for (cause, container, message, sign, written) in [
        ("image", app, "ErrImagePull", "", "image: app:1"),
        ("image-name", app, "InvalidImageName", "", "image: app:1"),
        ("image", Some("side"), "ErrImagePull", "", "image: side:1"),
        ("start-error", app, "exec: \"serve\": executable file not found", "", "command:"),
        ("start-error", app, "exec format error", "", "image: app:1"),
        ("start-error", Some("side"), "no such file", "", "image: side:1"),
        ("oom-killed", app, "exit code 137", "", "resources:"),
        ("liveness", app, "failed", "", "livenessProbe:"),
        ("startup", app, "failed", "", "startupProbe:"),
        ("not-ready", app, "running, but its readiness probe is failing", "", "readinessProbe:"),
        ("not-ready", Some("side"), "not ready", "", "- name: side"),
        ("not-ready", None, "not ready", "", "apiVersion:"),
        ("crash-loop", app, "exit code 1", "", "- name: app"),
        ("crash-loop", app, "unknown flag: --x", "argument-wrong", "command:"),
        (
            "crash-loop",
            app,
            "the environment variable MODE is missing",
            "variable-missing",
            "- name: MODE",
        ),
        (
            "crash-loop",
            app,
            "the environment variable OTHER is missing",
            "variable-missing",
            "- name: app",
        ),
        ("crash-loop", app, "MODE of HOST", "connection-refused", "- name: app"),
        ("config", app, "secret \"keys\" not found", "", "- secretRef:"),
        ("config", app, "configmap \"settings\" not found", "", "- name: HOST"),
        ("config", app, "couldn't find key port in ConfigMap shop/settings", "", "- name: PORT"),
        ("config", app, "container has runAsNonRoot and image will run as root", "", "- name: app"),
        ("config", app, "secret \"keys-2\" not found", "", "- name: app"),
        (
            "mount",
            None,
            "MountVolume.SetUp failed for volume \"config\" : configmap \"files\" not found",
            "",
            "- name: config",
        ),
        ("mount", None, "Unable to attach or mount volumes", "", "apiVersion:"),
        ("pending", None, "0/3 nodes are available: 3 Insufficient memory.", "", "resources:"),
        (
            "pending",
            None,
            "persistentvolumeclaim \"data\" not found. preemption: none",
            "",
            "- name: disk",
        ),
        ("pending", None, "3 node(s) had untolerated taint", "", "apiVersion:"),
        ("evicted", app, "Usage of EmptyDir volume \"disk\" exceeds the limit", "", "- name: disk"),
        (
            "evicted",
            app,
            "Container app exceeded its local ephemeral storage limit",
            "",
            "resources:",
        ),
        ("create", None, "exceeded quota", "", "apiVersion:"),
        ("wrong-image", None, "expected app:2", "", "image: app:1"),
        ("stalled", None, "ProgressDeadlineExceeded", "", "apiVersion:"),
    ] {
        let finding = finding(cause, container, message, sign);
        let found = source_of(&finding, &sources, &["app".into()]).unwrap();
        let mut lines = MANIFEST.lines().map(str::trim_start);
        let expected = 1 + lines.position(|line| line.starts_with(written)).unwrap();
        assert_eq!(found.line as usize, expected, "{cause}: {message}");
        assert_eq!(&*found.file, "k8s/app.yaml");
        assert_eq!(source_of(&finding, &Sources::default(), &[]), None);
    }
}

#[test]
fn file_and_line_stand_in_the_finding() {
    let mut finding = finding("image", Some("app"), "ErrImagePull", "");
    assert!(serde_json::to_value(&finding).unwrap().get("file").is_none());
    finding.source = source_of(&finding, &sources(), &[]);
    let written = serde_json::to_value(&finding).unwrap();
    assert_eq!((&written["file"], &written["line"]), (&json!("k8s/app.yaml"), &json!(9)));
    assert_eq!(serde_json::from_value::<Finding>(written).unwrap(), finding);
}
