//! Text from the cluster is dangerous until it has passed here.
//!
//! [`Untrusted`] holds it and cannot be printed; [`Clean`] may be shown. The way from one to the
//! other makes everything hidden visible or gone, breaks the words that command a CI runner, hides
//! likely secrets and caps the length. Renderers still escape for their own format.

mod cap;
mod chain;
mod choose;
mod clean;
mod cut;
mod excerpt;
mod lines;
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
