//! What deploygate says: each sentence that is made from data, one place and one notation for it.
//!
//! The functions take plain values and return one line. What is true, and what is to be said, is decided elsewhere.

mod account;
pub mod awaiting;
pub mod check;
pub mod common;
mod compared;
pub mod context;
pub mod coverage;
pub mod custom;
pub mod ending;
pub mod event;
mod excuse;
pub mod finding;
pub mod kind;
pub mod kubernetes;
pub mod limits;
pub mod manifest;
mod next_step;
pub mod note;
mod number;
pub mod pod;
pub mod present;
pub mod release;
pub mod rollback;
pub mod rollout;
pub mod selection;
pub mod settings;
mod time;
pub mod undo;
pub mod unjudged;
pub mod unmet;
pub mod unread;
pub mod unready;
pub mod verdict;
pub mod waiting;

pub use account::Account;
pub use compared::{compared, ended_runs};
pub use excuse::{Excuse, excused};
pub use next_step::{NextStep, hint_fields, next_step_fields};
pub use number::{counted, counted_of, first_few, joined};
pub use time::{length, whole_seconds};
