//! The closed lists of words in which deploygate decides and reports. They are part of its contract: scripts read them.

mod cause;
mod check;
mod finding;
mod rollback;
mod verdict;

pub use cause::Cause;
pub use check::{Check, CheckResult};
pub use finding::FindingState;
pub use rollback::{OnFailure, Refusal, RollbackWrite};
pub use verdict::{ReasonCode, Verdict};
