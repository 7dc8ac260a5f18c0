//! What people and CI servers get to see of a run: reports of the outcome, and lines while it lasts.
//!
//! Renderers are functions of the outcome; they hold the words and the escaping, never a judgement. Text of the
//! cluster comes as `Clean`; each format still escapes for its own readers. Only `write` touches files.
//!
//! | question | where |
//! |---|---|
//! | what a report says, in which order, and what was said already | `document` |
//! | what it is made of | `block` |
//! | how blocks look in a format | `markdown`, `html`, `text` (bodies of JUnit and CI logs), `ending` (the end of a run) |
//! | where a format is added | a variant in `format.rs`; the compiler asks for its renderer in [`render`] |
//! | lines while a run lasts | `live`, written by `plain` and `terminal` |

mod block;
mod code_quality;
mod document;
mod ending;
mod error;
mod format;
pub mod github;
mod html;
mod json;
mod junit;
mod live;
mod markdown;
mod names;
mod open_file;
mod paint;
mod place;
mod placeholder;
mod plain;
mod sheet;
mod terminal;
mod text;
mod words;
mod write;

pub use anstream::ColorChoice;
pub use error::ReportError;
pub use format::{Format, ReportSpec, SpecError};
pub use json::SCHEMA;
pub use live::{Above, Loudness, Reporter};
pub use placeholder::placeholder;
pub use plain::Plain;
pub use terminal::Terminal;
pub use write::ReportFiles;

use crate::outcome::Outcome;

/// The report as the bytes of its file.
pub fn render(format: Format, outcome: &Outcome) -> Vec<u8> {
    match format {
        Format::Junit => junit::render(outcome),
        Format::Markdown => markdown::render(outcome, markdown::BUDGET).into_bytes(),
        Format::Html => html::render(outcome, html::BUDGET).into_bytes(),
        Format::Json => json::render(outcome),
        Format::CodeQuality => code_quality::render(outcome),
    }
}
