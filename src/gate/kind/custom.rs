//! Custom resources: judged by their conditions, as Kubernetes' conventions have them
//! (`sig-architecture/api-conventions.md`, "Typical status properties"; kstatus has `Reconciling` and `Stalled`).

use crate::{
    gate::WantedCondition,
    model::{Custom, ResourceCondition, ServerTime},
};

/// The types of conditions that say that it is as it should be: those that exist must hold.
pub(in crate::gate) const GOOD: [&str; 5] =
    ["Ready", "Available", "Succeeded", "Complete", "Healthy"];

/// The types that say that it failed, and whether for good.
const BAD: [(&str, bool); 3] = [("Stalled", true), ("Failed", true), ("Degraded", false)];

/// When its last change was made, as far as is known: it was made as it is if it has not been changed since.
pub(super) fn changed(custom: &Custom) -> Option<ServerTime> {
    let is_first = custom.metadata.generation <= 1;
    custom.changed.or(custom.metadata.created.filter(|_| is_first))
}

/// Something that its status lacks for it to be complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) enum Lack<'a> {
    /// It has none.
    Status,
    /// It speaks of this generation, which is not the last one.
    Generation(i64),
    /// It has none of the conditions that are looked for.
    Conditions,
    /// Work goes on, by this condition.
    Ongoing(&'a ResourceCondition),
    /// A condition does not hold, or speaks of an earlier generation.
    Unmet(&'a ResourceCondition),
}

/// What its status lacks; none if it is complete. `wanted`: the condition that was asked for.
pub(in crate::gate) fn lacks<'a>(
    custom: &'a Custom,
    wanted: Option<&WantedCondition>,
) -> Vec<Lack<'a>> {
    let Some(status) = &custom.status else { return vec![Lack::Status] };
    let generation = custom.metadata.generation;
    if let Some(seen) = status.observed_generation.filter(|seen| *seen < generation) {
        return vec![Lack::Generation(seen)];
    }
    let mut lacks: Vec<Lack<'a>> = Vec::new();
    let mut has_any = false;
    for condition in &status.conditions {
        let kind = condition.kind.as_raw();
        match wanted {
            Some(wanted) if wanted.kind != kind => {}
            Some(wanted) => {
                has_any = true;
                if !condition.is(&wanted.status) || !is_current(custom, condition) {
                    lacks.push(Lack::Unmet(condition));
                }
            }
            None if GOOD.contains(&kind) => {
                has_any = true;
                if !condition.is("True") || !is_current(custom, condition) {
                    lacks.push(Lack::Unmet(condition));
                }
            }
            None if kind == "Reconciling" && condition.is("True") => {
                lacks.insert(0, Lack::Ongoing(condition));
            }
            None => {}
        }
    }
    if !has_any {
        lacks.push(Lack::Conditions);
    }
    lacks
}

/// Whether a condition is not known to speak of an earlier generation.
fn is_current(custom: &Custom, condition: &ResourceCondition) -> bool {
    let generation = custom.metadata.generation;
    condition.observed_generation.is_none_or(|seen| seen >= generation)
}

/// Whether anything tells which generation its conditions speak of.
pub(in crate::gate) fn tells_generation(custom: &Custom, wanted: Option<&WantedCondition>) -> bool {
    let of_status = custom.status.as_ref().and_then(|status| status.observed_generation).is_some();
    let mut judged = judged(custom, wanted).peekable();
    let has_any = judged.peek().is_some();
    of_status || (has_any && judged.all(|condition| condition.observed_generation.is_some()))
}

/// The conditions that decide whether it is complete.
pub(in crate::gate) fn judged<'a>(
    custom: &'a Custom,
    wanted: Option<&WantedCondition>,
) -> impl Iterator<Item = &'a ResourceCondition> {
    custom.conditions().filter(move |condition| {
        let kind = condition.kind.as_raw();
        wanted.map_or_else(|| GOOD.contains(&kind), |wanted| wanted.kind == kind)
    })
}

/// A condition that says that it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) struct Failing<'a> {
    pub(in crate::gate) condition: &'a ResourceCondition,
    /// Nothing is tried any more.
    pub(in crate::gate) is_final: bool,
    /// It speaks of this generation; `None` where nothing tells.
    pub(in crate::gate) is_current: Option<bool>,
}

/// The conditions that say that it failed, the final ones first. One that was asked for is none.
pub(in crate::gate) fn failing<'a>(
    custom: &'a Custom,
    wanted: Option<&WantedCondition>,
) -> impl Iterator<Item = Failing<'a>> {
    let wanted = wanted.map(|wanted| wanted.kind.clone());
    let is_asked_for = move |kind: &str| wanted.as_ref().is_some_and(|wanted| wanted == kind);
    let bad = BAD.into_iter().filter(move |(kind, _)| !is_asked_for(kind));
    bad.flat_map(move |(kind, is_final)| {
        let is_shown = move |one: &&ResourceCondition| one.kind.as_raw() == kind && one.is("True");
        custom.conditions().filter(is_shown).map(move |condition| Failing {
            condition,
            is_final,
            is_current: is_of_generation(custom, condition),
        })
    })
}

/// Whether a condition speaks of this generation, by what it says itself, what the status says, or its time.
fn is_of_generation(custom: &Custom, condition: &ResourceCondition) -> Option<bool> {
    let of_status = custom.status.as_ref().and_then(|status| status.observed_generation);
    let seen = condition.observed_generation.or(of_status);
    let told = seen.map(|seen| seen >= custom.metadata.generation);
    let began_since = || Some(condition.last_transition_time? >= changed(custom)?);
    told.filter(|told| *told).or_else(|| began_since().filter(|since| *since)).or(told)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn custom(status: &Value) -> Custom {
        serde_json::from_value(json!({
            "metadata": {"name": "app", "uid": "u", "generation": 2, "managedFields": [
                {"manager": "kubectl", "time": "2026-01-01T00:00:10Z", "fieldsV1": {"f:spec": {}}}]},
            "status": status,
        }))
        .unwrap()
    }

    fn lacking(status: &Value, wanted: Option<&str>) -> Vec<String> {
        let custom = custom(status);
        let wanted = wanted.map(|text| text.parse().unwrap());
        let lacks = lacks(&custom, wanted.as_ref());
        let words = lacks.into_iter().map(|lack| match lack {
            Lack::Status => "status".to_owned(),
            Lack::Generation(seen) => format!("generation {seen}"),
            Lack::Conditions => "conditions".to_owned(),
            Lack::Ongoing(one) => format!("ongoing {}", one.reason.as_raw()),
            Lack::Unmet(one) => format!("{}={}", one.kind.as_raw(), one.status.as_raw()),
        });
        words.collect()
    }

    #[test]
    fn every_good_condition_that_exists_must_hold_and_one_must_exist() {
        let of = |conditions: &[(&str, &str)]| {
            let conditions =
                conditions.iter().map(|(kind, is)| json!({"type": kind, "status": is}));
            lacking(&json!({"conditions": conditions.collect::<Vec<_>>()}), None)
        };
        assert!(of(&[("Ready", "True")]).is_empty());
        assert!(of(&[("Other", "False"), ("Complete", "True")]).is_empty());
        assert_eq!(of(&[("Ready", "True"), ("Available", "False")]), ["Available=False"]);
        assert_eq!(of(&[("Ready", "Unknown")]), ["Ready=Unknown"]);
        assert_eq!(of(&[("Ready", "True"), ("Ready", "False")]), ["Ready=False"]);
        assert_eq!(of(&[("Synced", "True")]), ["conditions"]);
        assert_eq!(of(&[]), ["conditions"]);
        assert_eq!(of(&[("Ready", "True"), ("Reconciling", "True")]), ["ongoing "]);
        assert!(of(&[("Ready", "True"), ("Reconciling", "False")]).is_empty());
        assert_eq!(lacking(&json!(null), None), ["status"]);
    }

    #[test]
    fn a_status_and_each_condition_of_an_earlier_generation_prove_nothing() {
        let ready =
            |own: Value| json!({"type": "Ready", "status": "True", "observedGeneration": own});
        let of = |seen: Value, own: Value| {
            lacking(&json!({"observedGeneration": seen, "conditions": [ready(own)]}), None)
        };
        assert_eq!(of(json!(1), json!(2)), ["generation 1"]);
        assert_eq!(of(json!(2), json!(1)), ["Ready=True"]);
        assert_eq!(of(json!(null), json!(1)), ["Ready=True"]);
        assert!(of(json!(2), json!(null)).is_empty());
        assert!(of(json!(null), json!(null)).is_empty());
        let tells = |status: &Value| tells_generation(&custom(status), None);
        assert!(!tells(&json!({"conditions": [ready(json!(null))]})));
        assert!(tells(&json!({"conditions": [ready(json!(2))]})));
        assert!(tells(&json!({"observedGeneration": 2})));
    }

    #[test]
    fn the_condition_that_was_asked_for_is_the_only_one() {
        let status = json!({"observedGeneration": 2, "conditions": [
            {"type": "Ready", "status": "False"}, {"type": "Synced", "status": "true"},
            {"type": "Reconciling", "status": "True"}]});
        assert!(lacking(&status, Some("Synced=True")).is_empty());
        assert!(lacking(&status, Some("Ready=False")).is_empty());
        assert_eq!(lacking(&status, Some("Synced=False")), ["Synced=true"]);
        assert_eq!(lacking(&status, Some("Other=True")), ["conditions"]);
        assert_eq!(
            lacking(&json!({"observedGeneration": 1}), Some("Ready=True")),
            ["generation 1"]
        );
    }

    #[test]
    fn a_failure_is_of_this_generation_by_its_word_or_its_time() {
        let of = |seen: Value, own: Value, time: Value| {
            let failed = json!({"type": "Failed", "status": "True", "observedGeneration": own,
                "lastTransitionTime": time});
            let custom = custom(&json!({"observedGeneration": seen, "conditions": [failed]}));
            failing(&custom, None).map(|failing| failing.is_current).collect::<Vec<_>>()
        };
        let (earlier, later) = (json!("2026-01-01T00:00:09Z"), json!("2026-01-01T00:00:11Z"));
        assert_eq!(of(json!(2), json!(null), earlier.clone()), [Some(true)]);
        assert_eq!(of(json!(2), json!(1), earlier.clone()), [Some(false)]);
        assert_eq!(of(json!(1), json!(null), later.clone()), [Some(true)]);
        assert_eq!(of(json!(null), json!(null), later), [Some(true)]);
        assert_eq!(of(json!(null), json!(null), earlier), [None]);
        let custom = custom(&json!({"conditions": [{"type": "Failed", "status": "True"}]}));
        let wanted = "Failed=True".parse().unwrap();
        assert_eq!(failing(&custom, Some(&wanted)).count(), 0);
    }
}
