//! Targets that appear in a selection while the release is judged: until the first health window ends they are judged, later
//! ones are noted (contract, "A release").

use std::time::Duration;

use super::{Fleet, Member, Output, Scope, Target, notes::add_notes};
use crate::{
    gate::{Gate, Policy, Verdict},
    model::Elapsed,
    observation::{Appeared, TargetId},
    phrases,
};

/// Between two looks.
const INTERVAL: Duration = Duration::from_secs(10);

/// How what is selected is looked for again.
#[derive(Debug)]
pub(super) struct Newcomers {
    /// By which limits they are judged.
    policy: Policy,
    /// When the look that is under way was asked for.
    asked: Option<Elapsed>,
    next: Elapsed,
    door: Door,
}

/// Whether what appears is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Open,
    /// The first window ended then: it takes a look that begins no earlier.
    Closing(Elapsed),
    Closed,
}

impl Newcomers {
    pub(super) fn new(policy: Policy) -> Self {
        Self { policy, asked: None, next: Elapsed::ZERO + INTERVAL, door: Door::Open }
    }
}

impl Fleet {
    /// When what is selected is to be looked for; `None` where nothing is, or nothing is left to judge.
    pub(super) fn next_look(&self) -> Option<Elapsed> {
        let newcomers = self.newcomers.as_ref().filter(|one| one.asked.is_none())?;
        self.decided_at().is_none().then_some(newcomers.next)
    }

    /// Whether all are known that have to pass.
    pub(super) fn is_closed(&self) -> bool {
        self.newcomers.as_ref().is_none_or(|one| one.door == Door::Closed)
    }

    /// Asks for a look when one is due: now and then, and once the first window ends.
    pub(super) fn look(&mut self, now: Elapsed) {
        let has_ended = |gate: &Gate| {
            let passed = gate.decision().is_some_and(|one| one.verdict == Verdict::Passed);
            gate.held_pass().is_some() || passed
        };
        let ends = self.gates().any(has_ended);
        if let Some(newcomers) = &mut self.newcomers
            && newcomers.door == Door::Open
            && ends
        {
            newcomers.door = Door::Closing(now);
            newcomers.next = now;
        }
        if self.next_look().is_some_and(|due| due <= now)
            && let Some(newcomers) = &mut self.newcomers
        {
            newcomers.asked = Some(now);
            self.outputs.push_back(Output::Select);
        }
    }

    /// Takes in what a look found.
    pub(super) fn take_newcomers(&mut self, now: Elapsed, appeared: &[Appeared]) {
        let Some(newcomers) = &mut self.newcomers else { return };
        let begun = newcomers.asked.take();
        newcomers.next = now + INTERVAL;
        let policy = newcomers.policy.clone();
        let may_join = newcomers.door != Door::Closed;
        if let Door::Closing(since) = newcomers.door {
            match begun.is_some_and(|begun| begun >= since) {
                true => newcomers.door = Door::Closed,
                false => newcomers.next = now,
            }
        }
        for Appeared { context, target } in appeared {
            let is_it =
                |member: &Member| member.context == *context && member.gate.target() == target;
            if self.members.iter().any(is_it) {
                continue;
            }
            if !may_join {
                add_notes(&mut self.notes, [phrases::selection::appeared_late(target)]);
                continue;
            }
            let mut policy = policy.clone();
            policy.settle_rules(context.as_ref(), target);
            add_notes(&mut self.notes, policy.keep_bounds());
            let target = Target::new(context.clone(), target.clone(), policy);
            self.join(now, Target { is_selected: true, ..target });
        }
    }

    fn join(&mut self, now: Elapsed, target: Target) {
        let id = TargetId(u32::try_from(self.members.len()).unwrap_or(u32::MAX));
        let place = Scope::place(&mut self.scopes, id, &target);
        let scope = &self.scopes[place.index()];
        let neighbours = self.members.iter_mut().filter(|member| member.scope == place);
        neighbours.for_each(Member::get_neighbour);
        let mut member = Member::new(now, target, place, scope.targets().len() == 1);
        member.misses_read = scope.is_read();
        member.gate.hold_pass();
        self.members.push(member);
    }
}
