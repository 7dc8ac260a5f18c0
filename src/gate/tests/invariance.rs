//! What must make no difference: the servers' clocks, saying a thing twice, and a watch that lags behind the reads.

use proptest::{prelude::*, test_runner::RngSeed};
use serde_json::Value;

use super::{
    properties::{World, history, limits},
    script::Script,
    *,
};
use crate::observation::{Observation, Observed};

/// What a gate makes of a recording, less what it quotes and when it last did.
#[derive(Debug, PartialEq)]
struct Judgement {
    verdict: Option<(Elapsed, Verdict, Option<ReasonCode>)>,
    findings: Vec<Finding>,
    checks: Vec<CheckResult>,
}

impl Judgement {
    fn of(gate: &Gate) -> Self {
        let decision = gate.decision();
        let findings = gate.findings().into_iter();
        Self {
            verdict: decision.map(|decision| (decision.at, decision.verdict, decision.code)),
            findings: findings
                .map(|found| Finding { evidence: None, last_seen: found.first_seen, ..found })
                .collect(),
            checks: gate.checks().into_iter().map(|check| check.result).collect(),
        }
    }
}

fn advance(gate: &mut Gate, until: Elapsed) {
    while let Some(due) = gate.poll_timeout().filter(|due| *due <= until) {
        gate.handle_timeout(due);
    }
}

/// What a fresh gate makes of these observations.
fn judged(script: &Script, observations: impl IntoIterator<Item = Observed>) -> Judgement {
    let mut gate = Gate::new(script.gate.target.clone(), script.gate.policy.clone());
    for observed in observations {
        advance(&mut gate, observed.elapsed);
        gate.handle(observed.elapsed, &observed.observation);
    }
    advance(&mut gate, script.now);
    Judgement::of(&gate)
}

/// Sets every server's time in it off by so many seconds.
fn shift(value: &mut Value, seconds: i64) {
    match value {
        Value::String(text) => {
            if let Ok(time) = text.parse::<jiff::Timestamp>() {
                let shifted = time.as_second() + seconds;
                let shifted = jiff::Timestamp::new(shifted, time.subsec_nanosecond()).unwrap();
                *text = shifted.to_string();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shift(item, seconds)),
        Value::Object(fields) => fields.values_mut().for_each(|field| shift(field, seconds)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, rng_seed: RngSeed::Fixed(21), ..ProptestConfig::default() })]

    #[test]
    fn the_servers_clocks_may_be_off(
        policy in limits(), history in history(), seconds in -1_000_000_000i64..1_000_000_000,
    ) {
        let script = World::play(policy, &history, |told| told).script;
        let shifted = script.fed.iter().map(|observed| {
            let mut value = serde_json::to_value(observed).unwrap();
            shift(&mut value, seconds);
            serde_json::from_value(value).unwrap()
        });
        prop_assert_eq!(judged(&script, shifted), Judgement::of(&script.gate));
    }

    #[test]
    fn to_be_told_twice_is_no_news(policy in limits(), history in history()) {
        let script = World::play(policy, &history, |told| told).script;
        let twice = script.fed.iter().flat_map(|observed| {
            // a refusal that repeats is one more
            let is_failure = matches!(observed.observation, Observation::ReadFailed(_));
            vec![observed.clone(); if is_failure { 1 } else { 2 }]
        });
        prop_assert_eq!(judged(&script, twice), Judgement::of(&script.gate));
    }

    #[test]
    fn a_watch_that_lags_changes_nothing(policy in limits(), history in history(), lag in 0usize..12) {
        let script = World::play(policy, &history, |told| told).script;
        let mut seen = Vec::new();
        let mut is_pinned = false;
        let lagging = script.fed.iter().flat_map(|observed| {
            match &observed.observation {
                Observation::Snapshot(snapshot) => {
                    is_pinned = true;
                    seen.extend(snapshot.pods().cloned());
                }
                // before the first read it is not known whose pod it is, so told again it would be news
                Observation::PodChanged(pod) if is_pinned => seen.push(pod.clone()),
                _ => {}
            }
            let late = seen.len().checked_sub(lag + 1).map(|index| {
                Observed::new(observed.elapsed, Observation::PodChanged(seen[index].clone()))
            });
            [Some(observed.clone()), late].into_iter().flatten().collect::<Vec<_>>()
        });
        prop_assert_eq!(judged(&script, lagging), Judgement::of(&script.gate));
    }
}
