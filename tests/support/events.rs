//! What a gate tells of a run, step by step.

use std::time::Duration;

use deploygate::fleet::{Event, Target};
use deploygate::gate::{Attribution, Cause, FindingLine, GateEvent, Policy, Progress, Verdict};
use deploygate::model::{Elapsed, Kind, TargetRef};
use deploygate::observation::TargetId;
use deploygate::report::Reporter;
use deploygate::text::{Clean, Untrusted};

/// A step of a run.
#[derive(Debug)]
pub(crate) enum Step {
    Event(GateEvent),
    Tick(Elapsed),
}

pub(crate) fn targets() -> [Target; 1] {
    let workload = TargetRef {
        kind: Kind::Deployment.into(),
        namespace: "prod".parse().unwrap(),
        name: "app".parse().unwrap(),
    };
    [Target::new(None, workload, Policy::default())]
}

/// Plays the steps to a reporter.
pub(crate) fn play(reporter: &mut impl Reporter, steps: &[Step]) {
    for step in steps {
        match step {
            Step::Event(event) => {
                reporter.event(&Event { target: TargetId(0), event: event.clone() });
            }
            Step::Tick(now) => reporter.tick(*now),
        }
    }
}

/// A rollout that stalls, heals, becomes complete and then crashes.
pub(crate) fn run(text: &Clean) -> Vec<Step> {
    let pending = finding(Cause::Pending, None, 2, text, Some(secs(64)));
    let crash = finding(Cause::CrashLoop, Some("app"), 2, text, Some(secs(124)));
    let mut steps = vec![
        Step::Event(GateEvent::RevisionPinned {
            at: Elapsed::from_millis(120),
            revision: clean("app-6d5f9c7b8"),
            number: Some(7),
            images: vec![clean("registry.example/shop/app:1.4.2")],
            complete: false,
        }),
        progress(120, 0, 3, text),
        progress(900, 1, 3, text),
        progress(1_300, 1, 2, text),
        Step::Event(GateEvent::FindingSuspected { at: secs(4), finding: pending.clone() }),
    ];
    steps.extend((5..40).map(|second| Step::Tick(secs(second))));
    steps.extend([
        Step::Event(GateEvent::ReadsStale { at: secs(41), since: secs(36), why: text.clone() }),
        Step::Event(GateEvent::ReadsFresh { at: secs(43) }),
        Step::Event(GateEvent::FindingResolved { at: secs(45), finding: pending }),
        progress(50_000, 3, 0, &Clean::default()),
        Step::Event(GateEvent::WindowOpened { at: secs(50), length: Duration::from_secs(60) }),
    ]);
    steps.extend((51..90).map(|second| Step::Tick(secs(second))));
    steps.extend([
        Step::Event(GateEvent::FindingTolerated { at: secs(90), finding: crash.clone() }),
        Step::Event(GateEvent::WindowBroken { at: secs(91), why: text.clone() }),
        Step::Event(GateEvent::FindingSuspected { at: secs(91), finding: crash.clone() }),
        Step::Tick(secs(92)),
        Step::Event(GateEvent::FindingConfirmed { at: secs(93), finding: crash }),
        Step::Event(GateEvent::Decided {
            at: secs(93),
            verdict: Verdict::Failed,
            reason_code: None,
        }),
    ]);
    steps
}

fn progress(at: u64, ready: u64, old: u64, wait: &Clean) -> Step {
    let waiting_for = match (ready, wait.is_empty()) {
        (3, _) | (_, true) => Vec::new(),
        _ => vec![clean("2 pods to become ready"), wait.clone()],
    };
    let progress = Progress { desired: 3, updated: 3, ready, old, waiting_for };
    Step::Event(GateEvent::Progress { at: Elapsed::from_millis(at), progress })
}

fn finding(
    cause: Cause,
    container: Option<&str>,
    pods: usize,
    message: &Clean,
    grace_until: Option<Elapsed>,
) -> FindingLine {
    FindingLine {
        cause,
        attribution: Attribution::Unknown,
        container: container.map(clean),
        pods,
        message: message.clone(),
        grace_until,
    }
}

fn clean(text: &str) -> Clean {
    Untrusted::from(text).to_clean_line(500)
}

fn secs(seconds: u64) -> Elapsed {
    Elapsed::from_secs(seconds)
}
