//! Lines for pipes and CI logs: one at every change, and a heartbeat, since some CI servers kill a silent job.

use std::{io::Write, time::Duration};

use anstream::{
    AutoStream, ColorChoice,
    stream::{AsLockedWrite, RawStream},
};

use super::{
    final_lines::Line,
    live::{self, Loudness, Now, Reporter},
    paint::Tone,
};
use crate::{
    gate::{GateEvent, Policy},
    model::{Elapsed, TargetRef},
    outcome::Outcome,
};

/// The longest silence.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// How close lines of mere progress may follow each other: 500 pods become ready one by one.
const PROGRESS_GAP: Duration = Duration::from_secs(2);

/// Writes a line at every change.
#[derive(Debug)]
pub struct Plain<W: RawStream> {
    out: AutoStream<W>,
    loudness: Loudness,
    now: Now,
    /// When the last line was written.
    spoke_at: Elapsed,
    /// When the last line of progress was written.
    progress_at: Option<Elapsed>,
    /// Progress that was not shown yet.
    held_back: bool,
}

impl<W: RawStream + AsLockedWrite> Plain<W> {
    /// A reporter that says at once what is watched. `color` is the caller's decision for this stream.
    pub fn new(
        out: W,
        color: ColorChoice,
        loudness: Loudness,
        target: &TargetRef,
        policy: &Policy,
    ) -> Self {
        let mut plain = Self {
            out: AutoStream::new(out, color),
            loudness,
            now: Now::default(),
            spoke_at: Elapsed::ZERO,
            progress_at: None,
            held_back: false,
        };
        plain.say(Elapsed::ZERO, live::opening(target, policy));
        plain
    }

    /// What was written to.
    pub fn into_inner(self) -> W {
        self.out.into_inner()
    }

    fn say(&mut self, at: Elapsed, line: Line) {
        if self.loudness > Loudness::Quiet {
            self.spoke_at = at;
            let time = format!("{:>5}  ", at.to_string());
            self.write(&line.after(&time));
        }
    }

    fn say_progress(&mut self, at: Elapsed) {
        self.held_back = false;
        if let Some(progress) = &self.now.progress {
            let waits = if self.loudness == Loudness::Verbose { usize::MAX } else { 1 };
            let line = Line::new(Tone::Plain, "", live::rollout(progress, waits));
            self.progress_at = Some(at);
            self.say(at, line);
        }
    }

    /// Whether enough time passed since the last line of progress.
    fn may_progress(&self, at: Elapsed) -> bool {
        self.loudness == Loudness::Verbose
            || self.progress_at.is_none_or(|last| at.since(last) >= PROGRESS_GAP)
    }

    fn write(&mut self, line: &Line) {
        let line = line.painted().trim_end().to_owned() + "\n";
        // nobody reads any more, or the disk is full: the run goes on, its verdict is elsewhere too
        let _ = self.out.write_all(line.as_bytes()).and_then(|()| self.out.flush());
    }
}

impl<W: RawStream + AsLockedWrite> Reporter for Plain<W> {
    fn event(&mut self, event: &GateEvent) {
        let at = event.at();
        let is_progress = matches!(event, GateEvent::Progress { .. });
        if self.held_back && !is_progress {
            self.say_progress(at);
        }
        let line = live::line(event, &self.now, self.loudness);
        self.now.learn(event);
        if is_progress {
            self.held_back = true;
            if self.may_progress(at) {
                self.say_progress(at);
            }
        } else if let Some(line) = line {
            self.say(at, line);
        }
    }

    fn tick(&mut self, now: Elapsed) {
        if self.held_back && self.may_progress(now) {
            self.say_progress(now);
        } else if now.since(self.spoke_at) >= HEARTBEAT {
            let line = Line::new(Tone::Dim, "", self.now.still(now));
            self.say(now, line);
        }
    }

    fn finish(&mut self, outcome: &Outcome) {
        for line in live::last_lines(outcome, self.loudness) {
            self.write(&line);
        }
    }
}
