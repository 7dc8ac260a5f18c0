//! What a controller says of an update that it stalls, gave up, or does not begin.

use crate::model::{AnalysisRun, AnalysisStatus, Condition};

/// Why a controller gave an update up, or does not begin it.
#[derive(Clone, Copy, Debug)]
pub(in crate::gate) enum GivenUp<'a> {
    /// The spec asks for what is not there, or cannot be.
    Invalid(&'a Condition),
    /// An analysis did not go well; with its run, where that could be read.
    Analysis(&'a AnalysisStatus, Option<&'a AnalysisRun>),
    /// Someone aborted it, or its progress deadline did; with what the controller says.
    Aborted(Option<&'a Condition>),
}

/// What the controller's own deadline for progress says.
#[derive(Clone, Copy, Debug)]
pub(in crate::gate) struct OwnProgress<'a> {
    /// The condition that tells of progress.
    pub(in crate::gate) condition: &'a Condition,
    /// It speaks of the revision that was asked for.
    pub(in crate::gate) is_of_revision: bool,
    /// The deadline passed.
    pub(in crate::gate) has_passed: bool,
    /// The revision is complete, so no deadline runs.
    pub(in crate::gate) is_complete: bool,
    /// Seconds without progress that are allowed; `None` for no deadline.
    pub(in crate::gate) seconds: Option<u64>,
}
