//! What a rollout waits for, and what to do when it did not complete.

use std::time::Duration;

use super::{NextStep, length};
use crate::clean;

/// A step after the deadline, where more time may help too.
pub fn more_time(step: Option<NextStep>, timeout: Duration) -> NextStep {
    let longer = clean!("raise `--timeout` above {}", length(timeout));
    match step {
        None => NextStep::new(clean!("to allow more time, {}", longer)),
        Some(NextStep { what, command }) => {
            let what = clean!("{}. To allow more time, {}", what, longer);
            NextStep { what, command }
        }
    }
}
