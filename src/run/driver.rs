//! Puts observations into a fleet and carries its answers on: facts to reporters, requests to whoever can answer them.
//!
//! A live run and a replay are two short loops around it.

use std::{collections::BTreeMap, io::Write, time::Duration};

use super::{EVIDENCE, EVIDENCE_WHEN_INTERRUPTED};
use crate::{
    evidence::EvidenceRequest,
    fleet::{Fleet, Member, Output, Release, Scope, Target},
    model::{Elapsed, TargetRef},
    observation::{Observation, Observed, Read, ScopeId, TargetId},
    outcome::Outcome,
    recording::Writer,
    report::Reporter,
    text::{Clean, Redactor},
};

/// How often a recording has everything that is known, not only what is new.
const CHECKPOINT: Duration = Duration::from_secs(5 * 60);

/// A fleet with everything around it that is the same live and in a replay.
pub(super) struct Driver<'a> {
    fleet: Fleet,
    redactor: Redactor,
    reporter: &'a mut dyn Reporter,
    recording: Option<&'a mut Writer<Box<dyn Write>>>,
    requests: Vec<Request>,
    /// When everything that is known of a scope was last recorded.
    checkpoints: BTreeMap<ScopeId, Elapsed>,
}

/// Something that the fleet wants.
#[derive(Debug)]
pub(super) enum Request {
    /// A consistent read of a scope.
    Read(ScopeId),
    /// What is selected.
    Select,
    /// The Services of a scope.
    Services(ScopeId),
    /// The Leases of nodes, for targets of a scope.
    Leases(ScopeId, Vec<Clean>),
    /// Evidence.
    Collect(TargetId, EvidenceRequest),
}

impl<'a> Driver<'a> {
    pub(super) fn new(
        release: Release,
        redactor: Redactor,
        reporter: &'a mut dyn Reporter,
        recording: Option<&'a mut Writer<Box<dyn Write>>>,
    ) -> Self {
        let mut driver = Self {
            fleet: Fleet::new(release),
            redactor,
            reporter,
            recording,
            requests: Vec::new(),
            checkpoints: BTreeMap::new(),
        };
        driver.drain();
        driver
    }

    /// What was seen, at its time: timers that are due by then come first, in their order, so that a replay, which knows
    /// only the times of observations, decides the same.
    pub(super) fn feed(&mut self, mut observed: Observed) {
        observed.observation.redact(&self.redactor);
        self.take(observed);
    }

    /// A consistent read of a scope. Only what is new is redacted and recorded, and now and then all of it.
    pub(super) fn feed_read(&mut self, elapsed: Elapsed, scope: ScopeId, read: Read) {
        let Some(known) = self.fleet.scopes().get(scope.index()).map(Scope::world) else { return };
        let mut observation = Observation::Read(known.news(read));
        observation.redact(&self.redactor);
        let last = self.checkpoints.entry(scope).or_insert(Elapsed::ZERO);
        if let Observation::Read(news) = &mut observation
            && elapsed.since(*last) >= CHECKPOINT
        {
            *last = elapsed;
            *news = known.with(news);
        }
        self.take(Observed::of_scope(scope, elapsed, observation));
    }

    fn take(&mut self, mut observed: Observed) {
        // what comes a moment too late counts as just in time, so that a replay takes it too
        let until = self.evidence_until();
        observed.elapsed = until.map_or(observed.elapsed, |until| observed.elapsed.min(until));
        if let Some(recording) = &mut self.recording {
            recording.append(&observed);
        }
        self.advance_to(observed.elapsed);
        let before = self.fleet.members().len();
        self.fleet.handle(&observed);
        for member in &self.fleet.members()[before..] {
            self.reporter.join(observed.elapsed, &member.target());
        }
        self.drain();
    }

    /// Where targets are watched together.
    pub(super) fn scopes(&self) -> &[Scope] {
        self.fleet.scopes()
    }

    /// The targets of the outcome, in its order.
    pub(super) fn judged(&self) -> Vec<Target> {
        self.fleet.judged().map(Member::target).collect()
    }

    /// Each target with its gate.
    pub(super) fn members(&self) -> &[Member] {
        self.fleet.members()
    }

    /// Each target, those that appeared included.
    pub(super) fn workloads(&self) -> Vec<TargetRef> {
        self.fleet.members().iter().map(|member| member.gate.target().clone()).collect()
    }

    /// Lets time pass.
    pub(super) fn advance_to(&mut self, elapsed: Elapsed) {
        while let Some(due) = self.fleet.poll_timeout().filter(|due| *due <= elapsed) {
            self.fleet.handle_timeout(due);
            self.drain();
        }
    }

    /// Nothing more was recorded.
    pub(super) fn end_recording(&mut self) {
        self.fleet.end_recording();
    }

    /// A watch may have lost something.
    pub(super) fn want_read(&mut self, scope: ScopeId) {
        self.fleet.want_read(scope);
        self.drain();
    }

    /// When the fleet wants to be called again.
    pub(super) fn next_timeout(&self) -> Option<Elapsed> {
        self.fleet.poll_timeout()
    }

    /// Whether every target is decided.
    pub(super) fn is_decided(&self) -> bool {
        self.fleet.decided_at().is_some()
    }

    /// Until when evidence is still taken, once every target is decided.
    pub(super) fn evidence_until(&self) -> Option<Elapsed> {
        let decided_at = self.fleet.decided_at()?;
        let was_interrupted = self.fleet.signal().is_some();
        let wait = if was_interrupted { EVIDENCE_WHEN_INTERRUPTED } else { EVIDENCE };
        Some(decided_at + wait)
    }

    /// What the fleet wants, since the last call.
    pub(super) fn take_requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    /// Tells reporters the time.
    pub(super) fn tick(&mut self, now: Elapsed) {
        self.reporter.tick(now);
    }

    pub(super) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The outcome as it stands.
    pub(super) fn outcome(&self, started_at: jiff::Timestamp) -> Outcome {
        super::outcome(&self.fleet, started_at, self.fleet.now())
    }

    fn drain(&mut self) {
        while let Some(output) = self.fleet.poll_output() {
            match output {
                Output::Event(event) => self.reporter.event(&event),
                Output::Read(scope) => self.requests.push(Request::Read(scope)),
                Output::Select => self.requests.push(Request::Select),
                Output::ReadServices(scope) => self.requests.push(Request::Services(scope)),
                Output::ReadLeases(scope, nodes) => {
                    self.requests.push(Request::Leases(scope, nodes));
                }
                Output::Collect(target, request) => {
                    self.requests.push(Request::Collect(target, request));
                }
            }
        }
    }
}
