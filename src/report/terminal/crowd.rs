//! The bars of several targets: one for all, and a row for each of the few that need attention.

use indicatif::{MultiProgress, ProgressBar};

use super::{concerns, style};
use crate::{
    model::Elapsed,
    phrases::event,
    report::{ending::Line, live::Release},
};

/// Rows beside the totals, however large the screen is, and where its size is not known.
const MOST: usize = 8;
const UNKNOWN: usize = 5;

/// Columns of a name.
const NAME: usize = 40;

/// How many rows a screen of this height has beside the totals: half of it is for lines of what happened.
pub(super) fn room(height: Option<usize>) -> usize {
    height.map_or(UNKNOWN, |height| (height / 2).saturating_sub(2).min(MOST))
}

/// A release on the screen.
#[derive(Debug)]
pub(super) struct Crowd {
    pub(super) release: Release,
    total: ProgressBar,
    rows: Vec<ProgressBar>,
}

impl Crowd {
    pub(super) fn new(release: Release, total: ProgressBar) -> Self {
        total.set_style(style("{bar:24} {wide_msg}"));
        Self { release, total, rows: Vec::new() }
    }

    /// Draws the totals, and at most so many rows.
    pub(super) fn draw(&mut self, screen: &MultiProgress, now: Elapsed, rows: usize, color: bool) {
        let Self { release, total, rows: bars } = self;
        let (done, all) = release.done();
        total.set_length(all.max(1) as u64);
        total.set_position(done as u64);
        total.set_message(format!("{} · {}", release.time(now), release.totals()));
        let shown = release.attention(rows);
        while bars.len() > shown.len() {
            bars.pop().iter().for_each(|bar| screen.remove(bar));
        }
        while bars.len() < shown.len() {
            let bar = screen.add(ProgressBar::new(1));
            bar.set_style(style("  {prefix} {bar:12} {wide_msg}"));
            bars.push(bar);
        }
        let width = shown.iter().map(|row| row.name.chars().count().min(NAME)).max().unwrap_or(0);
        for (bar, row) in bars.iter().zip(shown) {
            let name: String = row.name.chars().take(NAME).collect();
            let mut parts = Vec::new();
            if let Some(progress) = &row.now.progress {
                bar.set_length(progress.desired.max(1));
                bar.set_position(progress.ready.min(progress.desired));
                parts.push(event::ready(row.now.kind, progress).to_string());
            }
            parts.extend(concerns(&row.now, color));
            bar.set_prefix(format!("{name:width$}"));
            bar.set_message(parts.join(" · "));
        }
    }

    /// Takes the bars away. What was still to be said.
    pub(super) fn finish(&mut self, screen: &MultiProgress) -> Vec<Line> {
        self.rows.drain(..).for_each(|bar| screen.remove(&bar));
        self.total.finish_and_clear();
        self.release.tell()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_leave_half_of_the_screen() {
        let table = [(0, 0), (3, 0), (8, 2), (24, MOST), (200, MOST)];
        for (height, rows) in table {
            assert_eq!(room(Some(height)), rows, "{height}");
        }
    }
}
