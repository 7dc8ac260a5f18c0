//! What a report says as long as nothing is decided: red, so that a run that was killed does not look green.

use crate::{
    exit::ExitCode,
    fleet::{Problem, Release, Target},
    gate::{
        Check, CheckOutcome, CheckResult, Coverage, NextStep, Reason, ReasonCode, RolloutFacts,
        Verdict,
    },
    manifest::Part,
    outcome::{Outcome, TargetOutcome},
    text::{Clean, Untrusted},
};

/// The outcome of a run that has not come to its end.
pub fn placeholder(release: &Release, started_at: jiff::Timestamp) -> Outcome {
    let targets = &release.targets;
    Outcome {
        schema_version: 1,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        verdict: Verdict::Inconclusive,
        exit_code: ExitCode::Inconclusive,
        started_at,
        duration_seconds: 0.0,
        nodes_checked: None,
        common: Vec::new(),
        rollback: None,
        problems: if targets.is_empty() { vec![of_release()] } else { Vec::new() },
        notes: Vec::new(),
        servers: release.servers.clone(),
        ci: None,
        settings: Vec::new(),
        targets: targets.iter().map(unfinished).collect(),
    }
}

const REASON: &str = "deploygate did not finish";
const NEXT: &str = "check what ended it: a job timeout, a lost runner, kill -9";

/// It did not come so far that it knew its targets.
fn of_release() -> Problem {
    Problem {
        context: None,
        reason_code: ReasonCode::Internal,
        reason: Clean::from_static(REASON),
        next_step: NextStep::from_static(NEXT),
    }
}

fn unfinished(target: &Target) -> TargetOutcome {
    let check = |check| {
        let (result, message) = match check {
            Check::Judged => (CheckResult::Error, REASON),
            _ => (CheckResult::Skipped, "not evaluated: deploygate did not finish"),
        };
        CheckOutcome { check, result, message: Clean::from_static(message) }
    };
    let Target { context, workload, policy, sources, .. } = target;
    TargetOutcome {
        kind: workload.kind.clone(),
        context: context.as_ref().map(|context| context.name.clone()),
        context_given: context.as_ref().is_some_and(|context| context.is_given),
        namespace: Untrusted::from(&*workload.namespace).to_clean_line(253),
        name: Untrusted::from(&*workload.name).to_clean_line(253),
        source: sources.find(&[Part::Object]),
        verdict: Verdict::Inconclusive,
        reason: Reason::new(Clean::from_static(REASON)),
        reason_code: Some(ReasonCode::Internal),
        next_step: NextStep::from_static(NEXT),
        common: Vec::new(),
        undo: None,
        rollback: None,
        serving: Vec::new(),
        revision: None,
        changes: None,
        rollout: RolloutFacts::default(),
        window: None,
        checks: Check::ALL.into_iter().map(check).collect(),
        findings: Vec::new(),
        warnings: Vec::new(),
        notes: Vec::new(),
        coverage: Coverage::default(),
        timeline: Vec::new(),
        timeline_left_out: None,
        phases: Vec::new(),
        lanes: Vec::new(),
        settings: policy.settings(),
        policy: policy.clone(),
    }
}
