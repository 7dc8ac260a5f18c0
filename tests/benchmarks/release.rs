//! What a release of many Deployments takes, in one namespace of a fake API server.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::api::{Answer, Ending, Request};
use super::fleet::{Server, Shows, Template, Traffic, serve};
use super::program::{self, SETTLED};
use super::table::{Table, now};

const PODS_EACH: usize = 10;
const SETS_EACH: usize = 3;

/// Deployments of ten pods and three ReplicaSets each.
struct Release {
    deployments: Vec<String>,
    sets: Vec<String>,
    pods: Vec<String>,
    /// All of them by name; no two of them share one.
    named: BTreeMap<String, String>,
    /// The same with metadata alone.
    partial: BTreeMap<&'static str, Vec<String>>,
    crash: Option<Crash>,
}

/// Pods that crash a while after a watch listens.
struct Crash {
    pods: Vec<String>,
    /// When the watch tells of them.
    told: Arc<Mutex<Option<Instant>>>,
}

/// All has been read by then.
const LATER: usize = 6;

fn name(number: usize) -> String {
    format!("app{number:03}")
}

impl Release {
    fn new(deployments: usize) -> Self {
        let template = Template::new(Shows::Ready);
        let numbers = || 0..deployments;
        let pods = numbers().flat_map(|number| {
            let pod = |of: usize| pod_of(&template, number, of);
            (0..PODS_EACH).map(pod).collect::<Vec<_>>()
        });
        let pods: Vec<String> = pods.collect();
        let sets = numbers().flat_map(|number| (1..=SETS_EACH).map(move |set| set_of(number, set)));
        let sets: Vec<String> = sets.collect();
        let all: Vec<String> = numbers().map(deployment).collect();
        let partial = [("deployments", &all), ("replicasets", &sets), ("pods", &pods)];
        let partial = partial
            .map(|(kind, objects)| (kind, objects.iter().map(|text| metadata(text)).collect()));
        let named = all.iter().chain(&sets).chain(&pods);
        let named = named.map(|text| (name_of(text), text.clone())).collect();
        Self { deployments: all, sets, pods, named, partial: partial.into(), crash: None }
    }

    /// The first pods of so many of them are in a restart loop.
    fn broken(deployments: usize, broken: usize) -> Self {
        let template = Template::new(Shows::Crashed);
        let mut release = Self::new(deployments);
        for number in 0..broken {
            let text = pod_of(&template, number, 0);
            release.named.insert(name_of(&text), text.clone());
            release.pods[number * PODS_EACH] = text;
        }
        release
    }

    /// The first pods of so many of them crash a while after a watch listens.
    fn crashing(deployments: usize, failing: usize) -> Self {
        let template = Template::new(Shows::Crashed);
        let crashed = |number| {
            let pod = pod_of(&template, number * deployments / failing, 0);
            pod.replace("\"resourceVersion\":\"85\"", "\"resourceVersion\":\"101\"")
        };
        let pods = (0..failing).map(crashed).collect();
        Self { crash: Some(Crash { pods, told: Arc::default() }), ..Self::new(deployments) }
    }

    fn answer(&self, request: &Request) -> Answer {
        if request.is_watch() {
            let lines: Vec<_> = match &self.crash {
                Some(Crash { pods, told }) if request.is_for("/pods") => {
                    let later = Duration::from_secs(LATER as u64);
                    told.lock().unwrap().get_or_insert_with(|| now() + later);
                    let line =
                        |pod: &String| format!("{{\"type\":\"MODIFIED\",\"object\":{pod}}}\n");
                    let lines = pods.iter().map(|pod| line(pod).into_bytes());
                    std::iter::repeat_n(Vec::new(), LATER).chain(lines).collect()
                }
                _ if request.query.contains("fieldSelector") => {
                    let added = self.deployments.iter().map(|text| {
                        format!("{{\"type\":\"ADDED\",\"object\":{text}}}\n").into_bytes()
                    });
                    added.take(1).collect()
                }
                _ => Vec::new(),
            };
            return Answer::Bytes(lines.into_iter().chain(bookmarks()).collect(), Ending::Silent);
        }
        if request.method == "POST" {
            return Answer::Json(json!({"status": {"allowed": true}}));
        }
        if request.is_for("/log") {
            return Answer::Bytes(vec![b"fatal: connection refused\n".to_vec()], Ending::Whole);
        }
        let last = request.path.rsplit('/').next().unwrap_or_default();
        let whole = match last {
            "deployments" => &self.deployments,
            "replicasets" => &self.sets,
            "pods" => &self.pods,
            "events" | "statefulsets" | "daemonsets" | "jobs" => {
                return Answer::Json(json!({"metadata": {"resourceVersion": "100"}, "items": []}));
            }
            _ if request.path.contains("/leases/") => {
                // renewed each time
                let time = format!("2026-11-24T08:00:{:?}", now());
                return Answer::Json(
                    json!({"metadata": {"name": last}, "spec": {"renewTime": time}}),
                );
            }
            _ if last == "leases" => return Answer::Refusal(403, "no", None),
            name => {
                let is_told =
                    |crash: &&Crash| crash.told.lock().unwrap().is_some_and(|at| at <= now());
                let crashed = self.crash.as_ref().filter(is_told);
                let crashed = crashed.iter().flat_map(|of| &of.pods);
                let crashed = crashed.map(|text| (name_of(text), text));
                let found = crashed.into_iter().find(|(known, _)| known == name);
                let found = found.map(|(_, text)| text).or_else(|| self.named.get(name));
                return match found {
                    Some(text) => Answer::Bytes(vec![text.clone().into_bytes()], Ending::Whole),
                    None => Answer::Refusal(404, "not found", None),
                };
            }
        };
        let is_partial = request.accept.contains("as=PartialObjectMetadataList");
        let items = if is_partial { &self.partial[last] } else { whole };
        if let Some(name) =
            request.parameter("fieldSelector").and_then(|of| of.rsplit("%3D").next())
        {
            let items = self.named.get(name).map_or("", |text| text.as_str());
            let body = format!(r#"{{"metadata":{{"resourceVersion":"100"}},"items":[{items}]}}"#);
            return Answer::Bytes(vec![body.into_bytes()], Ending::Whole);
        }
        let number = |name| request.parameter(name).and_then(|value| value.parse::<usize>().ok());
        let from = number("continue").unwrap_or(0);
        let to = items.len().min(from + number("limit").unwrap_or(items.len()));
        let next = if to < items.len() { to.to_string() } else { String::new() };
        let body = format!(
            r#"{{"metadata":{{"resourceVersion":"100","continue":"{next}"}},"items":[{}]}}"#,
            items[from..to].join(",")
        );
        Answer::Bytes(vec![body.into_bytes()], Ending::Whole)
    }

    fn serve(self) -> Server {
        serve(move |request| self.answer(request))
    }
}

/// One a minute, as an API server sends them in a watch in which nothing happens.
fn bookmarks() -> impl Iterator<Item = Vec<u8>> {
    let line = b"{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"100\"}}}\n";
    (0..15).flat_map(|_| std::iter::repeat_n(Vec::new(), 60).chain([line.to_vec()]))
}

fn name_of(text: &str) -> String {
    let object: Value = serde_json::from_str(text).unwrap();
    object["metadata"]["name"].as_str().unwrap().to_owned()
}

fn metadata(text: &str) -> String {
    let object: Value = serde_json::from_str(text).unwrap();
    json!({"metadata": object["metadata"]}).to_string()
}

fn pod_of(template: &Template, number: usize, of: usize) -> String {
    let (name, set) = (name(number), format!("{}-3", name(number)));
    let text = template.pod(number * PODS_EACH + of);
    let text = text.replace("node-", "").replace(
        &format!("\"nodeName\":\"{}.example\"", number * PODS_EACH + of),
        "\"nodeName\":\"node-1\"",
    );
    text.replace(&format!("\"app-1-{}\"", number * PODS_EACH + of), &format!("\"{set}-{of}\""))
        .replace("\"name\":\"app-1\"", &format!("\"name\":\"{set}\""))
        .replace("\"uid\":\"r1\"", &format!("\"uid\":\"{set}\""))
        .replace("\"app\":\"app\"", &format!("\"app\":\"{name}\""))
}

fn template(number: usize, set: usize) -> Value {
    json!({"metadata": {"labels": {"app": name(number)}}, "spec": {"containers": [
        {"name": "app", "image": format!("registry.example/shop/app:1.{set}.0"), "env": [{"name": "SETTING", "value": "x".repeat(8000)}]}]}})
}

fn set_of(number: usize, set: usize) -> String {
    let (name, pods) = (name(number), if set == SETS_EACH { PODS_EACH } else { 0 });
    json!({"metadata": {"name": format!("{name}-{set}"), "uid": format!("{name}-{set}"), "generation": 1, "resourceVersion": "80",
            "creationTimestamp": "2026-11-24T08:00:00Z", "annotations": {"deployment.kubernetes.io/revision": set.to_string(), "note": "x".repeat(1000)},
            "labels": {"app": name}, "ownerReferences": [{"uid": name, "controller": true}]},
        "spec": {"replicas": pods, "template": template(number, set)}, "status": {"observedGeneration": 1, "replicas": pods}})
    .to_string()
}

fn deployment(number: usize) -> String {
    let name = name(number);
    json!({"metadata": {"name": name, "namespace": "shop", "uid": name, "generation": 3, "resourceVersion": "90", "labels": {"app": name},
            "annotations": {"deployment.kubernetes.io/revision": SETS_EACH.to_string(), "note": "x".repeat(1000)}},
        "spec": {"replicas": PODS_EACH, "selector": {"matchLabels": {"app": name}}, "template": template(number, SETS_EACH)},
        "status": {"observedGeneration": 3, "replicas": PODS_EACH, "updatedReplicas": PODS_EACH, "readyReplicas": PODS_EACH,
            "availableReplicas": PODS_EACH}})
    .to_string()
}

/// What a healthy release takes in a minute.
pub(crate) fn measure(table: &mut Table) -> Result<(), String> {
    [1, 20, 200].into_iter().try_for_each(|deployments| healthy(table, deployments, "60s"))
}

/// How soon a failure in a large release is told, and what reports it leaves.
pub(crate) fn measure_failing(table: &mut Table) -> Result<(), String> {
    [1, 20].into_iter().try_for_each(|number| failing(table, number))
}

/// The same in ten minutes.
pub(crate) fn measure_long(table: &mut Table) -> Result<(), String> {
    healthy(table, 200, "10m")
}

/// How long `check` takes of everything in a namespace, and what it asks for.
pub(crate) fn measure_check(table: &mut Table) -> Result<(), String> {
    [0, 1, 40, 200].into_iter().try_for_each(|broken| check(table, broken))
}

fn check(table: &mut Table, broken: usize) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let server = Release::broken(200, broken).serve();
    let mut command = program::judge("check", folder.path(), &server.kubeconfig, []);
    command.args(["--namespace", "shop", "--window", "10s"]);
    let run = program::run(command)?;
    if run.exit_code != Some(i32::from(broken > 0)) {
        return Err(format!("{broken} broken: {:?}\n{}", run.exit_code, run.stderr));
    }
    let traffic = server.traffic.lock().unwrap().clone();
    let bytes = tell_kinds(&traffic);
    table.add(
        format!("check of 200 Deployments of {PODS_EACH} pods, {broken} in a restart loop"),
        format!(
            "{:.2?}, peak {:.1} MB, {} requests and {:.1} MB, CPU {:.2?}, HTML {} bytes",
            run.length,
            run.peak as f64 / 1e6,
            traffic.len(),
            bytes as f64 / 1e6,
            run.cpu,
            size(&folder.path().join("report.html")),
        ),
    );
    Ok(())
}

fn command(folder: &Path, server: &Server, deployments: usize, window: &str) -> Command {
    let targets = (0..deployments).map(|number| format!("deploy/{}", name(number)));
    let mut command = program::wait_for(folder, &server.kubeconfig, targets);
    command.args(["--window", window]);
    command
}

fn healthy(table: &mut Table, deployments: usize, window: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let server = Release::new(deployments).serve();
    let mut command = command(folder.path(), &server, deployments, window);
    command.args(["--record", "run.jsonl", "-v"]);
    let run = program::run(command)?;
    if run.exit_code != Some(0) {
        return Err(format!("{deployments} Deployments: {:?}\n{}", run.exit_code, run.stderr));
    }
    let traffic = server.traffic.lock().unwrap().clone();
    let (peak, first) = (run.peak as f64 / 1e6, run.first_read);
    let (cpu, quiet) = (run.cpu, run.cpu.saturating_sub(run.cpu_to_settle));
    let minutes = run.length.saturating_sub(SETTLED).as_secs_f64() / 60.0;
    let bytes = tell_kinds(&traffic);
    let (count_later, bytes_later) = later(&traffic);
    table.add(
        format!("{deployments} Deployments of {PODS_EACH} pods, window {window}"),
        format!(
            "peak {peak:.1} MB, first read after {first:.2?}, {} requests and {:.1} MB, CPU {cpu:.2?}, recording {} bytes",
            traffic.len(),
            bytes as f64 / 1e6,
            size(&folder.path().join("run.jsonl")),
        ),
    );
    table.add(
        format!("  a minute after the first {SETTLED:?}"),
        format!(
            "{:.1} requests and {:.1} MB, CPU {:.2?}",
            count_later as f64 / minutes,
            bytes_later as f64 / 1e6 / minutes,
            quiet.div_f64(minutes),
        ),
    );
    Ok(())
}

/// 200 Deployments, so many of which fail.
fn failing(table: &mut Table, failing: usize) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let release = Release::crashing(200, failing);
    let told = release.crash.as_ref().map(|crash| Arc::clone(&crash.told)).unwrap_or_default();
    let server = release.serve();
    let command = command(folder.path(), &server, 200, "60s");
    let run = program::run_until(command, "verdict: failed")?;
    let ended = now();
    if run.run.exit_code != Some(1) {
        return Err(format!("{failing} failing: {:?}\n{}", run.run.exit_code, run.run.stderr));
    }
    let told = *told.lock().unwrap();
    let [line, exit] = [run.found, Some(ended)]
        .map(|end| Some(end?.duration_since(told?)))
        .map(|time| time.unwrap_or_default());
    let asked = server.traffic.lock().unwrap().len();
    table.add(
        format!("200 Deployments, {failing} failing: from status to verdict line (300 ms or less)"),
        format!("{line:.2?}, exit after {exit:.2?}, {asked} requests of the whole run"),
    );
    for file in ["junit.xml", "report.md", "report.json", "report.html"] {
        table.add(format!("  {file}"), format!("{} bytes", size(&folder.path().join(file))));
    }
    Ok(())
}

/// E.g. `GET pods`, or `GET name` of a single object.
fn kind(request: &Request) -> String {
    let parts: Vec<&str> = request.path.rsplit('/').collect();
    let known = ["deployments", "replicasets", "pods", "events", "log", "leases", "services"];
    let resource = parts.iter().take(2).position(|part| known.contains(part));
    let what = match resource {
        Some(0) => parts[0].to_owned(),
        Some(_) => format!("one of {}", parts[1]),
        None => request.path.clone(),
    };
    let partial = if request.accept.contains("PartialObject") { " (metadata)" } else { "" };
    let watch = if request.is_watch() { " (watch)" } else { "" };
    format!("{} {what}{partial}{watch}", request.method)
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |file| file.len())
}

/// Tells what was asked for; the bytes of all answers.
fn tell_kinds(traffic: &Traffic) -> usize {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (request, ..) in traffic {
        *kinds.entry(kind(request)).or_default() += 1;
    }
    super::tell(&format!("  {kinds:?}"));
    traffic.iter().map(|(_, size, _)| size).sum()
}

/// Requests and bytes after the first five seconds.
fn later(traffic: &Traffic) -> (usize, usize) {
    let Some((.., first)) = traffic.first() else { return (0, 0) };
    let late =
        traffic.iter().filter(|(.., at)| at.duration_since(*first).as_secs() >= SETTLED.as_secs());
    late.fold((0, 0), |(count, bytes), (_, size, _)| (count + 1, bytes + size))
}
