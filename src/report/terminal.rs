//! Bars for a terminal: how far the rollout or the window is, what is waited for, and lines for what happens.

use std::{io, time::Duration};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{
    ending::{self, Line},
    live::{self, Loudness, Now, Reporter},
    paint::Tone,
    words,
};
use crate::{
    fleet::{Event, Target},
    model::Elapsed,
    outcome::Outcome,
    phrases::{self, counted, event, length, whole_seconds},
};

/// Redraws a second; what is shown changes no faster.
const REDRAWS: u8 = 10;

/// Draws on a terminal. Lines of events scroll above the bars.
#[derive(Debug)]
pub struct Terminal {
    screen: MultiProgress,
    rows: Vec<Row>,
    loudness: Loudness,
    is_colored: bool,
    /// The columns of the screen, where they are known.
    width: fn() -> Option<usize>,
}

/// The bars of a target.
#[derive(Debug)]
struct Row {
    /// What lines about it begin with.
    name: String,
    /// The rollout, then the window.
    bar: ProgressBar,
    /// What is waited for, and until when.
    detail: ProgressBar,
    timeout: Duration,
    now: Now,
}

impl Terminal {
    /// Draws on stderr, which the caller knows to be a terminal outside of CI.
    pub fn new(is_colored: bool, loudness: Loudness, targets: &[Target]) -> Self {
        let draw_target = ProgressDrawTarget::stderr_with_hz(REDRAWS);
        let terminal = Self::on(draw_target, is_colored, loudness, targets);
        Self { width: columns_of_stderr, ..terminal }
    }

    /// Draws on another screen, whose width is not known.
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
        let row = |(target, name): (&Target, String)| {
            let (bar, detail) = (bar(), bar());
            bar.set_style(style("{prefix} {bar:24} {wide_msg}"));
            bar.set_prefix(target.to_string());
            detail.set_style(style("  {wide_msg}"));
            Row {
                name,
                bar,
                detail,
                timeout: target.policy.timeout,
                now: Now::of(target, targets.len() == 1),
            }
        };
        let rows = targets.iter().zip(live::names(targets)).map(row).collect();
        let mut terminal = Self { screen, rows, loudness, is_colored, width: || None };
        terminal.tick(Elapsed::ZERO);
        if !is_quiet {
            for target in targets {
                terminal.print(&live::opening(target));
            }
        }
        terminal
    }

    fn print(&mut self, line: &Line) {
        let text = if self.is_colored { line.painted() } else { line.unpainted() };
        // a terminal that is gone changes nothing about the run
        let _ = self.screen.println(text);
    }
}

impl Row {
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
        let doubtful = |text: &str| match is_colored {
            true => Tone::Doubtful.paint(text),
            false => text.to_owned(),
        };
        let mut parts = vec![match self.now.window {
            Some((opened_at, length)) => format!("{now}, until {}", opened_at + length),
            None => format!("{now} of at most {}", length(self.timeout)),
        }];
        if let Some(since) = self.now.stale_since {
            parts.push(doubtful(&format!("no successful API read since {since}")));
        }
        if let Some(suspicion) = self.now.suspicion() {
            parts.push(doubtful(&suspicion));
        }
        if let Some(wait) = self.now.progress.as_ref().and_then(|p| p.waiting_for.first()) {
            parts.push(format!("waiting for {}", words::one_line(wait, 300)));
        }
        parts.join(" · ")
    }
}

impl Reporter for Terminal {
    fn event(&mut self, event: &Event) {
        let Some(row) = self.rows.get_mut(event.target.index()) else { return };
        let event = &event.event;
        let line = live::line(event, &row.now, self.loudness);
        row.now.learn(event);
        row.draw(event.at(), self.is_colored);
        let time = format!("{:>5}  {}", event.at().to_string(), row.name);
        if let Some(line) = line {
            self.print(&line.after(&time));
        }
    }

    fn tick(&mut self, now: Elapsed) {
        self.rows.iter().for_each(|row| row.draw(now, self.is_colored));
    }

    fn finish(&mut self, outcome: &Outcome) {
        for row in &self.rows {
            row.bar.finish_and_clear();
            row.detail.finish_and_clear();
        }
        let width = (self.width)().unwrap_or(ending::WIDTH);
        for line in live::last_lines(outcome, self.loudness, width) {
            self.print(&line);
        }
    }
}

fn columns_of_stderr() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stderr())?;
    Some(width.0.into())
}

fn style(template: &str) -> ProgressStyle {
    #[expect(clippy::expect_used, reason = "the templates are ours, and a test draws with each")]
    ProgressStyle::with_template(template).expect("a template").progress_chars("━╸─")
}

fn millis(duration: Duration) -> u64 {
    Elapsed::from(duration).as_millis()
}
