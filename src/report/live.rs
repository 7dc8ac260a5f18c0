//! What live reporters have in common: they hear facts, and show them as lines.

use std::time::Duration;

use super::{
    ending::{self, Line},
    paint::Tone,
    words,
};
use crate::{
    fleet::{Event, Target},
    gate::{FindingLine, GateEvent, Progress, ReasonCode, Verdict},
    model::{Elapsed, Kind},
    outcome::Outcome,
    phrases::{
        self,
        event::{self, Sentence},
        length, whole_seconds,
    },
};

/// Shows a run while it lasts.
///
/// It never fails: a reader that is gone (a closed pipe) changes nothing about the run.
pub trait Reporter {
    /// Something happened.
    fn event(&mut self, event: &Event);

    /// Time passed; to be called about once a second, more often does no harm.
    fn tick(&mut self, now: Elapsed);

    /// The run is over. Nothing is shown after it.
    fn finish(&mut self, outcome: &Outcome);
}

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loudness {
    /// The verdict lines only.
    Quiet,
    /// Each change that matters.
    #[default]
    Normal,
    /// Each change, and everything still pending.
    Verbose,
}

/// What lines about each target begin with: its name where there are several, else nothing.
pub(super) fn names(targets: &[Target]) -> Vec<String> {
    let is_alone = targets.len() == 1;
    let name = |target| if is_alone { String::new() } else { format!("{target}: ") };
    targets.iter().map(name).collect()
}

/// What a reporter knows of a target by now.
#[derive(Clone, Debug)]
pub(super) struct Now {
    /// What the target is.
    pub(super) kind: Kind,
    /// It is the only one.
    pub(super) is_alone: bool,
    /// The numbers of the rollout; `None` as long as nothing was told.
    pub(super) progress: Option<Progress>,
    /// When the window began, and how long it has to hold.
    pub(super) window: Option<(Elapsed, Duration)>,
    /// What is suspected, with the end of its grace.
    pub(super) suspected: Vec<FindingLine>,
    /// The last good read, while reads fail.
    pub(super) stale_since: Option<Elapsed>,
}

impl Now {
    /// Nothing yet.
    pub(super) fn of(target: &Target, is_alone: bool) -> Self {
        let kind = target.workload.kind;
        Self {
            kind,
            is_alone,
            progress: None,
            window: None,
            suspected: Vec::new(),
            stale_since: None,
        }
    }

    /// Takes in an event.
    pub(super) fn learn(&mut self, event: &GateEvent) {
        match event {
            GateEvent::Progress { progress, .. } => self.progress = Some(progress.clone()),
            GateEvent::WindowOpened { at, length } => self.window = Some((*at, *length)),
            GateEvent::WindowBroken { .. } => self.window = None,
            GateEvent::FindingSuspected { finding, .. } => {
                self.forget(finding);
                self.suspected.push(finding.clone());
            }
            GateEvent::GraceMoved { finding, .. } => {
                let known = self.suspected.iter_mut().find(|known| known.is_same(finding));
                if let Some(known) = known {
                    *known = finding.clone();
                }
            }
            GateEvent::FindingConfirmed { finding, .. }
            | GateEvent::FindingTolerated { finding, .. }
            | GateEvent::FindingResolved { finding, .. } => self.forget(finding),
            GateEvent::ReadsStale { since, .. } => self.stale_since = Some(*since),
            GateEvent::ReadsFresh { .. } => self.stale_since = None,
            GateEvent::RevisionPinned { .. }
            | GateEvent::WindowHeld { .. }
            | GateEvent::Warned { .. }
            | GateEvent::Decided { .. } => {}
        }
    }

    fn forget(&mut self, finding: &FindingLine) {
        self.suspected.retain(|known| !known.is_same(finding));
    }

    /// Whether a finding was told with the message that it has now.
    fn knows(&self, finding: &FindingLine) -> bool {
        self.suspected.iter().any(|known| {
            known.is_same(finding)
                && known.grace_until.is_some()
                && known.message == finding.message
        })
    }

    /// What is waited for at this moment: the line of a heartbeat.
    pub(super) fn still(&self, now: Elapsed) -> String {
        let mut text = match (&self.window, &self.progress) {
            (Some((opened_at, length)), progress) => {
                let held = whole_seconds(now.since(*opened_at).min(*length));
                let ready = progress
                    .as_ref()
                    .map(|progress| format!(", {}", event::ready(self.kind, progress)));
                let of = phrases::length(*length);
                let waits = progress.as_ref().and_then(|progress| progress.waiting_for.first());
                let waits =
                    waits.map(|what| format!("; waiting for {}", words::one_line(what, 500)));
                let (ready, waits) = (ready.unwrap_or_default(), waits.unwrap_or_default());
                format!("window: {held} of {of}{ready}{waits}")
            }
            (None, Some(progress)) => format!("still {}", event::rollout(self.kind, progress, 1)),
            (None, None) => "still waiting for the first read".to_owned(),
        };
        if let Some(suspicion) = self.suspicion() {
            text.push_str(&format!("; {suspicion}"));
        }
        if let Some(since) = self.stale_since {
            text.push_str(&format!("; no successful API read since {since}"));
        }
        text
    }

    /// `suspected pending, will fail at 1:04 unless it recovers`.
    pub(super) fn suspicion(&self) -> Option<String> {
        let finding = self.suspected.first()?;
        let until =
            finding.grace_until.map(|until| format!(", will fail at {until} unless it recovers"));
        Some(format!("suspected {}{}", finding.cause, until.unwrap_or_default()))
    }
}

/// What is watched, and within which limits.
pub(super) fn opening(target: &Target) -> Line {
    let Target { context, workload, policy, .. } = target;
    let place = words::placed(&workload.namespace, context.as_ref().map(|context| &*context.name));
    let text = format!(
        "{workload} in {place}: timeout {}, then a {} health window; at most {} in total",
        length(policy.timeout),
        length(policy.window),
        length(policy.longest_run()),
    );
    Line::new(Tone::Plain, "watching ", text)
}

/// An event as a line, where it deserves one. Progress does not: how often it is shown is the reporter's choice.
///
/// `before` is what was known before the event: the message of a suspicion is not said a second time.
pub(super) fn line(event: &GateEvent, before: &Now, loudness: Loudness) -> Option<Line> {
    if loudness == Loudness::Quiet {
        return None;
    }
    let (tone, is_known) = match event {
        GateEvent::Progress { .. } => return None,
        GateEvent::RevisionPinned { .. } => (Tone::Plain, false),
        GateEvent::WindowOpened { .. }
        | GateEvent::WindowHeld { .. }
        | GateEvent::ReadsFresh { .. } => (Tone::Good, false),
        GateEvent::WindowBroken { .. }
        | GateEvent::ReadsStale { .. }
        | GateEvent::Warned { .. } => (Tone::Doubtful, false),
        // without a grace period it is confirmed at once, and one line tells it
        GateEvent::FindingSuspected { finding, .. } if finding.grace_until.is_none() => {
            return None;
        }
        GateEvent::FindingSuspected { .. } => (Tone::Doubtful, false),
        GateEvent::GraceMoved { at, finding } => {
            finding.grace_until.filter(|until| until > at)?;
            (Tone::Doubtful, before.knows(finding))
        }
        GateEvent::FindingConfirmed { finding, .. } => (Tone::Bad, before.knows(finding)),
        GateEvent::FindingTolerated { finding, .. } => (Tone::Dim, before.knows(finding)),
        GateEvent::FindingResolved { finding, .. } => (Tone::Good, before.knows(finding)),
        // the verdict lines say it, after the evidence that still comes in; a failure in a release is told at once
        GateEvent::Decided { verdict, reason_code, .. }
            if loudness < Loudness::Verbose
                && (before.is_alone
                    || *verdict == Verdict::Passed
                    || *reason_code == Some(ReasonCode::Stopped)) =>
        {
            return None;
        }
        GateEvent::Decided { verdict, .. } => (ending::tone(*verdict), false),
    };
    let Sentence { lead, rest } = event::sentence(event, is_known)?;
    let rest = match event {
        GateEvent::Decided { .. } => "; collecting evidence",
        _ => &rest,
    };
    Some(Line::new(tone, &*lead, rest))
}

/// The lines at the end, for so many columns.
pub(super) fn last_lines(outcome: &Outcome, loudness: Loudness, width: usize) -> Vec<Line> {
    match loudness {
        Loudness::Quiet => ending::verdict_lines(outcome, width),
        Loudness::Normal | Loudness::Verbose => ending::last_lines(outcome, width),
    }
}
