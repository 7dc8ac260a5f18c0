//! `--on-failure`: what is done after the watch.

use std::{cell::RefCell, io::Write};

use super::plan::Settings;
use crate::{
    cli::{complain, finish::Publisher},
    clock::Clock,
    cluster::Cluster,
    fleet::Target,
    outcome::{Outcome, Rollback},
    recording::{RolledBack, Writer},
    report::{Above, Reporter},
    run::{self, Keeper, Signals},
    text::Clean,
};

/// What a rollback needs of the run that failed.
pub(super) struct After<'a> {
    pub(super) publisher: &'a Publisher,
    pub(super) recording: Option<&'a mut Writer<Box<dyn Write>>>,
    /// Who told of the watch.
    pub(super) reporter: &'a mut dyn Reporter,
    pub(super) clock: Clock,
}

impl Settings {
    /// Carries out what the outcome plans, after the evidence is safe. Returns the reporter of its watch.
    pub(super) async fn roll_back(
        &self,
        clusters: &[Cluster],
        targets: &[Target],
        outcome: &mut Outcome,
        signals: &mut Signals,
        After { publisher, recording, reporter, clock }: After<'_>,
    ) -> Option<Box<dyn Reporter>> {
        let (recording, reporter) = (RefCell::new(recording), RefCell::new(reporter));
        let keeper = Kept {
            settings: self,
            publisher,
            recording,
            reporter,
            above: RefCell::default(),
            clock,
        };
        let redactor = &self.redactor;
        let around = run::Surroundings { keeper: &keeper, redactor, signals };
        run::roll_back(clusters, targets, outcome, around).await
    }
}

/// Everything that outlives this program.
struct Kept<'a> {
    settings: &'a Settings,
    publisher: &'a Publisher,
    recording: RefCell<Option<&'a mut Writer<Box<dyn Write>>>>,
    reporter: RefCell<&'a mut dyn Reporter>,
    /// Where lines go while something is drawn.
    above: RefCell<Option<Above>>,
    clock: Clock,
}

impl Keeper for Kept<'_> {
    fn secure(&self, outcome: &Outcome) -> bool {
        self.settings.decided.set(outcome);
        self.publisher.secure(outcome, *self.reporter.borrow_mut())
    }

    fn know(&self, place: usize, rollback: &Rollback) {
        self.settings.decided.know(place, rollback);
        if let Some(recording) = &mut *self.recording.borrow_mut() {
            let (elapsed, rolled_back) = (self.clock.elapsed(), rollback.clone());
            recording.append_rollback(&RolledBack { elapsed, target: place, rolled_back });
        }
    }

    fn save(&self, outcome: &Outcome) {
        self.publisher.save(outcome.clone());
    }

    fn tell(&self, line: &Clean) {
        match &*self.above.borrow() {
            _ if self.settings.is_quiet => {}
            Some(above) => above(line),
            None => complain(line),
        }
    }

    fn reporter(&self, targets: &[Target]) -> Box<dyn Reporter> {
        let reporter = self.publisher.reporter(targets);
        self.above.replace(reporter.above());
        reporter
    }
}
