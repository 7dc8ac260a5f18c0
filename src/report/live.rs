//! What live reporters have in common: they hear facts, and show them as lines.

use std::time::Duration;

use super::{
    ending::{self, Line},
    paint::Tone,
    words,
};
use crate::{
    fleet::{Event, Target},
    gate::{FindingLine, GateEvent, Progress},
    model::Elapsed,
    outcome::Outcome,
    phrases::{self, counted, length, whole_seconds},
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
#[derive(Clone, Debug, Default)]
pub(super) struct Now {
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
                let known = self.suspected.iter_mut().find(|known| is_same(known, finding));
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
            | GateEvent::Warned { .. }
            | GateEvent::Decided { .. } => {}
        }
    }

    fn forget(&mut self, finding: &FindingLine) {
        self.suspected.retain(|known| !is_same(known, finding));
    }

    /// A finding with its message, unless its suspicion had the same.
    fn finding_text(&self, finding: &FindingLine) -> String {
        let suspicion = self.suspected.iter().find(|known| is_same(known, finding));
        if suspicion
            .is_some_and(|known| known.grace_until.is_some() && known.message == finding.message)
        {
            finding_name(finding)
        } else {
            finding_text(finding)
        }
    }

    /// What is waited for at this moment: the line of a heartbeat.
    pub(super) fn still(&self, now: Elapsed) -> String {
        let mut text = match (&self.window, &self.progress) {
            (Some((opened_at, length)), progress) => {
                let held = whole_seconds(now.since(*opened_at).min(*length));
                let ready = progress.as_ref().map(|progress| format!(", {}", ready(progress)));
                let of = phrases::length(*length);
                let waits = progress.as_ref().and_then(|progress| progress.waiting_for.first());
                let waits =
                    waits.map(|what| format!("; waiting for {}", words::one_line(what, 500)));
                let (ready, waits) = (ready.unwrap_or_default(), waits.unwrap_or_default());
                format!("window: {held} of {of}{ready}{waits}")
            }
            (None, Some(progress)) => format!("still {}", rollout(progress, 1)),
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

fn is_same(one: &FindingLine, other: &FindingLine) -> bool {
    (one.cause, &one.container) == (other.cause, &other.container)
}

/// `2 of 3 pods ready`.
pub(super) fn ready(progress: &Progress) -> String {
    format!("{} of {} ready", progress.ready, counted(progress.desired, "pod"))
}

/// The rollout in a line, with as many of the things waited for.
pub(super) fn rollout(progress: &Progress, waits: usize) -> String {
    let mut text = format!("rolling out: {}", ready(progress));
    if progress.old > 0 {
        text.push_str(&format!(", {} left", counted(progress.old, "old pod")));
    }
    let shown: Vec<_> = progress.waiting_for.iter().take(waits).map(|wait| &**wait).collect();
    if !shown.is_empty() {
        text.push_str(&format!("; waiting for {}", words::one_line(&shown.join("; "), 500)));
    }
    text
}

/// `crash-loop of container app (2 pods)`.
fn finding_name(finding: &FindingLine) -> String {
    let mut text = finding.cause.to_string();
    if let Some(container) = &finding.container {
        text.push_str(&format!(" of container {container}"));
    }
    if finding.pods > 1 {
        text.push_str(&format!(" ({})", counted(finding.pods as u64, "pod")));
    }
    text
}

/// `crash-loop of container app (2 pods): exit code 1`.
fn finding_text(finding: &FindingLine) -> String {
    let message = words::one_line(&finding.message, 500);
    format!("{}: {}", finding_name(finding), message.trim_end_matches('.'))
}

/// What is watched, and within which limits.
pub(super) fn opening(target: &Target) -> Line {
    let Target { workload, policy, .. } = target;
    let text = format!(
        "{workload} in {}: timeout {}, then a {} health window; at most {} in total",
        workload.namespace,
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
    let line = match event {
        GateEvent::RevisionPinned { revision, number, images, complete, .. } => {
            let number = number.map(|number| format!(" (number {number})")).unwrap_or_default();
            let images: Vec<_> = images.iter().map(|image| &**image).collect();
            let complete = if *complete { ", complete already" } else { "" };
            let text = format!("{revision}{number}{complete}: {}", images.join(", "));
            Line::new(Tone::Plain, "revision ", words::one_line(&text, 500))
        }
        GateEvent::Progress { .. } => return None,
        GateEvent::WindowOpened { at, length } => {
            let text = format!(
                " watching its health for {}, until {}",
                phrases::length(*length),
                *at + *length
            );
            Line::new(Tone::Good, "rollout complete:", text)
        }
        GateEvent::WindowBroken { why, .. } => {
            let text = format!(": {}", words::one_line(why, 500));
            Line::new(Tone::Doubtful, "health window restarted", text)
        }
        GateEvent::FindingSuspected { finding, .. } => {
            // without a grace period it is confirmed at once, and one line tells it
            let until = finding.grace_until?;
            let text = finding_text(finding);
            let text = format!("{text}; will fail at {until} unless it recovers");
            Line::new(Tone::Doubtful, "suspected ", text)
        }
        GateEvent::GraceMoved { finding, .. } => {
            let until = finding.grace_until.filter(|until| *until > event.at())?;
            let text = before.finding_text(finding)
                + &format!("; will now fail at {until} unless it recovers");
            Line::new(Tone::Doubtful, "suspected ", text)
        }
        GateEvent::FindingConfirmed { finding, .. } => {
            Line::new(Tone::Bad, "confirmed ", before.finding_text(finding))
        }
        GateEvent::FindingTolerated { finding, .. } => {
            Line::new(Tone::Dim, "tolerated ", before.finding_text(finding))
        }
        GateEvent::FindingResolved { finding, .. } => {
            Line::new(Tone::Good, "recovered ", before.finding_text(finding))
        }
        GateEvent::ReadsStale { since, why, .. } => {
            let text = format!(" since {since}: {}", words::one_line(why, 500));
            Line::new(Tone::Doubtful, "no successful API read", text)
        }
        GateEvent::Warned { what, .. } => {
            Line::new(Tone::Doubtful, "warning: ", words::one_line(what, 500))
        }
        GateEvent::ReadsFresh { .. } => Line::new(Tone::Good, "API reads recovered", ""),
        // the verdict lines say it, after the evidence that still comes in
        GateEvent::Decided { .. } if loudness < Loudness::Verbose => return None,
        GateEvent::Decided { verdict, .. } => Line::new(
            ending::tone(*verdict),
            format!("verdict: {verdict}"),
            "; collecting evidence",
        ),
    };
    Some(line)
}

/// The lines at the end, for so many columns.
pub(super) fn last_lines(outcome: &Outcome, loudness: Loudness, width: usize) -> Vec<Line> {
    match loudness {
        Loudness::Quiet => ending::verdict_lines(outcome, width),
        Loudness::Normal | Loudness::Verbose => ending::last_lines(outcome, width),
    }
}
