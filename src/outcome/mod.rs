//! The one document that every report is made from.

mod ci;
mod rollback;
mod rollbacks;
mod source;
mod target;
#[cfg(test)]
mod tests;
mod timeline;

use serde::{Deserialize, Serialize};

pub use ci::CiRun;
pub use rollback::{Rollback, RollbackTo, Unblocked};
pub use rollbacks::Rollbacks;
pub use target::TargetOutcome;
pub use timeline::TimelineEntry;

use crate::{
    exit::ExitCode,
    fleet::{self, Common, Problem},
    gate::{SettingFact, Verdict},
    model::{Elapsed, Server},
    text::Clean,
};

/// What a run decided on all its targets, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The version of this document's schema; fields may be added within one.
    pub schema_version: u32,
    /// The version of the program.
    pub tool_version: String,
    /// The worst verdict of all targets.
    pub verdict: Verdict,
    /// What the program ends with.
    pub exit_code: ExitCode,
    /// When the watch began, by the clock of the machine that ran the gate.
    pub started_at: jiff::Timestamp,
    /// How long it took.
    pub duration_seconds: f64,
    /// Nodes that were seen to report at the end of the window, by their Leases; `None` where none could be checked.
    #[serde(default)]
    pub nodes_checked: Option<u64>,
    /// Causes that several targets share, the one that explains most of them first.
    #[serde(default)]
    pub common: Vec<Common>,
    /// What `--on-failure` came to; `None` where nothing was asked for.
    #[serde(default)]
    pub rollback: Option<Rollbacks>,
    /// What kept the release from being judged as a whole: no verdict is better than theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// What is to be said of the release as a whole, e.g. what is not judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Clean>,
    /// The API servers that it was judged by, each once for a context; empty where none is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<Server>,
    /// The run of a CI system that judged; `None` outside one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci: Option<CiRun>,
    /// The settings that hold for every target alike, and those of the run as a whole.
    #[serde(default)]
    pub settings: Vec<SettingFact>,
    /// Each target.
    pub targets: Vec<TargetOutcome>,
}

/// The version of the document's schema.
pub const SCHEMA_VERSION: u32 = 1;

impl Outcome {
    /// The outcome of targets that were judged side by side. Without a target it is inconclusive: nothing is not green.
    pub fn new(
        started_at: jiff::Timestamp,
        ended: Elapsed,
        problems: Vec<Problem>,
        mut targets: Vec<TargetOutcome>,
    ) -> Self {
        let common = common(&targets);
        for (number, one) in (0..).zip(&common) {
            for id in &one.targets {
                targets[id.index()].common.push(number);
            }
        }
        let verdicts = targets.iter().map(|target| target.verdict);
        let worst = verdicts.chain(problems.iter().map(Problem::verdict)).max();
        let verdict = worst.unwrap_or(Verdict::Inconclusive);
        Self {
            schema_version: SCHEMA_VERSION,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            verdict,
            exit_code: ExitCode::of(verdict, None),
            started_at,
            duration_seconds: ended.as_secs_f64(),
            nodes_checked: targets.iter().filter_map(|target| target.coverage.nodes).max(),
            common,
            rollback: None,
            problems,
            notes: Vec::new(),
            servers: Vec::new(),
            ci: None,
            settings: alike(&targets),
            targets,
        }
    }
}

/// The settings that all targets have from the same source.
fn alike(targets: &[TargetOutcome]) -> Vec<SettingFact> {
    let Some((first, others)) = targets.split_first() else { return Vec::new() };
    let is_everywhere =
        |fact: &&SettingFact| others.iter().all(|target| target.settings.contains(fact));
    first.settings.iter().filter(is_everywhere).cloned().collect()
}

fn common(targets: &[TargetOutcome]) -> Vec<Common> {
    let cases = targets.iter().map(|target| fleet::Case {
        context: target.context.as_ref(),
        namespace: &target.namespace,
        kind: &target.kind,
        name: &target.name,
        verdict: target.verdict,
        findings: &target.findings,
    });
    fleet::common(&cases.collect::<Vec<_>>())
}
