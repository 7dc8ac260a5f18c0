//! The release: every target has a gate of its own, and all of them share one clock, one driver and one end.
//!
//! A layer of pure functions like the gates: what the run sees goes in, facts, requests and verdicts come out. Targets of
//! one namespace share what is read of it: a [`World`](crate::observation::World), of which each gate sees its own part.

mod common;
mod ending;
mod expected;
mod leases;
mod member;
mod newcomers;
mod notes;
mod output;
mod problem;
mod restart_loop;
mod rollback;
mod scope;
mod share;
mod target;
#[cfg(test)]
mod tests;

use std::{collections::VecDeque, mem};

pub use common::{Case, Common, common};
pub use member::Member;
pub use notes::add_notes;
pub use output::{Event, Output};
pub use problem::Problem;
pub use restart_loop::RestartLoop;
pub use scope::Scope;
pub use target::{Release, Target};

use ending::Ending;
use member::Heard;
use newcomers::Newcomers;

use crate::{
    gate::{Gate, NextStep, ReasonCode, SettingFact},
    model::{Elapsed, Server},
    observation::{Observation, Observed, Read, ScopeId, Signal, TargetId},
    text::Clean,
    vocabulary::OnFailure,
};

/// The gates of a release.
///
/// Feed it with [`handle`](Self::handle) and [`handle_timeout`](Self::handle_timeout), and drain
/// [`poll_output`](Self::poll_output) after each.
#[derive(Debug)]
pub struct Fleet {
    scopes: Vec<Scope>,
    members: Vec<Member>,
    on_failure: OnFailure,
    problems: Vec<Problem>,
    notes: Vec<Clean>,
    loops: Vec<RestartLoop>,
    servers: Vec<Server>,
    settings: Vec<SettingFact>,
    ending: Ending,
    newcomers: Option<Newcomers>,
    outputs: VecDeque<Output>,
}

impl Fleet {
    /// A fleet that judges these targets from [`Elapsed::ZERO`] on. A [`TargetId`] is a place among them.
    pub fn new(release: impl Into<Release>) -> Self {
        let release = release.into();
        let settings = release.settings();
        let (is_present, on_failure) = (release.is_of_present(), release.on_failure());
        let Release { targets, keep_going, problems, notes, loops, servers, newcomers, .. } =
            release;
        let is_alone = targets.len() == 1 && newcomers.is_none();
        let (scopes, places) = Scope::all(&targets);
        let members = targets.into_iter().zip(places).map(|(target, place)| {
            let scope = &scopes[place.index()];
            let mut member = Member::new(Elapsed::ZERO, target, place, scope.targets().len() == 1);
            // what is judged as it is now waits for no other target
            if !is_alone && !is_present {
                member.gate.hold_pass();
            }
            member
        });
        let members = members.collect();
        let ending =
            Ending { keeps_going: keep_going || is_present, stops_at: None, images_judged: false };
        let outputs = VecDeque::new();
        let newcomers = newcomers.map(Newcomers::new);
        let mut fleet = Self {
            scopes,
            members,
            on_failure,
            problems,
            notes,
            loops,
            servers,
            settings,
            ending,
            newcomers,
            outputs,
        };
        fleet.drain();
        fleet
    }

    /// Takes in what was seen. Each gate hears what concerns its target.
    pub fn handle(&mut self, observed: &Observed) {
        let Some(scope) = self.scopes.get_mut(observed.scope.index()) else { return };
        let begun = scope.take(&observed.observation);
        let heard = match &observed.observation {
            Observation::Read(Read { unread, .. }) => {
                Heard::Read(Box::new(Read { unread: unread.clone(), ..scope.world().whole() }))
            }
            observation => Heard::As(observation),
        };
        let is_for_all = matches!(observed.observation, Observation::Interrupted(_));
        let askers = match observed.observation {
            Observation::NodeLeases(_) => Some(scope.leases.answered()),
            _ => None,
        };
        let mut reads_again = false;
        for (id, member) in (0..).map(TargetId).zip(&mut self.members) {
            let concerns = match (observed.target, &askers) {
                (Some(one), _) => one == id,
                (None, Some(askers)) => askers.contains(&id),
                (None, None) => member.scope == observed.scope,
            };
            if begun.is_some()
                && member.scope == observed.scope
                && mem::take(&mut member.misses_read)
            {
                reads_again = true;
            } else if concerns || is_for_all {
                member.hear_of(observed.elapsed, &heard, begun);
            }
        }
        if let (true, Some(scope)) = (reads_again, self.scopes.get_mut(observed.scope.index()))
            && scope.begin(observed.elapsed)
        {
            self.outputs.push_back(Output::Read(observed.scope));
        }
        if let Observation::Selected(appeared) = &observed.observation {
            self.take_newcomers(observed.elapsed, appeared);
        }
        self.settle(observed.elapsed);
        self.drain();
    }

    /// Lets time pass, for the gates that wait for it. Early or repeated calls do nothing.
    pub fn handle_timeout(&mut self, now: Elapsed) {
        let is_due = |gate: &&mut Gate| gate.poll_timeout().is_some_and(|due| due <= now);
        self.gates_mut().filter(is_due).for_each(|gate| gate.handle_timeout(now));
        self.settle(now);
        self.drain();
    }

    /// When [`handle_timeout`](Self::handle_timeout) is to be called next; `None` once every target is decided.
    pub fn poll_timeout(&self) -> Option<Elapsed> {
        let of_gates = self.gates().filter_map(Gate::poll_timeout);
        of_gates.chain(self.ending.stops_at).chain(self.next_look()).min()
    }

    /// The next answer; to be drained after each input.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Asks for a consistent read of a scope, because a watch may have lost something.
    pub fn want_read(&mut self, scope: ScopeId) {
        let members = self.members.iter_mut().filter(|member| member.scope == scope);
        members.for_each(|member| member.gate.want_read());
        self.drain();
    }

    /// The recording that is replayed has no more to tell; see [`Gate::end_recording`].
    pub fn end_recording(&mut self) {
        self.gates_mut().for_each(Gate::end_recording);
    }

    /// Gives up: whoever drives the fleet cannot go on.
    pub fn abandon(&mut self, now: Elapsed, code: ReasonCode, reason: &Clean, next: &NextStep) {
        for gate in self.gates_mut() {
            gate.abandon(now, code, reason.clone(), next.clone());
        }
        self.drain();
    }

    /// What kept the release from being judged as a whole.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The API servers that it is judged by.
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }

    /// The targets that count: not those that a selection leaves out, unless nothing else is left.
    pub fn judged(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| self.counts(member))
    }

    fn counts(&self, member: &Member) -> bool {
        let is_left_out = |member: &Member| member.left_out().is_some();
        !is_left_out(member) || self.members.iter().all(is_left_out)
    }

    /// The settings of the run as a whole.
    pub fn settings(&self) -> &[SettingFact] {
        &self.settings
    }

    /// Each target, in the order in which they were asked for or appeared.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    fn gates(&self) -> impl Iterator<Item = &Gate> {
        self.members.iter().map(|member| &member.gate)
    }

    fn gates_mut(&mut self) -> impl Iterator<Item = &mut Gate> {
        self.members.iter_mut().map(|member| &mut member.gate)
    }

    /// The latest time that a gate was told.
    pub fn now(&self) -> Elapsed {
        self.gates().map(|gate| gate.now()).max().unwrap_or(Elapsed::ZERO)
    }

    /// When the last target was decided; `None` while one is not.
    pub fn decided_at(&self) -> Option<Elapsed> {
        let times = self.gates().map(|gate| Some(gate.decision()?.at));
        times.collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// The signal that ended the watch of a target.
    pub fn signal(&self) -> Option<Signal> {
        self.gates().find_map(|gate| gate.decision()?.signal)
    }

    /// Where targets are watched together, in the order of their [`ScopeId`]s.
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }
}
