//! What is fetched about a failure beside events and logs.

use deploygate::evidence::{Change, ChangeRequest, ReplicaSetName};

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
    let set = |name: &str, uid: &str| ReplicaSetName { name: name.into(), uid: Uid::new(uid) };
    let (before, after) = (set("app-1", before), set("app-2", "r2"));
    let request = EvidenceRequest::Change(ChangeRequest { before, after });
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
