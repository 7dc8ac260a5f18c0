//! Outcomes of releases of 3, 20 and 200 targets, made of what the gate decided on recorded runs.

use deploygate::gate::{CheckResult, NextStep, Reason, ReasonCode, Verdict};
use deploygate::outcome::{Outcome, TargetOutcome};
use deploygate::text::Clean;

use super::outcomes::{clean, failed, outcome, passed, recorded};

/// A target that is called so wherever its name is said.
pub(crate) fn called(target: &TargetOutcome, name: &str) -> TargetOutcome {
    let text = serde_json::to_string(target).unwrap();
    let kind = target.kind.to_string();
    let said = [format!("{kind}/app"), "\"name\":\"app\"".to_owned(), "\"app-".to_owned()];
    let put = [format!("{kind}/{name}"), format!("\"name\":\"{name}\""), format!("\"{name}-")];
    let text = said.iter().zip(&put).fold(text, |text, (said, put)| text.replace(said, put));
    serde_json::from_str(&text).unwrap()
}

/// One that was stopped after another one failed, while it rolled out or in its window.
pub(crate) fn stopped(name: &str, is_complete: bool) -> TargetOutcome {
    let target = called(&passed(), name);
    let at = match is_complete {
        true => "its rollout was complete, its health window was not over",
        false => "its rollout goes on unwatched, waiting for 1 of 2 pods to become ready",
    };
    let what = format!("not decided, because another target failed first: {at}");
    let window = target.window.clone().filter(|_| is_complete);
    let mut rollout = target.rollout.clone();
    rollout.ready = if is_complete { 2 } else { 1 };
    let mut checks = target.checks.clone();
    for (place, check) in checks.iter_mut().enumerate() {
        if place > 3 || place == 0 {
            check.result = CheckResult::Skipped;
        }
    }
    TargetOutcome {
        verdict: Verdict::Inconclusive,
        reason_code: Some(ReasonCode::Stopped),
        reason: Reason::new(clean(&what)),
        next_step: NextStep::new(Clean::from_static(
            "correct what failed first; `--keep-going` waits for every target",
        )),
        window,
        rollout,
        checks,
        timeline: Vec::new(),
        ..target
    }
}

fn noted(target: TargetOutcome, note: &str) -> TargetOutcome {
    TargetOutcome { notes: vec![clean(note)], ..target }
}

/// One failed, one was stopped, one passed.
pub(crate) fn of_3() -> Outcome {
    let targets = vec![called(&passed(), "api"), called(&failed(), "web"), stopped("mail", false)];
    in_shop(targets)
}

/// Three failed, one of them for a reason of its own; one timed out, one was not found, six were stopped.
pub(crate) fn of_20() -> Outcome {
    let mut targets: Vec<_> =
        ["api", "cart", "search", "login", "images", "prices", "stock", "tax", "blog"]
            .map(|name| called(&passed(), name))
            .into();
    targets[3] = noted(called(&recorded("complete-already"), "login"), NOTE);
    targets[5] = noted(called(&passed(), "prices"), NOTE);
    targets[7] = called(&recorded("restart-once-allowed"), "tax");
    targets.extend([
        called(&failed(), "orders"),
        stopped("mail", false),
        called(&failed(), "billing"),
        stopped("chat", true),
        called(&recorded("image-missing"), "reports"),
        stopped("maps", false),
        called(&recorded("never-ready"), "ledger"),
        stopped("feed", false),
        called(&recorded("deleted"), "legacy"),
        stopped("push", true),
        stopped("jobs", false),
    ]);
    in_shop(targets)
}

const NOTE: &str = "no readiness probe in app: ready only means that the process is running";

/// Twenty failed, five timed out, thirty were stopped.
pub(crate) fn of_200() -> Outcome {
    const FAILED: [&str; 5] =
        ["image-missing", "config-missing", "out-of-memory", "segfault", "liveness-kill"];
    let targets = (0..200).map(|number: usize| {
        let name = format!("service-{number:03}");
        match number % 40 {
            7 => called(&failed(), &name),
            12 | 23 | 31 => called(&recorded(FAILED[number % 5]), &name),
            35 => called(&recorded("never-ready"), &name),
            1..=6 => stopped(&name, number.is_multiple_of(2)),
            _ => called(&passed(), &name),
        }
    });
    in_shop(targets.collect())
}

fn in_shop(targets: Vec<TargetOutcome>) -> Outcome {
    let context = Some(clean("prod"));
    let text = |target: TargetOutcome| {
        let namespace = clean("shop");
        let text = serde_json::to_string(&target).unwrap().replace("-n prod", "-n shop");
        let target: TargetOutcome = serde_json::from_str(&text).unwrap();
        TargetOutcome { namespace, context: context.clone(), ..target }
    };
    outcome(targets.into_iter().map(text).collect())
}
