//! What is fetched about a failure beside events and logs.

use deploygate::{
    evidence::{
        Change, ChangeRequest, DetailsRequest, ObjectKind, PodDetails, PodName, Presence,
        RevisionName,
    },
    model::RevisionKind,
};

use super::*;

/// A world in which revision 2 follows revision 1; the server chooses by name, as API servers do.
fn two_revisions() -> impl FnMut(&Request) -> Answer + Send + 'static {
    let mut world = World::healthy(1);
    let mut second = world.replica_sets[0].clone();
    second["metadata"]["name"] = json!("app-2");
    second["metadata"]["uid"] = json!("r2");
    let app = &mut second["spec"]["template"]["spec"]["containers"][0];
    app["image"] = json!("app:2");
    app["env"] =
        json!([{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "TIER", "value": "web"}]);
    world.replica_sets.push(second);
    move |request| {
        let mut chosen = World { replica_sets: Vec::new(), ..World::healthy(1) };
        let named = |set: &&Value| {
            let name = set["metadata"]["name"].as_str().unwrap();
            request.parameter("fieldSelector").is_some_and(|fields| fields.ends_with(name))
        };
        chosen.replica_sets = world.replica_sets.iter().filter(named).cloned().collect();
        chosen.answer(request)
    }
}

async fn changes(server: &FakeApiServer, before: &str) -> Result<Vec<Change>, ReadFailure> {
    let set = |name: &str, uid: &str| RevisionName { name: name.into(), uid: Uid::new(uid) };
    let (before, after) = (set("app-1", before), set("app-2", "r2"));
    let request =
        EvidenceRequest::Change(ChangeRequest { kind: RevisionKind::ReplicaSet, before, after });
    let cluster = connect(server).await;
    match cluster.fetch("shop", &request, &Redactor::built_in()).await {
        Observation::Change { result, .. } => result,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn revisions_are_compared_by_lists_of_one_and_secrets_stay_behind() {
    let server = FakeApiServer::start(two_revisions()).await;
    let changes = changes(&server, "r1").await.unwrap();
    let lines: Vec<_> = changes.iter().map(|change| change.line().to_string()).collect();
    assert_eq!(
        lines,
        [
            "container app: image: app:1 → app:2",
            "container app: env DB_PASSWORD added: [redacted]",
            "container app: env TIER added: web",
        ]
    );
    assert!(server.seen().iter().all(|request| request.is_for("/replicasets")));
}

#[tokio::test]
async fn a_revision_made_anew_under_the_name_is_not_compared_with() {
    let server = FakeApiServer::start(two_revisions()).await;
    let failure = changes(&server, "another").await.unwrap_err();
    assert_eq!((failure.kind, failure.resource), (FailureKind::NotFound, Resource::ReplicaSets));
}

/// A pod that refers to objects of each kind, for somebody who may read everything, or nothing that has to be asked for.
fn referring(allowed: bool) -> impl FnMut(&Request) -> Answer + Send + 'static {
    let mut world = World::healthy(1);
    let spec = &mut world.pods[0]["spec"];
    spec["serviceAccountName"] = json!("shop");
    spec["volumes"] = json!([{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]);
    let variable = |field: &str, name: &str, key: &str| json!({"name": key.to_uppercase(), "valueFrom": {field: {"name": name, "key": key}}});
    spec["containers"][0]["env"] = json!([
        variable("configMapKeyRef", "settings", "host"),
        variable("configMapKeyRef", "settings", "port"),
        variable("configMapKeyRef", "gone", "host"),
        variable("configMapKeyRef", "../secrets/db", "host"),
        variable("secretKeyRef", "db", "password"),
    ]);
    move |request| {
        let metadata = |name: &str| json!({"kind": "PartialObjectMetadata", "metadata": {"name": name, "creationTimestamp": "2026-11-24T07:00:00Z"}});
        if request.method == "POST" {
            return Answer::Json(json!({"status": {"allowed": allowed}}));
        }
        match request.path.as_str() {
            "/api/v1/nodes/node-1" => {
                Answer::Json(json!({"status": {"nodeInfo": {"kubeletVersion": "v1.36.2"}}}))
            }
            "/api/v1/namespaces/shop/configmaps/settings" => Answer::Json(
                json!({"kind": "ConfigMap", "metadata": {}, "data": {"host": "hunter2"}}),
            ),
            "/api/v1/namespaces/shop/configmaps/gone" => {
                Answer::Refusal(404, "configmaps \"gone\" not found", None)
            }
            "/api/v1/namespaces/shop/secrets/db" => Answer::Json(metadata("db")),
            "/api/v1/namespaces/shop/serviceaccounts/shop" => Answer::Json(metadata("shop")),
            path if path.contains("/persistentvolumeclaims/") => {
                Answer::Refusal(403, "forbidden", None)
            }
            _ => world.answer(request),
        }
    }
}

async fn details(server: &FakeApiServer, uid: &str) -> Result<Box<PodDetails>, ReadFailure> {
    let request = DetailsRequest {
        pod: PodName { name: "app-1-0".into(), uid: Uid::new(uid) },
        old_pod: None,
    };
    let request = EvidenceRequest::Details(request);
    match connect(server).await.fetch("shop", &request, &Redactor::built_in()).await {
        Observation::Details { result, .. } => result,
        other => panic!("{other:?}"),
    }
}

fn presences(details: &PodDetails) -> Vec<(String, Presence)> {
    details.objects.iter().map(|object| (object.title().to_string(), object.presence)).collect()
}

#[tokio::test]
async fn each_object_of_a_pod_is_looked_for_and_no_value_is_kept() {
    let server = FakeApiServer::start(referring(true)).await;
    let details = details(&server, "p0").await.unwrap();
    assert_eq!(
        presences(&details),
        [
            ("PersistentVolumeClaim data".to_owned(), Presence::NotChecked),
            ("ConfigMap settings".to_owned(), Presence::Present),
            ("ConfigMap gone".to_owned(), Presence::Missing),
            ("ConfigMap ../secrets/db".to_owned(), Presence::NotChecked),
            ("Secret db".to_owned(), Presence::Present),
            ("ServiceAccount shop".to_owned(), Presence::Present),
        ]
    );
    let settings = details.object(ObjectKind::ConfigMap, "settings").unwrap();
    assert_eq!(settings.missing_keys.iter().map(|key| &**key).collect::<Vec<_>>(), ["port"]);
    assert_eq!(&*details.node.as_ref().unwrap().facts.as_ref().unwrap().kubelet, "v1.36.2");
    assert!(!serde_json::to_string(&details).unwrap().contains("hunter2"));
    let secrets: Vec<_> =
        server.seen().into_iter().filter(|r| r.path.contains("/secrets/")).collect();
    assert!(
        secrets.len() == 1 && secrets[0].accept.contains("as=PartialObjectMetadata"),
        "{secrets:?}"
    );
}

#[tokio::test]
async fn what_may_not_be_read_is_not_asked_for_and_not_checked() {
    let server = FakeApiServer::start(referring(false)).await;
    let details = details(&server, "p0").await.unwrap();
    assert_eq!(details.object(ObjectKind::Secret, "db").unwrap().presence, Presence::NotChecked);
    assert_eq!(
        details.object(ObjectKind::ConfigMap, "settings").unwrap().presence,
        Presence::Present
    );
    assert_eq!(details.node.as_ref().unwrap().facts, None);
    let touched = |part: &str| server.seen().iter().any(|request| request.path.contains(part));
    assert!(!touched("/secrets/") && !touched("/nodes/"), "{:?}", server.seen());
}

#[tokio::test]
async fn the_images_of_an_old_pod_are_compared_with() {
    let mut world = World::healthy(2);
    for (pod, id) in world.pods.iter_mut().zip(["app@sha256:new", "app@sha256:old"]) {
        pod["status"]["containerStatuses"][0]["imageID"] = json!(id);
    }
    let server = FakeApiServer::start(move |request| world.answer(request)).await;
    let pod = |name: &str, uid: &str| PodName { name: name.into(), uid: Uid::new(uid) };
    for (old, expected) in [
        (pod("app-1-1", "p1"), Some("app@sha256:old")),
        (pod("app-1-1", "another"), None),
        (pod("gone", "p9"), None),
    ] {
        let request = DetailsRequest { pod: pod("app-1-0", "p0"), old_pod: Some(old) };
        let request = EvidenceRequest::Details(request);
        let answer = connect(&server).await.fetch("shop", &request, &Redactor::built_in()).await;
        let Observation::Details { result: Ok(details), .. } = answer else { panic!("{answer:?}") };
        assert_eq!(details.containers[0].image_id_before.as_deref(), expected);
    }
}

#[tokio::test]
async fn the_details_of_another_pod_of_the_name_are_no_answer() {
    let server = FakeApiServer::start(referring(false)).await;
    let failure = details(&server, "another").await.unwrap_err();
    assert_eq!((failure.kind, failure.resource), (FailureKind::NotFound, Resource::Pods));
}
