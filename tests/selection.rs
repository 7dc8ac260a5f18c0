//! Targets that are found in a cluster: whole runs of the program before an API server with workloads of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "other tests do more with it")]
mod api;
#[path = "support/program.rs"]
mod program;
#[path = "support/served.rs"]
mod served;
#[path = "support/xml.rs"]
mod xml;

use std::fs;
use std::path::Path;

use api::{Answer, Request, World};
use program::{Ended, deploygate};
use serde_json::{Value, json};

/// A workload as a list has it.
fn workload(namespace: &str, name: &str, labels: Value, replicas: u32) -> Value {
    json!({"metadata": {"namespace": namespace, "name": name, "uid": name, "labels": labels}, "spec": {"replicas": replicas}})
}

fn of_helm(mut workload: Value, release: &str, namespace: &str) -> Value {
    workload["metadata"]["annotations"] =
        json!({"meta.helm.sh/release-name": release, "meta.helm.sh/release-namespace": namespace});
    workload
}

fn deployments() -> Vec<Value> {
    vec![
        of_helm(workload("shop", "app", json!({"app": "shop"}), 2), "store", "shop"),
        workload("shop", "off", json!({"app": "shop"}), 0),
        workload("shop", "web", json!({"app": "web"}), 1),
        of_helm(workload("ops", "agent", json!({"app": "shop"}), 1), "store", "shop"),
    ]
}

/// A cluster without Argo Rollouts. Lists of workloads are filtered as the label selectors of these tests ask.
fn answer(world: &World, request: &Request) -> Answer {
    let list = |items: Vec<Value>| {
        Answer::Json(json!({"metadata": {"resourceVersion": "9"}, "items": items}))
    };
    if request.is_watch() {
        return world.answer(request);
    }
    match &*request.path {
        "/apis" => Answer::Json(json!({"groups": [{"name": "apps"}, {"name": "batch"}]})),
        path if path.ends_with("/deployments") => {
            let asked = request.parameter("labelSelector").unwrap_or_default();
            let is_asked = |one: &Value| match asked {
                "" => true,
                asked => {
                    asked == format!("app%3D{}", one["metadata"]["labels"]["app"].as_str().unwrap())
                }
            };
            let is_there = |one: &Value| {
                let own =
                    format!("/namespaces/{}/", one["metadata"]["namespace"].as_str().unwrap());
                !path.contains("/namespaces/") || path.contains(&own)
            };
            let found = deployments().into_iter().filter(|one| is_asked(one) && is_there(one));
            list(found.collect())
        }
        path if ["/statefulsets", "/daemonsets", "/jobs"].iter().any(|end| path.ends_with(end)) => {
            list(Vec::new())
        }
        path if path.ends_with("/deployments/off") => {
            let mut off = world.deployment.clone().unwrap();
            off["metadata"]["name"] = json!("off");
            off["spec"]["replicas"] = json!(0);
            Answer::Json(off)
        }
        _ => world.answer(request),
    }
}

/// Runs the program in a folder of its own.
struct Run {
    folder: tempfile::TempDir,
    ended: Ended,
    seen: Vec<Request>,
}

impl Run {
    async fn of(args: &[&str]) -> Self {
        let world = World::healthy(2);
        Self::before(move |request| answer(&world, request), args).await
    }

    async fn before(
        script: impl FnMut(&Request) -> Answer + Send + 'static,
        args: &[&str],
    ) -> Self {
        let reports = ["junit", "json", "markdown", "html"];
        let reports = reports.iter().map(|format| format!("--report={format}=gate.{format}"));
        let fixed = ["wait", "--window=1s", "--grace=stale=1s", "--record=run.jsonl"];
        let fixed = fixed.iter().map(|arg| (*arg).to_owned());
        let args: Vec<String> =
            fixed.chain(reports).chain(args.iter().map(|arg| (*arg).to_owned())).collect();
        let folder = tempfile::tempdir().unwrap();
        let (ended, seen) = served::before(script, folder.path(), args).await;
        Self { ended, folder, seen }
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn outcome(&self) -> Value {
        serde_json::from_str(&self.read("gate.json")).unwrap()
    }

    fn targets(&self) -> Vec<String> {
        let outcome = self.outcome();
        let targets = outcome["targets"].as_array().unwrap().iter();
        targets
            .map(|target| format!("{}/{}", target["namespace"], target["name"]).replace('"', ""))
            .collect()
    }
}

#[tokio::test]
async fn a_selector_finds_its_workloads_and_those_that_stand_still_are_noted() {
    let run = Run::of(&["-l", "app=shop"]).await;
    assert_eq!(run.ended.code, Some(0), "{}", run.ended.stderr);
    assert_eq!(run.targets(), ["shop/app"]);
    let note = "not judged: deployment/off in namespace shop (0 replicas)";
    for name in ["gate.json", "gate.markdown", "gate.html", "gate.junit"] {
        assert!(run.read(name).contains(note), "{name}: {}", run.read(name));
    }
    // at the start and at the end
    assert_eq!(run.ended.stderr.matches("deployment/off").count(), 2, "{}", run.ended.stderr);
    let replayed = replay(run.folder.path());
    assert_eq!(replayed.code, Some(0), "{}", replayed.stderr);
    assert!(replayed.stderr.contains("deployment/off"), "{}", replayed.stderr);
}

fn replay(folder: &Path) -> Ended {
    deploygate().current_dir(folder).run(["replay", "run.jsonl", "--report=json=again.json"])
}

#[tokio::test]
async fn a_typo_is_red_in_every_report_and_says_what_is_there() {
    let run = Run::of(&["-l", "app=shpo"]).await;
    assert_eq!(run.ended.code, Some(3), "{}", run.ended.stderr);
    let told =
        "no workload with app=shpo in namespace shop; there are 3 workloads; label app: shop, web";
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat(&run.ended.stderr).contains(told), "{}", run.ended.stderr);
    assert!(run.ended.stderr.contains("INCONCLUSIVE"), "{}", run.ended.stderr);
    for name in ["gate.json", "gate.markdown", "gate.html", "gate.junit"] {
        assert!(run.read(name).contains(told), "{name}: {}", run.read(name));
    }
    let outcome = run.outcome();
    assert_eq!(outcome["verdict"], "inconclusive");
    assert_eq!(outcome["problems"][0]["reason_code"], "nothing-matched");
    let cases = xml::read(run.read("gate.junit").as_bytes());
    let end = &cases[0].ends[0];
    assert_eq!((&*end.element, end.kind.as_deref()), ("error", Some("nothing-matched")));
    let replayed = replay(run.folder.path());
    assert_eq!(replayed.code, Some(3), "{}", replayed.stderr);
    assert!(flat(&replayed.stderr).contains(told), "{}", replayed.stderr);
}

#[tokio::test]
async fn every_part_of_a_selection_must_match() {
    let run = Run::of(&["-l", "app=shop", "--helm-release=store", "--helm-release=stroe"]).await;
    assert_eq!(run.ended.code, Some(3), "{}", run.ended.stderr);
    let outcome = run.outcome();
    assert_eq!(outcome["problems"].as_array().unwrap().len(), 1);
    let reason = outcome["problems"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("Helm release stroe of namespace shop"), "{reason}");
    assert!(reason.ends_with("of the Helm releases store in shop"), "{reason}");
}

#[tokio::test]
async fn what_is_found_is_listed_and_nothing_is_judged() {
    let list = async |args: &[&str]| {
        let run = Run::of(&[&["--list"], args].concat()).await;
        (run.ended.code, run.ended.stdout)
    };
    let shop = "deployment/app -n shop\n";
    assert_eq!(list(&["-l", "app=shop"]).await, (Some(0), shop.to_owned()));
    assert_eq!(list(&["--helm-release=store"]).await, (Some(0), shop.to_owned()));
    let both = "deployment/app -n shop\ndeployment/agent -n ops\n";
    assert_eq!(list(&["-A", "-l", "app=shop"]).await, (Some(0), both.to_owned()));
    assert_eq!(list(&["-A", "--helm-release=store"]).await, (Some(0), both.to_owned()));
    assert_eq!(list(&["-A", "-n", "ops", "--helm-release=store"]).await.0, Some(3));
    assert_eq!(list(&["sts", "-l", "app=shop"]).await, (Some(3), String::new()));
    assert_eq!(
        list(&["deploy/app", "sts/db"]).await.1,
        "deployment/app -n shop\nstatefulset/db -n shop\n"
    );
    // nothing else is left
    assert_eq!(list(&["deploy", "-l", "app=none"]).await.0, Some(3));
}

#[tokio::test]
async fn a_namespace_that_does_not_exist_is_told_from_one_without_workloads() {
    let of = |exists: bool| async move {
        let world = World::healthy(2);
        let named = |name: &str| json!({"metadata": {"name": name, "namespace": "", "uid": name}});
        let script = move |request: &Request| match &*request.path {
            "/api/v1/namespaces/shp" if exists => Answer::Json(named("shp")),
            "/api/v1/namespaces/shp" => Answer::Refusal(404, "namespaces \"shp\" not found", None),
            "/api/v1/namespaces" => {
                Answer::Json(json!({"metadata": {}, "items": [named("ops"), named("shop")]}))
            }
            _ => answer(&world, request),
        };
        let run = Run::before(script, &["-l", "app=shop", "-n", "shp"]).await;
        assert_eq!(run.ended.code, Some(3), "{}", run.ended.stderr);
        let problem = &run.outcome()["problems"][0];
        assert_eq!(problem["reason_code"], "nothing-matched");
        problem["reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(of(false).await, "there is no namespace shp; did you mean shop?");
    assert!(of(true).await.starts_with("no workload with app=shop in namespace shp"));
}

#[tokio::test]
async fn lists_that_are_forbidden_are_inconclusive() {
    let world = World::healthy(2);
    let script = move |request: &Request| match request.is_for("/daemonsets") {
        true => Answer::Refusal(403, "daemonsets.apps is forbidden", None),
        false => answer(&world, request),
    };
    let run = Run::before(script, &["-l", "app=shop"]).await;
    assert_eq!(run.ended.code, Some(3), "{}", run.ended.stderr);
    let problem = &run.outcome()["problems"][0];
    assert_eq!(problem["reason_code"], "forbidden");
    let text = problem.to_string();
    assert!(text.contains("daemonsets.apps is forbidden") && text.contains("deploy,sts"), "{text}");
}

#[tokio::test]
async fn one_namespace_that_may_not_be_read_does_not_keep_the_others_from_their_verdicts() {
    let world = World::healthy(2);
    let script = move |request: &Request| match request.path.contains("/namespaces/ops/") {
        true => Answer::Refusal(403, "forbidden in ops", None),
        false => answer(&world, request),
    };
    let run = Run::before(script, &["-A", "-l", "app=shop", "--grace=stale=20s"]).await;
    assert_eq!(run.ended.code, Some(3), "{}", run.ended.stderr);
    let outcome = run.outcome();
    let verdict = |target: usize| {
        let target = &outcome["targets"][target];
        (target["name"].clone(), target["verdict"].clone(), target["reason_code"].clone())
    };
    assert_eq!(verdict(0), (json!("app"), json!("passed"), json!(null)));
    assert_eq!(verdict(1), (json!("agent"), json!("inconclusive"), json!("forbidden")));
}

#[tokio::test]
async fn a_server_that_recovers_in_time_is_asked_again() {
    let world = World::healthy(2);
    let mut lists = 0;
    let script = move |request: &Request| {
        lists += usize::from(request.is_for("/namespaces/shop/deployments"));
        match lists {
            1..=3 => Answer::Refusal(503, "overloaded", None),
            _ => answer(&world, request),
        }
    };
    let run = Run::before(script, &["-l", "app=shop", "--list", "--grace=stale=20s"]).await;
    assert_eq!(run.ended.code, Some(0), "{}", run.ended.stderr);
    assert!(run.seen.iter().any(|request| request.is_for("/daemonsets")));

    let down = |_: &Request| Answer::Refusal(503, "overloaded", None);
    let run = Run::before(down, &["-l", "app=shop"]).await;
    assert_eq!(run.ended.code, Some(3), "{}", run.ended.stderr);
    assert_eq!(run.outcome()["problems"][0]["reason_code"], "api-unavailable");
}

#[test]
fn a_selector_that_is_none_is_wrong_usage() {
    for (args, expected) in [
        (&["-l", "app=shop,"][..], "found the end, expected a label at character 10"),
        (&["deploy/app", "-l", "app=shop"], "write kinds only"),
        (&["-A", "deploy/app"], "across all namespaces"),
        (&["--helm-release=Store"], "invalid value `Store` for --helm-release"),
        (&[], "required"),
    ] {
        let ended = deploygate().run(["wait"].iter().chain(args));
        assert_eq!(ended.code, Some(2), "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(expected), "{args:?}: {}", ended.stderr);
    }
}
