//! Whole runs against an API server that does wrong: no fault is green, none hangs, and the outcome says why.
//!
//! A run with a healthy server takes the five seconds that two agreeing reads need; the tests run side by side.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "support/api.rs"]
mod api;
#[path = "live/contexts.rs"]
mod contexts;
#[path = "support/nobody.rs"]
mod nobody;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use api::{Answer, Ending, FakeApiServer, Request, World, pod, running};
use deploygate::{
    clock::Clock,
    cluster::{Cluster, Limits},
    fleet::Target,
    gate::{Grace, Policy, ReasonCode, Seconds, Verdict},
    model::{Kind, TargetRef},
    outcome::TargetOutcome,
    run::{self, Live, Signals},
    text::Redactor,
};
use nobody::Nobody;
use serde_json::{Value, json};

fn policy() -> Policy {
    let mut policy = Policy {
        timeout: Duration::from_secs(10),
        window: Duration::from_secs(1),
        ..Policy::default()
    };
    policy.grace.insert(Grace::Stale, Seconds(Duration::from_secs(4)));
    policy
}

fn target(policy: Policy) -> Target {
    let workload = TargetRef {
        kind: Kind::Deployment.into(),
        namespace: "shop".parse().unwrap(),
        name: "app".parse().unwrap(),
    };
    Target::new(None, workload, policy)
}

fn limits() -> Limits {
    Limits {
        request: Duration::from_millis(800),
        read: Duration::from_secs(2),
        evidence: Duration::from_millis(500),
        ..Limits::default()
    }
}

/// The most that any run may take: its deadline, five seconds, and the window.
const LONGEST: Duration = Duration::from_secs(10 + 5 + 6);

async fn judge_by(policy: Policy, server: &FakeApiServer) -> TargetOutcome {
    judge_within(limits(), policy, server).await
}

async fn judge_within(limits: Limits, policy: Policy, server: &FakeApiServer) -> TargetOutcome {
    judge_target(limits, target(policy), server).await
}

async fn judge_target(limits: Limits, target: Target, server: &FakeApiServer) -> TargetOutcome {
    let cluster = Cluster::connect(server.options(limits)).await.unwrap();
    let live = Live {
        release: vec![target].into(),
        redactor: Redactor::built_in(),
        recording: None,
        reporter: &mut Nobody,
        signals: &mut Signals::none(),
        clock: Clock::start(),
        selections: Vec::new(),
    };
    let run = tokio::time::timeout(LONGEST, run::live(std::slice::from_ref(&cluster), live));
    let (outcome, _) = run.await.expect("the run hangs");
    outcome.targets.into_iter().next().unwrap()
}

async fn judge(script: impl FnMut(&Request) -> Answer + Send + 'static) -> TargetOutcome {
    judge_by(policy(), &FakeApiServer::start(script).await).await
}

/// A server that is healthy until so many lists of pods were asked for.
async fn healthy_until(
    reads: usize,
    mut after: impl FnMut(&Request) -> Answer + Send + 'static,
) -> TargetOutcome {
    let world = World::healthy(2);
    let mut lists = 0;
    judge(move |request| {
        lists += usize::from(request.is_for("/pods") && !request.is_watch());
        if lists <= reads { world.answer(request) } else { after(request) }
    })
    .await
}

fn ended() -> Value {
    json!({"terminated": {"exitCode": 3, "reason": "Error", "containerID": "containerd://c1",
        "startedAt": "2026-11-24T08:00:05Z", "finishedAt": "2026-11-24T08:00:06Z"}})
}

fn judged(outcome: &TargetOutcome) -> (Verdict, Option<ReasonCode>) {
    (outcome.verdict, outcome.reason_code)
}

#[tokio::test]
async fn a_healthy_server_passes() {
    let world = World::healthy(2);
    let outcome = judge(move |request| world.answer(request)).await;
    assert_eq!(judged(&outcome), (Verdict::Passed, None), "{}", outcome.reason);
    assert!(outcome.coverage.reads >= 2);
}

#[tokio::test]
async fn nothing_is_written() {
    let mut world = World::healthy(2);
    world.pods[1] = pod(1, 95, ended());
    let server = FakeApiServer::start(move |request| world.answer(request)).await;
    judge_by(policy(), &server).await;
    for request in server.seen() {
        let asks = request.method == "POST" && request.is_for("/selfsubjectaccessreviews");
        assert!(request.method == "GET" || asks, "{} {}", request.method, request.path);
    }
}

#[tokio::test]
async fn a_server_that_refuses_connections_for_a_while_passes() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let down = FakeApiServer::start(|_| Answer::Silence).await;
    let mut options = down.options(limits());
    let kubeconfig = std::fs::read_to_string(options.kubeconfig.as_ref().unwrap()).unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let moved = kubeconfig.replace(&down.address().to_string(), &address.to_string());
    std::io::Write::write_all(&mut file, moved.as_bytes()).unwrap();
    options.kubeconfig = Some(file.path().to_owned());
    let cluster = Cluster::connect(options).await.unwrap();
    let mut policy = policy();
    policy.grace.insert(Grace::Stale, Seconds(Duration::from_secs(9)));
    let live = Live {
        release: vec![target(policy)].into(),
        redactor: Redactor::built_in(),
        recording: None,
        reporter: &mut Nobody,
        signals: &mut Signals::none(),
        clock: Clock::start(),
        selections: Vec::new(),
    };
    let world = World::healthy(2);
    let late = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        FakeApiServer::start_at(address, move |request| world.answer(request)).await
    };
    let (run, _server) = tokio::join!(
        tokio::time::timeout(LONGEST, run::live(std::slice::from_ref(&cluster), live)),
        async {
            let server = late.await;
            tokio::time::sleep(Duration::from_secs(9)).await;
            server
        }
    );
    let (outcome, _) = run.expect("the run hangs");
    assert_eq!(outcome.verdict, Verdict::Passed, "{}", outcome.targets[0].reason);
    assert!(outcome.targets[0].coverage.failed_reads > 0);
}

#[tokio::test]
async fn a_server_that_goes_away_in_the_window_is_never_green() {
    let outcome = healthy_until(1, |_| Answer::Silence).await;
    assert_eq!(
        judged(&outcome),
        (Verdict::Inconclusive, Some(ReasonCode::Stale)),
        "{}",
        outcome.reason
    );
}

#[tokio::test]
async fn errors_without_end_are_inconclusive() {
    type Fault = fn() -> Answer;
    let faults: [(&str, Fault); 4] = [
        ("500", || Answer::Refusal(500, "etcd is gone", None)),
        ("429", || Answer::Refusal(429, "too many requests", Some("3600"))),
        ("truncated", || {
            Answer::Bytes(vec![br#"{"metadata": {"resourceV"#.to_vec()], Ending::Whole)
        }),
        ("stalled", || {
            Answer::Bytes(vec![br#"{"metadata": {"resourceV"#.to_vec()], Ending::Silent)
        }),
    ];
    for (name, fault) in faults {
        let outcome = healthy_until(1, move |_| fault()).await;
        assert_eq!(judged(&outcome), (Verdict::Inconclusive, Some(ReasonCode::Stale)), "{name}");
        assert!(outcome.coverage.failed_reads > 0, "{name}");
    }
}

#[tokio::test]
async fn a_burst_of_errors_is_outlived() {
    let world = World::healthy(2);
    let mut count = 0;
    let outcome = judge(move |request| {
        count += 1;
        if (8..16).contains(&count) {
            Answer::Refusal(503, "rolling", None)
        } else {
            world.answer(request)
        }
    })
    .await;
    assert_eq!(outcome.verdict, Verdict::Passed, "{}", outcome.reason);
}

#[tokio::test]
async fn what_may_not_be_read_is_forbidden() {
    for path in ["/deployments/app", "/replicasets", "/pods"] {
        let world = World::healthy(2);
        let outcome = judge(move |request| {
            if request.is_for(path) {
                Answer::Refusal(403, "no", None)
            } else {
                world.answer(request)
            }
        })
        .await;
        assert_eq!(
            judged(&outcome),
            (Verdict::Inconclusive, Some(ReasonCode::Forbidden)),
            "{path}"
        );
        assert!(outcome.next_step.to_string().contains("access"), "{}", outcome.next_step);
    }
}

#[tokio::test]
async fn a_kind_that_the_cluster_does_not_serve_is_unsupported() {
    let groups = |names: &[&str]| {
        let groups: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
        Answer::Json(json!({"kind": "APIGroupList", "groups": groups}))
    };
    // Argo CD has the same group
    for (names, resources) in
        [(&["apps"][..], None), (&["apps", "argoproj.io"], Some("applications"))]
    {
        let server = FakeApiServer::start(move |request| match (&*request.path, resources) {
            ("/apis", _) => groups(names),
            ("/apis/argoproj.io/v1alpha1", Some(name)) => {
                Answer::Json(json!({"kind": "APIResourceList", "resources": [{"name": name}]}))
            }
            (path, _) if path.starts_with("/apis/argoproj.io") => Answer::Refusal(404, "", None),
            _ => Answer::Json(json!({"status": {"allowed": true}})),
        })
        .await;
        let mut target = target(policy());
        target.workload.kind = Kind::Rollout.into();
        let outcome = judge_target(limits(), target, &server).await;
        assert_eq!(
            judged(&outcome),
            (Verdict::Inconclusive, Some(ReasonCode::Unsupported)),
            "{names:?}"
        );
        let reason = outcome.reason.to_string();
        assert!(reason.contains("Argo Rollouts is not installed"), "{reason}");
    }
}

#[tokio::test]
async fn a_crash_is_judged_without_logs_and_events_and_the_gap_is_told() {
    let mut world = World::healthy(2);
    world.pods[1] = pod(1, 95, ended());
    let outcome = judge(move |request| {
        if request.is_for("/log") || request.is_for("/events") {
            Answer::Refusal(403, "no", None)
        } else {
            world.answer(request)
        }
    })
    .await;
    assert_eq!(outcome.verdict, Verdict::Failed, "{}", outcome.reason);
    let missing: Vec<_> = outcome.coverage.missing.iter().map(|gap| gap.what.to_string()).collect();
    assert!(missing.iter().any(|what| what.starts_with("log of")), "{missing:?}");
    assert!(missing.iter().any(|what| what.starts_with("events of")), "{missing:?}");
}

#[tokio::test]
async fn logs_and_events_that_never_come_hold_nothing_up() {
    let mut world = World::healthy(2);
    world.pods[1] = pod(1, 95, ended());
    let outcome = judge(move |request| {
        let hangs = request.is_for("/log") || request.is_for("/events");
        if hangs { Answer::Silence } else { world.answer(request) }
    })
    .await;
    assert_eq!(outcome.verdict, Verdict::Failed, "{}", outcome.reason);
}

#[tokio::test]
async fn evidence_that_does_not_come_in_time_is_told_as_missing() {
    let mut world = World::healthy(2);
    world.pods[1] = pod(1, 95, ended());
    let server = FakeApiServer::start(move |request| {
        if request.is_for("/log") { Answer::Silence } else { world.answer(request) }
    })
    .await;
    let patient = Limits { evidence: Duration::from_secs(60), ..limits() };
    let outcome = judge_within(patient, policy(), &server).await;
    assert_eq!(outcome.verdict, Verdict::Failed, "{}", outcome.reason);
    let missing = &outcome.coverage.missing;
    assert!(
        missing.iter().any(|gap| gap.what.starts_with("log of") && gap.why.contains("in time")),
        "{missing:?}"
    );
}

#[tokio::test]
async fn a_crash_that_a_watch_shows_fails_with_its_log() {
    let mut world = World::healthy(2);
    world.log = "starting\nfatal: no database\n".into();
    let mut crashed = World::healthy(2);
    crashed.pods[1] = pod(1, 120, ended());
    let line = json!({"type": "MODIFIED", "object": pod(1, 120, ended())});
    let outcome = judge(move |request| {
        if request.is_watch() && request.is_for("/pods") {
            return Answer::watch(std::slice::from_ref(&line), Ending::Silent);
        }
        // the pod by its name, as it is after the crash
        if request.is_for("/pods/app-1-1") {
            crashed.answer(request)
        } else {
            world.answer(request)
        }
    })
    .await;
    assert_eq!(outcome.verdict, Verdict::Failed, "{}", outcome.reason);
    assert!(outcome.reason.to_string().contains("fatal: no database"), "{}", outcome.reason);
    assert_eq!(outcome.findings[0].exit_code, Some(3));
}

#[tokio::test]
async fn without_a_watch_reads_see_it_all() {
    let no_watch = |world: World| {
        move |request: &Request| match request.is_watch() {
            true => Answer::Refusal(403, "no watch", None),
            false => world.answer(request),
        }
    };
    let outcome = judge(no_watch(World::healthy(2))).await;
    assert_eq!(outcome.verdict, Verdict::Passed, "{}", outcome.reason);
    let mut world = World::healthy(2);
    world.pods[0] = pod(0, 95, ended());
    assert_eq!(judge(no_watch(world)).await.verdict, Verdict::Failed);
}

#[tokio::test]
async fn a_target_that_goes_is_deleted_also_if_its_name_comes_back() {
    let gone = healthy_until(1, |_| Answer::Refusal(404, "not found", None)).await;
    assert_eq!(judged(&gone), (Verdict::Inconclusive, Some(ReasonCode::Deleted)));
    let mut back = World::healthy(2);
    if let Some(deployment) = &mut back.deployment {
        deployment["metadata"]["uid"] = json!("d2");
    }
    let back = healthy_until(1, move |request| back.answer(request)).await;
    assert_eq!(judged(&back), (Verdict::Inconclusive, Some(ReasonCode::Deleted)));
}

#[tokio::test]
async fn a_token_that_expires_in_the_middle_is_renewed_once() {
    let world = World::healthy(2);
    let requests = Arc::new(AtomicUsize::new(0));
    let server = FakeApiServer::start(move |request| {
        let number = requests.fetch_add(1, Ordering::Relaxed);
        let expired = number > 21 && request.token == "t1";
        if expired { Answer::Refusal(401, "Unauthorized", None) } else { world.answer(request) }
    })
    .await;
    let run = judge_by(policy(), &server);
    let renew = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        server.rotate_token("t2");
    };
    let (outcome, ()) = tokio::join!(run, renew);
    assert_eq!(outcome.verdict, Verdict::Passed, "{}", outcome.reason);
}

#[tokio::test]
async fn a_watch_that_breaks_again_and_again_changes_nothing() {
    let world = World::healthy(2);
    let outcome = judge(move |request| {
        if request.is_watch() { Answer::watch(&[], Ending::Broken) } else { world.answer(request) }
    })
    .await;
    assert_eq!(outcome.verdict, Verdict::Passed, "{}", outcome.reason);
    let world = World::healthy(2);
    let expired =
        json!({"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired"}});
    let outcome = judge(move |request| {
        if request.is_watch() {
            Answer::watch(std::slice::from_ref(&expired), Ending::Whole)
        } else {
            world.answer(request)
        }
    })
    .await;
    assert_eq!(outcome.verdict, Verdict::Passed, "{}", outcome.reason);
}

#[tokio::test]
async fn words_of_a_later_kubernetes_are_never_green_and_no_panic() {
    let mut world = World::healthy(2);
    world.pods[0] = pod(0, 95, json!({"hibernating": {"since": 4}}));
    world.pods[0]["status"]["phase"] = json!("Dreaming");
    let outcome = judge(move |request| world.answer(request)).await;
    assert_eq!(outcome.verdict, Verdict::TimedOut, "{}", outcome.reason);
    let mut world = World::healthy(2);
    world.pods[0] = pod(0, 95, running());
    world.pods[0]["status"]["newField"] = json!({"a": [1, null]});
    let outcome = judge(move |request| world.answer(request)).await;
    assert_eq!(outcome.verdict, Verdict::Passed, "{}", outcome.reason);
}
