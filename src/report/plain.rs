//! Lines for pipes and CI logs: one at every change, and a heartbeat, since some CI servers kill a silent job.

use std::{io::Write, time::Duration};

use anstream::{
    AutoStream, ColorChoice,
    stream::{AsLockedWrite, RawStream},
};

use super::{
    ending::{self, Line},
    live::{self, Loudness, Now, Release, Reporter},
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

/// Targets that a heartbeat names.
const NAMED: usize = 3;

/// Writes a line at every change.
#[derive(Debug)]
pub struct Plain<W: RawStream> {
    out: AutoStream<W>,
    loudness: Loudness,
    watched: Watched,
    /// When the last line was written.
    spoke_at: Elapsed,
    /// When the last heartbeat of several targets was written.
    beat_at: Elapsed,
}

/// What is watched.
#[derive(Debug)]
enum Watched {
    One(Box<Row>),
    Many(Release),
}

/// What is known of a single target.
#[derive(Debug)]
struct Row {
    target: Target,
    now: Now,
    /// When the last line of its progress was written.
    progress_at: Option<Elapsed>,
    /// Its progress that was not shown yet.
    held_back: bool,
}

impl<W: RawStream + AsLockedWrite> Plain<W> {
    /// A reporter that says at once what is watched. `color` is the caller's decision for this stream.
    pub fn new(out: W, color: ColorChoice, loudness: Loudness, targets: &[Target]) -> Self {
        let watched = match targets {
            [target] => Watched::One(Box::new(Row {
                target: target.clone(),
                now: Now::of(target, true),
                progress_at: None,
                held_back: false,
            })),
            many => Watched::Many(Release::new(many, loudness)),
        };
        let mut plain = Self {
            out: AutoStream::new(out, color),
            loudness,
            watched,
            spoke_at: Elapsed::ZERO,
            beat_at: Elapsed::ZERO,
        };
        for (place, line) in live::opening(targets).into_iter().enumerate() {
            match place {
                0 => plain.say(Elapsed::ZERO, line),
                _ => plain.tell(Elapsed::ZERO, &line),
            }
        }
        plain
    }

    /// What was written to.
    pub fn into_inner(self) -> W {
        self.out.into_inner()
    }

    fn say(&mut self, at: Elapsed, line: Line) {
        self.tell(at, &line.after(&format!("{:>5}  ", at.to_string())));
    }

    /// Writes a line that begins with its time, or that goes on with the one before.
    fn tell(&mut self, at: Elapsed, line: &Line) {
        if self.loudness > Loudness::Quiet {
            self.spoke_at = at;
            self.write(line);
        }
    }

    fn say_progress(&mut self, row: &mut Row, at: Elapsed) {
        row.held_back = false;
        if let Some(progress) = &row.now.progress {
            let waits = if self.loudness == Loudness::Verbose { usize::MAX } else { 1 };
            let line = Line::new(Tone::Plain, "", &*event::rollout(row.now.kind, progress, waits));
            row.progress_at = Some(at);
            self.say(at, line);
        }
    }

    /// Whether enough time passed since the last line of progress.
    fn may_progress(&self, row: &Row, at: Elapsed) -> bool {
        self.loudness == Loudness::Verbose
            || row.progress_at.is_none_or(|last| at.since(last) >= PROGRESS_GAP)
    }

    /// Tells of a single target and takes in what happened to it.
    fn hear(&mut self, row: &mut Row, event: &GateEvent) {
        let at = event.at();
        let is_progress = matches!(event, GateEvent::Progress { .. });
        if row.held_back && !is_progress {
            self.say_progress(row, at);
        }
        let line = live::line(event, &row.now, self.loudness);
        row.now.learn(event);
        if is_progress {
            row.held_back = !row.now.is_present;
            if !row.now.is_present && self.may_progress(row, at) {
                self.say_progress(row, at);
            }
        } else if let Some(line) = line {
            self.say(at, line);
        }
    }

    fn tick_one(&mut self, row: &mut Row, now: Elapsed) {
        if row.held_back && self.may_progress(row, now) {
            self.say_progress(row, now);
        }
        if now.since(self.spoke_at) >= HEARTBEAT {
            self.say(now, Line::new(Tone::Dim, "", row.now.still(now)));
        }
    }

    fn tick_many(&mut self, release: &mut Release, now: Elapsed) {
        release.tick(now).iter().for_each(|line| self.tell(now, line));
        if now.since(self.beat_at) < HEARTBEAT {
            return;
        }
        self.beat_at = now;
        self.say(now, Line::new(Tone::Dim, "", release.totals()));
        for row in release.attention(NAMED) {
            let text = format!("{}: {}", row.name, row.now.still(now));
            self.tell(now, &Line::new(Tone::Dim, "         ", text));
        }
    }

    /// Does something with what is watched.
    fn with(&mut self, act: impl FnOnce(&mut Self, &mut Watched)) {
        let nothing = Watched::Many(Release::new(&[], self.loudness));
        let mut watched = std::mem::replace(&mut self.watched, nothing);
        act(self, &mut watched);
        self.watched = watched;
    }

    fn write(&mut self, line: &Line) {
        let line = line.painted().trim_end().to_owned() + "\n";
        // nobody reads any more, or the disk is full: the run goes on, its verdict is elsewhere too
        let _ = self.out.write_all(line.as_bytes()).and_then(|()| self.out.flush());
    }
}

impl<W: RawStream + AsLockedWrite> Reporter for Plain<W> {
    fn event(&mut self, event: &Event) {
        self.with(|plain, watched| match watched {
            Watched::One(row) => plain.hear(row, &event.event),
            Watched::Many(release) => {
                let at = event.event.at();
                release.hear(event).iter().for_each(|line| plain.tell(at, line));
            }
        });
    }

    fn join(&mut self, now: Elapsed, target: &Target) {
        if let Watched::One(row) = &self.watched {
            let release = Release::around(&row.target, row.now.clone(), self.loudness);
            self.watched = Watched::Many(release);
        }
        self.with(|plain, watched| {
            if let Watched::Many(release) = watched {
                plain.say(now, release.add(target));
            }
        });
    }

    fn tick(&mut self, now: Elapsed) {
        self.with(|plain, watched| match watched {
            Watched::One(row) => plain.tick_one(row, now),
            Watched::Many(release) => plain.tick_many(release, now),
        });
    }

    fn finish(&mut self, outcome: &Outcome) {
        let at = self.spoke_at;
        self.with(|plain, watched| {
            if let Watched::Many(release) = watched {
                release.tell().iter().for_each(|line| plain.tell(at, line));
            }
        });
        for line in live::last_lines(outcome, self.loudness, ending::WIDTH) {
            self.write(&line);
        }
    }
}
