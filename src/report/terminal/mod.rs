//! Bars for a terminal: how far the rollout or the window is, what is waited for, and lines for what happens.

mod crowd;
mod size;

use std::time::Duration;

use crowd::Crowd;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use size::{Size, size_of_stderr};

use super::{
    ending::{self, Line},
    live::{self, Above, Loudness, Now, Release, Reporter},
    paint::Tone,
    words,
};
use crate::{
    fleet::{Event, Target},
    model::Elapsed,
    outcome::Outcome,
    phrases::{self, counted, event, whole_seconds},
};

/// Redraws a second; what is shown changes no faster.
const REDRAWS: u8 = 10;

/// Draws on a terminal. Lines of events scroll above the bars.
#[derive(Debug)]
pub struct Terminal {
    screen: MultiProgress,
    watched: Watched,
    loudness: Loudness,
    is_colored: bool,
    /// The size of the screen, where it is known.
    size: fn() -> Option<Size>,
}

/// What is watched.
#[derive(Debug)]
enum Watched {
    One(Box<Row>),
    Many(Box<Crowd>),
}

/// The bars of a single target.
#[derive(Debug)]
struct Row {
    /// The rollout, then the window.
    bar: ProgressBar,
    /// What is waited for, and until when.
    detail: ProgressBar,
    target: Target,
    now: Now,
}

impl Terminal {
    /// Draws on stderr, which the caller knows to be a terminal outside of CI.
    pub fn new(is_colored: bool, loudness: Loudness, targets: &[Target]) -> Self {
        let draw_target = ProgressDrawTarget::stderr_with_hz(REDRAWS);
        let terminal = Self::on(draw_target, is_colored, loudness, targets);
        Self { size: size_of_stderr, ..terminal }
    }

    /// Draws on another screen, whose size is not known.
    pub fn on(
        draw_target: ProgressDrawTarget,
        is_colored: bool,
        loudness: Loudness,
        targets: &[Target],
    ) -> Self {
        let is_quiet = loudness == Loudness::Quiet;
        let screen = MultiProgress::with_draw_target(draw_target);
        let bar = || match is_quiet {
            true => ProgressBar::hidden(),
            false => screen.add(ProgressBar::new(1)),
        };
        let watched = match targets {
            [target] => Watched::One(Box::new(Row::new(target, bar(), bar()))),
            many => Watched::Many(Box::new(Crowd::new(Release::new(many, loudness), bar()))),
        };
        let mut terminal = Self { screen, watched, loudness, is_colored, size: || None };
        terminal.tick(Elapsed::ZERO);
        if !is_quiet {
            live::opening(targets).iter().for_each(|line| terminal.print(line));
        }
        terminal
    }

    fn print(&self, line: &Line) {
        let text = if self.is_colored { line.painted() } else { line.unpainted() };
        // a terminal that is gone changes nothing about the run
        let _ = self.screen.println(text);
    }
}

impl Row {
    fn new(target: &Target, bar: ProgressBar, detail: ProgressBar) -> Self {
        bar.set_style(style("{prefix} {bar:24} {wide_msg}"));
        bar.set_prefix(target.to_string());
        detail.set_style(style("  {wide_msg}"));
        Self { bar, detail, target: target.clone(), now: Now::of(target, true) }
    }

    fn draw(&self, now: Elapsed, is_colored: bool) {
        let (done, of, text) = match (&self.now.window, &self.now.progress) {
            (Some((opened_at, length)), progress) => {
                let held = now.since(*opened_at).min(*length);
                let ready = progress
                    .as_ref()
                    .map(|progress| format!(", {}", event::ready(self.now.kind, progress)));
                let text = format!(
                    "window {} of {}{}",
                    whole_seconds(held),
                    phrases::length(*length),
                    ready.unwrap_or_default(),
                );
                (millis(held), millis(*length), text)
            }
            (None, Some(progress)) => {
                let old = match progress.old {
                    0 => String::new(),
                    old => format!(", {} left", counted(old, "old pod")),
                };
                let ready = event::ready(self.now.kind, progress);
                (progress.ready, progress.desired, format!("{ready}{old}"))
            }
            (None, None) => (0, 1, "looking for the new revision".to_owned()),
        };
        self.bar.set_length(of.max(1));
        self.bar.set_position(done.min(of));
        self.bar.set_message(text);
        self.detail.set_message(self.detail(now, is_colored));
    }

    /// `0:12 of 10m · waiting for …`.
    fn detail(&self, now: Elapsed, is_colored: bool) -> String {
        let mut parts = vec![match self.now.window {
            Some((opened_at, length)) => format!("{now}, until {}", opened_at + length),
            None => self.now.spent(now, self.target.policy.timeout),
        }];
        parts.extend(concerns(&self.now, is_colored));
        parts.join(" · ")
    }
}

/// What may keep a target from a pass.
pub(super) fn concerns(now: &Now, is_colored: bool) -> Vec<String> {
    let doubtful = |text: &str| match is_colored {
        true => Tone::Doubtful.paint(text),
        false => text.to_owned(),
    };
    let stale = now.stale_since.map(|since| format!("no successful API read since {since}"));
    let doubts = [stale, now.suspicion()].into_iter().flatten();
    let wait = now.progress.as_ref().and_then(|progress| progress.waiting_for.first());
    let wait = wait.map(|wait| format!("waiting for {}", words::one_line(wait, 300)));
    doubts.map(|text| doubtful(&text)).chain(wait).collect()
}

impl Reporter for Terminal {
    fn join(&mut self, now: Elapsed, target: &Target) {
        if self.loudness == Loudness::Quiet {
            return;
        }
        if let Watched::One(row) = &self.watched {
            [&row.bar, &row.detail].into_iter().for_each(ProgressBar::finish_and_clear);
            let release = Release::around(&row.target, row.now.clone(), self.loudness);
            let crowd = Crowd::new(release, self.screen.add(ProgressBar::new(1)));
            self.watched = Watched::Many(Box::new(crowd));
        }
        if let Watched::Many(crowd) = &mut self.watched {
            let line = crowd.release.add(target).after(&format!("{:>5}  ", now.to_string()));
            self.print(&line);
        }
        self.draw_many(now);
    }

    fn event(&mut self, event: &Event) {
        let at = event.event.at();
        let lines = match &mut self.watched {
            Watched::One(row) => {
                let line = live::line(&event.event, &row.now, self.loudness);
                row.now.learn(&event.event);
                row.draw(at, self.is_colored);
                let time = format!("{:>5}  ", at.to_string());
                line.map(|line| line.after(&time)).into_iter().collect()
            }
            Watched::Many(crowd) => crowd.release.hear(event),
        };
        lines.iter().for_each(|line| self.print(line));
        self.draw_many(at);
    }

    fn tick(&mut self, now: Elapsed) {
        let lines = match &mut self.watched {
            Watched::One(row) => {
                row.draw(now, self.is_colored);
                Vec::new()
            }
            Watched::Many(crowd) => crowd.release.tick(now),
        };
        lines.iter().for_each(|line| self.print(line));
        self.draw_many(now);
    }

    fn above(&self) -> Option<Above> {
        let screen = self.screen.clone();
        // a terminal that is gone changes nothing about the run
        Some(Box::new(move |line| drop(screen.println(line))))
    }

    fn finish(&mut self, outcome: &Outcome) {
        let lines = match &mut self.watched {
            Watched::One(row) => {
                row.bar.finish_and_clear();
                row.detail.finish_and_clear();
                Vec::new()
            }
            Watched::Many(crowd) => crowd.finish(&self.screen),
        };
        lines.iter().for_each(|line| self.print(line));
        let width = (self.size)().map_or(ending::WIDTH, |size| size.columns);
        for line in live::last_lines(outcome, self.loudness, width) {
            self.print(&line);
        }
    }
}

impl Terminal {
    fn draw_many(&mut self, now: Elapsed) {
        let Watched::Many(crowd) = &mut self.watched else { return };
        if self.loudness > Loudness::Quiet {
            let rows = crowd::room((self.size)().map(|size| size.rows));
            crowd.draw(&self.screen, now, rows, self.is_colored);
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    #[expect(clippy::expect_used, reason = "the templates are ours, and a test draws with each")]
    ProgressStyle::with_template(template).expect("a template").progress_chars("━╸─")
}

fn millis(duration: Duration) -> u64 {
    Elapsed::from(duration).as_millis()
}
