//! What readings and events say of the pods of the revision, and what is remembered of them.
//!
//! | question | file |
//! |---|---|
//! | what is remembered of pods, also of those that are gone | `ledger/` |
//! | what is wrong with a pod in one reading | `reading.rs`; by its events `stuck.rs`; what either makes of it: `symptom.rs` |
//! | what a pod waits for that shows no error | `unready/` |
//! | why a run ended, and whether it counts | `termination/`, `fate.rs`, `sight.rs`, `runs/`, `restarts.rs` |
//! | are pods replaced again and again | `churn.rs` |

pub(super) mod churn;
pub(super) mod fate;
pub(super) mod ledger;
pub(super) mod reading;
pub(super) mod restarts;
pub(super) mod runs;
pub(super) mod sight;
pub(super) mod stuck;
pub(super) mod symptom;
pub(super) mod termination;
pub(super) mod unready;
