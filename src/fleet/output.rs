//! What a fleet answers.

use super::Fleet;
use crate::{
    evidence::EvidenceRequest,
    gate::{self, GateEvent},
    observation::{ScopeId, TargetId},
    text::Clean,
};

/// A fact for reporters, and which target it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The target.
    pub target: TargetId,
    /// What happened.
    pub event: GateEvent,
}

/// One answer of the fleet; drained after each input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Something to tell.
    Event(Event),
    /// Make a consistent read of a scope.
    Read(ScopeId),
    /// Look for what is selected again.
    Select,
    /// Read the Services of a scope.
    ReadServices(ScopeId),
    /// Read the Leases of these nodes, for targets of a scope.
    ReadLeases(ScopeId, Vec<Clean>),
    /// Fetch evidence.
    Collect(TargetId, EvidenceRequest),
}

impl Fleet {
    /// Takes the answers of all gates.
    pub(super) fn drain(&mut self) {
        for (target, member) in (0..).map(TargetId).zip(&mut self.members) {
            while let Some(output) = member.gate.poll_output() {
                self.outputs.push_back(match output {
                    gate::Output::Event(event) => {
                        member.timeline.hear(&event);
                        Output::Event(Event { target, event })
                    }
                    gate::Output::Read => {
                        let scope = &mut self.scopes[member.scope.index()];
                        if !scope.begin(member.gate.now()) {
                            continue;
                        }
                        Output::Read(member.scope)
                    }
                    gate::Output::ReadServices => {
                        if !self.scopes[member.scope.index()].begin_services() {
                            continue;
                        }
                        Output::ReadServices(member.scope)
                    }
                    gate::Output::ReadLeases(nodes) => {
                        self.scopes[member.scope.index()].leases.want(target, nodes);
                        continue;
                    }
                    gate::Output::Collect(request) => Output::Collect(target, request),
                });
            }
        }
        for (id, scope) in (0..).map(ScopeId).zip(&mut self.scopes) {
            let nodes = scope.leases.begin();
            self.outputs.extend(nodes.map(|nodes| Output::ReadLeases(id, nodes)));
        }
    }
}
