//! What a run of a day keeps in memory, in virtual time: the readiness of a pod flaps, and reads fail now and then.
//!
//! `cargo test --test long_run -- --nocapture` prints the figures.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, and tells its figures"
)]

use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Write};
use std::time::Duration;

use anstream::ColorChoice;
use deploygate::fleet::Target;
use deploygate::gate::{Grace, Policy, Seconds};
use deploygate::recording::Reader;
use deploygate::report::{Loudness, Plain};
use deploygate::run::{self, Pace};
use deploygate::text::Redactor;
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const HOUR: u64 = 3600;
/// Between two reads, each of which shows a change of readiness.
const STEP: u64 = 30;
/// Between two reads that fail.
const FAILS: u64 = 180;
/// The servers' clock when the run begins, in seconds since the Unix epoch.
const BEGAN: i64 = 1_795_507_200;

#[test]
fn a_run_of_a_day_keeps_no_more_than_one_of_some_hours() {
    let policy = Policy {
        window: Duration::from_secs(25 * HOUR),
        min_ready: "3".parse().unwrap(),
        grace: [(Grace::Stale, Seconds(Duration::from_secs(4 * STEP)))].into(),
        ..Policy::default()
    };
    let workload = json!({"kind": "deployment", "namespace": "shop", "name": "app"});
    let mut day = Day { second: 0, text: VecDeque::new(), kept: Vec::new() };
    day.line(&json!({"deploygate_recording": 1, "tool_version": "0.1.0", "started_at": time(0), "target": workload, "policy": policy}));
    let (header, reader) = Reader::new(BufReader::new(&mut day)).unwrap();
    let workload = serde_json::from_value(workload).unwrap();
    let targets = vec![Target::new(None, workload, policy)];
    let output: Box<dyn Write> = Box::new(io::sink());
    let mut reporter = Plain::new(output, ColorChoice::Never, Loudness::Normal, &targets);
    let redactor = Redactor::built_in();
    let replay = run::replay(
        targets.into(),
        header.started_at,
        reader,
        redactor,
        Pace::AtOnce,
        &mut reporter,
    );
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let outcome = runtime.block_on(replay).unwrap();

    for (hours, bytes) in &day.kept {
        println!("after {hours:2} h: {bytes} bytes");
    }
    assert!(outcome.duration_seconds > 86_400.0, "it ended after {} s", outcome.duration_seconds);
    let [_, (_, some_hours), (_, whole_day)] = day.kept[..] else { panic!("three figures") };
    assert!(whole_day < some_hours + 4096, "{:?}", day.kept);
    let target = &outcome.targets[0];
    assert!(target.timeline.len() < 200, "{:?}", target.timeline);
    assert!(target.timeline_left_out.is_some_and(|left_out| left_out.events > 1000));
}

/// A recording that is made while it is read: nothing but the run keeps anything.
struct Day {
    second: u64,
    text: VecDeque<u8>,
    /// Bytes on the heap after so many hours.
    kept: Vec<(u64, usize)>,
}

impl Read for Day {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.text.is_empty() && self.second < 24 * HOUR {
            self.go_on();
        }
        self.text.read(buffer)
    }
}

impl Day {
    fn go_on(&mut self) {
        self.second += STEP;
        let second = self.second;
        if [HOUR, 6 * HOUR, 24 * HOUR].contains(&second) {
            self.kept.push((second / HOUR, HEAP.current_usage()));
        }
        let message = format!("attempt {second}: connection refused");
        if second.is_multiple_of(FAILS) {
            let failure = json!({"resource": "pods", "kind": "unreachable", "message": message});
            return self.saw(&json!({"read_failed": failure}));
        }
        self.saw(&json!({"pod_changed": pod(0, second)}));
        self.saw(&snapshot(second));
        self.saw(&events(second, &message));
    }

    fn saw(&mut self, saw: &Value) {
        self.line(&json!({"t": self.second * 1000, "saw": saw}));
    }

    fn line(&mut self, line: &Value) {
        self.text.extend(line.to_string().as_bytes());
        self.text.push_back(b'\n');
    }
}

fn time(second: u64) -> Value {
    let second = BEGAN + i64::try_from(second).unwrap();
    json!(jiff::Timestamp::from_second(second).unwrap())
}

/// What a read shows: a Deployment of four pods that is complete, but for the first pod at every other time.
fn snapshot(second: u64) -> Value {
    let template = json!({"digest": "de28448c1b2c95f7c3682e668a7540b8", "spec": {"containers": [container()]}});
    let meta = |name: &str, uid: &str| {
        json!({"name": name, "uid": uid, "resourceVersion": "1", "generation": 1, "creationTimestamp": time(0),
            "ownerReferences": [{"uid": "deployment", "controller": true}],
            "annotations": {"deployment.kubernetes.io/revision": "1"}})
    };
    json!({"snapshot": {
        "server_time": time(second),
        "workload": {"kind": "Deployment", "metadata": meta("app", "deployment"),
            "spec": {"replicas": 4, "selector": {"matchLabels": {"app": "app"}}, "template": template},
            "status": {"observedGeneration": 1, "replicas": 4, "updatedReplicas": 4, "readyReplicas": 4, "availableReplicas": 4}},
        "replica_sets": [{"metadata": meta("app-1", "set"), "spec": {"replicas": 4, "template": template},
            "status": {"observedGeneration": 1, "replicas": 4}}],
        "pods": (0..4).map(|number| pod(number, second)).collect::<Vec<_>>(),
    }})
}

fn pod(number: u64, second: u64) -> Value {
    let is_ready = number > 0 || second / STEP % 2 == 1;
    let since = if number > 0 { 0 } else { second };
    json!({"metadata": {"name": format!("app-1-{number}"), "uid": format!("pod-{number}"),
            "resourceVersion": (100 + since).to_string(), "creationTimestamp": time(0),
            "ownerReferences": [{"uid": "set", "controller": true}]},
        "spec": {"nodeName": "node-1", "containers": [container()]},
        "status": {"phase": "Running",
            "conditions": [{"type": "Ready", "status": if is_ready { "True" } else { "False" }, "lastTransitionTime": time(since)}],
            "containerStatuses": [{"name": "app", "ready": is_ready, "started": true, "restartCount": 0,
                "state": {"running": {"startedAt": time(0)}}}]}})
}

fn container() -> Value {
    json!({"name": "app", "image": "shop/app:1", "readinessProbe": {"periodSeconds": 1}})
}

/// The events of the pod, of which each reading is another one; every few readings there is no answer.
fn events(second: u64, message: &str) -> Value {
    let result = if second.is_multiple_of(7 * STEP) {
        json!({"Err": {"resource": "events", "kind": "unavailable", "message": message}})
    } else {
        let object = json!({"kind": "Pod", "name": "app-1-0", "uid": "pod-0", "fieldPath": "spec.containers{app}"});
        let message = format!("Readiness probe failed: {message}");
        json!({"Ok": [{"involvedObject": object, "type": "Warning", "reason": "Unhealthy", "message": message,
            "count": second / STEP, "firstTimestamp": time(0), "lastTimestamp": time(second)}]})
    };
    json!({"events": {"request": {"kind": "Pod", "name": "app-1-0", "uid": "pod-0"}, "result": result}})
}
