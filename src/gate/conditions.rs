//! What the status of a custom resource says: whether it is complete, and whether it failed.

use std::time::Duration;

use super::{
    Attribution, Cause, Gate, ReasonCode, Verdict,
    kind::custom::{self, Failing, Lack},
    symptom::{Explained, Limit, Symptom},
    texts,
};
use crate::{
    clean,
    model::{Custom, ResourceCondition, ServerTime, Workload},
    observation::Snapshot,
    phrases::{
        self,
        custom::{Wait, says},
    },
    signs::Scene,
    text::{Clean, Untrusted},
};

/// How long a resource may be degraded.
const DEGRADED: Duration = Duration::from_secs(30);

/// Conditions that are looked at more closely; no controller writes so many.
const MOST: usize = 32;

/// Where a text of a controller may tell whose concern a failure is.
const SCENES: [Scene; 4] = [Scene::Creation, Scene::Scheduling, Scene::Image, Scene::Volume];

/// The status of a custom resource, as last seen.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    /// The generation that is judged; `None` before the first read.
    generation: Option<i64>,
    /// Failures that were there at the start and of which nothing tells whether they are of this generation.
    old: Vec<(Untrusted, Option<ServerTime>)>,
    /// What is waited for.
    waits: Vec<Wait>,
    /// What makes it complete.
    holding: Vec<Clean>,
    tells_generation: bool,
    has_pods: bool,
    has_unreadable_owners: bool,
}

impl Conditions {
    /// Whether any pods were found that belong to it.
    pub(super) const fn has_pods(&self) -> bool {
        self.has_pods
    }

    /// What is waited for, in words; nothing if it is complete.
    pub(super) fn waits(&self) -> &[Wait] {
        &self.waits
    }
}

impl Gate {
    /// Takes in what a read shows of a custom resource, before its pods are looked at.
    pub(super) fn observe_family(&mut self, workload: &Workload, snapshot: &Snapshot) {
        let Workload::Custom(custom) = workload else { return };
        self.observe_status(custom);
        let is_over = self.conditions.waits.is_empty() || self.deadline.awaits_last_read();
        let Some(family) = self.pin.as_mut().and_then(|pin| pin.family_mut()) else { return };
        family.learn(&custom.lineage);
        if is_over {
            family.take_older();
        }
        let pods = snapshot.pods().filter(|pod| family.has(pod)).count() as u64;
        self.conditions.has_pods |= pods > 0;
        self.ledger.want(pods);
        if !custom.lineage.unreadable.is_empty() {
            self.conditions.has_unreadable_owners = true;
            let unreadable = &custom.lineage.unreadable;
            unreadable.iter().for_each(|one| self.missing.add(phrases::custom::owner_gap(one)));
            let account = phrases::custom::owners_forbidden(&self.target, unreadable);
            self.decide(Verdict::Inconclusive, Some(ReasonCode::Forbidden), account);
        }
    }

    /// Takes in what the status says; a watch shows no less of it than a read.
    pub(super) fn observe_status(&mut self, custom: &Custom) {
        let generation = custom.metadata.generation;
        let is_first = self.conditions.generation.is_none();
        if !is_first && self.conditions.generation != Some(generation) {
            self.begin_again(custom);
        }
        let wanted = self.policy.condition.as_ref();
        let lacks = custom::lacks(custom, wanted);
        let waits = lacks.iter().take(MOST).map(|lack| self.wait_for(*lack, custom)).collect();
        let holding =
            custom::judged(custom, wanted).take(MOST).map(phrases::custom::holds).collect();
        let tells_generation = custom::tells_generation(custom, wanted);
        let known = &mut self.conditions;
        known.generation = Some(generation);
        (known.waits, known.holding) = (waits, holding);
        known.tells_generation = tells_generation;
        if let Some(why) = self.conditions.waits.first().map(|wait| wait.obstacle.clone())
            && self.window.is_some()
        {
            self.close_window(why);
        }
        self.observe_failing(custom, is_first);
    }

    /// A new generation is judged like a new rollout, and replaces nothing.
    fn begin_again(&mut self, custom: &Custom) {
        if let Some(family) = self.pin.as_mut().and_then(|pin| pin.family_mut()) {
            family.begin_again(custom.changed);
        }
        self.completed_at = None;
        if self.window.is_some() {
            self.close_window(phrases::custom::changed(custom.metadata.generation));
        }
    }

    fn wait_for(&self, lack: Lack<'_>, custom: &Custom) -> Wait {
        let generation = custom.metadata.generation;
        let wanted = self.policy.condition.as_ref();
        match lack {
            Lack::Status => phrases::custom::no_status(custom.changed.or(custom.metadata.created)),
            Lack::Generation(seen) => phrases::custom::not_observed(generation, seen),
            Lack::Conditions => {
                let looked_for = match wanted {
                    Some(wanted) => vec![clean!("{}", wanted)],
                    None => custom::GOOD.map(Clean::from_static).to_vec(),
                };
                let others: Vec<_> =
                    custom.conditions().take(MOST).map(phrases::custom::holds).collect();
                phrases::custom::no_condition(&looked_for, &others)
            }
            Lack::Ongoing(condition) => phrases::custom::ongoing(condition),
            Lack::Unmet(condition) => {
                let status = wanted.map_or("True", |wanted| &wanted.status);
                phrases::custom::unmet(condition, status, generation)
            }
        }
    }

    /// The conditions that say that it failed, if they are of this generation or came up since the start.
    fn observe_failing(&mut self, custom: &Custom, is_first: bool) {
        let failing: Vec<_> =
            custom::failing(custom, self.policy.condition.as_ref()).take(MOST).collect();
        let mark = |one: &ResourceCondition| (one.kind.clone(), one.last_transition_time);
        if is_first {
            let untold = failing.iter().filter(|one| one.is_current != Some(true));
            self.conditions.old = untold.map(|one| mark(one.condition)).collect();
        }
        let old = &mut self.conditions.old;
        old.retain(|known| failing.iter().any(|one| mark(one.condition) == *known));
        // of the present a condition speaks unless it is known to be of another generation
        let is_present = self.policy.present;
        let is_old = |one: &Failing<'_>| match one.is_current {
            Some(true) => false,
            None if is_present => false,
            Some(false) | None => old.contains(&mark(one.condition)),
        };
        match failing.iter().find(|one| !is_old(one)) {
            None => self.findings.heal_all(Cause::Condition),
            Some(Failing { condition, is_final, .. }) => {
                let limit = if *is_final { Limit::AtOnce } else { Limit::After(DEGRADED) };
                self.fail_by_condition(says(condition), limit, condition.last_transition_time);
            }
        }
    }

    fn fail_by_condition(&mut self, message: Clean, limit: Limit, since: Option<ServerTime>) {
        let Some(pin) = &self.pin else { return };
        let (uid, name) = (pin.workload.clone(), clean!("{}", self.target));
        let known =
            SCENES.into_iter().map(|scene| texts::weigh(scene, &message, Attribution::Unknown).0);
        let known = known.into_iter().find(|one| *one != Attribution::Unknown);
        let attribution = known.unwrap_or(Attribution::Unknown);
        let symptom = Symptom::new(Cause::Condition, attribution, message, limit);
        let next_step = Some(phrases::custom::see_conditions(&self.target));
        let explained = Explained { next_step, scene: None, only_needs_time: false };
        self.see(&symptom, &uid, &name, self.lasting_since(since));
        self.findings.explain(&symptom, explained);
    }

    /// What holds of the conditions that make it complete.
    pub(super) fn conditions_that_hold(&self) -> Clean {
        phrases::custom::hold(&self.conditions.holding)
    }

    /// What a verdict on a custom resource leaves open.
    pub(super) fn notes_on_conditions(&self) -> Vec<Clean> {
        let known = &self.conditions;
        let untold = (!known.tells_generation && !known.holding.is_empty())
            .then(phrases::custom::generation_untold);
        let is_known = !known.has_unreadable_owners;
        let without_pods = (is_known && !known.has_pods).then(phrases::custom::no_pods);
        untold.into_iter().chain(without_pods).collect()
    }
}
