//! What may stand at the start of a value, whatever the cluster says.

use clap_complete::CompletionCandidate;

use crate::{gate::Grace, report::Format, vocabulary::OnFailure};

/// What kubectl's users type for the kinds.
pub(super) const KINDS: [&str; 5] = ["deploy/", "sts/", "ds/", "job/", "rollout/"];

/// Candidates for the start of a value of `--grace`.
pub(super) fn graces() -> Vec<CompletionCandidate> {
    Grace::ALL.map(|grace| CompletionCandidate::new(format!("{grace}="))).into()
}

/// Candidates for the value of `--on-failure`.
pub(super) fn on_failure() -> Vec<CompletionCandidate> {
    OnFailure::ALL.map(|action| CompletionCandidate::new(action.as_str())).into()
}

/// Candidates for the start of a value of `--report`.
pub(super) fn reports() -> Vec<CompletionCandidate> {
    Format::ALL.map(|format| CompletionCandidate::new(format!("{}=", format.as_str()))).into()
}
