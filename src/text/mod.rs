//! Text from the cluster, which is dangerous until it has passed here.
//!
//! [`Untrusted`] holds such text and cannot be printed; [`Clean`] may be shown. Between the two, invisible characters become
//! visible or go, commands to CI runners are broken, likely secrets are hidden, and the length is limited. Renderers still
//! escape for their own format.

mod cap;
mod chain;
mod choose;
mod clean;
mod cut;
mod excerpt;
mod lines;
mod nearest;
mod neutralize;
mod piece;
mod rank;
mod redact;
mod sieve;
mod telling;
mod untrusted;
mod words;

pub use chain::chain;
pub use clean::{Clean, Shown, literal_without_captures, shown};
pub use cut::Cut;
pub use excerpt::{Excerpt, ExcerptRow, Kept};
pub use nearest::{did_you_mean, is_slip, nearest};
pub use neutralize::neutralize;
pub use piece::Room;
pub use rank::{around, has_hint};
pub use redact::{RedactPatternError, Redactor, names_a_secret};
pub use sieve::ExcerptBuilder;
pub use telling::{
    Weight, adds_nothing, final_error, said, shutdown, telling_line, until_shutdown, weigh,
};
pub use untrusted::Untrusted;
pub(crate) use words::words;
