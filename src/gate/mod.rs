//! The decision core: observations and time go in, facts, requests and a verdict come out.
//!
//! No clock, no I/O, no async, no Kubernetes client: a live run and a replay drive the same code.

mod cause;
mod finding;
mod output;
mod policy;
mod verdict;

pub use cause::{Attribution, Cause};
pub use finding::{Finding, FindingState};
pub use output::{FindingLine, GateEvent, Output, Progress};
pub use policy::{Grace, MinReady, Policy, Seconds};
pub use verdict::{Check, CheckResult, ReasonCode, Verdict};
