//! What live reporters have in common: they hear facts, and show them as lines.

mod joined;
mod now;
mod opening;
mod release;
mod several;

pub(super) use now::Now;
pub(super) use opening::opening;
pub(super) use release::Release;

use super::{
    ending::{self, Line},
    paint::Tone,
};
use crate::{
    fleet::{Event, Target},
    gate::{GateEvent, ReasonCode, Verdict},
    model::Elapsed,
    outcome::Outcome,
    phrases::event::{self, Sentence},
};

/// Shows a run while it lasts.
///
/// It never fails: a reader that is gone (a closed pipe) changes nothing about the run.
pub trait Reporter {
    /// Something happened.
    fn event(&mut self, event: &Event);

    /// A target appeared in what is selected, and is judged as well. It comes after those that are known.
    fn join(&mut self, _now: Elapsed, _target: &Target) {}

    /// Time passed; to be called about once a second, more often does no harm.
    fn tick(&mut self, now: Elapsed);

    /// Writes lines of others above what is drawn; `None` where nothing is.
    fn above(&self) -> Option<Above> {
        None
    }

    /// The run is over. Nothing is shown after it.
    fn finish(&mut self, outcome: &Outcome);
}

/// Writes a line above what is drawn.
pub type Above = Box<dyn Fn(&str)>;

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

/// An event as a line, where it deserves one. Progress does not: how often it is shown is the reporter's choice.
///
/// `before` is what was known before the event: the message of a suspicion is not said a second time.
pub(super) fn line(event: &GateEvent, before: &Now, loudness: Loudness) -> Option<Line> {
    let is_about_reads =
        matches!(event, GateEvent::ReadsStale { .. } | GateEvent::ReadsFresh { .. });
    // the present state is told as a whole, a few seconds later
    let is_short = before.is_present && loudness < Loudness::Verbose && !is_about_reads;
    if loudness == Loudness::Quiet || is_short {
        return None;
    }
    let (tone, is_known) = match event {
        GateEvent::Progress { .. } => return None,
        GateEvent::Awaiting { .. }
        | GateEvent::SettingsTaken { .. }
        | GateEvent::RevisionPinned { .. } => (Tone::Plain, false),
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
        GateEvent::Decided { reason_code: Some(code), .. } if !before.is_alone => {
            format!(" ({code})")
        }
        GateEvent::Decided { .. } => "; collecting evidence".to_owned(),
        _ => rest.to_string(),
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
