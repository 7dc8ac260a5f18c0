//! What a pod's JSON tells, and what of it goes no further.

use serde_json::json;

use super::{container::tag_of, *};
use crate::{
    evidence::{ImageTag, ObjectDetails, ObjectKind, PodDetails, Presence, ProbeKind, TokenMount},
    text::Redactor,
};

fn raw_pod() -> Value {
    json!({
        "metadata": {"name": "app-1", "uid": "u1", "creationTimestamp": "2026-01-01T00:00:00Z"},
        "spec": {
            "nodeName": "node-1", "serviceAccountName": "shop", "imagePullSecrets": [{"name": "registry"}],
            "volumes": [
                {"name": "config", "configMap": {"name": "app-config", "items": [{"key": "app.yaml", "path": "x"}]}},
                {"name": "data", "persistentVolumeClaim": {"claimName": "app-data"}},
                {"name": "all", "projected": {"sources": [{"secret": {"name": "tls"}}, {"configMap": {"name": "extra", "optional": true}}]}},
                {"name": "kube-api-access-x", "projected": {"sources": [
                    {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}, {"configMap": {"name": "kube-root-ca.crt"}}]}}],
            "initContainers": [{"name": "migrate", "image": "migrate"}],
            "containers": [
                {"name": "app", "image": "registry.example:5000/app:2",
                    "env": [{"name": "DB_HOST", "valueFrom": {"configMapKeyRef": {"name": "app-config", "key": "host"}}},
                        {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password", "optional": true}}},
                        {"name": "PLAIN", "value": "hunter2"}],
                    "envFrom": [{"secretRef": {"name": "db"}}],
                    "resources": {"requests": {"memory": "64Mi", "cpu": "100m"}, "limits": {"memory": "128Mi"}},
                    "startupProbe": {"httpGet": {"port": 8080, "path": "/up?token=hunter2hunter2"}, "initialDelaySeconds": 5, "failureThreshold": 30, "periodSeconds": 2},
                    "livenessProbe": {"tcpSocket": {"port": "web"}},
                    "volumeMounts": [{"name": "config", "mountPath": "/etc/app", "readOnly": true},
                        {"name": "kube-api-access-x", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}]},
                {"name": "proxy", "image": "proxy@sha256:aa", "env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "proxy", "key": "a"}}}]}],
        },
        "status": {"startTime": "2026-01-01T00:00:02Z", "containerStatuses": [{"name": "app", "imageID": "registry.example:5000/app@sha256:bb"}]},
    })
}

fn details() -> PodDetails {
    pod(&raw_pod(), &Redactor::built_in())
}

#[test]
fn each_object_that_a_pod_refers_to_is_named_once_with_its_uses() {
    let details = details();
    let line = |object: &ObjectDetails| {
        let uses = object.uses.iter().map(|of| of.place.to_string());
        format!(
            "{}{}: {}",
            object.title(),
            if object.optional { "?" } else { "" },
            uses.collect::<Vec<_>>().join(", ")
        )
    };
    assert_eq!(
        details.objects.iter().map(line).collect::<Vec<_>>(),
        [
            "ConfigMap app-config: volume config, env DB_HOST",
            "PersistentVolumeClaim app-data: volume data",
            "Secret tls: volume all",
            "ConfigMap extra?: volume all",
            "Secret db: env DB_PASSWORD, envFrom",
            "ConfigMap proxy: env A",
            "ServiceAccount shop: service account",
            "Secret registry?: image pull secret",
        ]
    );
    assert!(details.objects.iter().all(|object| object.presence == Presence::NotChecked));
}

#[test]
fn the_token_of_the_service_account_is_no_volume_of_the_pod() {
    let details = details();
    assert_eq!(details.token, TokenMount::Mounted { expiration_seconds: Some(3607) });
    let names: Vec<_> = details.volumes.iter().map(|volume| &*volume.name).collect();
    assert_eq!(names, ["config", "data", "all"]);
    assert_eq!(&*details.volumes[0].source, "ConfigMap app-config");
}

#[test]
fn a_container_tells_its_image_resources_and_probes() {
    let details = details();
    let app = &details.containers[1];
    assert_eq!(
        (app.tag, app.image_id.as_deref()),
        (ImageTag::Named, Some("registry.example:5000/app@sha256:bb"))
    );
    let amounts: Vec<_> = app
        .resources
        .iter()
        .map(|r| (&*r.resource, r.request.as_deref(), r.limit.as_deref()))
        .collect();
    assert_eq!(amounts, [("cpu", Some("100m"), None), ("memory", Some("64Mi"), Some("128Mi"))]);
    let budgets: Vec<_> =
        app.probes.iter().map(|p| (p.kind, p.budget_seconds, &*p.action)).collect();
    assert_eq!(
        budgets,
        [
            (ProbeKind::Startup, 65, "HTTP GET port 8080 path /up?token=[redacted]"),
            (ProbeKind::Liveness, 30, "TCP port web"),
        ]
    );
}

#[test]
fn no_value_of_a_variable_gets_into_the_details() {
    let line = serde_json::to_string(&details()).unwrap();
    assert!(!line.contains("hunter2"), "{line}");
    assert_eq!(serde_json::from_str::<PodDetails>(&line).unwrap(), details());
}

#[test]
fn what_concerns_another_container_only_is_left_out() {
    let details = details().about(Some("proxy"));
    assert_eq!(details.containers.len(), 1);
    assert!(details.object(ObjectKind::ConfigMap, "proxy").is_some());
    assert!(details.object(ObjectKind::Secret, "db").is_none());
    let config = details.object(ObjectKind::ConfigMap, "app-config").unwrap();
    assert_eq!(config.uses.len(), 1, "a volume concerns the whole pod");
    assert!(details.volumes.iter().all(|volume| volume.mounts.is_empty()));
}

#[test]
fn tags_are_told_from_ports_and_digests() {
    for (image, expected) in [
        ("app", ImageTag::Missing),
        ("registry.example:5000/app", ImageTag::Missing),
        ("app:latest", ImageTag::Latest),
        ("registry.example:5000/shop/app:2", ImageTag::Named),
        ("app:latest@sha256:aa", ImageTag::Digest),
    ] {
        assert_eq!(tag_of(image), expected, "{image}");
    }
}

#[test]
fn keys_of_a_config_map_are_compared_by_name_and_its_last_writer_counts() {
    let mut details = details();
    let config = &mut details.objects[0];
    found(
        config,
        &json!({"metadata": {"creationTimestamp": "2026-01-01T00:00:00Z", "managedFields": [
            {"time": "2026-01-03T00:00:00Z"}, {"time": "2026-01-09T00:00:00Z", "subresource": "status"}]},
        "data": {"host": "db"}}),
    );
    assert_eq!(config.missing_keys.iter().map(|key| &**key).collect::<Vec<_>>(), ["app.yaml"]);
    assert!(config.is_lacking());
    assert_eq!(config.written.unwrap().to_string(), "2026-01-03 00:00:00 UTC");
    found(config, &json!({"metadata": {}, "data": {"host": "", "app.yaml": ""}}));
    assert!(!config.is_lacking());
}

#[test]
fn keys_that_were_not_read_are_not_missing() {
    let mut details = details();
    found(&mut details.objects[0], &json!({"kind": "PartialObjectMetadata", "metadata": {}}));
    assert!(!details.objects[0].is_lacking());
    let db = details.objects.iter_mut().find(|object| &*object.name == "db").unwrap();
    found(db, &json!({"metadata": {}}));
    assert!(!db.is_lacking());
}

#[test]
fn another_image_under_the_same_name_is_noticed() {
    let before = |image: &str, id: &str| {
        let mut old = raw_pod();
        old["spec"]["containers"][0]["image"] = json!(image);
        old["status"]["containerStatuses"][0]["imageID"] = json!(id);
        let mut details = details();
        compare_images(&mut details, &old, &Redactor::built_in());
        details.containers[1].image_id_before.as_deref().map(str::to_owned)
    };
    let (image, id) = ("registry.example:5000/app:2", "registry.example:5000/app@sha256:bb");
    assert_eq!(before(image, "app@sha256:cc").as_deref(), Some("app@sha256:cc"));
    assert_eq!(before(image, id), None);
    assert_eq!(before(image, ""), None);
    assert_eq!(before("registry.example:5000/app:1", "app@sha256:cc"), None);
}
