//! Lines for pipes and CI logs: one at every change, and a heartbeat, since some CI servers kill a silent job.

use std::{io::Write, time::Duration};

use anstream::{
    AutoStream, ColorChoice,
    stream::{AsLockedWrite, RawStream},
};

use super::{
    ending::{self, Line},
    live::{self, Loudness, Now, Reporter},
    paint::Tone,
};
use crate::{
    fleet::{Event, Target},
    gate::GateEvent,
    model::Elapsed,
    outcome::Outcome,
    phrases::event,
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
    rows: Vec<Row>,
    /// When the last line was written.
    spoke_at: Elapsed,
}

/// What is known of a target.
#[derive(Debug)]
struct Row {
    /// What its lines begin with.
    name: String,
    now: Now,
    /// When the last line of its progress was written.
    progress_at: Option<Elapsed>,
    /// Its progress that was not shown yet.
    held_back: bool,
}

impl<W: RawStream + AsLockedWrite> Plain<W> {
    /// A reporter that says at once what is watched. `color` is the caller's decision for this stream.
    pub fn new(out: W, color: ColorChoice, loudness: Loudness, targets: &[Target]) -> Self {
        let row = |(target, name)| Row {
            name,
            now: Now::of(target, targets.len() == 1),
            progress_at: None,
            held_back: false,
        };
        let mut plain = Self {
            out: AutoStream::new(out, color),
            loudness,
            rows: targets.iter().zip(live::names(targets)).map(row).collect(),
            spoke_at: Elapsed::ZERO,
        };
        for target in targets {
            plain.say(Elapsed::ZERO, "", live::opening(target));
        }
        plain
    }

    /// What was written to.
    pub fn into_inner(self) -> W {
        self.out.into_inner()
    }

    fn say(&mut self, at: Elapsed, name: &str, line: Line) {
        if self.loudness > Loudness::Quiet {
            self.spoke_at = at;
            let time = format!("{:>5}  {name}", at.to_string());
            self.write(&line.after(&time));
        }
    }

    fn say_progress(&mut self, row: &mut Row, at: Elapsed) {
        row.held_back = false;
        if let Some(progress) = &row.now.progress {
            let waits = if self.loudness == Loudness::Verbose { usize::MAX } else { 1 };
            let line = Line::new(Tone::Plain, "", &*event::rollout(row.now.kind, progress, waits));
            row.progress_at = Some(at);
            self.say(at, &row.name, line);
        }
    }

    /// Whether enough time passed since the last line of progress.
    fn may_progress(&self, row: &Row, at: Elapsed) -> bool {
        self.loudness == Loudness::Verbose
            || row.progress_at.is_none_or(|last| at.since(last) >= PROGRESS_GAP)
    }

    /// Tells of one target and takes in what happened to it.
    fn hear(&mut self, row: &mut Row, event: &GateEvent) {
        let at = event.at();
        let is_progress = matches!(event, GateEvent::Progress { .. });
        if row.held_back && !is_progress {
            self.say_progress(row, at);
        }
        let line = live::line(event, &row.now, self.loudness);
        row.now.learn(event);
        if is_progress {
            row.held_back = true;
            if self.may_progress(row, at) {
                self.say_progress(row, at);
            }
        } else if let Some(line) = line {
            self.say(at, &row.name, line);
        }
    }

    fn write(&mut self, line: &Line) {
        let line = line.painted().trim_end().to_owned() + "\n";
        // nobody reads any more, or the disk is full: the run goes on, its verdict is elsewhere too
        let _ = self.out.write_all(line.as_bytes()).and_then(|()| self.out.flush());
    }
}

impl<W: RawStream + AsLockedWrite> Reporter for Plain<W> {
    fn event(&mut self, event: &Event) {
        let mut rows = std::mem::take(&mut self.rows);
        if let Some(row) = rows.get_mut(event.target.index()) {
            self.hear(row, &event.event);
        }
        self.rows = rows;
    }

    fn tick(&mut self, now: Elapsed) {
        let mut rows = std::mem::take(&mut self.rows);
        for row in rows.iter_mut().filter(|row| row.held_back) {
            if self.may_progress(row, now) {
                self.say_progress(row, now);
            }
        }
        if now.since(self.spoke_at) >= HEARTBEAT {
            for row in &rows {
                self.say(now, &row.name, Line::new(Tone::Dim, "", row.now.still(now)));
            }
        }
        self.rows = rows;
    }

    fn finish(&mut self, outcome: &Outcome) {
        for line in live::last_lines(outcome, self.loudness, ending::WIDTH) {
            self.write(&line);
        }
    }
}
