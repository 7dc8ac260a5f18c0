//! Several clusters in one run: each has its own connection, and what is wrong with one says nothing of another.

use std::{io::Write, net::SocketAddr};

use deploygate::{
    cluster::ConnectOptions,
    fleet::Release,
    outcome::Outcome,
    recording::{Header, Reader, Writer},
    run::Pace,
};

use super::*;

fn kubeconfig(clusters: &[(&str, SocketAddr, Value)]) -> tempfile::NamedTempFile {
    let mut config = json!({"apiVersion": "v1", "kind": "Config", "current-context": "none"});
    let each = |entry: &dyn Fn(&(&str, SocketAddr, Value)) -> Value| -> Value {
        clusters.iter().map(entry).collect()
    };
    config["clusters"] = each(
        &|(name, address, _)| json!({"name": name, "cluster": {"server": format!("http://{address}")}}),
    );
    config["users"] = each(&|(name, _, user)| json!({"name": name, "user": user}));
    config["contexts"] = each(
        &|(name, ..)| json!({"name": name, "context": {"cluster": name, "user": name, "namespace": "shop"}}),
    );
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(file, "{config}").unwrap();
    file
}

fn clusters(file: &tempfile::NamedTempFile, limits: Limits, names: &[&str]) -> Vec<Cluster> {
    let kubeconfig = Some(file.path().to_owned());
    let options = ConnectOptions { kubeconfig, limits, ..ConnectOptions::default() };
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    Cluster::of(&options, &names)
}

/// Judges `deploy/app` in each cluster to its end, and the recording of that too, which comes to the same.
async fn judge_in(clusters: &[Cluster]) -> Outcome {
    let target =
        |cluster: &Cluster| Target { context: cluster.context().cloned(), ..target(policy()) };
    let targets: Vec<_> = clusters.iter().map(target).collect();
    let release = Release { keep_going: true, ..targets.into() };
    let recording = tempfile::NamedTempFile::new().unwrap();
    let clock = Clock::start();
    let header = Header::new(clock.started_at(), release.clone());
    let mut writer = Writer::new(Box::new(recording.reopen().unwrap()) as _, &header).unwrap();
    let live = Live {
        release,
        redactor: Redactor::built_in(),
        recording: Some(&mut writer),
        reporter: &mut Nobody,
        signals: &mut Signals::none(),
        clock,
        selections: Vec::new(),
    };
    let run = tokio::time::timeout(LONGEST, run::live(clusters, live));
    let (outcome, _) = run.await.expect("the run hangs");
    assert!(writer.error().is_none(), "{:?}", writer.error());
    let input = std::io::BufReader::new(recording.reopen().unwrap());
    let (header, reader) = Reader::new(input).unwrap();
    let (started_at, redactor) = (header.started_at, Redactor::built_in());
    let reporter = &mut Nobody;
    let replay = run::replay(header.release, started_at, reader, redactor, Pace::AtOnce, reporter);
    assert_eq!(shown(&replay.await.unwrap()), shown(&outcome));
    outcome
}

/// Context, verdict and reason of each target.
fn shown(outcome: &Outcome) -> Vec<(String, Verdict, Option<ReasonCode>)> {
    let shown = |target: &TargetOutcome| {
        let context = target.context.as_ref().map(ToString::to_string);
        (context.unwrap_or_default(), target.verdict, target.reason_code)
    };
    outcome.targets.iter().map(shown).collect()
}

fn passed(name: &str) -> (String, Verdict, Option<ReasonCode>) {
    (name.to_owned(), Verdict::Passed, None)
}

fn inconclusive(name: &str, code: ReasonCode) -> (String, Verdict, Option<ReasonCode>) {
    (name.to_owned(), Verdict::Inconclusive, Some(code))
}

async fn healthy() -> FakeApiServer {
    let world = World::healthy(2);
    FakeApiServer::start(move |request| world.answer(request)).await
}

fn token() -> Value {
    json!({"token": "t"})
}

#[tokio::test]
async fn a_failure_in_one_cluster_is_none_in_another() {
    let good = healthy().await;
    let mut world = World::healthy(2);
    world.pods[1] = pod(1, 95, ended());
    let bad = FakeApiServer::start(move |request| world.answer(request)).await;
    let file = kubeconfig(&[("good", good.address(), token()), ("bad", bad.address(), token())]);
    let outcome = judge_in(&clusters(&file, limits(), &["good", "bad"])).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    let failed = ("bad".to_owned(), Verdict::Failed, None);
    assert_eq!(shown(&outcome), [passed("good"), failed]);
    assert!(outcome.targets[0].findings.is_empty());
    // no log was asked of the good one
    assert!(good.seen().iter().all(|request| !request.is_for("/log")));
}

#[tokio::test]
async fn what_cannot_be_read_makes_its_own_targets_inconclusive() {
    let good = healthy().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = closed.local_addr().unwrap();
    drop(closed);
    let forbidding = FakeApiServer::start(|request| match request.method.as_str() {
        "POST" => Answer::Json(json!({"status": {"allowed": false}})),
        _ => Answer::Refusal(403, "no", None),
    })
    .await;
    let world = World::healthy(2);
    let mut lists = 0;
    let leaving = FakeApiServer::start(move |request| {
        lists += usize::from(request.is_for("/pods") && !request.is_watch());
        if lists <= 1 { world.answer(request) } else { Answer::Silence }
    })
    .await;
    let file = kubeconfig(&[
        ("good", good.address(), token()),
        ("nobody", nobody, token()),
        ("forbidding", forbidding.address(), token()),
        ("leaving", leaving.address(), token()),
    ]);
    let names = ["nobody", "leaving", "good", "forbidding", "unknown"];
    let outcome = judge_in(&clusters(&file, limits(), &names)).await;
    assert_eq!(outcome.verdict, Verdict::Inconclusive);
    let expected = [
        inconclusive("nobody", ReasonCode::ApiUnavailable),
        inconclusive("leaving", ReasonCode::Stale),
        passed("good"),
        inconclusive("forbidding", ReasonCode::Forbidden),
        inconclusive("unknown", ReasonCode::ApiUnavailable),
    ];
    assert_eq!(shown(&outcome), expected);
    let access = outcome.targets[3].next_step.command.as_ref().unwrap();
    assert_eq!(&**access, "deploygate access deployment/app -n shop --context forbidding");
    let unknown = &outcome.targets[4];
    let reason = "failed to connect to the cluster: context \"unknown\" not found";
    assert_eq!(unknown.reason.to_string(), reason);
    assert!(unknown.next_step.to_string().contains("contexts: good, nobody, "), "{unknown:?}");
}

#[cfg(unix)]
mod plugins {

    use super::*;

    /// A plugin that takes so many seconds.
    fn plugin(seconds: u32) -> Value {
        let credential = r#"{"kind": "ExecCredential", "status": {"token": "t"}}"#;
        let script = format!("sleep {seconds}; echo '{credential}'");
        json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "interactiveMode": "Never",
            "command": "sh", "args": ["-c", script]}})
    }

    #[tokio::test]
    async fn one_that_hangs_delays_no_other_cluster() {
        let (good, hung) = (healthy().await, healthy().await);
        let file =
            kubeconfig(&[("good", good.address(), token()), ("hung", hung.address(), plugin(60))]);
        let limits = Limits { connect: Duration::from_secs(3), ..limits() };
        let outcome = judge_in(&clusters(&file, limits, &["hung", "good"])).await;
        let hung_up = inconclusive("hung", ReasonCode::ApiUnavailable);
        assert_eq!(shown(&outcome), [hung_up, passed("good")]);
        let reason = outcome.targets[0].reason.to_string();
        assert!(reason.contains("credential plugin \"sh\" did not answer within 3s"), "{reason}");
        assert!(hung.seen().is_empty(), "{:?}", hung.seen());
        // the plugin takes a minute
        assert!(outcome.duration_seconds < 30.0, "{}", outcome.duration_seconds);
    }
}
