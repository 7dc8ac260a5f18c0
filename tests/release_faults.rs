//! A release before a cluster that does not show all of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "reports of the program are read here")]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared with tests of single targets")]
mod api;
#[path = "support/program.rs"]
#[expect(dead_code, reason = "shared with tests that need more of it")]
mod program;
#[path = "support/served.rs"]
mod served;
#[path = "support/town.rs"]
mod town;

use std::{
    fs,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use api::{Answer, Ending, Request};
use program::{Ended, deploygate};
use serde_json::{Value, json};
use town::{House, answer};

/// A run of the program, and the same from its recording.
struct Run {
    folder: tempfile::TempDir,
    ended: Ended,
    seen: Vec<Request>,
    took: Duration,
}

impl Run {
    async fn before(
        script: impl FnMut(&Request) -> Answer + Send + 'static,
        args: &[&str],
    ) -> Self {
        let fixed = ["wait", "--window=1s", "--timeout=20s", "--record=run.jsonl"];
        let args: Vec<String> = fixed
            .iter()
            .chain(&["--report=json=gate.json", "--keep-going"])
            .chain(args)
            .map(|arg| (*arg).to_owned())
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let began = Instant::now();
        let (ended, seen) = served::before(script, folder.path(), args).await;
        let run = Self { ended, folder, seen, took: began.elapsed() };
        run.replays();
        run
    }

    fn outcome(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.folder.path().join(name)).unwrap()).unwrap()
    }

    /// Each target with its verdict and why.
    fn judged(&self) -> Vec<String> {
        let outcome = self.outcome("gate.json");
        let targets = outcome["targets"].as_array().unwrap().iter();
        let told = targets.map(|target| {
            let text = |key: &str| target[key].as_str().unwrap_or_default().to_owned();
            let code = text("reason_code");
            format!("{}/{} {} {code}", text("namespace"), text("name"), text("verdict"))
        });
        told.map(|line| line.trim_end().to_owned()).collect()
    }

    fn reason(&self, target: usize) -> String {
        self.outcome("gate.json")["targets"][target]["reason"].as_str().unwrap().to_owned()
    }

    fn replays(&self) {
        let program = deploygate().current_dir(self.folder.path());
        let ended = program.run(["replay", "run.jsonl", "--report=json=again.json"]);
        assert_eq!(ended.code, self.ended.code, "{}", ended.stderr);
        let [live, again] = ["gate.json", "again.json"].map(|name| self.outcome(name));
        assert_eq!(live["targets"], again["targets"]);
    }
}

fn town(houses: &[(&str, &str)]) -> Vec<House> {
    houses.iter().map(|(namespace, name)| House::new(namespace, name)).collect()
}

const FORBIDDEN: Answer = Answer::Refusal(403, "the account may not do this", None);

#[tokio::test]
async fn pods_that_are_forbidden_in_one_namespace_leave_the_other_one_judged() {
    let houses = town(&[("front", "web"), ("front", "api"), ("back", "db")]);
    let script = move |request: &Request| match request.is_for("/namespaces/back/pods") {
        true => FORBIDDEN,
        false => answer(&houses, request),
    };
    let run = Run::before(script, &["-A"]).await;
    assert_eq!(
        run.judged(),
        ["front/web passed", "front/api passed", "back/db inconclusive forbidden"]
    );
    assert_eq!(run.ended.code, Some(3), "{}", run.ended.stderr);
    assert_eq!(
        run.reason(2),
        "deploygate may not read pods: failed to list pods in namespace back: the account may not do this"
    );
}

#[tokio::test]
async fn a_kind_that_is_forbidden_leaves_its_neighbours_judged() {
    // few are read one by one, many together
    for many in [false, true] {
        let mut houses = town(&[("shop", "web"), ("shop", "sts/db")]);
        let more = ["api", "mail", "sts/log", "cart"];
        houses.extend(more.iter().filter(|_| many).map(|name| House::new("shop", name)));
        let names: Vec<String> =
            houses.iter().map(|house| format!("{}/{}", house.plural, house.name)).collect();
        let judged: Vec<String> = houses
            .iter()
            .map(|house| match house.plural {
                "statefulsets" => format!("shop/{} inconclusive forbidden", house.name),
                _ => format!("shop/{} passed", house.name),
            })
            .collect();
        let script = move |request: &Request| match request.path.contains("/statefulsets") {
            true => FORBIDDEN,
            false => answer(&houses, request),
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let run = Run::before(script, &names).await;
        assert_eq!(run.judged(), judged);
        assert!(run.reason(1).contains("failed to get statefulset/db"), "{}", run.reason(1));
    }
}

#[tokio::test]
async fn revisions_that_are_forbidden_concern_the_kinds_that_have_them() {
    let houses =
        town(&[("shop", "a"), ("shop", "b"), ("shop", "c"), ("shop", "sts/d"), ("shop", "sts/e")]);
    let script = move |request: &Request| match request.is_for("/controllerrevisions") {
        true => FORBIDDEN,
        false => answer(&houses, request),
    };
    let run = Run::before(script, &["deploy/a", "deploy/b", "deploy/c", "sts/d", "sts/e"]).await;
    let [passed, forbidden] = ["passed", "inconclusive forbidden"];
    let expected =
        [("a", passed), ("b", passed), ("c", passed), ("d", forbidden), ("e", forbidden)];
    assert_eq!(run.judged(), expected.map(|(name, verdict)| format!("shop/{name} {verdict}")));
}

#[tokio::test]
async fn an_api_that_is_not_served_leaves_its_neighbours_judged() {
    let houses = town(&[("shop", "web")]);
    let run =
        Run::before(move |request| answer(&houses, request), &["deploy/web", "rollout/api"]).await;
    assert_eq!(run.judged(), ["shop/web passed", "shop/api inconclusive unsupported"]);
}

#[tokio::test]
async fn a_target_that_is_missing_delays_no_other() {
    let houses = town(&[("shop", "web")]);
    let script = move |request: &Request| match request.is_for("/namespaces/shop") {
        true => Answer::Silence,
        false => answer(&houses, request),
    };
    let run = Run::before(script, &["deploy/web", "deploy/none"]).await;
    assert_eq!(run.judged(), ["shop/web passed", "shop/none inconclusive not-found"]);
    assert!(run.took < Duration::from_secs(15), "{:?}", run.took);
}

/// Five Deployments, which are watched together. The first watch of pods is answered so, the next one tells of a crash.
async fn after(first: Answer) -> Run {
    let houses = Arc::new(Mutex::new(town(&[
        ("shop", "a"),
        ("shop", "b"),
        ("shop", "c"),
        ("shop", "d"),
        ("shop", "e"),
    ])));
    let mut first = Some(first);
    let mut is_told = false;
    let script = move |request: &Request| {
        let mut houses = houses.lock().unwrap();
        if request.is_watch() && request.is_for("/pods") {
            if let Some(first) = first.take() {
                return first;
            }
            if !std::mem::replace(&mut is_told, true) {
                (houses[3].has_crashed, houses[3].version) = (true, 120);
                let seen = json!({"type": "MODIFIED", "object": houses[3].pod()});
                return Answer::watch(&[seen], Ending::Silent);
            }
        }
        answer(&houses, request)
    };
    let names = ["deploy/a", "deploy/b", "deploy/c", "deploy/d", "deploy/e"];
    Run::before(script, &names).await
}

#[tokio::test]
async fn a_shared_watch_that_expires_goes_on() {
    let expired =
        json!({"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old"}});
    let answers = [
        Answer::watch(&[expired], Ending::Whole),
        Answer::Refusal(410, "too old", None),
        Answer::Refusal(429, "too many requests", Some("1")),
    ];
    for first in answers {
        let run = after(first).await;
        let judged = run.judged();
        assert_eq!(judged[3], "shop/d failed", "{judged:?}");
        let passed = judged.iter().filter(|line| line.ends_with(" passed")).count();
        assert_eq!(passed, 4, "{judged:?}");
        let watches = run.seen.iter().filter(|request| request.is_watch());
        let of_pods = watches.filter(|request| request.is_for("/pods")).count();
        assert!((2..=4).contains(&of_pods), "{of_pods}");
    }
}

/// Two Deployments are selected; 4 s later the second one is deleted and another one created, which becomes ready.
#[tokio::test]
async fn what_appears_in_a_selection_is_judged_and_what_is_deleted_is_noted() {
    let mut houses = town(&[("shop", "web"), ("shop", "old"), ("shop", "new")]);
    houses[2].is_starting = true;
    let mut began = None;
    let script = move |request: &Request| {
        let elapsed = began.get_or_insert_with(Instant::now).elapsed().as_secs();
        if elapsed >= 11 && houses[2].is_starting {
            (houses[2].is_starting, houses[2].version) = (false, 130);
        }
        let there = match elapsed {
            0..4 => &houses[..2],
            _ => &[houses[0].clone(), houses[2].clone()],
        };
        answer(there, request)
    };
    let run = Run::before(script, &["-l", "team=shop", "--window=12s", "--timeout=40s"]).await;
    assert_eq!(run.judged(), ["shop/web passed", "shop/new passed"], "{}", run.ended.stderr);
    assert_eq!(run.ended.code, Some(0), "{}", run.ended.stderr);
    let notes = &run.outcome("gate.json")["notes"];
    assert_eq!(notes[0], "not judged: deployment/old in namespace shop (deleted during the run)");
    let told = &run.ended.stderr;
    assert!(told.contains("deployment/new -n shop: appeared in the selection"), "{told}");
}
