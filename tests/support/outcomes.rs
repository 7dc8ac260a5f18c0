//! Outcomes as the gate makes them, one for each verdict, and one in which every text is the cluster's.

use std::time::Duration;

use deploygate::evidence::{
    Change, ChangeKind, Changes, Comparison, CoverageGap, EndedRun, EventLine, Evidence,
    LogEvidence, LogRun, NodeCompared, ObjectKind, OldPodsCompared, PodDetails, Presence, Runs,
};
use deploygate::exit::ExitCode;
use deploygate::gate::{
    Attribution, Cause, Check, CheckResult, Finding, FindingState, NextStep, Policy, Reason,
    ReasonCode, Said, SaidIn, Serving, Undo, Verdict,
};
use deploygate::inspect;
use deploygate::model::{Elapsed, EventKind, Kind, Role, ServerTime};
use deploygate::outcome::{
    CheckOutcome, ContainerImage, Coverage, Outcome, PhaseFacts, RevisionFacts, RolloutFacts,
    RunPhase, TargetOutcome, TimelineEntry, WindowFacts,
};
use deploygate::signs::{Certainty, Diagnosis, Place};
use deploygate::text::{Clean, ExcerptBuilder, Redactor, Untrusted};
use deploygate::timeline::{Lane, LaneState, Mark, MarkKind, Span};
use serde_json::json;

/// A text as it comes out of the gate.
pub(crate) fn clean(text: &str) -> Clean {
    Untrusted::from(text).to_clean_line(1000)
}

/// An outcome over these targets: the worst verdict counts.
pub(crate) fn outcome(targets: Vec<TargetOutcome>) -> Outcome {
    let verdict =
        targets.iter().map(|target| target.verdict).max().unwrap_or(Verdict::Inconclusive);
    Outcome {
        schema_version: 1,
        tool_version: "1.2.3".to_owned(),
        verdict,
        exit_code: ExitCode::of(verdict, None),
        started_at: "2026-03-01T12:00:00Z".parse().unwrap(),
        duration_seconds: 75.25,
        nodes_checked: None,
        targets,
    }
}

/// One target of each verdict.
pub(crate) fn each_verdict() -> [(&'static str, TargetOutcome); 6] {
    [
        ("passed", passed()),
        ("failed", failed()),
        ("timed_out", timed_out()),
        ("inconclusive", inconclusive()),
        ("superseded", superseded()),
        ("interrupted", interrupted()),
    ]
}

pub(crate) fn passed() -> TargetOutcome {
    let mut target = target("app", Verdict::Passed, "3 of 3 pods stayed ready for 60 s", "");
    target.rollout =
        RolloutFacts { ready: 3, completed_at: Some(Elapsed::from_millis(12_400)), ..rollout() };
    target.window = Some(WindowFacts {
        opened_at: Elapsed::from_millis(12_400),
        required_seconds: 60.0,
        held_seconds: 60.0,
    });
    target.findings = vec![Finding {
        state: FindingState::Resolved,
        message: clean("0/2 nodes are available: 2 Insufficient cpu."),
        ..finding(Cause::Pending, Attribution::Platform, None)
    }];
    target.notes = vec![clean("the image of container app has the tag latest")];
    target.phases = phases(12_400, 75_250);
    target.lanes =
        vec![lane("app-6d5f9c7b8-x2x9z", &[(LaneState::Creating, 1), (LaneState::Ready, 12)], 75)];
    target
}

pub(crate) fn failed() -> TargetOutcome {
    const REASON: &str = "container app ended 2 times with exit code 1 in 2 of 3 pods";
    let mut target = target(
        "app",
        Verdict::Failed,
        REASON,
        "read the log; container app exits by itself soon after its start",
    );
    check(&mut target, Check::ContainersRun, CheckResult::Failed, REASON);
    target.findings = vec![Finding {
        pods: vec![clean("app-6d5f9c7b8-x2x9z"), clean("app-6d5f9c7b8-q8k4n")],
        message: clean(REASON),
        hint: clean("look at its configuration: it could not reach db:5432"),
        diagnosis: Some(Diagnosis {
            sign: clean("connection-refused"),
            cause: clean("nothing accepts connections at db:5432, which the program needs"),
            attribution: Attribution::Unknown,
            next_step: clean("look at its configuration: it could not reach db:5432"),
            certainty: Certainty::Probable,
            place: Place::Log,
            quote: clean("panic: dial tcp: connection refused (db:5432)"),
        }),
        comparison: Some(compared(clean("node-a"))),
        exit_code: Some(1),
        restarts: Some(2),
        evidence: Some(evidence()),
        ..finding(Cause::CrashLoop, Attribution::Application, Some("app"))
    }];
    target.undo = Some(undo());
    target.serving = vec![Serving {
        revision: clean("app-5c4e8b6a7"),
        number: Some(6),
        is_new: false,
        available: 2,
    }];
    target.changes = Some(changes());
    target.phases = phases(14_000, 14_000);
    let states = [LaneState::Creating, LaneState::NotReady, LaneState::Terminated];
    let states = [(states[0], 1), (states[1], 3), (states[2], 5), (LaneState::BackingOff, 8)];
    let marks = [(5, MarkKind::Ended), (7, MarkKind::Restarted), (8, MarkKind::Event)];
    let mark = |(at, kind)| Mark { at: Elapsed::from_secs(at), kind, what: clean("exit code 1") };
    target.lanes = vec![
        Lane { marks: marks.map(mark).into(), ..lane("app-6d5f9c7b8-x2x9z", &states, 14) },
        lane("app-6d5f9c7b8-n4d7w", &[(LaneState::Pending, 1), (LaneState::Ready, 6)], 14),
    ];
    target
}

fn undo() -> Undo {
    Undo {
        how: clean("kubectl rollout undo deployment/app -n prod"),
        is_command: true,
        revision: clean("app-5c4e8b6a7"),
        number: 6,
        is_known_good: true,
    }
}

fn changes() -> Changes {
    let change = |kind, what, before, after| Change {
        kind,
        container: Some(clean("app")),
        what: clean(what),
        before: Some(clean(before)),
        after: Some(clean(after)),
    };
    Changes {
        since: clean("app-5c4e8b6a7"),
        since_number: Some(6),
        since_available: true,
        since_was_available: true,
        changes: vec![
            change(
                ChangeKind::Image,
                "image",
                "registry.example/shop/app:1.4.1",
                "registry.example/shop/app:1.4.2",
            ),
            change(ChangeKind::Environment, "env DB_HOST", "db", "db.prod"),
            change(ChangeKind::Environment, "env DB_PASSWORD", "[redacted]", "[redacted]"),
        ],
        only_restarted: false,
        written_since: Vec::new(),
    }
}

pub(crate) fn timed_out() -> TargetOutcome {
    let reason = "the rollout was not complete after 10m: 1 of 3 pods is ready";
    let mut target = target("app", Verdict::TimedOut, reason, "look at the readiness probe");
    target.reason_code = Some(ReasonCode::Deadline);
    target.rollout.waiting_for = vec![clean("2 pods of the new revision to become ready")];
    check(&mut target, Check::RolloutCompletes, CheckResult::Error, reason);
    target.findings = vec![Finding {
        state: FindingState::Suspected,
        pods: vec![clean("app-6d5f9c7b8-x2x9z")],
        message: clean("container app runs, but its readiness probe never passed"),
        hint: clean("compare the probe's path and port with what the container serves"),
        ..finding(Cause::NotReady, Attribution::Unknown, Some("app"))
    }];
    target
}

pub(crate) fn inconclusive() -> TargetOutcome {
    let reason = "pods in prod may not be listed";
    let mut target = target("app", Verdict::Inconclusive, reason, "grant list on pods");
    target.reason_code = Some(ReasonCode::Forbidden);
    target.revision = None;
    check(&mut target, Check::Judged, CheckResult::Error, reason);
    target.coverage.missing = vec![CoverageGap {
        what: clean("pods"),
        why: clean("pods is forbidden: User \"ci@example\" cannot list resource \"pods\""),
    }];
    target
}

pub(crate) fn superseded() -> TargetOutcome {
    let reason = "revision app-7c9d8b6f5 (number 8) replaced app-6d5f9c7b8 (number 7)";
    let mut target = target("app", Verdict::Superseded, reason, "judge the newer rollout");
    target.reason_code = Some(ReasonCode::Superseded);
    check(&mut target, Check::Judged, CheckResult::Error, reason);
    target
}

pub(crate) fn interrupted() -> TargetOutcome {
    let reason = "interrupted by SIGINT after 12 s";
    let mut target = target("app", Verdict::Interrupted, reason, "");
    target.reason_code = Some(ReasonCode::Interrupted);
    check(&mut target, Check::Judged, CheckResult::Error, reason);
    target
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
    target.undo = Some(Undo { how: line(), revision: line(), ..undo() });
    target.serving = vec![Serving { revision: line(), number: None, is_new: false, available: 2 }];
    target.notes = vec![line()];
    target.rollout.waiting_for = vec![line()];
    target.coverage.missing = vec![CoverageGap { what: line(), why: line() }];
    target.timeline = vec![TimelineEntry { at: Elapsed::from_secs(1), what: line() }];
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
        changes: vec![change, gone.clone(), gone.clone(), gone.clone(), gone.clone(), gone],
        only_restarted: false,
        written_since: vec![line()],
    });
    target.revision = Some(RevisionFacts {
        name: line(),
        number: Some(7),
        images: vec![ContainerImage { container: line(), image: line() }],
        complete_at_start: false,
    });
    for outcome in &mut target.checks {
        if outcome.result != CheckResult::Passed {
            outcome.message = line();
        }
    }
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
    let confirmed = Finding {
        container: Some(line()),
        pods: vec![line(), line()],
        message: line(),
        hint: line(),
        diagnosis: Some(Diagnosis {
            sign: line(),
            cause: line(),
            attribution: Attribution::Unknown,
            next_step: line(),
            certainty: Certainty::Guess,
            place: Place::Log,
            quote: line(),
        }),
        comparison: Some(compared(line())),
        evidence: Some(Evidence {
            pod: line(),
            node: Some(line()),
            image: Some(line()),
            state: Some(line()),
            last_state: Some(line()),
            runs: runs(),
            termination_message: Some(raw.to_clean()),
            log: Some(log(text, 40)),
            details: Some(Box::new(hostile_details(&String::from_utf8_lossy(text)))),
            events: vec![event],
        }),
        ..target.findings[0].clone()
    };
    for lane in &mut target.lanes {
        (lane.pod, lane.container) = (line(), line());
        lane.marks.iter_mut().for_each(|mark| mark.what = line());
    }
    let tolerated = Finding { state: FindingState::Tolerated, ..confirmed.clone() };
    target.findings = vec![confirmed, tolerated];
    target
}

/// The excerpt of a log.
pub(crate) fn log(text: &[u8], lines: usize) -> LogEvidence {
    let mut excerpt = ExcerptBuilder::new(lines, &Redactor::built_in());
    excerpt.push_bytes(text);
    LogEvidence { run: LogRun::Previous, excerpt: excerpt.finish() }
}

/// A finding that was confirmed at 0:14, without text.
pub(crate) fn finding(cause: Cause, attribution: Attribution, container: Option<&str>) -> Finding {
    Finding {
        cause,
        attribution,
        state: FindingState::Confirmed,
        container: container.map(clean),
        role: container.map(|_| Role::App),
        pods: Vec::new(),
        message: Clean::default(),
        hint: Clean::default(),
        diagnosis: None,
        comparison: None,
        exit_code: None,
        signal: None,
        restarts: None,
        first_seen: Elapsed::from_secs(4),
        last_seen: Elapsed::from_secs(14),
        grace_until: None,
        evidence: None,
    }
}

/// The rollout until then, and the window after it.
fn phases(complete: u64, ended: u64) -> Vec<PhaseFacts> {
    let at = Elapsed::from_millis;
    let phases = [(RunPhase::Rollout, 0, complete), (RunPhase::Window, complete, ended)];
    let phases = phases.map(|(phase, from, to)| PhaseFacts { phase, from: at(from), to: at(to) });
    phases.into_iter().filter(|phase| phase.to > phase.from).collect()
}

/// The container app of a pod, by what it does from when on in seconds, until the end.
fn lane(pod: &str, states: &[(LaneState, u64)], ended: u64) -> Lane {
    let ends = states.iter().skip(1).map(|(_, from)| *from).chain([ended]);
    let spans = states.iter().zip(ends).map(|((state, from), to)| Span {
        state: *state,
        from: Elapsed::from_secs(*from),
        to: Elapsed::from_secs(to),
    });
    Lane {
        pod: clean(pod),
        container: clean("app"),
        role: Role::App,
        spans: spans.collect(),
        marks: Vec::new(),
        left_out: 0,
    }
}

/// A target with every check passed that comes before the window.
pub(crate) fn target(name: &str, verdict: Verdict, reason: &str, next: &str) -> TargetOutcome {
    let check =
        |check| CheckOutcome { check, result: CheckResult::Passed, message: Clean::default() };
    TargetOutcome {
        kind: Kind::Deployment,
        namespace: clean("prod"),
        name: clean(name),
        verdict,
        reason: Reason::new(clean(reason)),
        reason_code: None,
        next_step: NextStep::new(clean(next)),
        undo: None,
        serving: Vec::new(),
        revision: Some(RevisionFacts {
            name: clean("app-6d5f9c7b8"),
            number: Some(7),
            images: vec![ContainerImage {
                container: clean("app"),
                image: clean("registry.example/shop/app:1.4.2"),
            }],
            complete_at_start: false,
        }),
        changes: None,
        rollout: rollout(),
        window: None,
        checks: Check::ALL.into_iter().map(check).collect(),
        findings: Vec::new(),
        notes: Vec::new(),
        coverage: Coverage {
            reads: 9,
            failed_reads: 0,
            longest_gap_seconds: 5.1,
            pods: 3,
            nodes: None,
            missing: Vec::new(),
        },
        timeline: vec![
            TimelineEntry { at: Elapsed::ZERO, what: clean("revision app-6d5f9c7b8 was found") },
            TimelineEntry {
                at: Elapsed::from_secs(4),
                what: clean("pod app-6d5f9c7b8-x2x9z runs"),
            },
        ],
        phases: Vec::new(),
        lanes: Vec::new(),
        policy: Policy { window: Duration::from_secs(60), ..Policy::default() },
    }
}

/// Gives a check its result; those after it were not evaluated.
fn check(target: &mut TargetOutcome, name: Check, result: CheckResult, message: &str) {
    for outcome in &mut target.checks {
        if outcome.check == name {
            (outcome.result, outcome.message) = (result, clean(message));
        } else if outcome.check > name {
            outcome.result = CheckResult::Skipped;
            outcome.message = clean("not evaluated: the watch ended before");
        }
    }
}

fn rollout() -> RolloutFacts {
    RolloutFacts {
        desired: 3,
        updated: 3,
        ready: 1,
        old: 0,
        completed_at: None,
        waiting_for: Vec::new(),
    }
}

fn evidence() -> Evidence {
    let event = |kind, reason, message, count| EventLine {
        kind,
        object: clean("Pod app-6d5f9c7b8-x2x9z"),
        container: None,
        reason: clean(reason),
        message: clean(message),
        count,
        last: ServerTime::from_unix_seconds(1_772_366_400),
        age_seconds: Some(12),
    };
    let mut lines: Vec<_> = (1..=60).map(|n| format!("level=info step={n}")).collect();
    lines.push("panic: dial tcp: connection refused (db:5432)".to_owned());
    lines.push(String::new());
    lines.push("goroutine 1 [running]:".to_owned());
    lines.push("main.main()".to_owned());
    lines.push("\t/src/main.go:41 +0x1d".to_owned());
    Evidence {
        pod: clean("app-6d5f9c7b8-x2x9z"),
        node: Some(clean("node-a")),
        image: Some(clean("registry.example/shop/app:1.4.2")),
        state: Some(clean("waiting: CrashLoopBackOff: back-off 10s restarting failed container")),
        last_state: Some(clean("ended with exit code 1 (Error) after 2 s, at 12:00:14")),
        runs: runs(),
        termination_message: Some(clean("could not reach the database")),
        log: Some(log(lines.join("\n").as_bytes(), 20)),
        details: Some(Box::new(details())),
        events: vec![
            event(EventKind::Normal, "Pulled", "Container image is already present", 3),
            event(EventKind::Warning, "BackOff", "Back-off restarting failed container app", 2),
        ],
    }
}

/// The details of a pod that lacks a key, on a node that was not read.
fn details() -> PodDetails {
    let mut details =
        inspect::pod(&pod("app-config", "app.yaml", "/healthz"), &Redactor::built_in());
    for object in &mut details.objects {
        match object.kind {
            ObjectKind::ConfigMap => {
                inspect::found(object, &json!({"metadata": {}, "data": {"url": ""}}))
            }
            ObjectKind::ServiceAccount => object.presence = Presence::Present,
            ObjectKind::Secret | ObjectKind::PersistentVolumeClaim => {}
        }
    }
    details
}

/// Details in which every text that can be the cluster's is this one.
fn hostile_details(text: &str) -> PodDetails {
    let mut details = inspect::pod(&pod(text, text, text), &Redactor::built_in());
    inspect::found(&mut details.objects[0], &json!({"metadata": {}}));
    if let Some(node) = &mut details.node {
        node.facts = Some(inspect::node(&json!({"status": {
            "nodeInfo": {"kubeletVersion": text, "containerRuntimeVersion": text, "osImage": text, "architecture": text},
            "conditions": [{"type": text, "status": "True", "reason": text}]}})));
    }
    details
}

fn pod(name: &str, key: &str, path: &str) -> serde_json::Value {
    json!({
        "metadata": {"creationTimestamp": "2026-03-01T11:59:50Z"},
        "spec": {
            "nodeName": "node-a", "serviceAccountName": "default",
            "volumes": [{"name": "config", "configMap": {"name": name, "items": [{"key": key, "path": "x"}]}}],
            "containers": [{
                "name": "app", "image": "registry.example/shop/app:1.4.2",
                "env": [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}],
                "resources": {"requests": {"cpu": "100m"}, "limits": {"memory": "128Mi"}},
                "livenessProbe": {"httpGet": {"port": 8080, "path": path}},
                "volumeMounts": [{"name": "config", "mountPath": "/etc/app", "readOnly": true}],
            }],
        },
        "status": {
            "startTime": "2026-03-01T11:59:52Z",
            "containerStatuses": [{"name": "app", "imageID": "registry.example/shop/app@sha256:8e36"}],
        },
    })
}

/// Two runs of two seconds, and a wait for the third.
fn runs() -> Runs {
    let run = |started| EndedRun {
        started: ServerTime::from_unix_seconds(started),
        finished: ServerTime::from_unix_seconds(started + 2),
        exit_code: 1,
    };
    Runs { ended: vec![run(1_772_366_390), run(1_772_366_393)], back_off_seconds: Some(10) }
}

/// One of two old pods breaks as well; other pods on the node do not.
fn compared(node: Clean) -> Comparison {
    Comparison {
        old_pods: Some(OldPodsCompared { same: 1, of: 2, before_rollout: false }),
        node: Some(NodeCompared { node, failing: 2, healthy_here: 1, healthy_elsewhere: 0 }),
    }
}
