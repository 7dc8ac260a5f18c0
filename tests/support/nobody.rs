//! A reporter that nobody reads.

use deploygate::{fleet::Event, model::Elapsed, outcome::Outcome, report::Reporter};

pub(crate) struct Nobody;

impl Reporter for Nobody {
    fn event(&mut self, _: &Event) {}
    fn tick(&mut self, _: Elapsed) {}
    fn finish(&mut self, _: &Outcome) {}
}
