//! What a report says and in which order.
//!
//! Order, limits, and what was said already are decided here and nowhere else; writers leave out what does not fit.

mod answers;
mod basis;
mod changes;
mod finding;
mod log;
mod naming;
mod overview;
mod target;
mod told;

pub(super) use answers::{MANIFEST, in_short, source};
pub(super) use log::log_to_read;
pub(super) use naming::role;
pub(super) use overview::{page, run, total, worst_first};
pub(super) use target::{case, evidence};

/// How many of a list are not shown, in words; nothing where all are.
fn more(all: usize, shown: usize) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        more => format!("and {more} more"),
    }
}
