//! Figures as a table that can be pasted into a note.

use std::fmt;
use std::time::{Duration, Instant};

/// Lines of figures, in the order in which they were measured.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<[String; 2]>,
}

impl Table {
    /// Adds a line.
    pub(crate) fn add(&mut self, what: impl Into<String>, figure: impl Into<String>) {
        let row = [what.into(), figure.into()];
        super::tell(&format!("  {}: {}", row[0], row[1]));
        self.rows.push(row);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max();
        let (first, second) = (width(0).unwrap_or(0), width(1).unwrap_or(0));
        writeln!(f, "| {:first$} | {:second$} |", "what", "figure")?;
        writeln!(f, "|{:-<first$}--|{:-<second$}--|", "", "")?;
        self.rows
            .iter()
            .try_for_each(|[what, figure]| writeln!(f, "| {what:first$} | {figure:second$} |"))
    }
}

/// The time of now, for figures.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The least, the middle and the greatest of several times.
pub(crate) fn spread(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let milliseconds = |time: Option<&Duration>| time.map_or(0.0, Duration::as_secs_f64) * 1000.0;
    format!(
        "median {:.1} ms (least {:.1}, greatest {:.1}, {} runs)",
        milliseconds(Some(&median(times))),
        milliseconds(times.first()),
        milliseconds(times.last()),
        times.len()
    )
}

/// The middle of sorted times.
pub(crate) fn median(sorted: &[Duration]) -> Duration {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
