//! A bug in this program: failing reports, a line on stderr and exit code 3 before the process ends.
//!
//! Release builds abort on a panic, so all of it happens in the panic hook.

use std::{
    panic::PanicHookInfo,
    sync::{Arc, Mutex, TryLockError},
};

use super::{complain, step::complain_of};
use crate::{
    clean,
    clock::Clock,
    exit::ExitCode,
    fleet::{Problem, Release},
    gate::{NextStep, ReasonCode},
    outcome::{Outcome, Rollback},
    report::ReportFiles,
    run,
    text::{Redactor, Untrusted, chain},
};

/// What the panic hook needs to leave a report.
pub(super) struct LastWords {
    pub(super) release: Release,
    pub(super) redactor: Redactor,
    pub(super) files: Arc<ReportFiles>,
    pub(super) clock: Clock,
    pub(super) decided: Decided,
}

/// What was decided before the cluster is written to. A fault from then on takes nothing of it away: neither the verdict with
/// its exit code nor its evidence.
#[derive(Clone, Debug, Default)]
pub(super) struct Decided(Arc<Mutex<Option<Outcome>>>);

impl Decided {
    /// From now on it holds.
    pub(super) fn set(&self, outcome: &Outcome) {
        let outcome = Some(outcome.clone());
        self.with(|decided| *decided = outcome);
    }

    /// What the rollback of a target is if nothing more comes; `place`: of the target.
    pub(super) fn know(&self, place: usize, rollback: &Rollback) {
        self.with(|decided| {
            if let Some(outcome) = decided {
                outcome.set_rollback(place, rollback.clone());
            }
        });
    }

    fn get(&self) -> Option<Outcome> {
        self.with(|decided| decided.clone()).flatten()
    }

    /// A panic hook must not wait, and there is only one thread that looks here.
    fn with<T>(&self, look: impl FnOnce(&mut Option<Outcome>) -> T) -> Option<T> {
        match self.0.try_lock() {
            Ok(mut decided) => Some(look(&mut decided)),
            Err(TryLockError::Poisoned(decided)) => Some(look(&mut decided.into_inner())),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl LastWords {
    /// Installs the panic hook, which says them at the first panic.
    pub(super) fn install(self) {
        std::panic::set_hook(Box::new(move |info| leave(self.say(info))));
    }

    fn say(&self, info: &PanicHookInfo<'_>) -> ExitCode {
        let place = info.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
        complain(&format!(
            "deploygate: internal error{}; please report it at {}/issues",
            place.unwrap_or_default(),
            env!("CARGO_PKG_REPOSITORY")
        ));
        let outcome = self.outcome(info.payload_as_str().unwrap_or_default());
        complain_of(self.files.write(&outcome).iter().map(|error| chain(error)));
        for rollback in outcome.targets.iter().filter_map(|target| target.rollback.as_ref()) {
            complain(&rollback.reason);
        }
        outcome.exit_code
    }

    /// Inconclusive, whatever was seen by then; or what was decided, with what is known of the rollback.
    fn outcome(&self, text: &str) -> Outcome {
        let mut text = Untrusted::from(text);
        text.redact(&self.redactor);
        let reason = clean!("internal error: {}", text.to_clean_line(300));
        if let Some(mut outcome) = self.decided.get() {
            outcome.notes.push(clean!("the rollback was broken off by an {}", reason));
            return outcome;
        }
        let why = Problem {
            context: None,
            reason_code: ReasonCode::Internal,
            reason,
            next_step: NextStep::from_static("report it, with a recording (`--record`) if you can"),
        };
        run::abandon(self.release.clone(), &why, self.clock)
    }
}

#[expect(clippy::disallowed_methods, reason = "after a panic there is nothing to return to")]
fn leave(with: ExitCode) -> ! {
    std::process::exit(i32::from(with.code()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fleet::Target,
        gate::{Policy, Restore, Verdict},
        model::{Kind, PodTemplate, TargetRef},
        report,
        text::Clean,
    };

    fn workload() -> TargetRef {
        TargetRef {
            kind: Kind::Deployment.into(),
            namespace: "shop".parse().unwrap(),
            name: "app".parse().unwrap(),
        }
    }

    fn words_at(path: &std::path::Path) -> LastWords {
        let clock = Clock::start();
        let release = Release::from(vec![Target::new(None, workload(), Policy::default())]);
        let placeholder = report::placeholder(&release, clock.started_at());
        let spec = format!("json={}", path.display()).parse().unwrap();
        let files = Arc::new(ReportFiles::prepare(vec![spec], None, &placeholder).unwrap());
        let (redactor, decided) = (Redactor::built_in(), Decided::default());
        LastWords { release, redactor, files, clock, decided }
    }

    #[test]
    fn a_fault_in_a_rollback_takes_away_neither_verdict_nor_evidence() {
        let folder = tempfile::tempdir().unwrap();
        let words = words_at(&folder.path().join("report.json"));
        let mut outcome = report::placeholder(&words.release, words.clock.started_at());
        (outcome.verdict, outcome.exit_code) = (Verdict::Failed, ExitCode::Failed);
        outcome.targets[0].warnings = vec![Clean::from_static("evidence")];
        words.decided.set(&outcome);
        let restore = Restore::sample(PodTemplate::default().digest);
        let known = [Rollback::unknown(restore.clone(), &workload()), Rollback::done(restore)];
        for rollback in known {
            words.decided.know(0, &rollback);
            let outcome = words.outcome("index out of bounds");
            assert_eq!((outcome.verdict, outcome.exit_code), (Verdict::Failed, ExitCode::Failed));
            assert_eq!(outcome.targets[0].warnings.len(), 1);
            assert_eq!(outcome.targets[0].rollback, Some(rollback));
            let note = "the rollback was broken off by an internal error: index out of bounds";
            assert_eq!(outcome.notes.last().map(|note| &**note), Some(note));
        }
    }

    #[tokio::test]
    async fn a_fault_leaves_a_red_report_without_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        let words = words_at(&path);
        let outcome = words.outcome("index out of bounds, password=hunter2");
        assert!(words.files.write(&outcome).is_empty());
        assert_eq!(
            (outcome.verdict, outcome.exit_code),
            (Verdict::Inconclusive, ExitCode::Inconclusive)
        );
        let written = std::fs::read_to_string(path).unwrap();
        assert!(
            written.contains("index out of bounds") && written.contains("\"internal\""),
            "{written}"
        );
        assert!(!written.contains("hunter2"), "{written}");
    }
}
