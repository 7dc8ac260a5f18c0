//! A target among others.

use super::{share::Share, target::Target};
use crate::{
    gate::{Gate, ReasonCode},
    manifest::Sources,
    model::{Context, Elapsed},
    observation::{Observation, Read, ScopeId, Snapshot},
    timeline::Timeline,
};

/// A target with its gate, and what reports tell of it beside the verdict.
#[derive(Debug)]
pub struct Member {
    pub(super) scope: ScopeId,
    share: Share,
    /// It was selected, not named.
    is_selected: bool,
    /// The read that is under way does not ask for it yet.
    pub(super) misses_read: bool,
    /// The context of its cluster; `None` where none is known.
    pub context: Option<Context>,
    /// Where its manifest is written; empty where none is known.
    pub sources: Sources,
    /// Its gate.
    pub gate: Gate,
    /// What happened to it when.
    pub timeline: Timeline,
}

/// What the gates of a scope hear of.
pub(super) enum Heard<'a> {
    /// All that is known after a read.
    Read(Box<Read>),
    /// What was seen.
    As(&'a Observation),
}

impl Member {
    /// A target that nothing is known of by now. With `is_alone` nothing else is asked for in its scope.
    pub(super) fn new(now: Elapsed, target: Target, scope: ScopeId, is_alone: bool) -> Self {
        Self {
            scope,
            share: Share::new(target.workload.clone(), is_alone),
            is_selected: target.is_selected,
            misses_read: false,
            context: target.context,
            sources: target.sources,
            gate: Gate::joining(now, target.workload, target.policy),
            timeline: Timeline::default(),
        }
    }

    /// What it is, with the limits by which it is judged.
    pub fn target(&self) -> Target {
        Target {
            context: self.context.clone(),
            workload: self.gate.target().clone(),
            policy: self.gate.policy().clone(),
            sources: self.sources.clone(),
            is_selected: self.is_selected,
        }
    }

    /// Why a selection does not count it: it was deleted during the run, or nothing of it runs at present.
    pub(super) fn left_out(&self) -> Option<ReasonCode> {
        let code = self.gate.decision().and_then(|decision| decision.code);
        let is_left_out = |code: &ReasonCode| match code {
            ReasonCode::Deleted | ReasonCode::NotFound => true,
            ReasonCode::Paused | ReasonCode::NoReplicas => self.gate.policy().present,
            _ => false,
        };
        code.filter(|_| self.is_selected).filter(is_left_out)
    }

    /// Another target of its scope appeared.
    pub(super) fn get_neighbour(&mut self) {
        self.share.get_neighbour();
    }

    /// Takes in its part of what was seen. `begun` is when the read that ended was asked for.
    pub(super) fn hear_of(&mut self, elapsed: Elapsed, heard: &Heard<'_>, begun: Option<Elapsed>) {
        let part;
        let observation = match heard {
            Heard::Read(all) => {
                part = match self.share.failure(all) {
                    Some(failure) => Observation::ReadFailed(failure.clone()),
                    None => Observation::Snapshot(Snapshot { begun, ..self.share.of(all) }),
                };
                &part
            }
            Heard::As(observation) if self.share.has(observation) => *observation,
            Heard::As(_) => return,
        };
        self.gate.handle(elapsed, observation);
        self.timeline.observe(elapsed, observation, &self.gate);
    }
}
