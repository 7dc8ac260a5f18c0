//! A probable cause with the limits that the container has.

use std::time::Duration;

use super::length;
use crate::{clean, text::Clean};

/// What to do where the startup probe is too short.
pub const RAISE_STARTUP: &str = "give it longer to start: raise the startup probe's `failureThreshold`. If it listens on another port, correct the probe's `port`";

/// What to do where no startup probe holds the liveness probe back.
pub const ADD_STARTUP: &str = "give it longer to start: add a `startupProbe`, or raise `initialDelaySeconds`. If it listens on another port, correct the probe's `port`";

/// The kernel killed it at its own limit.
pub fn memory_limit_reached(limit: &Clean) -> Clean {
    clean!("the container reached its memory limit of {}, and the kernel killed it", limit)
}

/// A cause that has to do with memory.
pub fn with_memory_limit(cause: &Clean, limit: &Clean) -> Clean {
    clean!("{} (its memory limit is {})", cause, limit)
}

/// A probe that it did not pass in time.
pub fn startup_gives(cause: &Clean, time: Duration) -> Clean {
    clean!("{}; the startup probe gives it {} to start", cause, length(time))
}

/// A liveness probe that kills it before it has started.
pub fn liveness_kills(cause: &Clean, time: Duration) -> Clean {
    clean!("{}; the liveness probe kills it {} after its start", cause, length(time))
}
