//! Writes whose answer is lost, against a server that does what it is told.

use super::*;
use deploygate::{
    cluster::{OldTemplate, Written},
    evidence::RevisionName,
};

fn written(request: &Request) -> bool {
    request.method == "PATCH"
}

/// One write to a server that answers it like this; what was asked.
async fn write_with(answers: impl IntoIterator<Item = Answer>) -> (Written, Vec<Request>) {
    let server = FakeApiServer::start(first(answers, World::healthy(1), written)).await;
    let cluster = connect(&server).await;
    let sight = cluster.sight(&target()).await.unwrap().unwrap();
    let revision = RevisionName { name: "app-1".into(), uid: Uid::new("r1") };
    let template: OldTemplate = cluster.old_template(&target(), &revision).await.unwrap();
    assert_eq!(sight.workload.template().digest, template.digest);
    (cluster.restore(&target(), &sight, &template).await, server.seen())
}

#[tokio::test]
async fn a_write_is_sent_once_whatever_becomes_of_its_answer() {
    let broken = || Answer::Bytes(vec![b"{\"metadata\": ".to_vec()], Ending::Broken);
    for answer in [
        Answer::Silence,
        broken(),
        Answer::Refusal(500, "etcd timed out", None),
        Answer::Refusal(504, "gateway timed out", None),
    ] {
        let (written, seen) = write_with([answer]).await;
        assert!(matches!(written, Written::Lost(_)), "{written:?}");
        assert_eq!(seen.iter().filter(|request| request.method == "PATCH").count(), 1);
    }
    let (written, seen) = write_with([]).await;
    assert!(matches!(written, Written::Done), "{written:?}");
    let patch = seen.iter().find(|request| request.method == "PATCH").unwrap();
    assert!(patch.is_for("/deployments/app") && patch.query == "fieldManager=deploygate");
}

#[tokio::test]
async fn what_was_not_written_is_told_apart() {
    const WEBHOOK: &str = "admission webhook \"policy.shop\" denied the request: no";
    const DENIED: &str = "deployments.apps \"app\" is forbidden: User \"ci\" cannot patch resource \"deployments\" in API group \"apps\"";
    for (code, message, expected) in [
        (409, "the object has been modified", "Conflict"),
        (429, "too many requests", "Conflict"),
        (403, DENIED, "Forbidden"),
        (403, WEBHOOK, "Rejected"),
        (422, "the server rejected our request due to an error in our request", "Rejected"),
    ] {
        let answers = [Answer::Refusal(code, message, None)];
        let (written, _) = write_with(answers).await;
        assert!(format!("{written:?}").starts_with(expected), "{code}: {written:?}");
    }
}
