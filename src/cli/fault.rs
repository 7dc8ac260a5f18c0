//! A bug in this program: failing reports, a line on stderr and exit code 3 before the process ends.
//!
//! Release builds abort on a panic, so all of it happens in the panic hook.

use std::{panic::PanicHookInfo, sync::Arc};

use super::complain;
use crate::{
    clean,
    clock::Clock,
    exit::ExitCode,
    fleet::{Problem, Release},
    gate::{NextStep, ReasonCode},
    outcome::Outcome,
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
}

impl LastWords {
    /// Installs the panic hook, which says them at the first panic.
    pub(super) fn install(self) {
        std::panic::set_hook(Box::new(move |info| {
            self.say(info);
            leave();
        }));
    }

    fn say(&self, info: &PanicHookInfo<'_>) {
        let place = info.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
        complain(&format!(
            "deploygate: internal error{}; please report it at {}/issues",
            place.unwrap_or_default(),
            env!("CARGO_PKG_REPOSITORY")
        ));
        let outcome = self.outcome(info.payload_as_str().unwrap_or_default());
        for error in self.files.write(&outcome) {
            complain(&format!("deploygate: failed to {}", chain(&error)));
        }
    }

    /// Inconclusive, whatever was seen by then.
    fn outcome(&self, text: &str) -> Outcome {
        let mut text = Untrusted::from(text);
        text.redact(&self.redactor);
        let why = Problem {
            context: None,
            reason_code: ReasonCode::Internal,
            reason: clean!("internal error: {}", text.to_clean_line(300)),
            next_step: NextStep::from_static("report it, with a recording (`--record`) if you can"),
        };
        run::abandon(self.release.clone(), &why, self.clock)
    }
}

#[expect(clippy::disallowed_methods, reason = "after a panic there is nothing to return to")]
fn leave() -> ! {
    std::process::exit(i32::from(ExitCode::Inconclusive.code()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fleet::Target,
        gate::{Policy, Verdict},
        model::{Kind, TargetRef},
        report,
    };

    #[tokio::test]
    async fn a_fault_leaves_a_red_report_without_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        let workload = TargetRef {
            kind: Kind::Deployment.into(),
            namespace: "shop".parse().unwrap(),
            name: "app".parse().unwrap(),
        };
        let clock = Clock::start();
        let targets = vec![Target::new(None, workload, Policy::default())];
        let release = Release::from(targets);
        let placeholder = report::placeholder(&release, clock.started_at());
        let spec = format!("json={}", path.display()).parse().unwrap();
        let files = Arc::new(ReportFiles::prepare(vec![spec], None, &placeholder).unwrap());
        let redactor = Redactor::built_in();
        let words = LastWords { release, redactor, files, clock };
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
