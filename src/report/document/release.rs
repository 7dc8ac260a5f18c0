//! Which targets of a run are told each by itself, and which together.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{answers, in_short, worst_first};
use crate::{
    gate::{Finding, FindingState, ReasonCode, Verdict},
    outcome::{Outcome, TargetOutcome},
    phrases::{event, release},
    report::{block::Fact, text::plain},
    text::Clean,
    vocabulary::RollbackWrite,
};

/// The targets of a run, by how much is to be said of them.
#[derive(Clone, Debug, Default)]
pub(in crate::report) struct Release<'a> {
    /// Those that did not pass, and were not stopped, the worst first.
    pub(in crate::report) cases: Vec<Case<'a>>,
    /// Those that were not decided, because another one failed.
    pub(in crate::report) stopped: Vec<&'a TargetOutcome>,
    /// Those that passed.
    pub(in crate::report) passed: Vec<&'a TargetOutcome>,
}

/// A target that did not pass.
#[derive(Clone, Debug)]
pub(in crate::report) struct Case<'a> {
    pub(in crate::report) target: &'a TargetOutcome,
    /// Others of which the very same is to be said.
    pub(in crate::report) alike: Vec<&'a TargetOutcome>,
}

impl<'a> Release<'a> {
    pub(in crate::report) fn of(outcome: &'a Outcome) -> Self {
        let mut release = Self::default();
        for target in worst_first(outcome) {
            if target.verdict == Verdict::Passed {
                release.passed.push(target);
            } else if is_stopped(target) {
                release.stopped.push(target);
            } else {
                match release.cases.iter_mut().find(|case| is_alike(case.target, target)) {
                    Some(case) => case.alike.push(target),
                    None => release.cases.push(Case { target, alike: Vec::new() }),
                }
            }
        }
        release
    }

    /// What the last lines say of those that passed beside that they did, each thing once.
    pub(in crate::report) fn remarks(&self) -> Vec<Remark<'a>> {
        let facts = |target: &&'a TargetOutcome| {
            let target = *target;
            in_short(target)
                .into_iter()
                .filter(|fact| fact.label != answers::WHY)
                .map(move |fact| (fact, target))
        };
        grouped(self.passed.iter().flat_map(facts))
    }
}

/// What is said once, with the targets of which it is true.
type Remark<'a> = (Fact<'a>, Vec<&'a TargetOutcome>);

/// Puts targets together of which the same is said.
pub(super) fn grouped<'a>(
    said: impl Iterator<Item = (Fact<'a>, &'a TargetOutcome)>,
) -> Vec<Remark<'a>> {
    let mut remarks: Vec<Remark<'a>> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (fact, target) in said {
        match places.entry(plain(&fact.line)) {
            Entry::Occupied(place) => remarks[*place.get()].1.push(target),
            Entry::Vacant(place) => {
                place.insert(remarks.len());
                remarks.push((fact, vec![target]));
            }
        }
    }
    remarks
}

/// Whether it was not decided, because another one failed.
pub(in crate::report) fn is_stopped(target: &TargetOutcome) -> bool {
    target.reason_code == Some(ReasonCode::Stopped)
}

/// Whether a section of its own says more than its row in the list.
pub(super) fn has_section(target: &TargetOutcome) -> bool {
    match target.verdict {
        Verdict::Passed => false,
        _ if is_stopped(target) => suspicion(target).is_some(),
        _ => true,
    }
}

/// What was suspected of a target that was stopped.
pub(in crate::report) fn suspicion(target: &TargetOutcome) -> Option<&Finding> {
    target.findings.iter().find(|finding| finding.state == FindingState::Suspected)
}

/// What a target that was stopped was at, in a row of the list.
pub(super) fn stopped_at(target: &TargetOutcome) -> Clean {
    let progress = event::Progress {
        desired: target.rollout.desired,
        updated: target.rollout.desired,
        ready: target.rollout.ready,
        ..event::Progress::default()
    };
    let ready = event::ready(target.kind.kind(), &progress);
    match is_rolled_back(target) {
        true => release::stopped_and_rolled_back(&ready),
        false => release::stopped_at(target.window.is_some(), &ready),
    }
}

/// Whether a target that was stopped is still rolling out, and nobody watches it.
pub(in crate::report) fn is_unwatched(target: &TargetOutcome) -> bool {
    target.window.is_none() && !is_rolled_back(target)
}

fn is_rolled_back(target: &TargetOutcome) -> bool {
    target.rollback.as_ref().is_some_and(|rollback| rollback.write == RollbackWrite::Done)
}

/// Whether two targets have the same to say, and nothing was found on either.
fn is_alike(one: &TargetOutcome, other: &TargetOutcome) -> bool {
    let said = |of: &TargetOutcome| (of.verdict, of.reason_code, of.reason.clone());
    let is_bare = |of: &TargetOutcome| {
        answers::decisive(of).is_none() && suspicion(of).is_none() && of.undo.is_none()
    };
    is_bare(one)
        && is_bare(other)
        && said(one) == said(other)
        && one.next_step == other.next_step
        && one.rollback == other.rollback
}

/// `3 of 20 targets failed, 1 timed out, 16 passed`.
pub(in crate::report) fn total(outcome: &Outcome) -> Clean {
    let count = |is: &dyn Fn(&TargetOutcome) -> bool| {
        outcome.targets.iter().filter(|target| is(target)).count() as u64
    };
    let of = |verdict| count(&|target| target.verdict == verdict && !is_stopped(target));
    release::total(&[
        (of(Verdict::Interrupted), "interrupted"),
        (of(Verdict::Failed), "failed"),
        (of(Verdict::TimedOut), "timed out"),
        (of(Verdict::Inconclusive), "inconclusive"),
        (of(Verdict::Superseded), "superseded"),
        (count(&is_stopped), "not decided"),
        (of(Verdict::Passed), "passed"),
    ])
}
