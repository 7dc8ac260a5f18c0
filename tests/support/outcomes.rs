//! Outcomes for tests of what reports say: the gate's own on recorded runs, and one in which every text is the cluster's.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::sync::{LazyLock, Mutex};

use deploygate::evidence::{
    Change, ChangeKind, Changes, Comparison, CoverageGap, EndedRun, EventLine, Evidence,
    LogEvidence, LogRun, NodeCompared, OldPodsCompared, PodDetails, Runs,
};
use deploygate::gate::{
    Attribution, CheckResult, ContainerImage, Finding, FindingState, GateEvent, NextStep, Reason,
    RevisionFacts, Said, SaidIn, Serving, Undo,
};
use deploygate::inspect;
use deploygate::manifest::Source;
use deploygate::model::{Elapsed, EventKind, ServerTime};
use deploygate::outcome::{Outcome, TargetOutcome, TimelineEntry};
use deploygate::signs::{Certainty, Diagnosis, Place, Subject, SubjectKind};
use deploygate::text::{Clean, ExcerptBuilder, Redactor, Untrusted};
use flate2::read::GzDecoder;
use serde_json::json;

/// A text as it comes out of the gate.
pub(crate) fn clean(text: &str) -> Clean {
    Untrusted::from(text).to_clean_line(1000)
}

/// An outcome over these targets: the worst verdict counts.
pub(crate) fn outcome(targets: Vec<TargetOutcome>) -> Outcome {
    let started_at = "2026-03-01T12:00:00Z".parse().unwrap();
    let ended = Elapsed::from_millis(75_250);
    let outcome = Outcome::new(started_at, ended, Vec::new(), targets);
    Outcome { tool_version: "1.2.3".to_owned(), nodes_checked: None, ..outcome }
}

/// One target of each verdict.
pub(crate) fn each_verdict() -> [(&'static str, TargetOutcome); 6] {
    [
        ("passed", passed()),
        ("failed", failed()),
        ("timed_out", recorded("never-ready")),
        ("inconclusive", recorded("deleted")),
        ("superseded", recorded("superseded")),
        ("interrupted", interrupted()),
    ]
}

/// It stayed healthy.
pub(crate) fn passed() -> TargetOutcome {
    recorded("healthy")
}

/// It cannot reach its database.
pub(crate) fn failed() -> TargetOutcome {
    recorded("crashloop")
}

fn interrupted() -> TargetOutcome {
    judged("healthy", |lines| {
        lines.truncate(20);
        lines.push(r#"{"t":4000,"saw":{"interrupted":"terminate"}}"#.to_owned());
    })
}

/// What the gate decides on a recorded run. It is called `deployment/app in prod`.
pub(crate) fn recorded(name: &str) -> TargetOutcome {
    static JUDGED: LazyLock<Mutex<BTreeMap<String, TargetOutcome>>> = LazyLock::new(Mutex::default);
    let mut known = JUDGED.lock().unwrap();
    known.entry(name.to_owned()).or_insert_with(|| judged(name, |_| {})).clone()
}

#[expect(clippy::disallowed_methods, reason = "an edited recording is a file of the test's own")]
fn judged(name: &str, edit: impl Fn(&mut Vec<String>)) -> TargetOutcome {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let packed = fs::File::open(folder.join(format!("{name}.jsonl.gz"))).unwrap();
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    let header: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let namespace = header["target"]["namespace"].as_str().unwrap();
    let mut lines: Vec<String> =
        text.replace(namespace, "prod").lines().map(str::to_owned).collect();
    edit(&mut lines);
    let folder = tempfile::tempdir().unwrap();
    let recording = folder.path().join("recording.jsonl");
    fs::write(&recording, lines.join("\n") + "\n").unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_deploygate"));
    program.env_clear().args(["replay", "--output=json"]).arg(&recording);
    let output = program.output().unwrap();
    let read = serde_json::from_slice::<Outcome>(&output.stdout);
    let outcome = read.unwrap_or_else(|error| {
        panic!("{name}: {error}: {}", String::from_utf8_lossy(&output.stderr))
    });
    outcome.targets.into_iter().next().unwrap()
}

/// A failure in which every text that can be the cluster's is this one.
pub(crate) fn hostile(text: &[u8]) -> TargetOutcome {
    let raw = Untrusted::new(String::from_utf8_lossy(text));
    let line = || raw.to_clean_line(1000);
    let mut target = failed();
    let said = |source| Said { source, text: line() };
    target.reason =
        Reason { what: line(), said: vec![said(SaidIn::TerminationMessage), said(SaidIn::Log)] };
    target.next_step = NextStep { what: line(), command: Some(line()) };
    target.undo = target.undo.map(|undo| Undo { how: line(), revision: line(), ..undo });
    target.serving = vec![Serving { revision: line(), number: None, is_new: false, available: 2 }];
    target.notes = vec![line()];
    target.source = Some(Source { file: line(), line: 7 });
    target.rollout.waiting_for = vec![line()];
    target.coverage.missing = vec![CoverageGap { what: line(), why: line() }];
    let warned = |entry: TimelineEntry| TimelineEntry {
        event: GateEvent::Warned { at: entry.event.at(), warning: line() },
        what: line(),
    };
    target.timeline = target.timeline.into_iter().map(warned).collect();
    let change = Change {
        kind: ChangeKind::Other,
        container: Some(line()),
        what: line(),
        before: Some(line()),
        after: Some(line()),
    };
    let gone = Change { after: None, ..change.clone() };
    target.changes = Some(Changes {
        since: line(),
        since_number: Some(6),
        since_available: true,
        since_was_available: true,
        changes: [vec![change], vec![gone; 5]].concat(),
        only_restarted: false,
        written_since: vec![line()],
    });
    target.revision = Some(RevisionFacts {
        uid: line(),
        name: line(),
        number: Some(7),
        images: vec![ContainerImage { container: line(), image: line() }; 2],
        complete_at_start: false,
    });
    for outcome in &mut target.checks {
        if outcome.result != CheckResult::Passed {
            outcome.message = line();
        }
    }
    for lane in &mut target.lanes {
        (lane.pod, lane.container) = (line(), line());
        lane.marks.iter_mut().for_each(|mark| mark.what = line());
    }
    let confirmed = Finding {
        container: Some(line()),
        source: Some(Source { file: line(), line: 7 }),
        pods: vec![line(), line()],
        message: line(),
        hint: NextStep::new(line()),
        diagnosis: Some(Diagnosis {
            sign: line(),
            cause: line(),
            attribution: Attribution::Unknown,
            next_step: line(),
            certainty: Certainty::Guess,
            place: Place::Log,
            quote: line(),
            subject: Some(Subject::new(SubjectKind::Secret, &line())),
        }),
        comparison: Some(Comparison {
            old_pods: Some(OldPodsCompared { same: 1, of: 2, before_rollout: false }),
            node: Some(NodeCompared {
                node: line(),
                failing: 2,
                healthy_here: 1,
                healthy_elsewhere: 0,
            }),
        }),
        evidence: Some(hostile_evidence(text)),
        ..target.findings[0].clone()
    };
    let tolerated = Finding { state: FindingState::Tolerated, ..confirmed.clone() };
    target.findings = vec![confirmed, tolerated];
    target
}

fn hostile_evidence(text: &[u8]) -> Evidence {
    let raw = Untrusted::new(String::from_utf8_lossy(text));
    let line = || raw.to_clean_line(1000);
    let run = |started| EndedRun {
        started: ServerTime::from_unix_seconds(started),
        finished: ServerTime::from_unix_seconds(started + 2),
        exit_code: 1,
    };
    let event = EventLine {
        kind: EventKind::Warning,
        object: line(),
        container: Some(line()),
        reason: line(),
        message: line(),
        count: 3,
        last: None,
        age_seconds: None,
    };
    Evidence {
        pod: line(),
        node: Some(line()),
        image: Some(line()),
        state: Some(line()),
        last_state: Some(line()),
        runs: Runs { ended: vec![run(1), run(9)], back_off_seconds: Some(10) },
        termination_message: Some(raw.to_clean()),
        log: Some(log(text, 40)),
        details: Some(Box::new(hostile_details(&String::from_utf8_lossy(text)))),
        events: vec![event],
    }
}

fn hostile_details(text: &str) -> PodDetails {
    let pod = json!({
        "metadata": {"creationTimestamp": "2026-03-01T11:59:50Z"},
        "spec": {
            "nodeName": "node-a", "serviceAccountName": "default",
            "volumes": [{"name": "config", "configMap": {"name": text, "items": [{"key": text, "path": "x"}]}}],
            "containers": [{
                "name": "app", "image": "registry.example/shop/app:1.4.2",
                "env": [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}],
                "resources": {"requests": {"cpu": "100m"}, "limits": {"memory": "128Mi"}},
                "livenessProbe": {"httpGet": {"port": 8080, "path": text}},
                "volumeMounts": [{"name": "config", "mountPath": "/etc/app", "readOnly": true}],
            }],
        },
        "status": {
            "startTime": "2026-03-01T11:59:52Z",
            "containerStatuses": [{"name": "app", "imageID": "registry.example/shop/app@sha256:8e36"}],
        },
    });
    let mut details = inspect::pod(&pod, &Redactor::built_in());
    inspect::found(&mut details.objects[0], &json!({"metadata": {}}));
    if let Some(node) = &mut details.node {
        node.facts = Some(inspect::node(&json!({"status": {
            "nodeInfo": {"kubeletVersion": text, "containerRuntimeVersion": text, "osImage": text, "architecture": text},
            "conditions": [{"type": text, "status": "True", "reason": text}]}})));
    }
    details
}

/// The excerpt of a log.
pub(crate) fn log(text: &[u8], lines: usize) -> LogEvidence {
    let mut excerpt = ExcerptBuilder::new(lines, &Redactor::built_in());
    excerpt.push_bytes(text);
    LogEvidence { run: LogRun::Previous, excerpt: excerpt.finish() }
}

/// Gives a target another name.
pub(crate) fn named(target: TargetOutcome, name: &str) -> TargetOutcome {
    TargetOutcome { name: clean(name), ..target }
}
