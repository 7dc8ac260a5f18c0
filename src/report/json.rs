//! The whole outcome as one JSON document. Its names are a promise: `outcome.schema.json`.

use crate::outcome::Outcome;

/// The JSON Schema (2020-12) that every document fits.
pub const SCHEMA: &str = include_str!("outcome.schema.json");

/// One document, ended by a newline.
pub(super) fn render(outcome: &Outcome) -> Vec<u8> {
    #[expect(
        clippy::expect_used,
        reason = "an outcome has no map with keys other than strings, and a vector takes all bytes"
    )]
    let mut document = serde_json::to_vec_pretty(outcome).expect("an outcome is JSON");
    document.push(b'\n');
    document
}
