//! What the cluster module makes of servers, networks and kubelets that do wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/api.rs"]
mod api;
#[path = "cluster_faults/details.rs"]
mod details;
#[path = "cluster_faults/rollback.rs"]
mod rollback;

use std::{collections::VecDeque, sync::Arc, time::Duration};

use api::{Answer, Ending, FakeApiServer, Request, World, pod, running};
use deploygate::{
    cluster::{Cluster, ClusterError, ConnectOptions, Limits, Reading, WatchGuard, WatchMessage},
    evidence::{EventsRequest, EvidenceRequest, LogEvidence, LogRequest, LogRun},
    model::{Kind, TargetRef, Uid},
    observation::{FailureKind, Observation, ReadFailure, Resource, ScopeId, World as Known},
    text::Redactor,
};
use serde_json::{Value, json};
use tokio::{sync::mpsc, time::timeout};

/// Limits that make a silent server a matter of milliseconds.
fn short() -> Limits {
    Limits {
        connect: Duration::from_secs(1),
        request: Duration::from_secs(1),
        read: Duration::from_secs(4),
        evidence: Duration::from_secs(3),
        backoff: (Duration::from_millis(5), Duration::from_millis(20)),
        page: 2,
        ..Limits::default()
    }
}

fn target() -> TargetRef {
    TargetRef {
        kind: Kind::Deployment.into(),
        namespace: "shop".parse().unwrap(),
        name: "app".parse().unwrap(),
    }
}

async fn connect(server: &FakeApiServer) -> Cluster {
    Cluster::connect(server.options(short())).await.unwrap()
}

/// One read from a server that answers like this once, and rightly from then on.
async fn read_with(
    answers: impl IntoIterator<Item = Answer>,
    applies: impl Fn(&Request) -> bool + Send + 'static,
) -> (Result<Reading, ReadFailure>, Vec<Request>) {
    let server = FakeApiServer::start(first(answers, World::healthy(3), applies)).await;
    let reading = read(&connect(&server).await).await;
    (reading, server.seen())
}

/// A script that answers from a list, one entry a request, and from the world when the list is used up.
fn first(
    answers: impl IntoIterator<Item = Answer>,
    world: World,
    applies: impl Fn(&Request) -> bool + Send + 'static,
) -> impl FnMut(&Request) -> Answer + Send + 'static {
    let mut answers: VecDeque<Answer> = answers.into_iter().collect();
    move |request| match answers.pop_front() {
        Some(answer) if applies(request) => answer,
        Some(answer) => {
            answers.push_front(answer);
            world.answer(request)
        }
        None => world.answer(request),
    }
}

fn pods_listed(request: &Request) -> bool {
    request.is_for("/pods")
}

fn deployment(request: &Request) -> bool {
    request.is_for("/deployments/app")
}

fn pods_watched(request: &Request) -> bool {
    request.is_for("/pods") && request.is_watch()
}

/// All of the one target, of which nothing is known.
async fn read(cluster: &Cluster) -> Result<Reading, ReadFailure> {
    cluster.read(&[target()], &Known::default()).await
}

fn failure(reading: Result<Reading, ReadFailure>) -> (Resource, FailureKind, String) {
    let failure = reading.unwrap_err();
    (failure.resource, failure.kind, failure.message.as_raw().to_owned())
}

mod reads {
    use super::*;

    #[tokio::test]
    async fn a_healthy_server_gives_a_consistent_snapshot_in_pages() {
        let (reading, seen) = read_with([], |_| false).await;
        let Reading { read, watch_from } = reading.unwrap();
        assert_eq!((read.pods.len(), read.replica_sets.len()), (3, 1));
        assert!(read.workloads.len() == 1 && watch_from[0].target == Some(target()));
        assert_eq!(read.server_time.unwrap().to_string(), "2026-11-24 08:00:20 UTC");
        // a resourceVersion would allow an old answer
        assert!(seen.iter().all(|request| request.parameter("resourceVersion").is_none()));
        let pages = seen.iter().filter(|request| request.is_for("/pods"));
        let pages: Vec<_> = pages.map(|request| request.parameter("continue")).collect();
        assert_eq!(pages, [None, Some("2")]);
    }

    #[tokio::test]
    async fn pages_of_a_whole_namespace_become_as_long_as_their_objects_allow() {
        for (more, limits) in [(0, ["2", "500"].as_slice()), (1_200_000, &["2"; 3])] {
            let mut world = World::healthy(6);
            for pod in &mut world.pods {
                pod["metadata"]["annotations"] = json!({"note": "x".repeat(more)});
            }
            let script = move |request: &Request| match request.is_for("/deployments") {
                true => Answer::Json(json!({"metadata": {"resourceVersion": "1"}, "items": []})),
                false => world.answer(request),
            };
            let server = FakeApiServer::start(script).await;
            let names = ["app", "b", "c", "d", "e"].map(|name| name.parse().unwrap());
            let targets = names.map(|name| TargetRef { name, ..target() });
            let reading = connect(&server).await.read(&targets, &Known::default()).await;
            assert_eq!(reading.unwrap().read.pods.len(), 6);
            let seen = server.seen();
            let pages = seen.iter().filter(|request| pods_listed(request));
            let pages: Vec<_> = pages.map(|request| request.parameter("limit").unwrap()).collect();
            assert_eq!(pages, limits);
        }
    }

    #[tokio::test]
    async fn a_workload_that_is_not_there_is_no_failure() {
        let world = World { deployment: None, ..World::healthy(1) };
        let server = FakeApiServer::start(first([], world, |_| false)).await;
        let reading = read(&connect(&server).await).await.unwrap();
        assert!(reading.read.workloads.is_empty() && reading.watch_from.is_empty());
    }

    #[tokio::test]
    async fn a_refused_connection_fails_and_the_next_read_is_fine() {
        let server = FakeApiServer::start(first([], World::healthy(1), |_| false)).await;
        let (address, options) = (server.address(), server.options(short()));
        let kubeconfig = tempfile::NamedTempFile::new().unwrap();
        std::fs::copy(options.kubeconfig.as_ref().unwrap(), kubeconfig.path()).unwrap();
        drop(server);
        tokio::task::yield_now().await;

        let options = deploygate::cluster::ConnectOptions {
            kubeconfig: Some(kubeconfig.path().to_owned()),
            ..options
        };
        let cluster = Cluster::connect(options).await.unwrap();
        let (resource, kind, message) = failure(read(&cluster).await);
        assert_eq!((resource, kind), (Resource::Workload, FailureKind::Unreachable));
        assert!(message.contains("Connection refused"), "{message}");

        let _server =
            FakeApiServer::start_at(address, first([], World::healthy(1), |_| false)).await;
        assert_eq!(read(&cluster).await.unwrap().read.pods.len(), 1);
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_is_read_once_more() {
        let broken = || Answer::Bytes(vec![b"{\"metadata\": ".to_vec()], Ending::Broken);
        let (reading, _) = read_with([broken()], pods_listed).await;
        assert_eq!(reading.unwrap().read.pods.len(), 3);

        let (reading, seen) = read_with([broken(), broken(), broken()], pods_listed).await;
        assert_eq!(failure(reading).1, FailureKind::Unreachable);
        assert_eq!(seen.iter().filter(|request| pods_listed(request)).count(), 2);
    }

    #[tokio::test]
    async fn a_server_error_is_tried_once_more() {
        let error = |code| Answer::Refusal(code, "etcdserver: leader changed", None);
        for code in [500, 502, 503, 504] {
            let (reading, _) = read_with([error(code)], pods_listed).await;
            assert!(reading.is_ok(), "{code}: {reading:?}");
        }
        let (reading, _) = read_with([error(503), error(500)], pods_listed).await;
        let (resource, kind, message) = failure(reading);
        assert_eq!((resource, kind), (Resource::Pods, FailureKind::Unavailable));
        assert_eq!(message, "failed to list pods in namespace shop: etcdserver: leader changed");
    }

    #[tokio::test]
    async fn a_long_retry_after_is_a_failure_at_once() {
        let busy = Answer::Refusal(429, "too many requests", Some("3600"));
        let read = timeout(Duration::from_secs(30), read_with([busy], deployment));
        let (reading, seen) = read.await.unwrap();
        assert_eq!(failure(reading).1, FailureKind::Unavailable);
        assert_eq!(seen.len(), 1);
    }

    #[tokio::test]
    async fn a_stalled_body_is_given_up() {
        let stalled = Answer::Bytes(vec![b"{\"metadata\"".to_vec()], Ending::Silent);
        let (reading, _) = read_with([stalled], pods_listed).await;
        let (resource, kind, message) = failure(reading);
        assert_eq!((resource, kind), (Resource::Pods, FailureKind::Unreachable));
        assert!(message.contains("no answer within 1s"), "{message}");
    }

    #[tokio::test]
    async fn a_silent_server_is_given_up() {
        let (reading, _) = read_with([Answer::Silence], deployment).await;
        assert_eq!(failure(reading).1, FailureKind::Unreachable);
    }

    #[tokio::test]
    async fn pages_without_end_are_given_up() {
        let page = || {
            Answer::Json(
                json!({"metadata": {"resourceVersion": "1", "continue": "more"}, "items": []}),
            )
        };
        let script = move |request: &Request| match request {
            request if pods_listed(request) => page(),
            request => World::healthy(1).answer(request),
        };
        let server = FakeApiServer::start(script).await;
        let limits = Limits { read: Duration::from_millis(300), ..short() };
        let cluster = Cluster::connect(server.options(limits)).await.unwrap();
        assert_eq!(failure(read(&cluster).await).1, FailureKind::Unreachable);
    }

    #[tokio::test]
    async fn nonsense_is_malformed() {
        for body in
            ["{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": [{\"meta", "<html>", "[]", ""]
        {
            let chunks = std::iter::once(body).filter(|body| !body.is_empty());
            let chunks = chunks.map(|body| body.as_bytes().to_vec()).collect();
            let nonsense = Answer::Bytes(chunks, Ending::Whole);
            let (reading, _) = read_with([nonsense], pods_listed).await;
            assert_eq!(failure(reading).1, FailureKind::Malformed, "{body:?}");
        }
    }

    #[tokio::test]
    async fn a_list_without_version_is_malformed() {
        let (reading, _) =
            read_with([Answer::Json(json!({"metadata": {}, "items": []}))], pods_listed).await;
        assert_eq!(failure(reading).1, FailureKind::Malformed);
    }

    #[tokio::test]
    async fn more_pods_than_any_workload_has_are_refused() {
        let many: Vec<Value> = vec![json!({"metadata": {"name": "p", "uid": "u"}}); 50_001];
        let list = json!({"metadata": {"resourceVersion": "1"}, "items": many});
        let (reading, _) = read_with([Answer::Json(list)], |request| request.is_for("/pods")).await;
        let (resource, kind, message) = failure(reading);
        assert_eq!((resource, kind), (Resource::Pods, FailureKind::Malformed));
        assert!(message.contains("at most 50000 objects"), "{message}");
    }

    #[tokio::test]
    async fn a_page_that_is_too_large_is_asked_for_in_shorter_ones() {
        let mut world = World::healthy(3);
        for pod in &mut world.pods {
            pod["metadata"]["annotations"] = json!({"note": "x".repeat(26 << 20)});
        }
        let server = FakeApiServer::start(move |request: &Request| world.answer(request)).await;
        let limits = Limits { read: Duration::from_secs(60), ..Limits::default() };
        let limits = Limits { request: Duration::from_secs(60), page: 2, ..limits };
        let cluster = Cluster::connect(server.options(limits)).await.unwrap();
        assert_eq!(read(&cluster).await.unwrap().read.pods.len(), 3);
        let seen = server.seen();
        let pages = seen.iter().filter(|request| pods_listed(request));
        let pages = pages.map(|request| request.parameter("limit"));
        assert_eq!(pages.collect::<Vec<_>>(), [Some("2"), Some("1"), Some("1"), Some("1")]);
    }

    /// Reads pods of which each has so many bytes twice more, once they are known, from a server that serves whole objects
    /// whatever it is asked for. The limits of the pages that were asked for then.
    async fn limits_where_only_whole_objects_are_served(more: usize) -> Vec<String> {
        let mut world = World::healthy(60);
        for pod in &mut world.pods {
            pod["metadata"]["annotations"] = json!({"note": "x".repeat(more)});
        }
        let script = move |request: &Request| {
            let accept = "application/json".to_owned();
            world.answer(&Request { accept, ..request.clone() })
        };
        let server = FakeApiServer::start(script).await;
        let limits = Limits { read: Duration::from_secs(60), ..Limits::default() };
        let limits = Limits { request: Duration::from_secs(60), page: 20, ..limits };
        let cluster = Cluster::connect(server.options(limits)).await.unwrap();
        let mut known = Known::default();
        known.take(&read(&cluster).await.unwrap().read);
        let before = server.seen().len();
        for _ in 0..2 {
            let reading = cluster.read(&[target()], &known).await.unwrap();
            assert_eq!(reading.read.pods.len(), 60);
        }
        let seen = server.seen().split_off(before);
        let pages = seen.iter().filter(|request| pods_listed(request));
        pages.map(|request| request.parameter("limit").unwrap().to_owned()).collect()
    }

    #[tokio::test]
    async fn whole_objects_in_place_of_metadata_are_read_once_and_then_in_their_own_pages() {
        let limits = limits_where_only_whole_objects_are_served(0).await;
        assert_eq!(limits, ["5000", "20", "20", "20"]);
        // more than is read of one answer
        let limits = limits_where_only_whole_objects_are_served(1 << 20).await;
        assert_eq!(limits, ["5000", "20", "20", "20", "20", "20", "20"]);
    }

    #[tokio::test]
    async fn an_expired_continue_token_begins_the_list_again() {
        let expired = Answer::Refusal(410, "The provided continue parameter is too old", None);
        let (reading, seen) =
            read_with([expired], |request| request.parameter("continue").is_some()).await;
        let names = reading.unwrap().read.pods.into_iter().map(|pod| pod.metadata.name.clone());
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["app-1-0".into(), "app-1-1".into(), "app-1-2".into()]
        );
        assert_eq!(seen.iter().filter(|request| pods_listed(request)).count(), 4);
    }

    #[tokio::test]
    async fn a_refusal_is_told_in_the_servers_words() {
        let words = "pods is forbidden: User \"ci\" cannot list resource \"pods\"";
        let (reading, seen) = read_with([Answer::Refusal(403, words, None)], pods_listed).await;
        let (resource, kind, message) = failure(reading);
        assert_eq!((resource, kind), (Resource::Pods, FailureKind::Forbidden));
        assert_eq!(message, format!("failed to list pods in namespace shop: {words}"));
        assert_eq!(seen.iter().filter(|request| pods_listed(request)).count(), 1);
    }

    #[tokio::test]
    async fn words_and_fields_of_a_later_kubernetes_are_no_failure() {
        let mut later = pod(0, 85, json!({"hibernating": {"since": "yesterday"}}));
        later["status"]["phase"] = json!("Resting");
        later["spec"]["restartPolicy"] = json!("OnFullMoon");
        later["fromTheFuture"] = json!({"a": [1, 2, 3]});
        let list = json!({"metadata": {"resourceVersion": "1", "more": {}}, "items": [later]});
        let (reading, _) = read_with([Answer::Json(list)], pods_listed).await;
        assert_eq!(reading.unwrap().read.pods.len(), 1);

        let empty = json!({"metadata": {"resourceVersion": "1", "continue": null}, "items": null});
        let (reading, _) = read_with([Answer::Json(empty)], pods_listed).await;
        assert!(reading.unwrap().read.pods.is_empty());
    }
}

mod credentials {
    use super::*;

    /// A server that takes this token only, from the second read on.
    async fn server_with_new_token(token: &'static str) -> FakeApiServer {
        let mut reads = 0;
        FakeApiServer::start(move |request: &Request| {
            reads += usize::from(deployment(request));
            if reads > 1 && request.token != token {
                return Answer::Refusal(401, "Unauthorized", None);
            }
            World::healthy(1).answer(request)
        })
        .await
    }

    #[tokio::test]
    async fn a_401_in_the_middle_makes_the_client_anew() {
        let server = server_with_new_token("t2").await;
        let cluster = connect(&server).await;
        read(&cluster).await.unwrap();
        server.rotate_token("t2");
        read(&cluster).await.unwrap();
        let tokens = server.seen().into_iter().map(|request| request.token).collect::<Vec<_>>();
        assert_eq!(tokens, ["t1", "t1", "t1", "t1", "t2", "t2", "t2"]);
    }

    #[tokio::test]
    async fn a_401_that_stays_is_not_tried_for_ever() {
        let server = server_with_new_token("never").await;
        let cluster = connect(&server).await;
        read(&cluster).await.unwrap();
        let asked = server.seen().len();
        for _ in 0..3 {
            let (resource, kind, message) = failure(read(&cluster).await);
            assert_eq!((resource, kind), (Resource::Workload, FailureKind::Unauthorized));
            assert_eq!(message, "failed to get deployment/app in namespace shop: Unauthorized");
        }
        // the first with both clients, each later one with the last
        assert_eq!(server.seen().len() - asked, 4);
    }

    fn plugin(script: &str) -> Value {
        json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "args": ["-c", script],
            "interactiveMode": "IfAvailable", "installHint": "install the plugin"}})
    }

    async fn connect_with(script: &str) -> (FakeApiServer, Result<Cluster, Arc<ClusterError>>) {
        let server = FakeApiServer::start(|request| World::healthy(1).answer(request)).await;
        server.authenticate(plugin(script));
        let cluster = Cluster::connect(server.options(short())).await;
        (server, cluster)
    }

    #[tokio::test]
    async fn a_credential_plugin_runs_once_and_is_told_that_no_one_is_there() {
        let runs = tempfile::NamedTempFile::new().unwrap();
        let script = format!(
            "echo \"$KUBERNETES_EXEC_INFO\" >> {}; echo '{{\"status\": {{\"token\": \"fresh\"}}}}'",
            runs.path().display()
        );
        let (server, cluster) = connect_with(&script).await;
        read(&cluster.unwrap()).await.unwrap();
        assert!(server.seen().iter().all(|request| request.token == "fresh"));
        let told = std::fs::read_to_string(runs.path()).unwrap();
        assert_eq!(told.lines().count(), 1, "{told}");
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["spec"]["interactive"], false);
    }

    #[tokio::test]
    async fn a_credential_plugin_that_hangs_is_named_and_ended() {
        let (_server, cluster) = connect_with("exec sleep 60").await;
        let error = cluster.err().unwrap();
        assert_eq!(error.to_string(), "credential plugin \"sh\" did not answer within 1s");
        assert!(error.hint().contains("login"));
    }

    #[tokio::test]
    async fn what_a_hung_plugin_started_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let alive = folder.path().join("alive");
        let script = format!("(while :; do echo >> {0}; sleep 0.05; done) & wait", alive.display());
        let server = FakeApiServer::start(|_: &Request| Answer::Silence).await;
        server.authenticate(plugin(&script));
        assert!(Cluster::connect(server.options(short())).await.is_err());
        let size = || std::fs::metadata(&alive).map_or(0, |found| found.len());
        let before = size();
        assert!(before > 0);
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(size(), before);
    }

    #[tokio::test]
    async fn a_plugin_that_writes_without_end_is_refused() {
        let server = FakeApiServer::start(|_: &Request| Answer::Silence).await;
        server.authenticate(plugin("yes"));
        let error = Cluster::connect(server.options(short())).await.err().unwrap().to_string();
        assert!(error.contains("it wrote more than 1048576 bytes"), "{error}");
    }

    #[tokio::test]
    async fn a_token_that_no_request_can_carry_is_a_clear_error() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::io::Write::write_all(
                &mut std::fs::OpenOptions::new()
                    .create(true)
                    .truncate(true)
                    .write(true)
                    .open(&path)
                    .unwrap(),
                text.as_bytes(),
            )
            .unwrap();
            path.display().to_string()
        };
        let broken = write("broken", "ab\ncd");
        let fine = write("fine", "ab\n");
        for (user, expected) in [
            (json!({"token": "ab\ncd"}), Some("the token is empty, or contains a line break")),
            (json!({"tokenFile": broken}), Some("the token is empty, or contains a line break")),
            (json!({"tokenFile": "/dev/zero"}), Some("/dev/zero: not a regular file")),
            (json!({"tokenFile": "/missing"}), Some("/missing: ")),
            (json!({"client-key": "/dev/zero", "client-certificate": fine}), Some("not a regular")),
            (
                plugin("printf '{\"status\": {\"token\": \"a\\\\nb\"}}'"),
                Some("contains a line break"),
            ),
            (json!({"tokenFile": fine}), None),
        ] {
            let server =
                FakeApiServer::start(|request: &Request| World::healthy(1).answer(request)).await;
            server.authenticate(user.clone());
            let connected = Cluster::connect(server.options(short())).await;
            let Some(expected) = expected else {
                read(&connected.unwrap()).await.unwrap();
                assert!(server.seen().iter().all(|request| request.token == "ab"));
                continue;
            };
            let error = connected.err().unwrap().to_string();
            assert!(error.contains(expected) && !error.contains("cd"), "{user}: {error}");
        }
    }

    #[tokio::test]
    async fn a_kubeconfig_may_come_through_a_pipe_and_is_no_device() {
        let server =
            FakeApiServer::start(|request: &Request| World::healthy(1).answer(request)).await;
        let options = server.options(short());
        let device = ConnectOptions { kubeconfig: Some("/dev/zero".into()), ..options.clone() };
        let error = Cluster::connect(device).await.err().unwrap().to_string();
        assert!(error.contains("larger than 8388608 bytes"), "{error}");
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let mut cat = std::process::Command::new("sh")
            .args(["-c", "cat \"$0\" > \"$1\""])
            .args([options.kubeconfig.as_ref().unwrap(), &pipe])
            .spawn()
            .unwrap();
        let piped = ConnectOptions { kubeconfig: Some(pipe), ..options };
        read(&Cluster::connect(piped).await.unwrap()).await.unwrap();
        assert!(cat.wait().unwrap().success());
    }

    #[tokio::test]
    async fn a_namespace_of_a_kubeconfig_is_a_name() {
        for name in ["../..", "a\n::error::x", "\u{1b}[2J", "A"] {
            let server = FakeApiServer::start(|_: &Request| Answer::Silence).await;
            let options = server.options(short());
            let path = options.kubeconfig.clone().unwrap();
            let mut config: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            config["contexts"][0]["context"]["namespace"] = json!(name);
            std::io::Write::write_all(
                &mut std::fs::OpenOptions::new().write(true).truncate(true).open(&path).unwrap(),
                config.to_string().as_bytes(),
            )
            .unwrap();
            let error = Cluster::connect(options).await.err().unwrap();
            assert!(matches!(*error, ClusterError::Namespace(_)), "{error}");
            assert!(!error.to_string().contains(name));
        }
    }

    #[tokio::test]
    async fn a_credential_plugin_that_fails_is_told_without_its_output() {
        let (_server, cluster) = connect_with(
            "echo '{\"token\": \"s3cret\"}'; echo warning >&2; echo 'session expired' >&2; exit 3",
        )
        .await;
        let error = cluster.err().unwrap();
        assert_eq!(
            error.to_string(),
            "credential plugin \"sh\" failed: exit status: 3: session expired"
        );
        assert_eq!(error.hint(), "install the plugin");
        for answer in ["echo s3cret {", "echo '{\"status\": {}}'", "true"] {
            let (_server, cluster) = connect_with(answer).await;
            let error = cluster.err().unwrap().to_string();
            assert!(error.contains("its output") && !error.contains("s3cret"), "{error}");
        }
    }
}

mod kubeconfigs {
    use deploygate::cluster::{ConnectOptions, Environment};

    use super::*;

    async fn error_of(options: ConnectOptions) -> Arc<ClusterError> {
        Cluster::connect(options).await.err().unwrap()
    }

    #[tokio::test]
    async fn where_none_was_found_is_told() {
        let env = Environment { home: Some("/nowhere".into()), ..Environment::default() };
        let error = error_of(ConnectOptions { env, ..ConnectOptions::default() }).await;
        assert_eq!(error.to_string(), "no kubeconfig found at /nowhere/.kube/config");

        let env = Environment {
            kubeconfig: Some("/nowhere/a:/nowhere/b".into()),
            // a pod does not judge its own cluster when a kubeconfig is named
            service_host: Some("10.0.0.1".into()),
            ..Environment::default()
        };
        let error = error_of(ConnectOptions { env, ..ConnectOptions::default() }).await;
        assert_eq!(error.to_string(), "no kubeconfig found at /nowhere/a, /nowhere/b");
    }

    #[tokio::test]
    async fn a_broken_one_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file.as_file(), b"clusters: {").unwrap();
        let kubeconfig = Some(file.path().to_owned());
        let error = error_of(ConnectOptions { kubeconfig, ..ConnectOptions::default() }).await;
        assert!(matches!(*error, ClusterError::Kubeconfig { .. }), "{error}");
        assert!(error.to_string().contains(file.path().to_str().unwrap()), "{error}");
    }

    #[tokio::test]
    async fn a_broken_one_is_not_quoted() {
        for text in ["users:\n- name: u\n  user: hunter2\n", "users:\n  hunter2\n hunter2: [\n"] {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::io::Write::write_all(&mut file.as_file(), text.as_bytes()).unwrap();
            let kubeconfig = Some(file.path().to_owned());
            let error = error_of(ConnectOptions { kubeconfig, ..ConnectOptions::default() }).await;
            let told = format!("{error} {error:?}");
            assert!(told.contains("invalid YAML at line"), "{told}");
            assert!(!told.contains("hunter2"), "{told}");
        }
    }

    #[tokio::test]
    async fn an_unknown_context_lists_those_that_are_there() {
        let server = FakeApiServer::start(|_| Answer::Silence).await;
        let options =
            ConnectOptions { context: Some("production".into()), ..server.options(short()) };
        let error = error_of(options).await;
        assert_eq!(error.to_string(), "context \"production\" not found");
        assert_eq!(error.hint(), "pass one with --context; contexts: fake");
    }

    #[tokio::test]
    async fn missing_files_are_passed_over_and_the_namespace_is_the_contexts() {
        let server = FakeApiServer::start(|_| Answer::Silence).await;
        let options = server.options(short());
        let path = options.kubeconfig.clone().unwrap();
        let list = std::env::join_paths(["/nowhere/a".into(), path]).unwrap();
        let env = Environment { kubeconfig: Some(list), ..Environment::default() };
        let options = ConnectOptions { kubeconfig: None, env, ..options };
        let cluster = Cluster::connect(options.clone()).await.unwrap();
        assert_eq!(&**cluster.default_namespace(), "shop");

        let options = ConnectOptions { namespace: Some("other".parse().unwrap()), ..options };
        assert_eq!(&**Cluster::connect(options).await.unwrap().default_namespace(), "other");
    }

    #[tokio::test]
    async fn a_pod_without_a_service_account_is_told() {
        let env = Environment { service_host: Some("10.0.0.1".into()), ..Environment::default() };
        let error = error_of(ConnectOptions { env, ..ConnectOptions::default() }).await;
        assert_eq!(error.to_string(), "failed to use the pod's service account");
    }

    #[tokio::test]
    async fn the_proxy_of_the_kubeconfig_is_asked() {
        let server = FakeApiServer::start(|request| World::healthy(1).answer(request)).await;
        let options = server.options(short());
        let text = std::fs::read_to_string(options.kubeconfig.as_ref().unwrap()).unwrap();
        let mut kubeconfig: Value = serde_json::from_str(&text).unwrap();
        kubeconfig["clusters"][0]["cluster"]["proxy-url"] = json!("http://127.0.0.1:1");
        let file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file.as_file(), kubeconfig.to_string().as_bytes()).unwrap();
        let options = ConnectOptions { kubeconfig: Some(file.path().to_owned()), ..options };
        let cluster = Cluster::connect(options).await.unwrap();
        assert_eq!(failure(read(&cluster).await).1, FailureKind::Unreachable);
        assert!(server.seen().is_empty());
    }

    #[tokio::test]
    async fn this_machine_is_asked_without_a_proxy() {
        let server = FakeApiServer::start(|request| World::healthy(1).answer(request)).await;
        let mut options = server.options(short());
        options.env.http_proxy = Some("http://127.0.0.1:1".into());
        let cluster = Cluster::connect(options).await.unwrap();
        assert!(read(&cluster).await.is_ok());
    }
}

mod watches {
    use super::*;

    struct Watching {
        server: FakeApiServer,
        messages: mpsc::Receiver<(ScopeId, WatchMessage)>,
        _guards: Vec<WatchGuard>,
    }

    /// Reads, and watches with these answers to the watch on pods.
    async fn watch_pods(answers: impl IntoIterator<Item = Answer>) -> Watching {
        watch(short(), answers, pods_watched).await
    }

    async fn watch(
        limits: Limits,
        answers: impl IntoIterator<Item = Answer>,
        applies: impl Fn(&Request) -> bool + Send + 'static,
    ) -> Watching {
        let script = first(answers, World::healthy(1), applies);
        let server = FakeApiServer::start(script).await;
        let cluster = Cluster::connect(server.options(limits)).await.unwrap();
        let reading = read(&cluster).await.unwrap();
        let (sender, messages) = mpsc::channel(1);
        let guards = reading.watch_from.into_iter();
        let guards = guards.map(|start| cluster.watch(start, ScopeId::default(), &sender));
        Watching { server, messages, _guards: guards.collect() }
    }

    impl Watching {
        async fn next(&mut self) -> WatchMessage {
            let next = timeout(Duration::from_secs(30), self.messages.recv()).await;
            next.unwrap().unwrap().1
        }

        /// The version of the next pod that is seen, and the gaps before it.
        async fn next_pod(&mut self) -> (u64, usize) {
            let mut gaps = 0;
            loop {
                match self.next().await {
                    WatchMessage::Gap => gaps += 1,
                    WatchMessage::Saw(Observation::PodChanged(pod)) => {
                        return (pod.metadata.version, gaps);
                    }
                    WatchMessage::Saw(other) => panic!("{other:?}"),
                }
            }
        }

        fn versions(&self) -> Vec<String> {
            let watches = self.server.seen().into_iter().filter(pods_watched);
            watches
                .map(|request| request.parameter("resourceVersion").unwrap().to_owned())
                .collect()
        }
    }

    fn changed(version: u64) -> Value {
        json!({"type": "MODIFIED", "object": pod(0, version, running())})
    }

    #[tokio::test]
    async fn changes_come_from_where_the_read_ended() {
        let mut watching =
            watch_pods([Answer::watch(&[changed(101), changed(102)], Ending::Silent)]).await;
        assert_eq!(watching.next_pod().await, (101, 0));
        assert_eq!(watching.next_pod().await, (102, 0));
        assert_eq!(watching.versions(), ["100"]);
        let seen = watching.server.seen();
        let workload = seen.iter().find(|request| request.is_for("/deployments")).unwrap();
        assert_eq!(workload.parameter("fieldSelector"), Some("metadata.name%3Dapp"));
        assert!(seen.iter().filter(|request| request.is_watch()).all(|request| {
            request.parameter("allowWatchBookmarks") == Some("true")
                && request.parameter("timeoutSeconds") == Some("200")
        }));
    }

    #[tokio::test]
    async fn a_deleted_pod_is_told_with_its_last_state() {
        let end = json!({"terminated": {"exitCode": 1, "containerID": "c1"}});
        let deleted = json!({"type": "DELETED", "object": pod(0, 103, end)});
        let mut watching = watch_pods([Answer::watch(&[deleted], Ending::Silent)]).await;
        let WatchMessage::Saw(Observation::PodDeleted(pod)) = watching.next().await else {
            panic!("no deletion");
        };
        let end = pod.status.container_statuses[0].state.termination().unwrap();
        assert_eq!(end.exit_code, 1);
    }

    #[tokio::test]
    async fn a_line_without_end_breaks_the_watch() {
        let endless = Answer::Bytes(vec![vec![b'x'; 1 << 20]; 5], Ending::Silent);
        let mut watching = watch_pods([
            Answer::watch(&[changed(101)], Ending::Broken),
            endless,
            Answer::watch(&[changed(102)], Ending::Silent),
        ])
        .await;
        assert_eq!(watching.next_pod().await, (101, 0));
        assert_eq!(watching.next_pod().await.0, 102);
        assert_eq!(watching.versions(), ["100", "101", "101"]);
    }

    #[tokio::test]
    async fn a_broken_stream_is_told_and_goes_on_from_the_last_version() {
        let mut watching = watch_pods([
            Answer::watch(&[changed(101)], Ending::Broken),
            Answer::watch(&[changed(102)], Ending::Silent),
        ])
        .await;
        assert_eq!(watching.next_pod().await, (101, 0));
        assert_eq!(watching.next_pod().await.0, 102);
        assert_eq!(watching.versions(), ["100", "101"]);
    }

    #[tokio::test]
    async fn a_stream_that_ends_in_good_order_goes_on_without_a_gap() {
        let bookmark = json!({"type": "BOOKMARK", "object": {"kind": "Pod", "apiVersion": "v1", "metadata": {"resourceVersion": "150"}}});
        let mut watching = watch_pods([
            Answer::watch(&[changed(101), bookmark], Ending::Whole),
            Answer::watch(&[changed(151)], Ending::Silent),
        ])
        .await;
        assert_eq!(watching.next_pod().await, (101, 0));
        assert_eq!(watching.next_pod().await, (151, 0));
        assert_eq!(watching.versions(), ["100", "150"]);
    }

    #[tokio::test]
    async fn a_half_open_stream_is_noticed() {
        let limits = Limits { watch_idle: Duration::from_millis(500), ..short() };
        let answers = [
            Answer::watch(&[changed(101)], Ending::Silent),
            Answer::watch(&[changed(102)], Ending::Silent),
        ];
        let mut watching = watch(limits, answers, pods_watched).await;
        assert_eq!(watching.next_pod().await.0, 101);
        let (version, gaps) = watching.next_pod().await;
        assert!(version == 102 && gaps > 0, "{version} after {gaps} gaps");
        assert_eq!(watching.versions()[..2], ["100", "101"]);
    }

    #[tokio::test]
    async fn a_watch_that_is_never_answered_is_noticed() {
        let mut watching =
            watch_pods([Answer::Silence, Answer::watch(&[changed(102)], Ending::Silent)]).await;
        let (version, gaps) = watching.next_pod().await;
        assert!(version == 102 && gaps > 0, "{version} after {gaps} gaps");
    }

    #[tokio::test]
    async fn an_expired_version_is_a_gap_whichever_way_it_is_said() {
        let expired = json!({"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"}});
        for answer in [
            Answer::watch(&[expired], Ending::Whole),
            Answer::Refusal(410, "too old resource version", None),
        ] {
            let mut watching =
                watch_pods([answer, Answer::watch(&[changed(101)], Ending::Silent)]).await;
            assert_eq!(watching.next_pod().await, (101, 1));
            // from a list made after the old version was lost, and before the gap was told
            assert_eq!(watching.versions(), ["100", "100"]);
            let lists =
                watching.server.seen().into_iter().filter(|request| {
                    pods_listed(request) && request.parameter("limit") == Some("1")
                });
            assert_eq!(lists.count(), 1);
        }
    }

    #[tokio::test]
    async fn other_errors_in_the_stream_are_a_gap_too() {
        let error =
            json!({"type": "ERROR", "object": {"kind": "Status", "code": 500, "message": "etcd"}});
        let mut watching = watch_pods([
            Answer::watch(&[error], Ending::Whole),
            Answer::watch(&[changed(101)], Ending::Silent),
        ])
        .await;
        assert_eq!(watching.next_pod().await, (101, 1));
    }

    #[tokio::test]
    async fn a_line_that_makes_no_sense_is_a_gap_and_the_rest_is_heard() {
        let nonsense = json!({"type": "MODIFIED", "object": {"metadata": 7}});
        let mut watching =
            watch_pods([Answer::watch(&[nonsense, changed(101)], Ending::Silent)]).await;
        assert_eq!(watching.next_pod().await, (101, 1));
        assert_eq!(watching.versions(), ["100"]);
    }

    #[tokio::test]
    async fn a_version_that_is_expired_each_time_is_no_storm() {
        let expired = || {
            let status = json!({"kind": "Status", "code": 410, "message": "too old"});
            Answer::watch(&[json!({"type": "ERROR", "object": status})], Ending::Whole)
        };
        let minute = Duration::from_secs(60);
        let limits = Limits { backoff: (minute, minute), ..short() };
        let answers = std::iter::repeat_with(expired).take(1000);
        let mut watching = watch(limits, answers, pods_watched).await;
        assert_eq!(watching.next().await, WatchMessage::Gap);
        let more = timeout(Duration::from_millis(150), watching.messages.recv()).await;
        assert!(more.is_err(), "{more:?}");
    }

    #[tokio::test]
    async fn a_busy_server_is_asked_again_after_one_gap() {
        let busy = || Answer::Refusal(429, "too many requests", Some("3600"));
        let mut watching = watch_pods([
            busy(),
            Answer::Refusal(503, "shutting down", None),
            busy(),
            Answer::watch(&[changed(101)], Ending::Silent),
        ])
        .await;
        assert_eq!(watching.next_pod().await, (101, 1));
    }

    #[tokio::test]
    async fn a_forbidden_watch_is_told_and_not_asked_for_in_a_row() {
        let words = "pods is forbidden: User \"ci\" cannot watch resource \"pods\"";
        let mut watching = watch_pods([Answer::Refusal(403, words, None)]).await;
        assert_eq!(watching.next().await, WatchMessage::Gap);
        let more = timeout(Duration::from_millis(150), watching.messages.recv()).await;
        assert!(more.is_err(), "{more:?}");
        assert_eq!(watching.versions(), ["100"]);
    }

    #[tokio::test]
    async fn the_workload_that_was_read_is_no_news_and_a_changed_one_is() {
        let mut newer = World::healthy(1).deployment.unwrap();
        newer["metadata"]["resourceVersion"] = json!("91");
        let lines = [
            json!({"type": "ADDED", "object": World::healthy(1).deployment.unwrap()}),
            json!({"type": "MODIFIED", "object": newer}),
            json!({"type": "DELETED", "object": newer}),
        ];
        let mut watching = watch(short(), [Answer::watch(&lines, Ending::Silent)], |request| {
            request.is_for("/deployments")
        })
        .await;
        let WatchMessage::Saw(Observation::WorkloadChanged(workload)) = watching.next().await
        else {
            panic!("no change");
        };
        assert_eq!(workload.metadata().version, 91);
        let deleted = Observation::WorkloadDeleted(Uid::new("d1"));
        assert_eq!(watching.next().await, WatchMessage::Saw(deleted));
    }

    #[tokio::test]
    async fn a_workload_that_went_before_the_watch_is_a_gap() {
        let mut watching = watch(short(), [Answer::watch(&[], Ending::Silent)], |request| {
            request.is_for("/deployments")
        })
        .await;
        assert_eq!(watching.next().await, WatchMessage::Gap);
    }

    #[tokio::test]
    async fn a_dropped_guard_ends_the_watches() {
        let mut watching = watch_pods([]).await;
        drop(watching._guards);
        let end = timeout(Duration::from_secs(30), watching.messages.recv()).await;
        assert_eq!(end.unwrap(), None);
    }

    #[tokio::test]
    async fn a_401_makes_the_client_anew() {
        let mut watching = watch_pods([
            Answer::Refusal(401, "Unauthorized", None),
            Answer::watch(&[changed(101)], Ending::Silent),
        ])
        .await;
        watching.server.rotate_token("t2");
        assert_eq!(watching.next_pod().await.0, 101);
    }
}

mod evidence {
    use super::*;

    fn log_request(container_id: &str, run: LogRun) -> LogRequest {
        LogRequest {
            pod: "app-1-0".into(),
            pod_uid: Uid::new("p0"),
            container: "app".into(),
            run,
            container_id: container_id.into(),
            lines: 8,
        }
    }

    fn terminated(container_id: &str) -> Value {
        json!({"terminated": {"exitCode": 1, "containerID": container_id}})
    }

    async fn log(server: &FakeApiServer, request: LogRequest) -> Result<LogEvidence, ReadFailure> {
        log_from(&connect(server).await, request).await
    }

    async fn log_from(cluster: &Cluster, request: LogRequest) -> Result<LogEvidence, ReadFailure> {
        let request = EvidenceRequest::Log(request);
        match cluster.fetch("shop", &request, &Redactor::built_in()).await {
            Observation::Log { result, .. } => result,
            other => panic!("{other:?}"),
        }
    }

    fn world(log: &str, state: Value) -> World {
        World { log: log.to_owned(), pods: vec![pod(0, 85, state)], ..World::healthy(1) }
    }

    async fn serve(world: World) -> FakeApiServer {
        FakeApiServer::start(move |request| world.answer(request)).await
    }

    fn shown(log: &LogEvidence) -> String {
        log.excerpt.lines().map(|line| line.to_string()).collect::<Vec<_>>().join("|")
    }

    #[tokio::test]
    async fn the_log_of_the_run_that_ended_is_read_whole() {
        let server = serve(world("start\nfatal: no route\n", terminated("c1"))).await;
        let log = log(&server, log_request("c1", LogRun::Current)).await.unwrap();
        assert_eq!((log.run, shown(&log).as_str()), (LogRun::Current, "start|fatal: no route"));
        assert!(log.excerpt.cut.is_none());
    }

    #[tokio::test]
    async fn a_run_that_moved_is_read_where_it_is() {
        let mut world = world("", running());
        world.pods[0]["status"]["containerStatuses"][0]["lastState"] = terminated("c1");
        let server = FakeApiServer::start(move |request: &Request| {
            let previous = request.parameter("previous") == Some("true");
            let log = if previous { "the crash\n" } else { "the next run\n" };
            World { log: log.to_owned(), pods: world.pods.clone(), ..World::healthy(1) }
                .answer(request)
        })
        .await;
        let log = log(&server, log_request("c1", LogRun::Current)).await.unwrap();
        assert_eq!((log.run, shown(&log).as_str()), (LogRun::Previous, "the crash"));
    }

    #[tokio::test]
    async fn the_log_of_a_first_run_is_not_taken_from_the_next_one() {
        // the kubelet has started the next run, and the API server does not know yet
        let world = world("", terminated("c1"));
        let server = FakeApiServer::start(move |request: &Request| {
            if !request.is_for("/log") {
                return world.answer(request);
            }
            let is_previous = request.parameter("previous") == Some("true");
            let log = if is_previous { "the crash\n" } else { "the next run\n" };
            Answer::Bytes(vec![log.as_bytes().to_vec()], Ending::Whole)
        })
        .await;
        let log = log(&server, log_request("c1", LogRun::Current)).await.unwrap();
        assert_eq!((log.run, shown(&log).as_str()), (LogRun::Previous, "the crash"));
    }

    #[tokio::test]
    async fn where_a_run_is_gone_the_one_after_it_is_shown_as_such() {
        let server = serve(world("another run\n", terminated("c9"))).await;
        let next = log(&server, log_request("c1", LogRun::Current)).await.unwrap();
        assert_eq!((next.run, shown(&next).as_str()), (LogRun::Next, "another run"));
        let server = serve(world("", terminated("c9"))).await;
        let failure = log(&server, log_request("c1", LogRun::Current)).await.unwrap_err();
        assert_eq!((failure.resource, failure.kind), (Resource::Logs, FailureKind::NotFound));
    }

    #[tokio::test]
    async fn a_run_whose_log_the_kubelet_removed_is_told_by_the_next_one() {
        let gone = "unable to retrieve container logs for containerd://2dfbfdbbb8d6343290";
        for (next, expected) in [("the same again\n", Some("the same again")), ("", None)] {
            let world = World { pods: Vec::new(), ..world("", running()) };
            let server = FakeApiServer::start(move |request: &Request| {
                if !request.is_for("/log") {
                    return world.answer(request);
                }
                let is_previous = request.parameter("previous") == Some("true");
                let log = if is_previous { gone } else { next };
                Answer::Bytes(vec![log.as_bytes().to_vec()], Ending::Whole)
            })
            .await;
            let log = log(&server, log_request("c1", LogRun::Previous)).await.ok();
            let told = log.map(|log| (log.run, shown(&log)));
            assert_eq!(told, expected.map(|text| (LogRun::Next, text.to_owned())));
        }
    }

    #[tokio::test]
    async fn another_pod_of_that_name_is_no_answer() {
        let server = serve(world("another pod\n", terminated("c1"))).await;
        let request = LogRequest { pod_uid: Uid::new("p7"), ..log_request("c1", LogRun::Current) };
        let failure = log(&server, request).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotFound);
        assert!(failure.message.as_raw().contains("replaced by another"));
    }

    #[tokio::test]
    async fn a_pod_that_is_gone_does_not_take_back_its_log() {
        let world = World { pods: Vec::new(), ..world("last words\n", running()) };
        let server = serve(world).await;
        let log = log(&server, log_request("c1", LogRun::Current)).await.unwrap();
        assert_eq!(shown(&log), "last words");
    }

    #[tokio::test]
    async fn an_error_of_the_kubelet_is_no_log() {
        let error = "unable to retrieve container logs for containerd://2dfbfdbbb8d6343290";
        let server = serve(world(error, terminated("c1"))).await;
        let failure = log(&server, log_request("c1", LogRun::Current)).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotFound);
        assert_eq!(
            failure.message.as_raw(),
            format!("failed to read the log of container app in pod app-1-0: {error}")
        );
    }

    #[tokio::test]
    async fn a_container_that_never_ran_is_refused_in_the_servers_words() {
        let words = "container \"app\" in pod \"app-1-0\" is waiting to start: ContainerCreating";
        let server = FakeApiServer::start(move |request: &Request| match request {
            request if request.is_for("/log") => Answer::Refusal(400, words, None),
            request => World::healthy(1).answer(request),
        })
        .await;
        let failure = log(&server, log_request("", LogRun::Current)).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Refused);
        assert!(failure.message.as_raw().ends_with(words));
    }

    /// A server with this log: it gives what is asked for, but of its beginning at most so many bytes.
    async fn server_with_log(log: Vec<u8>, bytes: usize, ending: Ending) -> FakeApiServer {
        FakeApiServer::start(move |request: &Request| {
            if !request.is_for("/log") {
                return World::healthy(1).answer(request);
            }
            let number = |name| request.parameter(name).and_then(|text| text.parse().ok());
            if let Some(tail) = number("tailLines") {
                let lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
                let last = lines[lines.len().saturating_sub(tail)..].concat();
                return Answer::Bytes(vec![last], Ending::Whole);
            }
            let limit = number("limitBytes").unwrap_or(usize::MAX);
            let ending = if log.len() > bytes { ending } else { Ending::Whole };
            Answer::Bytes(vec![log[..log.len().min(bytes).min(limit)].to_vec()], ending)
        })
        .await
    }

    /// Numbered lines with others among them.
    fn log_with(lines: usize, others: &[(usize, &str)]) -> Vec<u8> {
        let line = |number: usize| match others.iter().find(|(at, _)| *at == number) {
            Some((_, text)) => format!("{text}\n"),
            None => format!("line {number}\n"),
        };
        (1..=lines).map(line).collect::<String>().into_bytes()
    }

    #[tokio::test]
    async fn a_long_log_is_shown_with_head_and_tail_and_an_exact_number() {
        let server = server_with_log(log_with(1000, &[]), usize::MAX, Ending::Whole).await;
        let log = log(&server, log_request("", LogRun::Current)).await.unwrap();
        assert!(shown(&log).starts_with("line 1|line 2|line 995|"), "{}", shown(&log));
        assert_eq!(log.excerpt.missing().to_string(), "992 lines cut");
    }

    #[tokio::test]
    async fn the_line_that_tells_is_kept_wherever_it_stands() {
        let fatal = "bind 0.0.0.0:8080: address already in use";
        for (at, cut) in [(62, "58, 296"), (362, "354")] {
            let server =
                server_with_log(log_with(362, &[(at, fatal)]), usize::MAX, Ending::Whole).await;
            let log = log(&server, log_request("", LogRun::Current)).await.unwrap();
            assert!(shown(&log).contains(fatal), "{}", shown(&log));
            assert_eq!(log.excerpt.lines().count(), 8);
            let cuts = log.excerpt.kept.iter().map(|kept| kept.cut).chain([log.excerpt.cut]);
            let cuts: Vec<_> = cuts.map(|cut| cut.lines.to_string()).collect();
            assert_eq!(cuts.join(", "), cut);
        }
    }

    #[tokio::test]
    async fn a_log_that_takes_too_long_is_shown_with_a_lower_bound() {
        for ending in [Ending::Silent, Ending::Broken] {
            let server = server_with_log(log_with(1000, &[(800, "fatal: x")]), 400, ending).await;
            let log = log(&server, log_request("", LogRun::Current)).await.unwrap();
            assert_eq!(
                shown(&log),
                "line 1|line 2|line 799|fatal: x|line 801|line 998|line 999|line 1000"
            );
            assert_eq!(log.excerpt.missing().to_string(), "at least 242 lines cut");
        }
    }

    #[tokio::test]
    async fn a_huge_log_is_searched_at_both_ends_and_asked_for_with_limits() {
        let log = log_with(300_000, &[(5_000, "ERROR no plugin"), (296_000, "fatal: no price")]);
        let server = server_with_log(log, usize::MAX, Ending::Whole).await;
        let long = Duration::from_secs(60);
        let limits = Limits { evidence: long, whole_log: long, ..short() };
        let cluster = Cluster::connect(server.options(limits)).await.unwrap();
        let log = log_from(&cluster, log_request("", LogRun::Current)).await.unwrap();
        assert!(shown(&log).starts_with("line 1|line 2|"), "{}", shown(&log));
        for line in ["|ERROR no plugin|", "|fatal: no price|", "|line 300000"] {
            assert!(shown(&log).contains(line), "{}", shown(&log));
        }
        let seen = server.seen();
        let logs = seen.iter().filter(|request| request.is_for("/log"));
        let mut asked: Vec<_> = logs
            .map(|request| ["limitBytes", "tailLines"].map(|name| request.parameter(name)))
            .collect();
        asked.sort_unstable();
        assert_eq!(asked, [[None, Some("250")], [None, Some("5000")], [Some("1048576"), None]]);
        let missing = log.excerpt.missing();
        assert!(!missing.exact && (90_000..300_000).contains(&missing.lines), "{missing}");
    }

    #[tokio::test]
    async fn a_silent_log_is_given_up() {
        let server = FakeApiServer::start(|request: &Request| match request {
            request if request.is_for("/log") => Answer::Silence,
            request => World::healthy(1).answer(request),
        })
        .await;
        let failure = log(&server, log_request("", LogRun::Current)).await.unwrap_err();
        assert_eq!((failure.resource, failure.kind), (Resource::Logs, FailureKind::Unreachable));
    }

    #[tokio::test]
    async fn a_forbidden_log_is_told_in_the_servers_words() {
        let words = "pods \"app-1-0\" is forbidden: User \"ci\" cannot get resource \"pods/log\"";
        let server = FakeApiServer::start(move |request: &Request| match request {
            request if request.is_for("/log") => Answer::Refusal(403, words, None),
            request => World::healthy(1).answer(request),
        })
        .await;
        let failure = log(&server, log_request("c1", LogRun::Current)).await.unwrap_err();
        assert_eq!((failure.resource, failure.kind), (Resource::Logs, FailureKind::Forbidden));
        assert!(failure.message.as_raw().ends_with(words), "{:?}", failure.message);
    }

    async fn events(server: &FakeApiServer) -> Result<Vec<String>, ReadFailure> {
        let request = EvidenceRequest::Events(EventsRequest {
            kind: "Pod".into(),
            name: "app-1-0".into(),
            uid: Uid::new("p0"),
        });
        let cluster = connect(server).await;
        match cluster.fetch("shop", &request, &Redactor::built_in()).await {
            Observation::Events { result, .. } => {
                Ok(result?.iter().map(|event| event.reason.as_raw().to_owned()).collect())
            }
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn the_newest_events_are_kept_in_the_order_of_time() {
        let event = |minute: usize| {
            json!({"metadata": {"name": format!("e{}", 999 - minute)}, "type": "Warning", "reason": format!("R{minute}"),
                "involvedObject": {"kind": "Pod", "name": "app-1-0", "uid": "p0"},
                "lastTimestamp": format!("2026-11-24T{:02}:{:02}:00Z", minute / 60, minute % 60)})
        };
        let world = World { events: (0..250).rev().map(event).collect(), ..World::healthy(1) };
        let server = serve(world).await;
        let events = events(&server).await.unwrap();
        assert_eq!(events.len(), 100);
        assert_eq!((events[0].as_str(), events[99].as_str()), ("R150", "R249"));
        let asked = server.seen();
        assert_eq!(asked[0].parameter("fieldSelector"), Some("involvedObject.uid%3Dp0"));
    }

    #[tokio::test]
    async fn forbidden_events_are_a_failure_of_events() {
        let words = "events is forbidden: User \"ci\" cannot list resource \"events\"";
        let server =
            FakeApiServer::start(move |_: &Request| Answer::Refusal(403, words, None)).await;
        let failure = events(&server).await.unwrap_err();
        assert_eq!((failure.resource, failure.kind), (Resource::Events, FailureKind::Forbidden));
    }

    #[tokio::test]
    async fn unknown_is_not_denied() {
        let server = FakeApiServer::start(|request: &Request| match request.method.as_str() {
            "POST" => Answer::Refusal(500, "webhook", None),
            _ => World::healthy(1).answer(request),
        })
        .await;
        assert_eq!(connect(&server).await.access(&target()).await, []);

        let mut asked = 0;
        let server = FakeApiServer::start(move |_: &Request| {
            asked += 1;
            Answer::Json(json!({"status": {"allowed": asked % 2 == 0}}))
        })
        .await;
        let reviews = connect(&server).await.access(&target()).await;
        let denied = reviews.iter().filter(|review| !review.allowed).count();
        assert_eq!((reviews.len(), denied), (11, 6));
    }
}
