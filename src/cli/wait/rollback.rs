//! `--on-failure`: what is done after the watch.

use super::plan::Settings;
use crate::{
    cli::{complain, finish::Publisher},
    cluster::Cluster,
    fleet::Target,
    outcome::Outcome,
    report::Reporter,
    run::{self, Signals},
    text::{Clean, chain},
};

impl Settings {
    /// Carries out what the outcome plans, after the evidence is safe. Returns the reporter of its watch.
    pub(super) async fn roll_back(
        &self,
        clusters: &[Cluster],
        targets: &[Target],
        outcome: &mut Outcome,
        publisher: &Publisher,
        signals: &mut Signals,
    ) -> Option<Box<dyn Reporter>> {
        let files = publisher.files();
        let save = |outcome: &Outcome| {
            let errors = files.hold(outcome);
            for error in &errors {
                complain(&format!("deploygate: failed to {}", chain(error)));
            }
            errors.is_empty()
        };
        let tell = |line: &Clean| {
            if !self.is_quiet {
                complain(line);
            }
        };
        let around = run::Surroundings {
            save: &save,
            tell: &tell,
            reporter: &|targets| publisher.reporter(targets),
            redactor: &self.redactor,
            signals,
        };
        run::roll_back(clusters, targets, outcome, around).await
    }
}
