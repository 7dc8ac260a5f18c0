//! The log that a person has to read at the end of a run.

use super::{answers::decisive, naming};
use crate::{
    gate::{FindingState, Verdict},
    outcome::TargetOutcome,
    report::block::{Line, Quote, words},
    signs::{Diagnosis, Place},
};

/// The log of what failed, or else its termination message, with its heading: none of its lines is known to show the
/// cause. One line of it stands among the answers already.
pub(in crate::report) fn log_to_read(target: &TargetOutcome) -> Option<(Line<'_>, Quote<'_>)> {
    let suspected = || target.findings.iter().find(|f| f.state == FindingState::Suspected);
    let finding =
        decisive(target).or_else(suspected).filter(|_| target.verdict != Verdict::Passed)?;
    let shows = |of: &Diagnosis| {
        of.is_sound() && matches!(of.place, Place::Log | Place::TerminationMessage)
    };
    if finding.diagnosis.as_ref().is_some_and(shows) {
        return None;
    }
    let evidence = finding.evidence.as_ref()?;
    let log = evidence.log.as_ref();
    let log = log.map(|log| (Quote::Log(log, finding.diagnosis.as_ref()), Some(log.run)));
    let message = evidence.termination_message.as_ref().map(|text| (Quote::Text(text), None));
    let is_long = |(text, _): &(Quote<'_>, _)| text.rows(Quote::ALL).len() > 1;
    let (quote, run) = [log, message].into_iter().flatten().find(is_long)?;
    let mut heading = vec![words(if run.is_some() { "log" } else { "termination message" })];
    heading.extend(naming::whose(finding, evidence));
    heading.extend(run.map(|run| words(format!(", {}", naming::run(run)))));
    Some((heading, quote))
}
