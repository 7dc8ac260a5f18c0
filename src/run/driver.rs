//! Puts observations into a gate and carries its answers on: facts to reporters, requests to whoever can answer them.
//!
//! A live run and a replay are two short loops around it.

use std::io::Write;

use super::{EVIDENCE, EVIDENCE_WHEN_INTERRUPTED};
use crate::{
    evidence::EvidenceRequest,
    exit::ExitCode,
    gate::{Gate, GateEvent, Output, Policy, Verdict},
    model::{Elapsed, TargetRef},
    observation::{Observation, Observed},
    outcome::{Outcome, TargetOutcome},
    recording::Writer,
    report::Reporter,
    text::{Clean, Redactor},
    timeline::Lanes,
};

/// A gate with everything around it that is the same live and in a replay.
pub(super) struct Driver<'a> {
    gate: Gate,
    lanes: Lanes,
    redactor: Redactor,
    reporter: &'a mut dyn Reporter,
    recording: Option<Writer<Box<dyn Write>>>,
    told: Vec<GateEvent>,
    requests: Vec<Request>,
    /// What went wrong with the recording; it does not change the run.
    pub(super) recording_error: Option<std::io::Error>,
}

/// Something that the gate wants.
#[derive(Debug)]
pub(super) enum Request {
    /// A consistent read.
    Read,
    /// The Leases of nodes.
    Leases(Vec<Clean>),
    /// Evidence.
    Collect(EvidenceRequest),
}

impl<'a> Driver<'a> {
    pub(super) fn new(
        target: TargetRef,
        policy: Policy,
        redactor: Redactor,
        reporter: &'a mut dyn Reporter,
        recording: Option<Writer<Box<dyn Write>>>,
    ) -> Self {
        let mut driver = Self {
            gate: Gate::new(target, policy),
            lanes: Lanes::default(),
            redactor,
            reporter,
            recording,
            told: Vec::new(),
            requests: Vec::new(),
            recording_error: None,
        };
        driver.drain();
        driver
    }

    /// An observation, at its time: timers that are due by then come first, in their order, so that a replay, which
    /// knows only the times of observations, decides the same.
    pub(super) fn feed(&mut self, elapsed: Elapsed, mut observation: Observation) {
        observation.redact(&self.redactor);
        // what comes a moment too late counts as just in time, so that a replay takes it too
        let elapsed = self.evidence_until().map_or(elapsed, |until| elapsed.min(until));
        let observed = Observed { elapsed, observation };
        if let Some(recording) = &mut self.recording
            && let Err(error) = recording.append(&observed)
        {
            self.recording_error = Some(error);
        }
        self.advance_to(elapsed);
        self.gate.handle(&observed);
        self.lanes.observe(&observed, &self.gate);
        self.drain();
    }

    /// Lets time pass.
    pub(super) fn advance_to(&mut self, elapsed: Elapsed) {
        while let Some(due) = self.gate.poll_timeout().filter(|due| *due <= elapsed) {
            self.gate.handle_timeout(due);
            self.drain();
        }
    }

    /// Nothing more was recorded.
    pub(super) fn end_recording(&mut self) {
        self.gate.end_recording();
    }

    /// A watch may have lost something.
    pub(super) fn want_read(&mut self) {
        self.gate.want_read();
        self.drain();
    }

    /// When the gate wants to be called again.
    pub(super) fn next_timeout(&self) -> Option<Elapsed> {
        self.gate.poll_timeout()
    }

    /// Whether the gate decided.
    pub(super) fn is_decided(&self) -> bool {
        self.gate.decision().is_some()
    }

    /// Until when evidence is still taken, once the gate decided.
    pub(super) fn evidence_until(&self) -> Option<Elapsed> {
        let decision = self.gate.decision()?;
        let wait = match decision.verdict {
            Verdict::Interrupted => EVIDENCE_WHEN_INTERRUPTED,
            _ => EVIDENCE,
        };
        Some(decision.at + wait)
    }

    /// What the gate wants, since the last call.
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
        let target = TargetOutcome::of(&self.gate, &self.told, self.lanes.chosen(&self.gate));
        let decision = self.gate.decision();
        let exit_code = ExitCode::of(target.verdict, decision.and_then(|decision| decision.signal));
        let ended = decision.map_or_else(|| self.gate.now(), |decision| decision.at);
        Outcome::new(started_at, ended, vec![target], exit_code)
    }

    fn drain(&mut self) {
        while let Some(output) = self.gate.poll_output() {
            match output {
                Output::Event(event) => {
                    self.reporter.event(&event);
                    self.lanes.hear(&event);
                    self.told.push(event);
                }
                Output::ReadLeases(nodes) => self.requests.push(Request::Leases(nodes)),
                Output::Read => self.requests.push(Request::Read),
                Output::Collect(request) => self.requests.push(Request::Collect(request)),
            }
        }
    }
}
