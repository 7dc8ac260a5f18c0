//! Why a verdict fell, and what to do.

use super::NextStep;
use crate::text::Clean;

/// Why a verdict fell, and what to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// What happened, in one line.
    pub reason: Clean,
    /// What to do; empty where nothing is to be done.
    pub next_step: NextStep,
}

impl Account {
    pub(super) fn new(reason: Clean, next: &'static str) -> Self {
        Self { reason, next_step: NextStep::from_static(next) }
    }
}
