//! The key details of a failing pod as rows of a table, the same in every report.

use super::{Fact, prose};
use crate::{
    evidence::{
        Attribution, ContainerDetails, Evidence, ImageTag, NodeDetails, ObjectDetails, ObjectKind,
        PodDetails, Presence, ProbeDetails, ProbeKind, TokenMount,
    },
    phrases::{length, whole_seconds},
    report::words::{first_few, length_of_seconds, one_line},
};

/// Objects, mounts and uses that are named; the others are counted.
const NAMED: usize = 8;

/// Characters of a detail.
const DETAIL: usize = 1000;

/// The details of the pod that a finding shows: what is not as it should be first, its node last.
pub(super) fn rows(evidence: &Evidence, owner: Attribution) -> Vec<Fact<'static>> {
    let mut rows = Vec::new();
    match &evidence.details {
        Some(details) => of_pod(details, evidence, owner, &mut rows),
        None => {
            rows.extend(evidence.image.iter().map(|image| row("Image", image.to_string())));
            rows.extend(evidence.node.iter().map(|node| row("Node", node.to_string())));
        }
    }
    rows.retain(|(_, text, _)| !text.is_empty());
    rows.sort_by_key(|(.., is_trouble)| !is_trouble);
    let fact = |(name, text, is_trouble): Row| {
        let line = [prose(one_line(&text, DETAIL))];
        Fact { is_trouble, ..Fact::new(name, line) }
    };
    rows.into_iter().map(fact).collect()
}

/// What a detail is about, what is known, and whether that is not as it should be.
type Row = (&'static str, String, bool);

fn row(name: &'static str, text: String) -> Row {
    (name, text, false)
}

fn trouble(name: &'static str, text: String) -> Row {
    (name, text, true)
}

fn of_pod(details: &PodDetails, evidence: &Evidence, owner: Attribution, rows: &mut Vec<Row>) {
    let (lacking, others): (Vec<_>, Vec<_>) = details
        .objects
        .iter()
        .filter(|object| object.kind != ObjectKind::ServiceAccount)
        .partition(|object| object.is_lacking());
    rows.push(trouble("Missing", objects(&lacking)));
    // of a failure that is the whole pod's, its containers' parts would be a list without a point
    match &*details.containers {
        [container] => {
            image(container, rows);
            rows.push(row("Resources", resources(container)));
            rows.extend(container.probes.iter().map(probe));
        }
        _ => rows.extend(evidence.image.iter().map(|image| row("Image", image.to_string()))),
    }
    rows.push(row("Refers to", objects(&others)));
    rows.push(row("Mounts", mounts(details)));
    rows.push(service_account(details));
    if let (Some(created), Some(started)) = (details.created, details.started) {
        let later = whole_seconds(started.since(created));
        rows.push(row("Pod", format!("created {created}, accepted by its node {later} later")));
    }
    if let Some(node) = &details.node {
        of_node(node, owner, rows);
    }
}

fn image(container: &ContainerDetails, rows: &mut Vec<Row>) {
    let image = &container.image;
    let remark = match container.tag {
        ImageTag::Latest => " (the tag `latest` moves)",
        ImageTag::Missing => " (no tag, so `latest`, which moves)",
        ImageTag::Named | ImageTag::Digest => "",
    };
    rows.push(("Image", format!("{image}{remark}"), !remark.is_empty()));
    match (&container.image_id, &container.image_id_before) {
        (Some(id), Some(before)) => rows.push(trouble(
            "Image ID",
            format!("{id}; the revision before ran {before} under the same name"),
        )),
        (Some(id), None) => rows.push(row("Image ID", id.to_string())),
        (None, _) => {}
    }
}

fn of_node(node: &NodeDetails, owner: Attribution, rows: &mut Vec<Row>) {
    let Some(facts) = &node.facts else {
        return rows.push(row("Node", node.name.to_string()));
    };
    let mut troubles: Vec<String> = facts
        .troubles
        .iter()
        .map(|condition| {
            format!("{} is {} ({})", condition.kind, condition.status, condition.reason)
        })
        .collect();
    if facts.cordoned {
        troubles.push("it is cordoned".to_owned());
    }
    if facts.runtime_too_old {
        let (runtime, kubelet) = (&facts.runtime, &facts.kubelet);
        troubles.push(format!("{runtime} is older than what kubelet {kubelet} supports"));
    }
    // where the program or the manifest is at fault, the node's state explains nothing
    let matters = match owner {
        Attribution::Platform | Attribution::Unknown => true,
        Attribution::Application | Attribution::Configuration => false,
    };
    let name = &node.name;
    let facts = [&facts.kubelet, &facts.runtime, &facts.os, &facts.architecture];
    let [kubelet, runtime, os, architecture] = facts;
    rows.push(row("Node", format!("{name}: kubelet {kubelet}, {runtime}, {os}, {architecture}")));
    rows.push(("State of the node", troubles.join("; "), matters));
}

fn resources(container: &ContainerDetails) -> String {
    let amounts = container.resources.iter().map(|amount| {
        let request = amount.request.as_ref().map(|request| format!("request {request}"));
        let limit = match &amount.limit {
            Some(limit) => format!("limit {limit}"),
            None => "no limit".to_owned(),
        };
        let parts: Vec<_> = request.into_iter().chain([limit]).collect();
        format!("{}: {}", amount.resource, parts.join(", "))
    });
    let amounts: Vec<_> = amounts.collect();
    if amounts.is_empty() { "no requests, no limits".to_owned() } else { amounts.join("; ") }
}

/// `HTTP GET port 80 path /up: killed after 30s of failures (every 10s, 3 in a row, timeout 1s)`.
fn probe(probe: &ProbeDetails) -> Row {
    let seconds = |seconds: u64| length(std::time::Duration::from_secs(seconds));
    let budget = seconds(probe.budget_seconds);
    let (what, budget) = match probe.kind {
        ProbeKind::Startup => ("Startup probe", format!("{budget} to start, then killed")),
        ProbeKind::Liveness => ("Liveness probe", format!("killed after {budget} of failures")),
        ProbeKind::Readiness => {
            ("Readiness probe", format!("out of service after {budget} of failures"))
        }
    };
    let first = match probe.initial_delay_seconds {
        0 => String::new(),
        delay => format!("first after {}, ", seconds(delay)),
    };
    let text = format!(
        "{}: {budget} ({first}every {}, {} in a row, timeout {})",
        probe.action,
        seconds(probe.period_seconds),
        probe.failure_threshold,
        seconds(probe.timeout_seconds),
    );
    row(what, text)
}

fn objects(objects: &[&ObjectDetails]) -> String {
    let (named, more) = first_few(objects, NAMED);
    named.iter().map(|object| self::object(object)).collect::<Vec<_>>().join("; ") + &more
}

/// `Secret db (not checked; env DB_PASSWORD)`, `key host of ConfigMap app-config (env HOST)`.
fn object(object: &ObjectDetails) -> String {
    let (uses, more) = first_few(&object.uses, 3);
    let uses: Vec<_> = uses.iter().map(|of| &*of.place).collect();
    let uses = uses.join(", ") + &more;
    let keys: Vec<_> = object.missing_keys.iter().map(|key| &**key).collect();
    let title = object.title();
    match (object.is_lacking(), &*keys) {
        (true, []) => format!("{title} ({uses})"),
        (true, [key]) => format!("key {key} of {title} ({uses})"),
        (true, keys) => format!("keys {} of {title} ({uses})", keys.join(", ")),
        (false, _) => {
            let is_optional = object.optional && object.presence == Presence::Missing;
            let optional = if is_optional { ", optional" } else { "" };
            format!("{title} ({}{optional}; {uses})", presence(object.presence))
        }
    }
}

/// Whether an object exists.
const fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Present => "exists",
        Presence::Missing => "missing",
        Presence::NotChecked => "not checked",
    }
}

fn mounts(details: &PodDetails) -> String {
    let mounts: Vec<String> = details
        .volumes
        .iter()
        .flat_map(|volume| volume.mounts.iter().map(move |mount| (volume, mount)))
        .map(|(volume, mount)| {
            let read_only = if mount.read_only { ", read-only" } else { "" };
            format!("{}: {}{read_only}", mount.path, volume.source)
        })
        .collect();
    let (named, more) = first_few(&mounts, NAMED);
    named.join("; ") + &more
}

fn service_account(details: &PodDetails) -> Row {
    let mut accounts = details.objects.iter().filter(|o| o.kind == ObjectKind::ServiceAccount);
    let Some(account) = accounts.next() else { return row("Service account", String::new()) };
    let token = match details.token {
        TokenMount::Absent => "no token mounted".to_owned(),
        TokenMount::Mounted { expiration_seconds: None } => "token mounted".to_owned(),
        TokenMount::Mounted { expiration_seconds: Some(seconds) } => {
            let length = length_of_seconds(seconds as f64);
            format!("token mounted, each valid for {length}")
        }
    };
    let presence = presence(account.presence);
    ("Service account", format!("{} ({presence}), {token}", account.name), account.is_lacking())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{report::document::Part, text::Redactor};

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
        let line = |fact: Fact<'_>| {
            let [Part::Prose(text)] = &*fact.line else { panic!("{fact:?}") };
            format!("{}{}: {text}", if fact.is_trouble { "! " } else { "" }, fact.name)
        };
        rows(evidence, owner).into_iter().map(line).collect()
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
        assert!(
            lines.last().unwrap().starts_with("State of the node: Ready is False"),
            "{lines:?}"
        );
    }

    #[test]
    fn without_details_what_the_pod_itself_told_is_left() {
        let evidence = Evidence {
            node: Some(crate::text::Clean::from_static("node-1")),
            ..Evidence::default()
        };
        assert_eq!(lines(&evidence), ["Node: node-1"]);
    }
}
