use serde_json::json;

use super::*;
use crate::text::Redactor;

fn evidence(edit: impl FnOnce(&mut PodDetails)) -> Evidence {
    let pod = json!({"metadata": {"creationTimestamp": "2026-01-01T00:00:00Z"},
        "spec": {"nodeName": "node-1", "serviceAccountName": "default", "volumes": [{"name": "config", "configMap": {"name": "app-config"}}],
            "containers": [{"name": "app", "image": "app:2",
                "env": [{"name": "HOST", "valueFrom": {"configMapKeyRef": {"name": "app-config", "key": "host"}}}],
                "readinessProbe": {"httpGet": {"port": 80, "path": "/up"}, "initialDelaySeconds": 5},
                "resources": {"limits": {"memory": "32Mi"}},
                "volumeMounts": [{"name": "config", "mountPath": "/etc/app", "readOnly": true}]}]},
        "status": {"startTime": "2026-01-01T00:00:02Z"}});
    let mut details = crate::inspect::pod(&pod, &Redactor::built_in());
    edit(&mut details);
    Evidence { details: Some(Box::new(details)), ..Evidence::default() }
}

fn lines(evidence: &Evidence) -> Vec<String> {
    lines_of(evidence, Attribution::Unknown)
}

fn lines_of(evidence: &Evidence, owner: Attribution) -> Vec<String> {
    let line = |Detail { name, text, is_trouble }: Detail| {
        format!("{}{name}: {text}", if is_trouble { "! " } else { "" })
    };
    details(evidence, owner).into_iter().map(line).collect()
}

#[test]
fn details_are_told_in_rows() {
    assert_eq!(
        lines(&evidence(|_| {})),
        [
            "Image: app:2",
            "Resources: memory: limit 32Mi",
            "Readiness probe: HTTP GET port 80 path /up: out of service after 30s of failures (first after 5s, every 10s, 3 in a row, timeout 1s)",
            "Refers to: ConfigMap app-config (not checked; volume config, env HOST)",
            "Mounts: /etc/app: ConfigMap app-config, read-only",
            "Service account: default (not checked), no token mounted",
            "Pod: created 2026-01-01 00:00:00 UTC, accepted by its node 2s later",
            "Node: node-1",
        ]
    );
}

#[test]
fn what_is_not_as_it_should_be_comes_first() {
    let evidence = evidence(|details| {
        crate::inspect::found(
            &mut details.objects[0],
            &json!({"metadata": {}, "data": {"port": "80"}}),
        );
        details.objects[1].presence = Presence::Missing;
        details.containers[0].tag = ImageTag::Latest;
        details.node.as_mut().unwrap().facts = Some(crate::inspect::node(
            &json!({"spec": {"unschedulable": true},
            "status": {"nodeInfo": {"kubeletVersion": "v1.36.0", "containerRuntimeVersion": "containerd://1.7.1"},
                "conditions": [{"type": "Ready", "status": "False", "reason": "KubeletNotReady"}]}}),
        ));
    });
    assert_eq!(
        lines(&evidence)[..4],
        [
            "! Missing: key host of ConfigMap app-config (volume config, env HOST)",
            "! Image: app:2 (the tag `latest` moves)",
            "! Service account: default (missing), no token mounted",
            "! State of the node: Ready is False (KubeletNotReady); it is cordoned; containerd://1.7.1 is older than what kubelet v1.36.0 supports",
        ]
    );
    let lines = lines_of(&evidence, Attribution::Application);
    assert!(lines.last().unwrap().starts_with("State of the node: Ready is False"), "{lines:?}");
}

#[test]
fn without_details_what_the_pod_itself_told_is_left() {
    let evidence =
        Evidence { node: Some(crate::text::Clean::from_static("node-1")), ..Evidence::default() };
    assert_eq!(lines(&evidence), ["Node: node-1"]);
}
