//! What could not be read, for the report.

use crate::{evidence::CoverageGap, phrases};

/// Gaps that are listed before the last line, which tells that there are more: a run can be long.
const LISTED: usize = 49;

/// What could not be read by now: the first failure of each thing.
#[derive(Debug, Default)]
pub(super) struct Missing(Vec<CoverageGap>);

impl Missing {
    pub(super) fn add(&mut self, gap: CoverageGap) {
        if self.0.iter().any(|known| known.what == gap.what) {
            return;
        }
        match self.0.len() {
            0..LISTED => self.0.push(gap),
            LISTED => self.0.push(phrases::coverage::more()),
            _ => {}
        }
    }

    pub(super) fn gaps(&self) -> &[CoverageGap] {
        &self.0
    }
}
