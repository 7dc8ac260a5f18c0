//! The line of each part, whatever stands around it.

use super::{Part, deployment, line, read};
use crate::evidence::{ObjectKind, ProbeKind};

const PARTS: &str = "      initContainers:
      - name: migrate
        image: migrate:1
      containers:
      - image: app:1
        name: app
        args:
        - serve
        envFrom:
        - secretRef:
            name: keys
        env:
        - name: MODE
          value: fast
        - name: HOST
          valueFrom:
            configMapKeyRef: {name: settings, key: host}
        resources:
          limits: {memory: 1Gi}
        readinessProbe:
          httpGet: {path: /, port: 80}
        livenessProbe: {exec: {command: [x]}}
        volumeMounts:
        - mountPath: /data
          name: data
      volumes:
      - name: data
        persistentVolumeClaim:
          claimName: disk
      - name: all
        projected:
          sources:
          - secret: {name: tls}
          - configMap:
              name: more
";

fn parts() -> Vec<(Part, &'static str)> {
    let app = || "app".into();
    vec![
        (Part::Object, "apiVersion: apps/v1"),
        (Part::Container("migrate".into()), "- name: migrate"),
        (Part::Image("migrate".into()), "image: migrate:1"),
        (Part::Container(app()), "- image: app:1"),
        (Part::Image(app()), "- image: app:1"),
        (Part::Command(app()), "args:"),
        (Part::Reference(app(), ObjectKind::Secret, "keys".into()), "- secretRef:"),
        (Part::Env(app(), "MODE".into()), "- name: MODE"),
        (Part::Env(app(), "HOST".into()), "- name: HOST"),
        (Part::Reference(app(), ObjectKind::ConfigMap, "settings".into()), "- name: HOST"),
        (Part::Resources(app()), "resources:"),
        (Part::Probe(app(), ProbeKind::Readiness), "readinessProbe:"),
        (Part::Probe(app(), ProbeKind::Liveness), "livenessProbe:"),
        (Part::Mount(app(), "data".into()), "- mountPath: /data"),
        (Part::Volume("data".into()), "- name: data"),
        (Part::VolumeReference(ObjectKind::PersistentVolumeClaim, "disk".into()), "- name: data"),
        (Part::VolumeReference(ObjectKind::Secret, "tls".into()), "- secret: {name: tls}"),
        (Part::VolumeReference(ObjectKind::ConfigMap, "more".into()), "- configMap:"),
    ]
}

/// Every part stands on the line that begins with its text.
fn check(text: &str) {
    for (part, written) in parts() {
        let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_start);
        let expected = 1 + lines.position(|line| line.starts_with(written)).unwrap();
        assert_eq!(line(text, part.clone()) as usize, expected, "{part:?} in {text}");
    }
}

#[test]
fn each_part_has_the_line_where_it_is_written() {
    check(&deployment(PARTS));
}

#[test]
fn comments_other_documents_and_line_ends_move_nothing() {
    let text = deployment(PARTS);
    let before = "# a\n---\n# Source: a.yaml\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: |\n    b\n\n    ---\n  c: \"d\n    e\"\n---\n\n";
    check(&format!("{before}{text}---\n"));
    check(&format!("{before}{text}").replace('\n', "\r\n"));
    check(&format!("\u{feff}{text}"));
    check(&text.replace("spec:\n", "spec: # a: b\n\n   # c\n"));
    let json = "{\"apiVersion\": \"v1\",\n \"kind\": \"Secret\",\n \"metadata\": {\"name\": \"a\"}}\n---\n";
    check(&format!("{json}{text}"));
}

#[test]
fn items_of_a_list_have_their_own_lines() {
    let indented = deployment(PARTS).replace('\n', "\n    ");
    check(
        &format!("kind: List\nitems:\n  -\n    {indented}\napiVersion: v1\n")
            .replace("apiVersion: v1\n", "apiVersion:  v1\n"),
    );
}

#[test]
fn lines_of_json_are_those_of_its_keys() {
    let text = r#"{
  "apiVersion": "apps/v1",
  "kind": "Deployment",
  "metadata": {"name": "app"},
  "spec": {"template": {"spec": {"containers": [
    {
      "name": "app",
      "image":
        "app:1"
    }
  ]}}}
}"#;
    assert_eq!(line(text, Part::Object), 1);
    assert_eq!(line(text, Part::Container("app".into())), 6);
    assert_eq!(line(text, Part::Image("app".into())), 8);
}

#[test]
fn an_alias_leads_to_the_line_with_the_text_to_correct() {
    let text = deployment(
        "      initContainers:
      - &base
        name: base
        image: &image base:1
        readinessProbe: {exec: {command: [x]}}
      containers:
      - <<: *base
        name: app
      - name: side
        image: *image
",
    );
    assert_eq!(line(&text, Part::Container("base".into())), 9);
    assert_eq!(line(&text, Part::Container("app".into())), 13);
    assert_eq!(line(&text, Part::Image("app".into())), 10);
    assert_eq!(line(&text, Part::Probe("app".into(), ProbeKind::Readiness)), 11);
    assert_eq!(line(&text, Part::Image("side".into())), 10);
}

#[test]
fn values_over_several_lines_have_the_line_of_their_key() {
    let text = deployment(
        "      containers:\n      - name: app\n        image: >-\n          app:1\n        command:\n\n        - a\n",
    );
    assert_eq!(line(&text, Part::Image("app".into())), 9);
    assert_eq!(line(&text, Part::Command("app".into())), 11);
}

#[test]
fn what_comes_from_stdin_has_no_lines() {
    let mut collector = super::Collector::default();
    let stdin = crate::text::Clean::from_static("stdin");
    let text = deployment(PARTS);
    let input = super::Input { shown: &stdin, file: None, bytes: text.as_bytes() };
    collector.add(input).unwrap();
    let manifests = collector.finish();
    assert!(manifests.targets[0].sources.is_empty());
    assert_eq!(manifests.targets[0].images, read(&text).unwrap().targets[0].images);
}
