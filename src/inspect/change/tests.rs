use serde_json::{Value, json};

use super::*;
use crate::evidence::is_only_restart;

fn template(edit: impl FnOnce(&mut Value)) -> Value {
    let mut template = json!({
        "metadata": {"labels": {"app": "shop", "pod-template-hash": "abc"}, "annotations": null},
        "spec": {
            "containers": [{
                "name": "app", "image": "shop/app:1", "command": ["app"], "args": ["--port", "80"],
                "env": [
                    {"name": "LOG_LEVEL", "value": "info"},
                    {"name": "DB_PASSWORD", "value": "hunter2"},
                    {"name": "DB_URL", "valueFrom": {"configMapKeyRef": {"name": "shop", "key": "url"}}},
                ],
                "envFrom": [{"configMapRef": {"name": "shop"}}],
                "resources": {"limits": {"memory": "256Mi"}},
                "readinessProbe": {"httpGet": {"path": "/ready", "port": 80}, "periodSeconds": 10},
                "volumeMounts": [{"name": "config", "mountPath": "/etc/shop"}],
                "ports": [{"containerPort": 80, "protocol": "TCP"}],
            }],
            "volumes": [{"name": "config", "configMap": {"name": "shop", "defaultMode": 420}}, {"name": "tmp", "emptyDir": {}}],
            "serviceAccountName": "shop", "serviceAccount": "shop",
        },
    });
    edit(&mut template);
    template
}

fn push(list: &mut Value, item: Value) {
    list.as_array_mut().unwrap().push(item);
}

fn lines(edit: impl FnOnce(&mut Value)) -> Vec<String> {
    let changes = changes(&template(|_| {}), &template(edit), &Redactor::built_in());
    changes.iter().map(|change| change.line().to_string()).collect()
}

/// The one difference that an edit of the container makes.
fn line_of_app(edit: impl FnOnce(&mut Value)) -> String {
    let lines = lines(|template| edit(&mut template["spec"]["containers"][0]));
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].strip_prefix("container app: ").unwrap_or(&lines[0]).to_owned()
}

#[test]
fn each_part_of_a_container_is_told_in_words() {
    let table: [(&str, Value, &str); 16] = [
        ("/image", json!("shop/app:2"), "image: shop/app:1 → shop/app:2"),
        ("/args", json!(["--port", "81", "a b"]), "args: --port 80 → --port 81 'a b'"),
        ("/command", json!(null), "command removed, was: app"),
        ("/env/0/value", json!("debug"), "env LOG_LEVEL: info → debug"),
        ("/env/0/value", json!(null), "env LOG_LEVEL: info → (empty)"),
        ("/env/1/value", json!("letmein"), "env DB_PASSWORD changed: [redacted]"),
        (
            "/env/2/valueFrom/configMapKeyRef/key",
            json!("uri"),
            "env DB_URL: key url of ConfigMap shop → key uri of ConfigMap shop",
        ),
        (
            "/env/2",
            json!({"name": "DB_URL", "value": "postgres://a:b@c/d"}),
            "env DB_URL: key url of ConfigMap shop → a value",
        ),
        ("/envFrom/0/configMapRef/name", json!("shop"), ""),
        ("/resources/limits/memory", json!("64Mi"), "resources.limits.memory: 256Mi → 64Mi"),
        (
            "/readinessProbe/httpGet/path",
            json!("/healthz"),
            "readinessProbe.httpGet.path: /ready → /healthz",
        ),
        ("/readinessProbe", json!(null), "readinessProbe removed, was: there"),
        ("/volumeMounts/0/mountPath", json!("/etc/shop"), ""),
        ("/volumeMounts/0/name", json!("tmp"), "mount /etc/shop: volume config → volume tmp"),
        (
            "/ports/0/containerPort",
            json!(81),
            r#"ports: [{"containerPort":80,"protocol":"TCP"}] → [{"containerPort":81,"protocol":"TCP"}]"#,
        ),
        ("/newField", json!({"mode": "fast"}), "newField.mode added: fast"),
    ];
    for (path, value, expected) in table {
        let edit = |template: &mut Value| match template["spec"]["containers"][0].pointer_mut(path)
        {
            Some(place) => *place = value.clone(),
            None => template["spec"]["containers"][0][&path[1..]] = value.clone(),
        };
        let expected: Vec<_> =
            if expected.is_empty() { vec![] } else { vec![format!("container app: {expected}")] };
        assert_eq!(lines(edit), expected, "{path}");
    }
}

#[test]
fn what_comes_and_goes_is_told() {
    let added = line_of_app(|app| push(&mut app["env"], json!({"name": "REGION", "value": "eu"})));
    assert_eq!(added, "env REGION added: eu");
    let secret =
        line_of_app(|app| push(&mut app["env"], json!({"name": "API_TOKEN", "value": "abc"})));
    assert_eq!(secret, "env API_TOKEN added: [redacted]");
    let source = line_of_app(|app| {
        push(&mut app["envFrom"], json!({"secretRef": {"name": "db"}, "prefix": "DB_"}))
    });
    assert_eq!(source, "env from added: Secret db, prefix DB_");
    let container =
        lines(|t| push(&mut t["spec"]["containers"], json!({"name": "proxy", "image": "proxy:3"})));
    assert_eq!(container, ["container proxy added: proxy:3"]);
    let volume = lines(|t| {
        t["spec"]["volumes"][0] =
            json!({"name": "config", "secret": {"secretName": "shop", "defaultMode": 420}})
    });
    assert_eq!(volume, ["volume config: ConfigMap shop → Secret shop"]);
    let account = lines(|t| {
        t["spec"]["serviceAccountName"] = json!("other");
        t["spec"]["serviceAccount"] = json!("other");
    });
    assert_eq!(account, ["serviceAccountName: shop → other"]);
}

#[test]
fn what_says_nothing_is_no_difference() {
    let edited = lines(|template| {
        template["metadata"]["labels"]["pod-template-hash"] = json!("def");
        template["metadata"]["annotations"] = json!({});
        template["spec"]["tolerations"] = json!([]);
        template["spec"]["containers"][0]["securityContext"] = json!({"capabilities": null});
        template["spec"]["volumes"].as_array_mut().unwrap().reverse();
    });
    assert!(edited.is_empty(), "{edited:?}");
}

#[test]
fn the_most_suspicious_comes_first() {
    let lines = lines(|template| {
        template["metadata"]["labels"]["tier"] = json!("web");
        template["spec"]["dnsPolicy"] = json!("Default");
        let app = &mut template["spec"]["containers"][0];
        app["readinessProbe"]["periodSeconds"] = json!(1);
        app["env"][0]["value"] = json!("debug");
        app["image"] = json!("shop/app:2");
    });
    let first_words: Vec<_> =
        lines.iter().map(|line| line.split(':').nth(1).unwrap_or(line)).collect();
    assert_eq!(
        first_words,
        [" image", " env LOG_LEVEL", " readinessProbe.periodSeconds", " Default", " web"],
        "{lines:?}"
    );
}

#[test]
fn a_restart_is_told_from_a_change() {
    let restarted = |template: &mut Value| {
        template["metadata"]["annotations"] =
            json!({"kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z"});
    };
    let changed = |after: &Value| changes(&template(|_| {}), after, &Redactor::built_in());
    assert!(is_only_restart(&changed(&template(restarted))));
    assert!(!is_only_restart(&changed(&template(|_| {}))));
    let mut both = template(restarted);
    both["spec"]["containers"][0]["image"] = json!("shop/app:2");
    assert!(!is_only_restart(&changed(&both)));
}

#[test]
fn no_secret_is_in_any_value() {
    let changes = changes(
        &template(|_| {}),
        &template(|template| {
            let app = &mut template["spec"]["containers"][0];
            app["args"] =
                json!(["--password", "hunter2", "--url", "postgres://app:hunter2@db/app"]);
            app["env"][0]["value"] = json!("token=hunter2 x");
            app["lifecycle"] =
                json!({"postStart": {"exec": {"command": ["login", "--password=hunter2"]}}});
            template["metadata"]["annotations"] = json!({"vault/token": "hunter2"});
        }),
        &Redactor::new(vec!["Default".to_owned()]).unwrap(),
    );
    assert_eq!(changes.len(), 4);
    let text = serde_json::to_string(&changes).unwrap();
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn secrets_in_volumes_headers_and_commands_are_hidden() {
    let template = |password: &str| {
        json!({"spec": {
            "volumes": [{"name": "share", "csi": {
                "driver": "smb.csi.k8s.io",
                "volumeAttributes": {"source": "//nas/share", "password": password},
            }}],
            "containers": [{
                "name": "app",
                "livenessProbe": {
                    "httpGet": {"path": "/", "port": 80, "httpHeaders": [{"name": "Cookie", "value": password}]},
                },
                "readinessProbe": {"exec": {"command": ["redis-cli", "-a", password, "ping"]}},
                "env": [{"name": "ADMIN_PW", "value": password}, {"name": "PIN", "value": password}],
            }],
        }})
    };
    let changes = changes(&template("letmein9"), &template("opensesame7"), &Redactor::built_in());
    assert_eq!(changes.len(), 5);
    for change in &changes {
        let line = change.line();
        assert!(line.contains("[redacted]"), "{line}");
        assert!(!line.contains("letmein9") && !line.contains("opensesame7"), "{line}");
    }
}
