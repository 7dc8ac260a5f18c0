//! Which page of the documentation explains a message.

use crate::{
    gate::{ReasonCode, Verdict},
    outcome::{Outcome, TargetOutcome},
    report::block::{Fact, words},
};

/// The page on rollbacks that were not done.
const ROLLBACK: &str = "rollback.md";

/// Where to read on about the reason why a target was not judged.
pub(super) fn of_reason(code: ReasonCode) -> Fact<'static> {
    fact(page(code))
}

/// Where to read on about a rollback that was not done.
pub(super) fn of_refusal() -> Fact<'static> {
    fact(ROLLBACK)
}

/// Where to read on about causes; nothing where none failed a target.
pub(super) fn of_causes(outcome: &Outcome) -> Option<Fact<'static>> {
    let has_failed =
        |target: &TargetOutcome| matches!(target.verdict, Verdict::Failed | Verdict::TimedOut);
    let is_failed = outcome.targets.iter().any(has_failed);
    let line = || format!("what fails a rollout, and when: {}", address("causes.md"));
    is_failed.then(|| Fact::new("", [words(line())]))
}

fn fact(page: &'static str) -> Fact<'static> {
    Fact::short("Explained in", "more", [words(address(page))])
}

fn page(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::Forbidden => "permissions.md",
        ReasonCode::NothingMatched => "selecting.md",
        ReasonCode::Policy => "policy.md",
        ReasonCode::RollingOut => "check.md",
        ReasonCode::RecordingEnds => "recordings.md",
        ReasonCode::Internal => "troubleshooting.md",
        ReasonCode::NotFound
        | ReasonCode::Deleted
        | ReasonCode::ApiUnavailable
        | ReasonCode::Stale
        | ReasonCode::Paused
        | ReasonCode::NoReplicas
        | ReasonCode::Unsupported
        | ReasonCode::NotUpdated
        | ReasonCode::Unverified
        | ReasonCode::Nodes
        | ReasonCode::Stopped
        | ReasonCode::Superseded
        | ReasonCode::Deadline
        | ReasonCode::Interrupted
        | ReasonCode::ReportUnwritable => "verdicts.md",
    }
}

/// In the repository, whose owner is a placeholder as long as nobody publishes it: then its path there.
fn address(page: &str) -> String {
    let repository = env!("CARGO_PKG_REPOSITORY");
    match repository.contains("/OWNER/") {
        true => format!("docs/{page}"),
        false => format!("{repository}/blob/HEAD/docs/{page}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn each_page_is_there() {
        let pages = ReasonCode::ALL.into_iter().map(page);
        for page in pages.chain([ROLLBACK, "causes.md"]) {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
            assert!(path.is_file(), "{page}");
            assert!(address(page).ends_with(&format!("docs/{page}")));
        }
    }
}
