//! What is known of a target while a run lasts.

use std::time::Duration;

use crate::{
    fleet::Target,
    gate::{FindingLine, GateEvent, Progress, ReasonCode, Verdict},
    model::{Elapsed, Kind},
    phrases::{self, event, whole_seconds},
    report::words,
    text::Clean,
};

/// What a reporter knows of a target by now.
#[derive(Clone, Debug)]
pub(in crate::report) struct Now {
    /// What the target is.
    pub(in crate::report) kind: Kind,
    /// Its present state is judged, without waiting.
    pub(in crate::report) is_present: bool,
    /// It is the only one.
    pub(in crate::report) is_alone: bool,
    /// What is awaited before it is judged, and until when.
    pub(in crate::report) awaited: Option<(Clean, Elapsed)>,
    /// The numbers of the rollout; `None` as long as nothing was told.
    pub(in crate::report) progress: Option<Progress>,
    /// When the window began, and how long it has to hold.
    pub(in crate::report) window: Option<(Elapsed, Duration)>,
    /// What is suspected, with the end of its grace.
    pub(in crate::report) suspected: Vec<FindingLine>,
    /// The last good read, while reads fail.
    pub(in crate::report) stale_since: Option<Elapsed>,
    /// Its window is over, and it waits for the others.
    pub(in crate::report) is_held: bool,
    /// The verdict, and why it could not be judged.
    pub(in crate::report) decided: Option<(Verdict, Option<ReasonCode>)>,
}

impl Now {
    /// Nothing yet.
    pub(in crate::report) fn of(target: &Target, is_alone: bool) -> Self {
        let kind = target.workload.kind.kind();
        Self {
            kind,
            is_present: target.policy.present,
            is_alone,
            awaited: None,
            progress: None,
            window: None,
            suspected: Vec::new(),
            stale_since: None,
            is_held: false,
            decided: None,
        }
    }

    /// Takes in an event.
    pub(in crate::report) fn learn(&mut self, event: &GateEvent) {
        match event {
            GateEvent::Awaiting { what, until, .. } => self.awaited = Some((what.clone(), *until)),
            GateEvent::Progress { progress, .. } => {
                (self.awaited, self.progress) = (None, Some(progress.clone()));
            }
            GateEvent::WindowOpened { at, length } => self.window = Some((*at, *length)),
            GateEvent::WindowHeld { .. } => self.is_held = true,
            GateEvent::WindowBroken { .. } => (self.window, self.is_held) = (None, false),
            GateEvent::Decided { verdict, reason_code, .. } => {
                self.decided = Some((*verdict, *reason_code));
            }
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
            GateEvent::SettingsTaken { .. }
            | GateEvent::RevisionPinned { .. }
            | GateEvent::Warned { .. } => {}
        }
    }

    /// `0:42 of at most 10m`; where the present state is judged, nothing is waited for.
    pub(in crate::report) fn spent(&self, now: Elapsed, timeout: Duration) -> String {
        match self.is_present {
            true => now.to_string(),
            false => format!("{now} of at most {}", phrases::length(timeout)),
        }
    }

    /// Whether a rollout is under way.
    pub(in crate::report) fn is_rolling(&self) -> bool {
        self.decided.is_none() && !self.is_held && self.window.is_none() && self.progress.is_some()
    }

    /// Whether there is nothing yet that could be judged.
    pub(in crate::report) fn is_unseen(&self) -> bool {
        self.decided.is_none() && !self.is_held && self.window.is_none() && self.progress.is_none()
    }

    fn forget(&mut self, finding: &FindingLine) {
        self.suspected.retain(|known| !known.is_same(finding));
    }

    /// Whether a finding was told with the message that it has now.
    pub(in crate::report) fn knows(&self, finding: &FindingLine) -> bool {
        self.suspected.iter().any(|known| {
            known.is_same(finding)
                && known.grace_until.is_some()
                && known.message == finding.message
        })
    }

    /// What is waited for at this moment: the line of a heartbeat.
    pub(in crate::report) fn still(&self, now: Elapsed) -> String {
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
            (None, None) => match &self.awaited {
                Some((what, until)) => {
                    format!("still awaiting {}, until {until}", words::one_line(what, 500))
                }
                None => "still waiting for the first read".to_owned(),
            },
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
    pub(in crate::report) fn suspicion(&self) -> Option<String> {
        let finding = self.suspected.first()?;
        let until =
            finding.grace_until.map(|until| format!(", will fail at {until} unless it recovers"));
        Some(format!("suspected {}{}", finding.cause, until.unwrap_or_default()))
    }
}
