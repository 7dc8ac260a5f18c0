//! Which objects are targets, and what is known of them.

use super::{super::NotJudged, deployment, read, targets};

#[test]
fn workloads_are_targets_in_their_order() {
    let text = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: canary}
";
    let expected = [
        "shop/deployment/web",
        "statefulset/db",
        "daemonset/agent",
        "job/migrate",
        "rollout/canary",
    ];
    assert_eq!(targets(text), expected);
}

#[test]
fn other_objects_are_told_with_the_reason() {
    let text = "
{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: c}}
---
{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: d}}
---
{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: e, namespace: shop}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: f}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: g}}
---
{apiVersion: batch/v1, kind: Job, metadata: {generateName: h-}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: i, annotations: {helm.sh/hook: pre-install}}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: j, annotations: {argocd.argoproj.io/hook: PreSync}}}
---
{apiVersion: extensions/v1beta1, kind: Deployment, metadata: {name: k}}
---
{apiVersion: apps.openshift.io/v1, kind: Deployment, metadata: {name: l}}
";
    let manifests = read(text).unwrap();
    assert!(manifests.targets.is_empty());
    let others = manifests.others.iter().map(|other| (&*other.name, other.why));
    let expected = [
        ("a", NotJudged::NoWorkload),
        ("b", NotJudged::NoRollout),
        ("c", NotJudged::NoRollout),
        ("d", NotJudged::NoRollout),
        ("e", NotJudged::CustomResource),
        ("f", NotJudged::CustomResource),
        ("g", NotJudged::NoWorkload),
        ("h-", NotJudged::GeneratedName),
        ("i", NotJudged::Hook),
        ("j", NotJudged::Hook),
        ("k", NotJudged::NoWorkload),
        ("l", NotJudged::CustomResource),
    ];
    assert_eq!(others.collect::<Vec<_>>(), expected);
    assert_eq!(manifests.others[4].namespace.as_deref(), Some("shop"));
    assert_eq!(&*manifests.others[4].group, "cert-manager.io");
}

#[test]
fn a_rollout_runs_the_template_of_the_deployment_that_it_names() {
    let text = deployment("      containers:\n      - name: app\n        image: app:2\n");
    let rollout = "
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: canary}
spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: app}}
";
    for text in [format!("{text}---{rollout}"), format!("{rollout}---\n{text}")] {
        let manifests = read(&text).unwrap();
        let [target] = &*manifests.targets else { panic!("{:?}", manifests.targets) };
        assert_eq!(&*target.name, "canary");
        assert_eq!(target.images["app"].as_ref(), "app:2");
        let line = |part| target.sources.find(&[part]).unwrap().line as usize;
        let at = |of: &str| 1 + text.lines().position(|line| line.contains(of)).unwrap();
        assert_eq!(line(super::Part::Image("app".into())), at("app:2"));
        assert_eq!(line(super::Part::Object), at("argoproj"));
        assert_eq!(manifests.others[0].why, NotJudged::WorkloadRef);
    }
}

#[test]
fn lists_are_their_items() {
    let text = r#"{"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}},
        {"apiVersion": "v1", "kind": "List", "items": [
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "b"}}]},
        {"apiVersion": "apps/v1", "kind": "DaemonSetList", "items": [{"metadata": {"name": "c"}}]},
        {"apiVersion": "v1", "kind": "List", "items": []}, {"apiVersion": "v1", "kind": "List"}
    ]}"#;
    assert_eq!(targets(text), ["deployment/a", "deployment/b", "daemonset/c"]);
}

#[test]
fn documents_without_anything_are_left_out() {
    let text = "---\n# Source: chart/templates/a.yaml\n\n---\nnull\n--- # b\n~\n---\n# c\n...\n---\n\
        apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\n---\n";
    assert_eq!(targets(text), ["deployment/app"]);
    for nothing in ["", "\n\n", "# nothing\n", "---\n---\n", "\u{feff}", "\u{feff}# a\r\n"] {
        assert!(read(nothing).unwrap().others.is_empty(), "{nothing:?}");
    }
}

#[test]
fn objects_of_json_may_follow_each_other() {
    let object = |name| {
        format!(r#"{{"apiVersion":"apps/v1","kind":"Deployment","metadata":{{"name":"{name}"}}}}"#)
    };
    let text = format!("{}\n{}{}\n---\n{}\n", object("a"), object("b"), object("c"), object("d"));
    assert_eq!(targets(&text), ["deployment/a", "deployment/b", "deployment/c", "deployment/d"]);
    let tabs = "{\n\t\"apiVersion\": \"apps/v1\",\n\t\"kind\": \"Deployment\",\n\t\"metadata\": {\n\t\t\"name\": \"a\\u0062\"\n\t}\n}\n";
    assert_eq!(targets(tabs), ["deployment/ab"]);
}

#[test]
fn what_is_applied_last_holds() {
    let image = |image: &str| {
        deployment(&format!("      containers:\n      - {{name: app, image: {image}}}\n"))
    };
    let manifests = read(&format!("{}---\n{}", image("app:1"), image("app:2"))).unwrap();
    assert_eq!(manifests.targets.len(), 1);
    assert_eq!(manifests.targets[0].images["app"].as_ref(), "app:2");
    let twice = deployment(
        "      containers:\n      - name: app\n        image: app:1\n        image: app:3\n",
    );
    assert_eq!(read(&twice).unwrap().targets[0].images["app"].as_ref(), "app:3");
}

#[test]
fn images_are_kept_by_container_as_they_are_written() {
    let text = deployment(
        "      initContainers:
      - {name: migrate, image: 'r.example:5000/a/b@sha256:0a'}
      - {name: proxy, image: envoy, restartPolicy: Always}
      containers:
      - {name: app, image: 1.10}
      - {name: filled-in-elsewhere}
      - {name: nothing, image: }
",
    );
    let images: Vec<_> = read(&text).unwrap().targets.remove(0).images.into_iter().collect();
    let images: Vec<_> = images.iter().map(|(name, image)| (&**name, &**image)).collect();
    let expected =
        [("app", "1.10"), ("migrate", "r.example:5000/a/b@sha256:0a"), ("proxy", "envoy")];
    assert_eq!(images, expected);
}

#[test]
fn replicas_and_pauses_are_known() {
    let of = |kind: &str, spec: &str| {
        let group = if kind == "Job" { "batch/v1" } else { "apps/v1" };
        let text = format!(
            "{{apiVersion: {group}, kind: {kind}, metadata: {{name: a}}, spec: {{{spec}}}}}"
        );
        let target = read(&text).unwrap().targets.remove(0);
        (target.replicas, target.is_paused)
    };
    assert_eq!(of("Deployment", ""), (None, false));
    assert_eq!(of("Deployment", "replicas: 0, paused: yes"), (Some(0), true));
    assert_eq!(of("StatefulSet", "replicas: 3, suspend: true"), (Some(3), false));
    assert_eq!(of("Job", "suspend: true"), (None, true));
    assert_eq!(of("Job", "suspend: 'true'"), (None, false));
    assert_eq!(of("Deployment", "replicas: null"), (None, false));
    assert_eq!(of("Deployment", "replicas: '3'"), (None, false));
}

#[test]
fn merges_take_effect_where_they_stand() {
    let image = |container: &str| {
        let text = deployment(&format!(
            "      initContainers: [&base {{name: base, image: base:1}}, &more {{image: more:1, tty: true}}]\n      containers:\n      - {container}\n"
        ));
        let images = read(&text).unwrap().targets.remove(0).images;
        images.get("app").map(|image| image.to_string())
    };
    assert_eq!(image("{<<: *base, name: app}").as_deref(), Some("base:1"));
    assert_eq!(image("{<<: *base, name: app, image: app:1}").as_deref(), Some("app:1"));
    assert_eq!(image("{image: app:1, <<: *base, name: app}").as_deref(), Some("base:1"));
    assert_eq!(image("{<<: [*more, *base], name: app}").as_deref(), Some("more:1"));
    assert_eq!(image("{<<: {image: own:1}, name: app}").as_deref(), Some("own:1"));
    assert_eq!(image("{'<<': *base, name: app}"), None);
}
