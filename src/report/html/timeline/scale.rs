//! Where a time stands in the picture: in percent of its width, so that it fits a phone and a wide screen alike.

use std::time::Duration;

use crate::{model::Elapsed, outcome::TargetOutcome, timeline::RunPhase};

/// Marks on the axis at most, its zero aside: their labels fit side by side on a phone.
const TICKS: u64 = 5;

/// Lengths between two marks on the axis, in seconds; beyond them, whole hours.
const STEPS: [u64; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600];

/// The time that a picture shows, from the gate's zero on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// When the verdict was there.
    pub(super) verdict: Elapsed,
    /// When the window would have ended, where it was broken and that fits into the picture.
    pub(super) window_end: Option<Elapsed>,
    end: Elapsed,
}

impl Scale {
    /// For all that is known of a target.
    pub(super) fn of(target: &TargetOutcome) -> Self {
        let verdict = target.phases.last().map(|phase| phase.to).unwrap_or_default();
        let spans = target.lanes.iter().flat_map(|lane| &lane.spans).map(|span| span.to);
        let marks = target.lanes.iter().flat_map(|lane| &lane.marks).map(|mark| mark.at);
        let last = spans.chain(marks).chain([verdict]).max().unwrap_or_default();
        let opened = target.phases.iter().rev().find(|phase| phase.phase == RunPhase::Window);
        let planned = opened
            .map(|phase| phase.from + target.policy.window)
            .filter(|end| *end > verdict && end.as_millis() <= last.as_millis().saturating_mul(2));
        // what ends with the verdict needs room for its mark, and a picture of no length has room for nothing
        let margin = Duration::from_millis(last.as_millis() / 25);
        let end = planned.unwrap_or(last + margin).max(Elapsed::from_millis(100));
        Self { verdict, window_end: planned, end }
    }

    /// The place of a time.
    pub(super) fn percent(&self, at: Elapsed) -> f64 {
        let at = at.min(self.end);
        at.as_millis() as f64 / self.end.as_millis() as f64 * 100.0
    }

    /// The place of a time, as attributes take it.
    pub(super) fn x(&self, at: Elapsed) -> String {
        format!("{:.2}%", self.percent(at))
    }

    /// The length between two times, as attributes take it.
    pub(super) fn width(&self, from: Elapsed, to: Elapsed) -> String {
        format!("{:.2}%", self.share(from, to))
    }

    /// The length between two times; what is short stays visible.
    pub(super) fn share(&self, from: Elapsed, to: Elapsed) -> f64 {
        (self.percent(to) - self.percent(from)).max(0.8)
    }

    /// The times that the axis names.
    pub(super) fn ticks(&self) -> Vec<Elapsed> {
        let seconds = self.end.as_millis() / 1000;
        let fits = |step: &u64| seconds / step <= TICKS;
        let hours = || 3600 * (seconds / 3600 / TICKS + 1);
        let step = STEPS.into_iter().find(fits).unwrap_or_else(hours);
        let step = Duration::from_secs(step);
        let ticks = std::iter::successors(Some(Elapsed::ZERO), |tick| Some(*tick + step));
        ticks.take_while(|tick| *tick <= self.end).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(seconds: u64) -> Scale {
        let end = Elapsed::from_secs(seconds);
        Scale { verdict: end, window_end: None, end }
    }

    #[test]
    fn times_have_their_place_in_percent() {
        let scale = scale(40);
        assert_eq!(scale.x(Elapsed::from_secs(10)), "25.00%");
        assert_eq!(scale.x(Elapsed::from_secs(90)), "100.00%");
        let (from, to) = (Elapsed::from_secs(10), Elapsed::from_secs(20));
        assert_eq!(scale.width(from, to), "25.00%");
        assert_eq!(scale.width(from, from), "0.80%");
    }

    #[test]
    fn the_axis_names_few_times() {
        let table = [
            (3, vec![0, 1, 2, 3]),
            (16, vec![0, 5, 10, 15]),
            (75, vec![0, 15, 30, 45, 60, 75]),
            (600, vec![0, 120, 240, 360, 480, 600]),
            (100_000, vec![0, 21_600, 43_200, 64_800, 86_400]),
        ];
        for (seconds, expected) in table {
            let expected: Vec<_> = expected.into_iter().map(Elapsed::from_secs).collect();
            assert_eq!(scale(seconds).ticks(), expected, "{seconds}");
        }
    }
}
