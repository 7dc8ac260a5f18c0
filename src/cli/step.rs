//! What a step of GitHub Actions is told of its run besides the reports.

use std::cell::Cell;

use super::{complain, say, settings::Surroundings};
use crate::{
    outcome::Outcome,
    report::{
        ReportError, ReportFiles,
        github::{self, Summary},
    },
    text::chain,
};

/// What was told of the outcome before the cluster is written to.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// Whether something was, and where the summary of that stands.
    told: Cell<Option<Option<Summary>>>,
}

impl Step {
    /// Under GitHub Actions: groups unless it is `quiet`, the step summary and outputs. What is told after it takes their place.
    pub(super) fn tell_first(
        &self,
        surroundings: &Surroundings,
        outcome: &Outcome,
        files: &ReportFiles,
        quiet: bool,
    ) {
        if surroundings.is_github {
            if !quiet {
                github::groups(outcome).iter().for_each(|line| say(line));
            }
            self.told.set(Some(write(surroundings, outcome, files, None)));
        }
    }

    /// The same at the end, with annotations. Errors do not change the verdict.
    pub(super) fn tell(
        &self,
        surroundings: &Surroundings,
        outcome: &Outcome,
        files: &ReportFiles,
        quiet: bool,
    ) {
        if !surroundings.is_github {
            return;
        }
        let told = self.told.take();
        if told.is_none() && !quiet {
            github::groups(outcome).iter().for_each(|line| say(line));
        }
        github::annotations(outcome).iter().for_each(|line| say(line));
        write(surroundings, outcome, files, told.flatten());
    }
}

/// Writes summary and outputs. Where the summary stands, if it was written.
fn write(
    Surroundings { step_summary, step_output, .. }: &Surroundings,
    outcome: &Outcome,
    files: &ReportFiles,
    before: Option<Summary>,
) -> Option<Summary> {
    let complain = |error: ReportError| complain_of(std::iter::once(chain(&error)));
    let summary = step_summary.as_ref().map(|path| github::summarize(path, outcome, before));
    let outputs = step_output.as_ref().map(|path| github::append_outputs(path, outcome, files));
    outputs.and_then(Result::err).into_iter().for_each(complain);
    summary?.map_err(complain).ok().flatten()
}

/// Complains of what failed.
pub(super) fn complain_of(errors: impl Iterator<Item = String>) {
    errors.for_each(|error| complain(&format!("deploygate: failed to {error}")));
}
